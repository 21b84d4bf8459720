"""Goods by everyday words, in Chinese or English: the product areas and the codes they may be in.

Whoever makes scooters knows no HS code. What they write is looked for in the names of the product areas, in the list of
terms that the rules infer codes by, and in the titles of the codes; the surest come first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.ruleset import RuleSet
from rules.terms import fold
from rules.vocabulary import Vocabulary
from tbtwatch.pipeline.look.meanings import meanings_of
from tbtwatch.reference import Titles
from watcher.markets import Markets

MOST_WORDS = 8
MOST_AREAS, MOST_HS, MOST_ICS = 6, 12, 6
LONGEST = 200
_APART = re.compile(r"[,，、;；/\n\r\t|]+|\bor\b|\band\b|或|和|及")
_AREA, _HS, _ICS = "area", "hs", "ics"
_PLURAL = re.compile(r"(?<=[a-z]{3})(?:es|s)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product area or a code that words may mean."""

    kind: str  #: "area", "hs", "ics"
    value: str
    word: str  #: which it was found by


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGoods:
    """What words may mean, the surest first of each kind."""

    words: tuple[str, ...] = ()
    areas: tuple[Goods, ...] = ()
    hs: tuple[Goods, ...] = ()
    ics: tuple[Goods, ...] = ()
    unknown: tuple[str, ...] = ()  #: words that nothing is called by

    @property
    def all(self) -> tuple[Goods, ...]:
        """All of them."""
        return (*self.areas, *self.hs, *self.ics)


def find_goods(text: str, *, rules: RuleSet, markets: Markets) -> FoundGoods:
    """What these words may mean; several are parted by commas."""
    words = list(dict.fromkeys(part.strip() for part in _APART.split(text[:LONGEST]) if part.strip()))[:MOST_WORDS]
    found: dict[str, dict[str, Goods]] = {_AREA: {}, _HS: {}, _ICS: {}}
    unknown = []
    for word in words:
        several = list(_found(word, rules, markets))
        if not several and word.isascii():  # "scooter" of "kids scooter": the last word says what it is
            parts = [part for part in reversed(word.split()) if len(part) > 3]
            several = next((those for part in parts if (those := list(_found(part, rules, markets)))), [])
        for one in several:
            found[one.kind].setdefault(one.value, one)
        if not several:
            unknown.append(word)
    return FoundGoods(
        words=tuple(words),
        areas=tuple(found[_AREA].values())[:MOST_AREAS],
        hs=tuple(_without_inner(found[_HS].values()))[:MOST_HS],
        ics=tuple(_without_inner(found[_ICS].values()))[:MOST_ICS],
        unknown=tuple(unknown),
    )


def children(code: str, titles: Titles) -> list[str]:
    """The codes just below one, by number; of "" the chapters."""
    wanted = 2 if not code else len(code) + 2
    return sorted(one for one in titles if len(one) == wanted and one.startswith(code))


def called(code: str, language: str, titles: Titles, terms: Mapping[str, str]) -> str:
    """What a code is called, in this language if it has a name in it."""
    known = titles.get(code, {})
    if language != "en" and (name := known.get(language) or terms.get(code)):
        return name
    return known.get("en") or terms.get(code) or ""


def term_names(vocabulary: Vocabulary, kind: str, language: str) -> Mapping[str, str]:
    """The first words by which each code is known in a language: the titles are in English for the most part."""
    return _term_names(_Spoken(vocabulary), kind, language)


def _found(word: str, rules: RuleSet, markets: Markets) -> Iterator[Goods]:
    for meaning in meanings_of(word, markets=markets, rules=rules):
        if meaning.kind in (_AREA, _HS):
            yield Goods(kind=meaning.kind, value=meaning.value, word=word)
    digits = word.replace(".", "").replace(" ", "")
    if digits.isascii() and digits.isdecimal():
        for code in (digits[:length] for length in (6, 4, 2)):
            if len(code) <= len(digits) and code in rules.vocabulary.hs_titles:
                yield Goods(kind=_HS, value=code, word=word)
                break
        return
    folded = _folded(word)
    if len(folded) < 2 and folded.isascii():
        return
    for key, area in rules.areas.items():
        if any(_says(_folded(name), folded) for name in area.names.values()):
            yield Goods(kind=_AREA, value=key, word=word)
    spoken = _Spoken(rules.vocabulary)
    for kind in (_HS, _ICS):
        for code in (*_by_terms(folded, kind, spoken), *_by_titles(folded, kind, spoken)):
            yield Goods(kind=kind, value=code, word=word)


