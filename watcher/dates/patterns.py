"""What a reader of stated days is: a linear pattern, and a function that makes a `Day` of its match."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from watcher.dates import Precision
from watcher.dates.calendar import DayOrder, Reckoned
from watcher.dates.fold import fold


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the wording."""

    day_order: DayOrder
    stated_in: date | None
    language: str = ""  #: the writer's, if it is known: a few names of months mean another month elsewhere


@dataclass(frozen=True, slots=True)
class Day:
    """A day found in a folded text, or a part of one that could not be believed."""

    start: int
    end: int
    reckoned: Reckoned
    precision: Precision = Precision.DAY
    firm: bool = True  #: False: only a date if the wording says nothing else ("2011/12", "1.2.03", "2026")


Read = Callable[[re.Match[str], Context], "Day | None"]


class Readers:
    """Readers of one script; `@readers.reads(pattern)` adds one, a function may have several patterns."""

    def __init__(self) -> None:
        self._registered: list[tuple[str, Read]] = []

    def reads(self, pattern: str) -> Callable[[Read], Read]:
        """Register a function for a pattern. Patterns must be linear: no repetition of a repetition, no open gap."""

        def register(read: Read) -> Read:
            self._registered.append((pattern, read))
            return read

        return register

    @cached_property
    def _readers(self) -> list[tuple[re.Pattern[str], Read]]:
        """Compiled at the first use: it takes longer than the start of a command that reads no dates."""
        return [(re.compile(pattern), read) for pattern, read in self._registered]

    def days_in(self, text: str, context: Context) -> list[Day]:
        """All days found, in no order, overlapping where patterns do."""
        found = (read(match, context) for pattern, read in self._readers for match in pattern.finditer(text))
        return [day for day in found if day]


def a_day(found: re.Match[str], reckoned: Reckoned, precision: Precision = Precision.DAY, *, firm: bool = True) -> Day:
    """The day that a match stands for."""
    return Day(found.start(), found.end(), reckoned, precision, firm)


def names(words: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """A pattern for any of the folded names, the longest first, and their numbers."""
    folded = {fold(name).rstrip("."): number for name, number in words.items()}
    return _any_of(frozenset(folded)), folded


def _any_of(endings: frozenset[str]) -> str:
    """Branches that share no first character: hundreds of names cost no more than a few."""
    longer = sorted(ending for ending in endings if ending)
    branches = [
        re.escape(first) + _any_of(frozenset(ending[1:] for ending in group))
        for first, group in ((first, list(group)) for first, group in groupby(longer, key=lambda ending: ending[0]))
    ]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' if '' in endings else ''}"


YEAR = r"(?<!\d)(?P<year>\d{4})(?!\d)"
#: A time of day behind a day: skipped, and never used to move the day.
TIME = (
    r"(?:[t ,]{1,2}\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?(?![a-z\d]))?"
)
#: Between the two ends of a range.
TO = r"(?:-|~|/|&|to|and|or|until|till|y|e|et|o|ou|au|al|a|ate|den|va|und|bis|至|到|和|及|或)"
