"""Regular expressions: a measure is in the area if one of our patterns occurs in its texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from rules.classification import Evidence
from rules.patterns import PatternError, check
from rules.reading import NAMING_FIELDS, PhraseKey, Reading, TextField
from rules.rule import Rule, Written, facts_with, lowered
from watcher.measure import Facts
from watcher.said import said, sentence_of


def _one_is_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class RegexRule(Rule):
    """A measure is in the area if one of these patterns occurs in its texts.

    Patterns are those of RE2. They are read against the text as it stands, capitals make no difference. A place does
    not count where the text takes it back. Found in the title or the products it gives the rule's grade, found
    elsewhere one grade less.
    """

    kind: Literal["regex"] = "regex"
    patterns: Annotated[tuple[Written, ...], BeforeValidator(_one_is_a_list)] = Field(
        description="One of these must occur", min_length=1
    )
    fields: tuple[TextField, ...] = Field(
        default=("title", "products_covered", "content_summary", "further_text", "document_text"),
        description="Where to look",
        min_length=1,
    )

    def regexes(self) -> Iterator[tuple[PhraseKey, str]]:
        """The patterns."""
        for place, pattern in enumerate(self.patterns):
            yield PhraseKey(self.name, "pattern", place), pattern

    def problems(self) -> Iterator[str]:
        """Patterns that RE2 refuses, or that would occur everywhere."""
        for pattern in self.patterns:
            try:
                check(pattern)
            except PatternError as error:
                yield said(
                    "cannot use the pattern {pattern!r}: it {error}", pattern=pattern[:60], error=sentence_of(error)
                )

    def example(self, text: str) -> Facts:
        """A measure with this text where the rule looks first."""
        return facts_with(self.fields[0], text)

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """One piece of evidence for each field in which a pattern occurs."""
        found = []
        for field in self.fields:
            quotes = dict.fromkeys(
                reading.stretch(field, hit.start, hit.end)
                for hit in reading.matched(self.name).get(field, [])
                if not reading.denies(field, hit.start, hit.end)
            )
            if quotes:
                grade = self.grade if field in NAMING_FIELDS else lowered(self.grade)
                found.append(Evidence(rule=self.name, field=field, quotes=tuple(quotes), grade=grade))
        return tuple(found)


RULE = RegexRule
