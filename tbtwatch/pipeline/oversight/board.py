"""The board of the sources: how each was read, day by day, and how it is now.

A day's polls are counted once and kept: what is over does not change. Today and yesterday are counted each time, for a
poll that is under way is written down when it is over. How a source is, is reckoned anew when it was polled, and every
two minutes, as it may be late since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from threading import Lock

from subscriptions.digest import start_of_day
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.watchkeeping import UNREACHED, as_known
from tbtwatch.storage import Transaction
from tbtwatch.storage.board import PollGroup
from tbtwatch.storage.held import Hold
from tbtwatch.storage.sources import SourceState
from watcher.fetch import Reason
from watcher.health import Health, State
from watcher.source import Source

LONGEST = 90
FRESH_FOR = timedelta(minutes=2)
_READ = ("ok", "unchanged")
_DAY_MINUTES = 24 * 60
_ORDER = (State.BROKEN, State.LATE, State.ENDED, State.SILENT, State.HEALTHY, State.RESTING)


class Mark(StrEnum):
    """What became of a source on a day."""

    NEWS = "news"  #: it was read and brought something
    READ = "read"  #: it was read and brought nothing
    SILENT = "silent"  #: the same, in a silence that is remarkable
    PARTLY = "partly"  #: some polls failed
    UNREADABLE = "unreadable"  #: all failed: what came could not be read
    UNREACHED = "unreached"  #: all failed: nothing came
    GONE = "gone"  #: its publisher gave it up
    UNASKED = "unasked"  #: it was due and nobody asked
    NONE = "none"  #: it was not due, or was not polled yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A source on a day."""

    day: date
    mark: Mark
    polls: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A source: how it is, and its days, the oldest first."""

    source: Source
    health: Health
    state: SourceState
    days: tuple[Day, ...]
    holds: tuple[Hold, ...] = ()  #: what waits for a decision

    @property
    def name(self) -> str:
        """Of the source."""
        return self.source.config.name

    @property
    def unread(self) -> int:
        """On how many of the days it was not read although it should have been."""
        lost = (Mark.UNREACHED, Mark.UNREADABLE, Mark.UNASKED, Mark.GONE)
        return sum(one.mark in lost for one in self.days)


@dataclass(slots=True)
class _Counted:
    """A source's polls of a day."""

    polls: int = 0
    read: int = 0
    unreadable: int = 0
    gone: int = 0
    new: int = 0
    changed: int = 0


class Board:
    """The strips of all sources. Kept between visits, as days that are over stay as they are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._over: dict[date, Mapping[str, _Counted]] = {}
        self._known: dict[str, tuple[datetime, SourceState, Health]] = {}
        self._lock = Lock()

    def strips(self, days: int, names: Sequence[str] | None = None) -> list[Strip]:
        """The sources that need somebody first, then by name. `names`: of these alone."""
        desk, now = self._desk, self._desk.clock()
        today = now.astimezone(desk.names.zone).date()
        shown = [today - timedelta(days=back) for back in range(min(days, LONGEST) - 1, -1, -1)]
        sources = [one for one in desk.sources if names is None or one.config.name in names]
        with desk.storage.look() as tx:
            counted = {day: self._day(day, today, tx) for day in shown}
            first = tx.board.first_polls([one.config.name for one in sources])
            states = tx.sources.states_of([one.config.name for one in sources])
            open_ = tx.holds.open_ones()
            found = []
            for source in sources:
                name = source.config.name
                state = states.get(name) or SourceState(name=name)
                is_now = self._health(source, state, tx, now)
                found.append(
                    Strip(
                        source=source,
                        health=is_now,
                        state=state,
                        days=tuple(self._days(source, is_now, first.get(name), counted, today)),
                        holds=tuple(hold for hold in open_ if hold.source == name),
                    )
                )
        return sorted(
            found,
            key=lambda one: (not one.holds, _ORDER.index(one.health.state), one.state.polled_at is None, one.name),
        )

    def _health(self, source: Source, state: SourceState, tx: Transaction, now: datetime) -> Health:
        known = self._known.get(source.config.name)
        if known is not None and known[1] == state and timedelta(0) <= now - known[0] < FRESH_FOR:
            return known[2]
        is_now = as_known(source, tx, now)
        self._known[source.config.name] = now, state, is_now
        return is_now

    def _day(self, day: date, today: date, tx: Transaction) -> Mapping[str, _Counted]:
        with self._lock:
            kept = self._over.get(day)
            if kept is not None:
                return kept
            zone = self._desk.names.zone
            groups = tx.board.polls(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone))
            found = _counted(groups)
            if (today - day).days > 1:
                self._over[day] = found
                for old in sorted(self._over)[: -LONGEST - 2]:
                    del self._over[old]
            return found

    def _days(
        self,
        source: Source,
        is_now: Health,
        first: datetime | None,
        counted: Mapping[date, Mapping[str, _Counted]],
        today: date,
    ) -> Iterator[Day]:
        zone, name = self._desk.names.zone, source.config.name
        began = first.astimezone(zone).date() if first else None
        quiet = is_now.since.astimezone(zone).date() if is_now.state is State.SILENT else None
        for day, of_day in counted.items():
            one = of_day.get(name)
            if one is None:
                # A source that is asked daily or more often, was asked before, and is asked today too: it was due.
                due = source.config.every_minutes < _DAY_MINUTES and is_now.state not in (State.RESTING, State.ENDED)
                over = day < today or is_now.state is State.LATE  # a day that goes on may yet see it asked
                missed = began is not None and began < day and due and over
                yield Day(day=day, mark=Mark.UNASKED if missed else Mark.NONE)
                continue
            yield Day(
                day=day,
                mark=_mark(one, silent=quiet is not None and day > quiet),
                polls=one.polls,
                failed=one.polls - one.read,
                new=one.new,
                changed=one.changed,
            )


def _counted(groups: Sequence[PollGroup]) -> dict[str, _Counted]:
    found: dict[str, _Counted] = {}
    for group in groups:
        one = found.setdefault(group.source, _Counted())
        one.polls += group.polls
        one.new += group.new
        one.changed += group.changed
        cause = group.cause.replace(" ", "_")
        if group.status in _READ:
            one.read += group.polls
        elif cause == Reason.GONE:
            one.gone += group.polls
        elif cause not in UNREACHED:
            one.unreadable += group.polls
    return found


def _mark(one: _Counted, *, silent: bool) -> Mark:
    if one.read == 0:
        return Mark.GONE if one.gone else Mark.UNREADABLE if one.unreadable else Mark.UNREACHED
    if one.read < one.polls:
        return Mark.PARTLY
    if one.new or one.changed:
        return Mark.NEWS
    return Mark.SILENT if silent else Mark.READ
