"""The rows of a table of separated values, whatever separates them, whatever it is packed and written in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from watcher.source import SourceError
from watcher.sources.feed_encoding import text_of
from watcher.text import one_line, plain

_DELIMITERS: Final = (",", ";", "\t", "|")
_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")
_SEPARATOR_LINE: Final = re.compile(r"sep=([^\w\"\r\n ])\r?\n", re.IGNORECASE)  # what Excel writes for itself
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
_SINGLE_BYTES: Final = re.compile(rb"[A-Za-z0-9 ,;\-]{16}")  # UTF-16 has a zero or a high byte among so many
_SAMPLE: Final = 30  # rows by which a delimiter is judged
_HEADER_WITHIN: Final = 20  # rows in which the header is looked for
_LONGEST_FIELD: Final = 5_000_000  # characters; a quotation mark that is never closed makes longer ones
#: A last line of characters that are taken out of the text: a field that holds it was never closed.
_END: Final = "\x02\x03"
_LINE_ENDS: Final = ("\n", "\r")

csv.field_size_limit(_LONGEST_FIELD)

MOST_COLUMNS: Final = 2_000  # a table with more is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row below the header."""

    number: int  #: of the file's rows, from 1
    cells: tuple[str, ...]
    problem: str = ""  #: why it cannot be read, as the end of a sentence


def unpacked(body: bytes, most: int) -> bytes:
    """The table itself: of a zip file the only table in it. Raises SourceError. `most`: bytes."""
    if not body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = [one.filename for one in packed.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
            tables = [name for name in names if name.lower().endswith(_SUFFIXES)]
            if len(tables) != 1:
                held = ", ".join(repr(one_line(name, 60)) for name in names[:8]) or "nothing"
                raise SourceError(f"is a zip file with {len(tables)} tables instead of one; it holds {held}")
            with packed.open(tables[0]) as table:
                content = table.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise SourceError(f"is a zip file that cannot be opened ({one_line(str(error), 120)})") from None
    if len(content) > most:
        raise SourceError(f"unpacks to more than the {most // 1_000_000} megabytes of 'max_megabytes'")
    return content


def decoded(body: bytes, headers: Mapping[str, str], *, language: str, encoding: str | None) -> str:
    """The table as text. A stated encoding is believed; else bytes are looked at like those of a feed."""
    if not encoding and _SINGLE_BYTES.search(body[:4000]):
        body = body.replace(b"\0", b"")  # zeros of a broken program, which make it look like UTF-16
    text = body.decode(encoding, "replace") if encoding else text_of(body, headers, language)
    return _UNWANTED.sub("", text)


def rows_of(text: str, *, delimiter: str, quoted: bool = True) -> Iterator[Row]:
    """Every row with something in it. A field that is opened and never closed is a problem of its row."""
    lines = io.StringIO(f"{text}{'' if text.endswith(_LINE_ENDS) else chr(10)}{_END}\n", newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = f"cannot be read ({one_line(str(error), 100)}): a quotation mark is never closed perhaps"
            yield Row(number=number, cells=(), problem=problem)
            return
        if cells is None:
            return
        if cells and cells[-1].rstrip("\r\n").endswith(_END):
            if cells != [_END]:
                problem = f"opens a quotation mark that is never closed: {one_line(cells[-1].rstrip(_END), 60)!r}"
                yield Row(number=number, cells=tuple(cells), problem=problem)
            return
        if any(cell.strip() for cell in cells):
            yield Row(number=number, cells=tuple(cells))


def delimiter_of(text: str, *, wanted: Sequence[str], width: int | None, quoted: bool = True) -> str:
    """What separates the values: what gives the wanted columns, else rows of the stated width, else most columns."""
    if stated := _SEPARATOR_LINE.match(text[:20]):
        return stated[1]
    sample = text[:200_000]

    def fitness(delimiter: str) -> tuple[int, int, int]:
        rows = [row.cells for row in islice(rows_of(sample, delimiter=delimiter, quoted=quoted), _SAMPLE)]
        found = max((_count(wanted, cells) for cells in rows), default=0)
        right = sum(len(cells) == width for cells in rows)
        widths = [len(cells) for cells in rows]
        return found, right, min(widths, default=0) if min(widths, default=0) > 1 else 0

    return max(_DELIMITERS, key=fitness)


def without_separator_line(text: str) -> str:
    """The text without the line that tells Excel what separates the values."""
    return _SEPARATOR_LINE.sub("", text, count=1) if _SEPARATOR_LINE.match(text[:20]) else text


def header_in(rows: Sequence[Row], wanted: Sequence[str]) -> int:
    """Which of the first rows is the header: the first with every wanted column, else the one with most of them."""
    if not rows:
        return 0
    counts = [_count(wanted, row.cells) for row in rows[:_HEADER_WITHIN]]
    return counts.index(max(counts))


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its name in any case; the second of a name is "name#2"."""
    found: dict[str, int] = {}
    times: Counter[str] = Counter()
    for place, name in enumerate(_names(header[:MOST_COLUMNS])):
        times[name] += 1
        found.setdefault(name if times[name] == 1 else f"{name}#{times[name]}", place)
    return found


def column_name(written: str) -> str:
    """A column's name as it is compared: without markup, blanks tidy, in small letters."""
    return _name(written)


def _count(wanted: Sequence[str], cells: Sequence[str]) -> int:
    columns = columns_of(cells)
    return sum(_name(name) in columns for name in wanted)


def _names(cells: Sequence[str]) -> list[str]:
    return [_name(cell) for cell in cells]


def _name(cell: str) -> str:
    return one_line(plain(cell[:500]), 200).casefold()
