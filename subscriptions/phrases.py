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
from collections.abc import Iterable
from functools import lru_cache

from rules.terms import UNSPACED, Folded, TermError, is_word_character, wordings

_UNSPACED = UNSPACED.pattern[1:-1]
_ASCII = re.compile(r"[a-z0-9]+|[^a-z0-9 ]")
#: Letters and digits of scripts with blanks, by Python's reckoning: `_is_strange` says where `rules.terms` differs.
_LETTER = rf"[^\W_{_UNSPACED}]"
_ANY = re.compile(rf"{_LETTER}+|[^ ]")


class Phrases:
    """Which of a changing set of phrases occur in a text; the meaning is that of `rules.terms.occurs`."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._held: set[str] = set()
        self._words: dict[str, tuple[str, ...]] = {}  #: wordings of one piece: the phrases that occur where it does
        self._runs: dict[str, tuple[str, ...]] = {}  #: wordings of several words: likewise
        self._others: dict[str, dict[str, tuple[str, ...]]] = {}  #: the rest by their pieces, then as folded: likewise
        #: By first and second piece: how many of the longer wordings have so many pieces.
        self._begins: dict[str, dict[str, dict[int, int]]] = {}
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
            parts = pieces(wording)
            held = self._place(parts)
            if wording not in held and len(parts) > 1:
                lengths = self._begins.setdefault(parts[0], {}).setdefault(parts[1], {})
                lengths[len(parts)] = lengths.get(len(parts), 0) + 1
            held[wording] = (*held.get(wording, ()), phrase)

    def discard(self, phrase: str) -> None:
        """Look for this phrase no longer."""
        if phrase not in self._held:
            return
        self._held.discard(phrase)
        for wording in wordings(phrase):
            parts = pieces(wording)
            held = self._place(parts)
            if left := tuple(each for each in held[wording] if each != phrase):
                held[wording] = left
                continue
            del held[wording]
            if not held:
                self._others.pop(" ".join(parts), None)
            if len(parts) > 1:
                self._forget(parts)

    def _forget(self, parts: list[str]) -> None:
        """One wording with these pieces is gone."""
        seconds = self._begins[parts[0]]
        lengths = seconds[parts[1]]
        lengths[len(parts)] -= 1
        if not lengths[len(parts)]:
            del lengths[len(parts)]
        if not lengths:
            del seconds[parts[1]]
        if not seconds:
            del self._begins[parts[0]]

    def found_in(self, text: Folded) -> set[str]:
        """The phrases that occur in a text."""
        parts = pieces(text.text)
        there = set(parts)
        found = {phrase for word in there & self._words.keys() for phrase in self._words[word]}
        first = there & self._begins.keys()
        if not first:
            return found
        starts: list[int] = []
        runs, others = self._runs.get, self._others.get
        for place, piece in enumerate(parts[:-1]):
            if piece not in first or (lengths := self._begins[piece].get(parts[place + 1])) is None:
                continue
            for length in lengths:
                last = place + length - 1
                if last >= len(parts):
                    continue
                written = " ".join(parts[place : last + 1])
                if (phrases := runs(written)) is not None:
                    found.update(phrases)
                elif (alike := others(written)) is not None:
                    # With these very blanks?
                    starts = starts or _starts(parts, text.text)
                    found.update(alike.get(text.text[starts[place] : starts[last] + len(parts[last])], ()))
        return found

    def _place(self, parts: list[str]) -> dict[str, tuple[str, ...]]:
        """Where a wording with these pieces is held."""
        if len(parts) == 1:
            return self._words
        if all(is_word_character(part[0]) for part in parts):
            return self._runs
        return self._others.setdefault(" ".join(parts), {})


def _starts(parts: Iterable[str], folded: str) -> list[int]:
    """Where each piece of a text stands."""
    starts, end = [], 0
    for part in parts:
        start = folded.index(part, end)
        starts.append(start)
        end = start + len(part)
    return starts


def pieces(folded: str) -> list[str]:
    """A folded text cut where words begin and end: its words, and each other character but the blank."""
    if folded.isascii():
        return _ASCII.findall(folded)
    strange = "".join(sorted(filter(_is_strange, set(folded))))
    return (_pattern(strange) if strange else _ANY).findall(folded)


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
