"""How a source is, from its polls alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.health import PATIENCE, SENTENCES, Cause, Health, State, health
from watcher.rest_days import is_rest_day, weekend_of, working_days
from watcher.silence import PollFact, Result
from watcher.source import SourceConfig

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_config(**over: Any) -> SourceConfig:
    return SourceConfig(**{"name": "kats", "kind": "feed", "every_minutes": 60, **over})


def a_poll(at: datetime, result: Result = Result.READ, **over: Any) -> PollFact:
    values = {"entries": 12 if result is Result.READ else None, **over}
    return PollFact(started_at=at, ended_at=at + timedelta(seconds=5), result=result, **values)


def hourly(count: int, start: datetime = MONDAY, **over: Any) -> list[PollFact]:
    return [a_poll(start + number * HOUR, **over) for number in range(count)]


def told(polls: list[PollFact], now: datetime, **over: Any) -> Health:
    due = over.pop("due", None)
    resting = over.pop("resting", None)
    return health(config=a_config(**over), polls=polls, now=now, resting=resting, due=due)


def test_a_source_that_is_read_is_healthy_and_says_why_it_brings_nothing() -> None:
    """A zero has a cause also when all is well."""
    polls = [a_poll(MONDAY), a_poll(MONDAY + HOUR, documents=2), *hourly(3, MONDAY + 2 * HOUR)]
    same_day = told(polls, MONDAY + 5 * HOUR)
    assert (same_day.state, same_day.cause) == (State.HEALTHY, Cause.FRESH)
    assert "2026-03-02" in same_day.sentence
    polls += hourly(48, MONDAY + 5 * HOUR)
    later = told(polls, MONDAY + 53 * HOUR, expected_per_week=5)
    assert (later.state, later.cause) == (State.HEALTHY, Cause.QUIET)
    assert "1 working days" in later.sentence and "1.0" in later.sentence
    assert told([a_poll(MONDAY)], MONDAY + HOUR).cause is Cause.NOTHING_YET


def test_a_source_never_polled_is_late() -> None:
    """What was never read cannot be called well."""
    assert (told([], MONDAY).state, told([], MONDAY).cause) == (State.LATE, Cause.NEVER)


def test_failed_polls_make_a_source_late_after_three_intervals_and_not_before() -> None:
    """One that stumbles is well; one that was not read for over three intervals is late since it began to fail."""
    polls = [a_poll(MONDAY), *hourly(4, MONDAY + HOUR, result=Result.UNREACHED, error="answered 503")]
    at = polls[0].ended_at + PATIENCE * HOUR
    assert (told(polls[:3], at).state, told(polls[:3], at).cause) == (State.HEALTHY, Cause.STUMBLED)
    late = told(polls[:4], at + timedelta(seconds=1))
    assert (late.state, late.cause) == (State.LATE, Cause.UNREACHED)
    assert late.read_until == polls[0].ended_at and late.since == polls[1].ended_at
    assert "503" in late.sentence


def test_a_source_that_nobody_asks_is_late_unless_its_publisher_wants_patience() -> None:
    """A service that stands still is seen; a publisher that asked to be left alone for a day is no trouble."""
    polls = [a_poll(MONDAY)]
    assert told(polls, MONDAY + 4 * HOUR).cause is Cause.NOT_POLLED
    patient = {"due": MONDAY + 24 * HOUR}
    assert told(polls, MONDAY + 25 * HOUR, **patient).state is State.HEALTHY
    assert told(polls, MONDAY + 27 * HOUR, **patient).state is State.LATE


def test_what_is_not_the_source_is_broken_at_once() -> None:
    """A page instead of a feed is no matter of patience; a timeout after it does not make it better, a poll does."""
    polls = [a_poll(MONDAY), a_poll(MONDAY + HOUR, Result.UNREADABLE, error="a page, not a feed")]
    broken = told(polls, MONDAY + HOUR + timedelta(minutes=1))
    assert (broken.state, broken.since, broken.read_until) == (State.BROKEN, polls[1].ended_at, polls[0].ended_at)
    assert "a page, not a feed" in broken.sentence
    polls.append(a_poll(MONDAY + 2 * HOUR, Result.UNREACHED, error="timed out"))
    assert told(polls, MONDAY + 2 * HOUR + timedelta(minutes=1)).state is State.BROKEN
    polls.append(a_poll(MONDAY + 3 * HOUR, Result.UNCHANGED))
    assert told(polls, MONDAY + 3 * HOUR + timedelta(minutes=1)).state is State.HEALTHY


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ([9, 9, 9, 9, 9, 0], State.BROKEN),
        ([5, 5, 5, 5, 5, 0, 0], State.BROKEN),
        ([9, 9, 9, 9, 0], State.HEALTHY),  # too few polls to speak of always
        ([9, 9, 4, 9, 9, 0], State.HEALTHY),  # it holds few now and then
        ([9, 9, 0, 9, 9, 9, 0], State.HEALTHY),
        ([0, 0, 0, 0, 0, 0], State.HEALTHY),
        ([9, 9, 9, 9, 9, 0, 1], State.HEALTHY),
    ],
)
def test_an_empty_list_is_broken_where_there_were_always_entries(counts: list[int], state: State) -> None:
    """No rows where there were at least five in each of the last five polls is no quiet day."""
    polls = [a_poll(MONDAY + number * HOUR, entries=count) for number, count in enumerate(counts)]
    found = told(polls, MONDAY + len(counts) * HOUR)
    assert found.state is state
    if state is State.BROKEN:
        assert found.cause is Cause.EMPTIED and found.since == polls[5].ended_at
        assert found.read_until == polls[4].ended_at


def test_the_same_empty_list_again_is_still_empty() -> None:
    """ "Not modified" after an empty list speaks of the empty list."""
    polls = [*hourly(5), a_poll(MONDAY + 5 * HOUR, entries=0), a_poll(MONDAY + 6 * HOUR, Result.UNCHANGED)]
    assert told(polls, MONDAY + 7 * HOUR).cause is Cause.EMPTIED


def test_what_is_gone_has_ended_and_what_is_switched_off_rests() -> None:
    """Each with its reason; rest comes before all else."""
    polls = [a_poll(MONDAY), a_poll(MONDAY + HOUR, Result.GONE, error="answered 410")]
    ended = told(polls, MONDAY + 300 * HOUR)
    assert ended.state is State.ENDED and "410" in ended.sentence
    off = told(polls, MONDAY + 2 * HOUR, enabled=False, why_off="its terms forbid it")
    assert (off.state, off.sentence) == (State.RESTING, "its terms forbid it")
    assert told([], MONDAY, resting="no key").sentence == "no key"
    assert not off.state.bad


def test_naive_instants_are_refused() -> None:
    """An instant without a zone is a fault of the caller."""
    with pytest.raises(ValueError, match="zone"):
        told([], MONDAY.replace(tzinfo=None))


def test_every_cause_has_its_sentence() -> None:
    """A new cause cannot be forgotten."""
    assert set(SENTENCES) == set(Cause)


# --- days of rest


@pytest.mark.parametrize(
    ("market", "day", "rest"),
    [
        ("USA", date(2026, 7, 3), True),  # Independence Day observed
        ("USA", date(2026, 7, 6), False),
        ("SAU", date(2026, 3, 6), True),  # a Friday
        ("SAU", date(2026, 3, 8), False),  # a Sunday
        ("ARE", date(2026, 3, 7), True),  # a Saturday, since 2022
        ("EU", date(2026, 7, 21), True),  # Brussels
        ("TPKM", date(2026, 2, 17), True),  # Chinese New Year
        ("BHR", date(2026, 3, 6), True),
        ("BGR", date(2026, 3, 3), True),  # known to the package by two letters only
        ("WTO", date(2026, 9, 10), True),  # Geneva's fast
        (None, date(2026, 3, 7), True),
        (None, date(2026, 12, 25), False),
        ("NOWHERE", date(2026, 3, 7), True),
        ("HolidayBase", date(2026, 3, 9), False),
    ],
)
def test_rest_days_are_the_markets_own(market: str | None, day: date, rest: bool) -> None:
    """Weekends and holidays of the Member; of one that is not known, Saturday and Sunday."""
    assert is_rest_day(day, market) is rest


def test_quiet_days_run_over_new_year() -> None:
    """A period may begin in one year and end in the next; both its ends are in it."""
    quiet = ("12-24/01-02", "08-01/08-15")
    assert all(is_rest_day(day, None, quiet) for day in (date(2026, 12, 24), date(2027, 1, 1), date(2026, 8, 3)))
    assert not is_rest_day(date(2026, 12, 23), None, quiet)
    assert working_days(date(2026, 12, 21), date(2027, 1, 5), None, quiet) == 5
    assert working_days(date(2026, 3, 5), date(2026, 3, 4), None) == 0


@pytest.mark.parametrize("market", [None, "SAU", "USA", "TPKM", "WTO"])
@pytest.mark.parametrize("quiet", [(), ("12-24/01-02", "08-01/08-15"), ("02-28/03-01",)])
def test_working_days_are_counted_one_by_one(market: str | None, quiet: tuple[str, ...]) -> None:
    """Over New Year, leap days and quiet weeks, from each day to each, none is left out and none counted twice."""
    first = date(2023, 12, 20)
    for lasts in (0, 1, 9, 70, 366, 800):
        days = [first + DAY * number for number in range(lasts)]
        worked = sum(not is_rest_day(day, market, quiet) for day in days)
        assert working_days(first, first + DAY * (lasts - 1), market, quiet) == worked


MARKETS = [None, "USA", "EU", "JPN", "CHN", "KOR", "SAU", "TPKM", "BRA", "IND", "RUS", "WTO"]


@settings(deadline=None, max_examples=80)
@given(
    market=st.sampled_from(MARKETS),
    year=st.integers(2024, 2035),
    rate=st.floats(0.1, 2000),
    hours=st.integers(3, 23),
)
def test_no_source_is_silent_over_its_quiet_days(market: str | None, year: int, rate: float, hours: int) -> None:
    """From the last working day before to the first hours of the first one after, nothing has to come."""
    quiet = ("12-21/01-05", "01-20/02-29")
    for begins, ends in (((year, 12, 20), (year + 1, 1, 6)), ((year, 1, 19), (year, 3, 1))):
        start = datetime(*begins, hours, tzinfo=UTC)
        now = datetime(*ends, hours, tzinfo=UTC)
        polls = [a_poll(start - 2 * HOUR), a_poll(start - HOUR, documents=1), a_poll(now - HOUR, Result.UNCHANGED)]
        found = told(polls, now, market=market, expected_per_week=rate, quiet_days=quiet)
        assert found.state is State.HEALTHY


def test_weekends() -> None:
    """A market that is not known has the usual one."""
    assert weekend_of(None) == weekend_of("NOWHERE") == frozenset({5, 6})
    assert weekend_of("SAU") == frozenset({4, 5})
