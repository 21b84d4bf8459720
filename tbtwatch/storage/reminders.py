"""Reminders: who wants them, which were told, and what is dealt with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Text, bindparam, cast, func, text, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.reminders import Planned, Settled
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import (
    DeliveryRow,
    EnterpriseRow,
    HandledRow,
    MeasureThreadRow,
    ReminderDeliveryRow,
    ReminderRoundRow,
    ReminderRow,
    ReminderWishRow,
    Row,
    SubscriptionRow,
)
from watcher.measure import MeasureStatus
from watcher.names import MARK

_AT_ONCE = 500  # values in one statement
_MEASURE, _FACET = (Row.metadata.tables[name] for name in ("measure", "measure_facet"))

#: Reminders that wait although something is not as it was when they were written.
_DOUBTFUL = text("""
    SELECT DISTINCT reminder.measure_id
    FROM delivery
    JOIN reminder_delivery ON reminder_delivery.delivery_id = delivery.id
    JOIN reminder ON reminder.id = reminder_delivery.reminder_id
    JOIN measure ON measure.id = reminder.measure_id
    JOIN subscription ON subscription.id = reminder.subscription_id
    WHERE delivery.state = 'pending' AND delivery.kind = 'reminder'
      AND (CAST(:measure_id AS BIGINT) IS NULL OR reminder.measure_id = :measure_id)
      AND (measure.comment_deadline IS NULL OR measure.comment_deadline <> reminder.deadline
        OR measure.status <> :draft OR reminder.deadline < :today OR subscription.ended_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM handled WHERE handled.measure_id = reminder.measure_id
            AND handled.enterprise_id = subscription.enterprise_id AND handled.ended_at IS NULL)
        OR EXISTS (SELECT 1 FROM pause WHERE pause.subscription_id = subscription.id AND pause.released_at IS NULL
            AND (pause.measure_id IS NULL OR pause.measure_id = reminder.measure_id))
        OR NOT EXISTS (SELECT 1 FROM reminder_wish WHERE reminder_wish.subscription_id = subscription.id
            AND reminder_wish.ended_at IS NULL AND reminder_wish.since <= delivery.created_at)
          AND NOT EXISTS (SELECT 1 FROM reminder_request WHERE reminder_request.subscription_id = subscription.id
            AND reminder_request.measure_id = reminder.measure_id)
        OR NOT EXISTS (SELECT 1 FROM subscription_address AS told WHERE told.subscription_id = subscription.id
            AND told.channel = delivery.channel AND told.target = delivery.target))
""").bindparams(bindparam("today", type_=Date))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many days before an act-by date a live subscription is reminded."""

    subscription_id: int
    enterprise_id: int
    distances: tuple[int, ...]
    since: datetime
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The comment deadline of a measure, as it is looked for."""

    measure_id: int
    day: date
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReminder:
    """A reminder that ended."""

    id: int
    subscription_id: int
    measure_id: int
    symbol: str
    deadline: date
    distance: int
    planned_at: datetime
    state: Settled
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reminder in a message that waits."""

    delivery_id: int
    reminder_id: int
    channel: str
    target: str
    subscription_id: int
    measure_id: int
    deadline: date
    plan: Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """An enterprise's word that it has dealt with a measure."""

    id: int
    enterprise_id: int
    enterprise: str
    measure_id: int
    at: datetime
    by: str
    why: str


