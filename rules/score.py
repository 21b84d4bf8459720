"""How well a classification agrees with known answers: figures, and the cases that weigh most.

top 1, top 3: the share of rows with a known answer where the best guess (one of the best three) is right; a row without
a guess counts as wrong. precision: of what was stated at least *probable*, how much is right. recall: of what is known,
how much was stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.product_areas import ProductAreas


@dataclass(slots=True, kw_only=True)
class Figures:
    """What a set of rows came to, counted one by one."""

    rows: int = 0  #: with a known answer
    top1: int = 0
    top3: int = 0
    stated: int = 0  #: answers given, at least probable
    right: int = 0  #: of those
    known: int = 0  #: answers known
    reached: int = 0  #: of those, how many were stated

    def add(
        self,
        known: Iterable[str],
        *,
        ranked: Sequence[str] = (),
        stated: Iterable[str] = (),
        allowed: Iterable[str] = (),
    ) -> None:
        """One row. `allowed`: answers that are neither right nor wrong, because what is known does not say."""
        answers, given = set(known), set(stated)
        given -= set(allowed) - answers
        self.stated += len(given)
        self.right += len(given & answers)
        if not answers:
            return
        self.rows += 1
        self.known += len(answers)
        self.reached += len(answers & given)
        self.top1 += any(one in answers for one in ranked[:1])
        self.top3 += any(one in answers for one in ranked[:3])

    def as_plain(self, *, ranked: bool, stated: bool) -> dict[str, Any]:
        """The figures as shares, None where nothing was counted."""
        plain: dict[str, Any] = {"rows": self.rows}
        if ranked:
            plain |= {"top1": share(self.top1, self.rows), "top3": share(self.top3, self.rows)}
        if stated:
            plain |= {"precision": share(self.right, self.stated), "recall": share(self.reached, self.known)}
        return plain


def share(part: int, whole: int) -> float | None:
    """A share of a whole to three places; None of nothing."""
    return round(part / whole, 3) if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasByCode:
    """The product areas that codes say a measure is in."""

    expected: frozenset[str]  #: a stated code lies in the area, and in no narrower one
    allowed: frozenset[str]  #: a stated code is only wider than the area ("85"), or shares its chapter or field

    @classmethod
    def of(cls, areas: ProductAreas, hs: Iterable[str], ics: Iterable[str]) -> AreasByCode:
        """What HS and ICS codes say of the areas, by the prefixes in their list."""
        expected: set[str] = set()
        allowed: set[str] = set()
        for key, area in areas.items():
            for codes, prefixes in ((hs, area.hs), (ics, area.ics)):
                if {code[:2] for code in codes} & {prefix[:2] for prefix in prefixes}:
                    allowed.add(key)
        for codes, which in ((hs, "hs"), (ics, "ics")):
            for code in codes:
                expected |= areas.narrowest(code, which)
        return cls(expected=frozenset(expected), allowed=frozenset(allowed - expected))


@dataclass(slots=True, kw_only=True)
class Confusion:
    """How often one answer was given for another."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)  #: (known, given); "" for nothing given

    def add(self, known: str, given: str) -> None:
        """One row whose first known answer was this, and whose best guess was that."""
        self.counts[known, given] = self.counts.get((known, given), 0) + 1

    def worst(self, limit: int = 30) -> list[tuple[str, str, int]]:
        """The pairs that were confused most often."""
        wrong = [(known, given, count) for (known, given), count in self.counts.items() if known != given]
        return sorted(wrong, key=lambda pair: (-pair[2], pair[0], pair[1]))[:limit]


def table(figures: Mapping[str, Mapping[str, Figures]], *, shown: Mapping[str, tuple[bool, bool]]) -> dict[str, Any]:
    """Figures by part of the rows and by question, as plain values. `shown`: question → (ranked, stated)."""
    return {
        part: {
            question: one.as_plain(ranked=shown[question][0], stated=shown[question][1])
            for question, one in questions.items()
        }
        for part, questions in figures.items()
    }
