"""Lengths of time as addenda write them: "thirty (30) days", "延长三十天", "quince días"."""

from __future__ import annotations

from datetime import date
from typing import Final

from watcher.dates import DateFact, DateQuality
from watcher.dates.calendar import add

_NUMBERS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    **dict.fromkeys(("seven", "sept", "siete"), 7),
    **dict.fromkeys(("ten", "diez"), 10),
    "fourteen": 14,
    **dict.fromkeys(("fifteen", "quinze", "quince"), 15),
    **dict.fromkeys(("twenty", "vingt", "veinte"), 20),
    "twenty-one": 21,
    **dict.fromkeys(("thirty", "trente", "treinta"), 30),
    "forty": 40,
    **dict.fromkeys(("forty-five", "forty five", "quarante-cinq", "cuarenta y cinco"), 45),
    **dict.fromkeys(("sixty", "soixante", "sesenta"), 60),
    **dict.fromkeys(("ninety", "quatre-vingt-dix", "noventa"), 90),
}
_HAN: Final = {han: number for number, han in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_WEEKS: Final = ("week", "semaine", "semana", "周", "个星期")
_MONTHS: Final = ("month", "mois", "mes", "个月")


def later(start: date, length: tuple[str, str]) -> DateFact | None:
    """The day that lies a length of time behind `start`, with its rule; None: the number cannot be read."""
    number, unit = _number(length[0]), length[1].casefold()
    if not number:
        return None
    if unit.startswith(_MONTHS):
        name, day = "month", add(start, months=number)
    elif unit.startswith(_WEEKS):
        name, day = "week", add(start, days=7 * number)
    else:
        name, day = "day", add(start, days=number)
    rule = f"{start} + {number} {name}{'s' * (number > 1)}"
    return DateFact(value=day, quality=DateQuality.COMPUTED, wording=f"{length[0]} {length[1]}", rule=rule)


def _number(words: str) -> int:
    words = " ".join(words.casefold().split())
    if words.isdecimal():
        return int(words)
    return _NUMBERS.get(words) or _han_number(words)


def _han_number(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return _HAN.get(words, 0)
    return 10 * (_HAN.get(tens, 0) if tens else 1) + (_HAN.get(ones, 0) if ones else 0)
