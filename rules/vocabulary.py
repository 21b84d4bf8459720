"""The words a version of the rules knows: titles of codes, the term list, the names of markets.

It is part of a version: what is inferred from words is inferred again bit for bit as long as the version is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from rules.codes.lexicon import Lexicon
from rules.codes.term import Term

__all__ = ["EMPTY", "KeptVocabulary", "Term", "Vocabulary", "load_vocabulary"]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Titles, terms and names. Empty: nothing is inferred from words."""

    hs_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: code → language → title
    ics_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hs_terms: tuple[Term, ...] = field(default_factory=tuple)
    ics_terms: tuple[Term, ...] = field(default_factory=tuple)
    markets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: Member's code or group's key → its names

    def content(self) -> dict[str, Any]:
        """As plain values that `load_vocabulary` reads back."""
        return {
            "hs_titles": {code: dict(titles) for code, titles in self.hs_titles.items()},
            "ics_titles": {code: dict(titles) for code, titles in self.ics_titles.items()},
            "hs_terms": [list(term) for term in self.hs_terms],
            "ics_terms": [list(term) for term in self.ics_terms],
            "markets": {code: list(names) for code, names in self.markets.items()},
        }

    def has_hs(self, code: str) -> bool:
        """Whether some code of the Harmonized System's edition known here begins so."""
        return code in self._hs_beginnings

    @cached_property
    def _hs_beginnings(self) -> frozenset[str]:
        return frozenset(code[:length] for code in self.hs_titles for length in range(2, len(code) + 1))

    @cached_property
    def hs(self) -> Lexicon:
        """The words of HS headings, ready to be found; made when first asked for."""
        return Lexicon(self.hs_terms, self.hs_titles, group=4)

    @cached_property
    def ics(self) -> Lexicon:
        """The words of ICS groups, ready to be found; made when first asked for."""
        return Lexicon(self.ics_terms, self.ics_titles, group=6)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content in canonical JSON, as hex."""
        canonical = json.dumps(self.content(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


class KeptVocabulary(Vocabulary):
    """A vocabulary that is kept somewhere, and read when something of it is first asked for."""

    def __init__(self, fingerprint: str, read: Callable[[], Vocabulary]) -> None:
        """`fingerprint`: of what `read` gives."""
        self.__dict__.update(fingerprint=fingerprint, _read=read)

    def __getattr__(self, name: str) -> Any:
        if name not in Vocabulary.__dataclass_fields__:
            raise AttributeError(name)
        whole = self._read()
        self.__dict__.update({one.name: getattr(whole, one.name) for one in fields(Vocabulary)})
        self.__dict__["_read"] = None  # it may hold much
        return self.__dict__[name]


EMPTY = Vocabulary()


def load_vocabulary(content: Mapping[str, Any]) -> Vocabulary:
    """A vocabulary from what `Vocabulary.content` gave."""
    return Vocabulary(
        hs_titles=content["hs_titles"],
        ics_titles=content["ics_titles"],
        hs_terms=tuple(Term(*term) for term in content["hs_terms"]),
        ics_terms=tuple(Term(*term) for term in content["ics_terms"]),
        markets={code: tuple(names) for code, names in content["markets"].items()},
    )
