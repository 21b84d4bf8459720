"""How far back a question asks: "近30天", "last two weeks", "30 derniers jours", "últimos 3 meses"."""

from __future__ import annotations

import re
from typing import Final

DEFAULT_DAYS: Final = 30
MOST_DAYS: Final = 3650

_HAN_DIGITS: Final = {han: n for n, han in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_WORDS: Final = {
    word: n
    for n, words in enumerate(
        (
            "one un une uno una",
            "two deux dos",
            "three trois tres",
            "four quatre cuatro",
            "five cinq cinco",
            "six seis",
            "seven sept siete",
            "eight huit ocho",
            "nine neuf nueve",
            "ten dix diez",
            "eleven onze once",
            "twelve douze doce",
        ),
        start=1,
    )
    for word in words.split()
}
_UNITS: Final = {
    1: ("天", "日", "d", "day", "days", "jour", "jours", "día", "días", "dia", "dias"),
    7: ("周", "星期", "礼拜", "week", "weeks", "semaine", "semaines", "semana", "semanas"),
    30: ("月", "month", "months", "mois", "mes", "meses"),
    365: ("年", "year", "years", "an", "ans", "année", "années", "annee", "annees", "año", "años"),
}
_DAYS_OF: Final = {unit: days for days, units in _UNITS.items() for unit in units}
#: Before or behind the number.
_LAST: Final = "近|最近|过去|前|last|past|previous|recent|derniers?|dernières?|dernieres?|[uú]ltim[oa]s?|pasad[oa]s?"
_AROUND: Final = r"(?:\b(?:in|for|over|within|during|since|the|les|des|ces|depuis|los|las|en|de)\s+)*"
_SPAN: Final = re.compile(
    rf"{_AROUND}(?P<lead>(?<![a-zà-ÿ])(?:{_LAST}))?\s*"
    rf"(?<![0-9.a-zà-ÿ])(?P<number>[0-9]{{1,6}}|[零〇一二两三四五六七八九十百半]{{1,4}}|{'|'.join(_WORDS)})"
    rf"\s*-?\s*(?P<piece>个)?(?P<behind>(?:{_LAST})(?![a-zà-ÿ]))?\s*"
    rf"(?P<unit>天|日|周|星期|礼拜|月|年|(?:{'|'.join(sorted((u for u in _DAYS_OF if u[0] < '一'), key=len)[::-1])})"
    rf"(?![a-zà-ÿ]))(?P<tail>\s*(?:{_LAST})(?![a-zà-ÿ])|以内|之内|内|以来|里)?",
    re.IGNORECASE,
)
#: Without a number. The answer shows the days, so that nobody has to guess what "this month" was taken for.
_WHOLE: Final = (
    (1, r"今天|今日|\btoday\b|\baujourd'hui\b|\bhoy\b"),
    (2, r"昨天|昨日|\byesterday\b|\bhier\b|\bayer\b"),
    (
        7,
        r"(?:这|本|上|最近|近)一?个?(?:周|星期|礼拜)|\b(?:this|last|past) week\b"
        r"|\bsemaine dernière\b|\bsemana pasada\b",
    ),
    (31, r"(?:这|本|上|最近|近)一?个?月|\b(?:this|last|past) month\b|\bmois dernier\b|\bmes pasado\b"),
    (365, r"今年|去年|(?:最近|近)一?年|\b(?:this|last|past) year\b|\bann[ée]e dernière\b|\baño pasado\b"),
)
_WHOLE_SPANS: Final = tuple((days, re.compile(rf"{_AROUND}(?:{words})", re.IGNORECASE)) for days, words in _WHOLE)


def take_days(text: str) -> tuple[int | None, str]:
    """The number of days a text asks for, within 1 and ten years, and the text without these words.

    None if it says nothing of the kind. A date ("3月10日", "2026年") and a size ("3D") are no number of days.
    """
    for found in _SPAN.finditer(text):
        if (days := _days(found, text)) is not None:
            return max(1, min(days, MOST_DAYS)), f"{text[: found.start()]} {text[found.end() :]}"
    for days, words in _WHOLE_SPANS:
        if whole := words.search(text):
            return days, f"{text[: whole.start()]} {text[whole.end() :]}"
    return None, text


def _days(found: re.Match[str], text: str) -> int | None:
    unit, number = found["unit"], found["number"].casefold()
    said_back = bool(found["lead"] or found["behind"] or found["tail"])
    each = _DAYS_OF[unit.casefold()]
    if unit == "D" and len(number) == 1:
        return None  # "3D printers"
    if unit == "日" and text[: found.start("number")].rstrip().endswith(("月", "/")):
        return None
    if unit == "月" and not (found["piece"] or said_back):
        return None  # "3月" is March
    if unit == "日" and not said_back and number[0] not in "0123456789":
        return None
    if number.endswith("半") or number == "半":
        return each // 2 + each % 2 if number == "半" else None
    count = int(number) if number.isascii() and number.isdecimal() else _WORDS.get(number) or _han(number)
    if each == 365 and count > 10:
        return None  # "2026年"
    if each > 1 and number in _WORDS and not said_back and not number.isdecimal():
        return None if number in ("un", "une", "uno", "una") else count * each
    return count * each


def _han(number: str) -> int:
    """ "三十" is 30, "十五" 15, "一百" 100, "九〇" 90."""
    if not set(number) & {"十", "百"}:
        return int("".join(str(_HAN_DIGITS.get(han, 0)) for han in number))
    hundreds, hundred, rest = number.rpartition("百")
    total = (_HAN_DIGITS.get(hundreds, 1) if hundred else 0) * 100
    tens, ten, ones = rest.rpartition("十")
    return total + (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + _HAN_DIGITS.get(ones, 0)
