"""Reading the XML of a workbook as a stream: its shared strings and the rows of its sheets, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol
from xml.parsers import expat

from watcher.said import said

_CHUNK: Final = 1 << 16
_LONGEST_CELL: Final = 200_000  # characters; Excel's limit is 32,767
_MOST_COLUMNS: Final = 16_384  # Excel's limit
_MOST_MERGED: Final = 100_000
_LONGEST_TAG: Final = 4_000_000  # bytes that expat may hold back while it waits for the end of one tag
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS: Final = re.compile(r"[A-Za-z]{1,3}")


class WorkbookError(Exception):
    """A workbook that cannot be read; the message goes on from "the workbook …"."""


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that holds a number, as written; days are numbers too."""

    text: str


Cell = str | Number
Row = tuple[int, Mapping[int, Cell]]  #: the row's number from 1, its filled cells by column from 1


class Strings(Protocol):
    """The shared strings by their numbers."""

    def __getitem__(self, index: int, /) -> str: ...


class _Reader:
    """Drives expat over a stream in bounded memory; subclasses take the elements by their local names."""

    def __init__(self) -> None:
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = _CHUNK
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._collect
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._names: dict[str, str] = {}
        self._pieces: list[str] = []  # the text of the cell or string being read
        self._length = 0
        self._in_text = False
        self._guides = 0  # inside of phonetic guides, which repeat the text in another script
        self._ready: list[Any] = []  # what has ended and was not yet given out

    def read(self, stream: IO[bytes]) -> Iterator[Any]:
        """What the elements come to, as they end."""
        fed = 0
        while chunk := stream.read(_CHUNK):
            self._parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
                raise WorkbookError(said("holds a tag without an end"))
            yield from self._taken()
        self._parser.Parse(b"", True)
        yield from self._taken()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def fresh_text(self) -> None:
        """What is collected from here on belongs to another cell or string."""
        self._pieces, self._length = [], 0

    def text(self) -> str:
        """What was collected; Excel writes control characters as "_x000D_"."""
        text = "".join(self._pieces)
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text

    def _taken(self) -> list[Any]:
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = local_name(name)
        if local in ("t", "v"):
            self._in_text = not self._guides
        elif local == "rPh":
            self._guides += 1
        else:
            self.begin(local, attributes)

    def _end(self, name: str) -> None:
        local = self._names[name]
        if local in ("t", "v"):
            self._in_text = False
        elif local == "rPh":
            self._guides -= 1
        else:
            self.end(local)

    def _collect(self, text: str) -> None:
        if self._in_text:
            self._length += len(text)
            if self._length > _LONGEST_CELL:
                raise WorkbookError(said("holds a cell of more than {most} characters", most=_LONGEST_CELL))
            self._pieces.append(text)

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise WorkbookError(said("holds a document type declaration, which no workbook has"))


class StringsReader(_Reader):
    """Shared strings; the runs of a formatted one are joined."""

    def strings(self, stream: IO[bytes]) -> Iterator[str]:
        """All of them, in order."""
        return self.read(stream)

    def begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self.fresh_text()

    def end(self, name: str) -> None:
        if name == "si":
            self._ready.append(self.text())


class SheetReader(_Reader):
    """Rows of a sheet. Rows and cells may carry their place ("B7") or leave it to their order."""

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings
        self._row = self._column = 0
        self._cells: dict[int, Cell] = {}
        self._type = "n"
        self.merged: list[str] = []  #: ranges of cells shown as one, known once all rows are read

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        """Those that hold anything, in order."""
        return self.read(stream)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = _LETTERS.match(attributes.get("r", ""))
            self._column = _column(place[0]) if place else self._column + 1
            if self._column > _MOST_COLUMNS:
                raise WorkbookError(said("has a row with more than {most} columns", most=_MOST_COLUMNS))
            self._type = attributes.get("t", "n")
            self.fresh_text()
        elif name == "mergeCell":
            if len(self.merged) < _MOST_MERGED:
                self.merged.append(attributes.get("ref", ""))
        elif name == "row":
            stated = attributes.get("r", "")
            self._row = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 9 else self._row + 1
            self._column, self._cells = 0, {}

    def end(self, name: str) -> None:
        if name == "c":
            value = self._value(self.text())
            if value is not None:
                self._cells[self._column] = value
        elif name == "row" and self._cells:
            self._ready.append((self._row, self._cells))

    def _value(self, text: str) -> Cell | None:
        bare = text.strip()
        if self._type == "s":
            return (self._strings[int(bare)] or None) if bare.isascii() and bare.isdigit() else None
        if self._type == "e" or not bare:
            return None
        return Number(bare) if self._type == "n" else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def local_name(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2].rpartition("}")[2]
