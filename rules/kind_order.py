"""Which of the kinds of a measure is named first: what it is above all, before what it is as well.

A measure is mostly of several kinds at once: a technical regulation by its article, and by its title a rule on labels.
Who reads only the first is to read the narrower: that it is a technical regulation is true of most that are notified.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import NAMING_FIELDS

#: From what forbids or takes off the market to what a rule is wholly about where its title says so. A kind that staff
#: add stands behind them.
_FIRST: Final = (
    "recall",
    "import-ban",
    "quarantine",
    "maximum-residue",
    "energy-efficiency",
    "labelling",
    "chemical-restriction",
    "food-additives",
    "emissions",
    "recycling-waste",
    "cybersecurity",
    "emc-radio",
    "metrology",
    "good-practice",
    "packaging",
    "registration",
)
#: What sort of document it is, and what most rules touch.
_SORTS: Final = ("conformity-assessment", "standard", "technical-regulation")
_COMMON: Final = ("testing-method", "quality-specification", "safety")
_ORDER: Final = {facet: number for number, facet in enumerate(Facet)}
#: Where evidence stands that says what a measure is above all: also who issued it, and the word of a person (no field).
_SURELY: Final = frozenset({*NAMING_FIELDS, "issuer", ""})
_PLACE: Final = {kind: number for number, kind in enumerate((*_FIRST, "", *_SORTS, *_COMMON))}


def place(finding: Finding) -> tuple[int, int, int, int, str]:
    """Where a finding stands in a classification: by facet, grade and value; kinds by what names them first."""
    of_kind = (_nearness(finding), _PLACE.get(finding.value, _PLACE[""])) if finding.facet is Facet.KIND else (0, 0)
    return _ORDER[finding.facet], *of_kind, finding.grade.rank, finding.value


def _nearness(finding: Finding) -> int:
    """0: title, products or the source name it. 1: what sort of document it is. Then by how sure it is."""
    named = _named(finding.evidence)
    if finding.value == "technical-regulation":
        return 1
    if named and finding.value not in _COMMON:
        return 0
    if finding.value in _SORTS and finding.grade is Grade.DIRECT:
        return 1
    return 2 if named else 3 + finding.grade.rank


def _named(evidence: Iterable[Evidence]) -> bool:
    """Whether title, products, the source itself or a person say so, at least probably."""
    return any(each.field in _SURELY and each.grade.at_least(Grade.PROBABLE) for each in evidence)
