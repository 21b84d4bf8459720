"""The outbox: messages owed, claimed under a lease, and what became of them.

Two workers never hold one delivery: the claim is one statement. A worker that dies leaves its lease behind; when the
lease has run out the delivery is claimed again, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import and_, case, delete, func, or_, tuple_, update
from sqlmodel import Session, col, select

from notifiers.message import Message
from notifiers.outcome import DeliveryState, State
from tbtwatch.storage.owed import Owed, write_owed
from tbtwatch.storage.rows import (
    AlertRow,
    AttemptRow,
    ChannelRow,
    DeliveryAlertRow,
    DeliveryRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)
from tbtwatch.storage.starters import starter_messages
from tbtwatch.storage.taken import ENDS, GOES_ON, TRIED, Taken, write_taken
from tbtwatch.storage.trying import GIVEN_BACK, tried_since
from tbtwatch.storage.types import from_json

_PENDING = func.coalesce(col(DeliveryRow.state), "") == State.PENDING.value  # SQLite does not look by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery this worker may send now."""

    id: int
    kind: str
    channel: str
    target: str
    message: Message
    attempts: int  #: this one included
    created_at: datetime
    #: When it was first tried, moved on by what it was put off; while a channel is not configured or stopped none is.
    tried_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery, to be shown."""

    id: int
    kind: str
    channel: str
    target: str
    subject: str
    message_id: str
    state: State
    due_at: datetime
    attempts: int
    reason: str
    detail: str
    created_at: datetime
    ended_at: datetime | None
    measure_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedChannel:
    """A channel that waits because of our own fault."""

    name: str
    stopped_at: datetime
    resume_at: datetime
    detail: str


class Outbox:
    """Deliveries inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        key: str,
        kind: str,
        channel: str,
        target: str,
        message: Message,
        alerts: Iterable[int],
        now: datetime,
        measure_id: int | None = None,
        digest_run_id: int | None = None,
        due_at: datetime | None = None,
    ) -> int | None:
        """Owe a message, at once or from `due_at` on; None if one with that key is there already."""
        owed = Owed(
            key=key,
            kind=kind,
            channel=channel,
            target=target,
            message=message,
            alerts=tuple(alerts),
            measure_id=measure_id,
            digest_run_id=digest_run_id,
            due_at=due_at,
        )
        return self.add_all([owed], now=now).get(key)

    def add_all(self, several: Sequence[Owed], *, now: datetime) -> dict[str, int]:
        """Owe many messages at once: their numbers by their keys, without those that were there already."""
        return write_owed(self._session, several, now=now)

    def has(self, key: str) -> bool:
        """Whether a message with this key is owed or was."""
        return self._session.exec(select(DeliveryRow.id).where(DeliveryRow.key == key)).first() is not None

    def claim(self, *, now: datetime, lease: timedelta, limit: int, channels: Sequence[str]) -> list[Claimed]:
        """Take what is due, alerts before digests and oldest first, and what a dead worker left behind."""
        stopped = select(ChannelRow.name).where(col(ChannelRow.resume_at) > now)
        line = (case((col(DeliveryRow.kind) == "digest", 1), else_=0), col(DeliveryRow.due_at), col(DeliveryRow.id))
        # What is due is few, what a channel ever had is much: the channel must not be what SQLite looks by,
        # which knows no numbers and would take the longer index for the better one.
        channel = func.coalesce(col(DeliveryRow.channel), "")
        due = (
            select(DeliveryRow.id)
            .where(
                channel.in_(channels),
                channel.not_in(stopped),
                or_(
                    and_(col(DeliveryRow.state) == State.PENDING.value, col(DeliveryRow.due_at) <= now),
                    and_(col(DeliveryRow.state) == State.SENDING.value, col(DeliveryRow.lease_until) <= now),
                ),
            )
            .order_by(*line)
            .limit(limit)
            .with_for_update(skip_locked=True)  # left out by SQLite, where one writer at a time claims
        )
        taken = self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(due))
            .values(state=State.SENDING.value, lease_until=now + lease, attempts=col(DeliveryRow.attempts) + 1)
            .returning(col(DeliveryRow.id))
            .execution_options(synchronize_session=False)
        ).all()
        if not taken:
            return []
        rows = self._session.exec(
            select(DeliveryRow)
            .where(col(DeliveryRow.id).in_([number for (number,) in taken]))
            .order_by(*line)
            .execution_options(populate_existing=True)
        ).all()
        for row in rows:
            assert row.id is not None
            self._session.add(AttemptRow(delivery_id=row.id, number=row.attempts, started_at=now))
        self._session.flush()
        tried = tried_since(self._session, [cast(int, row.id) for row in rows])
        return [
            Claimed(
                id=cast(int, row.id),
                kind=row.kind,
                channel=row.channel,
                target=row.target,
                # A chat may have moved since the message was written.
                message=replace(from_json(Message, row.message), recipient=row.target),
                attempts=row.attempts,
                created_at=row.created_at,
                tried_since=tried[cast(int, row.id)],
            )
            for row in rows
        ]

    def record(self, claimed: Claimed, after: DeliveryState, *, outcome: str, now: datetime) -> bool:
        """Write down what became of an attempt; False if another worker has taken the delivery over meanwhile."""
        return self._record(claimed.id, claimed.attempts, after, outcome=outcome, now=now)

    def record_taken(self, several: Sequence[Taken]) -> None:
        """Write down the attempts whose messages were taken, each at its time; as `record` for each."""
        write_taken(self._session, several)

    def record_sent(self, delivery: int, attempt: int, message_id: str, *, now: datetime) -> bool:
        """An attempt whose worker died went out all the same; False if that is known, or is not of this database."""
        row = self._session.get(DeliveryRow, delivery)
        if row is None or row.message.get("message_id") != message_id:
            return False
        return self._record(delivery, attempt, DeliveryState(state=State.SENT), outcome="Sent", now=now)

    def _record(self, delivery: int, attempt: int, after: DeliveryState, *, outcome: str, now: datetime) -> bool:
        ended = after.state not in (State.PENDING, State.SENDING)
        # A lease that ran out and that nobody took over: what went out went out, and is not sent again.
        held = ENDS if after.state is State.SENT else GOES_ON
        reason = after.reason.value if after.reason else ""
        its = {"of_delivery": delivery, "of_attempt": attempt, "reason": reason, "detail": after.detail}
        write = self._session.connection().execute  # once for each mail: by statements made once, as in `meta`
        done = write(
            held,
            {
                **its,
                "state": after.state.value,
                "due_at": after.due_at or now,
                "lease_until": None,
                "ended_at": now if ended else None,
            },
        )
        write(TRIED, {**its, "ended_at": now, "outcome": outcome})
        return bool(done.rowcount)

    def extend(self, claimed: Sequence[Claimed], *, until: datetime) -> None:
        """This worker still lives and sends. What another has taken over is the other's to extend."""
        mine = [(one.id, one.attempts) for one in claimed]
        self._session.exec(
            update(DeliveryRow)
            .where(
                tuple_(col(DeliveryRow.id), col(DeliveryRow.attempts)).in_(mine),
                col(DeliveryRow.state) == State.SENDING.value,
            )
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )

    def free_expired(self, *, now: datetime) -> int:
        """Put what a dead worker had in hand back into the line; how many."""
        done = self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.state) == State.SENDING.value, col(DeliveryRow.lease_until) <= now)
            .values(state=State.PENDING.value, lease_until=None, due_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def give_back(self, claimed: Claimed, *, detail: str, now: datetime) -> None:
        """Nothing was sent, and not by the recipient's fault: the delivery waits again, the attempt does not count."""
        self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.id) == claimed.id,
                col(DeliveryRow.attempts) == claimed.attempts,
                col(DeliveryRow.state) == State.SENDING.value,
            )
            .values(
                state=State.PENDING.value,
                due_at=now,
                lease_until=None,
                attempts=claimed.attempts - 1,
                detail=detail,
            )
            .execution_options(synchronize_session=False)
        )
        for row in self._session.exec(
            select(AttemptRow).where(
                AttemptRow.delivery_id == claimed.id,
                AttemptRow.number == claimed.attempts,
                col(AttemptRow.ended_at).is_(None),
            )
        ):
            row.ended_at, row.outcome, row.detail = now, GIVEN_BACK, detail
            self._session.add(row)

    def stop_channel(self, name: str, *, detail: str, now: datetime, pause: timedelta) -> None:
        """Our own fault: send nothing by this channel for a while."""
        row = self._session.get(ChannelRow, name) or ChannelRow(name=name, stopped_at=now)
        row.stopped_at = row.stopped_at or now
        row.resume_at, row.detail = now + pause, detail
        self._session.add(row)
        self._session.flush()

    def channel_works(self, name: str) -> None:
        """A message went out: the channel is well."""
        self._session.exec(
            delete(ChannelRow).where(col(ChannelRow.name) == name).execution_options(synchronize_session="evaluate")
        )

    def resume_channels(self) -> None:
        """Try the stopped channels again at once."""
        for row in self._session.exec(select(ChannelRow)).all():
            self._session.delete(row)
        self._session.flush()

    def stopped_channels(self) -> list[StoppedChannel]:
        """The channels that wait because of our own fault."""
        return [
            StoppedChannel(name=row.name, stopped_at=row.stopped_at, resume_at=row.resume_at, detail=row.detail)
            for row in self._session.exec(select(ChannelRow).order_by(ChannelRow.name))
            if row.stopped_at is not None and row.resume_at is not None
        ]

    def cancel_for_ended(self, subscription_id: int, *, now: datetime, reason: str) -> int:
        """Cancel what waits and would tell nobody but this ended subscription; how many."""
        others = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(col(SubscriptionRow.ended_at).is_(None))
        )
        its = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(AlertRow.subscription_id == subscription_id)
        )
        done = self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.state) == State.PENDING.value,
                or_(col(DeliveryRow.id).in_(its), col(DeliveryRow.id).in_(starter_messages([subscription_id]))),
                col(DeliveryRow.id).not_in(others),
            )
            .values(state=State.CANCELLED.value, detail=reason, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def cancel_at(self, channel: str, target: str, subscriptions: Sequence[int], *, now: datetime, reason: str) -> int:
        """Cancel what waits for this address and would tell it nothing it is still subscribed to; how many."""
        told = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
        )
        still = told.join(
            SubscriptionAddressRow, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id)
        ).where(
            col(SubscriptionRow.ended_at).is_(None),
            SubscriptionAddressRow.channel == channel,
            SubscriptionAddressRow.target == target,
        )
        done = self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.state) == State.PENDING.value,
                col(DeliveryRow.channel) == channel,
                col(DeliveryRow.target) == target,
                or_(
                    col(DeliveryRow.id).in_(told.where(col(SubscriptionRow.id).in_(subscriptions))),
                    col(DeliveryRow.id).in_(starter_messages(subscriptions)),
                ),
                col(DeliveryRow.id).not_in(still),
            )
            .values(state=State.CANCELLED.value, detail=reason, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def cancel_waiting(self, ids: Sequence[int], *, now: datetime, reason: str) -> int:
        """Cancel those of these deliveries that wait; what is being sent is not stopped. How many."""
        done = self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(ids), col(DeliveryRow.state) == State.PENDING.value)
            .values(state=State.CANCELLED.value, detail=reason, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def words_wait(self, kind: str, measure_id: int) -> set[tuple[str, str]]:
        """The addresses, by channel and target, for which messages of a kind about a measure wait."""
        its = (DeliveryRow.measure_id == measure_id, DeliveryRow.kind == kind, _PENDING)
        return set(self._session.exec(select(DeliveryRow.channel, DeliveryRow.target).where(*its)))

    def cancel_words(self, kind: str, channel: str, target: str, measure_id: int, *, now: datetime, why: str) -> int:
        """Cancel messages of a kind about a measure that wait for this address; how many."""
        done = self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.measure_id) == measure_id,
                col(DeliveryRow.kind) == kind,
                col(DeliveryRow.channel) == channel,
                col(DeliveryRow.target) == target,
                _PENDING,
            )
            .values(state=State.CANCELLED.value, detail=why, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def list(
        self, *, state: State | None = None, limit: int = 100, measure_id: int | None = None, target: str | None = None
    ) -> list[Delivery]:
        """Deliveries, newest first."""
        asked = select(DeliveryRow).order_by(col(DeliveryRow.id).desc()).limit(limit)
        if state is not None:
            asked = asked.where(DeliveryRow.state == state.value)
        if measure_id is not None:
            asked = asked.where(DeliveryRow.measure_id == measure_id)
        if target is not None:
            asked = asked.where(DeliveryRow.target == target)
        return [shown_delivery(row) for row in self._session.exec(asked)]

    def counts(self) -> dict[tuple[str, State], int]:
        """How many deliveries there are, by channel and state."""
        rows = self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.state, func.count()).group_by(
                DeliveryRow.channel, DeliveryRow.state
            )
        )
        return {(channel, State(state)): number for channel, state, number in rows}

    def next_due(self, channel: str) -> datetime | None:
        """When the next pending delivery of a channel is due."""
        return self._session.exec(
            select(func.min(DeliveryRow.due_at)).where(
                DeliveryRow.state == State.PENDING.value, DeliveryRow.channel == channel
            )
        ).one()


def shown_delivery(row: DeliveryRow) -> Delivery:
    """A delivery as it is shown."""
    assert row.id is not None
    return Delivery(
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        target=row.target,
        subject=row.message.get("subject", ""),
        message_id=row.message.get("message_id", ""),
        state=State(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        reason=row.reason,
        detail=row.detail,
        created_at=row.created_at,
        ended_at=row.ended_at,
        measure_id=row.measure_id,
    )
