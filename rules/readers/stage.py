"""How far the measure has come: draft, adopted, in force, withdrawn; or that goods are called back by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import Reading
from rules.recalls import recall_named
from rules.ruleset import RuleSet
from watcher.measure import MeasureStatus

RULE: Final = "reads:stage"
RECALLED: Final = "recalled"


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: N802 - the folder finds it by this name
    """The status of the measure; a regulator's recall is no draft of anything."""
    facts = reading.facts
    recall = recall_named(reading, ruleset)
    if recall:
        evidence = tuple(replace(each, rule=RULE) for each in recall)
        yield Finding(facet=Facet.STAGE, value=RECALLED, grade=Grade.DIRECT, evidence=evidence)
        if facts.status is MeasureStatus.DRAFT and not facts.area:
            return
    stated = Evidence(rule=RULE, field="status", quotes=(facts.status.value,), grade=Grade.DIRECT)
    value = facts.status.value.replace("_", "-")
    yield Finding(facet=Facet.STAGE, value=value, grade=Grade.DIRECT, evidence=(stated,))
