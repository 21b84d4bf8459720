"""When a subscriber may be written to: zone, weekday and hour of digests, quiet hours, public holidays.

Quiet hours and holidays are stretches of time, each from one instant up to, but not including, another; a message
waits for the first instant that lies in none of them. So what may be sent now is never put off, putting off twice is
putting off once, and of two messages the earlier never goes later than the other.

A clock time that comes twice, when clocks go back, counts the first time; one that is skipped is the first instant
at which the clocks show a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays as calendars

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: No chain of holidays and quiet hours is longer: a message is put off for at most so long.
LONGEST = timedelta(days=30)

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_SATURDAY = 5
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class RhythmError(ValueError):
    """What was asked for is no rhythm; the sentence says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a subscriber wants to be written to. The plain one: at any time, weeks from Monday, in our own zone.

    Raises `RhythmError`.
    """

    zone: str = ""  #: IANA name: "Europe/Paris"; empty: the installation's
    weekday: int = 0  #: of the weekly digest: the week ends as this day begins; 0: Monday
    digest_at: time | None = None  #: a digest goes out then, not at the midnight that ends its window
    quiet_from: time | None = None  #: nothing goes out from then …
    quiet_until: time | None = None  #: … until then; may span midnight
    holidays: str = ""  #: country whose public holidays are kept: "CN"; empty: none
    tell_nothing_new: bool = False  #: a digest comes also when there is nothing new

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        if self.zone and not _is_zone(self.zone):
            raise RhythmError(f"{self.zone!r} is no time zone; write one like Asia/Shanghai or Europe/Paris")
        if not 0 <= self.weekday <= 6:
            raise RhythmError(f"{self.weekday} is no weekday; write 0 for Monday to 6 for Sunday")
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise RhythmError("quiet hours have a beginning and an end; write them as 22:00-07:00")
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise RhythmError("quiet hours that end when they begin leave no time to write; write them as 22:00-07:00")
        if self.holidays and self.holidays not in known_countries():
            raise RhythmError(f"the public holidays of {self.holidays!r} are not known; write a code like CN or FR")


#: The plain rhythm.
AT_ANY_TIME = Rhythm()


def next_allowed(instant: datetime, rhythm: Rhythm, home: ZoneInfo) -> datetime:
    """The first instant, not before this one, at which the subscriber may be written to; in UTC.

    `home` is the zone of a rhythm that names none. Raises `ValueError` for a naive instant.
    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} names no zone; give an instant, as datetime.now(UTC)")
    found = instant.astimezone(UTC)
    latest = found + LONGEST
    while found < latest:
        ends = [end for start, end in _stretches(found, rhythm, zone_of(rhythm, home)) if start <= found < end]
        if not ends:
            return found
        found = max(ends)
    return latest


def digest_due(ends_at: datetime, rhythm: Rhythm, home: ZoneInfo) -> datetime:
    """When the digest of a window that ends at that instant goes out."""
    zone = zone_of(rhythm, home)
    due = ends_at
    if rhythm.digest_at is not None:
        due = max(due, first_at(ends_at.astimezone(zone).date(), rhythm.digest_at, zone))
    return next_allowed(due, rhythm, home)


def zone_of(rhythm: Rhythm, home: ZoneInfo) -> ZoneInfo:
    """The zone in which a rhythm's clock times are meant."""
    return ZoneInfo(rhythm.zone) if rhythm.zone else home


@lru_cache(maxsize=8192)
def first_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clocks of a zone show this time of this day or a later one."""
    wanted = datetime.combine(day, clock)
    start = wanted.replace(tzinfo=zone).astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == wanted:
        return start
    # The time was skipped. Read with the offset after the change it lies before the change, read with the offset
    # before it, at or after the change: what is looked for is in between, where the clocks jump over it.
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = 0, int((start - before) / _SECOND)
    while low < high:
        middle = (low + high) // 2
        if (before + middle * _SECOND).astimezone(zone).replace(tzinfo=None) >= wanted:
            high = middle
        else:
            low = middle + 1
    return before + low * _SECOND


def quiet_hours(text: str) -> tuple[time, time]:
    """Both ends of "22:00-07:00". Raises `RhythmError`."""
    start, dash, end = re.sub(r"\s*[-–—~～至]\s*", "-", text.strip().replace("：", ":")).partition("-")
    if not dash:
        raise RhythmError(f"{text!r} are no quiet hours; write them as 22:00-07:00")
    return clock_time(start), clock_time(end)


def clock_time(text: str) -> time:
    """A time of the day as people write it: "9:00", "21:30". Raises `RhythmError`."""
    found = _CLOCK.fullmatch(text.strip().replace("：", ":"))
    if found is None:
        raise RhythmError(f"{text!r} is no time of the day; write it as 09:00")
    return time(int(found[1]), int(found[2]))


def weekday(text: str) -> int:
    """A weekday as people write it: "monday", "Mon". Raises `RhythmError`."""
    plain = text.strip().lower()
    near = [number for number, name in enumerate(WEEKDAYS) if len(plain) >= 3 and name.startswith(plain)]
    if len(near) != 1:
        raise RhythmError(f"{text!r} is no weekday; write {', '.join(WEEKDAYS)}")
    return near[0]


@cache
def known_countries() -> frozenset[str]:
    """The countries whose public holidays are known, by their codes of two letters."""
    return frozenset(calendars.list_supported_countries(include_aliases=False))


@cache
def _is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _stretches(instant: datetime, rhythm: Rhythm, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The quiet hours and holidays that may hold an instant."""
    today = instant.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        if rhythm.holidays and _is_holiday(day, rhythm.holidays):
            yield first_at(day, time(0), zone), first_at(day + _DAY, time(0), zone)
        if rhythm.quiet_from is not None and rhythm.quiet_until is not None:
            last = day if rhythm.quiet_from < rhythm.quiet_until else day + _DAY
            yield first_at(day, rhythm.quiet_from, zone), first_at(last, rhythm.quiet_until, zone)


def _is_holiday(day: date, country: str) -> bool:
    """Whether a day is a public holiday, or of a weekend that lies between two."""
    if day in _calendar(country, day.year):
        return True
    if day.weekday() < _SATURDAY:
        return False
    friday, monday = day - (day.weekday() - 4) * _DAY, day + (7 - day.weekday()) * _DAY
    return friday in _calendar(country, friday.year) and monday in _calendar(country, monday.year)


@lru_cache(maxsize=256)
def _calendar(country: str, year: int) -> frozenset[date]:
    # Of one year, and never grown: a calendar that grows while it is asked would not be the same for all.
    return frozenset(calendars.country_holidays(country, years=year))
