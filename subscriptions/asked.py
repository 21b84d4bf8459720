"""A standing question as numbers, and back.

Each value asked for under a condition has a number (`Vocabulary`), and so have the grade, what is asked besides the
conditions of the index, and that a condition is not asked at all. The numbers of a question are all the sets of the
index that its subscription is in, and enough to write the question down again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from subscriptions.choices import FACETS, asked_form
from subscriptions.criteria import FURTHER, Criteria, Part
from subscriptions.matching import asks_for_product, hs_steps, ics_steps
from subscriptions.standards import standard_form, standard_steps
from subscriptions.vocabulary import Reading, Vocabulary

#: The fields of `Criteria` that are sets of values, each with a number and a set of its own.
_FURTHER: Final = tuple(FURTHER.values())
VALUED: Final = ("markets", "hs", "ics", "areas", "keywords", "exclusions", *_FURTHER)
GRADE: Final = "grade"
#: What is in no set by itself: it is kept to be written down again, one number for each combination that occurs.
REST: Final = tuple(field.name for field in fields(Criteria) if field.name not in {*VALUED, GRADE})
_REST: Final = "rest"
#: Conditions that hold always for those who did not ask; further ones and exclusions that somebody asks anything of.
WITHOUT: Final = "without"
ASKING: Final = "asking"


_values = attrgetter(*VALUED)
_rest = attrgetter(*REST)


def _series(standard: str) -> list[str]:
    """All that a standard belongs to, besides itself."""
    form = standard_form(standard)
    return [step for step in standard_steps(standard) if step != form]


def _readings() -> dict[str, Reading]:
    readings = dict.fromkeys((*VALUED, GRADE, _REST, WITHOUT, ASKING), Reading())
    readings["hs"] = Reading(wider=lambda code: hs_steps(code)[:-1])
    readings["ics"] = Reading(wider=lambda code: ics_steps(code)[:-1])
    for part, name in ((part, name) for part, name in FURTHER.items() if part in FACETS):
        readings[name] = Reading(form=lambda asked, part=part: asked_form(part, asked))  # type: ignore[misc]
    standards = FURTHER[Part.STANDARD]
    readings[standards] = Reading(form=readings[standards].form, wider=_series)
    return readings


class Asked:
    """The numbers of standing questions."""

    def __init__(self) -> None:
        self.words = Vocabulary(_readings())
        self._sets = tuple((1 << place, name, self.words.of(name)) for place, name in enumerate(VALUED))
        self._tails: dict[Hashable, tuple[int, ...]] = {}  #: what is the same for very many

    def numbers(self, criteria: Criteria) -> tuple[list[int], list[tuple[str, str]]]:
        """The numbers of a question, and those of its values that nobody asked for before."""
        new: list[tuple[str, str]] = []
        run: list[int] = []
        conditions = 0
        for (bit, name, known), values in zip(self._sets, _values(criteria), strict=True):
            if values:
                conditions |= bit
                for value in values:
                    number = known.get(value)
                    if number is None:
                        number = self.words.learn(name, value)
                        new.append((name, value))
                    run.append(number)
        tail = self._tails.get(key := (conditions, criteria.grade, _rest(criteria)))
        if tail is None:
            tail = self._tails[key] = self._tail(criteria)
        run += tail
        return run, new

    def _tail(self, criteria: Criteria) -> tuple[int, ...]:
        """The numbers of all but its values."""
        learn = self.words.learn
        tail = [learn(ASKING, name) for name in _FURTHER if getattr(criteria, name)]
        if criteria.exclusions:
            tail.append(learn(ASKING, "exclusions"))
        if not criteria.markets:
            tail.append(learn(WITHOUT, "markets"))
        if not criteria.keywords:
            tail.append(learn(WITHOUT, "keywords"))
        if not asks_for_product(criteria):
            tail.append(learn(WITHOUT, "product"))
        return (*tail, learn(GRADE, criteria.grade), learn(_REST, tuple(getattr(criteria, name) for name in REST)))

    def forget(self, number: int) -> tuple[str, Hashable]:
        """Nobody asks for this any more: what it was."""
        kind, value = self.words.meaning(number)
        if kind not in VALUED:
            self._tails.clear()
        self.words.forget(number)
        return kind, value

    def criteria(self, numbers: Iterable[int]) -> Criteria:
        """The question that has these numbers."""
        values: dict[str, Any] = {}
        for number in numbers:
            kind, value = self.words.meaning(number)
            if kind == GRADE:
                values[GRADE] = value
            elif kind == _REST:
                assert isinstance(value, tuple)
                values.update(zip(REST, value, strict=True))
            elif kind not in (WITHOUT, ASKING):
                values.setdefault(kind, []).append(value)
        asked: dict[str, Any] = {
            name: frozenset(each) if isinstance(each, list) else each for name, each in values.items()
        }
        return Criteria(**asked)
