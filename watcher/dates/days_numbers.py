"""Days written in numbers only: 2026-07-02T00:00:00, 22/04/2018, 26/11/19, 2011/12, 45930."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from watcher.dates import Precision
from watcher.dates.calendar import EARLIEST, ERAS, LATEST, Reckoned, full_year, in_order, in_order_short, reckon
from watcher.dates.patterns import TIME, Context, Day, Readers, a_day

READERS = Readers()


#: Outside these years a triple of numbers is a date only if nothing else is said: "CAS 7647-14-5" is none.
_LIKELY = range(1900, 2700)


@READERS.reads(rf"(?<!\d)(\d{{4}}) ?(?P<sep>[-/.]) ?(\d{{1,2}}) ?(?P=sep) ?(\d{{1,2}})(?!\d){TIME}")
@READERS.reads(rf"(?<!\d)(\d{{1,2}}) ?(?P<sep>[-/.]) ?(\d{{1,2}}) ?(?P=sep) ?(\d{{4}})(?!\d){TIME}")
@READERS.reads(r"^(\d{4})(?P<sep> )(\d{1,2}) (\d{1,2})$")
@READERS.reads(r"^(\d{1,2})(?P<sep> )(\d{1,2}) (\d{4})$")
def _numbers(found: re.Match[str], context: Context) -> Day:
    year, month, day = in_order(
        int(found[1]), int(found[3]), int(found[4]), context.day_order, year_first=len(found[1]) == 4
    )
    return a_day(found, reckon(year, month, day, stated_in=context.stated_in), firm=year in _LIKELY)


@READERS.reads(r"(?<![\d/.-])(\d{1,2})(?P<sep>[-/.])(\d{1,2})(?P=sep)'?(\d{2})(?!\d|[/.-]\d)")
@READERS.reads(r"(?<![\d/.'-])(\d{1,2})(?P<sep>\. )(\d{1,2})(?P=sep)'?(\d{2})(?!\d|[/.-] ?\d)")
def _short_numbers(found: re.Match[str], context: Context) -> Day:
    year, month, day = in_order_short(int(found[1]), int(found[3]), int(found[4]), context.day_order)
    return a_day(found, reckon(year, month, day, stated_in=context.stated_in), firm=False)


@READERS.reads(r"(?<!\w)'(\d{2})(?P<sep>[-/.]) ?(\d{1,2})(?P=sep) ?(\d{1,2})(?!\d|[/.-]\d)")
def _year_behind_an_apostrophe(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(full_year(int(found[1])), int(found[3]), int(found[4]), stated_in=context.stated_in)
    return a_day(found, reckoned, firm=False)


@READERS.reads(r"(?<![\d/.-])(?P<era>[rhs])?(?P<year>\d{1,3})(?P<sep>[-/.])(\d{1,2})(?P=sep)(\d{1,2})(?![\d/.-])")
def _short_era(found: re.Match[str], context: Context) -> Day | None:
    year = int(found["year"])
    if not found["era"] and not 80 <= year <= 200:
        return None
    era = ERAS[found["era"] or "民国"]
    return a_day(found, reckon(year, int(found[4]), int(found[5]), era=era, stated_in=context.stated_in), firm=False)


@READERS.reads(r"(?<![\d/.-])(?P<year>\d{4}) ?[-/.] ?(?P<number>\d{1,2}) ?[-/.]?(?![\d/.-])")
@READERS.reads(r"(?<![\d/.-])(?P<number>\d{1,2}) ?[-/.] ?(?P<year>\d{4})(?![\d/.-])")
def _month_and_year_in_numbers(found: re.Match[str], context: Context) -> Day | None:
    if int(found["number"]) > 12 and int(found["number"]) == (int(found["year"]) + 1) % 100:
        return None  # "2025/26" is two years
    reckoned = reckon(int(found["year"]), int(found["number"]), stated_in=context.stated_in)
    return a_day(found, reckoned, Precision.MONTH, firm=False)


@READERS.reads(r"(?<![\d/.,-])(\d{4})(?![\d/.,-]?\d)")
def _year_alone(found: re.Match[str], context: Context) -> Day:
    return a_day(found, reckon(int(found[1]), stated_in=context.stated_in), Precision.YEAR, firm=False)


@READERS.reads(r"(?<![\d/.,-])(\d{4}) ?(?:/|-|to|and|或|至) ?(\d{4}|\d{2})(?![\d/.,-])")
def _two_years(found: re.Match[str], context: Context) -> Day | None:
    year = int(found[1])
    if int(found[2]) % 100 != (year + 1) % 100 or (len(found[2]) == 2 and int(found[2]) <= 12):
        return None  # "2011/12" is December
    return a_day(found, reckon(year, stated_in=context.stated_in), Precision.YEAR, firm=False)


# A number and nothing else: workbooks hold days so.

_SERIAL_ZERO = date(1899, 12, 30)


def read_number(text: str, context: Context) -> Iterator[Day]:
    """The day meant by a wording that is one number: a workbook's serial day, 20260702, 202607 or 2026; or none."""
    found = re.fullmatch(
        r"(\d{8})t\d{2,6}(?:z|[+-]\d{2}:?\d{2})?|(\d{5}(?=\.)|\d{1,14}(?=$|\.0{1,12}$))(?:\.\d{1,12})?", text
    )
    if not found:
        return
    digits = found[1] or found[2]
    whole = int(digits)
    reckoned, precision = (
        Reckoned(doubt=f"{text} is a number that is no believable day; look it up in the document."),
        Precision.DAY,
    )
    if whole == 0:
        reckoned = Reckoned()
    elif len(digits) in {8, 12, 14}:
        reckoned = reckon(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), stated_in=context.stated_in)
    elif len(digits) == 5 and whole <= (LATEST - _SERIAL_ZERO).days:
        day = _SERIAL_ZERO + timedelta(days=whole)
        reckoned = reckon(day.year, day.month, day.day, stated_in=context.stated_in)
    elif len(digits) == 6 and 1 <= whole % 100 <= 12 and EARLIEST.year <= whole // 100 <= LATEST.year:
        reckoned, precision = reckon(whole // 100, whole % 100, stated_in=context.stated_in), Precision.MONTH
    elif len(digits) == 4:
        reckoned, precision = reckon(whole, stated_in=context.stated_in), Precision.YEAR
    yield Day(0, len(text), reckoned, precision)
