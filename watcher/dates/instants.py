"""Days that machines write: RFC 822 and its abuses, ISO 8601, seconds since 1970. Read only if nothing else is there.

The wording is folded before (`watcher.dates.fold`): lower case, plain digits, single blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta, timezone, tzinfo
from typing import Final

from watcher.dates.calendar import EARLIEST, LATEST, Reckoned, full_year, reckon
from watcher.dates.clock import Clock, day_in, day_of_instant, read_clock
from watcher.dates.months import MONTHS_BESIDE_A_DAY
from watcher.dates.patterns import Context, names

_NUMBERS: Final = names(MONTHS_BESIDE_A_DAY)[1]
_MONTH: Final = r"(?P<month>[^\W\d_][^\s\d,/-]{1,13})"
_WEEKDAY: Final = r"(?:(?:[^\W\d_]{1,10}\.?(?:-[^\W\d_]{1,6})?)[ ,]{1,2})?"
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?"

#: Seconds and milliseconds of days that are believed. From 2001 on: fewer digits are numbers of something else.
_SECONDS: Final = re.compile(r"(\d{10})(?:\.\d{1,9})?|(\d{13})(?:\.0+)?")
_DOTNET: Final = re.compile(r"(?:new )?\\?/?date\((-?\d{1,17})(?:([+-])(\d{2})(\d{2}))?\)\\?/?")
_COMPACT_WITH_HOUR: Final = re.compile(r"(?:19[89]\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-4])")


_NO_TIME: Final = Clock()


@dataclass(frozen=True, slots=True)
class Instant:
    """A day as written, the time beside it, or the seconds that stand for both."""

    reckoned: Reckoned
    clock: Clock = _NO_TIME
    seconds: float | None = None

    def day_in(self, zone: tzinfo | None) -> date | None:
        """The day in `zone`, or as it is written; None: not believed, or not to be told."""
        if self.reckoned.value is None:
            return None
        if self.seconds is not None and zone is not None:
            return day_of_instant(self.seconds, zone)
        return day_in(self.reckoned.value, self.clock, zone)


_Read = Callable[[re.Match[str], Context], Reckoned | None]
_FORMS: list[tuple[re.Pattern[str], _Read]] = []


def _form(pattern: str) -> Callable[[_Read], _Read]:
    def register(read: _Read) -> _Read:
        _FORMS.append((re.compile(pattern), read))
        return read

    return register


def read_instant(text: str, context: Context) -> Instant | None:
    """The instant that the whole of a folded `text` is; None: it is written in another way."""
    if len(text) > 120:
        return None
    if found := _SECONDS.fullmatch(text):
        if found[1] and _COMPACT_WITH_HOUR.fullmatch(found[1]):
            doubt = f"{text} may be a day with its hour or seconds since 1970; look the day up in the document."
            return Instant(Reckoned(doubt=doubt))
        return _since_1970(int(found[1]) if found[1] else int(found[2]) / 1000)
    if found := _DOTNET.fullmatch(text):
        offset = timedelta(hours=int(found[3] or 0), minutes=int(found[4] or 0))
        return _since_1970(int(found[1]) / 1000, -offset if found[2] == "-" else offset)
    for pattern, read in _FORMS:
        found = pattern.match(text)
        clock = read_clock(_behind(found)) if found else None
        if found and clock and (reckoned := read(found, context)):
            return Instant(reckoned, clock)
    return None


def _behind(found: re.Match[str]) -> str:
    """What stands behind the day; the time in front of its year, if that is where it stands."""
    inside = found.groupdict().get("inside")
    rest = found.string[found.end() :]
    return f" {inside.strip()}{rest}" if inside else rest


def _since_1970(seconds: float, offset: timedelta = timedelta()) -> Instant:
    doubt = "It counts seconds from 1970 to no believable day; look it up in the document."
    try:
        day = day_of_instant(seconds, timezone(offset))
    except (OverflowError, OSError, ValueError):
        return Instant(Reckoned(doubt=doubt))
    if not EARLIEST <= day <= LATEST:
        return Instant(Reckoned(doubt=doubt))
    return Instant(Reckoned(day), seconds=seconds)


@_form(r"(\d{4})-(0\d|1[0-2])-(\d{2})(?!\d)")
@_form(r"(\d{4})(\d{2})(\d{2})(?=t|$)")
def _iso(found: re.Match[str], context: Context) -> Reckoned:
    return reckon(int(found[1]), int(found[2]), int(found[3]), stated_in=context.stated_in)


@_form(r"(\d{4})-?w(\d{2})-?([1-7])(?!\d)")
def _iso_week(found: re.Match[str], context: Context) -> Reckoned:
    try:
        day = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return Reckoned(doubt=f"{found[1]} has no week {found[2]}; look the day up in the document.")
    return reckon(day.year, day.month, day.day, stated_in=context.stated_in)


@_form(r"(\d{4})-(\d{3})(?!\d)")
def _iso_ordinal(found: re.Match[str], context: Context) -> Reckoned:
    year, number = int(found[1]), int(found[2])
    if not (EARLIEST.year <= year <= LATEST.year and 1 <= number <= 366):
        return Reckoned(doubt=f"{found[0]} is no believable day of a year; look it up in the document.")
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        return Reckoned(doubt=f"{year} has no day {number}; look it up in the document.")
    return reckon(day.year, day.month, day.day, stated_in=context.stated_in)


@_form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -]{{1,2}}{_MONTH}[ -]{{1,2}}(?P<year>\d{{4}}|\d{{2}})(?!\d)")
@_form(rf"{_WEEKDAY}{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})(?!\d)")
@_form(
    rf"{_WEEKDAY}{_MONTH} (?P<day>\d{{1,2}})"
    rf"(?P<inside> {_TIME}(?: [a-z]{{1,5}}| ?[+-]\d{{2}}:?\d{{2}})?) (?P<year>\d{{4}})$"
)
def _rfc_822(found: re.Match[str], context: Context) -> Reckoned | None:
    month, written = _NUMBERS.get(found["month"].rstrip(".")), found["year"]
    if month is None:
        return None
    if len(written) == 2 and "\u0e00" <= found["month"][0] <= "\u0e7f":
        return None  # a Thai year, of one era or another
    year = full_year(int(written)) if len(written) == 2 else int(written)
    return reckon(year, month, int(found["day"]), stated_in=context.stated_in)
