"""A sentence of ours that keeps what it is made of, so that it can be said in another language with the same facts.

It is English text like any other to whoever only prints it: command line, log and file. A page asks for its wording and
its facts. Nothing is translated here; whoever has readers has the translations, by the wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


class Said(str):
    """An English sentence, or a part of one, with its wording and its facts."""

    __slots__ = ("facts", "wording")

    wording: str  #: "{code!r} is not an HS code"; it is a literal in our code, never made of what somebody typed
    facts: Mapping[str, object]  #: what fills the wording's gaps: texts, numbers, or parts that are `Said` themselves

    def __new__(cls, wording: str, facts: Mapping[str, object]) -> Said:
        """Fill the wording in. Raises KeyError for a fact that is missing."""
        made = super().__new__(cls, wording.format(**facts))
        made.wording, made.facts = wording, MappingProxyType(dict(facts))
        return made

    def __getnewargs__(self) -> tuple[str, dict[str, object]]:  # type: ignore[override]
        """So that it is copied and sent to other processes whole."""
        return self.wording, dict(self.facts)

    def __reduce__(self) -> tuple[Any, ...]:
        """As `__getnewargs__` has it."""
        return Said, self.__getnewargs__()


def said(wording: str, /, **facts: object) -> Said:
    """A sentence by its wording, which stands in the call as a literal: a test looks for its translations."""
    return Said(wording, facts)


def sentence_of(error: BaseException) -> str:
    """What an error says, with its wording and its facts if it was raised with them: `str(error)` is the text alone."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, str) else str(error)


def sentences_of(error: BaseException) -> tuple[str, ...]:
    """All that an error says: what it carries as `sentences` or `problems`, or the lines of its one text."""
    several = getattr(error, "sentences", None) or getattr(error, "problems", None)
    if several:
        return tuple(several)
    one = sentence_of(error)
    return (one,) if isinstance(one, Said) else tuple(one.split("\n"))


def either(several: Iterable[str]) -> str:
    """Alternatives in a row: "KEN or KAZ". Raises StopIteration for none."""
    each = iter(several)
    found = next(each)
    for one in each:
        found = said("{one} or {other}", one=found, other=one)
    return found
