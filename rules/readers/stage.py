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
    """The status of the measure; a regulator's recall is no draft of anything.

    What is known from addenda alone may still be a draft: it is broadly found to be one, so that who asks for drafts
    and for everything that may concern them hears of it.
    """
    facts = reading.facts
    recall = recall_named(reading, ruleset)
    if recall:
        evidence = tuple(replace(each, rule=RULE) for each in recall)
        yield Finding(facet=Facet.STAGE, value=RECALLED, grade=Grade.DIRECT, evidence=evidence)
        if facts.status in (MeasureStatus.DRAFT, MeasureStatus.UNKNOWN) and not facts.area:
            return
    stated = Evidence(rule=RULE, field="status", quotes=(facts.status.value,), grade=Grade.DIRECT)
    value = facts.status.value.replace("_", "-")
    yield Finding(facet=Facet.STAGE, value=value, grade=Grade.DIRECT, evidence=(stated,))
    if facts.status is MeasureStatus.UNKNOWN:
        maybe = replace(stated, grade=Grade.BROAD)
        yield Finding(facet=Facet.STAGE, value=MeasureStatus.DRAFT.value, grade=Grade.BROAD, evidence=(maybe,))
