"""The cases of the corpus as they stand in the YAML files, and the documents they describe."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import yaml

from tests.corpus import generators
from watcher.source import Cursor, Document, Request, Source
from watcher.sources import KINDS, make_source

HERE: Final = Path(__file__).parent
FETCHED_AT: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LINES: Final = "notice_lines"  #: no source kind: the lines of `tbtwatch import`

_DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "eping_api": {"key": "a-key"},
    "eping_workbook": {},
    "feed": {"url": "https://reg.example/feed", "issuer": "US-REG"},
    "json_feed": {"url": "https://reg.example/feed.json", "issuer": "US-REG"},
    "json_api": {"url": "https://reg.example/api", "issuer": "US-REG"},
    "xml_list": {"url": "https://reg.example/list.xml", "issuer": "US-REG"},
    "csv_list": {"url": "https://reg.example/list.csv", "issuer": "US-REG"},
    "html_list": {"url": "https://reg.example/list/", "issuer": "US-REG"},
    "page": {"url": "https://reg.example/page", "issuer": "US-REG"},
    "gazette_issue": {"url": "https://reg.example/gazette", "issuer": "US-REG"},
}
_CONTENT_TYPES: Final = {
    "feed": "application/rss+xml",
    "gazette_issue": "application/rss+xml",
    "csv_list": "text/csv",
    "xml_list": "application/xml",
    "html_list": "text/html",
    "page": "text/html",
    "eping_workbook": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RSS: Final = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Notices</title>{}</channel></rss>'
)
_ATOM: Final = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Notices</title>'
    "<id>tag:reg.example,2026:feed</id><updated>2026-11-19T00:00:00Z</updated>{}</feed>"
)
_FRAMES: Final[Mapping[str, str]] = {
    "rss": _RSS,
    "item": _RSS.format("<item>{}</item>"),
    "atom": _ATOM,
    "entry": _ATOM.format("<entry>{}</entry>"),
    "rdf": (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">{}</rdf:RDF>'
    ),
}
_KEYS: Final = frozenset(
    {
        *("name", "trap", "body", "encoding", "file", "base64", "rows", "sheets", "generate", "with", "frame", "cut"),
        *("headers", "status", "config", "asked", "memory", "cursor", "expect", "either"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """What a hostile document would like us to open."""

    path: str = "/nonexistent/secret.xml"
    uri: str = "file:///nonexistent/secret.xml"
    url: str = "http://127.0.0.1:9/secret.xml"

    def lay(self, text: str) -> str:
        """The text with the bait in its place."""
        for mark, bait in (("@SECRET_PATH@", self.path), ("@SECRET_URI@", self.uri), ("@SECRET_URL@", self.url)):
            text = text.replace(mark, bait)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One document and what must come of it."""

    kind: str
    name: str
    stated: Mapping[str, Any] = field(repr=False)
    folder: Path = field(default=HERE, repr=False)

    @property
    def id(self) -> str:
        """As pytest shows it."""
        return f"{self.kind}/{self.name}"

    @property
    def expect(self) -> Mapping[str, Any]:
        """What must come of it."""
        expected: Mapping[str, Any] = self.stated.get("expect") or {}
        return expected

    def source(self) -> Source:
        """A source of its kind with its settings."""
        return make_source({"name": "a-source", "kind": self.kind, **_DEFAULTS[self.kind], **self.config})

    @property
    def config(self) -> Mapping[str, Any]:
        """Its settings over the kind's defaults."""
        settings: Mapping[str, Any] = self.stated.get("config") or {}
        return settings

    def body(self, bait: Bait | None = None) -> bytes:
        """The bytes of the document."""
        stated, bait = self.stated, bait or Bait()
        if "generate" in stated:
            body: bytes = getattr(generators, stated["generate"])(**(stated.get("with") or {}))
        elif "file" in stated:
            body = (self.folder / stated["file"]).read_bytes()
        elif "base64" in stated:
            body = base64.b64decode(stated["base64"])
        elif "rows" in stated or "sheets" in stated:
            body = xlsx(stated.get("sheets") or [stated["rows"]])
        else:
            text = bait.lay(stated["body"])
            framed = _FRAMES[stated["frame"]].replace("{}", text) if "frame" in stated else text
            body = framed.encode(stated.get("encoding", "utf-8"), "surrogatepass")
        return body[: stated["cut"]] if "cut" in stated else body

    def cursor(self) -> Cursor:
        """What the source remembers when the document comes."""
        stated = dict(self.stated.get("cursor") or {})
        return Cursor(**stated)

    def document(self, source: Source, body: bytes) -> Document:
        """The body as the fetcher would hand it over."""
        request = source.first_request(self.cursor(), FETCHED_AT)
        if "asked" in self.stated:
            request = Request(url=self.stated["asked"], page=2, memory=self.stated.get("memory") or {})
        headers = {"content-type": _CONTENT_TYPES.get(self.kind, "application/json")}
        headers.update(self.stated.get("headers") or {})
        return Document(
            url=request.url,
            status=self.stated.get("status", 200),
            headers=headers,
            body=body,
            fetched_at=FETCHED_AT,
            request=request,
        )


def all_cases() -> tuple[Case, ...]:
    """Every case of every kind that exists. Raises ValueError for one that is badly written."""
    return tuple(case for folder in sorted(HERE.iterdir()) if folder.is_dir() for case in _cases_in(folder))


def _cases_in(folder: Path) -> Iterator[Case]:
    if folder.name not in KINDS and folder.name != LINES:
        return
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        for stated in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or ():
            name = stated.get("name")
            if unknown := set(stated) - _KEYS:
                raise ValueError(f"{path.name}: case {name!r} has unknown keys {sorted(unknown)}")
            if not name or name in seen:
                raise ValueError(f"{path.name}: case {name!r} is there twice, or has no name")
            if not stated.get("trap") or not (stated.get("expect") or stated.get("either")):
                raise ValueError(f"{path.name}: case {name!r} has no trap or expects nothing")
            seen.add(name)
            yield Case(kind=folder.name, name=name, stated=stated, folder=folder)


def xlsx(sheets: list[list[list[Any]]]) -> bytes:
    """A real workbook with these rows in one sheet after another."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append([datetime(cell.year, cell.month, cell.day) if _is_day(cell) else cell for cell in row])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _undated(workbook: bytes) -> bytes:
    """The same zip without the time it was made at, so that the same rows are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            content = re.sub(rb">\d{4}-\d\d-\d\dT[\d:]+Z<", b">2026-11-20T08:00:00Z<", archive.read(name))
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _is_day(cell: object) -> bool:
    return isinstance(cell, date) and not isinstance(cell, datetime)
