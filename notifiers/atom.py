"""News as an Atom feed (RFC 4287). The same entries give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from watcher.text import one_line, safe_link

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of news."""

    id: str  #: the same for ever, an address or a tag
    title: str
    text: str
    link: str = ""
    updated: datetime


def atom_text(
    entries: Iterable[Entry],
    *,
    id: str,
    title: str,
    language: str,
    updated: datetime,
    self_link: str = "",
    alternate: str = "",
) -> str:
    """The feed, in the order of the entries. `updated`: of a feed without any. `self_link`: where the feed is, if that
    may be told; `alternate`: the page that shows the same."""
    entries = tuple(entries)
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    newest = max((entry.updated for entry in entries), default=updated)
    _part(feed, "id", id)
    _part(feed, "title", one_line(title, 200))
    _part(feed, "updated", _instant(newest))
    for relation, address in (("self", self_link), ("alternate", alternate)):
        if address:
            ElementTree.SubElement(feed, f"{{{_ATOM}}}link", {"href": address, "rel": relation})
    _part(_part(feed, "author"), "name", "tbtwatch")
    for entry in entries:
        one = _part(feed, "entry")
        _part(one, "id", entry.id)
        _part(one, "title", one_line(entry.title, 300))
        _part(one, "updated", _instant(entry.updated))
        if link := safe_link(entry.link):
            ElementTree.SubElement(one, f"{{{_ATOM}}}link", {"href": link, "rel": "alternate"})
        content = _part(one, "content", "\n".join(one_line(line, 2000) for line in entry.text.splitlines()))
        content.set("type", "text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _part(of: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    part = ElementTree.SubElement(of, f"{{{_ATOM}}}{name}")
    part.text = text
    return part


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
