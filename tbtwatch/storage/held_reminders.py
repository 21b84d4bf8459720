"""Reminders that wait because their reader is not to be written to just now, and reminders asked for one measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.criteria import Address
from subscriptions.reminders import Planned, Settled
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import (
    DeliveryRow,
    MeasureRow,
    ReminderDeliveryRow,
    ReminderRequestRow,
    ReminderRow,
    SubscriptionRow,
)

_TELLING = (State.PENDING.value, State.SENDING.value, State.SENT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReminder:
    """A reminder that waits."""

    id: int
    subscription_id: int
    measure_id: int
    deadline: date
    plan: Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRequest:
    """How many days before the act-by date of one measure a subscription is reminded, and since when it asks so."""

    distances: tuple[int, ...]
    since: datetime
    enterprise_id: int


class HeldReminders:
    """Reminders that wait, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, measure_id: int | None = None) -> list[HeldReminder]:
        """Those of a measure, or all."""
        asked = select(ReminderRow).where(ReminderRow.state == Settled.HELD.value).order_by(col(ReminderRow.id))
        if measure_id is not None:
            asked = asked.where(ReminderRow.measure_id == measure_id)
        return [
            HeldReminder(
                id=row.id or 0,
                subscription_id=row.subscription_id,
                measure_id=row.measure_id,
                deadline=row.deadline,
                plan=Planned(distance=row.distance, at=row.planned_at),
            )
            for row in self._session.exec(asked.execution_options(populate_existing=True))
        ]

    def settle(self, ids: Sequence[int], state: Settled, *, now: datetime) -> None:
        """How these have ended; or that they wait again."""
        self._session.exec(
            update(ReminderRow)
            .where(col(ReminderRow.id).in_(ids))
            .values(state=state.value, settled_at=now)
            .execution_options(synchronize_session=False)
        )

    def told_at(self, address: Address, measure_id: int, deadline: date, distance: int) -> bool:
        """Whether this address was told, or is to be, of this deadline at this distance."""
        found = self._session.exec(
            select(ReminderRow.id)
            .join(ReminderDeliveryRow, col(ReminderDeliveryRow.reminder_id) == col(ReminderRow.id))
            .join(DeliveryRow, col(DeliveryRow.id) == col(ReminderDeliveryRow.delivery_id))
            .where(
                ReminderRow.measure_id == measure_id,
                ReminderRow.deadline == deadline,
                ReminderRow.distance == distance,
                DeliveryRow.channel == address.channel,
                DeliveryRow.target == address.target,
                col(DeliveryRow.state).in_(_TELLING),
            )
        ).first()
        return found is not None

    def over_in(self, subscription: int, measure: int | None, *, since: datetime, until: datetime, today: date) -> int:
        """Of how many measures comments ended although a reminder was planned for that time and not told."""
        asked = select(func.count(func.distinct(col(ReminderRow.measure_id)))).where(
            ReminderRow.subscription_id == subscription,
            col(ReminderRow.state).in_((Settled.HELD.value, Settled.MISSED.value)),
            ReminderRow.planned_at >= since,
            ReminderRow.planned_at <= until,
            ReminderRow.deadline < today,
        )
        if measure is not None:
            asked = asked.where(ReminderRow.measure_id == measure)
        return self._session.exec(asked).one()


class ReminderRequests:
    """Reminders asked for one measure, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, subscription: int, measure: int, distances: Sequence[int], *, by: str, now: datetime) -> bool:
        """Remind this subscription of this measure; False if it had asked for it before."""
        made = insert_if_new(
            self._session,
            ReminderRequestRow,
            {
                "subscription_id": subscription,
                "measure_id": measure,
                "distances": list(distances),
                "since": now,
                "asked_by": by,
            },
            unique=("subscription_id", "measure_id"),
            returning=col(ReminderRequestRow.measure_id),
        )
        return made is not None

    def of(self, measure: int) -> dict[int, ReminderRequest]:
        """Who asked to be reminded of a measure, by subscription; only live ones."""
        return {
            row.subscription_id: ReminderRequest(
                distances=tuple(row.distances), since=row.since, enterprise_id=enterprise
            )
            for row, enterprise in self._session.exec(
                select(ReminderRequestRow, SubscriptionRow.enterprise_id)
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(ReminderRequestRow.subscription_id))
                .where(ReminderRequestRow.measure_id == measure, col(SubscriptionRow.ended_at).is_(None))
            )
        }

    def wished_since(self, today: date) -> dict[int, dict[int, datetime]]:
        """For each measure that may still be commented on, each distance, and since when the first asks for it."""
        found: dict[int, dict[int, datetime]] = {}
        for row in self._session.exec(
            select(ReminderRequestRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(ReminderRequestRow.subscription_id))
            .join(MeasureRow, col(MeasureRow.id) == col(ReminderRequestRow.measure_id))
            .where(
                col(SubscriptionRow.ended_at).is_(None),
                or_(col(MeasureRow.comment_deadline).is_(None), col(MeasureRow.comment_deadline) >= today),
            )
        ):
            since = found.setdefault(row.measure_id, {})
            for distance in row.distances:
                since[distance] = min(since.get(distance, row.since), row.since)
        return found

    def merge(self, keep: int, others: Sequence[int]) -> None:
        """These measures have turned out to be one: who asked for one of them asks for the one."""
        own = set(self.of(keep))
        for row in self._session.exec(
            select(ReminderRequestRow).where(col(ReminderRequestRow.measure_id).in_(others))
        ).all():
            if row.subscription_id not in own:
                own.add(row.subscription_id)
                self._session.add(
                    ReminderRequestRow(
                        subscription_id=row.subscription_id,
                        measure_id=keep,
                        distances=row.distances,
                        since=row.since,
                        asked_by=row.asked_by,
                    )
                )
            self._session.delete(row)
        self._session.flush()
