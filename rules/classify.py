"""Classify a measure: product areas, codes, kind, stage, what must be done; how surely, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from rules.kind_order import place
from rules.readers import READERS, Reader
from rules.reading import Reading
from rules.ruleset import RuleSet
from rules.weighing import weighed
from watcher.measure import Measure

#: Which way of reading this is. It grows whenever the program would read the same rules and texts differently, so that
#: everything recorded is classified anew after an update; within one engine a version gives the same, bit for bit.
ENGINE = 3

_HEADING = 4  # digits of an HS heading


def classify(measure: Measure, ruleset: RuleSet, *, readers: Iterable[Reader] = READERS) -> Classification:
    """What a measure is about under a rule set, with all evidence.

    The same measure and the same rules give the same value, whatever the order of the rules. The grade of an area or
    a finding is the best of its evidence; what has no evidence is not there. Without `readers` only the rules are read.
    """
    reading = Reading(measure, ruleset.index, ruleset.patterns)
    found = (ruleset.by_name[name] for name in sorted(reading.rules))
    rules = (*ruleset.read_without_phrases(measure.facts), *found, *ruleset.combinations)
    by_area: dict[str, list[Evidence]] = {}
    given: list[Finding] = []
    for rule in rules:
        evidence = rule.read(reading)
        if not evidence:
            continue
        reading.said[rule.name] = evidence
        for area in rule.areas:
            by_area.setdefault(area, []).extend(evidence)
        given.extend(
            Finding(facet=facet, value=key, grade=_best(evidence), evidence=evidence)
            for facet, keys in rule.gives.items()
            for key in keys
        )
    areas = [
        AreaFound(area=area, grade=_best(evidence), evidence=_in_order(evidence)) for area, evidence in by_area.items()
    ]
    areas.sort(key=lambda found: (found.grade.rank, found.area))
    reading.areas = tuple(areas)
    given.extend(finding for reader in readers for finding in reader(reading, ruleset))
    stated = tuple(code for code in measure.facts.hs_codes if len(code) >= _HEADING)
    weighed_areas = weighed(areas, ruleset.areas, stated=stated, inferred=None if stated else reading.inferred)
    return Classification(areas=weighed_areas, findings=united(given), ruleset_version=ruleset.version, engine=ENGINE)


def united(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of one value as one, with all their evidence, in the order of a classification."""
    by_value: dict[tuple[Facet, str], list[Finding]] = {}
    for finding in findings:
        by_value.setdefault((finding.facet, finding.value), []).append(finding)
    return tuple(sorted(_each(by_value), key=place))


def _each(by_value: dict[tuple[Facet, str], list[Finding]]) -> Iterator[Finding]:
    for (facet, value), same in by_value.items():
        evidence = _in_order(each for finding in same for each in finding.evidence)
        note = "; ".join(sorted({finding.note for finding in same if finding.note}))
        yield Finding(facet=facet, value=value, grade=_best(evidence), evidence=evidence, note=note)


def _best(evidence: Iterable[Evidence]) -> Grade:
    return min((each.grade for each in evidence), key=lambda grade: grade.rank)


def _in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence), key=_evidence_order))


def _evidence_order(evidence: Evidence) -> tuple[int, str, str, tuple[str, ...], str]:
    return evidence.grade.rank, evidence.rule, evidence.field, evidence.quotes, evidence.through
