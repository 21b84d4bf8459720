"""sources try: fetch an address once, and show what notices it would give."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
import yaml

from tbtwatch.bootstrap import make_fetcher, system_clock
from tbtwatch.cli.context import CommandError, set_up_logging
from tbtwatch.cli.output import note, say, show_json, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.configuration import SHIPPED, read_yaml, source_entries
from tbtwatch.pipeline.permission import Permission
from tbtwatch.reference import load_markets
from tbtwatch.settings import Settings, load_settings
from watcher.apart import chunks_of
from watcher.fetch import Fetcher, FetchError, without_secrets
from watcher.guess import LOOK, Guess, guess
from watcher.source import Cursor, Document, Entry, Request, Source, SourceConfig, SourceError
from watcher.sources import SourceConfigError, make_source
from watcher.sources.stated import FindMember
from watcher.text import one_line, safe_link

MOST_SHOWN = 200
_COUNTRY_CODES = {"UK": "GB"}  # endings that are no country code of ISO 3166
_PAGES, _FEEDS = ("html_list", "page"), ("feed", "json_feed")
_SAYS_WHAT_TO_DO = re.compile(r": (?:try|check|write|ask|look|correct|set)\b|; look for ")
#: As which an address is asked that is no source yet.
_ANYBODY = SourceConfig(name="try", kind="feed", issuer="TRY")
_FIELDS = ("title", "link", "published", "summary", "comment_deadline", "market")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("try")(try_)


def try_(
    address: Annotated[str, typer.Argument(help="An address, or the name of a source in sources.yaml.")],
    entry: Annotated[Path | None, typer.Option(help="Read it as this file's entry says, not as is guessed.")] = None,
    kind: Annotated[str, typer.Option(help="Guess an entry of this kind only.")] = "",
    write: Annotated[Path | None, typer.Option(help="Append the entry to this file, to be edited.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch an address once and show what notices it would give, and the entry for sources.yaml. Nothing is stored."""
    settings = load_settings()
    set_up_logging(settings)
    trial = asyncio.run(_try(settings, address, entry, kind))
    if kind and trial.kind != kind:
        raise CommandError(f"{address} looks like kind {trial.kind}, not {kind}: write an entry and give --entry")
    if write is not None:
        _append(write, trial)
    if as_json:
        show_json(trial.as_json())
    else:
        _show(trial, written=write)


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
            "notices": [_notice(one) for one in self.found if one.notice is not None],
            "missing": self.missing(),
            "warnings": list(self.warnings),
        }

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


async def _try(settings: Settings, address: str, file: Path | None, kind: str) -> Trial:
    markets = load_markets((settings.config_folder or SHIPPED) / "reference", own_groups=settings.groups)
    known = _known_entry(settings, address, file)
    key = settings.source_keys.get(str(known.get("name"))) if known else None
    secret = {"key": key.get_secret_value()} if key else {}  # it is sent and never shown: `known` goes without it
    source = _made({**known, "enabled": True, "rests": "", **secret}, markets.find) if known else None
    if source is None and safe_link(address) is None:
        raise CommandError(
            f"{address!r} is neither the name of a source in sources.yaml nor an address that begins with https://"
        )
    now = system_clock()
    if source is not None and (reason := source.resting()):
        raise CommandError(f"{source.config.name} cannot be asked: {reason}")
    request = source.first_request(Cursor(), now) if source else Request(url=address)
    config = source.config if source else _ANYBODY
    async with make_fetcher(settings, system_clock) as fetcher:
        asker = _Asker(fetcher, Permission(config, fetcher=fetcher, storage=None, clock=system_clock, by_hand=True))
        try:
            document = await asker.document(request)
            if source is not None:
                guessed = Guess(kind=source.config.kind, title=source.config.title, entry=known or {})
                return _read(guessed, source, document)
            return await _guessed(document, address, kind, asker, markets.find)
        except FetchError as error:
            raise CommandError(f"{error.sentence} (nothing was stored)") from error
        except SourceError as error:
            said = str(error)
            advice = "" if source is not None or LOOK in said or _SAYS_WHAT_TO_DO.search(said) else f": {LOOK}"
            raise CommandError(f"{address} {said}{advice}") from error


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
        except (FetchError, SourceError, CommandError) as error:
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
    return _read(guessed, _made(guessed.entry, find), document)


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


def _known_entry(settings: Settings, address: str, file: Path | None) -> dict[str, Any] | None:
    """The entry to read it by: of a file, or of that name in the configuration; None: it is to be guessed."""
    if file is not None:
        read = read_yaml(file)
        entries = read.get("sources", read) if isinstance(read, dict) else read
        entries = entries if isinstance(entries, list) else [entries]
        if len(entries) > 1:
            entries = [one for one in entries if isinstance(one, dict) and address in (one.get("name"), one.get("url"))]
        if len(entries) != 1 or not isinstance(entries[0], dict):
            raise CommandError(f"{file} must hold one entry of sources.yaml, or one with the name or url {address!r}")
        return entries[0]
    if safe_link(address) is not None:
        return None
    for one in source_entries(settings.config_folder or SHIPPED):
        if one.get("name") == address:
            return one
    return None


def _made(entry: Mapping[str, Any], find: Any) -> Source:
    try:
        return make_source(entry, find_member=find)
    except SourceConfigError as error:
        raise CommandError(str(error)) from error


def _as_yaml(entry: Mapping[str, Any]) -> str:
    dumped = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, width=120)
    return "".join(f"  {line}\n" for line in dumped.splitlines())


def _append(file: Path, trial: Trial) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else "sources:\n"
    if f"name: {trial.entry.get('name')}\n" in text:
        raise CommandError(f"{file} has a source called {trial.entry.get('name')} already; nothing was written")
    file.write_text(f"{text.rstrip()}\n{_as_yaml(trial.entry)}", encoding="utf-8")


def _show(trial: Trial, *, written: Path | None) -> None:
    readable = [one for one in trial.found if one.notice is not None]
    say(f"{trial.title or trial.entry.get('name')}: {trial.kind}, {len(readable)} notices")
    show_table(
        ("published", "symbol", "title", "language"),
        [
            (said["published"] or "?", one_line(said["symbol"], 40), one_line(said["title"], 90), said["language"])
            for said in map(_notice, readable[:MOST_SHOWN])
        ],
    )
    if len(readable) > MOST_SHOWN:
        say(f"… and {len(readable) - MOST_SHOWN} more")
    if missing := trial.missing():
        say(f"No notice has: {', '.join(missing)}.")
    for warning in trial.warnings:
        say(f"Note: {warning}.")
    if written is not None:
        note(f"The entry was appended to {written}: set its issuer, market and time_zone, then try it by its name.")
        return
    say()
    say("The entry for sources.yaml, to be edited (issuer, market, time_zone, expected_per_week):")
    say(_as_yaml(trial.entry).rstrip())
