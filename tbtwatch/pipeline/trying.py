"""Fetch an address once, and see what notices it would give: what `tbtwatch sources try` and the staff's page ask.

It is fetched as politely as a poll does and by the same fetcher, which goes to public addresses alone; nothing is
stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import yaml

from tbtwatch.pipeline.permission import Permission
from watcher.apart import chunks_of
from watcher.fetch import Fetcher, FetchError, without_secrets
from watcher.guess import LOOK, Guess, guess
from watcher.source import Cursor, Document, Entry, Request, Source, SourceConfig, SourceError
from watcher.sources import SourceConfigError, make_source
from watcher.sources.stated import FindMember
from watcher.text import safe_link

_COUNTRY_CODES = {"UK": "GB"}  # endings that are no country code of ISO 3166
_PAGES, _FEEDS = ("html_list", "page"), ("feed", "json_feed")
_SAYS_WHAT_TO_DO = re.compile(r": (?:try|check|write|ask|look|correct|set)\b|; look for ")
#: As which an address is asked that is no source yet.
_ANYBODY = SourceConfig(name="try", kind="feed", issuer="TRY")
_FIELDS = ("title", "link", "published", "summary", "comment_deadline", "market")


class TryError(Exception):
    """Nothing can be shown of an address; the sentence says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one fetch showed."""

    kind: str
    title: str
    entry: Mapping[str, Any]
    found: tuple[Entry, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As documented for scripts."""
        return {
            "kind": self.kind,
            "title": self.title,
            "notices": self.notices(),
            "missing": self.missing(),
            "warnings": list(self.warnings),
        }

    def notices(self) -> list[dict[str, Any]]:
        """What could be read, as documented for scripts."""
        return [_notice(one) for one in self.found if one.notice is not None]

    def missing(self) -> list[str]:
        """The fields that no notice has."""
        notices = [one.notice for one in self.found if one.notice is not None]
        has = {
            "title": any(notice.title for notice in notices),
            "link": any(notice.page for notice in notices),
            "published": any(notice.distribution_date for notice in notices),
            "summary": any(notice.content_summary for notice in notices),
            "comment_deadline": any(notice.comment_deadline.wording for notice in notices),
            "market": any(notice.notifying_members for notice in notices),
        }
        return [name for name in _FIELDS if not has[name]]


def _notice(entry: Entry) -> dict[str, Any]:
    notice = entry.notice
    assert notice is not None
    return {
        "id": entry.key,
        "symbol": notice.key,
        "title": notice.title,
        "link": notice.page,
        "published": notice.distribution_date.isoformat() if notice.distribution_date else None,
        "date_quality": "stated" if notice.distribution_date else "unknown",
        "language": notice.language,
    }


