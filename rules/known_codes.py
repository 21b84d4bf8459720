"""Codes of rules that nothing has: HS and ICS codes of no edition, no Member's, no objective's; and what comes near.

They are looked for when a set is saved, and no more when it is read again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from rules.rule import Rule
from rules.vocabulary import Vocabulary
from watcher.hs import hs_code
from watcher.objectives import OBJECTIVES
from watcher.said import either, said

_KEY: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")


def unknown_codes(rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    """A sentence for each HS or ICS code of a rule that is in no edition, and for each code that is no Member's.

    Subheadings change with each edition of the Harmonized System, so that one which today's lacks may stand in an older
    notice; chapters and headings are looked at, as far as they can be told.
    """
    codes: tuple[str, ...] = (*getattr(rule, "prefixes", ()), *getattr(rule, "but_not", ()))
    known: Iterable[str]
    for code in codes:
        if rule.kind == "hs_code" and hs_code(code) is None:
            known, what = [each for each in vocabulary.hs_titles if len(each) == 4], "HS"
        elif rule.kind == "ics_code" and vocabulary.ics_titles and code not in vocabulary.ics_titles:
            known, what = vocabulary.ics_titles, "ICS"
        else:
            continue
        near = _near(code, known)
        helps = (
            said("; near are {several}", several=", ".join(near))
            if near
            else said("; look it up, and mend or take out the code")
        )
        yield said(
            'rule {name!r}: "{code}" is in no edition of the {what} classification{helps}',
            name=rule.name,
            code=code,
            what=what,
            helps=helps,
        )
    for code in getattr(rule, "members", ()):
        if vocabulary.markets and code not in vocabulary.markets:
            likely = _members_like(code, vocabulary)
            helps = (
                said("; did you mean {several}?", several=either(likely))
                if likely
                else said("; write it as in symbols: USA, EU, TPKM")
            )
            yield said("rule {name!r}: {code!r} is no Member's code{helps}", name=rule.name, code=code, helps=helps)
    for code in getattr(rule, "objectives", ()):
        key = code.strip().casefold().replace("-", "_")
        if key not in OBJECTIVES and _KEY.fullmatch(key):  # what has blanks is the wording of one without a key
            near = difflib.get_close_matches(key, OBJECTIVES, n=2)
            helps = (
                said("did you mean {several}?", several=either(near))
                if near
                else said("known are {several}", several=", ".join(OBJECTIVES))
            )
            yield said("rule {name!r}: {code!r} is no objective; {helps}", name=rule.name, code=code, helps=helps)


def _members_like(text: str, vocabulary: Vocabulary) -> list[str]:
    """The codes of the Member that is called so, or whose codes look alike."""
    said = text.strip().casefold()
    named = [code for code, names in vocabulary.markets.items() if said in (code.casefold(), *map(str.casefold, names))]
    return named[:2] or difflib.get_close_matches(text.strip().upper(), vocabulary.markets, n=2)


def _near(code: str, known: Iterable[str]) -> list[str]:
    """The codes that begin alike, those with the nearest number first."""

    def number(text: str) -> int:
        return int(text.replace(".", "").ljust(7, "0"))

    def alike(each: str) -> int:
        return next((place for place, (a, b) in enumerate(zip(each, code, strict=False)) if a != b), len(code))

    near = [each for each in known if alike(each) >= 2]
    near.sort(key=lambda each: (-alike(each), abs(number(each) - number(code)), each))
    return sorted(near[:3])
