"""Phrases found in text: one reading of "this term occurs here" for staff's rules and for subscribers' keywords.

What counts as the same, in a term and in a text alike:

- compatibility forms and case (NFKC, case folding), Latin letters with and without accents (capitals often lose
  them: "VEHICULOS" is "vehículos"), straight and curled apostrophes;
- Chinese in traditional characters is as in simplified ones, character by character (Hong Kong, Macao and Taiwan
  write "電池", exporters subscribe to "电池"; that a fridge is also another word there, this does not know);
- a run of white space and hyphens is one blank, invisible characters are nothing;
- scripts that put blanks between words (Latin, Cyrillic, Greek, digits ...) match whole words only; Chinese,
  Japanese, Korean and Thai need no boundary, and beside them a Latin word is whole;
- the last word of a Latin phrase occurs also in its plain plural and singular (`watcher` knows no grammar, and
  neither does this: see `rules.plurals`).

`Terms` finds any number of phrases in one pass (Aho-Corasick); `occurs` is the plain reading of the same meaning
for one phrase, and the tests hold the two equal.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
import opencc

from rules.plurals import forms
from watcher.said import said

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SPECIAL = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u0060": "'", "œ": "oe", "æ": "ae"}

#: Scripts written without blanks between words, or (Korean) with particles glued to them.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u3130-\u318f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)


_TO_SIMPLIFIED = opencc.OpenCC("t2s")


class TermError(ValueError):
    """A term that cannot be looked for; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: offsets and quote are of the original text, as it stands there."""

    key: Hashable
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared, and the way back to the original."""

    original: str
    text: str
    #: Stretches whose length changed, as four columns: from/to in `text`, from/to in `original`.
    _from: tuple[int, ...] = ()
    _to: tuple[int, ...] = ()
    _original_from: tuple[int, ...] = ()
    _original_to: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters `start` to `end` (exclusive, not empty) stand in the original."""
        return self._back(start)[0], self._back(end - 1)[1]

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` (exclusive, not empty) of the original stand in `text`."""
        return self._forth(start)[0], self._forth(end - 1)[1]

    def _forth(self, position: int) -> tuple[int, int]:
        """The folded span of one original character."""
        row = bisect_right(self._original_from, position) - 1
        if row < 0:
            return position, position + 1
        if position < self._original_to[row]:
            return self._from[row], self._to[row]
        start = self._to[row] + position - self._original_to[row]
        return start, start + 1

    def _back(self, position: int) -> tuple[int, int]:
        """The original span of one folded character."""
        row = bisect_right(self._from, position) - 1
        if row < 0:
            return position, position + 1
        if position < self._to[row]:
            return self._original_from[row], self._original_to[row]
        start = self._original_to[row] + position - self._to[row]
        return start, start + 1


def _fold_piece(piece: str) -> str:
    """Fold a few characters that belong together: a letter with its marks, a ligature, a unit sign."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece).casefold())
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", folded):
        accent = unicodedata.category(character) == "Mn"
        if accent and (not kept or kept[-1] == " " or _is_latin(kept[-1])):
            continue
        if unicodedata.category(character) in ("Cf", "Cc", "Cs") and not character.isspace():
            continue
        kept.append(" " if character.isspace() or character in _HYPHENS else _SPECIAL.get(character, character))
    folded = _simplified(unicodedata.normalize("NFC", "".join(kept)))
    return " " if folded and not folded.strip() else folded


def _simplified(piece: str) -> str:
    """One at a time: a character that were read by its neighbours would be another in a term than in a text.

    Twice, for 薴 is the traditional form of a character that has a simplified one itself.
    """
    convert = _TO_SIMPLIFIED.convert
    return "".join(convert(convert(each)) if UNSPACED.match(each) else each for each in piece)


@lru_cache(maxsize=4096)
def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN ")


class _Table(dict[int, str]):
    """Code point to folded text, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_piece(chr(code))
        return folded


_TABLE = _Table()
#: What ASCII folds to besides small letters; what folds to nothing is left to `_ASCII_RUN`.
_OTHER_ASCII = {
    chr(code): _TABLE[code] for code in range(128) if len(_TABLE[code]) == 1 and _TABLE[code] != chr(code).lower()
}


