"""What the digests of a window are written from, looked up for all their readers at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from notifiers.message import Told
from subscriptions.criteria import Address, Subscription
from tbtwatch.pipeline.compose import told_before, told_on
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from watcher.measure import Measure

FEW = 8  # addresses: so many are asked about one by one, not by going through all that heard of a measure
SEVERAL = 400


class Readers:
    """Those who are written to in one transaction, and what each is owed and knows. Made before any is written to."""

    def __init__(
        self,
        owed: Mapping[Address, Sequence[StoredAlert]],
        others: Collection[Address],
        tx: Transaction,
        zone: ZoneInfo,
    ) -> None:
        """`others` are written to although nothing is owed them."""
        self._tx, self._zone = tx, zone
        self._few = len(owed) <= FEW
        self._here = tx.subscriptions.of_addresses({*owed, *others})
        answered = {one.id: one for several in self._here.values() for one in several}
        alerts = {alert.id: alert for several in owed.values() for alert in several}.values()
        self.subscriptions = answered | tx.subscriptions.some(
            {alert.subscription_id for alert in alerts} - answered.keys()
        )
        news = sorted({alert.fact_change_id for alert in alerts})
        self.changes: dict[int, StoredChange] = {}
        for start in range(0, len(news), SEVERAL):
            self.changes |= tx.changes.get(news[start : start + SEVERAL])
        self._told = self._changes_told(owed, news)
        self.managers = tx.managements.managers(one.enterprise for one in self.subscriptions.values())
        measures = sorted({alert.measure_id for alert in alerts})
        self._measures: dict[int, Measure] = {}
        for start in range(0, len(measures), SEVERAL):
            self._measures |= tx.measures.standing(measures[start : start + SEVERAL])
        self._before = {} if self._few else tx.heard.of_measures(owed.keys(), measures)

    def here(self, address: Address) -> tuple[Subscription, ...]:
        """The live subscriptions that are answered at an address."""
        return self._here.get(address, ())

    def told(self, address: Address) -> Collection[int]:
        """The changes, of those it is owed, that a message to this address tells already."""
        return self._told.get(address, ())

    def measure(self, id: int) -> Measure:
        """A measure that news is owed of."""
        if id not in self._measures:
            self._measures[id] = self._tx.measures.get(id)
        return self._measures[id]

    def told_before(self, address: Address, measure: int) -> tuple[Told, ...]:
        """What this address was told of a measure before any of these digests was written."""
        if self._few:
            return told_before(self._tx, address.channel, address.target, measure, self._zone)
        return told_on(self._before.get((address, measure), ()), self._zone)

    def _changes_told(
        self, owed: Mapping[Address, Sequence[StoredAlert]], news: Sequence[int]
    ) -> Mapping[Address, Collection[int]]:
        if not self._few:
            return self._tx.heard.changes(owed.keys(), news)
        asked = self._tx.alerts.changes_told
        return {
            address: asked(address.channel, address.target, [alert.fact_change_id for alert in several])
            for address, several in owed.items()
        }
