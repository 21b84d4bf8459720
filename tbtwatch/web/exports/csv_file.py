"""A list as CSV, as Excel in China opens it: UTF-8 with its mark, every cell in quotation marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tbtwatch.web.exports.cells import Cell, as_text

MARK = "\ufeff"


def csv_file(head: Sequence[str], chunks: Iterable[Sequence[Sequence[Cell]]]) -> Iterator[bytes]:
    """The file, a chunk of rows at a time."""
    yield _lines([head], MARK)
    for rows in chunks:
        yield _lines(rows)


def _lines(rows: Iterable[Sequence[Cell]], before: str = "") -> bytes:
    text = io.StringIO()
    text.write(before)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue().encode("utf-8", "replace")


def _written(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return as_text(cell or "")
