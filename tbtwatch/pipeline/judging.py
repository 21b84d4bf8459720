"""Whether a piece of news is owed to a subscription: by the question that was asked when the news was noticed.

A question that is changed between the noticing and the judging loses nothing and asks for nothing old: news from
before the change is judged by the question before it, whenever that is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.classification import Classification
from subscriptions.criteria import Match, Subscription
from subscriptions.matching import Subject, read_subject
from tbtwatch.storage import Transaction
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.versions import in_force
from watcher.measure import Measure

if TYPE_CHECKING:
    from tbtwatch.pipeline.alert import Desk


class Bench:
    """One measure's news, judged inside one transaction."""

    def __init__(
        self,
        measure: Measure,
        classification: Classification,
        news: Sequence[StoredChange],
        tx: Transaction,
        desk: Desk,
    ) -> None:
        assert measure.id is not None
        self._measure, self._classification, self._desk = measure, classification, desk
        self._now = {match.subscription: match for match in desk.audience.index(tx).match(measure, classification)}
        # Who was told of it is told what becomes of it.
        self._told = tx.alerts.told_of(measure.id)
        self._ended = tx.versions.ended_after(min(one.noticed_at for one in news))
        self._then: dict[tuple[int, int], Match | None] = {}
        self._subject: Subject | None = None

    def candidates(self) -> list[int]:
        """The subscriptions that may be owed any of it."""
        return sorted(self._now.keys() | self._told.keys() | self._ended.keys())

    def asked(self, subscription: Subscription, change: StoredChange) -> Subscription:
        """The subscription as it stood when the news was noticed."""
        return in_force(subscription, self._ended, change.noticed_at)

    def match(self, subscription: Subscription, change: StoredChange) -> Match | None:
        """Why it is owed to the subscription; None if it is not. Asked of one subscription oldest news first."""
        if change.noticed_at < subscription.started_at:
            return None
        asked = self.asked(subscription, change)
        if change.change.kind not in asked.criteria.changes:
            return None
        found = self._now.get(subscription.id) if asked is subscription else self._by(asked)
        found = found or self._told.get(subscription.id)
        if found is not None:
            self._told.setdefault(subscription.id, found)
        return found

    def _by(self, asked: Subscription) -> Match | None:
        """Whether it fits the question as it was."""
        key = asked.id, asked.version
        if key not in self._then:
            if self._subject is None:
                self._subject = Subject.of(self._measure, self._classification)
            read = read_subject(asked, self._subject, self._desk.names.markets)
            self._then[key] = read if isinstance(read, Match) else None
        return self._then[key]
