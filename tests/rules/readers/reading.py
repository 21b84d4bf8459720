"""What one reader says of a measure with one text."""

from __future__ import annotations

from functools import cache
from typing import Any

from rules.classification import Facet, Finding
from rules.classify import united
from rules.product_areas import ProductAreas
from rules.readers import Reader
from rules.reading import Reading
from rules.ruleset import RuleSet
from tbtwatch import configuration
from tbtwatch.reference import load_vocabulary
from tests.builders import a_measure

NOTHING: dict[str, Any] = {
    **{"title": "", "products_covered": "", "content_summary": "", "hs_codes": (), "ics_codes": ()},
    "notifying_members": (),
}


@cache
def no_rules() -> RuleSet:
    """A set that knows names of markets and has no rule."""
    words = load_vocabulary(configuration.SHIPPED / "reference")
    return RuleSet(version=1, areas=ProductAreas(areas={}, sectors={}), rules=(), vocabulary=words)


@cache
def shipped() -> RuleSet:
    """The rules that give facets, and the parts they are combined of."""
    folder = configuration.SHIPPED
    return RuleSet.load(
        configuration.product_areas(folder),
        [rule for rule in configuration.rules(folder) if rule.get("gives") or rule.get("part")],
        facets=configuration.facets(folder),
        vocabulary=load_vocabulary(folder / "reference"),
    )


def found(reader: Reader, ruleset: RuleSet | None = None, **facts: Any) -> tuple[Finding, ...]:
    """The findings of a reader of a measure that has these facts alone."""
    rules = ruleset or no_rules()
    reading = Reading(a_measure(**{**NOTHING, **facts}), rules.index)
    return united(reader(reading, rules))


def values(reader: Reader, facet: Facet, ruleset: RuleSet | None = None, **facts: Any) -> list[str]:
    """Their values of one facet, sorted."""
    return sorted(one.value for one in found(reader, ruleset, **facts) if one.facet is facet)
