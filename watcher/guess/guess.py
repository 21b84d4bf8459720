"""From a document to the entry of sources.yaml that would read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from watcher.guess.json_lists import json_entry
from watcher.guess.other_forms import LOOK, told_by_octets, told_by_text
from watcher.guess.pages import feeds_named, page_entry
from watcher.guess.tables import table_entry
from watcher.guess.xml_lists import xml_entry
from watcher.source import Document, SourceError
from watcher.sources.feed import read_feed
from watcher.sources.feed_encoding import text_of
from watcher.text import language_of, one_line, plain

#: Second-level names under which others register theirs: example.gov.uk, example.co.jp.
_SHARED: Final = frozenset({"gov", "gob", "gouv", "go", "co", "com", "org", "or", "ac", "net", "edu"})
#: Languages that their script gives away.
_SCRIPTS: Final = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "ar": re.compile("[\u0620-\u064a]"),
    "ru": re.compile("[\u0430-\u044f]"),
}
_ENOUGH: Final = 8  # letters
#: Languages whose publishers keep one time.
_ONE_ZONE: Final = {
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "th": "Asia/Bangkok",
}
_XML: Final = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*|<\?.{0,500}?\?>\s*)*", re.DOTALL)
_ADDRESS: Final = re.compile(r"[^\s/]{0,60}/\S{0,2000}")  # or a day; neither is in any language
_FEED: Final = re.compile(r"<(?:[\w.\-]+:)?(?:rss|feed|RDF)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An entry of sources.yaml, and what is to be known about it."""

    kind: str
    title: str
    entry: Mapping[str, Any]
    warnings: tuple[str, ...] = field(default_factory=tuple)
    feeds: tuple[str, ...] = ()  #: the feeds that a page names in its head, which are easier to read


def guess(document: Document, *, url: str) -> Guess:
    """The entry that reads this document; `url` is the address as it was given. Raises SourceError.

    A guess is as good as the document: names of fields and the shape of rows, in the languages that are common among
    publishers. What is not sure is said in `warnings`.
    """
    if other := told_by_octets(document.body):
        raise SourceError(f"{other}: {LOOK}")
    text = text_of(document.body, document.headers, "en")
    stripped = text.lstrip("\ufeff \t\r\n\0")
    if not stripped:
        raise SourceError(f"answered with nothing at all; there is nothing to make a source of: {LOOK}")
    declared = document.headers.get("content-type", "").partition(";")[0].strip().lower()
    name = name_of(url)
    common: dict[str, Any] = {"name": name, "url": url, "issuer": issuer_of(name), "language": "en"}
    if document.url != url:
        common["url"] = url
    body = stripped[_found_end(_XML, stripped) :]
    if other := told_by_text(body):
        raise SourceError(f"{other}: {LOOK}")
    if _FEED.match(body) or (declared.endswith(("rss+xml", "atom+xml", "rdf+xml"))):
        return _feed(document, text, common)
    if stripped[0] in "{[" or declared.endswith("json"):
        return _made(json_entry(stripped, common, address=document.url))
    if body[:1] == "<":
        if _FEED.search(body[:2000]):
            return _feed(document, text, common)
        if (declared.endswith("xml") or stripped.startswith("<?xml")) and (
            listed := xml_entry(document, common, address=document.url)
        ):
            return _with_language(_made(listed), _ADDRESS.sub(" ", plain(text[:100_000])))
        kind, title, entry, warnings = page_entry(text, common, address=document.url)
        named = feeds_named(text, address=document.url)
        return _with_language(Guess(kind=kind, title=title, entry=entry, warnings=warnings, feeds=named), text)
    return _made(table_entry(stripped, common))


def name_of(url: str) -> str:
    """A name for a source, from its address: https://www.kebs.org/news/feed -> kebs-news-feed."""
    parts = urlsplit(url)
    labels = [label for label in (parts.hostname or "source").split(".") if label not in ("www", "api", "data")]
    if len(labels) > 1 and not labels[-1].isdecimal():
        labels = labels[:-1]
    if len(labels) > 1 and labels[-1] in _SHARED:
        labels = labels[:-1]
    words = labels[-2:]
    words += [word.rpartition(".")[0] or word for word in parts.path.split("/") if word][-2:]
    plain = unicodedata.normalize("NFKD", "-".join(words)).encode("ascii", "ignore").decode().lower()
    name = "-".join(part for part in re.split(r"[^a-z0-9]+", plain) if part)[:48].strip("-")
    return name or "source"


def issuer_of(name: str) -> str:
    """Who numbers the documents, for want of a better name."""
    return "-".join(name.upper().split("-")[:2])


def _feed(document: Document, text: str, common: dict[str, Any]) -> Guess:
    entries = read_feed(document.body, document.headers, url=document.url)
    title = re.search(r"<(?:[\w.\-]+:)?title[^>]*>(.{1,300}?)</", text, re.DOTALL)
    warnings = []
    if not entries:
        warnings.append("the feed holds no entry just now: try again when there is one")
    if entries and not any(entry.published for entry in entries):
        warnings.append("its entries bear no date: they are taken as new when they are first seen")
    if entries and not any(entry.id or entry.link for entry in entries):
        warnings.append("its entries have neither id nor link: they are told apart by title and day")
    if any(title_says_it_ended(entry.title) for entry in entries):
        raise SourceError("is a feed that says it has ended; look for the publisher's new address")
    named = re.sub(r"<!\[CDATA\[|\]\]>", "", title[1]) if title else ""
    entry = {**common, "kind": "feed", "title": one_line(named, 100)}
    made = Guess(kind="feed", title=one_line(named, 100), entry=entry, warnings=tuple(warnings))
    return _with_language(made, "\n".join(f"{one.title}\n{one.summary}" for one in entries[:20]))


def title_says_it_ended(title: str) -> bool:
    """gov.uk answers for a retired feed with one entry of this title."""
    return title.strip().casefold().rstrip(".") == "this feed has ended"


def _made(parts: tuple[str, str, dict[str, Any], tuple[str, ...]]) -> Guess:
    kind, title, entry, warnings = parts
    return Guess(kind=kind, title=title, entry=entry, warnings=warnings)


def _with_language(made: Guess, text: str) -> Guess:
    own = next((name for name, signs in _SCRIPTS.items() if len(signs.findall(text[:4000])) >= _ENOUGH), None)
    language = own or (language_of(text[:4000], prior="en") if text.strip() else "en")
    more: dict[str, Any] = {"language": language}
    if language in _ONE_ZONE:
        more["time_zone"] = _ONE_ZONE[language]
    if language in ("ja", "ko", "zh"):
        more["day_order"] = "ymd"
    return replace(made, entry={**made.entry, **more})


def _found_end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
