"""What an address has taken in an hour, and the messages that are gathered into one because they would be too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from notifiers.message import Message
from notifiers.outcome import Reason, State
from subscriptions.criteria import Address
from tbtwatch.storage.hours import AT_ANY_HOUR
from tbtwatch.storage.rows import AttemptRow, DeliveryAlertRow, DeliveryRow
from tbtwatch.storage.trying import GIVEN_BACK
from tbtwatch.storage.types import from_json

ALERT, BURST = "alert", "burst"  #: kinds of deliveries: news of one measure; much news in one message
#: Reasons of an attempt in vain after which the other side certainly has not got the message.
_NOT_ARRIVED = (Reason.UNREACHABLE.value, Reason.BUSY.value, Reason.RATE_LIMITED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A message that was gathered into a burst, as it was written."""

    id: int
    written_at: datetime
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A burst as it was written."""

    id: int
    written_at: datetime
    target: str
    message: Message


class Bursts:
    """Bursts inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def taken(
        self, address: Address, *, since: datetime, now: datetime, but: Collection[int] = frozenset()
    ) -> list[datetime]:
        """When messages went out to this address since then, newest first; what is under way counts as gone out now.

        `but`: what is in hand and not decided yet.
        """
        rows = self._session.exec(
            select(DeliveryRow.id, DeliveryRow.ended_at).where(
                *_at(address),
                col(DeliveryRow.kind).not_in(AT_ANY_HOUR),
                or_(
                    and_(col(DeliveryRow.ended_at) > since, col(DeliveryRow.state) == State.SENT.value),
                    and_(col(DeliveryRow.ended_at).is_(None), col(DeliveryRow.state) == State.SENDING.value),
                ),
            )
        )
        return sorted((ended or now for id_, ended in rows if id_ not in but), reverse=True)

    def load(self, addresses: Iterable[Address], *, since: datetime, now: datetime) -> dict[Address, int]:
        """How many messages these addresses were sent since then, are being sent, and are to be told news by now."""
        asked = list(addresses)
        here = (
            col(DeliveryRow.channel).in_({one.channel for one in asked}),
            col(DeliveryRow.target).in_({one.target for one in asked}),
            col(DeliveryRow.kind).not_in(AT_ANY_HOUR),
        )
        sent = (col(DeliveryRow.ended_at) > since, col(DeliveryRow.state) == State.SENT.value)
        open_ = (
            col(DeliveryRow.ended_at).is_(None),
            or_(
                col(DeliveryRow.state) == State.SENDING.value,
                and_(
                    col(DeliveryRow.state) == State.PENDING.value,
                    col(DeliveryRow.kind) == ALERT,
                    col(DeliveryRow.due_at) <= now,
                ),
            ),
        )
        found: Counter[Address] = Counter()
        for which in (sent, open_):  # apart, so that each finds its rows by the index
            for channel, target, number in self._session.connection().execute(
                look_up(col(DeliveryRow.channel), col(DeliveryRow.target), func.count())
                .where(*here, *which)
                .group_by(col(DeliveryRow.channel), col(DeliveryRow.target))
            ):
                found[Address(channel=channel, target=target)] += number
        return {one: found[one] for one in asked}

    def waiting(self, address: Address, *, now: datetime, limit: int) -> list[int]:
        """News of single measures that is due at this address and that it certainly has not got, oldest first.

        Not what another worker has just taken, nor what its reader left to be told elsewhere.
        """
        rows = self._session.exec(
            select(DeliveryRow.id)
            .where(
                *_at(address),
                col(DeliveryRow.kind) == ALERT,
                col(DeliveryRow.state) == State.PENDING.value,
                col(DeliveryRow.ended_at).is_(None),
                col(DeliveryRow.due_at) <= now,
                col(DeliveryRow.forward).is_(False),
                ~_may_have_arrived(),
            )
            .order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
            .limit(limit)
            .with_for_update(skip_locked=True)  # left out by SQLite
        )
        return [number for number in rows if number is not None]

    def untouched(self, ids: Sequence[int]) -> set[int]:
        """Those of these deliveries in hand that certainly have not arrived by an earlier attempt."""
        rows = self._session.exec(select(DeliveryRow.id).where(col(DeliveryRow.id).in_(ids), ~_may_have_arrived()))
        return {number for number in rows if number is not None}

    def alerts_of(self, deliveries: Sequence[int]) -> list[int]:
        """The alerts that these messages were to tell, oldest first."""
        rows = self._session.exec(
            select(DeliveryAlertRow.alert_id).where(col(DeliveryAlertRow.delivery_id).in_(deliveries)).distinct()
        )
        return sorted(rows)

    def put_off(self, ids: Sequence[int], *, until: datetime, why: str) -> None:
        """These wait until then."""
        self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(ids), col(DeliveryRow.state) == State.PENDING.value)
            .values(due_at=until, detail=why)
            .execution_options(synchronize_session=False)
        )

    def gather(self, ids: Sequence[int], *, into: int, now: datetime, why: str) -> int:
        """These are told by that message and not by themselves; how many."""
        done = self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(ids), col(DeliveryRow.state) == State.PENDING.value)
            .values(state=State.CANCELLED.value, gathered_into=into, detail=why, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def gathered(self, into: int) -> list[Gathered]:
        """The messages that were gathered into this one, oldest first."""
        rows = self._session.exec(
            select(DeliveryRow).where(DeliveryRow.gathered_into == into).order_by(col(DeliveryRow.id))
        )
        return [
            Gathered(id=row.id or 0, written_at=row.created_at, message=from_json(Message, row.message)) for row in rows
        ]

    def counts(self, held_back: str) -> dict[str, int]:
        """How many bursts there are, how many messages they stand for, and how many wait with this word for room."""
        asked = {
            "messages": (col(DeliveryRow.kind) == BURST,),
            "gathered": (col(DeliveryRow.gathered_into).is_not(None),),
            "waiting": (col(DeliveryRow.state) == State.PENDING.value, col(DeliveryRow.detail).startswith(held_back)),
        }
        return {
            name: self._session.exec(select(func.count()).select_from(DeliveryRow).where(*which)).one()
            for name, which in asked.items()
        }

    def burst(self, key: str) -> Burst | None:
        """The burst with this key, as it was written; None if there is none."""
        row = self._session.exec(select(DeliveryRow).where(DeliveryRow.key == key, DeliveryRow.kind == BURST)).first()
        if row is None:
            return None
        return Burst(
            id=row.id or 0, written_at=row.created_at, target=row.target, message=from_json(Message, row.message)
        )


def _at(address: Address) -> tuple[Any, ...]:
    return col(DeliveryRow.channel) == address.channel, col(DeliveryRow.target) == address.target


def _may_have_arrived() -> Any:
    """Of deliveries: whether an attempt, other than the one under way, may have reached the other side."""
    under_way = and_(col(DeliveryRow.state) == State.SENDING.value, col(AttemptRow.number) == col(DeliveryRow.attempts))
    certainly_not = or_(
        col(AttemptRow.outcome) == GIVEN_BACK,
        and_(col(AttemptRow.outcome) == "TryAgain", col(AttemptRow.reason).in_(_NOT_ARRIVED)),
    )
    return (
        select(AttemptRow.id)
        .where(col(AttemptRow.delivery_id) == col(DeliveryRow.id), ~under_way, ~certainly_not)
        .exists()
    )
