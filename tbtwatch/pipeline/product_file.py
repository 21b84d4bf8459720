"""A file that an exporter keeps a product list in, as rows of text: CSV in whatever encoding, or an .xlsx workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Final

from subscriptions.product_list import MOST_PRODUCTS, ProductListError, is_header
from watcher.said import said, sentence_of
from watcher.sources.csv_rows import decoded, delimiter_of, rows_of, without_separator_line
from watcher.sources.workbook_rows import Cell, Limits, Workbook, WorkbookError

LARGEST_FILE: Final = 50_000_000  # bytes
_MOST_ROWS: Final = 2 * MOST_PRODUCTS + 1_000  # with what stands above and between
_MOST_COLUMNS: Final = 300
_LOOKED_AT: Final = 40  # rows in which a header is looked for
_UNPACKED: Final = Limits(decoded=400_000_000, rows=1_048_576)
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_MERGED: Final = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
#: Tried where bytes are no UTF-8, the first that shows a header counts; "": what the signs speak for.
#: All of a text in pairs of GB 2312 is Chinese: accents of Western languages stand alone.
_ENCODINGS: Final = ("gb2312", "", "gb18030", "big5", "cp1252")
_FOREIGN: Final = (
    (b"%PDF", said("a PDF")),
    (b"\x89PNG", said("a picture")),
    (b"\xff\xd8\xff", said("a picture")),
    (b"Rar!", said("a RAR archive")),
    (b"7z\xbc\xaf", said("a 7z archive")),
    (b"{\\rtf", said("an RTF document")),
)
_SAVE_AS: Final = said("save the list as .xlsx or .csv and import that")

Table = list[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """The rows of a file, each with its number as the spreadsheet counts."""

    rows: Table
    sheet: str = ""  #: which one was read; "" for CSV
    other_sheets: tuple[str, ...] = ()  #: visible ones that were not


def read_product_file(path: Path, *, sheet: str = "") -> ReadFile:
    """The table in a file. Raises ProductListError, one sentence, for what is none."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ProductListError(said("{path} is a folder; give the file of the product list", path=path))
        if size > LARGEST_FILE:
            raise ProductListError(
                said(
                    "{name} has {size} MB; a product list has at most {most}: leave pictures and other sheets out",
                    name=path.name,
                    size=size // 1_000_000,
                    most=LARGEST_FILE // 1_000_000,
                )
            )
        with path.open("rb") as file:
            start = file.read(2048)
    except OSError as error:
        raise ProductListError(said("{path} cannot be read: {reason}", path=path, reason=error.strerror)) from error
    if what := _foreign(start):
        raise ProductListError(said("{name} is {what}; {save_as}", name=path.name, what=what, save_as=_SAVE_AS))
    if start.startswith(b"PK"):
        return _workbook(path, sheet)
    if sheet:
        raise ProductListError(said("{name} is no workbook and has no sheets; leave --sheet out", name=path.name))
    return ReadFile(rows=_csv(path))


def _foreign(start: bytes) -> str:
    """What a file is that holds no table; "" if it may."""
    if not start.strip():
        return said("empty")
    if start.startswith(_OLD_EXCEL):
        return said("an old Excel file (.xls) or protected by a password")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return said("a web page or XML")
    return next((what for sign, what in _FOREIGN if start.startswith(sign)), "")


# --- CSV


def _csv(path: Path) -> Table:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ProductListError(said("{path} cannot be read: {reason}", path=path, reason=error.strerror)) from error
    found = max((_rows_of(text) for text in _readings(body)), key=_recognised, default=[])
    if _recognised(found) == 0 and b"\0" in body[:4000]:
        raise ProductListError(said("{name} is no text; {save_as}", name=path.name, save_as=_SAVE_AS))
    return found


def _readings(body: bytes) -> Iterator[str]:
    """The text in each encoding it may be in, the likeliest first."""
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            yield body.decode("utf-8-sig")
            return
        except UnicodeDecodeError:
            pass
    for encoding in _ENCODINGS:
        try:
            yield body.decode(encoding) if encoding else decoded(body, {}, language="zh", encoding=None)
        except UnicodeDecodeError:
            continue


