"""What a year came to: facts owed and facts told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Balance:
    """What was owed to live subscribers, and what became of it."""

    owed: int = 0
    told: int = 0
    refused: int = 0  #: owed, and refused or given up where the subscriber is now: said by the outbox, not lost
    lost: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)  #: alerts that nobody was owed
    twice: list[str] = field(default_factory=list)  #: a fact in two messages that one address took
    edits: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    bursts: int = 0  #: of these, messages that told what was too much for an hour
    facts: int = 0
    subscribers: int = 0
    exact: int = 0  #: subscribers for whom facts owed = facts told
    each: list[str] = field(default_factory=list)  #: a line for each live subscriber

    def __str__(self) -> str:
        edits = ", ".join(f"{number} × {name}" for name, number in sorted(self.edits.items()))
        return (
            f"{self.facts} facts, {self.messages} messages taken, {self.bursts} of them bursts; edits: {edits}\n"
            f"{self.subscribers} live subscribers were owed {self.owed} facts: {self.told} told, "
            f"{self.refused} refused where they are now, {len(self.lost)} lost, {len(self.twice)} told twice, "
            f"{len(self.beyond)} told beyond; owed = told for {self.exact}"
        )
