"""The words that name the goods of each code, made ready to be found in texts at once.

Two sources of words, of unequal worth: the term list, written for this (`config/reference/terms/`), whose every term
names goods of its code; and the English titles of the classification, whose words say something only together.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rules.codes.term import Term
from rules.plurals import agreeing, singulars
from rules.stopwords import is_common
from rules.terms import Folded, TermError, Terms, fold, wordings


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
    """The words of one classification (HS or ICS), found in one pass over a text."""

    def __init__(self, terms: Iterable[Term], titles: Mapping[str, Mapping[str, str]], *, group: int) -> None:
        """`group`: how many characters of a code make the level that is inferred: 4 of an HS code, 6 of an ICS one."""
        self.group = group
        self._terms = Terms(_usable(terms))
        self._by_word, self._titles = _index(titles, group)

    def spans(self, folded: Folded) -> list[Span]:
        """The longest terms that occur, in the order of the text; a term inside a longer one does not count."""
        found: dict[tuple[int, int], list[Named]] = {}
        for start, end, key in self._terms.spans(folded):
            assert isinstance(key, Named)
            found.setdefault((start, end), []).append(key)
        kept, reached = [], -1
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if end > reached:
                kept.append(Span(start, end, tuple(found[start, end])))
                reached = end
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


def _usable(terms: Iterable[Term]) -> Iterable[tuple[Named, str]]:
    for term in terms:
        try:
            wordings(term.text)
        except TermError:
            continue
        named = Named(term.code, term.weak)
        yield named, term.text
        if term.language in ("fr", "es"):  # all words of a phrase go into the plural there
            yield from ((named, form) for form in agreeing(term.text))


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


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return min(singulars(word) | {word}, key=lambda form: (len(form), form))


def plain_words(text: str | Folded) -> list[str]:
    """The words of a text that say something, in the singular."""
    folded = text if isinstance(text, Folded) else fold(text)
    letters = "".join(character if character.isalpha() and character.isascii() else " " for character in folded.text)
    return [_stem(word) for word in letters.split() if len(word) > 2 and not is_common(word)]
