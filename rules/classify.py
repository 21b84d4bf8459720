"""Classify a measure: which product areas it concerns, how surely, and why."""

from __future__ import annotations

from rules.classification import AreaFound, Classification, Evidence
from rules.reading import Reading
from rules.ruleset import RuleSet
from watcher.measure import Measure


def classify(measure: Measure, ruleset: RuleSet) -> Classification:
    """The product areas of a measure under a rule set, with all evidence.

    The same measure and the same rules give the same value, whatever the order of the rules. An area's grade is
    the best of its evidence; an area without evidence is not there.
    """
    reading = Reading(measure, ruleset.index)
    rules = [*ruleset.read_without_phrases(measure.facts), *(ruleset.by_name[name] for name in reading.rules)]
    by_area: dict[str, list[Evidence]] = {}
    for rule in rules:
        evidence = rule.read(reading)
        if evidence:
            for area in rule.areas:
                by_area.setdefault(area, []).extend(evidence)
    areas = [
        AreaFound(
            area=area,
            grade=min((each.grade for each in evidence), key=lambda grade: grade.rank),
            evidence=tuple(sorted(set(evidence), key=_evidence_order)),
        )
        for area, evidence in by_area.items()
    ]
    areas.sort(key=lambda found: (found.grade.rank, found.area))
    return Classification(areas=tuple(areas), ruleset_version=ruleset.version)


def _evidence_order(evidence: Evidence) -> tuple[int, str, str, tuple[str, ...]]:
    return evidence.grade.rank, evidence.rule, evidence.field, evidence.quotes
