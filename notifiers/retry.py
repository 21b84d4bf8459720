"""When to try again. Pure: the outcome of an attempt in, what to write down about the delivery out."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from notifiers.outcome import DeliveryState, Misconfigured, Outcome, Reason, Refused, Sent, State, TryAgain

#: The wait after the first failure; it doubles with each further one.
FIRST_WAIT = timedelta(minutes=1)
#: No wait of ours is longer. A wait that the other side asked for may be.
LONGEST_WAIT = timedelta(hours=2)
#: A delivery that is not out after this long is given up, counted from the moment it was written.
EXPIRY = timedelta(days=3)
#: How soon a delivery that waits for the operator is looked at again.
CONFIGURATION_WAIT = timedelta(minutes=10)

#: Waits are spread downwards by up to this part, so that what failed together does not return together. Below one
#: half, so that a wait is always longer than the one before it until the longest is reached.
_SPREAD = 0.2


def after(outcome: Outcome, *, attempts: int, created_at: datetime, now: datetime, chance: Random) -> DeliveryState:
    """What becomes of a delivery after an attempt.

    `attempts` is how many were made, this one included. Attempts are not limited in number, only by `EXPIRY`: the
    last one falls at the moment of expiry itself. A wait that the other side asked for is never cut short; when it
    reaches beyond the expiry, the delivery has expired already. `Misconfigured` waits as long as it takes and
    costs no attempt (`DeliveryState.counts`).

    Raises ValueError for a naive datetime.
    """
    for name, moment in (("created_at", created_at), ("now", now)):
        if moment.utcoffset() is None:
            raise ValueError(f"{name} {moment.isoformat()} has no time zone: give it one, UTC if in doubt")
    match outcome:
        case Sent(reference=reference):
            return DeliveryState(state=State.SENT, detail=reference)
        case Refused(reason=reason, detail=detail):
            return DeliveryState(state=State.REFUSED, reason=reason, detail=detail)
        case Misconfigured(detail=detail):
            wait = _spread(CONFIGURATION_WAIT, chance)
            return DeliveryState(
                state=State.PENDING, due_at=now + wait, reason=Reason.CONFIGURATION, detail=detail, counts=False
            )
        case TryAgain():
            return _again(outcome, attempts=attempts, expires_at=created_at + EXPIRY, now=now, chance=chance)


def _again(outcome: TryAgain, *, attempts: int, expires_at: datetime, now: datetime, chance: Random) -> DeliveryState:
    asked = max(outcome.after or timedelta(0), timedelta(0))
    if now >= expires_at or now + asked > expires_at:
        return DeliveryState(state=State.EXPIRED, reason=outcome.reason, detail=outcome.detail)
    due_at = max(now + asked, min(now + _backoff(attempts, chance), expires_at))
    return DeliveryState(state=State.PENDING, due_at=due_at, reason=outcome.reason, detail=outcome.detail)


def _backoff(attempts: int, chance: Random) -> timedelta:
    doublings = min(max(attempts - 1, 0), 16)  # 2**16 minutes is far beyond the longest wait
    return _spread(min(FIRST_WAIT * 2**doublings, LONGEST_WAIT), chance)


def _spread(wait: timedelta, chance: Random) -> timedelta:
    return wait * (1 - _SPREAD * chance.random())
