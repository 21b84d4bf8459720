"""What a source is: two pure functions that say what to ask and read what came. Fetching is `watcher.fetch`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from watcher.notice import Notice

DayOrder = Literal["dmy", "mdy", "ymd"]

QUIET_DAYS = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


class SourceError(Exception):
    """A source gave something that cannot be read; the sentence says what, for its keeper."""


class CappedError(SourceError):
    """More entries than the publisher ever gives were asked for: ask for fewer days at a time."""


class EndedError(SourceError):
    """The publisher says, in the document itself, that there will be no more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask a publisher for."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What is sent with it, by POST; None: it is a GET. A question, never an order: it may be asked again at any time.
    body: bytes | None = None
    body_type: str = "application/json"  #: what a `body` is, as Content-Type says it
    accept: str = "*/*"
    #: It may be that nothing changed since: a GET sends the stored validators of its URL, and the very body of the last
    #: answer is not read again.
    conditional: bool = True
    max_body: int = 10_000_000  #: bytes on the wire
    max_decoded: int = 20_000_000  #: bytes after decompression
    whole: bool = True  #: a longer body is refused; False: its beginning is as good
    deadline_seconds: float = 60.0  #: for the whole answer, redirects included
    silence_seconds: float = 60.0  #: the longest wait for the first byte, and for the next one
    patience_seconds: float = 20.0  #: in any time so long, a body must come at `least_per_second` on average
    least_per_second: int = 500  #: bytes; slower than any line there is: a publisher that drips
    page: int = 1  #: which page of the source's list this is
    pause_seconds: float = 0.0  #: wait this long before asking: the source's own rate limit
    into_file: bool = False  #: the body may be too large for memory: put it in a file
    accept_status: frozenset[int] = frozenset()  #: statuses besides success whose body is an answer too: 404, for some
    #: The poll goes on without it: where it does not come, `parse` is given a document of status 0 without a body.
    may_fail: bool = False
    #: What the source wants to know again when the answer comes, JSON values only; never sent.
    memory: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """What tells it from other requests: the address, and the hash of what is sent there, if anything is."""
        if self.body is None:
            return self.url
        return f"POST {hashlib.sha256(self.body).hexdigest()[:32]} {self.url}"


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
    news: bool = True  #: False: an old document shown again or stamped anew; it is recorded and told to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a document itself says of how often to ask for it."""

    ttl: timedelta | None = None  #: not again before this has passed
    skip_hours: frozenset[int] = frozenset()  #: hours of the day, 0-23 in UTC, in which not to ask
    skip_days: frozenset[int] = frozenset()  #: days of the week, Monday is 0, in UTC, on which not to ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The entries of one document, and what to ask next. `entries` may be read once only (a workbook streams)."""

    entries: Iterator[Entry]
    next: Request | None = None
    total: int | None = None  #: how many entries the source says it has in all, for progress bars
    rhythm: Rhythm | None = None
    #: What the source wants to remember after a complete poll, JSON values only (`Cursor.state`); of several pages in a
    #: poll the last one's holds. None: what it remembers already.
    state: Mapping[str, Any] | None = None


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
    terms: str = ""  #: under which terms its documents may be used, in a sentence
    evidence: Literal["V", "C", "K"] = (
        "V"  #: its address was seen working (V), seen in public code (C), or is known only
    )
    needs_contact: bool = False  #: rests until the operator has said whom its publisher may write to
    rests: str = ""  #: why it is not polled for the time being, as a sentence; the program sets it too
    why_off: str = ""  #: a sentence; for a source that is shipped with `enabled: false`
    day_order: DayOrder = "dmy"  #: of days such as 02/03/2026
    time_zone: str | None = None  #: the publisher's; an instant in UTC is brought there before its day is taken
    #: How many documents it publishes in an ordinary week; None: not known, silence is never remarkable.
    expected_per_week: float | None = Field(None, gt=0, le=100_000)
    quiet_days: tuple[str, ...] = ()  #: when nothing is to be expected, besides weekends and holidays: "12-24/01-02"
    pause_seconds: float = Field(0.0, ge=0, le=600)  #: at least so long between two requests to its host
    robots: bool = True  #: keep to the host's robots.txt; False only with the publisher's consent
    hold_above: int | None = Field(None, ge=1)  #: more news than this in one poll waits for staff; None: by experience
    tell_open_at_first: bool = False  #: the first poll tells what is still open for comment; else it tells nothing
    news_days: int | None = Field(None, ge=1)  #: a new document dated longer ago than this is no news; None: all are
    read_documents: int = Field(0, ge=0, le=20)  #: so many linked PDFs of a new notice are read at most; 0: none
    document_pages: int = Field(5, ge=1, le=100)  #: of each, its first ones
    document_megabytes: int = Field(10, ge=1, le=100)  #: a larger one is not read
    document_seconds: int = Field(60, ge=1, le=600)  #: for all documents of one poll: its news waits no longer for them
    documents_a_poll: int = Field(20, ge=1, le=500)  #: in one poll at most; the notices beyond stand without
    gap_hours: int = Field(48, ge=1)  #: a source not read for longer is a gap its readers are told of

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None or ZoneInfo(value) else None
        except (ValueError, OSError, KeyError):
            raise ValueError("must be a time zone such as Asia/Tokyo") from None

    @field_validator("quiet_days")
    @classmethod
    def _readable_quiet_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for period in value:
            if not QUIET_DAYS.fullmatch(period):
                raise ValueError('must be a list of periods of the year such as "12-24/01-02" (month-day/month-day)')
        return value


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
