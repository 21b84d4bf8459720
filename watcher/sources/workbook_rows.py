"""The rows of an .xlsx workbook of any size in little memory, from a file that nobody vouches for.

A workbook is a zip of XML parts. Libraries keep its shared strings (most of the text) and a node for each row in
memory: 45 MB of workbook become several hundred. Here the sheet streams through expat, and the shared strings lie in a
temporary file from which single ones are fetched. Styles are not read: which column holds days is known by its name.

Refused: parts that unpack to more than `Limits` allow, document types (and with them entities), cells and rows beyond
what Excel itself can hold, unfinished tags without end.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import struct
import tempfile
import weakref
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from watcher.said import said
from watcher.sources.workbook_xml import Cell, Number, Row, SheetReader, StringsReader, WorkbookError, local_name

__all__ = ["Cell", "Limits", "Number", "Row", "SharedStrings", "Workbook", "WorkbookError"]

_LARGEST_DIRECTORY: Final = 1_000_000  # bytes of the zip's list of parts; a real one has some hundred
_LARGEST_SMALL_PART: Final = 5_000_000  # bytes of the parts that say where the sheets are
_KEPT_STRINGS: Final = 5_000
_SHEET_LAST_ROW: Final = re.compile(r":\$?[A-Za-z]{1,3}\$?(\d{1,7})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a workbook may be once unpacked."""

    decoded: int = 2_000_000_000  #: bytes of all parts that are read
    ratio: int = 1_000  #: unpacked to packed; XML comes to 5 to 200, a bomb to 1,030
    rows: int = 1_048_576  #: of one sheet; Excel's own limit


_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, ParseError, DefusedXmlException, struct.error, EOFError,
    NotImplementedError, RuntimeError, OSError, ValueError, LookupError, OverflowError, TypeError,
)  # fmt: skip


