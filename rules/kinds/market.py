"""Markets: a measure is in the area because of who notifies it, which says something only beside other rules."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.classification import Evidence
from rules.reading import Reading
from rules.rule import Rule, Written
from watcher.measure import Facts


class MarketRule(Rule):
    """A measure is in the area if one of these Members notifies it.

    Such a rule is best a part of a combination: words that mean one thing in one country mean another elsewhere.
    """

    example_is = "a Member's code"
    reads_only = "notifying_members"

    kind: Literal["market"] = "market"
    members: tuple[Written, ...] = Field(description="Members' codes as in symbols: USA, EU, TPKM", min_length=1)

    def example(self, text: str) -> Facts:
        """A measure that this Member notifies."""
        return Facts(notifying_members=(text.strip(),))

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """Those of the notifying Members that are ours."""
        ours = {member.strip().casefold() for member in self.members}
        quotes = tuple(sorted({each for each in reading.facts.notifying_members if each.casefold() in ours}))
        return (Evidence(rule=self.name, field="notifying_members", quotes=quotes, grade=self.grade),) if quotes else ()


RULE = MarketRule
