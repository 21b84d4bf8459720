"""RSS, Atom and RDF feeds of regulators, over bytes that our own fetcher brought. Another feed is a few lines of YAML.

Reading a hostile feed is bounded in the bytes and entries taken, not in time: whoever calls `parse` gives it a thread
or a process with a limit of its own.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import feedparser
from pydantic import Field, field_validator

from watcher.notice import Notice, NoticeType
from watcher.source import Cursor, Document, Entry, Page, Request, SourceConfig, SourceError
from watcher.sources.configuring import WebAddress
from watcher.sources.cursors import moved_on
from watcher.sources.feed_dates import publisher_day
from watcher.sources.feed_encoding import text_of
from watcher.sources.stated import DayOrder, FindMember, as_it_came, members_of, no_members, others, storable
from watcher.symbol import Symbol, read_symbols
from watcher.text import language_of, one_line, plain, safe_link

_OPENING: Final = re.compile(r"<(?:[\w.\-]+:)?(?:item|entry)(?![\w.\-:])", re.IGNORECASE)
_LAST_CLOSING: Final = re.compile(r"</(?:[\w.\-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_CLOSING: Final = re.compile(r"</(?:[\w.\-]+:)?(?:rss|feed|rdf|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.I | re.S)
_TRACKING: Final = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)", re.IGNORECASE)
_KEY_LIMIT: Final = 300
_SEARCHED: Final = 4_000  # characters of a text in which an operator's pattern looks for a symbol
_TRUSTED_FROM: Final = 1980


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed as its publisher wrote it; texts are plain, links are http(s)."""

    id: str = ""
    link: str | None = None
    title: str = ""
    summary: str = ""
    published: str = ""  #: the wording of the date, never feedparser's own reading of it
    links: tuple[str, ...] = ()  #: enclosures
    raw: str = ""


def read_feed(
    body: bytes, headers: Mapping[str, str], *, url: str = "", language: str = "en", max_entries: int = 10_000
) -> tuple[FeedEntry, ...]:
    """The entries of a feed. The only use of feedparser, with its traps closed. Raises SourceError.

    feedparser takes bytes and strings for file names, so it gets a stream. It calls an error page a feed without
    entries, so a version is required. It reads "2026年11月2日" as the first of the month, so its dates are not used. It
    takes undeclared encodings for Windows-1252, so it gets UTF-8. An entry that the feed breaks off in is left out.
    """
    text = text_of(body, headers, language)
    if not text.strip():
        raise SourceError("answered with nothing at all instead of a feed")
    if (count := len(_OPENING.findall(text))) > max_entries:
        raise SourceError(f"has {count} entries, more than the {max_entries} that max_entries allows")
    if not _ROOT_CLOSING.search(text[-2000:]):
        ends = [found.end() for found in _LAST_CLOSING.finditer(text)]
        text = text[: ends[-1]] if ends else text
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=True,
        )
    except Exception as error:  # a tolerant parser of others' making meets what nobody thought of
        raise SourceError(
            f"could not be read as a feed ({type(error).__name__}: {one_line(str(error), 120)})"
        ) from error
    if not getattr(parsed, "version", ""):
        raise SourceError(f"is not a feed: it begins with {one_line(plain(text[:3000]) or text[:200], 120)!r}")
    return tuple(_entry_of(entry) for entry in parsed.entries)


def _entry_of(entry: Any) -> FeedEntry:
    # dict.get: feedparser's own get answers with other fields in place of a missing one.
    def text(name: str) -> str:
        value = dict.get(entry, name)
        return value if isinstance(value, str) else ""

    summary = plain(text("summary"))
    for content in dict.get(entry, "content") or ():
        full = plain(content.get("value") if isinstance(content.get("value"), str) else "")
        summary = full if len(full) > len(summary) else summary
    attached = [link for link in dict.get(entry, "links") or () if link.get("rel") == "enclosure"]
    return FeedEntry(
        id=one_line(storable(text("id")), 2000),
        link=safe_link(text("link")),
        title=one_line(plain(text("title")), 1000),
        summary=summary,
        published=one_line(text("published") or text("created") or text("updated"), 100),
        links=tuple(dict.fromkeys(filter(None, (safe_link(str(link.get("href", ""))) for link in attached)))),
        raw=as_it_came("\n".join(f"{name}: {text(name)}" for name in _RAW_FIELDS if text(name))),
    )


