"""When a delivery is tried again, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.outcome import Misconfigured, Reason, Refused, Sent, State, TryAgain
from notifiers.retry import EXPIRY, LONGEST_WAIT, after

CREATED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = TryAgain(reason=Reason.UNREACHABLE, detail="no answer")


def wait(attempts: int, *, outcome: TryAgain = LATER, seed: int = 1, now: datetime = CREATED) -> timedelta:
    state = after(outcome, attempts=attempts, created_at=CREATED, now=now, chance=Random(seed))
    assert state.state is State.PENDING and state.due_at is not None
    return state.due_at - now


@settings(max_examples=200, deadline=None)
@given(attempts=st.integers(1, 8), one=st.integers(), other=st.integers())
def test_each_wait_is_longer_than_the_one_before_until_the_longest(attempts: int, one: int, other: int) -> None:
    """Whatever chance does, the wait after a further failure is longer, as long as it is not near two hours."""
    assert wait(attempts, seed=one) < wait(attempts + 1, seed=other) or wait(attempts, seed=one) > LONGEST_WAIT * 0.7


@settings(max_examples=200, deadline=None)
@given(attempts=st.integers(-3, 10**9), seed=st.integers())
def test_waits_are_bounded(attempts: int, seed: int) -> None:
    """No wait of ours is shorter than 48 seconds or longer than two hours, after however many attempts."""
    assert timedelta(seconds=48) <= wait(attempts, seed=seed) <= LONGEST_WAIT


@settings(max_examples=200, deadline=None)
@given(seconds=st.integers(-10, 200_000), attempts=st.integers(1, 30), seed=st.integers())
def test_a_wait_that_was_asked_for_is_kept(seconds: int, attempts: int, seed: int) -> None:
    """The other side is never asked again before the time it named."""
    outcome = TryAgain(reason=Reason.RATE_LIMITED, after=timedelta(seconds=seconds))
    assert wait(attempts, outcome=outcome, seed=seed) >= timedelta(seconds=seconds)


def test_the_last_attempt_falls_at_the_moment_of_expiry() -> None:
    """A delivery whose next wait would pass its expiry is tried once more, at the expiry itself."""
    assert wait(20, now=CREATED + EXPIRY - timedelta(minutes=5)) == timedelta(minutes=5)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30)])
def test_after_three_days_a_delivery_has_expired_and_says_why(late: timedelta) -> None:
    """An expired delivery keeps the reason of its last failure."""
    state = after(LATER, attempts=2, created_at=CREATED, now=CREATED + EXPIRY + late, chance=Random(1))
    assert (state.state, state.reason, state.detail, state.due_at) == (
        State.EXPIRED,
        Reason.UNREACHABLE,
        "no answer",
        None,
    )


def test_a_wait_beyond_the_expiry_expires_at_once() -> None:
    """What may not be asked again before it expires has expired."""
    outcome = TryAgain(reason=Reason.RATE_LIMITED, after=timedelta(days=4))
    assert after(outcome, attempts=1, created_at=CREATED, now=CREATED, chance=Random(1)).state is State.EXPIRED


def test_our_own_fault_waits_however_long_and_costs_no_attempt() -> None:
    """A delivery that waits for the operator does not expire, and the attempt is not counted."""
    now = CREATED + timedelta(days=40)
    state = after(Misconfigured(detail="no login"), attempts=1, created_at=CREATED, now=now, chance=Random(1))
    assert (state.state, state.reason, state.counts) == (State.PENDING, Reason.CONFIGURATION, False)
    assert state.due_at is not None and now < state.due_at <= now + timedelta(minutes=10)


def test_what_was_sent_or_refused_is_over() -> None:
    """Neither has a time at which it is due, and a refusal says why."""
    sent = after(Sent(reference="q1"), attempts=1, created_at=CREATED, now=CREATED, chance=Random(1))
    refused = after(
        Refused(reason=Reason.BLOCKED, detail="blocked"), attempts=1, created_at=CREATED, now=CREATED, chance=Random(1)
    )
    assert (sent.state, sent.due_at, sent.detail) == (State.SENT, None, "q1")
    assert (refused.state, refused.due_at, refused.reason) == (State.REFUSED, None, Reason.BLOCKED)


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive datetime is a mistake of the caller's, named in the error."""
    with pytest.raises(ValueError, match=r"created_at .* has no time zone"):
        after(LATER, attempts=1, created_at=CREATED.replace(tzinfo=None), now=CREATED, chance=Random(1))
