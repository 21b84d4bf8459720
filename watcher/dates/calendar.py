"""Calendars: which numbers can be a day, in whose era, how months are counted, and which days are believed."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from hijridate import Hijri

DayOrder = Literal["dmy", "mdy", "ymd"]

#: The TBT Code of 1980 brought the first notifications: what lies before is a slip or a placeholder.
EARLIEST = date(1980, 1, 1)
LATEST = date(2100, 12, 31)
#: No rule is announced longer before it applies.
YEARS_AHEAD = 20

#: Era → year of the common era in which its year 0 lies.
ERAS = {
    **dict.fromkeys(("中华民国", "民国", "roc", "r.o.c."), 1911),
    **dict.fromkeys(("令和", "r"), 2018),
    **dict.fromkeys(("平成", "h"), 1988),
    **dict.fromkeys(("昭和", "s"), 1925),
}
_ERA_NAMES = {
    1911: "the Republic of China era",
    2018: "the Reiwa era",
    1988: "the Heisei era",
    1925: "the Showa era",
    -543: "the Buddhist era",
}
BUDDHIST = -543
#: The Hijri years that are reckoned if nothing but the number says so; earlier ones may be of the solar calendar of
#: Iran and Afghanistan, in which 2026 is 1405.
_HIJRI: Final = range(1421, 1501)
_MARKED_HIJRI: Final = range(1400, 1501)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day, or why there is none. Neither: a placeholder such as 0000-00-00."""

    value: date | None = None
    doubt: str | None = None
    rule: str | None = None  #: from which calendar the day was carried over
    other_calendar: bool = False  #: of the Hijri calendar: a day of the common one beside it is believed first


def reckon(
    year: int, month: int = 1, day: int | None = None, *, era: int = 0, stated_in: date | None = None
) -> Reckoned:
    """The day of `year` (of `era`, if not the common one), if the calendar has it and it is believable.

    Without `day` the first of the month; a Hijri year or month alone is not reckoned.
    """
    if year <= 1 and not era:  # 0000-00-00, and 0001-01-01, which is how some programs write "none"
        return Reckoned()
    rule = None
    if not era and EARLIEST.year - BUDDHIST <= year <= LATEST.year - BUDDHIST:
        era = BUDDHIST
    if era:
        rule = f"year {year} of {_ERA_NAMES[era]} = {year + era}"
        year += era
    if 1300 <= year <= 1500 and not era:
        return reckon_hijri(year, month, day, stated_in=stated_in)
    day = 1 if day is None else day
    if not (1 <= year <= 9998 and 1 <= month <= 12 and 1 <= day <= 31):
        return Reckoned(doubt=f"{year}-{month:02}-{day:02} is no believable day; look it up in the document.")
    if day > monthrange(year, month)[1]:
        return Reckoned(doubt=f"{year}-{month:02} has no day {day}; look it up in the document.")
    value = date(year, month, day)
    if doubt := doubt_about(value, stated_in):
        return Reckoned(doubt=doubt)
    if era == BUDDHIST and stated_in and value.year < stated_in.year - YEARS_AHEAD:
        typed = year - era
        return Reckoned(doubt=f"{typed} may be a Buddhist year or a slip of the pen; look the day up in the document.")
    return Reckoned(value, rule=rule)


def reckon_hijri(
    year: int, month: int, day: int | None, *, stated_in: date | None = None, marked: bool = False
) -> Reckoned:
    """A day of the Hijri calendar as Saudi Arabia's Umm al-Qura tables have it; `marked`: the wording names it so."""
    looks = f"The year {year} looks like one of the Hijri calendar; look the day up in the document."
    if day is None or year not in (_MARKED_HIJRI if marked else _HIJRI):
        return Reckoned(doubt=looks, other_calendar=True)
    try:
        value = date(*Hijri(year, month, day).to_gregorian().datetuple())
    except (ValueError, OverflowError):
        return Reckoned(doubt=f"The Hijri calendar has no day {year}-{month:02}-{day:02}; look it up.")
    doubt = doubt_about(value, stated_in)
    if doubt or (stated_in and value.year < stated_in.year - YEARS_AHEAD):
        return Reckoned(doubt=doubt or looks, other_calendar=True)
    return Reckoned(value, rule=f"year {year} of the Hijri era = {value.year}", other_calendar=True)


def doubt_about(day: date, stated_in: date | None) -> str | None:
    """Why `day` is not believed of a document distributed on `stated_in`, as a sentence; None: it is believed."""
    if day < EARLIEST:
        return f"{day} lies before {EARLIEST.year}, too early for a notification; look it up in the document."
    if stated_in is not None and day > _plus_years(stated_in, YEARS_AHEAD):
        return f"{day} lies more than {YEARS_AHEAD} years after the document of {stated_in}; look it up there."
    if day > LATEST:
        return f"{day} lies after {LATEST.year}, too late for a notification; look it up in the document."
    return None


def add(day: date, *, months: int = 0, days: int = 0) -> date:
    """`day` moved by calendar months (31 January + 1 month = 28 or 29 February), then by days. Raises OverflowError."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("a day outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + timedelta(days=days)


def _plus_years(day: date, years: int) -> date:
    return add(day, months=12 * years) if day.year <= 9999 - years else date.max


def in_order(a: int, b: int, c: int, order: DayOrder, *, year_first: bool) -> tuple[int, int, int]:
    """(year, month, day) of three numbers, of which the first or the last was written as a year.

    `order` decides between day and month where both are possible; a month above 12 overrides it.
    """
    if year_first:
        year, month, day = a, b, c
    else:
        year, month, day = (c, a, b) if order == "mdy" else (c, b, a)
    return (year, day, month) if month > 12 >= day else (year, month, day)


def in_order_short(a: int, b: int, c: int, order: DayOrder) -> tuple[int, int, int]:
    """(year, month, day) of three two-digit numbers, by the first order that is possible, `order` before the others."""
    for tried in dict.fromkeys((order, "dmy", "ymd", "mdy")):
        year, month, day = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[tried]
        if month <= 12 and day <= 31:
            return full_year(year), month, day
    return full_year(c), b, a


def full_year(year: int) -> int:
    """A two-digit year: 70-99 lie in the last century, as in POSIX."""
    if year > 99:
        return year
    return year + (1900 if year >= 70 else 2000)
