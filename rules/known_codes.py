"""Codes of rules that no edition of their classification has, with those that come near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.rule import Rule
from rules.vocabulary import Vocabulary
from watcher.hs import hs_code


def unknown_codes(rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    """A sentence for each HS or ICS code of a rule that is in no edition.

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
        helps = f"; near are {', '.join(near)}" if near else "; look it up, and mend or take out the code"
        yield f'rule {rule.name!r}: "{code}" is in no edition of the {what} classification{helps}'


def _near(code: str, known: Iterable[str]) -> list[str]:
    """The codes that begin alike, those with the nearest number first."""

    def number(text: str) -> int:
        return int(text.replace(".", "").ljust(7, "0"))

    def alike(each: str) -> int:
        return next((place for place, (a, b) in enumerate(zip(each, code, strict=False)) if a != b), len(code))

    near = [each for each in known if alike(each) >= 2]
    near.sort(key=lambda each: (-alike(each), abs(number(each) - number(code)), each))
    return sorted(near[:3])
