"""A range of days cut into parts that a publisher gives whole. Pure: how much a part holds is the caller's to ask.

Some publishers count everything and give only the first so many: a year is asked for in parts, halved until each part
is below the cap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


class SliceError(ValueError):
    """A range that cannot be cut as it was asked; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slice:
    """Days from `since` to `until`, both of them included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise SliceError(
                f"the range ends before it begins: {self.since} to {self.until}; give the earlier day first"
            )

    def __str__(self) -> str:
        return str(self.since) if self.days == 1 else f"{self.since} to {self.until}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def halves(self) -> tuple[Slice, Slice]:
        """The earlier and the later half. Raises SliceError for a single day."""
        if self.days == 1:
            raise SliceError(f"{self.since} alone holds more than the publisher ever gives; a day cannot be cut")
        middle = self.since + timedelta(days=self.days // 2 - 1)
        return Slice(since=self.since, until=middle), Slice(since=middle + timedelta(days=1), until=self.until)


def slices(since: date, until: date, count_of: Callable[[Slice], int], *, cap: int) -> Iterator[Slice]:
    """The parts of the range, oldest first, each with fewer than `cap` entries by `count_of`. Every day is in one part.

    A part that holds exactly the cap may hold more: a publisher that is capped counts no further. A day that alone
    reaches the cap is given as it is.
    """
    waiting = [Slice(since=since, until=until)]
    while waiting:
        part = waiting.pop()
        if part.days > 1 and count_of(part) >= cap:
            waiting.extend(reversed(part.halves()))
        else:
            yield part
