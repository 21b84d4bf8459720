"""Days that nobody can mean: flagged, not believed. What a single document cannot know, its day of reading does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from watcher.dates import DateFact, DateQuality
from watcher.notice import Notice

AHEAD = timedelta(days=31)  # a document is circulated before it is read; a clock or a zone may be off
LONGEST_PLAN = timedelta(days=365 * 20)
LONGEST_COMMENTS = timedelta(days=365 * 3)
BEFORE_CIRCULATION = timedelta(days=365)


def plausible(notice: Notice, today: date) -> Notice:
    """The notice without the days that cannot be meant, read on `today`.

    A distribution date in the future is none. Another date is kept as worded, with a doubt, when it lies more than 20
    years ahead, or when a comment deadline lies more than a year before or three years behind the circulation.
    """
    distributed = notice.distribution_date
    if distributed is not None and distributed > today + AHEAD:
        distributed = None
    deadline = _within_plans(notice.comment_deadline, today)
    day = deadline.value
    if day is not None and distributed is not None:
        if day < distributed - BEFORE_CIRCULATION:
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


def _within_plans(fact: DateFact, today: date) -> DateFact:
    if fact.value is None or fact.value <= today + LONGEST_PLAN:
        return fact
    return _doubted(fact, f"lies more than 20 years after {today.year}")


def _doubted(fact: DateFact, why: str) -> DateFact:
    assert fact.value is not None
    return replace(
        fact, value=None, quality=DateQuality.UNKNOWN, doubt=f"{fact.value.isoformat()} {why}; it is not believed"
    )
