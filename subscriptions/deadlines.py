"""By when somebody must act: days left, act-by dates, and the deadlines ahead.

All days are the notifying market's own calendar days. A date that is not known has no act-by date: the reader is
told that it is unknown, never a day made up from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from watcher.dates import DateFact, DateQuality
from watcher.days import last_day
from watcher.measure import Facts, MeasureStatus

#: Articles under which urgent measures are notified: they may be commented on although they are adopted.
URGENT = ("2.10.1", "5.7.1")


class HasFacts(Protocol):
    """A measure, or a stored row of one."""

    @property
    def facts(self) -> Facts:
        """What holds for it now."""


MeasureLike = TypeVar("MeasureLike", bound=HasFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffers:
    """How many days before a comment deadline the enquiry point wants comments: ordinarily, and for a market."""

    ordinary: int
    by_market: Mapping[str, int] = field(default_factory=dict)  #: by a Member's code

    def of(self, members: Iterable[str]) -> int:
        """The buffer for a measure of these Members; of several the longest, so that nobody acts too late."""
        return max((self.by_market.get(member, self.ordinary) for member in members), default=self.ordinary)

    @property
    def longest(self) -> int:
        """No market's buffer is longer."""
        return max((self.ordinary, *self.by_market.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAhead(Generic[MeasureLike]):
    """A comment deadline that is still to come."""

    measure: MeasureLike
    deadline: DateFact
    day: date  #: the last day for comments
    days_left: int  #: 0: today is the last day
    act_by: date  #: the day less the buffer; may be over while `day` is not


def act_by(deadline: DateFact, buffer_days: int) -> date | None:
    """The last day to hand comments to the national enquiry point, which needs `buffer_days` to pass them on.

    None if the deadline has no day. A deadline of which only the month is known counts from its first day, so that
    nobody acts too late. Raises `ValueError` for a negative buffer.
    """
    if buffer_days < 0:
        raise ValueError(f"a buffer of {buffer_days} days would end after the deadline; give 0 or more")
    return None if deadline.value is None else deadline.value - timedelta(days=buffer_days)


def takes_comments(facts: Facts, today: date) -> bool:
    """Whether comments have a day until which they are taken, and that day is not over.

    A day that is known only by its month is over with the month. What is adopted is commented on no more, unless it
    was notified as urgent, which is done when it is adopted.
    """
    deadline = facts.comment_deadline
    if deadline.quality not in (DateQuality.STATED, DateQuality.COMPUTED) or facts.status is MeasureStatus.WITHDRAWN:
        return False
    if facts.status is not MeasureStatus.DRAFT and not any(article in URGENT for article in facts.legal_basis):
        return False
    last = last_day(deadline)
    return last is not None and today <= last


def days_left(deadline: DateFact, today: date) -> int | None:
    """Days from `today` to the deadline: 0 on its last day, negative when it is over, None if it has no day."""
    return None if deadline.value is None else (deadline.value - today).days


def deadlines_ahead(
    measures: Iterable[MeasureLike], today: date, within: int = 30, *, buffer_days: int = 0
) -> tuple[DeadlineAhead[MeasureLike], ...]:
    """The comment deadlines from `today` to `within` days later, both included, soonest first.

    Withdrawn measures are left out: nobody reads comments on them. Measures of one day keep their order.
    """
    ahead = []
    for measure in measures:
        facts = measure.facts
        deadline, by = facts.comment_deadline, act_by(facts.comment_deadline, buffer_days)
        if facts.status is MeasureStatus.WITHDRAWN or deadline.value is None or by is None:
            continue
        left = (deadline.value - today).days
        if 0 <= left <= within:
            ahead.append(
                DeadlineAhead(measure=measure, deadline=deadline, day=deadline.value, days_left=left, act_by=by)
            )
    return tuple(sorted(ahead, key=lambda one: one.day))
