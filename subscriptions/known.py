"""What is recorded and may be asked for: the sources, and the measures by what people call them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rules.terms import fold
from subscriptions.phrases import can_occur
from watcher.said import either, said

_LONGEST_AGENCY = 200  #: characters
_SHORTEST_AGENCY = 2
_MOST_ALIKE = 4  #: names of sources shown that are like what was asked for
_QUOTES = "\"'“”„‟‘’‚«»‹›「」『』《》"


def as_written(asked: str) -> str:
    """What was asked for, as it was: nothing is known of what there is."""
    return asked.strip()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is recorded. Whoever knows nothing of it believes whatever is asked for."""

    sources: Mapping[str, str] | None = None  #: names of sources and their titles; None: not known
    #: The reference of the measure that a text means by a symbol; raises `ValueError` with a sentence.
    measure: Callable[[str], str] = field(default=as_written)

    def source(self, asked: str) -> str:
        """The name of a source that is asked for by its name or its title. Raises `ValueError` with a sentence."""
        if self.sources is None:
            return as_written(asked)
        plain = _plain(asked)
        called = {_plain(name): name for name in self.sources}
        for name, title in sorted(self.sources.items()):
            called.setdefault(_plain(title), name)
        if found := called.get(plain):
            return found
        within = [name for said, name in sorted(called.items()) if len(plain) > 1 and plain in said]
        near = [called[one] for one in difflib.get_close_matches(plain, sorted(called), n=_MOST_ALIKE, cutoff=0.6)]
        alike = list(dict.fromkeys((*near, *within)))[:_MOST_ALIKE]
        hint = (
            said("did you mean {several}?", several=either(map(repr, alike)))
            if alike
            else said("`tbtwatch sources` lists them")
        )
        raise ValueError(said("{asked!r} is not a source; {hint}", asked=asked, hint=hint))


def agency(asked: str) -> str:
    """A phrase of an agency's name, tidied. Raises `ValueError` with a sentence."""
    tidy = " ".join(unicodedata.normalize("NFC", asked).split()).strip(_QUOTES + " ")
    if not can_occur(tidy):
        raise ValueError(said("agency {asked!r} has no letter and no digit to look for", asked=asked))
    letters = [character for character in fold(tidy).text if unicodedata.category(character)[0] in "LN"]
    if len(letters) < _SHORTEST_AGENCY:
        raise ValueError(
            said(
                "agency {tidy!r} is a single letter, which stands in nearly every name; give a part of "
                "its name, such as 'Bureau of Indian Standards' or 'SASO'",
                tidy=tidy,
            )
        )
    if len(tidy) > _LONGEST_AGENCY:
        raise ValueError(
            said(
                "agency {tidy!r}… has {n} characters; give a part of its name of at most {most}",
                tidy=tidy[:40],
                n=len(tidy),
                most=_LONGEST_AGENCY,
            )
        )
    return tidy


def _plain(name: str) -> str:
    """A name as names are compared: case, width and punctuation make no difference."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()
