"""Digest windows: whole local days and weeks, each instant in exactly one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subscriptions.criteria import Frequency
from subscriptions.digest import DigestWindow, day_before, start_of_day, week_before, window_holding, windows_between

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARIS = ZoneInfo("Europe/Paris")
#: Places where a midnight was skipped or lived twice, a day left out, or the clocks moved by half an hour.
ODD = (
    "America/Sao_Paulo",
    "America/Asuncion",
    "America/Havana",
    "America/Santiago",
    "America/Scoresbysund",
    "America/St_Johns",
    "Africa/Cairo",
    "Africa/El_Aaiun",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Damascus",
    "Asia/Gaza",
    "Asia/Tehran",
    "Asia/Pyongyang",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Chatham",
    "UTC",
)
ZONES = st.one_of(st.sampled_from(ODD), st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})))
INSTANTS = st.datetimes(  # hypothesis wants its limits naive
    datetime(1971, 1, 1),  # noqa: DTZ001
    datetime(2036, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
DIGESTS = st.sampled_from((Frequency.DAILY, Frequency.WEEKLY))


def utc(*parts: int) -> datetime:
    """A time in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@settings(max_examples=400, deadline=None)
@given(INSTANTS, DIGESTS, ZONES)
@example(utc(2018, 11, 4, 3, 0), Frequency.DAILY, "America/Sao_Paulo")
@example(utc(2018, 2, 18, 2, 30), Frequency.DAILY, "America/Sao_Paulo")
@example(utc(2023, 3, 25, 22, 30), Frequency.DAILY, "Asia/Beirut")
@example(utc(2023, 4, 27, 22, 0), Frequency.DAILY, "Africa/Cairo")
@example(utc(2010, 11, 7, 2, 45), Frequency.DAILY, "America/St_Johns")
@example(utc(2011, 12, 30, 10, 0), Frequency.DAILY, "Pacific/Apia")
@example(utc(2011, 12, 30, 9, 59, 59), Frequency.WEEKLY, "Pacific/Apia")
def test_every_instant_lies_in_exactly_one_window(instant: datetime, frequency: Frequency, name: str) -> None:
    """Its window holds it, the next begins where that ends, the one before ends where it begins; none is empty."""
    zone = ZoneInfo(name)
    window = window_holding(instant, frequency, zone)
    after = window_holding(window.ends_at, frequency, zone)
    before = window_holding(window.starts_at - timedelta(microseconds=1), frequency, zone)

    assert window.holds(instant) and not after.holds(instant) and not before.holds(instant)
    assert before.ends_at == window.starts_at < window.ends_at == after.starts_at < after.ends_at
    assert before == (week_before if frequency is Frequency.WEEKLY else day_before)(instant, zone)
    assert window_holding(window.starts_at, frequency, zone) == window
    assert window_holding(window.ends_at - timedelta(microseconds=1), frequency, zone) == window
    assert window.zone == name and window.starts_at.tzinfo is UTC and window.ends_at.tzinfo is UTC


@settings(max_examples=300, deadline=None)
@given(st.dates(date(1971, 1, 1), date(2036, 12, 31)), ZONES)
@example(date(2018, 11, 4), "America/Sao_Paulo")
@example(date(2011, 12, 30), "Pacific/Apia")
@example(date(1993, 8, 21), "Pacific/Kwajalein")
def test_a_day_begins_with_the_first_instant_of_its_date(day: date, name: str) -> None:
    """One second before it is an earlier date; at the start it is this date, or a later one if the day was left out."""
    zone = ZoneInfo(name)
    start = start_of_day(day, zone)

    assert start.astimezone(zone).date() >= day > (start - timedelta(seconds=1)).astimezone(zone).date()


@settings(max_examples=150, deadline=None)
@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=60)), DIGESTS, ZONES, st.floats(0, 1))
def test_making_up_for_an_outage_finds_each_window_once(
    after: datetime, length: timedelta, frequency: Frequency, name: str, part: float
) -> None:
    """What closed in a stretch of time is what closed in its first part and then in its second, without a gap."""
    zone, until, middle = ZoneInfo(name), after + length, after + length * part
    whole = windows_between(after, until, frequency, zone)

    assert whole == windows_between(after, middle, frequency, zone) + windows_between(middle, until, frequency, zone)
    assert all(after < window.ends_at <= until for window in whole)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(whole))
    expected = (week_before if frequency is Frequency.WEEKLY else day_before)(until, zone)
    assert (whole[-1] == expected) if whole else expected.ends_at <= after


def test_a_week_runs_from_monday_to_monday_in_the_readers_zone() -> None:
    """On Monday 8 June 2026 at 08:00 in Shanghai the week before is 1 to 7 June, the 23rd of the year."""
    window = week_before(datetime(2026, 6, 8, 8, 0, tzinfo=SHANGHAI), SHANGHAI)

    assert window == DigestWindow(
        frequency=Frequency.WEEKLY,
        starts_at=utc(2026, 5, 31, 16),
        ends_at=utc(2026, 6, 7, 16),
        number=23,
        zone="Asia/Shanghai",
    )
    assert (window.first_day, window.last_day, window.year) == (date(2026, 6, 1), date(2026, 6, 7), 2026)


