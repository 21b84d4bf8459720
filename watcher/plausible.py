"""Days that nobody can mean: flagged, not believed. What a single document cannot know, its day of reading does.

And days that two can mean: 03/04/2027 is 3 April to most and 4 March to some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from watcher.dates import DateFact, DateQuality
from watcher.dates.calendar import DayOrder
from watcher.days import last_day
from watcher.notice import Notice

AHEAD = timedelta(days=31)  # a document is circulated before it is read; a clock or a zone may be off
LONGEST_PLAN = timedelta(days=365 * 20)
LONGEST_COMMENTS = timedelta(days=365 * 3)
#: Of the real notices at hand none was circulated behind its own deadline. Some are circulated late, by days or weeks;
#: by more than the usual time for comments, a year is mistyped.
BEFORE_CIRCULATION = timedelta(days=60)

_NUMBERS: Final = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([-/])\s?(\d{1,2})\s?\2\s?(\d{4})(?![\d/-])")


def plausible(notice: Notice, today: date) -> Notice:
    """The notice without the days that cannot be meant, read on `today`.

    A distribution date in the future is none. Another date is kept as worded, with a doubt, when it lies more than 20
    years ahead, or when a comment deadline lies more than 60 days before or three years behind the circulation.
    """
    distributed = notice.distribution_date
    if distributed is not None and distributed > today + AHEAD:
        distributed = None
    deadline = _within_plans(notice.comment_deadline, today)
    day, last = deadline.value, last_day(deadline)
    if day is not None and last is not None and distributed is not None:
        if last < distributed - BEFORE_CIRCULATION:
            deadline = _doubted(deadline, f"lies long before the circulation on {distributed.isoformat()}")
        elif day > distributed + LONGEST_COMMENTS:
            deadline = _doubted(deadline, f"lies years after the circulation on {distributed.isoformat()}")
    return replace(
        notice,
        distribution_date=distributed,
        comment_deadline=deadline,
        proposed_adoption=_within_plans(notice.proposed_adoption, today),
        proposed_entry_into_force=_within_plans(notice.proposed_entry_into_force, today),
    )


def earlier_of_two(fact: DateFact, *, to_come_on: date | None = None) -> DateFact:
    """A day in numbers that can be read in two orders, as the earlier one: whoever keeps it is never late.

    Of a day that was to come on `to_come_on`, the one that was, if only one was. It is no stated day then: its rule
    names both. Any other date comes back as it is.
    """
    numbers = _NUMBERS.search(fact.wording)
    if fact.quality is not DateQuality.STATED or fact.value is None or numbers is None:
        return fact
    a, b, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    if a == b or not (1 <= a <= 12 and 1 <= b <= 12) or fact.value.year != year:
        return fact
    first, second = sorted((date(year, a, b), date(year, b, a)))
    rule = f"the earlier of {first.isoformat()} and {second.isoformat()}"
    if to_come_on is not None and first < to_come_on <= second:
        first, rule = second, f"the later of {first.isoformat()} and {second.isoformat()}"
    return replace(fact, value=first, quality=DateQuality.COMPUTED, rule=rule)


def order_shown(texts: Iterable[str]) -> DayOrder | None:
    """In which order a writer puts day and month, if one of the dates in numbers shows it and none speaks against."""
    shown: set[DayOrder] = set()
    for text in texts:
        for numbers in _NUMBERS.finditer(text):
            a, b = int(numbers[1]), int(numbers[3])
            if b <= 12 < a <= 31:
                shown.add("dmy")
            elif a <= 12 < b <= 31:
                shown.add("mdy")
    return shown.pop() if len(shown) == 1 else None


def _within_plans(fact: DateFact, today: date) -> DateFact:
    if fact.value is None or fact.value <= today + LONGEST_PLAN:
        return fact
    return _doubted(fact, f"lies more than 20 years after {today.year}")


def _doubted(fact: DateFact, why: str) -> DateFact:
    assert fact.value is not None
    return replace(
        fact, value=None, quality=DateQuality.UNKNOWN, doubt=f"{fact.value.isoformat()} {why}; it is not believed"
    )
