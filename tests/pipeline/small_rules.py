"""A rule book of three rules: the shipped one takes most of a second to read, which no pipeline test is about."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rules.ruleset import RuleSet
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Storage
from tests.builders import NOW

AREAS: dict[str, Any] = {
    "sectors": {"goods": {"en": "Goods", "zh": "商品"}},
    "areas": {
        "food": {"sector": "goods", "names": {"en": "Food", "zh": "食品"}, "hs": ["22"]},
        "toys": {"sector": "goods", "names": {"en": "Toys", "zh": "玩具"}, "hs": ["9503"]},
    },
}
FOOD = {"name": "food-by-hs", "kind": "hs_code", "areas": ["food"], "why": "Chapter 22 is drinks.", "prefixes": ["22"]}
TOYS = {
    "name": "toys-by-hs",
    "kind": "hs_code",
    "areas": ["toys"],
    "why": "Toys are in 9503.",
    "prefixes": ["9503"],
}
WORDS = {
    "name": "toys-by-name",
    "kind": "keyword",
    "areas": ["toys"],
    "why": "Toys called by their name.",
    "any": {"en": ["toy", "doll"], "zh": ["玩具"]},
}


class SmallRulebook(Rulebook):
    """Ships these rules instead of those in config/."""

    def __init__(self, *rules: dict[str, Any], facets: dict[str, Any] | None = None) -> None:
        super().__init__(Path("nowhere"))
        self._facets = facets
        self._rules = rules or (FOOD, TOYS, WORDS)

    def shipped(self) -> RuleSet:
        """The rules it was given."""
        return RuleSet.load(areas=AREAS, rules=list(self._rules), facets=self._facets, version=0)


def back_tested(storage: Storage, draft: int, *, measures: int = 100, changed: int = 0) -> int:
    """The number of a report of this draft against the version in force, as if it had been back-tested."""
    with storage.begin() as tx:
        against = tx.rulesets.active_version() or 0
        return tx.backtests.add(draft, against, by="test", now=NOW, report={"measures": measures, "changed": changed})


@cache
def small_ruleset() -> RuleSet:
    """The three rules as version 1."""
    return RuleSet.load(areas=AREAS, rules=[FOOD, TOYS, WORDS], version=1)
