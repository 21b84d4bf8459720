"""What a source is: two pure functions that say what to ask and read what came. Fetching is `watcher.fetch`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from watcher.notice import Notice


class SourceError(Exception):
    """A source gave something that cannot be read; the sentence says what, for its keeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask a publisher for."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = "*/*"
    conditional: bool = True  #: send the stored validators of this URL
    max_body: int = 10_000_000  #: bytes on the wire
    max_decoded: int = 20_000_000  #: bytes after decompression
    deadline_seconds: float = 60.0  #: for the whole answer, redirects included
    silence_seconds: float = 60.0  #: the longest wait for the first byte, and for the next one
    patience_seconds: float = 20.0  #: after so long, a body must have come at `least_per_second` on average
    least_per_second: int = 500  #: bytes; slower than any line there is: a publisher that drips
    page: int = 1  #: which page of the source's list this is
    pause_seconds: float = 0.0  #: wait this long before asking: the source's own rate limit
    into_file: bool = False  #: the body may be too large for memory: put it in a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What came: the whole body, decompressed. A large body is in a file, a small one in memory."""

    url: str  #: after redirects
    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes = b""
    file: Path | None = None  #: where the body is instead, if it was asked for in a file
    fetched_at: datetime
    not_modified: bool = False
    moved_to: str | None = None  #: where redirects say (301, 308) the publisher has moved for good; None: it has not
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a page: a notice, or why it could not be read."""

    key: str  #: the source's own id of the entry: stable from poll to poll, unique within the source
    notice: Notice | None
    problem: str = ""  #: a sentence; only if `notice` is None
    raw: str = ""  #: the entry as it came (JSON, XML, a row), cut at 20,000 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The entries of one document, and what to ask next. `entries` may be read once only (a workbook streams)."""

    entries: Iterator[Entry]
    next: Request | None = None
    total: int | None = None  #: how many entries the source says it has in all, for progress bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What a source remembers between polls. Stored with the notices, in one transaction."""

    high_water: date | None = None  #: latest distribution date seen that is not in the future
    last_full: datetime | None = None  #: when everything was last read from the start
    seeded_at: datetime | None = None  #: when the first poll was complete; None: still seeding, nothing is sent
    state: Mapping[str, Any] = field(default_factory=dict)  #: the source kind's own, JSON values only


class SourceConfig(BaseModel):
    """What every entry of config/sources.yaml has. A kind's own `Config` adds to it; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: str
    enabled: bool = True
    title: str = ""  #: as people know it: "WTO ePing API"
    issuer: str = "WTO"
    market: str | None = None  #: the Member it speaks for; None: stated in each entry
    language: str = "en"
    every_minutes: int = 60
    priority: int = 50  #: when two sources carry one notice, the lower number is believed first
    attribution: str = ""


class Source(Protocol):
    """A source kind bound to one entry of config/sources.yaml. Pure: no network, no clock of its own."""

    config: SourceConfig

    def resting(self) -> str | None:
        """Why it cannot be polled as configured, as a sentence ("no WTO key: …"); None: it can."""

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """What to ask first in a poll."""

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """Read one document. Raises `SourceError` when it is not what this source gives."""

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """The cursor after a complete poll whose latest believable distribution date was `seen`."""
