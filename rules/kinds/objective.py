"""Objectives: a measure is in the area because of what it is for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.classification import Evidence
from rules.reading import Reading
from rules.rule import Rule, Written
from rules.terms import fold
from watcher.measure import Facts


def _same(key: str) -> str:
    """Objectives compare without regard to case, hyphens and underscores."""
    return fold(key).text.replace("_", " ").strip()


class ObjectiveRule(Rule):
    """A measure is in the area if it states one of these objectives.

    An objective says little about a product, so such a rule is seldom more than broad.
    """

    example_is = "an objective"
    reads_only = "objectives"

    kind: Literal["objective"] = "objective"
    objectives: tuple[Written, ...] = Field(description="Keys of objectives, or their wording", min_length=1)

    def example(self, text: str) -> Facts:
        """A measure with this one objective."""
        return Facts(objectives=(text,))

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """The objectives of the measure that are ours."""
        wanted = {_same(key) for key in self.objectives}
        found = tuple(sorted(key for key in set(reading.facts.objectives) if _same(key) in wanted))
        return (Evidence(rule=self.name, field="objectives", quotes=found, grade=self.grade),) if found else ()


RULE = ObjectiveRule
