"""Days with the month's name, in English, French, Spanish, Portuguese and the languages of `watcher.dates.months`."""

from __future__ import annotations

import re
from datetime import timedelta

from watcher.dates import Precision
from watcher.dates.calendar import Reckoned, full_year, reckon
from watcher.dates.fold import fold
from watcher.dates.months import BY_LANGUAGE, MONTHS, MONTHS_BESIDE_A_DAY
from watcher.dates.patterns import TIME, TO, YEAR, Context, Day, Readers, a_day, names
from watcher.dates.words import ORDINALS

READERS = Readers()
_month_names, _MONTH_NUMBERS = names(MONTHS)
_BY_LANGUAGE = {fold(name): by_language for name, by_language in BY_LANGUAGE.items()}
_all_names, _ALL_NUMBERS = names(MONTHS_BESIDE_A_DAY | dict.fromkeys(BY_LANGUAGE, 0))
_FIRST_OR_SECOND = names({word: number for word, number in ORDINALS.items() if number < 5})[1]

#: Chinese and Thai write no blanks between words; elsewhere a letter beside a name makes it another word.
_LETTER = r"[a-z\u0370-\u052f\u0620-\u064a]"
_MONTH = rf"(?<!{_LETTER})(?P<month>{_month_names})(?!{_LETTER})\.?"
_MONTH_2 = rf"(?<!{_LETTER})(?P<month2>{_month_names})(?!{_LETTER})\.?"
#: Where a day stands beside it.
_OF_DAY = r"(?:[ .,/-]{0,2}|[\"»”'] )(?:(?:เดือน|من شهر|من) ?)?"
_NAME = rf"(?<!{_LETTER})(?P<month>{_all_names})(?!{_LETTER})\.?(?:/[^\W\d_]{{2,12}}(?!{_LETTER}))?"
_ORD = r"(?: ?(?:st|nd|rd|th|ero|er|ro|do|\.?[oa]|e|eme|°)(?![a-z])\.?)?"
_FIRST = r"primer[oa]?|premier|primeiro|first"
_OF = r"(?:(?:day of|of the|of|de l'an|de|del|do|den|d'|nam|year|the|พ\.ศ\.?|ค\.ศ\.?|b\.e\.|be|عام|سنه|لسنه) ?)?"
_PART = (
    r"(?:(?:(?P<early>early|beginning|start|principios|inicios|comienzos|debut|inicio|comeco|dau)"
    r"|(?P<mid>mid(?:dle)?|mediados|mi|meados|giua)"
    r"|(?P<end>end|late|finales|fines|fin|final|fim|cuoi|close)"
    r"|(?P<half>1st|2nd|first|second|primera|segunda|premiere|seconde|primeira) "
    r"?(?:half|mitad|quincena|moitie|metade|quinzena|quinzaine)"
    r"|(?P<week>1st|2nd|3rd|4th|first|second|third|fourth|last) week)"
    r"(?:[ -]?(?:of the month of|of|in|de|du|do|del|d'|thang)?)[ -]?)"
)
_DAY = rf"(?<!\d)(?P<day>\d{{1,2}}){_ORD}"
_PARTS = {"early": 1, "mid": 11, "end": 21}
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _month(found: re.Match[str], group: str = "month") -> int:
    return _MONTH_NUMBERS[found[group]]


@READERS.reads(
    rf"(?:(?<!\d)(?P<from>\d{{1,2}}){_ORD} ?{TO} ?(?:the )?)?(?:{_DAY}|"
    rf"(?<![a-z])(?P<first>{_FIRST}))"
    rf"{_OF_DAY}{_OF}{_NAME}[ .,/-]{{0,3}}{_OF}{YEAR}{TIME}"
)
def _day_month_year(found: re.Match[str], context: Context) -> Day:
    day = 1 if found["first"] else int(found["from"] or found["day"])
    return _named(found, int(found["year"]), day, context)


def _named(found: re.Match[str], year: int, day: int, context: Context) -> Day:
    name = found["month"]
    month = _BY_LANGUAGE[name].get(context.language, 0) if name in _BY_LANGUAGE else _ALL_NUMBERS[name]
    if not month:
        doubt = "The month's name means different months in different languages; look the day up in the document."
        return a_day(found, Reckoned(doubt=doubt))
    return a_day(found, reckon(year, month, day, stated_in=context.stated_in))


@READERS.reads(
    rf"{_DAY}[ .,/-]{{0,2}}{_OF}{_MONTH} ?{TO} ?(?:the )?(?:\d{{1,2}}){_ORD}[ .,/-]{{0,2}}{_OF}"
    rf"{_MONTH_2}[ .,/-]{{0,3}}{_OF}{YEAR}"
)
@READERS.reads(
    rf"{_MONTH}[ .-]{{0,2}}(?P<day>\d{{1,2}}){_ORD} ?{TO} ?{_MONTH_2}[ .-]{{0,2}}\d{{1,2}}{_ORD}"
    rf"[ ,.-]{{1,3}}{_OF}{YEAR}"
)
def _first_day_of_range(found: re.Match[str], context: Context) -> Day:
    month, last_month = _month(found), _month(found, "month2")
    year = int(found["year"]) - (1 if month > last_month else 0)
    return a_day(found, reckon(year, month, int(found["day"]), stated_in=context.stated_in))


