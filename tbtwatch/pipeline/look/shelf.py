"""All measures as they are filtered, counted and sorted, held in memory as sets of numbers.

A copy of what stands in the database, which it follows: before each question it reads what was written since the last
one. Counting a facet is cutting two sets, so the counts are exact, however many measures fit.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from threading import Lock

from pyroaring import BitMap

from tbtwatch.storage import Storage
from tbtwatch.storage.search import GONE, Findable
from watcher.measure import MeasureStatus

MEMBER, AREA, KIND, STAGE, HS, ICS = "member", "area", "kind", "stage", "hs", "ics"
CHAPTER, FIELD = "chapter", "field"  #: the first two digits of an HS or ICS code
_KEPT = frozenset({MEMBER, AREA, KIND, HS, ICS, "objective", "scheme", "duty", "urgency"})
_READ_STAGE = "stage as read"  #: by the rules: a recall stands in no status
_STAGES = {
    MeasureStatus.DRAFT: "draft",
    MeasureStatus.ADOPTED: "adopted",
    MeasureStatus.IN_FORCE: "in-force",
    MeasureStatus.WITHDRAWN: "withdrawn",
    MeasureStatus.UNKNOWN: "unknown",
}
_SORTED = ("distributed", "deadline", "adoption", "force")
_MANY = 2000  # changes at once, after which sorting anew is quicker than putting each in its place

Key = tuple[int, int]  #: a day and a measure's number, the latest last


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a measure that deadlines and charts go by."""

    distributed: date | None
    deadline: date | None
    adoption: date | None
    force: date | None
    in_force_from: date | None


