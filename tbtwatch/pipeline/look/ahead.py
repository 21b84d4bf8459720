"""The days that lie ahead, or lie in a month: deadlines for comments, planned adoptions, entries into force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pyroaring import BitMap

from tbtwatch.pipeline.look.searching import Finder
from tbtwatch.pipeline.look.shelf import AREA, MEMBER, weeks
from tbtwatch.storage.briefs import Brief

DEADLINE, ADOPTION, FORCE = "deadline", "adoption", "force"
WHATS = (DEADLINE, ADOPTION, FORCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOf:
    """One day of one measure."""

    day: date
    what: str
    measure: Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSeen:
    """A stretch of days: how many fall on each, and the first of them with their measures."""

    counts: Mapping[date, Mapping[str, int]]
    listed: tuple[DayOf, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is coming."""

    weeks: Sequence[tuple[date, Mapping[str, int]]]  #: by the Monday
    markets: Mapping[str, int]  #: the most first
    areas: Mapping[str, int]
    total: int


def days_between(
    finder: Finder,
    first: date,
    last: date,
    *,
    whats: Sequence[str] = WHATS,
    markets: Sequence[str] = (),
    areas: Sequence[str] = (),
    most: int = 100,
    today: date,
) -> MonthSeen:
    """The days of measures that fall in a stretch, both ends included."""
    with finder.shelf.lock:
        finder.shelf.follow(finder.storage)
        found = _days(finder, first, last, whats, finder.among(markets=markets, areas=areas), today)
    counts: dict[date, Counter[str]] = {}
    for day, what, _ in found:
        counts.setdefault(day, Counter())[what] += 1
    shown = found[:most]
    with finder.storage.look() as tx:
        briefs = {one.id: one for one in tx.briefs.of([id for _, _, id in shown])}
    listed = tuple(DayOf(day=day, what=what, measure=briefs[id]) for day, what, id in shown if id in briefs)
    return MonthSeen(counts=counts, listed=listed, total=len(found))


def ahead(finder: Finder, today: date, *, count: int) -> Ahead:
    """What the next so many weeks bring, from today on, by week, market and product area."""
    mondays = weeks(today, count)
    shelf = finder.shelf
    with shelf.lock:
        shelf.follow(finder.storage)
        asked = (shelf.version, today, count)
        if finder.ahead_kept is not None and finder.ahead_kept[0] == asked:
            kept: Ahead = finder.ahead_kept[1]
            return kept
        found = _days(finder, today, mondays[-1] + timedelta(days=6), WHATS, shelf.all, today)
        # A measure has one day of each sort at most.
        by_what = [BitMap(id for _, what, id in found if what == each) for each in WHATS]
        by_market, by_area = (_by(shelf.sets.get(kind, {}), by_what) for kind in (MEMBER, AREA))
    counts: dict[date, Counter[str]] = {monday: Counter() for monday in mondays}
    for day, what, _ in found:
        counts[day - timedelta(days=day.weekday())][what] += 1
    seen = Ahead(weeks=tuple(counts.items()), markets=by_market, areas=by_area, total=len(found))
    finder.ahead_kept = (asked, seen)
    return seen


def _days(
    finder: Finder, first: date, last: date, whats: Sequence[str], among: BitMap, today: date
) -> list[tuple[date, str, int]]:
    """Of what is withdrawn no day counts; of what is adopted the comments are over."""
    shelf = finder.shelf
    stages = shelf.stages(today)
    alive = among - stages.get("withdrawn", BitMap())
    planned = alive - stages.get("adopted", BitMap()) - stages.get("in-force", BitMap())
    found: list[tuple[date, str, int]] = []
    for what in whats:
        # A plan that was made before, and came true, is a day of the past and shown there.
        those = planned if what == DEADLINE and first >= today else alive
        found += [(day, what, id) for day, id in shelf.between(what, first, last, those)]
    return sorted(found, key=lambda one: (one[0], WHATS.index(one[1]), one[2]))


def _by(sets: Mapping[str, BitMap], by_what: Sequence[BitMap]) -> dict[str, int]:
    counted = {value: sum(among.intersection_cardinality(those) for those in by_what) for value, among in sets.items()}
    return {value: n for value, n in sorted(counted.items(), key=lambda one: (-one[1], one[0])) if n}
