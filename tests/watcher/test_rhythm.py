"""When a source is asked again: never sooner than its publisher wants, never all at once, never never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.rhythm import (
    MISSED_FOR,
    SUSPENDED_EVERY,
    allowed,
    believed,
    host_rests,
    lifetime,
    next_poll,
    next_try,
)
from watcher.source import Rhythm

NOW = datetime(2026, 3, 4, 12, 34, 56, tzinfo=UTC)  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

intervals = st.integers(1, 44_640).map(lambda minutes: timedelta(minutes=minutes))
instants = st.integers(0, 20 * 365 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
names = st.text("abcdefghijklmnop-0123456789", min_size=1, max_size=20)
waits = st.none() | st.timedeltas(timedelta(0), timedelta(days=5000))
rhythms = st.none() | st.builds(
    Rhythm,
    ttl=waits,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "max-age=300"}, timedelta(minutes=5)),
        ({"cache-control": "public, Max-Age = 300"}, timedelta(minutes=5)),
        ({"cache-control": 'max-age="300"'}, timedelta(minutes=5)),
        ({"cache-control": "max-age=300", "age": "100"}, timedelta(seconds=200)),
        ({"cache-control": "max-age=300", "age": "900"}, timedelta(0)),
        ({"cache-control": "max-age=300", "age": "soon"}, timedelta(minutes=5)),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "s-maxage=9999, max-age=60"}, timedelta(minutes=1)),
        ({"cache-control": "private, max-age=300"}, timedelta(minutes=5)),
        ({"cache-control": "no-store, max-age=300"}, timedelta(0)),
        ({"cache-control": "max-age=300, no-cache"}, timedelta(0)),
        ({"cache-control": 'max-age=300, no-cache="Set-Cookie"'}, timedelta(minutes=5)),
        ({"cache-control": "max-age=300, max-age=60"}, timedelta(minutes=1)),
        ({"cache-control": "max-age=-5"}, timedelta(0)),
        ({"cache-control": "max-age"}, timedelta(0)),
        ({"cache-control": "max-age=abc"}, timedelta(0)),
        ({"cache-control": "max-age=" + "9" * 400}, timedelta(days=366)),
        ({"cache-control": "must-revalidate"}, None),
        ({"expires": "Wed, 04 Mar 2026 13:34:56 GMT"}, HOUR),
        ({"expires": "Wed, 04 Mar 2026 13:34:56 GMT", "date": "Wed, 04 Mar 2026 13:04:56 GMT"}, HOUR / 2),
        ({"expires": "Wed, 04 Mar 2026 11:34:56 GMT"}, timedelta(0)),
        ({"expires": "0"}, timedelta(0)),
        ({"expires": "-1"}, timedelta(0)),
        ({"expires": "Wed, 04 Mar 2026 13:34:56 GMT", "cache-control": "max-age=60"}, timedelta(minutes=1)),
    ],
)
def test_an_answer_says_how_long_it_lives(headers: dict[str, str], expected: timedelta | None) -> None:
    """`max-age` less `Age`, else `Expires`; what is said to shared caches is not said to us."""
    assert lifetime(headers, NOW) == expected


@given(st.dictionaries(st.sampled_from(["cache-control", "age", "expires", "date"]), st.text(max_size=60)))
def test_no_header_breaks_the_reading(headers: dict[str, str]) -> None:
    """Whatever a server writes, the answer is no time or a time that is not negative."""
    lives = lifetime(headers, NOW)
    assert lives is None or timedelta(0) <= lives


@given(names, intervals, instants, st.integers(0, 3600), waits, rhythms, st.integers())
@settings(deadline=None, max_examples=300)
def test_the_floor_holds(
    name: str,
    every: timedelta,
    began: datetime,
    took: int,
    lives: timedelta | None,
    rhythm: Rhythm | None,
    seed: int,
) -> None:
    """Never before what the publisher says, as far as it is believed, nor much before the interval; and some day."""
    now = began + timedelta(seconds=took)
    said = max(lives or timedelta(0), (rhythm and rhythm.ttl) or timedelta(0))
    for chance in (None, Random(seed)):
        when = next_poll(name=name, every=every, began=began, now=now, lives=lives, rhythm=rhythm, chance=chance)
        assert when >= now + believed(said, every)
        assert when >= (now + every if chance is None else began + every * 0.72)
        assert when <= now + max(every * 1.78, believed(said, every)) + timedelta(days=8)


@given(names, st.integers(5, 10_000).map(lambda minutes: timedelta(minutes=minutes)), instants, st.integers())
@settings(deadline=None, max_examples=100)
def test_a_source_finds_its_place_and_keeps_it(name: str, every: timedelta, first: datetime, seed: int) -> None:
    """After the first poll the intervals are the one that is set, but for a little chance that never adds up."""
    chance, began = Random(seed), first
    for round_ in range(20):
        when = next_poll(name=name, every=every, began=began, now=began + timedelta(seconds=2), chance=chance)
        if round_:
            assert abs((when - began) - every) <= min(every * 0.04, timedelta(minutes=2)) + timedelta(seconds=2)
        began = when


def test_a_thousand_sources_are_spread() -> None:
    """Polled in one minute, a thousand hourly sources are due over the whole hour: no minute has more than 40."""
    due = [
        next_poll(name=f"source-{number}", every=HOUR, began=NOW, now=NOW, chance=Random(number))
        for number in range(1000)
    ]
    minutes = [int((when - NOW) / timedelta(minutes=1)) for when in due]
    assert len(set(minutes)) >= 58
    assert max(minutes.count(minute) for minute in set(minutes)) <= 40


@pytest.mark.parametrize(
    ("said", "every", "expected"),
    [
        (timedelta(hours=5), HOUR, timedelta(hours=5)),
        (DAY, HOUR, DAY),
        (timedelta(days=365), HOUR, DAY),
        (timedelta(days=365), timedelta(minutes=1), DAY),
        (timedelta(days=365), timedelta(hours=4), timedelta(days=4)),
        (timedelta(days=3), DAY, timedelta(days=3)),
        (timedelta(days=365), DAY, timedelta(days=7)),
    ],
)
def test_an_absurd_lifetime_is_not_believed(said: timedelta, every: timedelta, expected: timedelta) -> None:
    """A year is a mistake of the server: up to 24 intervals are believed, a day in any case, never over a week."""
    assert believed(said, every) == expected


@given(instants, rhythms)
@settings(deadline=None)
def test_hours_and_days_to_be_left_out_are(when: datetime, rhythm: Rhythm | None) -> None:
    """The next instant lies in no hour and on no day that the feed rules out, and is the first such, minutes kept."""
    found = allowed(when, rhythm)
    assert (found - when) % HOUR == timedelta(0)
    if rhythm is None:
        assert found == when
        return
    hours = rhythm.skip_hours if len(rhythm.skip_hours) < 24 else frozenset()
    days = rhythm.skip_days if len(rhythm.skip_days) < 7 else frozenset()
    assert found.hour not in hours and found.weekday() not in days
    while found > when:
        found -= HOUR
        assert found.hour in hours or found.weekday() in days


def test_skipped_hours_are_those_of_greenwich() -> None:
    """An instant in another zone is judged in UTC."""
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))  # 20:34 there, 12:34 in Greenwich
    assert allowed(beijing, Rhythm(skip_hours=frozenset({20}))) == NOW
    assert allowed(beijing, Rhythm(skip_hours=frozenset({12, 13}))) == NOW + 2 * HOUR
    assert allowed(NOW, Rhythm(skip_days=frozenset({2, 3}))) == NOW + 35 * HOUR + timedelta(hours=1)


@given(intervals, st.integers(1, 10_000), waits, st.booleans(), st.integers())
@settings(deadline=None)
def test_failures_are_tried_again_ever_more_slowly(
    every: timedelta, failures: int, retry_after: timedelta | None, refused: bool, seed: int
) -> None:
    """The wait never shrinks, is bounded, is lengthened by chance only, and never less than what was asked for."""

    def wait(count: int, chance: Random | None = None, asked: timedelta | None = None) -> timedelta:
        return next_try(every=every, failures=count, now=NOW, retry_after=asked, refused=refused, chance=chance) - NOW

    assert timedelta(0) < wait(failures) <= wait(failures + 1) <= max(every, DAY)
    assert wait(failures) <= wait(failures, Random(seed)) <= wait(failures) * 1.25 + timedelta(seconds=1)
    assert wait(failures, asked=retry_after) == max(wait(failures), retry_after or timedelta(0))
    if refused:
        assert wait(1) == every


def test_the_waits_in_minutes() -> None:
    """Five minutes at first, doubled up to an hour; what is refused waits as usual, doubled up to a day."""

    def waits(**over: object) -> list[float]:
        return [
            (next_try(every=HOUR, failures=count, now=NOW, **over) - NOW) / timedelta(minutes=1)  # type: ignore[arg-type]
            for count in range(1, 8)
        ]

    assert waits() == [5, 10, 20, 40, 60, 60, 60]
    assert waits(refused=True) == [60, 120, 240, 480, 960, 1440, 1440]
    assert waits(missing_since=NOW - DAY) == [5, 10, 20, 40, 80, 160, 320]
    assert waits(missing_since=NOW - MISSED_FOR) == [SUSPENDED_EVERY / timedelta(minutes=1)] * 7


def test_a_host_rests() -> None:
    """503: five minutes, doubled up to an hour; 429 without a time: an hour; a time that is given is kept to."""
    minutes = [(host_rests(failures=count, now=NOW) - NOW) / timedelta(minutes=1) for count in range(1, 7)]
    assert minutes == [5, 10, 20, 40, 60, 60]
    assert host_rests(failures=1, now=NOW, rate_limited=True) == NOW + HOUR
    assert host_rests(failures=1, now=NOW, rate_limited=True, retry_after=timedelta(seconds=30)) == NOW + HOUR / 12
    assert host_rests(failures=1, now=NOW, retry_after=DAY, chance=Random(1)) == NOW + DAY


def test_a_time_without_a_zone_is_refused() -> None:
    """Hours are counted in UTC: a time that does not say its zone is a fault of the caller."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        next_poll(name="a", every=HOUR, began=naive, now=naive)
    with pytest.raises(ValueError, match="time zone"):
        next_try(every=HOUR, failures=1, now=naive)


def test_an_expiry_in_any_zone_is_read() -> None:
    """`Expires` is an instant, however its zone is written."""
    there = (NOW + HOUR).astimezone(timezone(timedelta(hours=-5)))
    assert lifetime({"expires": format_datetime(there)}, NOW) == HOUR
