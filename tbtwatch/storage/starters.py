"""Starters that new subscriptions are owed, and what versions of subscriptions were expected to bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.criteria import Address, Frequency
from tbtwatch.storage.alerts import SECOND_THOUGHTS
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow, ForecastRow, StarterRow

WRITTEN = "written"
#: The label of an alert that a starter tells: it was news before its reader subscribed.
STARTER = "starter"
_AT_ONCE = 500
_TELLING = ("sent", "pending", "sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStarter:
    """A starter of one address."""

    subscription: int
    address: Address
    owed_at: datetime
    settled_at: datetime | None
    outcome: str
    told: int
    more: int
    before: int
    delivery: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredForecast:
    """What a version of a subscription was expected to bring."""

    subscription: int
    version: int
    made_at: datetime
    value: Any
    anyway: str  #: why it was saved although it is more than anybody reads
    by: str


class Starters:
    """Starters and forecasts inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def owe(self, subscription: int, addresses: Iterable[Address], *, now: datetime) -> int:
        """Owe each of these addresses a starter, unless it ever was owed that of this subscription; how many."""
        owed = 0
        for address in addresses:
            values = {
                "subscription_id": subscription,
                "channel": address.channel,
                "target": address.target,
                "owed_at": now,
                "outcome": "",
                "told": 0,
                "more": 0,
                "before": 0,
            }
            unique = ("subscription_id", "channel", "target")
            made = insert_if_new(
                self._session, StarterRow, values, unique=unique, returning=col(StarterRow.subscription_id)
            )
            owed += made is not None
        return owed

    def owed(self, subscription: int | None = None) -> dict[int, list[Address]]:
        """The addresses whose starters are owed and not written, by subscription."""
        asked = select(StarterRow).where(col(StarterRow.settled_at).is_(None))
        if subscription is not None:
            asked = asked.where(StarterRow.subscription_id == subscription)
        found: dict[int, list[Address]] = {}
        for row in self._session.exec(asked.order_by(col(StarterRow.subscription_id), col(StarterRow.channel))):
            found.setdefault(row.subscription_id, []).append(Address(channel=row.channel, target=row.target))
        return found

    def settle(
        self,
        subscription: int,
        address: Address,
        outcome: str,
        *,
        now: datetime,
        delivery: int | None = None,
        told: int = 0,
        more: int = 0,
        before: int = 0,
    ) -> None:
        """It was written, or is not to be; what was settled before stays as it was."""
        values = {
            "settled_at": now,
            "outcome": outcome,
            "delivery_id": delivery,
            "told": told,
            "more": more,
            "before": before,
        }
        self._session.exec(
            update(StarterRow)
            .where(
                col(StarterRow.subscription_id) == subscription,
                col(StarterRow.channel) == address.channel,
                col(StarterRow.target) == address.target,
                col(StarterRow.settled_at).is_(None),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    def message(self, subscription: int, address: Address) -> int | None:
        """The message that is the starter of this address."""
        row = self._session.get(StarterRow, (subscription, address.channel, address.target), populate_existing=True)
        return row.delivery_id if row is not None else None

    def not_taken(self, subscription: int) -> set[Address]:
        """The addresses that are owed their starter still: it is not written, or nobody took it."""
        rows = self._session.exec(
            select(StarterRow.channel, StarterRow.target)
            .outerjoin(DeliveryRow, col(DeliveryRow.id) == col(StarterRow.delivery_id))
            .where(
                StarterRow.subscription_id == subscription,
                or_(
                    col(StarterRow.settled_at).is_(None),
                    and_(col(StarterRow.delivery_id).is_not(None), col(DeliveryRow.state) != State.SENT.value),
                ),
            )
        )
        return {Address(channel=channel, target=target) for channel, target in rows}

    def of_subscription(self, subscription: int) -> list[StoredStarter]:
        """The starters of a subscription, by address."""
        rows = self._session.exec(
            select(StarterRow)
            .where(StarterRow.subscription_id == subscription)
            .order_by(col(StarterRow.channel), col(StarterRow.target))
            .execution_options(populate_existing=True)
        )
        return [
            StoredStarter(
                subscription=row.subscription_id,
                address=Address(channel=row.channel, target=row.target),
                owed_at=row.owed_at,
                settled_at=row.settled_at,
                outcome=row.outcome,
                told=row.told,
                more=row.more,
                before=row.before,
                delivery=row.delivery_id,
            )
            for row in rows
        ]

    def heard(self, address: Address, measures: Sequence[int]) -> set[int]:
        """Those of these measures that a message to this address tells, or told."""
        found: set[int] = set()
        for start in range(0, len(measures), _AT_ONCE):
            rows = self._session.exec(
                select(AlertRow.measure_id)
                .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
                .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
                .where(
                    DeliveryRow.channel == address.channel,
                    DeliveryRow.target == address.target,
                    col(AlertRow.measure_id).in_(measures[start : start + _AT_ONCE]),
                    col(DeliveryRow.state).in_(_TELLING),
                    col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
                )
                .distinct()
            )
            found.update(rows)
        return found

    def waiting_for_digest(self, subscription: int) -> set[int]:
        """The measures of which a digest to come will tell this subscription."""
        rows = self._session.exec(
            select(AlertRow.measure_id).where(
                AlertRow.subscription_id == subscription,
                AlertRow.frequency != Frequency.IMMEDIATE.value,
                col(AlertRow.digest_run_id).is_(None),
                col(AlertRow.withdrawn_at).is_(None),
            )
        )
        return set(rows)

    # --- forecasts

    def foresee(self, subscription: int, version: int, value: Any, *, anyway: str, by: str, now: datetime) -> None:
        """Keep what this version is expected to bring, and why it is saved beyond the limit."""
        values = {
            "subscription_id": subscription,
            "version": version,
            "made_at": now,
            "value": value,
            "anyway": anyway,
            "by": by,
        }
        unique = ("subscription_id", "version")
        insert_if_new(self._session, ForecastRow, values, unique=unique, returning=col(ForecastRow.subscription_id))

    def forecasts(self, subscription: int) -> list[StoredForecast]:
        """What the versions of a subscription were expected to bring, the newest first."""
        rows = self._session.exec(
            select(ForecastRow)
            .where(ForecastRow.subscription_id == subscription)
            .order_by(col(ForecastRow.version).desc())
        )
        return [
            StoredForecast(
                subscription=row.subscription_id,
                version=row.version,
                made_at=row.made_at,
                value=row.value,
                anyway=row.anyway,
                by=row.by,
            )
            for row in rows
        ]


def starter_messages(subscriptions: Sequence[int]) -> Any:
    """The messages that are starters of these subscriptions; one that names no measure tells no alert."""
    return select(col(StarterRow.delivery_id)).where(
        col(StarterRow.subscription_id).in_(subscriptions), col(StarterRow.delivery_id).is_not(None)
    )
