"""Days that stand in a wording, in every order, language and calendar that notifications use."""

from __future__ import annotations

from watcher.dates import days_han, days_hijri, days_months, days_numbers, days_seasons
from watcher.dates.patterns import Context, Day

_SCRIPTS = (days_numbers.READERS, days_hijri.READERS, days_han.READERS, days_months.READERS, days_seasons.READERS)


def find_days(text: str, context: Context) -> list[Day]:
    """The days in a folded `text`, in order of appearance; where two readings overlap, the earlier and longer one."""
    found = [day for readers in _SCRIPTS for day in readers.days_in(text, context)]
    days: list[Day] = []
    for day in sorted(found, key=lambda d: (d.start, -d.end)):
        if not days or day.start >= days[-1].end:
            days.append(day)
    return days