_RAW_FIELDS: Final = ("id", "link", "title", "published", "updated", "created", "author", "summary")


class FeedSource:
    """One feed of one issuer."""

    class Config(SourceConfig):
        """Settings of a source of kind feed."""

        url: WebAddress
        issuer: str  #: who numbers the documents: "US-CPSC"; WTO: entries are known by their WTO symbols
        day_order: DayOrder = "dmy"  #: of days such as 02/03/2026
        time_zone: str | None = None  #: the publisher's, if it writes local midnights in UTC: "Asia/Tokyo"
        symbol_pattern: str | None = None  #: where the issuer's own number stands; its first group, or all of it
        require_symbol: bool | None = None  #: an entry without a symbol is a problem; None: only for the WTO
        max_entries: int = Field(10_000, ge=1, le=100_000)
        max_megabytes: int = Field(5, ge=1, le=100)  #: unpacked; reading takes some twenty times as much memory

        @field_validator("time_zone")
        @classmethod
        def _known_zone(cls, value: str | None) -> str | None:
            try:
                return value if value is None or ZoneInfo(value) else None
            except (ValueError, OSError, KeyError):
                raise ValueError("must be a time zone such as Asia/Tokyo") from None

        @field_validator("symbol_pattern")
        @classmethod
        def _readable_pattern(cls, value: str | None) -> str | None:
            try:
                re.compile(value or "")
            except re.error as error:
                raise ValueError(f"must be a regular expression ({error})") from None
            return value

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        self.config = config
        self._find_member = find_member
        self._pattern = re.compile(config.symbol_pattern) if config.symbol_pattern else None
        self._zone = ZoneInfo(config.time_zone) if config.time_zone else None
        stated = config.require_symbol
        self._require_symbol = config.issuer == "WTO" if stated is None else stated

    def resting(self) -> str | None:
        """It can always be polled."""
        return None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:  # noqa: ARG002
        """The feed, if it changed."""
        megabytes = self.config.max_megabytes * 1_000_000
        return Request(
            url=self.config.url,
            accept="application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
            max_body=megabytes,
            max_decoded=megabytes,
        )

    def parse(self, document: Document, cursor: Cursor) -> Page:  # noqa: ARG002
        """The feed's entries. A feed without entries is a feed: some hold nothing for weeks."""
        if document.not_modified:
            return Page(entries=iter(()))
        body = document.file.read_bytes() if document.file is not None else document.body
        found = read_feed(
            body,
            document.headers,
            url=document.url,
            language=self.config.language,
            max_entries=self.config.max_entries,
        )
        newest = document.fetched_at.date() + timedelta(days=366)
        return Page(entries=self._entries(found, newest), total=len(found))

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Everything was read; move on to `seen`."""
        return moved_on(cursor, seen=seen, now=now, full=True)

    def _entries(self, found: Iterable[FeedEntry], newest: date) -> Iterator[Entry]:
        dated = [(entry, self._day(entry, newest)) for entry in found]
        identities = [_identity(entry, day) for entry, day in dated]
        differing = {(key, entry.link, entry.title, day) for key, (entry, day) in zip(identities, dated, strict=True)}
        count = Counter(key for key, *_ in differing)
        told: set[str] = set()
        for (entry, day), identity in zip(dated, identities, strict=True):
            # One id for several entries is a publisher's mistake; their links, titles and days tell them apart.
            key = identity if count[identity] == 1 else f"{identity} {_digest(f'{entry.link} {entry.title} {day}')}"
            if key not in told:
                told.add(key)
                yield self._entry(entry, day, key)

    def _day(self, entry: FeedEntry, newest: date) -> date | None:
        day = publisher_day(entry.published, zone=self._zone, day_order=self.config.day_order)
        return day if day and day.year >= _TRUSTED_FROM and day <= newest else None

    def _entry(self, entry: FeedEntry, day: date | None, key: str) -> Entry:
        try:
            notice = self._wto_notice(entry, day) if self.config.issuer == "WTO" else self._own_notice(entry, day)
        except Exception as error:  # the reader's own fault: the other entries are still read
            problem = f"entry {one_line(entry.title, 80)!r}: reading it failed with {type(error).__name__}: {error}"
            return Entry(key=key, notice=None, problem=one_line(problem, 400), raw=entry.raw)
        if notice is None and self._require_symbol:
            wanted = "WTO document symbol" if self.config.issuer == "WTO" else "document number"
            problem = f"entry {one_line(entry.title, 80)!r} shows no {wanted}"
            return Entry(key=key, notice=None, problem=problem, raw=entry.raw)
        return Entry(key=key, notice=notice or self._notice(entry, day, key), raw=entry.raw)

    def _wto_notice(self, entry: FeedEntry, day: date | None) -> Notice | None:
        """By the first place that holds WTO symbols: the title, the addresses, the text."""
        places = (entry.title, f"{unquote(entry.id)}\n{unquote(entry.link or '')}", entry.summary)
        own = _the_entrys_own(next(filter(None, map(read_symbols, places)), ()))
        if not own:
            return None
        return replace(
            self._notice(entry, day, str(own[0])),
            symbols=tuple(map(str, own)),
            type=own[0].type,
            area=own[0].area,
            notifying_members=members_of(own, self.config.market or "", self._find_member),
            related_symbols=others(own, f"{entry.title}\n{entry.summary}"),
        )

    def _own_notice(self, entry: FeedEntry, day: date | None) -> Notice | None:
        """By the issuer's own number, where its place is known."""
        symbol = self._own_symbol(entry)
        return self._notice(entry, day, symbol) if symbol else None

    def _own_symbol(self, entry: FeedEntry) -> str | None:
        for text in (entry.title, entry.id, entry.link or "", entry.summary) if self._pattern else ():
            if self._pattern and (found := self._pattern.search(text[:_SEARCHED])):
                symbol = one_line(found[1] if self._pattern.groups and found[1] else found[0])
                if symbol:
                    return symbol
        return None

    def _notice(self, entry: FeedEntry, day: date | None, symbol: str) -> Notice:
        text = f"{entry.title}\n{entry.summary}"
        return Notice(
            issuer=self.config.issuer,
            symbols=(symbol,),
            type=NoticeType.REGULAR,
            area="",
            notifying_members=(self.config.market,) if self.config.market else (),
            title=entry.title or one_line(entry.summary),
            content_summary=entry.summary,
            related_symbols=others((), text),
            distribution_date=day,
            links=entry.links,
            page=entry.link,
            language=self._language(text),
        )

    def _language(self, text: str) -> str:
        # Japanese titles are often all Han: where the source's language cannot be told from the text, it stands.
        stated = self.config.language
        return language_of(text, prior=stated) if stated in ("en", "zh", "fr", "es") else stated


