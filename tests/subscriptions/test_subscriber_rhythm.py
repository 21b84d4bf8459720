"""Quiet hours and holidays put off and never drop, in every zone and across every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subscriptions.criteria import Frequency
from subscriptions.digest import window_holding, windows_between
from subscriptions.rhythm import (
    LONGEST,
    Rhythm,
    RhythmError,
    clock_time,
    digest_due,
    first_at,
    known_countries,
    next_allowed,
    quiet_hours,
    weekday,
)

SHANGHAI, PARIS = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris")
#: Half-hour changes, changes at midnight, a day left out, fifteen and forty-five minutes, no change at all.
ZONES = (
    "Asia/Shanghai",
    "Europe/Paris",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "America/Havana",
)
instants = st.timedeltas(timedelta(0), timedelta(days=366 * 24)).map(
    lambda wait: datetime(2006, 1, 1, tzinfo=UTC) + wait
)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
nights = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1])
rhythms = st.builds(
    lambda zone, night, country, at: Rhythm(
        zone=zone,
        quiet_from=night[0] if night else None,
        quiet_until=night[1] if night else None,
        holidays=country,
        digest_at=at,
    ),
    zone=st.sampled_from(ZONES),
    night=st.none() | nights,
    country=st.sampled_from(["", "CN", "FR", "BR", "EG", "JP"]),
    at=st.none() | clocks,
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@given(instants, rhythms)
@example(utc(2011, 12, 30, 9, 59), Rhythm(zone="Pacific/Apia", quiet_from=time(22), quiet_until=time(7)))
@example(utc(2010, 11, 7, 2, 40), Rhythm(zone="America/St_Johns", quiet_from=time(23), quiet_until=time(0, 30)))
def test_a_message_waits_for_the_first_instant_at_which_it_may_go(instant: datetime, rhythm: Rhythm) -> None:
    """Never earlier, never for good; put off again it goes at the same instant; outside the hours and days kept."""
    allowed = next_allowed(instant, rhythm, SHANGHAI)

    assert instant <= allowed < instant + LONGEST
    assert next_allowed(allowed, rhythm, SHANGHAI) == allowed
    if allowed > instant:
        just_before = max(instant, allowed - timedelta(seconds=1))
        assert next_allowed(just_before, rhythm, SHANGHAI) == allowed


@given(instants, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)), rhythms)
def test_of_two_messages_the_earlier_never_goes_later(instant: datetime, wait: timedelta, rhythm: Rhythm) -> None:
    """Whatever was due first may go first."""
    assert next_allowed(instant, rhythm, SHANGHAI) <= next_allowed(instant + wait, rhythm, SHANGHAI)


@given(instants, rhythms.filter(lambda rhythm: rhythm.quiet_from is not None))
def test_nothing_goes_out_in_quiet_hours(instant: datetime, rhythm: Rhythm) -> None:
    """By the clock on the wall, but in an hour that is lived twice or skipped."""
    assert rhythm.quiet_from is not None and rhythm.quiet_until is not None
    zone = ZoneInfo(rhythm.zone)
    local = next_allowed(instant, rhythm, SHANGHAI).astimezone(zone)
    offsets = {(local + timedelta(hours=hours)).astimezone(UTC).astimezone(zone).utcoffset() for hours in (-36, 36)}
    if len(offsets) > 1:
        return
    wall, start, end = local.time(), rhythm.quiet_from, rhythm.quiet_until
    assert not (start <= wall < end if start < end else wall >= start or wall < end)


@given(instants, st.sampled_from(ZONES), st.integers(0, 6))
def test_a_week_of_any_weekday_holds_every_instant_once(instant: datetime, name: str, first: int) -> None:
    """Weeks from any weekday lie end to end, begin with that weekday, and none is made up twice."""
    zone = ZoneInfo(name)
    window = window_holding(instant, Frequency.WEEKLY, zone, first)
    after = window_holding(window.ends_at, Frequency.WEEKLY, zone, first)

    assert window.holds(instant) and window.ends_at == after.starts_at
    skipped = name == "Pacific/Apia" and window.starts_at <= utc(2011, 12, 31) <= after.ends_at
    assert skipped or window.first_day.weekday() == first
    made_up = windows_between(instant - timedelta(days=40), instant, Frequency.WEEKLY, zone, first)
    assert len({one.starts_at for one in made_up}) == len(made_up)
    assert made_up[-1].ends_at == window.starts_at


@given(instants, rhythms, st.integers(0, 6), st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]))
def test_a_digest_goes_out_after_its_window(
    instant: datetime, rhythm: Rhythm, first: int, frequency: Frequency
) -> None:
    """At the hour asked for, or when quiet hours and holidays are over; never before the window ends."""
    window = window_holding(instant, frequency, ZoneInfo(rhythm.zone), first)
    due = digest_due(window.ends_at, rhythm, SHANGHAI)

    assert window.ends_at <= due < window.ends_at + LONGEST + timedelta(days=1)
    assert next_allowed(due, rhythm, SHANGHAI) == due


def test_a_night_in_shanghai() -> None:
    """News at eleven in the evening waits until seven, news at noon does not."""
    rhythm = Rhythm(quiet_from=time(22), quiet_until=time(7))

    assert next_allowed(utc(2026, 3, 2, 15), rhythm, SHANGHAI) == utc(2026, 3, 2, 23)
    assert next_allowed(utc(2026, 3, 2, 4), rhythm, SHANGHAI) == utc(2026, 3, 2, 4)
    assert next_allowed(utc(2026, 3, 2, 23), rhythm, SHANGHAI) == utc(2026, 3, 2, 23)


def test_the_national_day_week_is_kept_whole() -> None:
    """From 1 October on nothing goes out in China before the first working day, and then after the quiet hours."""
    rhythm = Rhythm(zone="Asia/Shanghai", holidays="CN", quiet_from=time(20), quiet_until=time(8))

    assert next_allowed(utc(2025, 10, 1, 2), rhythm, PARIS) == utc(2025, 10, 9, 0)


def test_the_night_the_clocks_change() -> None:
    """Quiet hours end when the clock first shows their end: after nine hours or seven where it is usually eight."""
    rhythm = Rhythm(zone="Europe/Paris", quiet_from=time(23), quiet_until=time(7))

    assert next_allowed(utc(2026, 10, 24, 21), rhythm, SHANGHAI) - utc(2026, 10, 24, 21) == timedelta(hours=9)
    assert next_allowed(utc(2026, 3, 28, 22), rhythm, SHANGHAI) - utc(2026, 3, 28, 22) == timedelta(hours=7)


def test_quiet_hours_that_end_in_an_hour_that_is_skipped() -> None:
    """Half past two does not come; the quiet is over when the clocks jump from two to three."""
    rhythm = Rhythm(zone="Europe/Paris", quiet_from=time(22), quiet_until=time(2, 30))

    assert next_allowed(utc(2026, 3, 28, 23), rhythm, SHANGHAI) == utc(2026, 3, 29, 1)


def test_quiet_hours_that_end_in_an_hour_that_is_lived_twice() -> None:
    """Half past two comes twice; the quiet ends with the first and does not come back."""
    rhythm = Rhythm(zone="Europe/Paris", quiet_from=time(22), quiet_until=time(2, 30))
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 15)

    assert next_allowed(utc(2026, 10, 24, 23), rhythm, SHANGHAI) == first
    assert next_allowed(second, rhythm, SHANGHAI) == second


def test_a_digest_at_nine() -> None:
    """A week that ends at midnight is told at nine, on a holiday the day after."""
    rhythm = Rhythm(zone="Europe/Paris", digest_at=time(9), holidays="FR")
    monday, easter_monday = utc(2026, 3, 1, 23), utc(2026, 4, 5, 22)

    assert digest_due(monday, rhythm, SHANGHAI) == utc(2026, 3, 2, 8)
    assert digest_due(easter_monday, rhythm, SHANGHAI) == utc(2026, 4, 6, 22)


def test_what_people_write() -> None:
    """Hours, spans of hours and weekdays are read as people write them."""
    assert quiet_hours("22:00-07:00") == quiet_hours(" 22:00 – 7:00 ") == quiet_hours("22：00至07：00")
    assert quiet_hours("22:00-07:00") == (time(22), time(7))
    assert clock_time("9:05") == time(9, 5)
    assert [weekday(text) for text in ("Monday", "wed", "SUN")] == [0, 2, 6]
    assert {"CN", "FR", "KE"} <= known_countries()
    assert first_at(date(2026, 3, 2), time(9), SHANGHAI) == utc(2026, 3, 2, 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Rhythm(zone="Mars/Olympus"), "no time zone"),
        (lambda: Rhythm(zone="../etc/passwd"), "no time zone"),
        (lambda: Rhythm(quiet_from=time(22)), "22:00-07:00"),
        (lambda: Rhythm(quiet_from=time(7), quiet_until=time(7)), "no time to write"),
        (lambda: Rhythm(holidays="XX"), "like CN or FR"),
        (lambda: Rhythm(weekday=7), "no weekday"),
        (lambda: quiet_hours("22:00"), "22:00-07:00"),
        (lambda: quiet_hours("22-7"), "09:00"),
        (lambda: clock_time("25:00"), "09:00"),
        (lambda: weekday("t"), "monday, tuesday"),
        (lambda: next_allowed(utc(2026, 1, 1).replace(tzinfo=None), Rhythm(), SHANGHAI), "names no zone"),
    ],
)
def test_what_is_no_rhythm_is_refused_with_a_sentence(wrong: object, says: str) -> None:
    """And the sentence says what to write."""
    with pytest.raises(ValueError, match=says):
        wrong()  # type: ignore[operator]
    assert issubclass(RhythmError, ValueError)
