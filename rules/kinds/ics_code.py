"""ICS codes: a measure is in the area if one of its ICS codes lies under one of ours."""

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

_ICS = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?")

#: A rule that names more of the 40 fields than this matches nearly everything that has a code.
_MOST_FIELDS = 20


def _ics(text: str) -> str:
    """An ICS code as staff write it; a dot at the end is forgiven."""
    code = text.strip().rstrip(".")
    if not _ICS.fullmatch(code):
        raise ValueError(said('"{text}" is not an ICS code (as "97", "97.200" or "97.200.50")', text=text))
    return code


ICSPrefix = Annotated[Written, AfterValidator(_ics)]


def _under(code: str, group: str) -> bool:
    """Whether an ICS code is a group or lies in it; codes are compared by their parts, not by their digits."""
    return code == group or code.startswith(group + ".")


class ICSCodeRule(Rule):
    """A measure is in the area if one of its ICS codes lies under one of ours.

    A code of the measure that is only a wider group of ours ("29" where we say 29.220) is broad. A code under ours
    that also holds what `but_not` leaves out gives one grade less; one of ours itself does not.
    """

    example_is = "an ICS code"
    reads_only = "ics_codes"

    kind: Literal["ics_code"] = "ics_code"
    prefixes: tuple[ICSPrefix, ...] = Field(description="ICS codes: field, group or sub-group", min_length=1)
    but_not: tuple[ICSPrefix, ...] = Field(default=(), description="ICS codes under these that do not count")

    def problems(self) -> Iterator[str]:
        """Prefixes that take in nearly everything, or that leave nothing."""
        if len({prefix for prefix in self.prefixes if len(prefix) == 2}) > _MOST_FIELDS:
            yield said(
                "names more than {most} whole fields, so it would match everything; split it by product",
                most=_MOST_FIELDS,
            )
        for prefix in self.but_not:
            if not any(_under(prefix, own) and prefix != own for own in self.prefixes):
                yield said(
                    'leaves out "{prefix}", which none of its prefixes takes in; take it out of but_not', prefix=prefix
                )

    def example(self, text: str) -> Facts:
        """A measure with this one code."""
        return Facts(ics_codes=(text.strip().rstrip("."),))

    def _grade(self, code: str) -> Grade | None:
        if any(_under(code, prefix) for prefix in self.prefixes):
            if any(_under(code, left) for left in self.but_not):
                return None
            mixed = code not in self.prefixes and any(_under(left, code) for left in self.but_not)
            return lowered(self.grade) if mixed else self.grade
        return Grade.BROAD if any(_under(prefix, code) for prefix in self.prefixes) else None

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """The surest of the measure's codes."""
        graded = [(grade, code) for code in reading.facts.ics_codes if code and (grade := self._grade(code))]
        if not graded:
            return ()
        best = min((grade for grade, _ in graded), key=lambda grade: grade.rank)
        codes = tuple(sorted({code for grade, code in graded if grade is best}))
        return (Evidence(rule=self.name, field="ics_codes", quotes=codes, grade=best),)


RULE = ICSCodeRule
