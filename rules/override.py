"""A person's word on one measure: this value is missing, that one is wrong. It stands above what the rules say.

It is applied after `classify`, never inside, so that a version of the rules gives the same whoever said what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from rules.kind_order import place

AREA = "area"  #: the facet of product areas
BY_A_PERSON = "override"  #: how the `rule` of such evidence begins


class Action(StrEnum):
    """What a person says of a value."""

    ADD = "add"  #: it is there, by this grade
    REMOVE = "remove"  #: it is not there, whatever the rules find


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person's word on one value of one measure. It ends with a reason; it is never deleted."""

    id: int
    measure: int
    facet: str  #: "area", or a `Facet`
    value: str
    action: Action
    grade: Grade = Grade.DIRECT  #: of what is added
    reason: str
    by: str
    at: datetime
    seen: str = ""  #: marks of what spoke for values of this facet when it was written
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""

    @property
    def what(self) -> str:
        """The value as staff write it: "area:toys"."""
        return f"{self.facet}:{self.value}"

    def live_at(self, instant: datetime) -> bool:
        """Whether it was in force at that moment."""
        return self.at <= instant and (self.ended_at is None or self.ended_at > instant)


def apply(classification: Classification, overrides: Iterable[Override]) -> Classification:
    """What the measure is about once the live ones of these are heard. The order they are given in means nothing.

    A value that a person added has the person's grade, also where the rules find it by another; what the rules say for
    it stays beside.
    """
    for one in sorted(overrides, key=lambda override: (override.at, override.id)):
        if one.ended_at is None:
            classification = _area(classification, one) if one.facet == AREA else _finding(classification, one)
    return classification


def by_a_person(found: AreaFound | Finding) -> bool:
    """Whether it stands there by somebody's word."""
    return any(evidence.rule.startswith(BY_A_PERSON) for evidence in found.evidence)


def seen_of(classification: Classification, facet: str) -> str:
    """Marks of all that speaks for values of this facet now, to tell later what has come since."""
    return " ".join(sorted({_mark(value, evidence) for value, evidence in _evidence(classification, facet)}))


def against(override: Override, classification: Classification) -> tuple[Evidence, ...]:
    """What speaks against a person's word and was not there when it was written; empty: nothing.

    `classification`: what the rules alone say now. Against a value removed: any new evidence for it. Against one added:
    new evidence that it is there less surely than the person said, or, if the rules do not find it, new direct evidence
    for another value of the facet.
    """
    seen = set(override.seen.split())
    new = [
        (value, evidence)
        for value, evidence in _evidence(classification, override.facet)
        if _mark(value, evidence) not in seen
    ]
    for_it = [evidence for value, evidence in new if value == override.value]
    if override.action is Action.REMOVE:
        return tuple(for_it)
    now = [evidence for value, evidence in _evidence(classification, override.facet) if value == override.value]
    if now:
        surest = min((evidence.grade for evidence in now), key=lambda grade: grade.rank)
        return tuple(for_it) if surest.rank > override.grade.rank else ()
    return tuple(evidence for _, evidence in new if evidence.grade is Grade.DIRECT)


def _area(classification: Classification, one: Override) -> Classification:
    areas = [found for found in classification.areas if found.area != one.value]
    if one.action is Action.ADD:
        known = next((found.evidence for found in classification.areas if found.area == one.value), ())
        areas.append(AreaFound(area=one.value, grade=one.grade, evidence=(_word(one), *known)))
        areas.sort(key=lambda found: (found.grade.rank, found.area))
    return replace(classification, areas=tuple(areas))


def _finding(classification: Classification, one: Override) -> Classification:
    same = [found for found in classification.findings if (found.facet.value, found.value) == (one.facet, one.value)]
    findings = [found for found in classification.findings if found not in same]
    if one.action is Action.ADD:
        findings.append(
            Finding(
                facet=Facet(one.facet),
                value=one.value,
                grade=one.grade,
                evidence=(_word(one), *(evidence for found in same for evidence in found.evidence)),
                note="; ".join(found.note for found in same if found.note),
            )
        )
        findings.sort(key=place)
    return replace(classification, findings=tuple(findings))


def _word(one: Override) -> Evidence:
    return Evidence(rule=f"{BY_A_PERSON} {one.id} by {one.by}", field="", quotes=(), grade=one.grade)


def _evidence(classification: Classification, facet: str) -> Iterator[tuple[str, Evidence]]:
    if facet == AREA:
        found: list[tuple[str, tuple[Evidence, ...]]] = [(one.area, one.evidence) for one in classification.areas]
    else:
        found = [(one.value, one.evidence) for one in classification.findings if one.facet.value == facet]
    for value, several in found:
        for evidence in several:
            if not evidence.rule.startswith(BY_A_PERSON):
                yield value, evidence


def _mark(value: str, evidence: Evidence) -> str:
    said = "\0".join((value, evidence.rule, evidence.field, evidence.grade.value, *evidence.quotes))
    return hashlib.sha256(said.encode()).hexdigest()[:12]
