"""Standards: a measure is in the area if its texts cite one of our standards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from rules.classification import Evidence, Grade
from rules.reading import NAMING_FIELDS, Reading, TextField
from rules.rule import Rule, Written, facts_with, lowered
from rules.standard_numbers import StandardNumber, standard
from watcher.measure import Facts
from watcher.said import said


def _standard(text: str) -> str:
    if standard(text) is None:
        raise ValueError(
            said('"{text}" is not the number of a standard (as "IEC 60335-1", "GB 4706.1-2005" or "EN 71")', text=text)
        )
    return text.strip()


def _one_is_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class StandardNumberRule(Rule):
    """A measure is in the area if its texts cite one of these standards.

    A number without parts takes in all its parts, one without a year all its editions. Cited in the title or the
    products it gives the rule's grade, in a linked document broad, elsewhere one grade less.
    """

    example_is = "a title"

    kind: Literal["standard_number"] = "standard_number"
    standards: Annotated[tuple[Annotated[Written, AfterValidator(_standard)], ...], BeforeValidator(_one_is_a_list)] = (
        Field(description="Numbers of standards: IEC 60335-2-9, EN 71-3:2019", min_length=1)
    )
    fields: tuple[TextField, ...] = Field(
        default=("title", "products_covered", "content_summary", "further_text", "document_text"),
        description="Where to look",
        min_length=1,
    )

    def wanted(self) -> Iterator[StandardNumber]:
        """The standards."""
        for text in self.standards:
            found = standard(text)
            assert found is not None
            yield found

    def example(self, text: str) -> Facts:
        """A measure with this text where the rule looks first."""
        return facts_with(self.fields[0], text)

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """One piece of evidence for each field that cites one."""
        found = []
        wanted = tuple(self.wanted())
        for field in self.fields:
            quotes = dict.fromkeys(
                reading.stretch(field, start, end)
                for start, end, cited in reading.standards(field)
                if any(cited.meets(each) for each in wanted) and not reading.denies(field, start, end)
            )
            if quotes:
                found.append(Evidence(rule=self.name, field=field, quotes=tuple(quotes), grade=self._grade(field)))
        return tuple(found)

    def _grade(self, field: TextField) -> Grade:
        if field in NAMING_FIELDS:
            return self.grade
        return Grade.BROAD if field == "document_text" else lowered(self.grade)


RULE = StandardNumberRule
