"""The reader's own products beside a receipt: which of them a measure affects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rules.classification import Classification
from subscriptions.affected import Affecting
from subscriptions.criteria import Match
from subscriptions.product import Product
from tbtwatch.storage import Transaction
from watcher.markets import Markets
from watcher.measure import Measure


class Shelf:
    """The products of some enterprises that one measure may affect, looked up together."""

    def __init__(
        self,
        measure: Measure,
        classification: Classification,
        enterprises: Iterable[str],
        tx: Transaction,
        markets: Markets,
    ) -> None:
        self._affecting = Affecting.of(measure, classification, markets)
        self._products: dict[str, list[Product]] = tx.products.that_may_be_affected(
            set(enterprises), chapters=self._affecting.chapters, by_standard=bool(self._affecting.standards)
        )
        self._named: dict[str, Match] = {}

    def named_in(self, match: Match, enterprise: str) -> Match:
        """The receipt with the products of this enterprise that are affected now; of no other."""
        if enterprise not in self._products:
            return replace(match, products=(), further_products=0) if match.products else match
        if enterprise not in self._named:
            self._named[enterprise] = self._affecting.named_in(match, self._products[enterprise])
        named = self._named[enterprise]
        return replace(match, products=named.products, further_products=named.further_products)
