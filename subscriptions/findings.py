"""What of a classification answers subscriptions besides product areas: inferred codes and the further conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rules.classification import INFERRED_BY, STATED_BY, Classification, Evidence, Facet, Finding, Grade
from rules.override import BY_A_PERSON
from subscriptions.choices import FACETS, asked_form
from subscriptions.criteria import FURTHER, Condition, Part
from subscriptions.standards import standard_form, standard_steps

#: How many quotes stand in a receipt.
QUOTED = 3

_RANK = {grade: grade.rank for grade in Grade}


def inferred_codes(classification: Classification, facet: Facet) -> Mapping[str, Finding]:
    """The codes of a facet that no notice states: inferred from words, probable at most, or said by a person."""
    codes: dict[str, Finding] = {}
    for finding in classification.findings:
        if finding.facet is facet and any(is_unstated(one) for one in finding.evidence):
            by_words = not any(one.rule.startswith(BY_A_PERSON) for one in finding.evidence)
            grade = max(finding.grade, Grade.PROBABLE, key=_RANK.__getitem__) if by_words else finding.grade
            _keep(codes, finding.value, finding if grade is finding.grade else replace(finding, grade=grade))
    return codes


def common_codes(classification: Classification, stated: Iterable[str]) -> tuple[str, ...]:
    """The HS codes that stated ones were cut or lifted to: what all Members call so, by the edition in use."""
    codes = set(stated)
    return tuple(
        finding.value
        for finding in classification.of(Facet.HS)
        if finding.value not in codes
        and any(one.rule == STATED_BY and not codes.isdisjoint(one.quotes) for one in finding.evidence)
    )


def is_unstated(evidence: Evidence) -> bool:
    """Whether it speaks for a code that no notice states."""
    return evidence.rule == INFERRED_BY or evidence.rule.startswith(BY_A_PERSON)


def found_further(classification: Classification) -> Mapping[Part, Mapping[str, Finding]]:
    """What was found for each further condition, the surest of each value."""
    found: dict[Part, dict[str, Finding]] = {part: {} for part in FACETS}
    parts = {facet: part for part, facet in FACETS.items()}
    for finding in classification.findings:
        if (part := parts.get(finding.facet)) is not None:
            _keep(found[part], asked_form(part, finding.value), finding)
    return found


def _keep(among: dict[str, Finding], key: str, finding: Finding) -> None:
    """Keep the surest finding of each key."""
    if key not in among or _RANK[finding.grade] < _RANK[among[key].grade]:
        among[key] = finding


def further_met_by(part: Part, wanted_values: Iterable[str], found: Mapping[str, Finding]) -> list[Condition]:
    """Every value asked for under a further condition that was found, the surest first."""
    met = []
    for asked in sorted(wanted_values):
        if part is Part.STANDARD:
            met += _standard_met(asked, found)
        elif finding := found.get(asked_form(part, asked)):
            met.append(_finding_met(part, asked, finding, finding.grade))
    return sorted(met, key=lambda condition: _RANK[condition.grade])


def _standard_met(asked: str, found: Mapping[str, Finding]) -> list[Condition]:
    """The surest standard that is the one asked for, a part or an edition of it; else the series it belongs to."""
    form = standard_form(asked)
    inside = [finding for value, finding in found.items() if form in standard_steps(value)]
    if inside:
        best = min(inside, key=lambda finding: _RANK[finding.grade])
        return [_finding_met(Part.STANDARD, asked, best, best.grade)]
    series = [finding for value, finding in found.items() if value in standard_steps(asked)]
    return [_finding_met(Part.STANDARD, asked, series[0], Grade.BROAD)] if series else []


def _finding_met(part: Part, asked: str, finding: Finding, grade: Grade) -> Condition:
    """The best evidence of a finding, as the receipt shows it."""
    best = min(finding.evidence, key=lambda evidence: evidence.grade.rank, default=None)
    found = finding.value
    if best is not None and part is not Part.STANDARD:
        found = ", ".join(dict.fromkeys(best.quotes[:QUOTED])) or finding.value
    return Condition(part=part, asked=asked, found=found, grade=grade, field=best.field if best else "")


def because_of(condition: Condition) -> str:
    """What gave no better grade; a further condition by its name too, "scheme ce"."""
    return f"{condition.part.value} {condition.asked}" if condition.part in FURTHER else condition.found
