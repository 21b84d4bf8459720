"""Regular expressions of staff, found in texts by RE2: its time grows with the text, whatever somebody writes.

All patterns of a rule set are tried together, some dozens in one pass; only those that occur are looked at singly.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import re2

from watcher.said import said

#: Characters of a pattern, and steps of what RE2 makes of it: a thousand steps are read at five microseconds a letter
#: in the worst case, and at a thousandth of that as a rule.
LONGEST: Final = 500
MOST_STEPS: Final = 1_000

#: What RE2 may use for one pattern, and for those tried together. Out of it, it is slower and not wrong.
_MEMORY: Final = 2 << 20
_MEMORY_TOGETHER: Final = 16 << 20
_TOGETHER: Final = 50
#: A pattern of more steps is tried alone: it would cost those beside it their one pass.
_STEPS_TOGETHER: Final = 200

#: How far a text is looked at, and how many places of it are found by one pattern.
MOST_TEXT: Final = 100_000
MOST_PLACES: Final = 20

#: Texts that have nothing in common but being texts: a pattern that occurs in all of one row says nothing.
_BLAND: Final = (
    ("Toys", "Motor spirit", "Kiwifruit: labels", "Lamps 3", "Beef"),
    ("玩具", "车用汽油", "猕猴桃标签", "灯具 3", "牛肉"),
    ("Jouets", "Vin de pays", "Lampes à huile", "Pneus 3", "Œufs"),
    ("Juguetes", "Vino", "Carne de res", "Leche: 3", "Señales"),
)


class PatternError(ValueError):
    """A pattern that cannot be used; the sentence's end says why, and what to write instead."""


def options(memory: int = _MEMORY) -> Any:
    """How patterns are read: capitals make no difference, nothing is kept of groups."""
    made = re2.Options()
    made.max_mem = memory
    made.never_capture = True
    made.log_errors = False
    made.case_sensitive = False
    return made


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Any:
    """The pattern, ready to be looked for. Raises PatternError."""
    if len(pattern) > LONGEST:
        raise PatternError(
            said("is {n} characters long; split it into patterns of at most {longest}", n=len(pattern), longest=LONGEST)
        )
    try:
        made = re2.compile(pattern, options())
    except re2.error as error:
        raise PatternError(_refused(error)) from error
    except UnicodeEncodeError as error:
        raise PatternError(said("holds half a character; write the character whole")) from error
    if made.programsize > MOST_STEPS:
        raise PatternError(
            said(
                "is too large ({steps} steps, at most {most}); ask for fewer repetitions",
                steps=made.programsize,
                most=MOST_STEPS,
            )
        )
    return made


def _refused(error: Exception) -> str:
    raw = error.args[0] if error.args else str(error)
    told = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    mend = said("mend it")
    if "invalid perl operator" in told or "invalid escape" in told:
        mend = said("it knows no look-ahead, look-behind and no \\1; write two patterns, or a combination of two rules")
    elif "repetition" in told or "too large" in told:
        mend = said("ask for fewer repetitions")
    elif "parenthes" in told or "missing" in told:
        mend = said("close each bracket, or write \\( for a bracket in the text")
    return said("is refused by RE2 ({told}); {mend}", told=told, mend=mend)


def check(pattern: str) -> None:
    """Raise PatternError for a pattern that cannot be used, or that says nothing."""
    made = compiled(pattern)
    if any(match.start() == match.end() for text in ("", "a b", "字 1-x") for match in made.finditer(text)):
        raise PatternError(
            said("matches where nothing stands, so it would match everything; write at least one letter")
        )
    if any(all(made.search(text) for text in row) for row in _BLAND):
        raise PatternError(said("matches any text, so it would match everything; write the words you look for"))


class Patterns:
    """An index of patterns."""

    def __init__(self, pairs: Iterable[tuple[Hashable, str]]) -> None:
        """Index (key, pattern) pairs. Raises PatternError."""
        self._pairs = [(key, compiled(pattern), pattern) for key, pattern in pairs]
        small = [place for place, each in enumerate(self._pairs) if each[1].programsize <= _STEPS_TOGETHER]
        self._alone = [place for place, each in enumerate(self._pairs) if each[1].programsize > _STEPS_TOGETHER]
        groups = [small[start : start + _TOGETHER] for start in range(0, len(small), _TOGETHER)]
        self._groups = [(group, _set([self._pairs[place][2] for place in group])) for group in groups]

    def __len__(self) -> int:
        """How many patterns are looked for."""
        return len(self._pairs)

    def spans(self, text: str) -> list[tuple[int, int, Hashable]]:
        """Each place of each pattern as (start, end, key), in the order of the text, then of the patterns."""
        if not text or not self._pairs:
            return []
        written = text[:MOST_TEXT].encode("utf-8", "replace")
        found: list[tuple[int, int, int]] = []
        for place in self._occurring(written):
            for match in islice(self._pairs[place][1].finditer(written), MOST_PLACES):
                if match.start() != match.end():
                    start = len(written[: match.start()].decode())
                    found.append((start, start + len(written[match.start() : match.end()].decode()), place))
        found.sort()
        return [(start, end, self._pairs[place][0]) for start, end, place in found]

    def _occurring(self, written: bytes) -> Iterable[int]:
        yield from self._each(self._alone, written)
        for group, together in self._groups:
            hits = None if together is None else together.Match(written)
            if hits is None or len(group) not in hits:
                # Out of memory it says that nothing occurs, not even the empty pattern behind the others.
                yield from self._each(group, written)
            else:
                yield from (group[hit] for hit in sorted(hits) if hit < len(group))

    def _each(self, places: Iterable[int], written: bytes) -> Iterable[int]:
        return (place for place in places if self._pairs[place][1].search(written))


def _set(patterns: list[str]) -> Any:
    """These patterns tried in one pass, with the empty one behind them; None if they are too large for it."""
    made = re2.Set.SearchSet(options(_MEMORY_TOGETHER))
    try:
        for pattern in patterns:
            made.Add(pattern)
        made.Add("")
        made.Compile()
    except re2.error:
        return None
    return made
