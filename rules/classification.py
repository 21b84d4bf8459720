"""What classification says of a measure, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How sure it is that a measure concerns a product."""

    DIRECT = "direct"  #: stated: its code, or its name in title or products
    PROBABLE = "probable"  #: named in the text
    BROAD = "broad"  #: only a wider group is named ("85")

    @property
    def rank(self) -> int:
        """0 is surest."""
        return (Grade.DIRECT, Grade.PROBABLE, Grade.BROAD).index(self)

    def at_least(self, wanted: Grade) -> bool:
        """Whether this is as sure as wanted, or surer."""
        return self.rank <= wanted.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a rule fired: which rule, where, and the words."""

    rule: str
    field: str  #: name of the `watcher.measure.Facts` field
    quotes: tuple[str, ...]  #: as they stand in the text
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFound:
    """A product area of a measure, with all that speaks for it. Its grade is the best of its evidence."""

    area: str  #: key in config/product_areas.yaml
    grade: Grade
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The product areas of a measure under one version of the rule set, sorted by grade, then key."""

    areas: tuple[AreaFound, ...] = ()
    ruleset_version: int = 0

    def grade_of(self, area: str) -> Grade | None:
        """The grade of an area, None if the measure is not in it."""
        return next((found.grade for found in self.areas if found.area == area), None)
