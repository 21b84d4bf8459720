"""One rule on its own, ready to be asked about many measures: which words speak, and in which fields."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rules.classification import Evidence
from rules.combining import closure
from rules.patterns import Patterns
from rules.reading import Reading
from rules.rule import Rule
from rules.terms import Folded, Terms, fold
from watcher.measure import Measure

#: The same few hundred texts are read again at each stroke of a key; short ones cost less than to remember them.
_remembered = lru_cache(maxsize=2048)(fold)
_SHORT: Final = 200  # characters


def _folded(text: str) -> Folded:
    return fold(text) if len(text) < _SHORT else _remembered(text)


class Trial:
    """A rule with those it rests on; their phrases are made ready once."""

    def __init__(self, rule: Rule, others: Iterable[Rule] = ()) -> None:
        """`others`: rules among which those stand that it names. Raises KeyError if one of them is not there."""
        self._rule = rule
        self._chain = closure({**{each.name: each for each in others}, rule.name: rule}, rule)
        self._index = Terms(pair for each in self._chain for pair in each.phrases())
        self._patterns = Patterns(pair for each in self._chain for pair in each.regexes())

    def __call__(self, measure: Measure) -> tuple[Evidence, ...]:
        """What the rule says of a measure; empty: nothing."""
        reading = Reading(measure, self._index, self._patterns, folding=_folded)
        for each in self._chain:
            if evidence := each.read(reading):
                reading.said[each.name] = evidence
        return reading.said.get(self._rule.name, ())
