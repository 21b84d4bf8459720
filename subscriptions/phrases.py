"""All subscribers' phrases in one pass over a text, while subscribers come and go.

A phrase stands alone where it occurs (`rules.terms`): it begins and ends where a word does. So a text is cut into
its pieces, the words and the single characters that are of no word (a Chinese character is one by itself), and from
each piece on which any phrase begins as many pieces are put together as such phrases have. That is a look into a
dictionary or two for a piece, however many phrases there are; and a phrase more or less is a line in the dictionary,
where an automaton of them all would have to be built anew.

Blanks are no pieces. Two words in turn have one between them in any folded text; of other pieces ("Li-ion 3.7",
"锂 电池") the text itself is asked.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from rules.terms import UNSPACED, Folded, TermError, is_word_character, wordings

_UNSPACED = UNSPACED.pattern[1:-1]
_MARKS = tuple((mark, f" {mark} ") for mark in string.punctuation)
#: Letters and digits of scripts with blanks, by Python's reckoning: `_is_strange` says where `rules.terms` differs.
_LETTER = rf"[^\W_{_UNSPACED}]"
_ANY = re.compile(rf"{_LETTER}+|[^ ]")


#: Wordings of up to so many words are looked up all at once, as runs of so many pieces; longer ones place by place.
_SHORT = 4


@dataclass(slots=True)
class _Begun:
    """The wordings that begin with two pieces."""

    phrases: tuple[str, ...] = ()  #: that occur where these two words do
    short: dict[int, int] = field(default_factory=dict)  #: how many more have so many words, up to `_SHORT`
    others: dict[int, int] = field(default_factory=dict)  #: how many of the rest have so many pieces


class Phrases:
    """Which of a changing set of phrases occur in a text; the meaning is that of `rules.terms.occurs`."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._held: set[str] = set()
        self._words: dict[str, tuple[str, ...]] = {}  #: wordings of one piece: the phrases that occur where it does
        self._pairs: dict[tuple[str, ...], _Begun] = {}  #: by the first two pieces of a wording that has several
        self._runs: dict[int, dict[tuple[str, ...], tuple[str, ...]]] = {}  #: by their number, three words and more
        self._others: dict[
            tuple[str, ...], dict[str, tuple[str, ...]]
        ] = {}  #: the rest by their pieces, then as folded
        for phrase in phrases:
            self.add(phrase)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._held

    def add(self, phrase: str) -> None:
        """Look for this phrase too, from the next text on. One that cannot occur (no letter, no digit) is not kept."""
        if phrase in self._held or not can_occur(phrase):
            return
        self._held.add(phrase)
        for wording in wordings(phrase):
            parts = tuple(pieces(wording))
            if len(parts) == 1:
                self._words[parts[0]] = (*self._words.get(parts[0], ()), phrase)
                continue
            begun = self._pairs.setdefault(parts[:2], _Begun())
            if len(parts) == 2 and _is_run(parts):
                begun.phrases += (phrase,)
                continue
            held, key = self._place(parts, wording)
            if key not in held:
                counts = _counts(begun, parts)
                counts[len(parts)] = counts.get(len(parts), 0) + 1
            held[key] = (*held.get(key, ()), phrase)

    def discard(self, phrase: str) -> None:
        """Look for this phrase no longer."""
        if phrase not in self._held:
            return
        self._held.discard(phrase)
        for wording in wordings(phrase):
            parts = tuple(pieces(wording))
            if len(parts) == 1:
                if left := _without(self._words[parts[0]], phrase):
                    self._words[parts[0]] = left
                else:
                    del self._words[parts[0]]
                continue
            begun = self._pairs[parts[:2]]
            if len(parts) == 2 and _is_run(parts):
                begun.phrases = _without(begun.phrases, phrase)
            else:
                self._take_out(phrase, parts, wording, begun)
            if not (begun.phrases or begun.short or begun.others):
                del self._pairs[parts[:2]]

    def _take_out(self, phrase: str, parts: tuple[str, ...], wording: str, begun: _Begun) -> None:
        """Look for a phrase no longer where a wording of several pieces occurs."""
        held, key = self._place(parts, wording)
        if left := _without(held[key], phrase):
            held[key] = left
            return
        del held[key]
        if not held:
            self._others.pop(parts, None)
        counts = _counts(begun, parts)
        counts[len(parts)] -= 1
        if not counts[len(parts)]:
            del counts[len(parts)]

    def _place(self, parts: tuple[str, ...], wording: str) -> tuple[dict[Any, tuple[str, ...]], Any]:
        """Where a wording that is not of one piece nor of two words is held, and under what."""
        if _is_run(parts):
            return self._runs.setdefault(len(parts), {}), parts
        return self._others.setdefault(parts, {}), wording

    def found_in(self, text: Folded) -> set[str]:
        """The phrases that occur in a text."""
        parts, glued = _cut(text.text)
        found = {phrase for word in self._words.keys() & parts for phrase in self._words[word]}
        short: set[int] = set()
        others: dict[tuple[str, ...], tuple[int, ...]] = {}
        for pair in self._pairs.keys() & pairwise(parts):
            begun = self._pairs[pair]
            found.update(begun.phrases)
            short.update(begun.short)
            if begun.others:
                others[pair] = tuple(begun.others)
        for length in short:
            runs = self._runs[length]
            several = zip(*(islice(parts, start, None) for start in range(length)), strict=False)
            for run in runs.keys() & several:
                found.update(runs[run])
        if others:
            self._look_on(parts, glued or _glued(text.text), others, found)
        return found

    def _look_on(
        self, parts: list[str], glued: set[int], begun: dict[tuple[str, ...], tuple[int, ...]], found: set[str]
    ) -> None:
        """Put with the found those that begin with one of these pairs and have so many pieces."""
        first = {pair[0] for pair in begun}
        for place in [place for place, piece in enumerate(parts[:-1]) if piece in first]:
            for length in begun.get((parts[place], parts[place + 1]), ()):
                if place + length > len(parts):
                    continue
                written = tuple(parts[place : place + length])
                if (phrases := self._runs.get(length, {}).get(written)) is not None:
                    found.update(phrases)
                elif (alike := self._others.get(written)) is not None:
                    # With these very blanks?
                    after = range(place + 1, place + length)
                    found.update(
                        alike.get(
                            written[0] + "".join(parts[at] if at in glued else f" {parts[at]}" for at in after), ()
                        )
                    )


