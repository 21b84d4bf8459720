"""sources try: fetch an address once, and show what notices it would give."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from tbtwatch.bootstrap import make_fetcher, system_clock
from tbtwatch.cli.context import CommandError, set_up_logging
from tbtwatch.cli.output import note, say, show_json, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.configuration import SHIPPED, read_yaml, source_entries
from tbtwatch.pipeline.entry_text import EntryTextError, masked, read_entry, unmasked
from tbtwatch.pipeline.trying import Trial, TryError, as_yaml, made_source, try_address
from tbtwatch.reference import load_markets
from tbtwatch.settings import Settings, load_settings
from tbtwatch.storage import open_storage
from tbtwatch.storage.storage import is_there
from watcher.text import one_line, safe_link

MOST_SHOWN = 200


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


async def _try(settings: Settings, address: str, file: Path | None, kind: str) -> Trial:
    markets = load_markets((settings.config_folder or SHIPPED) / "reference", own_groups=settings.groups)
    known = _known_entry(settings, address, file)
    key = settings.source_keys.get(str(known.get("name"))) if known else None
    secret = {"key": key.get_secret_value()} if key else {}  # it is sent and never shown: `known` goes without it
    try:
        source = made_source({**known, "enabled": True, "rests": "", **secret}, markets.find) if known else None
        async with make_fetcher(settings, system_clock) as fetcher:
            return await try_address(
                address,
                fetcher=fetcher,
                find=markets.find,
                clock=system_clock,
                source=source,
                entry=masked(known) if known else None,
                kind=kind,
            )
    except TryError as error:
        raise CommandError(str(error)) from error


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
    described = source_entries(settings.config_folder or SHIPPED)
    files = next((one for one in described if one.get("name") == address), None)
    return _as_staff_say(settings, address, files) or files


def _as_staff_say(settings: Settings, name: str, files: dict[str, Any] | None) -> dict[str, Any] | None:
    """The entry that staff wrote of a source, which counts more than the files'; None: they wrote none."""
    if not is_there(settings.database_url):
        return None
    storage = open_storage(settings.database_url)
    try:
        with storage.look() as tx:
            word = tx.source_words.of(name)
        return unmasked(read_entry(word.entry), files) if word is not None and word.entry else None
    except EntryTextError as error:
        raise CommandError(str(error)) from error
    finally:
        storage.close()


def _append(file: Path, trial: Trial) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else "sources:\n"
    if f"name: {trial.entry.get('name')}\n" in text:
        raise CommandError(f"{file} has a source called {trial.entry.get('name')} already; nothing was written")
    file.write_text(f"{text.rstrip()}\n{as_yaml(trial.entry)}", encoding="utf-8")


def _show(trial: Trial, *, written: Path | None) -> None:
    readable = trial.notices()
    say(f"{trial.title or trial.entry.get('name')}: {trial.kind}, {len(readable)} notices")
    show_table(
        ("published", "symbol", "title", "language"),
        [
            (said["published"] or "?", one_line(said["symbol"], 40), one_line(said["title"], 90), said["language"])
            for said in readable[:MOST_SHOWN]
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
    say(as_yaml(trial.entry).rstrip())
