"""What measures say where the rules say nothing or a person had to speak; and rules that do nothing, or the same.

The figures are meant for a reader: in how many measures a word stands, and how much oftener than elsewhere. A word is
ranked by what its weight of evidence is at least (the lower end of a 95 % interval), so that a word seen twice does not
stand before one seen two hundred times.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.classification import Classification
from rules.ruleset import RuleSet
from rules.stopwords import too_common
from rules.terms import fold
from watcher.measure import Facts

LONGEST = 4000  #: characters of a text that are read; what a measure is about stands at its beginning
MOST = 300_000  #: terms counted at a time; beyond it those seen once are forgotten
FEWEST = 2  #: measures that a term must stand in
LIKE_EACH_OTHER = 5  #: measures that two rules must both match before it is said that they agree

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|')*", re.UNICODE)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_GRAMS = (2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A term, and what it weighs."""

    term: str
    there: int  #: measures of the group that have it
    group: int  #: measures of the group
    elsewhere: int  #: other measures that have it
    others: int  #: other measures
    weight: float  #: decibans: 10 means ten times likelier odds in the group; what it is at least
    measures: tuple[int, ...]  #: some of those of the group


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """Two rules that matched exactly the same measures."""

    one: str
    other: str
    measures: int
    same_gift: bool  #: they also give the same areas and facets, so that one of them does nothing


class Terms:
    """Terms of a group of measures, and how often they stand elsewhere. First all of the group, then the others."""

    def __init__(self) -> None:
        self._group: dict[str, list[int]] = {}
        self._elsewhere: Counter[str] = Counter()
        self.size = self.others = 0

    def add(self, measure: int, facts: Facts) -> None:
        """One measure of the group."""
        self.size += 1
        for term in terms_of(facts):
            seen = self._group.setdefault(term, [0])
            seen[0] += 1
            if len(seen) <= 3:
                seen.append(measure)
        if len(self._group) > MOST:
            self._group = {term: seen for term, seen in self._group.items() if seen[0] > 1}

    def compare(self, terms: frozenset[str]) -> None:
        """The terms of one of the other measures."""
        self.others += 1
        self._elsewhere.update(terms & self._group.keys())

    def ranked(self, most: int) -> list[Weighed]:
        """The weightiest terms; of several that stand in the same measures, the longest."""
        found = [
            Weighed(
                term=term,
                there=seen[0],
                group=self.size,
                elsewhere=self._elsewhere[term],
                others=self.others,
                weight=weight,
                measures=tuple(seen[1:]),
            )
            for term, seen in self._group.items()
            if seen[0] >= FEWEST
            and (weight := weight_at_least(seen[0], self.size, self._elsewhere[term], self.others)) > 0
        ]
        found.sort(key=lambda one: (-one.weight, -len(one.term), one.term))
        kept: list[Weighed] = []
        for one in found[: most * 40]:
            if not any(_says_the_same(one, other) for other in kept):
                kept.append(one)
            if len(kept) == most:
                break
        return kept


def terms_of(facts: Facts) -> frozenset[str]:
    """The words, pairs of words and Chinese strings by which a measure might be known."""
    found: set[str] = set()
    for text in (facts.title, facts.products_covered, facts.content_summary):
        folded = fold(text[:LONGEST]).text
        before, end = "", -1
        for word in _WORD.finditer(folded):
            if _HAN.search(word[0]):
                before = ""
                continue
            said = word[0]
            if len(said) < 3 or too_common(said):
                before = ""
                continue
            found.add(said)
            if before and folded[end : word.start()] == " ":
                found.add(f"{before} {said}")
            before, end = said, word.end()
        for run in _HAN.finditer(folded):
            for length in _GRAMS:
                for start in range(len(run[0]) - length + 1):
                    found.add(run[0][start : start + length])
    return frozenset(term for term in found if not too_common(term))


def weight_at_least(there: int, group: int, elsewhere: int, others: int) -> float:
    """The lower end of the 95 % interval of the weight of evidence of a term for a group, in decibans."""
    a, b = there + 0.5, group - there + 0.5
    c, d = elsewhere + 0.5, others - elsewhere + 0.5
    weight = math.log(a * d / (b * c))
    doubt = 1.96 * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return (weight - doubt) * 10 / math.log(10)


class Firing:
    """Which rules matched which measures, in a few numbers a rule however many measures there are."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._marks: dict[str, int] = {}

    def add(self, measure: int, classification: Classification) -> None:
        """What is stored of one measure."""
        mark = int.from_bytes(hashlib.blake2b(str(measure).encode(), digest_size=16).digest())
        for rule in fired(classification):
            self._counts[rule] += 1
            self._marks[rule] = self._marks.get(rule, 0) ^ mark

    def never(self, ruleset: RuleSet) -> list[str]:
        """The rules that matched nothing, by name."""
        return [rule.name for rule in ruleset.rules if not self._counts[rule.name] and not rule.part]

    def agreeing(self, ruleset: RuleSet) -> list[Agreeing]:
        """Pairs of rules that matched the same measures, and enough of them; most measures first."""
        same: dict[tuple[int, int], list[str]] = {}
        for rule in ruleset.rules:
            if self._counts[rule.name] >= LIKE_EACH_OTHER and not rule.needs():
                same.setdefault((self._counts[rule.name], self._marks[rule.name]), []).append(rule.name)
        found = [
            Agreeing(
                one=one,
                other=other,
                measures=count,
                same_gift=_gift(ruleset, one) == _gift(ruleset, other),
            )
            for (count, _), names in same.items()
            for place, one in enumerate(names)
            for other in names[place + 1 :]
        ]
        return sorted(found, key=lambda pair: (-pair.measures, pair.one, pair.other))


def fired(classification: Classification) -> frozenset[str]:
    """Names of what speaks for anything of a measure; also those of combinations' parts."""
    return frozenset(_names(classification))


def _names(classification: Classification) -> Iterator[str]:
    several = [found.evidence for found in classification.areas]
    several += [finding.evidence for finding in classification.findings]
    for evidence in (each for found in several for each in found):
        yield evidence.rule
        if evidence.through:
            yield evidence.through


def _gift(ruleset: RuleSet, name: str) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    rule = ruleset.by_name[name]
    return frozenset(rule.areas), {facet: frozenset(keys) for facet, keys in rule.gives.items()}


def _says_the_same(one: Weighed, other: Weighed) -> bool:
    """Whether a term and a longer or shorter one of nearly the same measures are one suggestion."""
    if one.term not in other.term and other.term not in one.term:
        return False
    return min(one.there, other.there) >= 0.8 * max(one.there, other.there)
