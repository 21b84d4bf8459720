"""Days in Chinese characters, which Japanese shares and Korean is folded to: 2014年5月下旬, 民國114年5月1日."""

from __future__ import annotations

import re

from watcher.dates import Precision
from watcher.dates.calendar import ERAS, Reckoned, full_year, reckon
from watcher.dates.patterns import TIME, Context, Day, Readers, a_day
from watcher.dates.words import SEASONS

READERS = Readers()
_PARTS = {"初": 1, "上旬": 1, "中": 11, "中旬": 11, "下旬": 21, "末": 21, "底": 21}
_era_names = "|".join(re.escape(name) for name in sorted(ERAS, key=len, reverse=True) if len(name) > 1)

_ERA = rf"(?:{_era_names}|(?<![a-z])[rhs](?=\d))"
_HAN_YEAR = rf"(?P<era>{_ERA} ?)?(?<!\d)(?P<year>\d{{1,4}}|元) ?年(?:度)? ?"
#: The same year in the other calendar, in brackets: 令和8年(2026年), 2026年(令和8年).
_OTHER_YEAR = rf"(?:\( ?(?:西历)? ?(?P<other_era>{_ERA} ?)?(?P<other_year>\d{{1,4}}|元) ?年? ?\) ?)?"


def _han_year(found: re.Match[str]) -> tuple[int, int]:
    """(year, era) as written in front of 年."""
    year = 1 if found["year"] == "元" else int(found["year"])
    if found["era"]:
        return year, ERAS[found["era"].strip()]
    if 80 <= year <= 200 and len(found["year"]) == 3:
        return year, ERAS["民国"]
    if len(found["year"]) == 1:
        return 0, 0  # "8年8月17日" leaves the era to the reader
    return full_year(year), 0


@READERS.reads(
    rf"{_HAN_YEAR}{_OTHER_YEAR}(?P<month>\d{{1,2}})(?: ?[-~至到和或] ?\d{{1,2}})? ?(?:月(?:份)?|$)"
    rf"(?: ?(?P<day>\d{{1,2}})(?: ?[-~至到] ?\d{{1,2}})?(?: ?[日号]|(?![\d.]| ?[个天周星工月年])))?"
    rf"(?P<part> ?的?(?:上旬|中旬|下旬|初|中(?!国)|末|底))?{TIME}"
)
@READERS.reads(
    r"(?P<era>(?!))?(?P<other_year>(?!))?(?P<other_era>(?!))?(?<!\d)(?P<year>\d{4}) ?[-/.] ?"
    r"(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?[日号])?"
    r"(?P<part>上旬|中旬|下旬|初|底|末)?"
)
def _han(found: re.Match[str], context: Context) -> Day:
    year, era = _han_year(found)
    if other := found["other_year"]:
        other_year = (1 if other == "元" else int(other)) + ERAS.get((found["other_era"] or "").strip(), 0)
        if other_year != year + era:
            return a_day(found, Reckoned(doubt="The year is written in two calendars that contradict each other."))
    part = (found["part"] or "").strip(" 的")
    day = int(found["day"]) if found["day"] else _PARTS.get(part, 1)
    precision = Precision.DAY if found["day"] else Precision.PART_OF_MONTH if part else Precision.MONTH
    return a_day(found, reckon(year, int(found["month"]), day, era=era, stated_in=context.stated_in), precision)


@READERS.reads(rf"{_HAN_YEAR}的?(?:第|q)?(?P<quarter>[1-4]) ?(?:四半期|季度|季|期)(?P<end>末|底)?")
@READERS.reads(rf"{_HAN_YEAR}的?(?P<half>[上下])半(?:年|期)度?(?P<end>末|底)?")
@READERS.reads(rf"{_HAN_YEAR}的?(?:初|孟|仲|盛|晚|深|暮)?(?P<season>[春夏秋冬])(?:季|天|节)?")
@READERS.reads(rf"{_HAN_YEAR}年?(?P<part>初|中(?!国)|底|末)")
def _han_part_of_year(found: re.Match[str], context: Context) -> Day:
    year, era = _han_year(found)
    groups = found.groupdict()
    ends = bool(groups.get("end"))
    month = (
        int(groups["quarter"]) * 3 - (0 if ends else 2)
        if groups.get("quarter")
        else {"上": 1, "下": 7}[groups["half"]] + (5 if ends else 0)
        if groups.get("half")
        else SEASONS[groups["season"]]
        if groups.get("season")
        else {"初": 1, "中": 6, "底": 12, "末": 12}[groups["part"]]
    )
    return a_day(found, reckon(year, month, era=era, stated_in=context.stated_in), Precision.SEASON)


@READERS.reads(rf"{_HAN_YEAR}内?")
def _han_year_alone(found: re.Match[str], context: Context) -> Day | None:
    if not found["era"] and len(found["year"]) < 4:
        return None  # "1年" is a length of time
    year, era = _han_year(found)
    return a_day(found, reckon(year, era=era, stated_in=context.stated_in), Precision.YEAR, firm=False)


@READERS.reads(rf"(?P<era>{_era_names}) ?(?P<year>\d{{1,3}})(?P<sep> ?[-/.] ?)(\d{{1,2}})(?P=sep)(\d{{1,2}})(?!\d)")
def _era_numbers(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(
        int(found["year"]), int(found[4]), int(found[5]), era=ERAS[found["era"]], stated_in=context.stated_in
    )
    return a_day(found, reckoned)
