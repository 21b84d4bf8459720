"""Sources: a measure is in the area because of who issued its notices."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.classification import Evidence
from rules.reading import Reading
from rules.rule import Rule, Written
from watcher.measure import Facts, Measure


class SourceRule(Rule):
    """A measure is in the area if one of these issued one of its notices: "WTO", "US-FR".

    An issuer numbers its documents; it is the same by whatever feed they came. Such a rule is best a part of a
    combination: an issuer alone says little about goods.
    """

    example_is = "an issuer"

    kind: Literal["source"] = "source"
    issuers: tuple[Written, ...] = Field(description="Who issued it, as notices are listed: WTO, US-FR", min_length=1)

    def example(self, text: str) -> Facts:  # noqa: ARG002 - who issued it is no fact of it
        """A measure of which nothing is known but its issuer, see `example_measure`."""
        return Facts()

    def example_measure(self, text: str) -> Measure:
        """A measure of this issuer."""
        return Measure(issuer=text.strip(), threads=(), facts=Facts(), notices=())

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """Those of its issuers that are ours."""
        ours = {issuer.strip().casefold() for issuer in self.issuers}
        quotes = tuple(issuer for issuer in reading.issuers if issuer.casefold() in ours)
        return (Evidence(rule=self.name, field="issuer", quotes=quotes, grade=self.grade),) if quotes else ()


RULE = SourceRule
