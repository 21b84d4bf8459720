"""Whom another classification would have reached: messages more and fewer, for each subscription."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rules.backtest import EXAMPLES, Sample, symbol_of
from rules.classification import Classification
from subscriptions.index import SubscriptionIndex
from tbtwatch.pipeline.audience import Audience
from tbtwatch.storage import Transaction
from tbtwatch.storage.changes import StoredChange
from watcher.measure import Measure

LISTED = 50  #: subscriptions in a report; the rest is only counted


class Reach:
    """Counts of messages, measure by measure.

    The subscriptions are those of today, as if they had stood since that day. A message is what one notice brings to
    one subscription, whether at once or in a digest.
    """

    def __init__(self, audience: Audience, *, since: datetime) -> None:
        self._audience, self._since = audience, since
        self._names: dict[int, tuple[str, str]] = {}  #: the enterprise and the name of whoever is touched
        self._more: Counter[int] = Counter()
        self._fewer: Counter[int] = Counter()
        self._examples: dict[str, Sample[dict[str, Any]]] = {"more": Sample(EXAMPLES), "fewer": Sample(EXAMPLES)}

    def add(self, measure: Measure, before: Classification, after: Classification, tx: Transaction) -> None:
        """What the news of one measure would have brought by two classifications."""
        assert measure.id is not None
        index = self._audience.index(tx)
        was, becomes = index.find(measure, before).ids, index.find(measure, after).ids
        if was == becomes:
            return
        news = tx.changes.told(measure.id, since=self._since)
        if news:
            unknown = [id for id in was ^ becomes if id not in self._names]
            found = tx.subscriptions.live_among(unknown)
            self._names.update((id, (one.enterprise, one.name)) for id, one in found.items())
            self._count("more", becomes - was, measure, news, self._more, index)
            self._count("fewer", was - becomes, measure, news, self._fewer, index)

    def _count(
        self,
        which: str,
        ids: Iterable[int],
        measure: Measure,
        news: list[StoredChange],
        counts: Counter[int],
        index: SubscriptionIndex,
    ) -> None:
        for id in ids:
            criteria = index.question(id).criteria
            wanted = [change for change in news if change.change.kind in criteria.changes]
            if not wanted:
                continue
            counts[id] += len({change.notice_id for change in wanted})
            self._examples[which].offer(
                f"{id}\0{measure.id}",
                lambda id=id, wanted=wanted: {
                    "subscription": id,
                    "enterprise": self._names[id][0],
                    "name": self._names[id][1],
                    "measure": measure.id,
                    "symbol": symbol_of(measure),
                    "title": measure.facts.title,
                    "news": [change.change.kind.value for change in wanted],
                    "noticed_at": wanted[0].noticed_at.isoformat(),
                },
            )

    def report(self) -> dict[str, Any]:
        """As plain values for a report."""
        touched = sorted(self._more.keys() | self._fewer.keys(), key=lambda id: (-self._more[id] - self._fewer[id], id))
        known = {id: self._names[id] for id in touched}
        return {
            "subscriptions": len(touched),
            "enterprises": len({enterprise for enterprise, _ in known.values()}),
            "more": self._more.total(),
            "fewer": self._fewer.total(),
            "each": [
                {
                    "subscription": id,
                    "enterprise": known[id][0],
                    "name": known[id][1],
                    "more": self._more[id],
                    "fewer": self._fewer[id],
                }
                for id in touched[:LISTED]
            ],
            "examples": {which: list(sample) for which, sample in self._examples.items()},
        }