def _by_terms(folded: str, kind: str, spoken: _Spoken) -> list[str]:
    """The codes of the terms that are the word, then of those that hold it: "acid for batteries" after "dry batteries".

    What a term ends with says in English and Chinese what it is; a code with most of its terms about the word is
    nearer to it than one that names it once.
    """
    same: list[str] = []
    held, heads, all_terms = Counter[str](), set[str](), Counter[str]()
    one = _single(folded)
    for phrase, code in _folded_terms(kind, spoken):
        if phrase == folded:
            same.append(code)
        elif _says(phrase, folded) or (not folded.isascii() and len(phrase) > 1 and phrase in folded):
            held[code] += 1
            if _single(phrase).endswith(one):
                heads.add(code)
        elif phrase.isascii() != folded.isascii():
            continue  # of another script: that it is not the word says nothing
        all_terms[code] += 1
    holding = sorted(held, key=lambda code: (code not in heads, -held[code] / all_terms[code]))
    return list(dict.fromkeys([*same, *holding]))


def _by_titles(folded: str, kind: str, spoken: _Spoken) -> list[str]:
    """The codes with all the words in their title, headings first."""
    parts = [_PLURAL.sub("", part) for part in folded.split()]
    if not folded.isascii() or not parts or any(len(part) < 3 for part in parts):
        return []
    found = [code for code, title in _folded_titles(kind, spoken) if all(part in title for part in parts)]
    return sorted(found, key=lambda code: (abs(len(code) - 4), code))


def _without_inner(several: Iterable[Goods]) -> list[Goods]:
    """Without a code whose beginning stands there already."""
    kept: list[Goods] = []
    for one in several:
        if not any(one.value.startswith(other.value) for other in kept):
            kept.append(one)
    return kept


@lru_cache(maxsize=64)
def _whole_word(folded: str) -> re.Pattern[str]:
    one = _single(folded)
    ending = "(?:ys?|ies)" if one.endswith("y") else "(?:e?s)?"
    return re.compile(rf"(?<![a-z]){re.escape(one.removesuffix('y'))}{ending}(?![a-z])")


def _single(words: str) -> str:
    """English words without the plural of the last: "battery" of "batteries"."""
    return words[:-3] + "y" if words.endswith("ies") and len(words) > 5 else _PLURAL.sub("", words)


def _says(name: str, folded: str) -> bool:
    if not folded.isascii():
        return folded in name
    return _single(folded).removesuffix("y") in name and _whole_word(folded).search(name) is not None


def _plain(phrase: str) -> str:
    return phrase.rstrip("?").strip()


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(text).text.strip())


class _Spoken:
    """The words of a vocabulary, ready to be looked through; told apart by its fingerprint."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Spoken) and other.vocabulary.fingerprint == self.vocabulary.fingerprint

    def __hash__(self) -> int:
        return hash(self.vocabulary.fingerprint)


@lru_cache(maxsize=4)
def _folded_terms(kind: str, spoken: _Spoken) -> tuple[tuple[str, str], ...]:
    terms = spoken.vocabulary.hs_terms if kind == _HS else spoken.vocabulary.ics_terms
    return tuple((_folded(_plain(term.text)), term.code) for term in terms)


@lru_cache(maxsize=4)
def _folded_titles(kind: str, spoken: _Spoken) -> tuple[tuple[str, str], ...]:
    titles = spoken.vocabulary.hs_titles if kind == _HS else spoken.vocabulary.ics_titles
    return tuple((code, _folded(names.get("en", ""))) for code, names in titles.items() if len(code) != 2)


@lru_cache(maxsize=8)
def _term_names(spoken: _Spoken, kind: str, language: str) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for term in spoken.vocabulary.hs_terms if kind == _HS else spoken.vocabulary.ics_terms:
        if term.language == language and len(found.setdefault(term.code, [])) < 4:
            found[term.code].append(_plain(term.text))
    joined = "、" if language == "zh" else ", "
    return {code: joined.join(dict.fromkeys(words)) for code, words in found.items()}


def without(found: FoundGoods, chosen: Iterable[str]) -> FoundGoods:
    """Without what is chosen already."""
    had = set(chosen)
    return replace(
        found,
        areas=tuple(one for one in found.areas if one.value not in had),
        hs=tuple(one for one in found.hs if one.value not in had),
        ics=tuple(one for one in found.ics if one.value not in had),
    )
