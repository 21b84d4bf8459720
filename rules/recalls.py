"""Whether a measure is a recall, by the rules of staff that say so."""

from __future__ import annotations

from typing import Final

from rules.classification import Evidence, Facet, Grade
from rules.reading import Reading
from rules.ruleset import RuleSet

RECALL: Final = "recall"


def recall_named(reading: Reading, ruleset: RuleSet) -> tuple[Evidence, ...]:
    """The evidence of those rules that give the kind recall surely; empty: it is none."""
    return tuple(
        evidence
        for rule in ruleset.giving(Facet.KIND, RECALL)
        for evidence in rule.read(reading)
        if evidence.grade is Grade.DIRECT
    )
