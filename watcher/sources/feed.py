"""RSS, Atom and RDF feeds of regulators, over bytes that our own fetcher brought. Another feed is a few lines of YAML.

Reading a hostile feed is bounded in the bytes and entries taken, not in time: whoever calls `parse` gives it a thread
or a process with a limit of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final, NamedTuple

import feedparser
from pydantic import Field, field_validator

from watcher.source import Cursor, Document, Entry, Page, Rhythm, SourceError
from watcher.sources.feed_encoding import text_of
from watcher.sources.feed_end import up_to_its_end
from watcher.sources.feed_entry import FeedEntry, listed_of
from watcher.sources.feed_markup import mended, refuse_what_is_over, rhythm_of
from watcher.sources.feed_strict import read_strictly
from watcher.sources.listed import Listed, ListedConfig, ListSource
from watcher.sources.stated import FindMember, no_members
from watcher.text import one_line, plain

_OPENING: Final = re.compile(r"<(?:[\w.\-]+:)?(?:item|entry)(?![\w.\-:])", re.IGNORECASE)


class Feed(NamedTuple):
    """What a feed holds."""

    entries: tuple[Listed, ...]
    rhythm: Rhythm | None  #: what it says of how often to ask for it
    breaks_off: str = ""  #: a sentence part if its end is missing: "breaks off in entry 7"


def read_feed(
    body: bytes, headers: Mapping[str, str], *, url: str = "", language: str = "en", max_entries: int = 10_000
) -> tuple[Listed, ...]:
    """The entries of a feed, see `whole_feed`."""
    return whole_feed(body, headers, url=url, language=language, max_entries=max_entries).entries


def whole_feed(
    body: bytes, headers: Mapping[str, str], *, url: str = "", language: str = "en", max_entries: int = 10_000
) -> Feed:
    """A feed, its entries and its rhythm. Raises SourceError.

    An entry that the feed breaks off in is left out; whether that is a fault is for the caller to say.
    """
    text = text_of(body, headers, language)
    if not text.strip():
        raise SourceError("answered with nothing at all instead of a feed")
    if (count := len(_OPENING.findall(text))) > max_entries:
        raise SourceError(f"has {count} entries, more than the {max_entries} that max_entries allows")
    text = mended(text)
    feed_title, breaks_off = "", ""
    found = read_strictly(text)
    if found is None:
        text, breaks_off = up_to_its_end(text)
        feed_title, found = by_feedparser(text)
    entries = tuple(listed_of(entry, url) for entry in found)
    refuse_what_is_over(feed_title, [entry.title for entry in entries])
    return Feed(entries, rhythm_of(text), breaks_off)


def by_feedparser(text: str) -> tuple[str, list[FeedEntry]]:
    """The title and the entries of a feed. The only use of feedparser, with its traps closed. Raises SourceError.

    feedparser takes bytes and strings for file names, so it gets a stream. It calls an error page a feed without
    entries, so a version is required. It reads "2026年11月2日" as the first of the month, so its dates are not used. It
    takes undeclared encodings for Windows-1252, so it gets UTF-8. It resolves ids that are no addresses against the
    feed's own, so that all would change when the feed moves: it is not told that address, links are resolved by us.
    """
    try:
        parsed = feedparser.parse(
            # On a line of its own, as the parser's search for an encoding in the first line is cubic in its length.
            io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + text.lstrip().encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,  # in texts, of which no markup is kept
        )
    except Exception as error:  # a tolerant parser of others' making meets what nobody thought of
        raise SourceError(
            f"could not be read as a feed ({type(error).__name__}: {one_line(str(error), 120)})"
        ) from error
    if not getattr(parsed, "version", ""):
        raise SourceError(f"is not a feed: it begins with {one_line(plain(text[:3000]) or text[:200], 120)!r}")
    return str(dict.get(parsed.feed, "title") or ""), [_entry_of(entry) for entry in parsed.entries]


_TEXTS: Final = ("id", "link", "title", "summary", "published", "updated", "created", "author")


def _entry_of(entry: Any) -> FeedEntry:
    # dict.get: feedparser's own get answers with other fields in place of a missing one.
    def text(name: str) -> str:
        value = dict.get(entry, name)
        return value if isinstance(value, str) else ""

    contents = (content.get("value") for content in dict.get(entry, "content") or ())
    return FeedEntry(
        **{
            name: text(name) for name in ("id", "link", "title", "summary", "published", "updated", "created", "author")
        },
        contents=tuple(value for value in contents if isinstance(value, str)),
        enclosures=tuple(
            (str(link.get("type") or ""), str(link.get("href") or ""))
            for link in dict.get(entry, "links") or ()
            if link.get("rel") == "enclosure"
        ),
    )


_BY_PATTERN: Final = (
    *("deadline", "adoption", "entry_into_force", "number", "threads", "products", "agency", "original"),
)
_SEARCHED: Final = 8_000  # characters of an entry's text


def broken_off(where: str) -> SourceError:
    """The fault of a feed whose end is missing. `where`: "breaks off in entry 7"."""
    return SourceError(
        f"{where}: the end of the feed is missing, and nobody knows what would have come there; it is asked for again. "
        "If its publisher never sends the end, set unclosed: true"
    )


def _and_then(entries: Iterator[Entry], fault: SourceError) -> Iterator[Entry]:
    """What was read is given before the fault is."""
    yield from entries
    raise fault


class FeedConfig(ListedConfig):
    """Settings of a source of kind feed."""

    #: The publisher never closes the feed: that its end is missing is no fault.
    unclosed: bool = False
    #: What stands behind a label in an entry's text, {deadline: 'Comments until: (.+)'}: its first group, or all.
    patterns: dict[str, str] = Field(default_factory=dict)

    @field_validator("patterns")
    @classmethod
    def _readable_patterns(cls, value: dict[str, str]) -> dict[str, str]:
        for name, pattern in value.items():
            if name not in _BY_PATTERN:
                raise ValueError(f"has {name!r}, and can have {', '.join(_BY_PATTERN)}")
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"has {name!r}, which is no regular expression ({error})") from None
        return value


class FeedSource(ListSource[FeedConfig]):
    """One feed of one issuer."""

    class Config(FeedConfig):
        """Settings of a source of kind feed."""

    accept = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
    #: Only what is new, from the few servers that can (RFC 3229).
    headers: ClassVar[Mapping[str, str]] = {"A-IM": "feed"}

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._patterns = {name: re.compile(pattern) for name, pattern in config.patterns.items()}

    def parse(self, document: Document, cursor: Cursor) -> Page:  # noqa: ARG002
        """The feed's entries. A feed without entries is a feed: some hold nothing for weeks."""
        if document.not_modified:
            return Page(entries=iter(()))
        body = document.file.read_bytes() if document.file is not None else document.body
        most = self.config.max_megabytes
        if len(body) > most * 1_000_000:
            raise SourceError(f"is {len(body) / 1e6:.1f} MB long, more than the {most} MB that max_megabytes allows")
        feed = whole_feed(
            body,
            document.headers,
            url=document.url,
            language=self.config.language,
            max_entries=self.config.max_entries,
        )
        listed = [self._labelled(entry) for entry in feed.entries] if self._patterns else feed.entries
        entries = self._reader.entries(listed, fetched_at=document.fetched_at)
        if feed.breaks_off and not self.config.unclosed:
            entries = _and_then(entries, broken_off(feed.breaks_off))
        return Page(entries=entries, total=len(feed.entries), rhythm=feed.rhythm)

    def _labelled(self, entry: Listed) -> Listed:
        """With what its text says behind labels."""
        text = f"{entry.title}\n{entry.summary}"[:_SEARCHED]
        more: dict[str, Any] = {}
        for name, pattern in self._patterns.items():
            if found := pattern.search(text):
                said = one_line(found[1] if pattern.groups and found[1] else found[0])
                more[name] = (said,) if name == "threads" else said
        return replace(entry, **more)


SOURCE = FeedSource
