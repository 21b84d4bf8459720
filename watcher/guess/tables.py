"""Tables: the sign between the columns, and which column means what."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import Any, Final

from watcher.guess.fields import WORDS, best
from watcher.guess.other_forms import LOOK
from watcher.source import SourceError
from watcher.text import one_line

_DELIMITERS: Final = ",;\t|"
_DAY: Final = re.compile(r"\d{8}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.]+)?Z?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_LONGEST_ID: Final = 30  # characters
_SHORTEST_TEXT: Final = 15
_LOOKED_AT: Final = 20_000  # characters


def table_entry(text: str, common: Mapping[str, Any]) -> tuple[str, str, dict[str, Any], tuple[str, ...]]:
    """Kind, title, entry and warnings for a table of separated values. Raises SourceError."""
    head = text[:_LOOKED_AT]
    rows: list[list[str]] = []
    delimiter = ""
    for sign in _DELIMITERS:
        try:
            read = list(csv.reader(head.splitlines(keepends=True), delimiter=sign))
        except csv.Error:
            continue
        if read and len(read[0]) > 1 and len(read) > 1 and len(read[0]) > len(rows[0] if rows else []):
            rows, delimiter = read, sign
    if not rows:
        raise SourceError(
            f"is neither a feed nor JSON, a table or a page; it begins with {one_line(text[:200], 100)!r}: {LOOK}"
        )
    header = [name.strip() for name in rows[0]]
    fields: dict[str, str] = {}
    for field in WORDS:
        name = best(field, [column for column in header if column], taken=fields.values())
        if name:
            fields[field] = name
    # Few tables call a column "title" or "id": what is listed, and its number, will do.
    for wanted, instead in (("title", "summary"), ("title", "products"), ("id", "number")):
        if wanted not in fields and instead in fields:
            fields[wanted] = fields.pop(instead)
    entry = {**common, "kind": "csv_list", "delimiter": delimiter}
    if {"id", "link", "title"} & fields.keys():
        return "csv_list", "", {**entry, "fields": fields}, ()
    columns = [f"column {number}" for number in range(1, len(header) + 1)]
    fields = _by_content([row for row in rows if len(row) == len(header)][:50], columns)
    if "title" not in fields:
        raise SourceError(
            f"is a table of which no column looks like an id, a link or a title ({', '.join(header[:8])}): write an "
            "entry of kind csv_list that names them under 'fields'"
        )
    warning = "no row names the columns, so they were told apart by what stands in them: look at the notices"
    return "csv_list", "", {**entry, "columns": columns, "fields": fields}, (warning,)


def _by_content(rows: list[list[str]], columns: list[str]) -> dict[str, str]:
    """Which column is what, where nothing says so: addresses, days, the longest text, what never repeats."""
    fields: dict[str, str] = {}
    lengths: dict[str, float] = {}
    for number, column in enumerate(columns):
        values = [row[number].strip() for row in rows if row[number].strip()]
        if not values:
            continue
        if all(value.startswith(("http://", "https://")) for value in values):
            fields.setdefault("link", column)
        elif all(_DAY.fullmatch(value) for value in values):
            fields.setdefault("published", column)
        elif len(set(values)) == len(rows) and max(map(len, values)) <= _LONGEST_ID:
            fields.setdefault("id", column)
        elif (mean := sum(map(len, values)) / len(values)) >= _SHORTEST_TEXT:
            lengths[column] = mean
    by_length = sorted(lengths, key=lambda column: -lengths[column])
    if by_length:
        fields["title"] = by_length[-1]
        if len(by_length) > 1:
            fields["summary"] = by_length[0]
    return fields
