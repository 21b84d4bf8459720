"""The words that name the goods of each code, made ready to be found in texts at once.

Two sources of words, of unequal worth: the term list, written for this (`config/reference/terms/`), whose every term
names goods of its code; and the English titles of the classification, whose words say something only together.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from rules.codes.term import Term
from rules.codes.tokens import Tokens, looked_up, tokens
from rules.stopwords import is_common
from rules.terms import fold

#: Of the groups whose titles are like a text so many are looked at.
_MOST_ALIKE = 24


class Named(NamedTuple):
    """A code that a term names goods of."""

    code: str
    weak: bool  #: the term has another common meaning as well, or names goods of other codes


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a folded text that names goods, with the codes it may mean."""

    start: int
    end: int
    names: tuple[Named, ...]


class Lexicon:
    """The words of one classification (HS or ICS), looked up word by word."""

    def __init__(self, terms: Sequence[Term], titles: Mapping[str, Mapping[str, str]], *, group: int) -> None:
        """`group`: how many characters of a code make the level that is inferred: 4 of an HS code, 6 of an ICS one."""
        self.group = group
        found: dict[str, dict[Named, None]] = {}
        self._longest: dict[str, int] = {}  #: first word → words of the longest term that begins with it
        for term, (key, first, count) in zip(terms, looked_up(term.text for term in terms), strict=True):
            if not count or all(is_common(word) for word in key.split(" ")):
                continue  # "thé" without its accent is "the"
            found.setdefault(key, {})[Named(term.code, term.weak)] = None
            self._longest[first] = max(count, self._longest.get(first, 0))
        same: dict[tuple[Named, ...], tuple[Named, ...]] = {}  # many terms mean the same codes
        self._names = {key: same.setdefault(tuple(names), tuple(names)) for key, names in found.items()}
        self._by_word = _index(titles, group)

    def __len__(self) -> int:
        """How many terms are known."""
        return len(self._names)

    def spans(self, cut: Tokens) -> list[Span]:
        """The longest terms that occur, in the order of the text; a term inside a longer one does not count.

        Offsets are of the folded text.
        """
        kept: list[Span] = []
        reached = -1
        count = len(cut.words)
        for first, word in enumerate(cut.words):
            longest = self._longest.get(word)
            if longest is None:
                continue
            for last in range(min(first + longest, count) - 1, first - 1, -1):
                names = self._names.get(cut.text[cut.starts[first] : cut.ends[last]])
                if names:
                    if last > reached:
                        kept.append(Span(cut.folded_starts[first], cut.folded_ends[last], names))
                        reached = last
                    break
        return kept

    def alike(self, words: Mapping[str, int]) -> Mapping[str, int]:
        """The groups whose titles are most like some words, in thousandths of a perfect likeness."""
        scores: dict[str, float] = defaultdict(float)
        size = 0.0
        for word, count in sorted(words.items()):
            entry = self._by_word.get(word)
            if entry is None:
                continue
            often = 1 + math.log(count)
            size += (often * entry.idf) ** 2
            for group, weight in entry.groups:
                scores[group] += often * weight
        if not size:
            return {}
        best = nsmallest(_MOST_ALIKE, scores.items(), key=lambda scored: (-scored[1], scored[0]))
        length = math.sqrt(size)
        return {group: round(1000 * score / length) for group, score in best}


class _Word(NamedTuple):
    """A word of the titles: how rare it is, and what it counts for each group, by the length of its title."""

    idf: float
    groups: tuple[tuple[str, float], ...]


def _index(titles: Mapping[str, Mapping[str, str]], group: int) -> dict[str, _Word]:
    """The words of the titles."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for code, names in titles.items():
        if len(code) >= group:
            words[code[:group]].update(plain_words(names.get("en", "")))
    spread = Counter(word for counted in words.values() for word in counted)
    idf = {word: math.log((1 + len(words)) / (1 + count)) + 1 for word, count in spread.items()}
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for code, counted in sorted(words.items()):
        vector = {word: (1 + math.log(count)) * idf[word] for word, count in sorted(counted.items())}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        for word, weight in vector.items():
            found[word].append((code, weight * idf[word] / length))
    return {word: _Word(idf[word], tuple(groups)) for word, groups in found.items()}


def plain_words(text: str | Tokens) -> list[str]:
    """The Latin words of a text that say something, in the singular."""
    cut = tokens(fold(text)) if isinstance(text, str) else text
    return [word for word in cut.words if len(word) > 2 and word.isascii() and word.isalpha() and not is_common(word)]
