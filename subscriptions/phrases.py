"""All subscribers' phrases in one pass over a text, while subscribers come and go.

An automaton cannot be added to: one more phrase means building it anew, which takes a tenth of a second for ten
thousand of them. So there are a few, each some times larger than the next. A new phrase is in the smallest, which
is all that is built anew when a text is next read; when that has grown, it is joined to the one before it. Each
phrase is so built a few times in its life, and a text is read by a handful of automata at most.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.terms import Folded, TermError, Terms, wordings


class _Shelf:
    """Phrases that are looked for with one automaton."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = frozenset(phrases)
        self.terms = Terms((phrase, phrase) for phrase in sorted(self.phrases))


class Phrases:
    """Which of a changing set of phrases occur in a text; the meaning is that of `rules.terms.occurs`."""

    #: So many newcomers are built anew at each change before they get a shelf of their own.
    NEWCOMERS = 64
    #: A shelf is joined to the new one when it is not this many times larger.
    GROWTH = 8

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._shelves = [_Shelf(filter(can_occur, phrases))]  # the largest first
        self._new: set[str] = set()
        self._newcomers: _Shelf | None = None  # None: to be built
        self._gone: set[str] = set()  # still on a shelf, wanted by nobody

    def __len__(self) -> int:
        return sum(len(shelf.phrases) for shelf in self._shelves) + len(self._new) - len(self._gone)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._new or (phrase not in self._gone and self._shelved(phrase))

    def add(self, phrase: str) -> None:
        """Look for this phrase too, from the next text on. One that cannot occur (no letter, no digit) is not kept."""
        if self._shelved(phrase):
            self._gone.discard(phrase)
        elif phrase not in self._new and can_occur(phrase):
            self._new.add(phrase)
            self._newcomers = None

    def discard(self, phrase: str) -> None:
        """Look for this phrase no longer. It leaves its shelf when that is next built."""
        if phrase in self._new:
            self._new.discard(phrase)
            self._newcomers = None
        elif self._shelved(phrase):
            self._gone.add(phrase)

    def found_in(self, text: Folded) -> set[str]:
        """The phrases that occur in a text."""
        found: set[str] = set()
        for shelf in self._ready():
            found.update(str(hit.key) for hit in shelf.terms.find(text))
        return found - self._gone if self._gone else found

    def _shelved(self, phrase: str) -> bool:
        return any(phrase in shelf.phrases for shelf in self._shelves)

    def _ready(self) -> list[_Shelf]:
        """The shelves to read a text with, built anew as far as needed."""
        if len(self._gone) > max(self.NEWCOMERS, len(self) // 2):
            self._join(len(self._shelves))
        elif len(self._new) > self.NEWCOMERS:
            joined, size = 0, len(self._new)
            while joined < len(self._shelves) and len(self._shelves[-1 - joined].phrases) < self.GROWTH * size:
                size += len(self._shelves[-1 - joined].phrases)
                joined += 1
            self._join(joined)
        if self._newcomers is None:
            self._newcomers = _Shelf(self._new)
        return [*self._shelves, self._newcomers] if self._new else self._shelves

    def _join(self, last: int) -> None:
        """Make one shelf of the last so many and the newcomers; what nobody wants any more is left out."""
        kept = len(self._shelves) - last
        held = frozenset[str]().union(*(shelf.phrases for shelf in self._shelves[kept:]))
        self._shelves[kept:] = [_Shelf((held - self._gone) | self._new)]
        self._gone -= held
        self._new, self._newcomers = set(), None


def can_occur(phrase: str) -> bool:
    """Whether there is anything to look for in a phrase."""
    try:
        return bool(wordings(phrase))
    except TermError:
        return False