def _any(piece: str) -> str:
    return piece.translate(_TABLE)


def _plain(piece: str) -> str:
    """The same for ASCII, and characters that fold to themselves, as simplified Chinese ones: ten times as fast."""
    folded = piece.lower()
    for character, becomes in _OTHER_ASCII.items():
        folded = folded.replace(character, becomes)
    return folded


_ASCII_RUN = re.compile(r"[\s\-\x1c-\x1f]{2,}|[\x00-\x08\x0e-\x1b\x7f]")


@lru_cache(maxsize=4096)
def _joins_the_one_before(character: str) -> bool:
    """Whether a character is a mark, or the second half of a Korean syllable written in letters."""
    first = unicodedata.normalize("NFKC", character)[:1]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


@lru_cache(maxsize=65536)
def _changes_the_length(character: str) -> bool:
    """Whether a character is a blank (of which a run is one), is nothing, is several, or is one with that before it."""
    folded = _TABLE[ord(character)]
    return len(folded) != 1 or folded == " " or _joins_the_one_before(character)


@lru_cache(maxsize=1024)
def _pattern(blanks: str, nothing: str, marks: str, wide: str) -> re.Pattern[str]:
    """What changes the length of a text, given the characters of those sorts that it has."""
    blank = f"[\\s\\-\\x1c-\\x1f{re.escape(blanks)}]"
    run = f"{blank}[\\s\\-\\x1c-\\x1f{re.escape(blanks + nothing)}]+"
    parts = [run]
    if marks:
        parts.append(f"[^\\s][{re.escape(marks)}]+")
    parts.append(f"[\\x00-\\x08\\x0e-\\x1b\\x7f{re.escape(nothing + wide)}]")
    return re.compile("|".join(parts), re.DOTALL)


def _length_changes(strange: set[str]) -> re.Pattern[str]:
    """`strange`: the characters of the text that are not ASCII."""
    if not strange:
        return _ASCII_RUN
    blanks, nothing, marks, wide = [], [], [], []
    for character in sorted(strange):
        folded = _TABLE[ord(character)]
        if _joins_the_one_before(character):
            marks.append(character)
        if folded == " ":
            blanks.append(character)
        elif not folded:
            nothing.append(character)
        elif len(folded) != 1:
            wide.append(character)
    return _pattern("".join(blanks), "".join(nothing), "".join(marks), "".join(wide))


@lru_cache(maxsize=8)  # one measure's texts, for all who read it in turn: two rule sets, the subscriptions
def fold(text: str) -> Folded:
    """Fold a text for comparison. Total: any string is accepted."""
    strange = set[str]() if text.isascii() else {character for character in set(text) if not character.isascii()}
    plain = _plain if all(_TABLE[ord(each)] == each == each.lower() for each in strange) else _any
    if text.isprintable() and not any(map(_changes_the_length, strange)):
        # Most texts. Only blanks and hyphens that follow each other could make it shorter.
        folded = plain(text)
        if "  " not in folded:
            return Folded(text, folded)
    out: list[str] = []
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    at = done = 0
    for change in _length_changes(strange).finditer(text):
        start, end = change.span()
        before = plain(text[done:start])
        piece = _fold_piece(change[0]) if end - start > 1 else _TABLE[ord(change[0])]
        out += (before, piece)
        at += len(before)
        for column, number in zip(columns, (at, at + len(piece), start, end), strict=True):
            column.append(number)
        at += len(piece)
        done = end
    out.append(plain(text[done:]))
    return Folded(text, "".join(out), *(tuple(column) for column in columns))


def folded_text(text: str) -> str:
    """The text of `fold` without its places, in a tenth of the time: for counting in very many texts.

    Near enough to count: a letter with a mark that stands apart from it may be read as two.
    """
    folded = _plain(text) if text.isascii() else unicodedata.normalize("NFC", text).translate(_TABLE)
    return " ".join(folded.split())


def stands_in(folded: str, forms_of_it: Iterable[str]) -> bool:
    """Whether any of these folded wordings stands in a folded text as a word or phrase by itself."""
    for wording in forms_of_it:
        start = folded.find(wording)
        while start >= 0:
            if stands_alone(folded, start, start + len(wording)):
                return True
            start = folded.find(wording, start + 1)
    return False


