"""From one page of a JSON list to the next, and when to stop."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote_plus, urljoin, urlsplit, urlunsplit

from watcher.source import Cursor, Document, Request, SourceError
from watcher.sources.listed import Listed
from watcher.text import one_line, safe_link

_PORTS: Final = {"https": 443, "http": 80}
_ROUND: Final = 5  # a publisher that gives fewer entries a page than it was asked for gives a round number of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known of a poll's pages so far; carried from page to page in `Request.memory`."""

    read: int = 0  #: entries of the pages before
    given: int | None = None  #: entries of the first page
    ids: frozenset[str] = frozenset()  #: of the page before
    pages: tuple[str, ...] = ()  #: a digest of each page before

    @classmethod
    def of(cls, request: Request) -> Progress:
        """As it was remembered with the request; nothing for a first one."""
        kept = request.memory
        return cls(
            read=int(kept.get("read", 0)),
            given=kept.get("given"),
            ids=frozenset(kept.get("ids", ())),
            pages=tuple(kept.get("pages", ())),
        )

    def repeats(self, entries: Sequence[Listed]) -> bool:
        """Whether a page holds nothing that the pages before it had not."""
        ids = _digests(entries)
        return bool(ids) and bool(self.pages) and (ids <= self.ids or _digest("".join(sorted(ids))) in self.pages)

    def after(self, entries: Sequence[Listed]) -> Mapping[str, Any]:
        """What to remember with the next request."""
        ids = sorted(_digests(entries))
        return {
            "read": self.read + len(entries),
            "given": len(entries) if self.given is None else self.given,
            "ids": ids,
            "pages": [*self.pages, _digest("".join(ids))],
        }

    def looks_short(self, count: int, size: int | None) -> bool:
        """Whether a page of so many entries is the last one, where the publisher says nothing of it."""
        if self.given is not None:
            return count < self.given
        return size is not None and count < size and count % _ROUND != 0


def starts_at(cursor: Cursor, today: date, *, overlap_days: int, since_days: int | None) -> date | None:
    """From which day on a poll asks: some days before the latest one seen; None: from the beginning."""
    if cursor.high_water is not None:
        return min(cursor.high_water, today) - timedelta(days=min(overlap_days, (cursor.high_water - date.min).days))
    return today - timedelta(days=since_days) if since_days is not None else None


def is_known_ground(days: Iterable[date | None], since: date | None) -> bool | None:
    """Whether every entry of a page is older than what is asked for; None if that cannot be told."""
    dated = [day for day in days if day is not None]
    return all(day < since for day in dated) if dated and since else None


def with_parameters(url: str, changed: Mapping[str, str | tuple[str, ...] | None]) -> str:
    """The address with these parameters in place of those of the same name; None takes one out.

    The others stay as they are written: not every publisher reads what an encoder of ours would make of them.
    """
    parts = urlsplit(url)
    kept = [piece for piece in parts.query.split("&") if piece and unquote_plus(piece.partition("=")[0]) not in changed]
    for name, value in changed.items():
        for part in (value,) if isinstance(value, str) else value or ():
            kept.append(f"{quote(name, safe='')}={quote(part, safe=':,', errors='replace')}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def parameter_of(url: str, name: str) -> str:
    """The value of a parameter of an address; empty if it has none."""
    return dict(parse_qsl(urlsplit(url).query)).get(name, "")


def next_address(link: str, document: Document, *, own_host_only: bool) -> str | None:
    """The address of the next page as a document gives it; None: it is the document's own.

    Raises SourceError for one at another host: a key is sent there, and a list does not go on at a stranger's.
    `own_host_only`: not even where a redirect led.
    """
    try:
        absolute = safe_link(urljoin(document.url, link.strip()))
    except ValueError:
        absolute = None
    if absolute is None:
        raise SourceError(f"gave a link to its next page that is no address: {one_line(link, 120)!r}")
    target, asked = urlsplit(absolute), urlsplit(document.request.url)
    allowed = [asked] if own_host_only else [asked, urlsplit(document.url)]
    same = next((known for known in allowed if known.hostname == target.hostname), None)
    if same is None:
        raise SourceError(
            f"gave a link to its next page at another host, {one_line(str(target.hostname), 100)}, "
            f"which is not asked: the source's own is {asked.hostname}"
        )
    if same.scheme == "https" and target.scheme == "http" and target.port in (None, 80) and same.port in (None, 443):
        target = target._replace(scheme="https", netloc=target.hostname or "")  # a server behind a proxy says http
    if (target.scheme, target.port or _PORTS[target.scheme]) != (same.scheme, same.port or _PORTS[same.scheme]):
        raise SourceError(
            f"gave a link to its next page at another port, {one_line(target.netloc, 100)}, which is not asked"
        )
    address = urlunsplit((target.scheme, target.netloc, target.path, target.query, ""))
    own = {with_parameters(document.url, {}), with_parameters(document.request.url, {})}
    return None if with_parameters(address, {}) in own else address


def _digests(entries: Sequence[Listed]) -> frozenset[str]:
    return frozenset(_digest(entry.id or entry.link or f"{entry.title} {entry.raw}") for entry in entries)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
