"""What subscriptions were told of late, and by which messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tbtwatch.storage.alerts import SECOND_THOUGHTS, StoredAlert, stored_alert
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A message that tells an alert, or was to."""

    alert: int
    channel: str
    target: str
    state: str
    at: datetime  #: when it was sent or given up; of one that waits, when it was written


class Told:
    """What was told, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self, subscriptions: Sequence[int], *, since: datetime) -> dict[int, int]:
        """How many pieces of news each of these had since then, without what was taken back."""
        found: dict[int, int] = {}
        for start in range(0, len(subscriptions), _AT_ONCE):
            rows = self._session.exec(
                select(AlertRow.subscription_id, func.count())
                .where(
                    col(AlertRow.subscription_id).in_(subscriptions[start : start + _AT_ONCE]),
                    col(AlertRow.created_at) >= since,
                    col(AlertRow.withdrawn_at).is_(None),
                )
                .group_by(col(AlertRow.subscription_id))
            )
            found.update((id_, number) for id_, number in rows)
        return found

    def newest(self, subscription: int, *, limit: int) -> list[StoredAlert]:
        """The news that a subscription was owed last, newest first, also what was taken back."""
        rows = self._session.exec(
            select(AlertRow)
            .where(AlertRow.subscription_id == subscription)
            .order_by(col(AlertRow.id).desc())
            .limit(limit)
        )
        return [stored_alert(row) for row in rows]

    def carried(self, alerts: Sequence[int]) -> dict[int, list[Carried]]:
        """The messages that tell these alerts, by alert, oldest first."""
        found: dict[int, list[Carried]] = {}
        for start in range(0, len(alerts), _AT_ONCE):
            rows = self._session.exec(
                select(DeliveryRow, DeliveryAlertRow.alert_id)
                .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .where(
                    col(DeliveryAlertRow.alert_id).in_(alerts[start : start + _AT_ONCE]),
                    col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
                )
                .order_by(col(DeliveryRow.id))
            )
            for row, alert in rows:
                found.setdefault(alert, []).append(
                    Carried(
                        alert=alert,
                        channel=row.channel,
                        target=row.target,
                        state=row.state,
                        at=row.ended_at or row.created_at,
                    )
                )
        return found
