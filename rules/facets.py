"""The values that rules may give besides product areas: kinds, objectives, schemes and duties, by their names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rules.classification import GIVEN_BY_RULES, Facet
from rules.product_areas import name_in
from rules.rule import KEBAB, RuleErrors
from watcher.said import either, said


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a facet, as people call it."""

    key: str  #: "factory-inspection"
    names: Mapping[str, str]  #: by language: en, zh, fr, es
    markets: tuple[str, ...] = ()  #: of a scheme: the Members or groups that ask for it

    def name(self, language: str) -> str:
        """Its name in a language, else in English."""
        return name_in(self.names, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """All values that rules may give, by facet and key."""

    values: Mapping[Facet, Mapping[str, FacetValue]] = field(default_factory=dict)

    def of(self, facet: Facet) -> Mapping[str, FacetValue]:
        """The values of one facet by key."""
        return self.values.get(facet, {})

    def name(self, facet: Facet, key: str, language: str) -> str:
        """What a value is called; the key itself where no name is known."""
        known = self.of(facet).get(key)
        return known.name(language) if known else key

    def nearest(self, facet: Facet, key: str) -> str:
        """The end of a sentence that helps on: "; did you mean labelling?"."""
        known = self.of(facet)
        near = difflib.get_close_matches(key, known, n=2, cutoff=0.5)
        if near:
            return said("; did you mean {several}?", several=either(near))
        return (
            said("; known are {several}", several=", ".join(sorted(known)))
            if known
            else said("; none is known, add it to facets.yaml")
        )

    def content(self) -> dict[str, Any]:
        """As plain values that `load_facets` reads back."""
        return {
            facet.value: {
                one.key: {"names": dict(one.names), **({"markets": list(one.markets)} if one.markets else {})}
                for one in values.values()
            }
            for facet, values in self.values.items()
        }


def load_facets(content: object) -> Facets:
    """Read what `config/facets.yaml` parses to: facet → key → names (or `names` and `markets`).

    Raises `RuleErrors` with a sentence per mistake.
    """
    if isinstance(content, Facets):
        return content
    if content is None:
        return Facets()
    if not isinstance(content, Mapping):
        raise RuleErrors([said("the facets are not a mapping of kind, objective, scheme and duty to their values")])
    mistakes: list[str] = []
    found: dict[Facet, Mapping[str, FacetValue]] = {}
    known = [facet.value for facet in GIVEN_BY_RULES]
    for name in sorted(content, key=str):
        if name not in known:
            mistakes.append(
                said(
                    "the facets have an unknown part {name!r}; known are {several}", name=name, several=", ".join(known)
                )
            )
            continue
        values = content[name]
        if not isinstance(values, Mapping):
            mistakes.append(said("the facet {name!r} is not a mapping of keys to names", name=name))
            continue
        found[Facet(name)] = MappingProxyType(
            {str(key): _value(name, key, values[key], mistakes) for key in sorted(values, key=str)}
        )
    if mistakes:
        raise RuleErrors(mistakes)
    return Facets(values=MappingProxyType(found))


def _value(facet: str, key: object, stated: object, mistakes: list[str]) -> FacetValue:
    whose = f"{facet} {key!r}"
    if not isinstance(key, str) or not KEBAB.fullmatch(key.replace("_", "-") if facet == Facet.OBJECTIVE else key):
        mistakes.append(
            said("{whose} is not a key; use lower case letters, digits and hyphens, as factory-inspection", whose=whose)
        )
    if isinstance(stated, Mapping) and "names" in stated:
        for unknown in sorted(set(map(str, stated)) - {"names", "markets"}):
            mistakes.append(
                said(
                    "{whose} has an unknown part {unknown!r}; known are names and markets", whose=whose, unknown=unknown
                )
            )
        names, markets = stated["names"], stated.get("markets", ())
    else:
        names, markets = stated, ()
    if not isinstance(names, Mapping) or not names.get("en"):
        mistakes.append(said("{whose} has no English name; write {{en: ..., zh: ..., fr: ..., es: ...}}", whose=whose))
        names = {}
    for language, name in names.items():
        if not (isinstance(language, str) and isinstance(name, str) and name.strip()):
            mistakes.append(
                said(
                    "{whose}: the name in {language!r} is not text; write it in quotes", whose=whose, language=language
                )
            )
    if not isinstance(markets, (list, tuple)) or not all(isinstance(one, str) for one in markets):
        mistakes.append(said("{whose}: markets is not a list of codes in quotes", whose=whose))
        markets = ()
    return FacetValue(key=str(key), names=MappingProxyType(dict(names)), markets=tuple(markets))
