"""Days of the Hijri calendar that say so: "23 صفر 1447هـ", "1447/02/23 هـ", "23 Safar 1447 AH".

A Hijri year without its mark is known by its number, in `watcher.dates.calendar.reckon`.
"""

from __future__ import annotations

import re

from watcher.dates.calendar import in_order, reckon_hijri
from watcher.dates.months import HIJRI_MONTHS
from watcher.dates.patterns import Context, Day, Readers, a_day, names

READERS = Readers()
_names, _NUMBERS = names(HIJRI_MONTHS)

_LETTER = r"[a-z\u0620-\u064a]"
_MARK = rf"(?: ?(?:ه(?:جري[هاً]?)?|a\.?h\.?|h\.?)(?!{_LETTER}))"
_YEAR = r"(?:(?:عام|سنه|لسنه|لعام) )?(?P<year>1[345]\d\d)(?!\d)"
_MONTH = rf"(?:(?:من شهر|من|شهر) )?(?<!{_LETTER})(?P<month>{_names})(?!{_LETTER})"


@READERS.reads(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ /-]{{1,2}}{_MONTH}[ ,/-]{{1,2}}{_YEAR}{_MARK}?")
@READERS.reads(rf"(?<!\d){_YEAR}{_MARK}?[ ,/-]{{1,2}}{_MONTH}[ ,/-]{{1,2}}(?P<day>\d{{1,2}})(?!\d)")
def _named(found: re.Match[str], context: Context) -> Day:
    month = _NUMBERS[found["month"]]
    reckoned = reckon_hijri(int(found["year"]), month, int(found["day"]), stated_in=context.stated_in, marked=True)
    return a_day(found, reckoned)


@READERS.reads(rf"(?<!\d)(\d{{1,2}}) ?(?P<sep>[-/.]) ?(\d{{1,2}}) ?(?P=sep) ?(1[345]\d\d)(?!\d){_MARK}")
@READERS.reads(rf"(?<!\d)(1[345]\d\d) ?(?P<sep>[-/.]) ?(\d{{1,2}}) ?(?P=sep) ?(\d{{1,2}})(?!\d){_MARK}")
def _numbers(found: re.Match[str], context: Context) -> Day:
    # Written year, month, day or its mirror, whatever order the publisher has for days of the common calendar.
    year_first = len(found[1]) == 4
    year, month, day = in_order(int(found[1]), int(found[3]), int(found[4]), "dmy", year_first=year_first)
    return a_day(found, reckon_hijri(year, month, day, stated_in=context.stated_in, marked=True))
