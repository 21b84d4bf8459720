"""A measure in one line, as staff write it: "hs=9503 | issuer=US-FR | Toys with magnets"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from rules.rule import Rule
from watcher.codes import CodeError, parse_hs, parse_ics
from watcher.measure import Facts, Measure
from watcher.said import said, sentence_of

#: What stands before the equals sign, and which list or text of the facts it is put into.
_PARTS: Final = {
    "hs": "hs_codes",
    "ics": "ics_codes",
    "objective": "objectives",
    "member": "notifying_members",
    "agency": "responsible_agency",
    "products": "products_covered",
    "summary": "content_summary",
    "further": "further_text",
    "document": "document_text",
    "title": "title",
    "issuer": "",
}
_LISTS: Final = frozenset({"hs_codes", "ics_codes", "objectives", "notifying_members"})
_PART: Final = re.compile(r"\s*([a-z]{2,10})\s*=\s*(.*)", re.DOTALL)


class ExampleError(ValueError):
    """An example that cannot be read; the sentence says why."""


def nonsense(text: str, member: Callable[[str], str | None]) -> Iterator[str]:
    """What an example states that no measure can: a code that is none, a Member that nobody is, as sentences.

    `member` finds a market by its code or name. Asked for what somebody writes now; what is stored is read as it is.
    Raises ExampleError.
    """
    facts = example_measure(text).facts
    for code in facts.hs_codes:
        yield from refused(parse_hs, code)
    for code in facts.ics_codes:
        yield from refused(parse_ics, code)
    for name in facts.notifying_members:
        if member(name) is None:
            yield said(
                "{name!r} is no market known here: write a WTO Member by code or name, such as KEN or Kenya", name=name
            )


def refused(parse: Callable[[str], str], code: str) -> Iterator[str]:
    """Why a text is not the code it should be; nothing if it is one."""
    try:
        parse(code)
    except CodeError as error:
        yield sentence_of(error)


def nonsense_in(rule: Rule, member: Callable[[str], str | None]) -> Iterator[str]:
    """The same of all examples of a rule, by what they stand for; a sentence each, with the rule's name."""
    for text in (*rule.matches, *rule.must_not_match):
        found: Iterator[str] = iter(())
        if rule.kind == "combination":
            found = nonsense(text, member)
        elif rule.kind == "hs_code":
            found = refused(parse_hs, text)
        elif rule.kind == "ics_code":
            found = refused(parse_ics, text)
        yield from (
            said("rule {name!r}, its example {text!r}: {sentence}", name=rule.name, text=text, sentence=sentence)
            for sentence in found
        )


def example_measure(text: str) -> Measure:
    """The measure of a line: parts between bars, each a text of the title or `hs=`, `ics=`, `agency=` and so on.

    Raises ExampleError.
    """
    facts: dict[str, Any] = {}
    issuer = ""
    for part in text.split("|"):
        stated = _PART.fullmatch(part)
        field, value = "title", part.strip()
        if stated:
            if stated[1] not in _PARTS:
                raise ExampleError(
                    said(
                        "{stated}= is not known; known are {several}",
                        stated=stated[1],
                        several=", ".join(f"{each}=" for each in _PARTS),
                    )
                )
            field, value = _PARTS[stated[1]], stated[2].strip()
        if not field:
            issuer = value
        elif field in _LISTS:
            facts[field] = (*facts.get(field, ()), *(each.strip() for each in value.split(",") if each.strip()))
        else:
            facts[field] = f"{facts[field]} {value}" if facts.get(field) else value
    if "hs_codes" in facts:
        facts["hs_codes"] = tuple(re.sub(r"[\s.]", "", code) for code in facts["hs_codes"])
    return Measure(issuer=issuer, threads=(), facts=Facts(**facts), notices=())
