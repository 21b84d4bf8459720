"""The windows that digests are cut into: whole local days, whole local weeks.

A window begins at the first instant of a local day and ends where the next one begins, so that every instant lies
in exactly one window of each frequency, however the clocks are changed:

- the day of a change has 23 or 25 hours, a week 167 or 169;
- where midnight does not exist (clocks go from 00:00 to 01:00: São Paulo until 2018, Beirut, Cairo), the day
  begins with the first instant that has its date;
- where midnight comes twice (clocks go back at 00:01 to 23:01: St John's until 2011, Havana at 01:00), it begins
  with the first of the two, and the hour that is lived twice belongs to the day that has begun;
- a day that a place left out (Apia, 30 December 2011) has no window.

Start and end are kept in UTC: Python compares two times of one zone by their wall clocks, which is wrong across a
change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from subscriptions.criteria import Frequency
from subscriptions.rhythm import first_at

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWindow:
    """One day or one week of a place: everything from `starts_at` up to, but not including, `ends_at`."""

    frequency: Frequency  #: daily or weekly
    starts_at: datetime  #: UTC
    ends_at: datetime  #: UTC; the next window's start
    number: int  #: ISO week of the year that its first day lies in, or day of the year
    zone: str  #: IANA name of the zone whose midnights cut it: "Asia/Shanghai"

    def holds(self, instant: datetime) -> bool:
        """Whether an instant lies in this window. Raises `ValueError` for a naive one."""
        return self.starts_at <= _aware(instant) < self.ends_at

    @property
    def first_day(self) -> date:
        """The first local day in it."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The last local day in it."""
        return max(self.first_day, (self.ends_at - _SECOND).astimezone(ZoneInfo(self.zone)).date())

    @property
    def year(self) -> int:
        """The year that `number` counts in. For a week the ISO year: 29 December may be in week 1 of the next."""
        return self.first_day.isocalendar().year if self.frequency is Frequency.WEEKLY else self.first_day.year


def week_before(now: datetime, zone: ZoneInfo) -> DigestWindow:
    """The last whole week, Monday 00:00 to Monday 00:00 local time, that is over at `now`."""
    return _last_over(now, Frequency.WEEKLY, zone)


def day_before(now: datetime, zone: ZoneInfo) -> DigestWindow:
    """The last whole local day that is over at `now`."""
    return _last_over(now, Frequency.DAILY, zone)


def window_holding(instant: datetime, frequency: Frequency, zone: ZoneInfo, weekday: int = 0) -> DigestWindow:
    """The one window of a frequency that an instant lies in; weeks begin with that weekday, 0: Monday.

    Raises `ValueError` for a naive instant, for `Frequency.IMMEDIATE` and for a zone without an IANA name.
    """
    first = _first_day(_aware(instant).astimezone(zone).date(), frequency, weekday)
    # In an hour before midnight that is lived twice, the wall's date falls behind: the next day has begun already.
    while start_of_day(first + _step(frequency), zone) <= instant:
        first += _step(frequency)
    return _window(first, frequency, zone)


def windows_between(
    after: datetime, until: datetime, frequency: Frequency, zone: ZoneInfo, weekday: int = 0
) -> tuple[DigestWindow, ...]:
    """The windows that closed after `after` and not later than `until`, oldest first.

    For making up after an outage: `after` is when the last run looked, `until` is now. A window that closes in the
    very instant `after` was that run's own.
    """
    _aware(until)
    return tuple(_closing(after, until, frequency, zone, weekday))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clocks of a zone show midnight of this day or a later time."""
    return first_at(day, time(0), zone)


def _last_over(now: datetime, frequency: Frequency, zone: ZoneInfo) -> DigestWindow:
    running = window_holding(now, frequency, zone)
    first = _first_day(running.first_day, frequency, 0)
    while True:
        first -= _step(frequency)
        window = _window(first, frequency, zone)
        if window.starts_at < window.ends_at:
            return window


def _closing(
    after: datetime, until: datetime, frequency: Frequency, zone: ZoneInfo, weekday: int
) -> Iterator[DigestWindow]:
    window = window_holding(after, frequency, zone, weekday)
    while window.ends_at <= until:
        yield window
        window = window_holding(window.ends_at, frequency, zone, weekday)


def _window(first: date, frequency: Frequency, zone: ZoneInfo) -> DigestWindow:
    if not zone.key:
        raise ValueError("a digest window needs a zone with an IANA name, as ZoneInfo('Asia/Shanghai')")
    weekly = frequency is Frequency.WEEKLY
    return DigestWindow(
        frequency=frequency,
        starts_at=start_of_day(first, zone),
        ends_at=start_of_day(first + _step(frequency), zone),
        number=first.isocalendar().week if weekly else first.timetuple().tm_yday,
        zone=zone.key,
    )


def _first_day(day: date, frequency: Frequency, weekday: int) -> date:
    """The day that the window of a day begins with."""
    return day - (day.weekday() - weekday) % 7 * _DAY if frequency is Frequency.WEEKLY else day


def _step(frequency: Frequency) -> timedelta:
    if frequency is Frequency.IMMEDIATE:
        raise ValueError("what is told immediately has no digest window; ask for daily or weekly ones")
    return 7 * _DAY if frequency is Frequency.WEEKLY else _DAY


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} names no zone; digest windows need an instant, as datetime.now(UTC)")
    return instant