class Workbook:
    """An opened workbook: its sheets' names and their rows. Shared strings are unpacked on opening."""

    def __init__(self, source: Path | bytes, limits: Limits | None = None) -> None:
        """Raises WorkbookError when it is no workbook, is cut off or is too large."""
        self._source, self._limits = source, limits or Limits()
        self.sheets: tuple[str, ...] = ()
        self.hidden: frozenset[str] = frozenset()
        with _explained(source), self._opened() as file, _archive(file) as archive:
            self._parts = {name.lower(): name for name in archive.namelist()}
            self._locate(archive)
            read = [self._strings_part, *self._paths.values()] if self._strings_part else list(self._paths.values())
            self._check_sizes([archive.getinfo(part) for part in read])
            self._strings = SharedStrings(self._folder)
            if self._strings_part:
                self._strings.fill(archive, self._strings_part)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that hold anything, in order. Raises WorkbookError where it breaks off."""
        with self._stream(sheet) as stream:
            for count, row in enumerate(SheetReader(self._strings).rows(stream), start=1):
                if count > self._limits.rows:
                    raise WorkbookError(said("has more than {rows} rows", rows=self._limits.rows))
                yield row

    def merged(self, sheet: str) -> tuple[str, ...]:
        """The ranges of cells that are shown as one: "D5:D9". They stand behind the rows, which are read over."""
        with self._stream(sheet) as stream:
            reader = SheetReader(self._strings)
            for _ in reader.rows(stream):
                pass
            return tuple(reader.merged)

    def last_row(self, sheet: str) -> int | None:
        """The number of the last row, if the sheet states its own dimension at its beginning."""
        with self._stream(sheet) as stream:
            found = re.search(rb"<(?:\w+:)?dimension\s[^>]*?\bref=[\"']([^\"']+)[\"']", stream.read(20_000))
        end = _SHEET_LAST_ROW.search(found[1].decode("ascii", "replace")) if found else None
        return int(end[1]) if end else None

    @contextmanager
    def _stream(self, sheet: str) -> Iterator[IO[bytes]]:
        with (
            _explained(self._source),
            self._opened() as file,
            _archive(file) as archive,
            archive.open(self._paths[sheet]) as stream,
        ):
            yield stream

    @property
    def _folder(self) -> Path | None:
        return self._source.parent if isinstance(self._source, Path) else None

    def _opened(self) -> IO[bytes]:
        return self._source.open("rb") if isinstance(self._source, Path) else io.BytesIO(self._source)

    def _locate(self, archive: zipfile.ZipFile) -> None:
        """Find the sheets and the shared strings by following the workbook's own relationships."""
        main = next(
            (target for kind, target in self._related(archive, "") if kind.endswith("/officeDocument")),
            "xl/workbook.xml",
        )
        root = self._small(archive, main)
        if root is None:
            raise WorkbookError(said("is a zip file, but holds no workbook"))
        self.date1904 = any(
            local_name(node.tag) == "workbookPr" and _attribute(node, "date1904") in ("1", "true")
            for node in root.iter()
        )
        targets = dict(self._related(archive, main, by_id=True))
        self._paths: dict[str, str] = {}
        hidden = set()
        for node in root.iter():
            part = self._parts.get(targets.get(_attribute(node, "id"), "").lower())
            if local_name(node.tag) == "sheet" and part:
                name = _attribute(node, "name") or f"sheet {len(self._paths) + 1}"
                self._paths.setdefault(name, part)
                if _attribute(node, "state") in ("hidden", "veryHidden"):
                    hidden.add(name)
        self.sheets, self.hidden = tuple(self._paths), frozenset(hidden)
        if not self.sheets:
            raise WorkbookError(said("holds no sheet"))
        strings = [target for kind, target in self._related(archive, main) if kind.endswith("/sharedStrings")]
        self._strings_part = self._parts.get(strings[0].lower()) if strings else None

    def _related(self, archive: zipfile.ZipFile, part: str, *, by_id: bool = False) -> list[tuple[str, str]]:
        """The targets of a part's relationships with their types, or with their ids."""
        folder, name = posixpath.split(part)
        root = self._small(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
        found = []
        for node in root if root is not None else ():
            target = _attribute(node, "Target").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((_attribute(node, "Id" if by_id else "Type"), path))
        return found

    def _small(self, archive: zipfile.ZipFile, part: str) -> Element | None:
        name = self._parts.get(part.lower())
        if name is None:
            return None
        if archive.getinfo(name).file_size > _LARGEST_SMALL_PART:
            raise WorkbookError(
                said(
                    "has a part {name} of {file_size} bytes, which should be small",
                    name=name[:80],
                    file_size=archive.getinfo(name).file_size,
                )
            )
        root: Element = fromstring(archive.read(name), forbid_dtd=True)
        return root

    def _check_sizes(self, parts: list[zipfile.ZipInfo]) -> None:
        """By the sizes the zip declares; reading stops at those, whatever the compressed bytes would give."""
        total = sum(part.file_size for part in parts)
        if total > self._limits.decoded:
            raise WorkbookError(
                said(
                    "unpacks to {total:,} MB, more than the {decoded:,} MB allowed",
                    total=total // 1_000_000,
                    decoded=self._limits.decoded // 1_000_000,
                )
            )
        for part in parts:
            if part.file_size > 10_000_000 and part.file_size > self._limits.ratio * max(part.compress_size, 1):
                raise WorkbookError(
                    said(
                        "is packed {times} times over: a zip bomb",
                        times=part.file_size // max(part.compress_size, 1),
                    )
                )


class SharedStrings:
    """The strings that a workbook's cells share, on disk: 8 bytes of memory each. Closed when it is forgotten."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by the finaliser
        self._ends = array("Q", [0])
        self._kept: dict[int, str] = {}
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        if (kept := self._kept.get(index)) is not None:
            return kept
        if not 0 <= index < len(self):
            raise WorkbookError(said("refers to the shared string {index}, but has {n}", index=index, n=len(self)))
        start, end = self._ends[index], self._ends[index + 1]
        text = os.pread(self._file.fileno(), end - start, start).decode("utf-8", "replace")
        if len(text) < 100:
            if len(self._kept) >= _KEPT_STRINGS:
                self._kept.clear()
            self._kept[index] = text
        return text

    def fill(self, archive: zipfile.ZipFile, part: str) -> None:
        """Read them from the workbook."""
        with archive.open(part) as stream:
            for text in StringsReader().strings(stream):
                self._file.write(text.encode("utf-8", "replace"))
                self._ends.append(self._file.tell())
        self._file.flush()


def _attribute(node: Element, name: str) -> str:
    """An attribute by its local name: "id" is r:id in two namespaces."""
    return next((value for key, value in node.attrib.items() if local_name(key) == name), "")


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip, if its list of parts is of a believable size: Python reads that list into memory whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) - at >= 22:
        (directory,) = struct.unpack_from("<L", tail, at + 12)
        locator = tail[max(0, at - 20) : at]
        if locator.startswith(b"PK\x06\x07"):
            file.seek(struct.unpack_from("<Q", locator, 8)[0])
            record = file.read(56)
            directory = struct.unpack_from("<Q", record, 40)[0] if len(record) == 56 else directory
        if directory > _LARGEST_DIRECTORY:
            raise WorkbookError(
                said("lists its parts in {directory} bytes: a workbook has some dozen parts", directory=directory)
            )
    file.seek(0)
    return zipfile.ZipFile(file)


@contextmanager
def _explained(source: Path | bytes) -> Iterator[None]:
    """Turns what the libraries raise over a broken file into a WorkbookError that says what the file is."""
    try:
        yield
    except _BROKEN as error:
        raise WorkbookError(_what_it_is(source, error)) from error


def _what_it_is(source: Path | bytes, error: BaseException) -> str:
    try:
        start = source[:512] if isinstance(source, bytes) else _start_of(source)
    except OSError as gone:
        return said("cannot be opened: {reason}", reason=gone.strerror)
    if not start:
        return said("is empty")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return said("is no workbook but a web page")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return said("is in the old .xls form or protected by a password; only .xlsx is read")
    if not start.startswith(b"PK"):
        return said("is no .xlsx file")
    return said(
        "is damaged or was cut off on its way ({name}: {error})", name=type(error).__name__, error=str(error)[:120]
    )


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)