@dataclass(slots=True)
class Shelf:
    """The sets. Used under its lock: `with shelf.lock: shelf.follow(storage) …`."""

    lock: Lock = field(default_factory=Lock)
    horizon: int = 0
    all: BitMap = field(default_factory=BitMap)
    sets: dict[str, dict[str, BitMap]] = field(default_factory=dict)
    days: dict[int, Days] = field(default_factory=dict)
    _statuses: dict[str, BitMap] = field(default_factory=dict)
    _orders: dict[str, list[Key]] = field(default_factory=lambda: {which: [] for which in _SORTED})
    _open: dict[date, BitMap] = field(default_factory=dict)
    _made_for: tuple[date, int] | None = None
    _changes: int = 0  #: counted, so that what is reckoned for a day is reckoned anew

    def follow(self, storage: Storage) -> int:
        """Read what was written since the last time; how many measures that are."""
        with storage.look() as tx:
            horizon, rows = tx.search.since(self.horizon)
            first = list(islice(rows, _MANY))
            many, count = len(first) == _MANY, 0
            for one in chain(first, rows):
                self._put(one, sort=not many)
                count += 1
        self.horizon = horizon
        if not count:
            return 0
        self._changes += 1
        if many:
            for which in _SORTED:
                self._orders[which] = sorted(key for id in self.all if (key := self._key(id, which)))
        self._open.clear()
        return count

    @property
    def version(self) -> int:
        """Grows with every change."""
        return self._changes

    def of(self, kind: str, value: str) -> BitMap:
        """The measures that have a value."""
        return self.sets.get(kind, {}).get(value, _NONE)

    def under(self, kind: str, prefix: str) -> BitMap:
        """Those with a code that begins so."""
        return BitMap.union(
            _NONE, *(found for code, found in self.sets.get(kind, {}).items() if code.startswith(prefix))
        )

    def stages(self, today: date) -> dict[str, BitMap]:
        """How far each has come on a day: an announced entry into force comes by itself."""
        self._as_of(today)
        return self.sets.get(STAGE, {})

    def open_on(self, day: date) -> BitMap:
        """What takes comments on that day still: drafts, and urgent measures, on which they come afterwards."""
        if day in self._open:
            return self._open[day]
        stages = self.stages(day)
        urgent = self.of("urgency", "emergency") - stages.get("withdrawn", _NONE)
        may = stages.get("draft", _NONE) | urgent
        self._open = {day: may & self.since("deadline", day)}
        return self._open[day]

    def since(self, which: str, day: date) -> BitMap:
        """Those with a day of this sort then or later."""
        order = self._orders[which]
        return BitMap(key[1] for key in order[bisect_left(order, (day.toordinal(), 0)) :])

    def newest_first(self, among: BitMap) -> Iterator[int]:
        """These measures, by the day of their latest document."""
        return (id for _, id in self.keys_down(among))

    def keys_down(self, among: BitMap, before: Key | None = None) -> Iterator[Key]:
        """The same with their days; only those behind a place in this order."""
        order = self._orders["distributed"]
        if len(among) * 8 > len(order):
            end = len(order) if before is None else bisect_left(order, before)
            return (order[at] for at in range(end - 1, -1, -1) if order[at][1] in among)
        keys = (key for id in among if (key := self._key(id, "distributed")))
        return iter(sorted((key for key in keys if before is None or key < before), reverse=True))

    def between(self, which: str, first: date, last: date, among: BitMap) -> list[tuple[date, int]]:
        """Days of one sort in a stretch, both included, with their measures, the earliest first."""
        order = self._orders[which]
        begin, end = bisect_left(order, (first.toordinal(), 0)), bisect_left(order, (last.toordinal() + 1, 0))
        return [(date.fromordinal(day), id) for day, id in order[begin:end] if id in among]

    def _as_of(self, today: date) -> None:
        """Sort measures by the stage they have on a day."""
        if self._made_for == (today, self._changes):
            return
        stages = {name: BitMap(self._statuses.get(status.value, _NONE)) for status, name in _STAGES.items()}
        for id in (*stages["draft"], *stages["adopted"], *stages["unknown"]):
            since = self.days[id].in_force_from
            if since is not None and since <= today:
                for name in ("draft", "adopted", "unknown"):
                    stages[name].discard(id)
                stages["in-force"].add(id)
        recalled = self.sets.get(_READ_STAGE, {}).get("recalled", _NONE)
        stages = {**{name: found - recalled for name, found in stages.items()}, "recalled": recalled}
        self.sets[STAGE] = {name: found for name, found in stages.items() if found}
        self._made_for = (today, self._changes)

    def _put(self, one: Findable, *, sort: bool) -> None:
        id = one.measure_id
        if id in self.days:
            self._take(id, sort=sort)
        if one.status == GONE:
            return
        self.all.add(id)
        self.days[id] = Days(one.distributed, one.deadline, one.adoption, one.force, one.in_force_from)
        self._statuses.setdefault(one.status, BitMap()).add(id)
        for kind, value in _values(one):
            self.sets.setdefault(kind, {}).setdefault(value, BitMap()).add(id)
        if sort:
            for which in _SORTED:
                if key := self._key(id, which):
                    insort(self._orders[which], key)

    def _take(self, id: int, *, sort: bool) -> None:
        if sort:
            for which in _SORTED:
                if key := self._key(id, which):
                    del self._orders[which][bisect_left(self._orders[which], key)]
        self.all.discard(id)
        del self.days[id]
        for found in (*self._statuses.values(), *(each for sets in self.sets.values() for each in sets.values())):
            found.discard(id)

    def _key(self, id: int, which: str) -> Key | None:
        """Its place in an order; what has no day stands first among the documents, and nowhere else."""
        day: date | None = getattr(self.days[id], which)
        if day is None:
            return (0, id) if which == "distributed" else None
        return (day.toordinal(), id)


_NONE = BitMap()


def _values(one: Findable) -> Iterable[tuple[str, str]]:
    for kind, values in one.facets.items():
        if kind in _KEPT:
            for value in values:
                yield kind, value
        if kind == STAGE:
            yield from ((_READ_STAGE, value) for value in values)
        if kind in (HS, ICS):
            short = CHAPTER if kind == HS else FIELD
            yield from ((short, value) for value in {each[:2] for each in values})


def weeks(first: date, count: int) -> list[date]:
    """The Mondays of so many weeks, beginning with the one that a day is in."""
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=number) for number in range(count)]