@READERS.reads(
    rf"{_NAME}[ .,/-]{{0,2}}(?:the )?(?P<day>\d{{1,2}}){_ORD}(?: ?{TO} ?\d{{1,2}}{_ORD})?"
    rf"[ ,./-]{{1,3}}{_OF}{YEAR}{TIME}"
)
@READERS.reads(
    rf"{YEAR}(?: m\.)?[ ,./-]{{0,3}}{_NAME}[ ,./-]{{0,3}}(?P<day>\d{{1,2}}){_ORD}(?!\d| ?(?:days|months|weeks|years))"
)
@READERS.reads(rf"{YEAR}\.? gada {_DAY}[ .]{{0,2}}{_NAME}")
def _month_day_year(found: re.Match[str], context: Context) -> Day:
    return _named(found, int(found["year"]), int(found["day"]), context)


@READERS.reads(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?P<sep> ?[-/. ] ?)(?P<roman>xi{{0,2}}|vi{{0,3}}|i[vx]|i{{1,3}})(?P=sep){YEAR}"
)
def _roman_month(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(int(found["year"]), _ROMAN.index(found["roman"]), int(found["day"]), stated_in=context.stated_in)
    return a_day(found, reckoned)


@READERS.reads(rf"{_DAY}[ ./-]{{0,2}}{_NAME}[ ./-]?'?(?P<short>\d{{2}})(?![\d:]| ?[a-z])")
def _day_month_short_year(found: re.Match[str], context: Context) -> Day:
    year = full_year(int(found["short"]))
    if "\u0e00" <= found["month"][0] <= "\u0e7f":  # Thai: "69" is 2569, unless it is a year of the common era
        if int(found["short"]) < 60:
            return a_day(found, Reckoned(doubt="The year is written with two digits, of one era or another."))
        year = 2500 + int(found["short"])
    return _named(found, year, int(found["day"]), context)


@READERS.reads(rf"{_MONTH}(?:-|'| ')(?P<short>\d{{2}})(?![\d:]| ?[a-z])")
def _month_short_year(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(full_year(int(found["short"])), _month(found), stated_in=context.stated_in)
    return a_day(found, reckoned, Precision.MONTH, firm=False)


@READERS.reads(rf"(?:(?<![a-z]){_PART})?{_MONTH}(?: ?{TO} ?{_MONTH_2})?[ .,/-]{{0,3}}{_OF}{YEAR}(?![/.-]\d)")
@READERS.reads(rf"(?:(?<![a-z]){_PART})?{YEAR}[ ,./-]{{0,2}}{_MONTH}(?P<month2>(?!))?")
@READERS.reads(
    rf"(?:(?<![a-z]){_PART})?(?<![a-z])(?:thang ?|t(?=(?:[5-9]|"
    rf"1[0-2])[/.-]))(?P<number>\d{{1,2}})(?P<month2>(?!))? ?[/,.-]? ?(?:nam )?{YEAR}(?![/.-]\d)"
)
def _month_year(found: re.Match[str], context: Context) -> Day:
    groups = found.groupdict()
    month = int(groups["number"]) if groups.get("number") else _month(found)
    year = int(found["year"])
    if groups.get("month2") and month > _month(found, "month2"):
        year -= 1  # "December/January 2026"
    day, precision = _part_of_month(found, year, month)
    return a_day(found, reckon(year, month, day, stated_in=context.stated_in), precision)


def _part_of_month(found: re.Match[str], year: int, month: int) -> tuple[int, Precision]:
    if found["half"]:
        return (1 if _FIRST_OR_SECOND[found["half"]] == 1 else 16), Precision.PART_OF_MONTH
    if found["week"]:
        if found["week"] == "last":
            last = reckon(year + month // 12, month % 12 + 1).value
            return ((last - timedelta(days=7)).day if last else 22), Precision.PART_OF_MONTH
        return _FIRST_OR_SECOND[found["week"]] * 7 - 6, Precision.PART_OF_MONTH
    for part in ("mid", "end", "early"):
        if found[part]:
            return _PARTS[part], Precision.PART_OF_MONTH
    return 1, Precision.MONTH


@READERS.reads(
    rf"(?<![\d/])(?:ngay )?(?:mung |"
    rf"mong )?(?P<day>\d{{1,2}}) ?,? ?th(?:an)?g ?(?P<number>\d{{1,2}}) ?[,/.-]? ?(?:nam )?{YEAR}"
)
def _vietnamese(found: re.Match[str], context: Context) -> Day:
    reckoned = reckon(int(found["year"]), int(found["number"]), int(found["day"]), stated_in=context.stated_in)
    return a_day(found, reckoned)


@READERS.reads(rf"(?<![\d/])\d{{1,2}}{_ORD}[ .-]?{_OF}{_MONTH}(?![ ,.-]{{0,2}}\d)")
@READERS.reads(rf"{_MONTH}[ .-]\d{{1,2}}{_ORD}(?![\d ,.-]{{0,2}}\d)")
@READERS.reads(r"(?<![\d/])(?:ngay )?\d{1,2} thang \d{1,2}(?![ ,.-]{0,2}\d)(?! nam)")
@READERS.reads(r"(?<![\d年])\d{1,2} ?月 ?\d{1,2} ?[日号](?!\d)")
def _no_year(found: re.Match[str], _: Context) -> Day:
    doubt = Reckoned(doubt="The day is written without its year; look it up in the document.")
    return a_day(found, doubt, firm=False)
