"""An entry of a feed as it is written, whichever parser read it; and what is listed of it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urljoin

from watcher.sources.listed import Listed
from watcher.sources.stated import as_it_came, storable
from watcher.text import one_line, plain, safe_link

#: What is attached for the eye or the ear is no notified document.
_NO_DOCUMENT: Final = re.compile(r"\s*(?:image|audio|video)/", re.IGNORECASE)
_PICTURE: Final = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|ico|mp3|mp4|m4a)(?:[?#].*)?$", re.IGNORECASE)
_WHOLE_ADDRESS: Final = re.compile(r"https?://[^/?#;\[\]@ ]+(?:/[^?#;]*)?(?:\?[^#]+)?")
_ADDRESS: Final = ("http://", "https://", "www.")
_LONGEST_ID: Final = 1_000_000  # long ones are told apart to their end


class FeedEntry(NamedTuple):
    """Texts with their markup, addresses as they stand; empty: not there."""

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    contents: tuple[str, ...] = ()  #: full texts
    published: str = ""
    updated: str = ""
    created: str = ""
    author: str = ""
    enclosures: tuple[tuple[str, str], ...] = ()  #: media type and address of what is attached


def listed_of(entry: FeedEntry, feed_address: str) -> Listed:
    """What is listed of an entry; relative addresses are read against the feed's."""
    summary = plain(entry.summary)
    for content in entry.contents:
        full = plain(content)
        summary = full if len(full) > len(summary) else summary
    attached = (
        _absolute(address, feed_address)
        for media_type, address in entry.enclosures
        if not _NO_DOCUMENT.match(media_type) and not _PICTURE.search(address)
    )
    # An id stands in for a missing link, unless it is none.
    is_page = entry.link != entry.id or entry.id.lower().startswith(_ADDRESS)
    return Listed(
        id=one_line(storable(entry.id), _LONGEST_ID),
        link=_absolute(entry.link, feed_address) if is_page else None,
        title=one_line(plain(entry.title), 1000),
        summary=summary,
        published=one_line(entry.published or entry.created or entry.updated, 100),
        links=tuple(dict.fromkeys(filter(None, attached))) if entry.enclosures else (),
        raw=as_it_came(_as_written(entry)),
    )


def _as_written(entry: FeedEntry) -> str:
    fields = (
        ("id", entry.id),
        ("link", entry.link),
        ("title", entry.title),
        ("published", entry.published),
        ("updated", entry.updated),
        ("created", entry.created),
        ("author", entry.author),
        ("summary", entry.summary),
    )
    return "\n".join([f"{name}: {text}" for name, text in fields if text])


def is_whole(address: str) -> bool:
    """Whether it is an address that `urljoin` gives back as it is, whatever it is joined to."""
    return address.isascii() and address.isprintable() and _WHOLE_ADDRESS.fullmatch(address) is not None


def _absolute(address: str, feed_address: str) -> str | None:
    written = address.strip()
    if not written:
        return None
    try:
        # To join takes as long as all the rest.
        return safe_link(written if is_whole(written) else urljoin(feed_address, written))
    except ValueError:  # brackets in the place of a host
        return None
