"""All that fits a question, a stretch at a time: where one ended, the next begins, whatever was added meanwhile.

A page by its number shifts when something new comes before it. A place in an order does not: what comes behind it is
what was not seen yet. In the order in which measures were recorded nothing is missed and nothing comes twice; in the
others a measure that is changed while somebody walks may move to where they were already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pyroaring import BitMap

from tbtwatch.pipeline.look.asked import DEADLINE, RELEVANCE, Asked
from tbtwatch.pipeline.look.searching import Finder, Fitting
from tbtwatch.pipeline.look.shelf import Shelf

LARGEST = 2**32 - 1  #: the largest number the sets hold
RECORDED = "recorded"  #: an order: as they were recorded, the oldest first


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a measure stands in an order."""

    group: int  #: of the order: "all words in the title", then the others
    day: int
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some of what fits, in its order."""

    ids: tuple[int, ...]
    total: int  #: all that fit
    last: Place | None  #: where to go on; None: there is no more


def walk(finder: Finder, asked: Asked, *, order: str, today: date, after: Place | None = None, limit: int) -> Stretch:
    """The next so many behind a place."""
    shelf = finder.shelf
    with shelf.lock:
        shelf.follow(finder.storage)
        fitting = finder.fitting(asked, today=today)
        places = list(islice(_places(shelf, fitting, asked, order, after), limit + 1))
        total = len(fitting.hits)
    shown = places[:limit]
    return Stretch(
        ids=tuple(place.id for place in shown), total=total, last=shown[-1] if len(places) > limit and shown else None
    )


def _places(shelf: Shelf, fitting: Fitting, asked: Asked, order: str, after: Place | None) -> Iterator[Place]:
    hits = fitting.hits
    if order == RECORDED:
        yield from (Place(0, 0, id) for id in hits.iter_equal_or_larger(min(after.id + 1, LARGEST) if after else 0))
        return
    if order == DEADLINE:
        closing = hits & fitting.open_now
        if after is None or after.group == 0:
            days = ((shelf.days[id].deadline or date.max).toordinal() for id in closing)
            soonest = sorted(Place(0, day, id) for day, id in zip(days, closing, strict=True))
            yield from (place for place in soonest if after is None or place > after)
        yield from _newest(shelf, hits - closing, 1, after)
        return
    groups = [hits]
    if order == RELEVANCE and asked.text:
        groups = [hits & fitting.in_title, hits - fitting.in_title]
    for number, group in enumerate(groups):
        yield from _newest(shelf, group, number, after)


def _newest(shelf: Shelf, among: BitMap, group: int, after: Place | None) -> Iterator[Place]:
    """A group of an order whose newest come first; nothing of it if it lies before the place."""
    if after is not None and after.group > group:
        return
    before = (after.day, after.id) if after is not None and after.group == group else None
    yield from (Place(group, day, id) for day, id in shelf.keys_down(among, before))
