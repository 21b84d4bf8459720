"""Staff put a message back into the line, or take it out. What somebody said no to is never sent all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from notifiers.outcome import State
from notifiers.retry import EXPIRY
from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction
from tbtwatch.storage.correspondence import Letter

log = structlog.get_logger()

BY_STAFF = "cancelled by staff"  #: how the detail of such a message begins: only those are taken back


class Why(StrEnum):
    """What hinders it."""

    TAKEN = "taken"  #: the other side took it
    UNDER_WAY = "under_way"  #: it is being sent just now
    CANCELLED = "cancelled"  #: not by staff; `detail` says for what
    EMPTIED = "emptied"  #: its text was let go of
    SUPPRESSED = "suppressed"  #: nothing is sent to its address ever
    ENDED = "ended"  #: its address was ended, as it refused messages; `detail` is the address
    UNWANTED = "unwanted"  #: nobody who is subscribed still is told it there
    OVER = "over"  #: it does not wait, so there is nothing to cancel
    CHANGED = "changed"  #: since it was looked at
    UNKNOWN = "unknown"  #: there is no such message


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Why it is not done."""

    why: Why
    detail: str = ""


class SecondTryError(Exception):
    """It cannot be sent again, or not be cancelled."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.why.value)
        self.hindrance = hindrance


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What staff may do with a message just now."""

    again: Hindrance | None = None  #: None: it may be sent again
    cancel: Hindrance | None = None  #: None: it may be cancelled


def possible(letter: Letter, tx: Transaction) -> Possible:
    """What may be done with a message."""
    return Possible(again=_why_not_again(letter, tx), cancel=_why_not_cancel(letter))


def send_again(id: int, *, by: str, by_person: int | None = None, reason: str, desk: Desk) -> Letter:
    """It is sent with the next round, within the hours of its reader. Raises SecondTryError."""
    now = desk.clock()
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        letter = _letter(id, tx)
        if (hindrance := _why_not_again(letter, tx)) is not None:
            raise SecondTryError(hindrance)
        detail = f"sent again by {by}: {reason}"[:500]
        if not tx.correspondence.put_back(id, was=letter.delivery.state, now=now, detail=detail):
            raise SecondTryError(Hindrance(why=Why.CHANGED))
        _write("delivery.again", letter, reason, by, by_person, tx, now)
    log.info("delivery_put_back", delivery=id, was=letter.delivery.state.value)
    return letter


def cancel(id: int, *, by: str, by_person: int | None = None, reason: str, desk: Desk) -> Letter:
    """It is not sent. Raises SecondTryError."""
    now = desk.clock()
    with desk.storage.begin() as tx:
        letter = _letter(id, tx)
        if (hindrance := _why_not_cancel(letter)) is not None:
            raise SecondTryError(hindrance)
        if not tx.outbox.cancel_waiting([id], now=now, reason=f"{BY_STAFF}, {by}: {reason}"[:500]):
            raise SecondTryError(Hindrance(why=Why.UNDER_WAY))
        _write("delivery.cancel", letter, reason, by, by_person, tx, now)
    log.info("delivery_cancelled", delivery=id)
    return letter


def _write(
    deed: str, letter: Letter, reason: str, by: str, by_person: int | None, tx: Transaction, now: datetime
) -> None:
    one = letter.delivery
    tx.audit.write(
        by=by,
        person=by_person,
        deed=deed,
        about=f"delivery {one.id}",
        detail={"to": f"{one.channel}:{one.target}", "was": one.state.value, "reason": reason},
        now=now,
    )


def _letter(id: int, tx: Transaction) -> Letter:
    found = tx.correspondence.letter(id)
    if found is None:
        raise SecondTryError(Hindrance(why=Why.UNKNOWN))
    return found


def _why_not_again(letter: Letter, tx: Transaction) -> Hindrance | None:
    one = letter.delivery
    address = Address(channel=one.channel, target=one.target)
    if one.state is State.SENT:
        return Hindrance(why=Why.TAKEN)
    if one.state is State.SENDING:
        return Hindrance(why=Why.UNDER_WAY)
    if one.state is State.CANCELLED and not one.detail.startswith(BY_STAFF):
        return Hindrance(why=Why.CANCELLED, detail=one.detail)
    if letter.emptied:
        return Hindrance(why=Why.EMPTIED)
    if tx.leaving.suppressed([address]):
        return Hindrance(why=Why.SUPPRESSED)
    if tx.leaving.ended(address):
        return Hindrance(why=Why.ENDED, detail=f"{one.channel}:{one.target}")
    if not tx.correspondence.wanted_still(one.id):
        return Hindrance(why=Why.UNWANTED)
    return None


def _why_not_cancel(letter: Letter) -> Hindrance | None:
    state = letter.delivery.state
    if state is State.PENDING:
        return None
    return Hindrance(why=Why.UNDER_WAY if state is State.SENDING else Why.OVER)


def one_try_only(letter: Letter, now: datetime) -> bool:
    """Whether it was first tried so long ago that it is tried once and then given up."""
    began = min((one.started_at for one in letter.attempts), default=None)
    return began is not None and now - began >= EXPIRY - timedelta(hours=1)
