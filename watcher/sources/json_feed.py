"""JSON Feed 1.0 and 1.1 (jsonfeed.org). Another feed is a few lines of YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import chain
from typing import Any, Final

from pydantic import Field

from watcher.source import Cursor, Document, Entry, Page, Request, SourceError
from watcher.sources.cursors import moved_on
from watcher.sources.feed_dates import publisher_day
from watcher.sources.json_document import described, raw_of, read_json, texts_of
from watcher.sources.json_paging import Progress, is_known_ground, next_address, starts_at
from watcher.sources.listed import Listed, ListedConfig, ListSource
from watcher.sources.listed.mapping import each_once, is_identified, listed_of, unreadable
from watcher.text import one_line, plain

_VERSION: Final = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?", re.IGNORECASE)


class JsonFeedConfig(ListedConfig):
    """Settings of a source of kind json_feed."""

    max_pages: int = Field(10, ge=1, le=1000)  #: of `next_url`, until something known comes
    overlap_days: int = Field(14, ge=0, le=3_650)  #: entries dated so long before the latest one seen are known


class JsonFeedSource(ListSource[JsonFeedConfig]):
    """One feed of one issuer, followed to the entries that were read before."""

    class Config(JsonFeedConfig):
        """Settings of a source of kind json_feed."""

    accept = "application/feed+json, application/json;q=0.9, */*;q=0.5"

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """One page of the feed. A feed without entries is a feed; one without a version is none."""
        if document.not_modified:
            return Page(entries=iter(()))
        feed = self._feed(read_json(document, self.config.language, what="a JSON Feed"))
        things: list[Any] = feed["items"]
        if len(things) > self.config.max_entries:
            raise SourceError(f"has {len(things)} entries, more than the {self.config.max_entries} of 'max_entries'")
        listed: list[Listed] = []
        problems: list[Entry] = []
        for number, thing in enumerate(things, start=1):
            entry = self._listed(thing, document.url, _text(feed, "language")) if isinstance(thing, Mapping) else None
            if entry is not None and (is_identified(entry) or entry.summary):
                listed.append(entry)
            else:
                why = f"has no id, address, title or text: it is {described(thing)}"
                problems.append(unreadable(number, why, raw_of(thing)))
        if len(problems) > 1 and not listed:
            raise SourceError(f"has {len(things)} entries and none can be read: {problems[0].problem}")
        following = self._following(document, feed, listed, cursor)
        total = len(things) if document.request.page == 1 and following is None else None
        entries = self._reader.entries(listed, fetched_at=document.fetched_at)
        return Page(entries=chain(entries, each_once(problems)), next=following, total=total)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Everything new was read; move on to `seen`."""
        return moved_on(cursor, seen=seen, now=now, full=cursor.high_water is None)

    def _feed(self, feed: Any) -> Mapping[str, Any]:
        if not isinstance(feed, Mapping):
            raise SourceError(f"is not a JSON Feed: it is {described(feed)}")
        version = feed.get("version")
        if not isinstance(version, str) or not _VERSION.fullmatch(version.strip()):
            stated = f"its version is {described(version)}" if "version" in feed else "it has no version"
            raise SourceError(f"is not a JSON Feed: {stated}; it is {described(feed)}")
        if not isinstance(feed.get("items"), list):
            raise SourceError(f"is not a JSON Feed: its items are {described(feed.get('items'))} instead of a list")
        return feed

    def _listed(self, thing: Mapping[str, Any], base: str, language: str) -> Listed:
        def texts(name: str, *, addresses: bool = False) -> tuple[str, ...]:
            return texts_of(thing.get(name), language=self.config.language, addresses=addresses)

        # The longest of them: a summary is often the first words of the text, and a text sometimes only a link.
        bodies = [text for name in ("content_text", "content_html", "summary") for text in texts(name)[:1]]
        summary = max((plain(text[:100_000]) for text in bodies), key=len, default="")
        link = texts("url", addresses=True) or texts("external_url", addresses=True)
        external = texts("external_url", addresses=True) if texts("url", addresses=True) else ()
        return listed_of(
            {
                "id": texts("id"),
                "link": link,
                "title": texts("title"),
                "summary": (summary,),
                "published": texts("date_published") or texts("date_modified"),
                "language": texts("language") or ((language,) if language else ()),
                "links": (*external, *texts("attachments", addresses=True)),
            },
            base=base,
            raw=raw_of(thing),
        )

    def _following(
        self, document: Document, feed: Mapping[str, Any], listed: list[Listed], cursor: Cursor
    ) -> Request | None:
        """The next page, until one whose entries are all older than what was read before."""
        request, link = document.request, _text(feed, "next_url")
        progress = Progress.of(request)
        if not link or not listed or progress.repeats(listed):
            return None
        url = next_address(link, document, own_host_only=False)
        today = document.fetched_at.date()
        since = starts_at(cursor, today, overlap_days=self.config.overlap_days, since_days=None)
        is_known = is_known_ground((self._day(entry) for entry in listed), since)
        if url is None or is_known:
            return None
        if request.page >= self.config.max_pages:
            if is_known is None:
                return None  # nothing says that what was read before is still to come
            raise SourceError(
                f"gave {request.page} pages without coming to what was read before ({cursor.high_water}): "
                "'max_pages' is too small for it"
            )
        # Newest first: if nothing changed on the first page, nothing did; the others are asked for as they are.
        return self._request(url, conditional=False, page=request.page + 1, memory=progress.after(listed))

    def _day(self, entry: Listed) -> date | None:
        wording = entry.published
        return publisher_day(wording, zone=self._zone, day_order=self.config.day_order) if wording else None


def _text(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return one_line(value.strip(), 2000) if isinstance(value, str) else ""


SOURCE = JsonFeedSource
