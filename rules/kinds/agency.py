"""Agencies: a measure is in the area because of who is responsible for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from rules.classification import Evidence
from rules.reading import PhraseKey, Reading
from rules.rule import Rule, Written
from rules.stopwords import too_common
from rules.terms import TermError, wordings
from watcher.measure import Facts
from watcher.said import said, sentence_of


class AgencyRule(Rule):
    """A measure is in the area if one of these names occurs in the agency responsible.

    With `members`, only if one of these Members notifies: many countries have a "Ministry of Health".
    """

    example_is = "the name of an agency"

    kind: Literal["agency"] = "agency"
    agencies: tuple[Written, ...] = Field(description="Words of the agency's name", min_length=1)
    members: tuple[Written, ...] = Field(default=(), description="Members' codes as in symbols: USA, EU, TPKM")

    def phrases(self) -> Iterator[tuple[PhraseKey, str]]:
        """The names."""
        for place, phrase in enumerate(self.agencies):
            yield PhraseKey(self.name, "agency", place), phrase

    def problems(self) -> Iterator[str]:
        """Names that would occur everywhere or nowhere."""
        for phrase in self.agencies:
            try:
                folded = min(wordings(phrase), key=len)
            except TermError as error:
                yield said("cannot use an agency: {error}; take it out", error=sentence_of(error))
                continue
            if reason := too_common(folded):
                yield said("cannot use the agency {phrase!r}: {reason}", phrase=phrase, reason=reason)

    def example(self, text: str) -> Facts:
        """A measure of this agency, notified by the first of our Members."""
        return Facts(responsible_agency=text, notifying_members=self.members[:1])

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """The words of the agency's name."""
        if self.members and not set(self.members) & set(reading.facts.notifying_members):
            return ()
        found = reading.found(self.name).get("responsible_agency", [])
        quotes = tuple(dict.fromkeys(reading.quote("responsible_agency", hit.start, hit.end) for hit in found))
        if not quotes:
            return ()
        return (Evidence(rule=self.name, field="responsible_agency", quotes=quotes, grade=self.grade),)


RULE = AgencyRule