def _the_entrys_own(named: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """Of the symbols in one place those of the document itself: the longest, and other Members' with the same suffix.

    "Addendum 1 to G/TBT/N/KEN/1: G/TBT/N/KEN/1/Add.1" is about the addendum.
    """
    if not named:
        return ()
    head = max(named, key=lambda symbol: len(symbol.suffixes))
    return tuple(
        symbol
        for symbol in named
        if symbol == head or (symbol.member != head.member and symbol.suffixes == head.suffixes)
    )


def _identity(entry: FeedEntry, day: date | None) -> str:
    """The entry's id, else its link, else its title and day. Addresses are compared without scheme and tracking."""
    stated = entry.id or entry.link or ""
    if stated.lower().startswith(("http://", "https://")):
        stated = _canonical(stated) or stated
    if not stated:
        stated = f"{' '.join(entry.title.casefold().split())} {day or ''}".strip() or _digest(entry.summary)
    return stated if len(stated) <= _KEY_LIMIT else f"{stated[: _KEY_LIMIT - 20]} {_digest(stated)}"


def _canonical(address: str) -> str:
    try:
        parts = urlsplit(address)
        asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    except ValueError:
        return ""
    return urlunsplit(("", parts.netloc.lower(), parts.path, urlencode(asked), parts.fragment)).removeprefix("//")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


SOURCE = FeedSource
