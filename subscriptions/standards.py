"""Which standard is meant by a number: with or without its parts and its edition.

Numbers are compared by steps, from the series to the edition: "IEC 60335-2-9:2019" is a step of "IEC 60335", of
"IEC 60335-2" and of "IEC 60335-2-9". A standard taken over keeps the steps of the one it takes over: "EN ISO 12100"
is also "ISO 12100", "ISO/IEC 17025" is also "ISO 17025". Nothing here knows which bodies there are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from watcher.said import said

#: Bodies that publish jointly, by the names the standard goes by.
_JOINT = {"ISO/IEC": ("ISO", "IEC"), "ISO/IEC/IEEE": ("ISO/IEC", "ISO", "IEC", "IEEE"), "AS/NZS": ("AS", "NZS")}
_SHAPE = re.compile(r"(?P<body>[^\W\d][^\d:]*?)[\s\-]*(?P<number>\d[\dA-Z]*(?:[.\-/][\dA-Z]+)*)(?::(?P<edition>.+))?")
#: In Chinese and some other numbers a year follows a hyphen: "GB 4706.1-2005".
_DASHED_YEAR = re.compile(r"(?<=[\dA-Z])\s*[-:]\s*((?:19|20)\d\d)(?=$|[^\d])")
#: Parts in words, and Canada's numbers behind a series: "IS 302 (Part 2/Sec 3)", "C22.2 No. 60335-1".
_PART = re.compile(r",? ?\(? ?PART(?:IE|E)?[ -]?(\d+)(?:(?: ?/ ?|, ?| )SEC(?:TION)?\.?[ -]?(\d+))? ?\)?(?=$|[:\s+/-])")
_NUMBER_BEHIND = re.compile(r"(?<=C22\.\d)[ -]{0,2}N[O°º]\.? ?(?=\d)")
#: Names of one body in two scripts or times, and drafts, which are asked for by the name of what they become.
_ONE_NAME = (
    (re.compile(r"^ГОСТ Р(?=\W)"), "GOST R"),
    (re.compile(r"^ГОСТ(?=\W)"), "GOST"),
    (re.compile(r"^СТБ(?=\W)"), "STB"),
    (re.compile(r"^ДСТУ(?=\W)"), "DSTU"),
    (re.compile(r"^CODEX STAN(?:DARD)?(?=\W)"), "CXS"),
    (re.compile(r"^F?PREN(?=\W)"), "EN"),
    (re.compile(r"^F?DEAS(?=\W)"), "EAS"),
    (re.compile(r"^(?:PROY|P)-(?=N[OM][MX]-)"), ""),
)
_AFTER_YEAR = re.compile(r"\W.*")
_LONGEST = 80


class StandardError(ValueError):
    """What is no number of a standard; the sentence is shown to the subscriber."""


def standard_form(text: str) -> str:
    """A number as it is compared and stored: "iec60335–1 : 2020" is "IEC 60335-1:2020".

    What has no body and number is only tidied.
    """
    found = _read(text)
    if found is None:
        return _tidy(text)
    body, numbers, edition = found
    return f"{body} {numbers[-1]}" + (f":{edition}" if edition else "")


@lru_cache(maxsize=8192)
def standard_steps(text: str) -> tuple[str, ...]:
    """A standard's own form and all that it belongs to: "IEC 60335", "IEC 60335-1", "IEC 60335-1:2020"."""
    found = _read(text)
    if found is None:
        return (_tidy(text),)
    body, numbers, edition = found
    names = [body, *_JOINT.get(body, ())]
    words = body.split(" ")
    for first in range(1, len(words)):
        taken_over = " ".join(words[first:])
        if len(words[first]) > 1:  # the last letter of "JIS C" names a series, not a body
            names += [taken_over, *_JOINT.get(taken_over, ())]
    steps: dict[str, None] = {}
    for name in names:
        for number in numbers:
            steps[f"{name} {number}"] = None
        if edition:
            steps[f"{name} {numbers[-1]}:{edition}"] = None
            if year := _AFTER_YEAR.sub("", edition):
                steps[f"{name} {numbers[-1]}:{year}"] = None
    return tuple(steps)


def parse_standard(text: str) -> str:
    """A number as it is stored. Raises `StandardError` for what names no standard."""
    if len(text) > _LONGEST or _read(text) is None:
        raise StandardError(
            said(
                "{text!r} is no number of a standard; write who publishes it and its number, as IEC "
                "60335-1 or GB 4706.1-2005",
                text=text[:_LONGEST],
            )
        )
    return standard_form(text)


def _read(text: str) -> tuple[str, list[str], str] | None:
    """The body, the number from its series to its last part, and the edition."""
    found = _SHAPE.fullmatch(_tidy(text)[: 2 * _LONGEST])
    if found is None:
        return None
    body = " ".join(found["body"].strip(" -.").split())
    if not body:
        return None
    whole = found["number"]
    ends = [mark.start() for mark in re.finditer(r"[.\-/]", whole)]
    return body, [whole[:end] for end in ends] + [whole], (found["edition"] or "").strip()


def _tidy(text: str) -> str:
    """Capitals, plain hyphens and colons, single blanks; a dashed year as an edition."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = " ".join(re.sub(r"[‐‑‒–—−]", "-", plain).split())
    for names, name in _ONE_NAME:
        plain = names.sub(name, plain)
    plain = _NUMBER_BEHIND.sub("-", plain)
    plain = _PART.sub(lambda found: "".join(f"-{part}" for part in found.groups() if part), plain)
    plain = re.sub(r"\s*:\s*", ":", plain)
    return plain if ":" in plain else _DASHED_YEAR.sub(r":\1", plain, count=1)
