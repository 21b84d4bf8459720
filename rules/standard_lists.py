"""Standards that a text names by the first of a list or a range: "GB 6675.1~6675.4-2014", "IEC 60335-1, -2-9".

What follows a number goes on with it if it repeats the number, or begins with the mark of a part. A range of parts
means every part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_DASHES: Final = "\\-\u2010-\u2015\u2212"
_TO: Final = r"(?:~|～|〜|至|到|to|through|à|au|a|al|hasta)"
_AND: Final = r"(?:,|、|，|;|/|and|or|及|和|与|或|以及|et|ou|y|o|e)"
_NEXT: Final = re.compile(
    rf"\s?(?:(?P<to>{_TO}|[{_DASHES}])\s?(?:[A-Z][A-Za-z/]{{1,8}}[ \u00a0]?(?=[0-9]))?|(?P<and>{_AND})\s?)"
    rf"(?:(?P<number>[0-9]{{2,6}})(?P<parts>(?:[.{_DASHES}](?!(?:19|20)[0-9]{{2}}(?![0-9]))[0-9]{{1,3}}(?![0-9]))+)"
    rf"|(?P<bare>[{_DASHES}.][0-9]{{1,3}}(?:[.{_DASHES}][0-9]{{1,3}}(?![0-9]))*))"
    rf"(?:\s?[:：{_DASHES}]\s?(?P<year>(?:19|20)[0-9]{{2}}))?(?![0-9A-Za-z])"
)
_ENDS_IN_NUMBER: Final = re.compile(r"^(.*?)([0-9]+)$")
_MOST = 40  # parts of one range


class Further(NamedTuple):
    """A standard that goes on with the one before it."""

    start: int
    end: int
    parts: str  #: ".4", "-2-9": as it is written behind the number
    year: str


def further(text: str, end: int, number: str, parts: str, year: str = "") -> Iterator[Further]:
    """What goes on with a standard whose number ends at `end`. `parts`: ".1", with its marks."""
    last = re.sub(f"[{_DASHES}]", "-", parts)
    if not last:
        return
    while found := _NEXT.match(text, end):
        if found["number"] and found["number"] != number:
            return
        own = re.sub(f"[{_DASHES}]", "-", found["parts"] or found["bare"])
        if found["to"] and found["to"] in "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212" and not found["number"]:
            return
        stated = found["year"] or ""
        between = _between(last, own) if found["to"] else ()
        if found["to"] and between is None:
            return
        for each in (*(between or ()), own):
            yield Further(found.start(), found.end(), each, stated or year)
        last, end = own, found.end()


def year_behind(text: str, end: int, number: str, parts: str) -> str:
    """The year that the end of a range states for all of it: "GB 6675.1~6675.4-2014"; "" where none is a range."""
    found = _NEXT.match(text, end)
    if not found or not found["to"] or not parts or found["number"] not in (None, number):
        return ""
    return found["year"] or ""


def _between(first: str, last: str) -> tuple[str, ...] | None:
    """The parts between two, both left out; None if they are no range."""
    one, other = _ENDS_IN_NUMBER.match(first), _ENDS_IN_NUMBER.match(last)
    if one is None or other is None or one[1] != other[1]:
        return None
    low, high = int(one[2]), int(other[2])
    if not low < high <= low + _MOST:
        return None
    return tuple(f"{one[1]}{number}" for number in range(low + 1, high))