async def try_address(
    address: str,
    *,
    fetcher: Fetcher,
    find: FindMember,
    clock: Callable[[], datetime],
    source: Source | None = None,
    entry: Mapping[str, Any] | None = None,
    kind: str = "",
) -> Trial:
    """What an address gives, or a source, which is asked as it is set up. Raises TryError.

    `entry`: the source's, to be shown; it holds no key. `kind`: of an address, guess this kind only.
    """
    if source is None and safe_link(address) is None:
        raise TryError(
            f"{address!r} is neither the name of a source in sources.yaml nor an address that begins with https://"
        )
    if source is not None and (reason := source.resting()):
        raise TryError(f"{source.config.name} cannot be asked: {reason}")
    request = source.first_request(Cursor(), clock()) if source else Request(url=address)
    config = source.config if source else _ANYBODY
    asker = _Asker(fetcher, Permission(config, fetcher=fetcher, storage=None, clock=clock, by_hand=True))
    try:
        document = await asker.document(request)
        if source is not None:
            guessed = Guess(kind=source.config.kind, title=source.config.title, entry=entry or {})
            return _read(guessed, source, document)
        return await _guessed(document, address, kind, asker, find)
    except FetchError as error:
        raise TryError(f"{error.sentence} (nothing was stored)") from error
    except SourceError as error:
        said = str(error)
        advice = "" if source is not None or LOOK in said or _SAYS_WHAT_TO_DO.search(said) else f": {LOOK}"
        raise TryError(f"{address} {said}{advice}") from error


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks as politely as a poll does, and remembers nothing."""

    fetcher: Fetcher
    permission: Permission

    async def document(self, request: Request) -> Document:
        """Raises FetchError, also for what a robots.txt forbids."""
        asked = replace(request, pause_seconds=await self.permission.pause_seconds(request))
        return await self.fetcher.fetch(asked, before_hop=self.permission.before_hop)


async def _guessed(document: Document, address: str, kind: str, asker: _Asker, find: FindMember) -> Trial:
    """What a document would give, or the feed that it names: a feed is easier to read than the page of it."""
    guessed = guess(document, url=address)
    troubles: list[str] = []
    for feed in guessed.feeds if kind not in _PAGES else ():
        try:
            came = await asker.document(Request(url=feed))
            found = guess(came, url=feed)
            if found.kind not in _FEEDS:
                raise SourceError(f"is no feed but looks like kind {found.kind}")
            trial = _read_as(found, feed, came, find)
        except (FetchError, SourceError, TryError) as error:
            troubles.append(f"the page names a feed, {feed}, that cannot be read: {error}")
            continue
        told = (
            f"{address} is a page that names this feed, {feed}, which is read instead (the page itself: --kind page or"
        )
        return replace(trial, warnings=(f"{told} --kind html_list)", *troubles, *trial.warnings))
    trial = _read_as(guessed, address, document, find)
    return replace(trial, warnings=(*troubles, *trial.warnings))


def _read_as(guessed: Guess, address: str, document: Document, find: FindMember) -> Trial:
    guessed = _with_market(guessed, address, find)
    return _read(guessed, made_source(guessed.entry, find), document)


def _with_market(guessed: Guess, address: str, find: FindMember) -> Guess:
    """With the Member whose country code the host ends in, if it does."""
    ending = (urlsplit(address).hostname or "").rpartition(".")[2].upper()
    member = find(_COUNTRY_CODES.get(ending, ending)) if len(ending) == 2 else None
    return replace(guessed, entry={**guessed.entry, "market": member}) if member else guessed


def _read(guessed: Guess, source: Source, document: Document) -> Trial:
    page = source.parse(document, Cursor())
    warnings = list(guessed.warnings)
    found: tuple[Entry, ...] = ()
    try:
        for chunk in chunks_of(islice(page.entries, 10_000), 10_000):
            found += chunk
    except SourceError as error:
        if not found:
            raise
        warnings.append(f"a poll of it would fail: it {error}")
    if document.url != document.request.url:
        warnings.append(f"the address leads to {without_secrets(document.url)}")
    if not document.headers.get("etag") and not document.headers.get("last-modified"):
        warnings.append("the server names no version of the document: it must send all of it each time, so ask seldom")
    warnings += [f"cannot be read: {one.problem}" for one in found if one.notice is None][:10]
    undated = sum(1 for one in found if one.notice is not None and one.notice.distribution_date is None)
    read = sum(1 for one in found if one.notice is not None)
    if 0 < undated < read:
        warnings.append(f"{undated} of {read} notices bear no day that can be read")
    if page.next is not None:
        where = without_secrets(page.next.url) + (", by POST" if page.next.body is not None else "")
        warnings.append(f"further pages follow and were not asked for: {where}")
    return Trial(
        kind=source.config.kind, title=guessed.title, entry=guessed.entry, found=found, warnings=tuple(warnings)
    )


def made_source(entry: Mapping[str, Any], find: FindMember) -> Source:
    """A source by its entry. Raises TryError."""
    try:
        return make_source(entry, find_member=find)
    except SourceConfigError as error:
        raise TryError(str(error)) from error


def as_yaml(entry: Mapping[str, Any]) -> str:
    """An entry as it stands in sources.yaml."""
    dumped = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, width=120)
    return "".join(f"  {line}\n" for line in dumped.splitlines())
