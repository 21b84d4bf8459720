"""Combinations: a measure is in the area if other rules say so together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rules.classification import Evidence, Grade
from rules.examples import ExampleError, example_measure
from rules.reading import Reading
from rules.rule import Rule, Written
from watcher.measure import Facts, Measure
from watcher.said import said, sentence_of


class CombinationRule(Rule):
    """A measure is in the area if all rules of `all`, one of `any` and none of `not_any` match it.

    Its grade is the weakest of `all`, no better than the best of `any`, and never better than its own. A rule marked
    `part: true` gives nothing itself and is there to be named here.
    """

    example_is = "texts and codes, as hs=9503 | Toys with magnets"

    kind: Literal["combination"] = "combination"
    all: tuple[Written, ...] = Field(default=(), description="Names of rules that must all match")
    any: tuple[Written, ...] = Field(default=(), description="Names of rules of which one must match")
    not_any: tuple[Written, ...] = Field(default=(), description="Names of rules of which none may match")

    def needs(self) -> tuple[str, ...]:
        """The rules it combines."""
        return tuple(dict.fromkeys((*self.all, *self.any, *self.not_any)))

    def problems(self) -> Iterator[str]:
        """Nothing to ask for, and rules that are wanted and unwanted at once."""
        if not self.all and not self.any:
            yield said("names no rule that must match, so it would match everything; add some under all or any")
        for name in sorted({*self.all, *self.any} & set(self.not_any)):
            yield said("wants the rule {name!r} and rules it out with not_any; take it out of one of them", name=name)
        for text in (*self.matches, *self.must_not_match):
            try:
                example_measure(text)
            except ExampleError as error:
                yield said("has an example that cannot be read: {error}", error=sentence_of(error))

    def example(self, text: str) -> Facts:
        """Facts with the texts and codes of the example."""
        return self.example_measure(text).facts

    def example_measure(self, text: str) -> Measure:
        """A measure with the texts and codes of the example."""
        return example_measure(text)

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """What its rules say, each piece naming the rule it comes from; they have to be read before."""
        said = reading.said
        if any(name in said for name in self.not_any) or not all(name in said for name in self.all):
            return ()
        alternatives = [name for name in self.any if name in said]
        if self.any and not alternatives:
            return ()
        grades = [_best(said[name]) for name in self.all]
        if alternatives:
            grades.append(min((_best(said[name]) for name in alternatives), key=lambda grade: grade.rank))
        grade = max((self.grade, *grades), key=lambda grade: grade.rank)
        return tuple(
            Evidence(rule=self.name, field=each.field, quotes=each.quotes, grade=grade, through=each.through or name)
            for name in dict.fromkeys((*self.all, *alternatives))
            for each in said[name]
        )


def _best(evidence: Iterable[Evidence]) -> Grade:
    return min((each.grade for each in evidence), key=lambda grade: grade.rank)


RULE = CombinationRule
