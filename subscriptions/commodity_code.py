"""Commodity codes as they stand in the cells of product lists: Chinese ones of 8, 10 or 13 digits, or HS codes.

A spreadsheet does harm to codes: it takes them for numbers, so that leading zeros are lost ("0901.11" becomes 901.11),
closing ones ("2202.90" becomes 2202.9), and the end of long ones ("8.5076E+09").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from watcher.codes import parse_hs
from watcher.hs import LAST_HEADING, NATIONAL_CHAPTERS, CodeError, hs_range
from watcher.said import said

COMMON_DIGITS: Final = 6
KEPT_DIGITS: Final = 10  #: what stands behind them is the customs' own (CIQ)
_MOST_OF_A_RANGE: Final = 60
_SURE_DIGITS: Final = 5  # of a number cut short; a sixth that is not shown is a zero
_SEPARATORS: Final = re.compile(
    r"[;,、/|\n\r]+|(?<=\d)\s{2,}(?=\d)|\s+(?:and|or|et|y|和|及|或)\s+|(?<=\d)[和及或](?=\d)"
)
_LABEL: Final = re.compile(
    r"^(?:h\.?s\.?(?:\s*code)?|hts|ex|税号|税则号列|商品编码|海关编码|编码|代码)[\s.:#]*", re.IGNORECASE
)
_WHOLE_NUMBER: Final = re.compile(r"(\d{6,13})\.0+")
_DASHED: Final = re.compile(r"\d{4}-\d{2}(?:-\d{2,4})?")
_RANGE: Final = re.compile(r"(\d[\d. ]*\d)\s*(?:-|~|至|到|to)\s*(\d[\d. ]*\d)")
_LENGTHS: Final = (4, 6, 8, 10, 12, 13)


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code, digits only, and what had to be mended to read it."""

    code: str
    remark: str = ""


def codes_in(cell: str) -> Iterator[ReadCode]:
    """Every code in a cell, in order. Raises `CodeError`, a sentence that says what to write instead."""
    plain = unicodedata.normalize("NFKC", cell)
    plain = re.sub(r"[‐‑‒–—−]", "-", plain)
    for part in _SEPARATORS.split(plain):
        if stated := _LABEL.sub("", part.strip()).strip(" .'\"()"):
            yield from _several(stated)


def _several(stated: str) -> Iterator[ReadCode]:
    if _DASHED.fullmatch(stated):
        yield _one(stated.replace("-", ""), stated)
    elif found := _RANGE.fullmatch(stated):
        yield from _range(stated, _one(found[1], found[1]).code, _one(found[2], found[2]).code)
    elif " " in stated and len(re.sub(r"\D", "", stated)) > _LENGTHS[-1]:
        for one in stated.split():  # several codes with a blank between them
            yield _one(one, one)
    else:
        yield _one(stated, stated)


def _range(stated: str, first: str, last: str) -> Iterator[ReadCode]:
    codes = hs_range(first[:KEPT_DIGITS], last[:KEPT_DIGITS]) or ()
    if not codes or len(codes) > _MOST_OF_A_RANGE or any(len(code) < 4 for code in codes):
        raise CodeError(
            said("{stated!r} is a range that holds too much or nothing: write the codes one by one", stated=stated[:40])
        )
    read = f"{', '.join(codes[:4])}{' …' if len(codes) > 4 else ''}"
    remark = said("{stated} was read as {read}", stated=stated[:40], read=read)
    yield from (ReadCode(code, remark) for code in codes)


def _one(stated: str, shown: str) -> ReadCode:
    shown = shown[:40]
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d{1,2}", stated):
        return _scientific(stated, shown)
    if whole := _WHOLE_NUMBER.fullmatch(stated):
        stated = whole[1]
    stated, remark = _mended(stated, shown)
    digits = re.sub(r"[\s.·]", "", stated)
    if not (digits.isascii() and digits.isdigit()):
        raise CodeError(
            said(
                "{shown!r} is no commodity code: write its 8, 10 or 13 digits, or the 4 or 6 of the HS, as 22029900",
                shown=shown,
            )
        )
    if len(digits) in (1, 2, 3) or (len(digits) == 4 and digits.endswith("00")):
        raise CodeError(
            said(
                "{shown!r} is too short for one product: write at least the four digits of its heading, as 2202",
                shown=shown,
            )
        )
    if len(digits) in (5, 7, 9) or (len(digits) == 12 and not _is_there(digits)):
        digits = f"0{digits}"
        remark = said("{shown!r} was read as {read}: spreadsheets lose the leading zero", shown=shown, read=digits)
    if len(digits) not in _LENGTHS:
        raise CodeError(
            said(
                "{shown!r} has {n} digits: a commodity code has 8, 10 or 13, an HS code 4 or 6; part "
                "several codes with a semicolon",
                shown=shown,
                n=len(digits),
            )
        )
    return ReadCode(parse_hs(digits[:KEPT_DIGITS]), remark)


def _mended(stated: str, shown: str) -> tuple[str, str]:
    """What a spreadsheet has taken from a dotted code is put back."""
    groups = stated.split(".")
    if not (len(groups) > 1 and all(group.isdigit() for group in groups)):
        return stated, ""
    before = ".".join(groups)
    if len(groups[0]) == 3:
        groups[0] = f"0{groups[0]}"
    if len(groups) == 2 and len(groups[0]) == 4 and len(groups[1]) in (1, 3):
        groups[1] += "0"
    after = ".".join(groups)
    if after == before:
        return after, ""
    return after, said("{shown!r} was read as {read}: spreadsheets lose zeros of numbers", shown=shown, read=after)


def _scientific(stated: str, shown: str) -> ReadCode:
    try:
        number = Decimal(stated)
    except InvalidOperation:
        number = Decimal(0)
    digits = f"{number.to_integral_value():f}"
    kept = len(re.sub(r"\D", "", stated.lower().partition("e")[0]))
    if kept < _SURE_DIGITS or len(digits) not in (7, 8, 9, 10, 13):
        raise CodeError(
            said(
                "{shown!r} is a number that a spreadsheet has cut short: format the column as text, write it anew",
                shown=shown,
            )
        )
    digits = digits if len(digits) in (8, 10, 13) else f"0{digits}"
    code = parse_hs(digits[:COMMON_DIGITS])
    return ReadCode(
        code,
        said(
            "{shown!r} was read as {code}: a spreadsheet has cut the code short; format the column as text",
            shown=shown,
            code=code,
        ),
    )


def _is_there(digits: str) -> bool:
    chapter, heading = digits[:2], int(digits[2:4])
    return chapter in NATIONAL_CHAPTERS or 0 < heading <= LAST_HEADING.get(chapter, 0)
