"""Texts cut into words for the term list: Latin words in the singular, Chinese characters one by one.

A term and a text are cut alike, so that "dispositifs médicaux" and "dispositif médical", "tyres" and "tyre" are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rules.plurals import singular
from rules.terms import UNSPACED, Folded, fold

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


#: Stands between terms that are folded together; no term has it.
_BETWEEN = "|"
_SIGNS_ONLY = re.compile(rf"(?:{UNSPACED.pattern})+")
_WORDS_ONLY = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")


def looked_up(terms: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """What each term is looked up by, its first word, and how many words it has; 0 for one without a word.

    As `tokens` of each, a hundred thousand at a time.
    """
    plain = [term.replace(_BETWEEN, " ") for term in terms]
    for term in fold(_BETWEEN.join(plain)).text.split(_BETWEEN) if plain else ():
        text = term.strip()
        if _SIGNS_ONLY.fullmatch(text):
            yield text, text[0], len(text)
        elif _WORDS_ONLY.fullmatch(text):
            words = [_singular(word) for word in text.split(" ")]
            yield " ".join(words), words[0], len(words)
        else:
            cut = tokens(text)
            yield (cut.text[cut.starts[0] : cut.ends[-1]], cut.words[0], len(cut.words)) if cut.words else ("", "", 0)


@lru_cache(maxsize=65536)
def _singular(word: str) -> str:
    return singular(word)