def _is_run(parts: tuple[str, ...]) -> bool:
    """Whether these pieces are words."""
    return all(is_word_character(part[0]) for part in parts)


def _counts(begun: _Begun, parts: tuple[str, ...]) -> dict[int, int]:
    """Where a wording with these pieces is counted."""
    return begun.short if len(parts) <= _SHORT and _is_run(parts) else begun.others


def _without(phrases: tuple[str, ...], phrase: str) -> tuple[str, ...]:
    return tuple(each for each in phrases if each != phrase)


def pieces(folded: str) -> list[str]:
    """A folded text cut where words begin and end: its words, and each other character but the blank."""
    return _cut(folded)[0]


def _cut(folded: str) -> tuple[list[str], set[int]]:
    """The pieces, and the places of those that have no blank before them; of ASCII these are left to `_glued`."""
    if folded.isascii():
        for mark, apart in _MARKS:
            if mark in folded:
                folded = folded.replace(mark, apart)
        return folded.split(), set()
    strange = "".join(sorted(filter(_is_strange, set(folded))))
    find = (_pattern(strange) if strange else _ANY).findall
    parts: list[str] = []
    glued: set[int] = set()
    for between in folded.split():
        if between.isalnum() and between.isascii():
            parts.append(between)
        else:
            start = len(parts) + 1
            parts += find(between)
            glued.update(range(start, len(parts)))
    return parts, glued


def _glued(folded: str) -> set[int]:
    """The places of those pieces of an ASCII text that have no blank before them."""
    glued: set[int] = set()
    place = 0
    for between in folded.split():
        after = place + (1 if between.isalnum() else len(pieces(between)))
        glued.update(range(place + 1, after))
        place = after
    return glued


def can_occur(phrase: str) -> bool:
    """Whether there is anything to look for in a phrase."""
    try:
        return bool(wordings(phrase))
    except TermError:
        return False


@lru_cache(maxsize=65536)
def _is_strange(character: str) -> bool:
    """Whether a character is of a word for one reckoning alone: the vowel signs of Hindi, for one."""
    return is_word_character(character) != bool(re.match(_LETTER, character))


@lru_cache(maxsize=256)
def _pattern(strange: str) -> re.Pattern[str]:
    """`_ANY` for a text with these strange characters."""
    more = re.escape("".join(filter(is_word_character, strange)))
    less = re.escape("".join(each for each in strange if not is_word_character(each)))
    word = f"{_LETTER[:-1]}{less}]"
    return re.compile(rf"(?:{word}|[{more}])+|[^ ]" if more else rf"{word}+|[^ ]")
