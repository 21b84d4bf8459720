"""What many addresses have heard already, asked for all of them at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from subscriptions.criteria import Address
from tbtwatch.storage.alerts import SECOND_THOUGHTS, TELLING
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow, FactChangeRow

SEVERAL = 400


class Heard:
    """Inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def changes(self, addresses: Collection[Address], changes: Collection[int]) -> dict[Address, set[int]]:
        """As `Alerts.changes_told` for each of these addresses; one that was told none of the changes is left out."""
        found: dict[Address, set[int]] = {}
        wanted = sorted(changes)
        for start in range(0, len(wanted), SEVERAL):
            asked = (
                select(DeliveryRow.channel, DeliveryRow.target, DeliveryRow.state, AlertRow.fact_change_id)
                .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .where(
                    col(AlertRow.fact_change_id).in_(wanted[start : start + SEVERAL]),
                    col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
                )
            )
            for channel, target, state, change in self._session.exec(asked):
                # Not asked for: SQLite would go through all that was ever sent to find what few alerts tell.
                if state in TELLING and (address := Address(channel=channel, target=target)) in addresses:
                    found.setdefault(address, set()).add(change)
        return found

    def of_measures(
        self, addresses: Collection[Address], measures: Collection[int]
    ) -> dict[tuple[Address, int], list[tuple[datetime, str]]]:
        """As `Alerts.told_to` for each of these addresses and measures."""
        found: dict[tuple[Address, int], list[tuple[datetime, str]]] = {}
        wanted = sorted(measures)
        for start in range(0, len(wanted), SEVERAL):
            asked = (
                look_up(
                    col(AlertRow.measure_id),
                    col(DeliveryRow.channel),
                    col(DeliveryRow.target),
                    col(DeliveryRow.state),
                    col(DeliveryRow.created_at),
                    col(FactChangeRow.kind),
                )
                .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
                .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
                .join(FactChangeRow, col(FactChangeRow.id) == col(AlertRow.fact_change_id))
                .where(
                    col(AlertRow.measure_id).in_(wanted[start : start + SEVERAL]),
                    col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
                )
                .order_by(col(DeliveryRow.created_at), col(FactChangeRow.kind))
            )
            for measure, channel, target, state, when, kind in self._session.connection().execute(asked):
                if state in TELLING and (address := Address(channel=channel, target=target)) in addresses:
                    found.setdefault((address, measure), []).append((when, kind))
        return found
