"""Texts and questions cut into the words that a search goes by, alike on every database.

A text is folded as rules fold it (`rules.terms`), so that case, accents, width and traditional characters make no
difference, and written as words with a blank between. Scripts without blanks between words are cut into pairs that
overlap, and the last character alone: "锂电池" is "锂电 电池 池". So any two characters beside each other are a word,
a longer wording is a row of such words, and one character is the beginning of one.

A question is plain: words that must all occur, "phrases", and -words that must not. Nothing in it can be wrong: what
has no letter and no digit asks nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rules.plurals import forms
from rules.terms import UNSPACED, fold

CUT = 1  # the way of cutting; what was cut another way is cut again
LONGEST_TEXT = 60_000  # characters that are looked through; of more different words PostgreSQL makes no vector
LONGEST_QUESTION = 300
MOST_TERMS = 12

_RUNS = re.compile(f"({UNSPACED.pattern}+)|([^\\W_{UNSPACED.pattern[1:-1]}]+)")
_WORDS = re.compile(r"[^\W_]+")
_PARTS = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂〝〞", '"') | {"－": "-", "\u2212": "-", "\u3000": " "})
#: Asked for in quotation marks only: they stand in every text, or in none of another language.
_LITTLE = "a an and the of or for in on to with by from und et y de la le les el los des du"
_COMMON = frozenset(_LITTLE.split())
_CODE = re.compile(r"\d{2,}(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other; `begins`: the last is only the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a question: any of these phrases answers it."""

    asked: str  #: as it was typed
    phrases: tuple[Phrase, ...]
    exact: bool = False  #: in quotation marks
    parts: tuple[Phrase, ...] = ()  #: what it falls into if nobody writes it in one piece


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: all of these terms, none of those."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()


def cut(text: str) -> str:
    """A text as words with a blank between."""
    folded = fold(text[:LONGEST_TEXT]).text
    if UNSPACED.search(folded):
        return " ".join([word for run in _runs_of(folded) for word in run])
    return " ".join(_WORDS.findall(folded))  # most texts, in a fraction of the time


def read_question(text: str) -> Question:
    """What a person typed. Total: any text is a question, at worst one that asks nothing."""
    plain = unicodedata.normalize("NFC", text[:LONGEST_QUESTION].encode("utf-8", "ignore").decode()).translate(_QUOTES)
    terms: list[Term] = []
    without: list[Term] = []
    for minus, quoted, bare in _PARTS.findall(plain):
        if len(terms) + len(without) >= MOST_TERMS:
            break
        into = without if minus else terms
        into += _terms(quoted, exact=True) if quoted else _terms(bare, exact=False)
    terms = [term for term in terms if term.exact or term.asked.casefold() not in _COMMON] or terms
    return Question(terms=tuple(dict.fromkeys(terms)), without=tuple(dict.fromkeys(without)))


def _terms(asked: str, *, exact: bool) -> Iterator[Term]:
    """A quotation is one term. Of a bare word each script's part is one: "锂电池UN38.3" is two."""
    runs = list(_runs(asked))
    if not runs:
        return
    if exact or not any(map(_is_unspaced, runs)):
        yield _term(asked.strip(), runs, exact=exact)
        return
    for run in runs:
        yield _term("".join(each[0] for each in run) if _is_unspaced(run) else run[0], [run], exact=False)


def _term(asked: str, runs: list[tuple[str, ...]], *, exact: bool) -> Term:
    words = [word for run in runs for word in run]
    begins = False
    if _is_unspaced(runs[-1]):
        # The last character may stand in the middle of a longer wording.
        begins = len(runs[-1]) == 1
        words = words if begins else words[:-1]
    elif not exact and _CODE.fullmatch(asked):
        begins = len(words) > 1 or len(words[0]) > 3  # "8507" asks for 850760, too
    phrases = [Phrase(tuple(words), begins)]
    if not exact and not _is_unspaced(runs[-1]) and words[-1].isalpha():
        phrases += [Phrase((*words[:-1], form)) for form in sorted(forms(words[-1])) if form != words[-1]]
    parts: tuple[Phrase, ...] = ()
    if not exact and len(runs) == 1 and _is_unspaced(runs[0]) and len(words) > 2:
        parts = tuple(Phrase((word,)) for word in words)
    return Term(asked, tuple(phrases), exact, parts)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """The words of each run of one script, in the order of the text."""
    return _runs_of(fold(text).text)


def _runs_of(folded: str) -> Iterator[tuple[str, ...]]:
    for unspaced, word in _RUNS.findall(folded):
        if word:
            yield (word,)
            continue
        for run in unspaced.split() if unspaced.isalnum() else _letters(unspaced):
            yield (*(first + second for first, second in pairwise(run)), run[-1])


def _letters(run: str) -> Iterator[str]:
    """The stretches of letters, their marks and digits: a middle dot is none."""
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in run)
    yield from kept.split()


def _is_unspaced(run: tuple[str, ...]) -> bool:
    return bool(UNSPACED.match(run[0]))
