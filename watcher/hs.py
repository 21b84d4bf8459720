"""Harmonized System codes: digits only, two to ten of them, as prefixes of each other."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, TypeAlias

from watcher.said import said

#: Digits only: "22", "2202", "220299", or longer as a Member's own tariff has it.
HSCode: TypeAlias = str

#: How many headings chapters 01 to 97 have.
_HEADINGS = (
    "6 10 9 10 11 4 14 14 10 8 9 14 2 4 22 5 4 6 5 9 6 9 9 4 30 21 16 53 42 6 5 15 7 7 7 6 7 27 26 17 15 6 4 21 4 2 7 "
    "23 11 7 13 12 11 8 16 9 5 11 11 6 17 17 10 6 7 3 4 15 14 20 18 29 26 19 8 16 0 6 7 7 13 15 11 87 49 9 16 7 8 33 "
    "14 9 7 6 8 20 6"
)
#: The last heading of each chapter, from the Harmonized System 2022 (`config/reference/hs2022.csv`; a test holds them
#: together). No earlier edition went further. Chapter 77 is reserved; 98 and 99 are each Member's own.
LAST_HEADING: Final = {
    f"{chapter:02d}": int(last) for chapter, last in enumerate(_HEADINGS.split(), start=1) if last != "0"
}

#: Each Member fills these as it likes: a code in them means nothing elsewhere, and is kept as stated.
NATIONAL_CHAPTERS: Final = frozenset({"98", "99"})

_FULL_LENGTH = 10
_LONGEST_TARIFF = 12  # Gulf tariffs have twelve digits; what stands behind the tenth is of no use to us
_YEARS_LIKE_CHAPTERS: Final = frozenset({"1900", "2000"})


class CodeError(ValueError):
    """A text is not the code it should be; the message says what to write instead."""


def hs_code(digits: str) -> HSCode | None:
    """Digits as an HS code, None if they can't be one.

    A leading zero that a spreadsheet lost is put back where the digits are impossible without it ("901" is heading
    0901, "30617" is 0306.17). A chapter written out with zeros ("3300") is the chapter. Chapter 77, and headings
    that no edition has, are none; the national chapters 98 and 99 have whatever heading their Member gives them.
    """
    if not digits.isascii() or not digits.isdigit() or not 2 <= len(digits) <= _LONGEST_TARIFF:
        return None
    readings = [digits] if len(digits) % 2 == 0 else [digits, f"0{digits}"]
    if len(digits) == 3:
        readings = [f"0{digits}"]
    code = next((reading for reading in readings if _exists(reading)), None)
    if code is None or code in _YEARS_LIKE_CHAPTERS:
        return None
    return code[:2] if not code[2:].strip("0") else code[:_FULL_LENGTH]


def _exists(digits: str) -> bool:
    """Whether the chapter is one, and the heading may be; zeros for the heading stand for the whole chapter."""
    if digits[:2] in NATIONAL_CHAPTERS:
        return len(digits) % 2 == 0 and digits[2:4] != "99"  # 9999 stands for "no code" in many programs
    last = LAST_HEADING.get(digits[:2], 0)
    if not last or len(digits) == 2:
        return bool(last)
    if len(digits) == 3:
        return int(digits[2]) * 10 <= last
    heading = int(digits[2:4])
    return heading <= last if heading else not digits[4:].strip("0")


def hs_range(first: HSCode, last: HSCode) -> tuple[HSCode, ...] | None:
    """The codes from `first` to `last`, both included; None if that is no range.

    Chapters give chapters. Ends in two headings give headings ("50010010-50079090": 5001 to 5007); across chapters,
    one that is covered whole stands as the chapter. Ends in one heading give the fewest prefixes that cover just
    them ("3808.52-3808.69": 380852 to 380859, and 38086).
    """
    if first > last or (len(first) == 2) != (len(last) == 2):
        return None
    if len(first) == 2:
        return tuple(chapter for chapter in LAST_HEADING if first <= chapter <= last)
    if first[:4] != last[:4]:
        return _headings(first[:4], last[:4])
    length = min(len(first), len(last))
    level = next((level for level in range(5, length + 1) if first[:level] != last[:level]), None)
    if level is None:
        return (first,) if first == last else None
    level += level % 2  # subheadings are pairs of digits
    return tuple(_cover(first[:level].ljust(level, "0"), last[:level].ljust(level, "9")))


def _headings(first: str, last: str) -> tuple[HSCode, ...]:
    found: list[str] = []
    for chapter, end in LAST_HEADING.items():
        if not first[:2] <= chapter <= last[:2]:
            continue
        low = int(first[2:]) if chapter == first[:2] else 1
        high = min(int(last[2:]), end) if chapter == last[:2] else end
        if first[:2] != last[:2] and low <= 1 and high == end:
            found.append(chapter)
        else:
            found.extend(f"{chapter}{heading:02d}" for heading in range(low, high + 1))
    return tuple(found)


def _cover(first: str, last: str) -> list[str]:
    """The fewest prefixes that together are all codes from first to last, of one length."""
    low, high, length = int(first), int(last), len(first)
    found = []
    while low <= high:
        step = 1
        while low % (step * 10) == 0 and low + step * 10 - 1 <= high:
            step *= 10
        found.append(f"{low // step:0{length - len(str(step)) + 1}d}")
        low += step
    return found


_WRITTEN_AROUND: Final = re.compile(
    r"^(?:ex\b\.?|h\.?s\.?n?|codes?|chapter|heading|subheading|编码|代码|第|[\s:.#])+|[\s.章号]+$", re.IGNORECASE
)
_MARKS_BETWEEN: Final = re.compile(r"[\s.\-·]")


def parse_hs(text: str) -> HSCode:
    """An HS code or prefix as a person typed it ("8703", "87.03", "HS 8703.23"). Raises `CodeError`."""
    shown = text.strip()[:40]
    stated = _WRITTEN_AROUND.sub("", unicodedata.normalize("NFKC", text).strip())
    if re.fullmatch(r"[0-9]{2}\.[0-9]{3}(?:\.[0-9]{2})?", stated):
        raise CodeError(said("{shown!r} looks like an ICS code, not an HS code: give it as one", shown=shown))
    digits = _MARKS_BETWEEN.sub("", stated)
    if not digits.isascii() or not digits.isdigit():
        raise CodeError(
            said("{shown!r} is not an HS code: write 2 to 10 digits, such as 22, 2202 or 220299", shown=shown)
        )
    if len(digits) == 3 or not 2 <= len(digits) <= _FULL_LENGTH:
        count = said("{n} digits", n=len(digits)) if len(digits) > 1 else said("{n} digit", n=len(digits))
        raise CodeError(
            said(
                "{shown!r} has {count}: an HS code has 2, 4 or 6, and up to 10 in a national tariff",
                shown=shown,
                count=count,
            )
        )
    chapter, heading = digits[:2], int(digits[2:4] or 0)
    if chapter in NATIONAL_CHAPTERS:
        if len(digits) > 2 and (code := hs_code(digits)) and len(code) > 2:
            return code
        if digits.startswith("9999"):
            raise CodeError(
                said(
                    "{shown!r} is written where there is no code, and no product has it: leave it out, and "
                    "name the product by its code, such as 2202, by a product area or by a word",
                    shown=shown,
                )
            )
        raise CodeError(
            said(
                "{shown!r} is in chapter {chapter}, which each country fills as it likes: name the product "
                "itself, or a country's own code in full, such as {chapter}01",
                shown=shown,
                chapter=chapter,
            )
        )
    if chapter not in LAST_HEADING:
        raise CodeError(
            said(
                "{shown!r} is in chapter {chapter}, which the Harmonized System does not have: it has 01 "
                "to 97, without 77, and 98 and 99 for each country's own",
                shown=shown,
                chapter=chapter,
            )
        )
    if heading > LAST_HEADING[chapter]:
        raise CodeError(
            said(
                "{shown!r} is no heading: chapter {chapter} ends with {chapter}.{last:02d}",
                shown=shown,
                chapter=chapter,
                last=LAST_HEADING[chapter],
            )
        )
    if len(digits) > 2 and not heading:
        if digits[2:].strip("0"):
            raise CodeError(
                said(
                    "{shown!r} is no heading: chapter {chapter} begins with {chapter}.01", shown=shown, chapter=chapter
                )
            )
        return chapter
    return digits
