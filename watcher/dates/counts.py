"""Counted days: "60 days from notification", "公布后六个月", "60 ngày kể từ ngày 15/9/2015".

A count is looked for in a text whose stated days are masked, so that no part of a day is taken for a length of time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.dates import Anchor
from watcher.dates.patterns import Day
from watcher.dates.words import UNIT_LENGTHS, UNITS, WORKING_DAYS

MASK = "\x01"
_WORKING = re.compile(WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as a rule writes it, and in calendar months and days."""

    words: str = ""  #: "60 days"; empty: no time at all
    months: int = 0
    days: int = 0
    working_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A length of time and what it is counted from: an event, a stated day, or nothing that could be read."""

    start: int
    end: int
    length: Length
    back: bool = False  #: counted backwards, "60 days before entry into force"
    anchor: Anchor | None = None
    base: Day | None = None
    spoken_for: tuple[Day, ...] = ()  #: stated days that only say which text or event is meant
    linked: bool = False  #: something stood there to count from, read or not


def mask(text: str, days: Sequence[Day]) -> str:
    """`text` with each stated day replaced by as many mask characters."""
    for day in days:
        text = text[: day.start] + MASK * (day.end - day.start) + text[day.end :]
    return text


def day_at(days: Sequence[Day], position: int) -> Day | None:
    """The stated day that covers `position` of the text."""
    return next((day for day in days if day.start <= position < day.end), None)


def length_of(found: re.Match[str]) -> Length:
    """The length in a match with the groups `number`, `unit` and, if there are any, `least`, `more`, `more_unit`.

    Of "30 to 60 days" the shorter one counts: the first day that the wording can mean.
    """
    number = int(found["least"] or found["number"])
    unit = UNITS.get(found["unit"], "month" if found["unit"].endswith("月") else "day")
    working = unit == "day" and _WORKING.search(found[0]) is not None
    parts = [(number, unit)]
    if found["more"]:
        more = UNITS.get(found["more_unit"], "month")
        if (more, unit) in {("month", "year"), ("day", "month"), ("day", "year")}:
            parts.append((int(found["more"]), more))
    words = " ".join(f"{n} {'working ' if working else ''}{u}{'' if n == 1 else 's'}" for n, u in parts)
    return Length(
        words,
        sum(n * UNIT_LENGTHS[u][0] for n, u in parts),
        sum(n * UNIT_LENGTHS[u][1] for n, u in parts),
        working,
    )