def test_a_window_is_over_at_its_end_and_not_before() -> None:
    """At Monday 00:00 the week that ended is the one before; a microsecond earlier it still runs."""
    midnight = datetime(2026, 6, 8, tzinfo=SHANGHAI)

    assert week_before(midnight, SHANGHAI).number == 23
    assert week_before(midnight - timedelta(microseconds=1), SHANGHAI).number == 22
    assert day_before(midnight, SHANGHAI).last_day == date(2026, 6, 7)


def test_the_week_of_a_clock_change_is_an_hour_longer_or_shorter() -> None:
    """Seven local days are not seven times 24 hours: nothing of the last hour falls into two digests or none."""
    autumn = window_holding(utc(2026, 10, 25, 1, 30), Frequency.WEEKLY, PARIS)
    spring = window_holding(utc(2026, 3, 29, 1, 30), Frequency.WEEKLY, PARIS)

    assert autumn.ends_at - autumn.starts_at == timedelta(hours=169)
    assert spring.ends_at - spring.starts_at == timedelta(hours=167)


def test_both_passes_of_an_hour_lived_twice_lie_in_one_day() -> None:
    """02:30 comes twice in Paris on 25 October 2026; both belong to that day."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    second = first.replace(fold=1)

    assert first.astimezone(UTC) != second.astimezone(UTC)
    assert window_holding(first, Frequency.DAILY, PARIS) == window_holding(second, Frequency.DAILY, PARIS)


def test_a_day_without_midnight_begins_at_one() -> None:
    """In São Paulo 4 November 2018 began at 01:00, in Beirut 26 March 2023 too."""
    brazil, lebanon = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Beirut")

    assert start_of_day(date(2018, 11, 4), brazil).astimezone(brazil).hour == 1
    assert start_of_day(date(2023, 3, 26), lebanon).astimezone(lebanon).hour == 1


def test_a_gap_that_begins_before_midnight_is_cut_where_the_clocks_jump() -> None:
    """In Toronto on 30 March 1919 clocks went from 23:30 to 00:30: the 31st began half an hour into itself."""
    toronto = ZoneInfo("America/Toronto")
    start = start_of_day(date(1919, 3, 31), toronto).astimezone(toronto)

    assert (start.date(), start.hour, start.minute) == (date(1919, 3, 31), 0, 30)
    assert (start.astimezone(UTC) - timedelta(seconds=1)).astimezone(toronto).date() == date(1919, 3, 30)


def test_a_day_that_was_left_out_has_no_window() -> None:
    """Apia went from 29 to 31 December 2011: the day before the 31st is the 29th."""
    apia = ZoneInfo("Pacific/Apia")
    window = day_before(datetime(2011, 12, 31, 12, tzinfo=apia), apia)

    assert window.last_day == date(2011, 12, 29)
    assert [one.number for one in windows_between(window.starts_at, utc(2012, 1, 1), Frequency.DAILY, apia)] == [
        363,
        365,
    ]


def test_numbers_count_by_the_calendar_they_belong_to() -> None:
    """29 December 2025 is in week 1 of 2026; 31 December 2028 is day 366."""
    week = window_holding(datetime(2025, 12, 29, 12, tzinfo=SHANGHAI), Frequency.WEEKLY, SHANGHAI)
    day = window_holding(datetime(2028, 12, 31, 12, tzinfo=SHANGHAI), Frequency.DAILY, SHANGHAI)

    assert (week.number, week.year) == (1, 2026)
    assert (day.number, day.year) == (366, 2028)


def test_nothing_closed_in_no_time() -> None:
    """The run at the very end of a window owns it: looking again from that instant finds nothing twice."""
    end = datetime(2026, 6, 8, tzinfo=SHANGHAI)

    assert [one.number for one in windows_between(end - timedelta(days=1), end, Frequency.WEEKLY, SHANGHAI)] == [23]
    assert windows_between(end, end + timedelta(days=6), Frequency.WEEKLY, SHANGHAI) == ()
    assert windows_between(end, end - timedelta(days=30), Frequency.WEEKLY, SHANGHAI) == ()


def test_a_naive_time_and_an_immediate_window_are_refused() -> None:
    """A time without a zone is no instant; what is told at once has no window."""
    naive = datetime(2026, 6, 8)  # noqa: DTZ001

    for ask in (
        lambda: week_before(naive, SHANGHAI),
        lambda: windows_between(utc(2026, 1, 1), naive, Frequency.DAILY, SHANGHAI),
        lambda: window_holding(utc(2026, 6, 1), Frequency.DAILY, SHANGHAI).holds(naive),
    ):
        with pytest.raises(ValueError, match="names no zone"):
            ask()
    with pytest.raises(ValueError, match="immediately"):
        window_holding(utc(2026, 6, 8), Frequency.IMMEDIATE, SHANGHAI)
