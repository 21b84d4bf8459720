"""The words that name the goods of each code, made ready to be found in texts at once.

Two sources of words, of unequal worth: the term list, written for this (`config/reference/terms/`), whose every term
names goods of its code; and the English titles of the classification, whose words say something only together.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.codes.term import Term
from rules.codes.tokens import Tokens, tokens
from rules.stopwords import is_common
from rules.terms import fold


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

    def __init__(self, terms: Iterable[Term], titles: Mapping[str, Mapping[str, str]], *, group: int) -> None:
        """`group`: how many characters of a code make the level that is inferred: 4 of an HS code, 6 of an ICS one."""
        self.group = group
        found: dict[str, dict[Named, None]] = {}
        self._longest: dict[str, int] = {}  #: first word → words of the longest term that begins with it
        for term in terms:
            cut = tokens(fold(term.text))
            if not cut.words:
                continue
            key = cut.text[cut.starts[0] : cut.ends[-1]]
            found.setdefault(key, {})[Named(term.code, term.weak)] = None
            self._longest[cut.words[0]] = max(len(cut.words), self._longest.get(cut.words[0], 0))
        same: dict[tuple[Named, ...], tuple[Named, ...]] = {}  # many terms mean the same codes
        self._names = {key: same.setdefault(tuple(names), tuple(names)) for key, names in found.items()}
        self._by_word, self._titles = _index(titles, group)

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
        """How like the titles of its groups some words are, in thousandths of a perfect likeness; 0 is left out."""
        scores: dict[str, float] = defaultdict(float)
        size = 0.0
        for word, count in sorted(words.items()):
            for group, weight, idf in self._by_word.get(word, ()):
                scores[group] += (1 + math.log(count)) * idf * weight
            if word in self._by_word:
                size += ((1 + math.log(count)) * self._by_word[word][0][2]) ** 2
        if not size:
            return {}
        return {group: round(1000 * score / (math.sqrt(size) * self._titles[group])) for group, score in scores.items()}


def _index(
    titles: Mapping[str, Mapping[str, str]], group: int
) -> tuple[dict[str, list[tuple[str, float, float]]], dict[str, float]]:
    """word → (group, weight in it, rarity of the word); group → length of its vector."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for code, names in titles.items():
        if len(code) >= group:
            words[code[:group]].update(plain_words(names.get("en", "")))
    spread = Counter(word for counted in words.values() for word in counted)
    index: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    lengths: dict[str, float] = {}
    for code, counted in sorted(words.items()):
        square = 0.0
        for word, count in sorted(counted.items()):
            idf = math.log((1 + len(words)) / (1 + spread[word])) + 1
            weight = (1 + math.log(count)) * idf
            square += weight * weight
            index[word].append((code, weight, idf))
        lengths[code] = math.sqrt(square) or 1.0
    return dict(index), lengths


def plain_words(text: str | Tokens) -> list[str]:
    """The Latin words of a text that say something, in the singular."""
    cut = tokens(fold(text)) if isinstance(text, str) else text
    return [word for word in cut.words if len(word) > 2 and word.isascii() and word.isalpha() and not is_common(word)]
