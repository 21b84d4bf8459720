"""Which products of an enterprise a measure affects.

A product is affected if one of its markets is among those that notified, by the same steps as a subscription's market,
and if its code meets the measure's by the same steps as a subscription's HS code, or a standard it is made to is cited.
What else a subscription asks (keywords, kinds, stages) says nothing of the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.classification import Classification, Facet, Finding, Grade
from subscriptions.criteria import Condition, Match, Part
from subscriptions.findings import common_codes, found_further, further_met_by, inferred_codes
from subscriptions.matching import hs_met
from subscriptions.older_codes import successors
from subscriptions.product import AffectedProduct, Product
from subscriptions.standards import standard_form
from watcher.markets import Markets
from watcher.measure import Measure

COMMON_DIGITS = 6
#: So many are kept with a receipt; of the others the number.
KEPT = 20


def watched_codes(product: Product) -> tuple[str, ...]:
    """What its codes are looked for by: the digits all countries share, and what took the place of an older code."""
    common = [code[:COMMON_DIGITS] for code in product.codes]
    return tuple(dict.fromkeys((*common, *(after for code in common for after in successors(code)))))


def numbers_held(product: Product) -> tuple[str, ...]:
    """The standards it is made to without their editions: a new edition is the very news."""
    return tuple(dict.fromkeys(without_edition(one) for one in product.standards))


def without_edition(standard: str) -> str:
    """A standard's number without its edition: "GB 4706.1"."""
    return standard_form(standard).partition(":")[0]


@dataclass(slots=True)
class Affecting:
    """A measure made ready to be held against many products."""

    members: tuple[str, ...]
    stated: Sequence[str]
    common: Sequence[str]
    inferred: Mapping[str, Finding]
    standards: Mapping[str, Finding]
    markets: Markets
    _codes: dict[str, Condition | None] = field(default_factory=dict)
    _held: dict[str, Condition | None] = field(default_factory=dict)
    _here: dict[frozenset[str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, measure: Measure, classification: Classification, markets: Markets) -> Affecting:
        """The measure as it is classified."""
        facts = measure.facts
        return cls(
            members=facts.notifying_members,
            stated=tuple(dict.fromkeys(facts.hs_codes)),
            common=common_codes(classification, facts.hs_codes),
            inferred=inferred_codes(classification, Facet.HS),
            standards=found_further(classification)[Part.STANDARD],
            markets=markets,
        )

    @property
    def chapters(self) -> frozenset[str]:
        """The chapters of all codes it states or implies: no product of another is affected by a code."""
        return frozenset(code[:2] for code in (*self.stated, *self.common, *self.inferred))

    def among(self, products: Iterable[Product]) -> list[AffectedProduct]:
        """Those that are affected, the surest first, then by their numbers."""
        found = [one for product in products if (one := self._product(product)) is not None]
        return sorted(found, key=lambda one: (one.grade.rank, not one.code, one.sku))

    def named_in(self, match: Match, products: Iterable[Product]) -> Match:
        """The receipt with the products that are affected."""
        found = self.among(products)
        return replace(match, products=tuple(found[:KEPT]), further_products=max(len(found) - KEPT, 0))

    def _product(self, product: Product) -> AffectedProduct | None:
        if not self._is_here(product.markets):
            return None
        met = [(code, one) for code in watched_codes(product) if (one := self._code(code)) is not None]
        cited = [standard for standard in product.standards if self._cites(without_edition(standard))]
        if not met and not cited:
            return None
        if not met:
            return AffectedProduct(sku=product.sku, name=product.name, standards=tuple(cited))
        code, best = min(met, key=lambda pair: pair[1].grade.rank)
        direct = best.grade is Grade.DIRECT
        return AffectedProduct(
            sku=product.sku,
            name=product.name,
            code=code,
            found="" if direct else best.found.removeprefix("HS "),
            grade=best.grade,
            standards=tuple(cited),
        )

    def _is_here(self, markets: frozenset[str]) -> bool:
        if markets not in self._here:
            self._here[markets] = not self.markets.expand(markets).isdisjoint(self.members)
        return self._here[markets]

    def _code(self, code: str) -> Condition | None:
        if code not in self._codes:
            self._codes[code] = next(iter(hs_met(code, self.stated, self.common, self.inferred)), None)
        return self._codes[code]

    def _cites(self, number: str) -> bool:
        if number not in self._held:
            met = further_met_by(Part.STANDARD, (number,), self.standards) if self.standards else []
            self._held[number] = next((one for one in met if one.grade is not Grade.BROAD), None)
        return self._held[number] is not None
