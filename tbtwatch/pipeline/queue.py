"""The queue of measures for staff to decide about, by who waits and how soon it matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from heapq import heappush, heappushpop

from notifiers.titles import title_of
from rules.backtest import symbol_of
from subscriptions.criteria import Subscription
from subscriptions.queue import Doubtful, doubtful
from tbtwatch.pipeline.alert import Desk

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for a decision."""

    measures: int  #: recorded
    doubtful: Mapping[str, int]  #: how many by what is doubtful: "in no area", "only inferred", "only broad"
    first: tuple[Doubtful, ...]  #: those to decide about first
    names: Mapping[int, Subscription]  #: the subscriptions that are named as examples


def queue(*, desk: Desk, today: date, limit: int = 20, progress: Callable[[int, int], None] = lambda *_: None) -> Queue:
    """Go through all that is recorded, as it is classified now; in memory only the first few are kept."""
    first: list[tuple[float, int, Doubtful]] = []
    counts: Counter[str] = Counter()
    after = done = 0
    with desk.storage.look() as tx:
        areas, total = desk.rulebook.in_force(tx).areas, tx.measures.count()
    while True:
        with desk.storage.look() as tx:
            chunk = tx.measures.after(after, limit=CHUNK)
            if not chunk:
                break
            stored = tx.measures.classifications([measure.id or 0 for measure in chunk])
            index = desk.audience.index(tx)
        for measure in chunk:
            after = measure.id or 0
            if after not in stored:
                continue  # recorded this moment
            one = doubtful(
                measure,
                stored[after],
                index=index,
                areas=areas,
                today=today,
                symbol=symbol_of(measure),
            )
            if one is None:
                continue
            counts[one.doubt] += 1
            one = replace(one, title=title_of(measure.facts))
            placed = (one.weight, -one.measure, one)
            if len(first) < limit:
                heappush(first, placed)
            elif limit:
                heappushpop(first, placed)
        done += len(chunk)
        progress(done, max(done, total))
    ordered = tuple(one for _, _, one in sorted(first, key=lambda placed: (-placed[0], -placed[1])))
    examples = {id for one in ordered for candidate in one.candidates for id in candidate.examples}
    with desk.storage.look() as tx:
        names = tx.subscriptions.live_among(examples)
    return Queue(measures=done, doubtful=dict(counts), first=ordered, names=names)
