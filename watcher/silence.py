"""How long a source may bring nothing new before that is remarkable.

Documents are taken to come like calls at an exchange (Poisson), at the source's expected rate, on the publisher's own
working days: weekends, public holidays and the source's `quiet_days` count for nothing. With `expected` to come and
`documents` there, so few are remarkable if their probability is below `SURE`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from watcher.rest_days import weekend_of, working_days
from watcher.source import SourceConfig

#: How improbable so few documents must be. Looked at every working day, 1 in 1,000 would cry wolf every few years for
#: each source, with thirty sources every few weeks; 1 in 10,000 costs a third more waiting and is quiet.
SURE = 1e-4
#: Where an issuer that speaks for no one market has its offices.
_SEAT = {"WTO": "WTO"}
_DAY = timedelta(days=1)


class Result(StrEnum):
    """How one poll ended."""

    READ = "read"  #: the whole list was read
    UNCHANGED = "unchanged"  #: the publisher says, or the bytes show, that it is the list of the last poll
    UNREACHED = "unreached"  #: nothing came: network, server, login, too many questions
    UNREADABLE = "unreadable"  #: something came that is not what the source gives
    GONE = "gone"  #: given up for good


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFact:
    """What one poll says about its source."""

    started_at: datetime
    ended_at: datetime
    result: Result
    entries: int | None = None  #: on the list; None: not known, as after an unchanged answer
    documents: int = 0  #: of those, new to this source
    error: str = ""  #: a sentence for the source's keeper

    @property
    def well(self) -> bool:
        """Whether the poll read the source."""
        return self.result in (Result.READ, Result.UNCHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time since a document, and what came in it."""

    since: datetime
    days: int  #: whole working days between that day and today
    documents: int
    expected: float

    @property
    def too_few(self) -> bool:
        """Whether fewer documents came than the expected rate allows."""
        return too_few(self.documents, self.expected)


def too_few(documents: int, expected: float) -> bool:
    """Whether so few documents are too improbable where so many are to be expected: P(X <= documents) < `SURE`."""
    if documents >= expected:
        return False  # at the mean or above it the probability is near a half or more
    logarithm = math.log(expected)
    below = (math.exp(count * logarithm - expected - math.lgamma(count + 1)) for count in range(documents + 1))
    return math.fsum(below) < SURE


def windows(config: SourceConfig, facts: Sequence[PollFact], now: datetime) -> list[Window]:
    """The times to look at, shortest first: since the last new document, and since the 2nd, 4th, 8th … last.

    `facts` stand in the order of time. What the first successful poll brought is the source's history and says
    nothing of a rate: time begins there. A silence that a document ended is over: no window reaches back into it.
    Without an expected rate there are none.
    """
    first = next((fact for fact in facts if fact.well), None)
    if config.expected_per_week is None or first is None:
        return []
    market = config.market or _SEAT.get(config.issuer)
    rate = config.expected_per_week / (7 - len(weekend_of(market)))
    zone = zone_of(config)
    today = now.astimezone(zone).date()
    news = [(fact.ended_at, fact.documents) for fact in facts if fact.documents and fact.started_at > first.started_at]
    points = [*reversed(news), (first.ended_at, 0)]
    found: list[Window] = []
    documents, wanted, later = 0, 1, today
    for number, (instant, brought) in enumerate(points, 1):
        day = instant.astimezone(zone).date()
        if found and too_few(0, rate * working_days(day + _DAY, later - _DAY, market, config.quiet_days)):
            break
        if number in (wanted, len(points)):
            days = working_days(day + _DAY, today - _DAY, market, config.quiet_days)
            found.append(Window(since=instant, days=days, documents=documents, expected=days * rate))
            wanted *= 2
        later = day
        documents += brought
    return found


def zone_of(config: SourceConfig) -> ZoneInfo:
    """The publisher's zone; UTC if none is known."""
    return ZoneInfo(config.time_zone or "UTC")