class Reminders:
    """Reminders inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- who wants them

    def wish(self, subscription_id: int, distances: Sequence[int], *, by: str, why: str, now: datetime) -> None:
        """From now on this subscription is reminded at these distances; at none, with an empty list."""
        self._session.exec(
            update(ReminderWishRow)
            .where(col(ReminderWishRow.subscription_id) == subscription_id, col(ReminderWishRow.ended_at).is_(None))
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
        self._session.add(
            ReminderWishRow(
                subscription_id=subscription_id, distances=list(distances), since=now, wished_by=by, why=why
            )
        )
        self._session.flush()

    def wishes(self, subscriptions: Sequence[int] | None = None) -> dict[int, Wish]:
        """What live subscriptions wish, all of them or these; those that wish for none are left out."""
        asked = (
            select(ReminderWishRow, SubscriptionRow.enterprise_id)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(ReminderWishRow.subscription_id))
            .where(col(ReminderWishRow.ended_at).is_(None), col(SubscriptionRow.ended_at).is_(None))
        )
        if subscriptions is None:
            rows = list(self._session.exec(asked))
        else:
            rows = [
                row
                for start in range(0, len(subscriptions), _AT_ONCE)
                for row in self._session.exec(
                    asked.where(col(ReminderWishRow.subscription_id).in_(subscriptions[start : start + _AT_ONCE]))
                )
            ]
        return {
            row.subscription_id: Wish(
                subscription_id=row.subscription_id,
                enterprise_id=enterprise_id,
                distances=tuple(row.distances),
                since=row.since,
                by=row.wished_by,
                why=row.why,
            )
            for row, enterprise_id in rows
            if row.distances
        }

    def wished_since(self) -> dict[int, datetime]:
        """Each distance that any live subscription wishes, and since when the first of them does."""
        words = cast(col(ReminderWishRow.distances), Text)
        rows = self._session.connection().execute(
            look_up(words, func.min(col(ReminderWishRow.since)))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(ReminderWishRow.subscription_id))
            .where(col(ReminderWishRow.ended_at).is_(None), col(SubscriptionRow.ended_at).is_(None))
            .group_by(words)
        )
        since: dict[int, datetime] = {}
        for distances, first in rows:
            for distance in json.loads(distances):
                since[distance] = min(since.get(distance, first), first)
        return since

    # --- rounds

    def deadlines(self, first: date, last: date) -> list[Deadline]:
        """The measures whose comment deadline lies between these days, both included; not the withdrawn ones."""
        rows = self._session.connection().execute(
            look_up(_MEASURE.c.id, _MEASURE.c.comment_deadline, _FACET.c.value)
            .outerjoin_from(_MEASURE, _FACET, (_FACET.c.measure_id == _MEASURE.c.id) & (_FACET.c.kind == "member"))
            .where(
                _MEASURE.c.comment_deadline.between(first, last),
                _MEASURE.c.merged_into.is_(None),
                _MEASURE.c.status != MeasureStatus.WITHDRAWN.value,
            )
        )
        members: dict[tuple[int, date], list[str]] = {}
        for id_, day, member in rows:
            members.setdefault((id_, day), []).extend([member] if member else [])
        return [
            Deadline(measure_id=id_, day=day, members=tuple(sorted(of))) for (id_, day), of in sorted(members.items())
        ]

    def rounds(self, first: date, last: date) -> set[tuple[int, date, int]]:
        """The rounds that were made of deadlines between these days: measure, deadline, distance."""
        rows = self._session.exec(
            select(ReminderRoundRow).where(
                col(ReminderRoundRow.deadline) >= first, col(ReminderRoundRow.deadline) <= last
            )
        )
        return {(row.measure_id, row.deadline, row.distance) for row in rows}

    def made_round(self, measure_id: int, deadline: date, distance: int, *, now: datetime) -> bool:
        """Write a round down; False if it was made before."""
        values = {"measure_id": measure_id, "deadline": deadline, "distance": distance, "ran_at": now}
        made = insert_if_new(
            self._session,
            ReminderRoundRow,
            values,
            unique=("measure_id", "deadline", "distance"),
            returning=col(ReminderRoundRow.distance),
        )
        return made is not None

    # --- reminders

    def settle(
        self, subscription_id: int, measure_id: int, deadline: date, plan: Planned, state: Settled, *, now: datetime
    ) -> int | None:
        """Write down how a reminder ended; None if it had ended before."""
        values = {
            "subscription_id": subscription_id,
            "measure_id": measure_id,
            "deadline": deadline,
            "distance": plan.distance,
            "planned_at": plan.at,
            "state": state.value,
            "settled_at": now,
        }
        id_: int | None = insert_if_new(
            self._session,
            ReminderRow,
            values,
            unique=("subscription_id", "measure_id", "deadline", "distance"),
            returning=col(ReminderRow.id),
        )
        return id_

    def told_by(self, delivery_id: int, reminders: Iterable[int]) -> None:
        """These reminders are told by this message."""
        self._session.add_all(
            ReminderDeliveryRow(delivery_id=delivery_id, reminder_id=one) for one in sorted(set(reminders))
        )
        self._session.flush()

    def settled(self, measure_id: int, deadline: date) -> dict[int, set[int]]:
        """The distances at which reminders of this deadline have ended, by subscription."""
        ended: dict[int, set[int]] = {}
        for subscription_id, distance in self._session.exec(
            select(ReminderRow.subscription_id, ReminderRow.distance).where(
                ReminderRow.measure_id == measure_id, ReminderRow.deadline == deadline
            )
        ):
            ended.setdefault(subscription_id, set()).add(distance)
        return ended

    def of_subscription(self, subscription_id: int, *, limit: int = 50) -> list[StoredReminder]:
        """The reminders of a subscription that ended, newest first."""
        rows = self._session.exec(
            select(ReminderRow)
            .where(ReminderRow.subscription_id == subscription_id)
            .order_by(col(ReminderRow.id).desc())
            .limit(limit)
        ).all()
        symbols: dict[int, str] = {}
        for measure_id, symbol in self._session.exec(
            select(MeasureThreadRow.measure_id, MeasureThreadRow.symbol)
            .where(
                col(MeasureThreadRow.measure_id).in_({row.measure_id for row in rows}),
                col(MeasureThreadRow.symbol).not_like(f"{MARK}%"),
            )
            .order_by(MeasureThreadRow.symbol)
        ):
            symbols.setdefault(measure_id, symbol)
        return [
            StoredReminder(
                id=row.id or 0,
                subscription_id=row.subscription_id,
                measure_id=row.measure_id,
                symbol=symbols.get(row.measure_id, ""),
                deadline=row.deadline,
                distance=row.distance,
                planned_at=row.planned_at,
                state=Settled(row.state),
                settled_at=row.settled_at,
            )
            for row in rows
        ]

    def waiting(self, measure_id: int | None = None) -> list[Waiting]:
        """The reminders in messages that wait, all of them or those of a measure."""
        asked = (
            select(DeliveryRow, ReminderRow)
            .join(ReminderDeliveryRow, col(ReminderDeliveryRow.delivery_id) == col(DeliveryRow.id))
            .join(ReminderRow, col(ReminderRow.id) == col(ReminderDeliveryRow.reminder_id))
            .where(DeliveryRow.state == State.PENDING.value, DeliveryRow.kind == "reminder")
            .order_by(col(DeliveryRow.id), col(ReminderRow.id))
            .execution_options(populate_existing=True)
        )
        if measure_id is not None:
            asked = asked.where(ReminderRow.measure_id == measure_id)
        return [
            Waiting(
                delivery_id=delivery.id or 0,
                reminder_id=row.id or 0,
                channel=delivery.channel,
                target=delivery.target,
                subscription_id=row.subscription_id,
                measure_id=row.measure_id,
                deadline=row.deadline,
                plan=Planned(distance=row.distance, at=row.planned_at),
            )
            for delivery, row in self._session.exec(asked)
        ]

    def doubtful(self, today: date, measure_id: int | None = None) -> list[int]:
        """The measures of which a reminder waits that may not be true any more. Cheap, however many wait."""
        rows = self._session.connection().execute(
            _DOUBTFUL, {"today": today, "measure_id": measure_id, "draft": MeasureStatus.DRAFT.value}
        )
        return sorted({measure for (measure,) in rows})

    # --- what is dealt with

    def handle(self, enterprise_id: int, measure_id: int, *, by: str, why: str, now: datetime) -> bool:
        """An enterprise has dealt with a measure; False if it had said so before."""
        values = {
            "enterprise_id": enterprise_id,
            "measure_id": measure_id,
            "handled_at": now,
            "handled_by": by,
            "why": why,
            "ended_by": "",
            "end_reason": "",
        }
        made = insert_if_new(
            self._session,
            HandledRow,
            values,
            unique=("enterprise_id", "measure_id"),
            where=text("ended_at IS NULL"),
            returning=col(HandledRow.id),
        )
        return made is not None

    def take_back(self, enterprise_id: int, measure_id: int, *, by: str, why: str, now: datetime) -> bool:
        """It has not dealt with it after all; False if it had not said so."""
        done = self._session.exec(
            update(HandledRow)
            .where(
                col(HandledRow.enterprise_id) == enterprise_id,
                col(HandledRow.measure_id) == measure_id,
                col(HandledRow.ended_at).is_(None),
            )
            .values(ended_at=now, ended_by=by, end_reason=why)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)

    def handled(self, measure_id: int | None = None, *, enterprise_id: int | None = None) -> list[Handled]:
        """What is dealt with, newest first: of a measure, of an enterprise, or all."""
        asked = (
            select(HandledRow, EnterpriseRow.name)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(HandledRow.enterprise_id))
            .where(col(HandledRow.ended_at).is_(None))
            .order_by(col(HandledRow.id).desc())
        )
        if measure_id is not None:
            asked = asked.where(HandledRow.measure_id == measure_id)
        if enterprise_id is not None:
            asked = asked.where(HandledRow.enterprise_id == enterprise_id)
        return [
            Handled(
                id=row.id or 0,
                enterprise_id=row.enterprise_id,
                enterprise=name,
                measure_id=row.measure_id,
                at=row.handled_at,
                by=row.handled_by,
                why=row.why,
            )
            for row, name in self._session.exec(asked.execution_options(populate_existing=True))
        ]

    def merge(self, keep: int, others: Sequence[int]) -> None:
        """These measures have turned out to be one: what was told and dealt with of the others counts for the one.

        Of two that say the same the one that is there stays; the other keeps the number of the measure it was of.
        """
        own_rows = self._session.exec(select(ReminderRow).where(ReminderRow.measure_id == keep))
        had = {(row.subscription_id, row.deadline, row.distance) for row in own_rows}
        for row in self._session.exec(select(ReminderRow).where(col(ReminderRow.measure_id).in_(others))).all():
            told = (row.subscription_id, row.deadline, row.distance)
            if told not in had:
                had.add(told)
                row.measure_id = keep
                self._session.add(row)
        own = {one.enterprise_id for one in self.handled(keep)}
        for dealt in self._session.exec(select(HandledRow).where(col(HandledRow.measure_id).in_(others))).all():
            if dealt.ended_at is None and dealt.enterprise_id in own:
                continue
            if dealt.ended_at is None:
                own.add(dealt.enterprise_id)
            dealt.measure_id = keep
            self._session.add(dealt)
        self._session.flush()
