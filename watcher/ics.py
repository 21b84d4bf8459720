"""Codes of the International Classification for Standards: "67", "67.080", "67.080.10"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from watcher.hs import CodeError
from watcher.said import said

_FIELDS = (
    "01 03 07 11 13 17 19 21 23 25 27 29 31 33 35 37 39 43 45 47 49 53 55 59 61 65 67 71 73 75 77 79 81 83 85 87 91 93 "
    "95 97"
)
#: The fields of edition 7 (`config/reference/ics-ed7.csv`; a test holds them together).
ICS_FIELDS: Final = frozenset(_FIELDS.split())

_SHAPE: Final = re.compile(r"([0-9]{2})(?:[.,·\s-]{1,3}([0-9]{1,3})(?:[.,·\s-]{1,3}([0-9]{1,2}))?)?[.,·]?")
_SHAPE_WITHOUT_DOTS: Final = re.compile(r"([0-9]{2})([0-9]{3})([0-9]{2})?")


def ics_code(text: str) -> str | None:
    """Digits and dots as an ICS code, None if they can't be one.

    Zeros that a spreadsheet cut off come back ("67.1" is group 67.100); a group or sub-group of zeros is the level
    above it ("67.000" is field 67).
    """
    shape = _SHAPE_WITHOUT_DOTS.fullmatch(text) or _SHAPE.fullmatch(text)
    if shape is None or shape[1] not in ICS_FIELDS:
        return None
    field, group, sub_group = shape[1], (shape[2] or "").ljust(3, "0"), shape[3]
    if sub_group and len(shape[2]) < 3:
        return None  # a spreadsheet cuts zeros off a number, and two dots make no number
    if group == "000":
        return field
    if group[2] not in "05":
        return None  # all groups of the classification end so
    if sub_group is None or len(sub_group) == 1 or sub_group == "00":
        return f"{field}.{group}"  # of a cut sub-group only the group is certain
    return f"{field}.{group}.{sub_group}"


_WRITTEN_AROUND: Final = re.compile(r"^(?:ics|codes?|分类号|编码|代码|[\s:.#])+|\s+$", re.IGNORECASE)


def parse_ics(text: str) -> str:
    """An ICS code or prefix as a person typed it ("67", "67.080", "ICS 67.080.10"). Raises `CodeError`."""
    shown = text.strip()[:40]
    stated = _WRITTEN_AROUND.sub("", unicodedata.normalize("NFKC", text).strip())
    shape = _SHAPE_WITHOUT_DOTS.fullmatch(stated) or _SHAPE.fullmatch(stated)
    if shape is None:
        raise CodeError(
            said("{shown!r} is not an ICS code: write a field 67, a group 67.080 or a sub-group 67.080.10", shown=shown)
        )
    if shape[1] not in ICS_FIELDS:
        raise CodeError(
            said(
                "{shown!r} is in field {field}, which ICS does not have: its fields run from 01 to 97, with gaps",
                shown=shown,
                field=shape[1],
            )
        )
    code = ics_code(stated)
    if code is None or (shape[2] and len(shape[2]) < 3) or (shape[3] and len(shape[3]) < 2):
        raise CodeError(
            said(
                "{shown!r} is not an ICS code: a group has three digits that end in 0 or 5, a sub-group two more",
                shown=shown,
            )
        )
    return code
