"""What a word means besides itself: a market, a product area, goods of an HS heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.codes.tokens import tokens
from rules.product_areas import ProductArea
from rules.ruleset import RuleSet
from rules.terms import fold
from watcher.markets import Markets

_MOST_HEADINGS = 3
_PARTS = re.compile(r"[,，、（）()]|\b(?:and|et|y)\b|[和及与]", re.IGNORECASE)
_WIDE_WORDS = (
    "parts articles materials products equipment devices goods fittings machines 配件 材料 制品 设备 用品 产品"
)
_TOO_WIDE = frozenset(_WIDE_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a word was understood as."""

    word: str
    kind: str  #: market, area or hs
    value: str


def meanings_of(word: str, *, markets: Markets, rules: RuleSet) -> list[Meaning]:
    """What a word, or a wording, is the name of; nothing for most."""
    if len(word) < 2 or not any(each.isalpha() for each in word):
        return []
    # "USA" is a market; "can" and "man" are words of English, whatever codes they are.
    if (len(word) > 3 or word.isupper() or not word.isascii()) and (market := markets.find(word)):
        return [Meaning(word=word, kind="market", value=market)]
    if area := _named(rules.areas).get(_folded(word)):
        return [Meaning(word=word, kind="area", value=area)]
    return [Meaning(word=word, kind="hs", value=code) for code in _headings(word, rules)]


def _headings(word: str, rules: RuleSet) -> list[str]:
    """The HS codes whose goods a word names: the whole word, by the list of terms."""
    folded = fold(word).text.strip()
    spans = rules.vocabulary.hs.spans(tokens(folded))
    if len(spans) != 1 or spans[0].end - spans[0].start < len(folded):
        return []
    return [named.code for named in spans[0].names if not named.weak][:_MOST_HEADINGS]


def _named(areas: Mapping[str, ProductArea]) -> Mapping[str, str]:
    return _names_of(tuple((key, tuple(area.names.values())) for key, area in areas.items()))


@lru_cache(maxsize=4)
def _names_of(areas: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """The area of each name, and of each part of a name ("照明" of "灯具和照明") that no other area's name has."""
    whole: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for key, names in areas:
        for name in (key, *names):
            whole.setdefault(_folded(name), key)
            for part in _PARTS.split(name):
                if part.strip().casefold() not in _TOO_WIDE:
                    parts.setdefault(_folded(part), set()).add(key)
    return {**{part: next(iter(keys)) for part, keys in parts.items() if part and len(keys) == 1}, **whole}


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(name).text.strip())
