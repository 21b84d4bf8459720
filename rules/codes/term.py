"""A word of the term list."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A word for the goods of a code."""

    code: str
    language: str
    text: str
    weak: bool = False  #: it also has another common meaning, or names goods of other codes
