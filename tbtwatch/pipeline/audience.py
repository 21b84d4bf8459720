"""The index of subscriptions in this process, following the database."""

from __future__ import annotations

from collections.abc import Collection

from subscriptions.criteria import Address, Subscription
from subscriptions.index import SubscriptionIndex
from tbtwatch.storage import Transaction
from watcher.markets import Markets


class Audience:
    """All live subscriptions and their index: a cache, brought up to date inside the transaction that asks."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._revision = -1
        self._index = SubscriptionIndex((), markets)
        self._live: dict[int, Subscription] = {}
        self._at: dict[Address, tuple[Subscription, ...]] | None = None

    def index(self, tx: Transaction) -> SubscriptionIndex:
        """The index as of this transaction."""
        self._follow(tx)
        return self._index

    def get(self, id: int) -> Subscription | None:
        """A live subscription, as of the last `index`."""
        return self._live.get(id)

    def live(self) -> Collection[Subscription]:
        """All live subscriptions, as of the last `index`."""
        return self._live.values()

    def at(self, address: Address) -> tuple[Subscription, ...]:
        """The live subscriptions of an address, as of the last `index`."""
        if self._at is None:
            found: dict[Address, list[Subscription]] = {}
            for subscription in self._live.values():
                for each in subscription.addresses:
                    found.setdefault(each, []).append(subscription)
            self._at = {each: tuple(several) for each, several in found.items()}
        return self._at.get(address, ())

    def _follow(self, tx: Transaction) -> None:
        revision = tx.subscriptions.revision()
        if revision == self._revision:
            return
        live = {subscription.id: subscription for subscription in tx.subscriptions.live()}
        if self._revision < 0:
            self._index = SubscriptionIndex(live.values(), self._markets)
        else:
            for id_ in self._live.keys() - live.keys():
                self._index.remove(id_)
            for id_, subscription in live.items():
                if (before := self._live.get(id_)) != subscription:
                    if before is not None:
                        self._index.remove(id_)
                    self._index.add(subscription)
        self._live, self._revision, self._at = live, revision, None
