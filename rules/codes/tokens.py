"""Texts cut into words for the term list: Latin words in the singular, Chinese characters one by one.

A term and a text are cut alike, so that "dispositifs médicaux" and "dispositif médical", "tyres" and "tyre" are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.plurals import singular
from rules.terms import UNSPACED, Folded

_TOKEN = re.compile(rf"(?P<sign>{UNSPACED.pattern})|(?:(?!{UNSPACED.pattern})[^\W_])+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A folded text as it is looked up, and where its words stand in both."""

    text: str  #: with every word in the singular
    words: tuple[str, ...]
    starts: tuple[int, ...]  #: in `text`
    ends: tuple[int, ...]
    folded_starts: tuple[int, ...]  #: in the folded text
    folded_ends: tuple[int, ...]


def tokens(folded: Folded | str) -> Tokens:
    """Cut a folded text. Total: any text is accepted."""
    text = folded if isinstance(folded, str) else folded.text
    pieces: list[str] = []
    words: list[str] = []
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    at = done = 0
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        word = found[0] if found["sign"] else _singular(found[0])
        between = text[done:start]
        pieces += (between, word)
        at += len(between)
        words.append(word)
        for column, number in zip(columns, (at, at + len(word), start, end), strict=True):
            column.append(number)
        at += len(word)
        done = end
    pieces.append(text[done:])
    return Tokens("".join(pieces), tuple(words), *(tuple(column) for column in columns))


@lru_cache(maxsize=65536)
def _singular(word: str) -> str:
    return singular(word)