def _rows_of(text: str) -> Table:
    """The rows, parted by what gives a header the most columns that are known."""
    text = text.replace("\0", "")
    ways = dict.fromkeys((delimiter_of(text, wanted=(), width=None), ",", ";", "\t", "|"))
    text = without_separator_line(text)
    sample = text[:200_000]
    best = max(ways, key=lambda one: _recognised(list(islice(_parted(sample, one), _LOOKED_AT))))
    found: Table = []
    for row in rows_of(text, delimiter=best):
        if row.problem:
            raise ProductListError(
                said("row {number} {problem}; mend it in the file", number=row.number, problem=row.problem)
            )
        if len(found) >= _MOST_ROWS:
            raise _too_long()
        found.append((row.number, row.cells[:_MOST_COLUMNS]))
    return found


def _parted(sample: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    return ((row.number, row.cells[:_MOST_COLUMNS]) for row in rows_of(sample, delimiter=delimiter) if not row.problem)


def _recognised(rows: Table) -> int:
    return max((is_header(cells) for _, cells in rows[:_LOOKED_AT]), default=0)


def _too_long() -> ProductListError:
    return ProductListError(
        said(
            "the list has more than {rows:,} rows; a list holds at most {products:,} products",
            rows=_MOST_ROWS,
            products=MOST_PRODUCTS,
        )
    )


# --- workbooks


def _workbook(path: Path, wanted: str) -> ReadFile:
    try:
        book = Workbook(path, _UNPACKED)
        visible = [name for name in book.sheets if name not in book.hidden]
        chosen = _sheet(book, visible, wanted, path.name)
        merged = book.merged(chosen)
        rows = _filled(_cells(book, chosen), merged)
    except WorkbookError as error:
        wrong = sentence_of(error)
        raise ProductListError(
            said("{name} {wrong}; {save_as}", name=path.name, wrong=wrong, save_as=_SAVE_AS)
        ) from error
    return ReadFile(rows=rows, sheet=chosen, other_sheets=tuple(name for name in visible if name != chosen))


def _sheet(book: Workbook, visible: Sequence[str], wanted: str, file: str) -> str:
    """The sheet that was asked for; else of the visible ones the one whose header is known best."""
    if wanted:
        if wanted in book.sheets:
            return wanted
        raise ProductListError(
            said(
                "{file} has no sheet {wanted!r}; it has {several}",
                file=file,
                wanted=wanted,
                several=", ".join(map(repr, book.sheets)),
            )
        )
    if not visible:
        raise ProductListError(
            said("{file} has hidden sheets only; show the one with the list, or name it with --sheet", file=file)
        )
    known = {name: _recognised(list(islice(_cells_of(book, name), _LOOKED_AT))) for name in visible[:50]}
    return max(known, key=lambda name: known[name])


def _cells(book: Workbook, sheet: str) -> Table:
    found: Table = []
    for row in _cells_of(book, sheet):
        if len(found) >= _MOST_ROWS:
            raise _too_long()
        found.append(row)
    return found


def _cells_of(book: Workbook, sheet: str) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in book.rows(sheet):
        width = min(max(cells), _MOST_COLUMNS)
        yield number, _row(cells, width)


def _row(cells: Mapping[int, Cell], width: int) -> list[str]:
    return [_text(cells.get(column, "")) for column in range(1, width + 1)]


def _text(cell: Cell) -> str:
    """A cell as it was typed: codes that became numbers are whole numbers again, "22029900.0" and "1.107E3"."""
    if isinstance(cell, str):
        return cell
    try:
        number = Decimal(cell.text)
    except InvalidOperation:
        return cell.text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return cell.text
    whole = number.to_integral_value()
    if number == whole:
        return f"{whole:f}"
    # 901.11 is stored as 901.11_000_000000001 by some programs.
    return f"{number.quantize(Decimal('0.000001')).normalize():f}"


def _filled(rows: Table, merged: Sequence[str]) -> Table:
    """What stands in the first of merged cells holds for all of them."""
    by_number = {number: list(cells) for number, cells in rows}
    left_to_do = 10 * _MOST_ROWS
    for area in merged:
        found = _MERGED.fullmatch(area)
        if found is None or left_to_do <= 0:
            continue
        left, right = _column(found[1]), _column(found[3])
        top, bottom = int(found[2]), int(found[4])
        if bottom == top or right > _MOST_COLUMNS or top not in by_number:
            continue  # merged in one row alone: a title above the header
        first = by_number[top][left - 1] if len(by_number[top]) >= left else ""
        left_to_do -= bottom - top
        for number in range(top + 1, min(bottom, top + _MOST_ROWS) + 1):
            cells = by_number.get(number)
            if cells is not None and first:
                cells += [""] * (left - len(cells))
                cells[left - 1] = cells[left - 1] or first
    return [(number, by_number[number]) for number, _ in rows]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
