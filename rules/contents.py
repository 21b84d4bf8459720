"""The content of rule sets as single entries: sectors, areas, values of facets, rules, each by its name.

Two sets are compared, and three are merged, entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rules.classification import GIVEN_BY_RULES


class Entry(NamedTuple):
    """Which entry: ("rule", "toys-by-hs"), ("area", "toys"), ("scheme", "ce")."""

    what: str
    name: str

    def __str__(self) -> str:
        """As people say it."""
        return f"{self.what} {self.name!r}"


_FACETS = tuple(facet.value for facet in GIVEN_BY_RULES)

#: In the order in which they are told.
KINDS_OF_ENTRIES = ("sector", "area", *_FACETS, "rule")

Entries = dict[Entry, Any]


def entries(content: Mapping[str, Any]) -> Entries:
    """What `RuleSet.content` gives, entry by entry."""
    areas, facets = content["areas"], content.get("facets") or {}
    return {
        **{Entry("sector", key): names for key, names in areas.get("sectors", {}).items()},
        **{Entry("area", key): area for key, area in areas["areas"].items()},
        **{Entry(facet, key): value for facet in _FACETS for key, value in facets.get(facet, {}).items()},
        **{Entry("rule", rule["name"]): rule for rule in content["rules"]},
    }


def content_of(found: Entries) -> dict[str, Any]:
    """The content that has these entries."""
    facets = {facet: _of(found, facet) for facet in _FACETS}
    return {
        "areas": {"sectors": _of(found, "sector"), "areas": _of(found, "area")},
        "facets": {facet: values for facet, values in facets.items() if values},
        "rules": list(_of(found, "rule").values()),
    }


def _of(found: Entries, what: str) -> dict[str, Any]:
    return {entry.name: found[entry] for entry in sorted(found) if entry.what == what}


def rests_on(entry: Entry, value: Any) -> Iterator[Entry]:
    """The entries without which this one is a mistake."""
    if entry.what == "area" and value.get("sector"):
        yield Entry("sector", value["sector"])
    if entry.what == "rule":
        yield from (Entry("area", area) for area in value.get("areas", ()))
        yield from (Entry(facet, key) for facet, keys in value.get("gives", {}).items() for key in keys)
        if value["kind"] == "combination":
            yield from (Entry("rule", name) for part in ("all", "any", "not_any") for name in value.get(part, ()))
