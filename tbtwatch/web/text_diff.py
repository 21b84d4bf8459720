"""Two texts side by side as people read it: what went, what came, what stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rules.terms import UNSPACED

LONGEST = 6000  # words of both texts together; comparing grows with their product
KEPT = 12  # words shown on either side of a change

_Code = tuple[str, int, int, int, int]  # as difflib says it: what, from and to in the old text, and in the new
_WORDS = re.compile(f"{UNSPACED.pattern}|\\s+|[^\\W_]+|[^\\w\\s]|_")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the texts. `skipped`: so many words that stayed are left out."""

    kind: Literal["same", "removed", "added", "skipped"]
    text: str = ""
    skipped: int = 0


def compare(old: str, new: str) -> list[Piece] | None:
    """The pieces in the order of reading; None if the texts are too long to be compared."""
    before, after = _words(old), _words(new)
    if len(before) + len(after) > LONGEST:
        return None
    pieces: list[Piece] = []
    codes = _readable(SequenceMatcher(None, before, after, autojunk=False).get_opcodes(), before)
    for number, (tag, i, k, j, m) in enumerate(codes):
        if tag == "equal":
            pieces += _stayed(before[i:k], first=number == 0, last=number == len(codes) - 1)
            continue
        if k > i:
            pieces.append(Piece("removed", "".join(before[i:k])))
        if m > j:
            pieces.append(Piece("added", "".join(after[j:m])))
    return pieces


def _words(text: str) -> list[str]:
    return [" " if word.isspace() else word for word in _WORDS.findall(text.strip())]


def _readable(
    codes: Sequence[tuple[str, int, int, int, int]], before: list[str]
) -> list[tuple[str, int, int, int, int]]:
    """Changes that only a blank or a sign parts are one: words changed one by one cannot be read."""
    joined: list[_Code] = []
    for tag, i, k, j, m in codes:
        small = tag == "equal" and not any(word.isalnum() for word in before[i:k])
        if joined and joined[-1][0] == "replace" and (tag != "equal" or (small and (i, k) != (0, len(before)))):
            _, first, _, then, _ = joined[-1]
            joined[-1] = ("replace", first, k, then, m)
        else:
            joined.append((tag if tag == "equal" else "replace", i, k, j, m))
    return joined


def _stayed(words: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    head = [] if first else words[: KEPT * 2]
    tail = [] if last else words[-KEPT * 2 :]
    between = words[len(head) : len(words) - len(tail)]
    if len(between) <= KEPT:
        yield Piece("same", "".join(words))
        return
    if head:
        yield Piece("same", "".join(head))
    yield Piece("skipped", skipped=sum(1 for word in between if word.isalnum()))
    if tail:
        yield Piece("same", "".join(tail))