@lru_cache(maxsize=65536)
def is_word_character(character: str) -> bool:
    """Whether a folded character needs a boundary beside it: a letter, mark or digit of a script with blanks."""
    return unicodedata.category(character)[0] in "LNM" and not UNSPACED.match(character)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a span of a folded text is not part of a longer word."""
    if start and is_word_character(text[start]) and is_word_character(text[start - 1]):
        return False
    return not (end < len(text) and is_word_character(text[end - 1]) and is_word_character(text[end]))


@lru_cache(maxsize=65536)
def wordings(phrase: str) -> tuple[str, ...]:
    """The folded forms in which a phrase occurs, sorted. Raises `TermError` if nothing is left to look for."""
    folded = fold(phrase).text.strip()
    if not any(unicodedata.category(character)[0] in "LN" for character in folded):
        raise TermError(said("{phrase!r} has no letter and no digit to look for", phrase=phrase))
    before, _, last = folded.rpartition(" ")
    if not (last.isalpha() and all(_is_latin(letter) for letter in last)):
        return (folded,)
    return tuple(sorted(f"{before} {form}" if before else form for form in forms(last)))


class Terms:
    """An index of phrases. The time of `find` grows with the text and its hits, not with the number of phrases."""

    def __init__(self, pairs: Iterable[tuple[Hashable, str]]) -> None:
        """Index (key, phrase) pairs; a key may come with many phrases. Raises `TermError` for an empty phrase."""
        self._automaton = ahocorasick.Automaton()
        self._keys: list[Hashable] = []
        places: dict[Hashable, int] = {}
        found: dict[str, list[int]] = {}
        for key, phrase in pairs:
            place = places.setdefault(key, len(places))
            if place == len(self._keys):
                self._keys.append(key)
            for wording in wordings(phrase):
                if place not in found.setdefault(wording, []):
                    found[wording].append(place)
        for wording, owners in found.items():
            self._automaton.add_word(wording, (len(wording), tuple(owners)))
        if found:
            self._automaton.make_automaton()

    def __len__(self) -> int:
        """How many wordings are looked for."""
        return len(self._automaton)

    def find(self, text: str | Folded) -> list[Hit]:
        """Every occurrence, overlapping ones too, in the order of the text, then of the keys as they were given."""
        folded = text if isinstance(text, Folded) else fold(text)
        return [self._hit(folded, start, end, key) for start, end, key in self.spans(folded)]

    def spans(self, folded: Folded) -> list[tuple[int, int, Hashable]]:
        """As `find`, but (start, end, key) with offsets of the folded text; for a caller that looks around a hit."""
        if not len(self._automaton) or not folded.text:
            return []
        found: list[tuple[int, int, int]] = []
        for last, (length, owners) in self._automaton.iter(folded.text):
            start, end = last + 1 - length, last + 1
            if stands_alone(folded.text, start, end):
                found.extend((start, end, owner) for owner in owners)
        found.sort()
        return [(start, end, self._keys[owner]) for start, end, owner in found]

    @staticmethod
    def _hit(folded: Folded, start: int, end: int, key: Hashable) -> Hit:
        begin, stop = folded.span(start, end)
        return Hit(key, begin, stop, folded.original[begin:stop])


def occurs(phrase: str, text: str | Folded) -> Hit | None:
    """The first occurrence of a phrase, the longest where two begin alike; its key is the phrase as asked.

    Raises `TermError` for a phrase without a letter or digit.
    """
    folded = text if isinstance(text, Folded) else fold(text)
    best: tuple[int, int] | None = None
    for wording in wordings(phrase):
        start = folded.text.find(wording)
        while start >= 0 and not stands_alone(folded.text, start, start + len(wording)):
            start = folded.text.find(wording, start + 1)
        if start >= 0 and (best is None or (start, -len(wording)) < (best[0], -(best[1] - best[0]))):
            best = start, start + len(wording)
    if best is None:
        return None
    begin, stop = folded.span(*best)
    return Hit(phrase, begin, stop, folded.original[begin:stop])
