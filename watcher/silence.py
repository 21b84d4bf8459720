"""How long a source may bring nothing new before that is remarkable, and what shows that it brings its documents again.

Documents are taken to come like calls at an exchange (Poisson), at the source's expected rate, on the publisher's own
working days: weekends, public holidays and the source's `quiet_days` count for nothing. With `expected` to come and
`documents` there, so few are remarkable if their probability is below `SURE`; of a time with documents in it, one of
several looked at, below `SURE_OF_A_TRICKLE`.

A source that trickles brings a document now and then, so a document alone ends no trouble. It ends when from some day
on the documents speak for the expected rate far more than for the rate of the trouble so far (`watcher.recovery`).
What is held against a source never reaches back behind its last recovery.

All of it is lived through again from the polls each time, and nothing of it is stored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from watcher.recovery import recovery
from watcher.rest_days import weekend_of, working_days
from watcher.source import SourceConfig

#: How improbable so few documents must be. Looked at every working day, 1 in 1,000 would cry wolf every few years for
#: each source, with thirty sources every few weeks; 1 in 10,000 costs a third more waiting and is quiet.
SURE = 1e-4
#: The same for times with documents in them: up to seven are looked at each day, not one.
SURE_OF_A_TRICKLE = 1e-5
#: So many polls that brought something new are looked back on, the latest; what came before is forgotten.
LOOKED_BACK_ON = 60
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What a source brings, held against what it should."""

    latest: Window  #: the time since the last new document
    lack: Window | None = None  #: the time since which it brings too little; None: it does not


def too_few(documents: int, expected: float, sure: float = SURE) -> bool:
    """Whether so few documents are too improbable where so many are to be expected: P(X <= documents) < `sure`."""
    if documents >= expected:
        return False  # at the mean or above it the probability is near a half or more
    exactly = documents * math.log(expected) - expected - math.lgamma(documents + 1)
    if exactly >= math.log(sure):
        return False  # the last term of the sum alone is enough, which settles it for nearly all
    term, total = 1.0, 1.0
    for count in range(documents, 0, -1):
        term *= count / expected
        total += term
        if term < 1e-15:
            break
    return exactly + math.log(total) < math.log(sure)


def supply(config: SourceConfig, facts: Sequence[PollFact], now: datetime) -> Supply | None:
    """What the source brings at this moment.

    `facts` stand in the order of time; wanted are the first successful poll and the latest `LOOKED_BACK_ON` that
    brought documents. What the first successful poll brought is the source's history and says nothing of a rate: time
    begins there, or with the oldest poll that is looked back on.
    None: without an expected rate, or before the source was ever read.
    """
    first = next((fact for fact in facts if fact.well), None)
    if config.expected_per_week is None or first is None:
        return None
    news = [fact for fact in facts if fact.documents and fact.started_at > first.started_at][-LOOKED_BACK_ON:]
    begins = news.pop(0) if len(news) == LOOKED_BACK_ON else first
    life = _Life(config, begins.ended_at)
    for fact in news:
        life.come(fact.ended_at, fact.documents)
    return life.at(now)


class _Life:
    """A source from one poll that brought something to the next, well or in a trouble."""

    def __init__(self, config: SourceConfig, begins: datetime) -> None:
        self._market = config.market or _SEAT.get(config.issuer)
        self._quiet = tuple(config.quiet_days)
        self._zone = zone_of(config)
        self._per_week = config.expected_per_week or 0.0
        self._rate = self._per_week / (7 - len(weekend_of(self._market)))
        self._first = begins.astimezone(self._zone).date()
        self._day = self._first
        self._instants = [begins]
        self._worked = [self._working_until(self._first)]  #: working days up to each instant, its own day included
        self._rested = [0 if self._worked[0] else 1]  #: days of rest with documents up to each instant
        self._documents = [0]  #: those of each instant
        self._sums = [0]  #: those up to each instant
        self._base = 0  #: nothing before this one is held against the source
        self._lack: int | None = None  #: since which one it brings too little

    def come(self, instant: datetime, documents: int) -> None:
        """A poll brought these documents."""
        day = instant.astimezone(self._zone).date()
        worked = self._working_until(day)
        on_rest = day != self._day and worked == self._working_until(day - _DAY)
        self._look(day)
        self._day = day
        self._instants.append(instant)
        self._worked.append(worked)
        self._rested.append(self._rested[-1] + on_rest)
        self._documents.append(documents)
        self._sums.append(self._sums[-1] + documents)
        if self._lack is None:
            return
        begun = recovery(
            days=[worked + rested for worked, rested in zip(self._worked, self._rested, strict=True)][self._lack :],
            documents=self._documents[self._lack :],
            per_day=self._rate,
            per_week=self._per_week,
        )
        if begun is not None:
            self._base, self._lack = self._lack + begun, None

    def at(self, now: datetime) -> Supply:
        """How it is at this moment."""
        today = now.astimezone(self._zone).date()
        self._look(today)
        worked = self._working_until(today - _DAY)
        latest = self._window(len(self._instants) - 1, worked)
        return Supply(latest=latest, lack=None if self._lack is None else self._window(self._lack, worked))

    def _look(self, today: date) -> None:
        """Whether it brings too little on the morning of this day, or did on one since the last new document."""
        worked = self._working_until(today - _DAY)
        if self._lack is not None or self._lacks(worked) is None:
            return  # the longer nothing comes, the more it lacks: if not now, then not before
        self._lack = next(
            since for day in range(min(self._worked[-1], worked), worked + 1) if (since := self._lacks(day)) is not None
        )

    def _lacks(self, worked: int) -> int | None:
        """Since which instant too little came until the end of this working day; None: it did not.

        Looked at is the time since the last new document, since the 2nd, 4th, 8th … last, and since the beginning.
        """
        count, back = len(self._instants), 1
        while True:
            since = max(count - back, self._base)
            expected = self._rate * (worked - self._worked[since])
            sure = SURE if back == 1 else SURE_OF_A_TRICKLE
            if too_few(self._sums[-1] - self._sums[since], expected, sure):
                return since
            if since == self._base:
                return None
            back *= 2

    def _window(self, since: int, worked: int) -> Window:
        days = max(worked - self._worked[since], 0)
        return Window(
            since=self._instants[since],
            days=days,
            documents=self._sums[-1] - self._sums[since],
            expected=days * self._rate,
        )

    def _working_until(self, day: date) -> int:
        return working_days(self._first, day, self._market, self._quiet)


def zone_of(config: SourceConfig) -> ZoneInfo:
    """The publisher's zone; UTC if none is known."""
    return ZoneInfo(config.time_zone or "UTC")
