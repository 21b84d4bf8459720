"""HS codes: a measure is in the area if one of its HS codes lies under one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rules.classification import Evidence, Grade
from rules.reading import Reading
from rules.rule import Rule, Written, lowered
from watcher.measure import Facts
from watcher.said import said

_HS = re.compile(r"(?:0[1-9]|[1-6]\d|7[0-689]|8\d|9\d)(?:\d{2}(?:\d{2}(?:\d{1,4})?)?)?")
_MARKS = re.compile(r"[\s.\-]")

#: A rule that names more chapters than this matches nearly everything that has a code.
_MOST_CHAPTERS = 48


def _hs(text: str) -> str:
    """The digits of an HS code as staff write it ("8507", "8507.60")."""
    digits = _MARKS.sub("", text)
    if not _HS.fullmatch(digits):
        raise ValueError(said('"{text}" is not an HS code (2, 4 or 6 to 10 digits)', text=text))
    return digits


HSPrefix = Annotated[Written, AfterValidator(_hs)]


class HSCodeRule(Rule):
    """A measure is in the area if one of its HS codes starts with one of ours.

    A code of the measure that is only a wider group of ours ("85" where we say 8507) is broad. A code under ours that
    also holds what `but_not` leaves out gives one grade less; one of ours itself does not, it was written on purpose.
    """

    example_is = "an HS code"
    reads_only = "hs_codes"

    kind: Literal["hs_code"] = "hs_code"
    prefixes: tuple[HSPrefix, ...] = Field(description="HS codes, 2 to 10 digits", min_length=1)
    but_not: tuple[HSPrefix, ...] = Field(default=(), description="HS codes under these that do not count")

    def problems(self) -> Iterator[str]:
        """Prefixes that take in nearly the whole tariff, or that leave nothing."""
        if len({prefix for prefix in self.prefixes if len(prefix) == 2}) > _MOST_CHAPTERS:
            yield said(
                "names more than {most} whole chapters, so it would match everything; split it by product",
                most=_MOST_CHAPTERS,
            )
        for prefix in self.but_not:
            if not any(prefix.startswith(own) and prefix != own for own in self.prefixes):
                yield said(
                    'leaves out "{prefix}", which none of its prefixes takes in; take it out of but_not', prefix=prefix
                )

    def example(self, text: str) -> Facts:
        """A measure with this one code."""
        return Facts(hs_codes=(_MARKS.sub("", text),))

    def _grade(self, code: str) -> Grade | None:
        if code.startswith(self.prefixes):
            if code.startswith(self.but_not):
                return None
            mixed = code not in self.prefixes and any(left.startswith(code) for left in self.but_not)
            return lowered(self.grade) if mixed else self.grade
        return Grade.BROAD if any(prefix.startswith(code) for prefix in self.prefixes) else None

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """The surest of the measure's codes."""
        graded = [(grade, code) for code in reading.facts.hs_codes if code and (grade := self._grade(code))]
        if not graded:
            return ()
        best = min((grade for grade, _ in graded), key=lambda grade: grade.rank)
        codes = tuple(sorted({code for grade, code in graded if grade is best}))
        return (Evidence(rule=self.name, field="hs_codes", quotes=codes, grade=best),)


RULE = HSCodeRule
