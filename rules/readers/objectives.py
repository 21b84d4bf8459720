"""Objectives that the measure states itself; those that only its words suggest are given by rules."""

from __future__ import annotations

from collections.abc import Iterable

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import Reading
from rules.ruleset import RuleSet
from watcher.objectives import OBJECTIVES

RULE = "reads:objectives"


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: ARG001, N802 - the folder finds it by this name
    """Each stated objective that is known by a key."""
    for key in dict.fromkeys(reading.facts.objectives):
        if key in OBJECTIVES:
            evidence = Evidence(rule=RULE, field="objectives", quotes=(key,), grade=Grade.DIRECT)
            yield Finding(facet=Facet.OBJECTIVE, value=key, grade=Grade.DIRECT, evidence=(evidence,))
