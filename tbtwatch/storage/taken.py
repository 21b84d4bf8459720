"""How the end of an attempt is written down: for one, or for all that the other side has taken of late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session

from notifiers.outcome import Sent, State
from tbtwatch.storage.rows import DeliveryRow

_DELIVERY, _ATTEMPT = (DeliveryRow.metadata.tables[name] for name in ("delivery", "attempt"))
_HELD = update(_DELIVERY).where(
    _DELIVERY.c.id == bindparam("of_delivery"), _DELIVERY.c.attempts == bindparam("of_attempt")
)
GOES_ON = _HELD.where(_DELIVERY.c.state == State.SENDING.value)
# Not IN, which cannot be executed for many rows at once.
ENDS = _HELD.where(or_(_DELIVERY.c.state == State.SENDING.value, _DELIVERY.c.state == State.PENDING.value))
TRIED = update(_ATTEMPT).where(
    _ATTEMPT.c.delivery_id == bindparam("of_delivery"),
    _ATTEMPT.c.number == bindparam("of_attempt"),
    _ATTEMPT.c.ended_at.is_(None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery whose message the other side has taken."""

    delivery: int
    attempt: int
    reference: str  #: what it said
    at: datetime


def write_taken(session: Session, several: Sequence[Taken]) -> None:
    """Write down the attempts whose messages were taken, each at its time."""
    if not several:
        return
    its = [
        {
            "of_delivery": one.delivery,
            "of_attempt": one.attempt,
            "reason": "",
            "detail": one.reference,
            "ended_at": one.at,
        }
        for one in several
    ]
    write = session.connection().execute
    ended = {"state": State.SENT.value, "lease_until": None}
    write(ENDS, [{**each, **ended, "due_at": one.at} for each, one in zip(its, several, strict=True)])
    write(TRIED, [{**each, "outcome": Sent.__name__} for each in its])
