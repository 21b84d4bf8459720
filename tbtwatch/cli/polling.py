"""poll, import, sources."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, progress_bars, say, show_json, show_table, when
from tbtwatch.pipeline.history import import_file
from tbtwatch.pipeline.poll import PollReport
from watcher.source import Source

AsJson = Annotated[bool, typer.Option("--json", help="Print the result for a script.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("poll")(poll)
    app.command("import")(import_)
    app.command("sources")(sources)


def poll(
    source: Annotated[list[str] | None, typer.Argument(help="Names of sources; none: all that are enabled.")] = None,
    as_json: AsJson = False,
) -> None:
    """Poll sources now, due or not, and write the alerts owed for what is new. The first poll of a source is silent."""
    with the_app() as app:
        chosen = [app.source(name) for name in source] if source else [s for s in app.sources if s.config.enabled]
        reports = asyncio.run(_poll(app, chosen))
    if as_json:
        show_json([shapes.a_poll(report) for report in reports])
        return
    for report in reports:
        say(_sentence(report))


async def _poll(app: App, chosen: list[Source]) -> list[PollReport]:
    async with app.fetcher() as fetcher:
        with progress_bars() as progress:
            return await app.poll(chosen, fetcher, progress=progress, by_hand=True)


def _sentence(report: PollReport) -> str:
    if report.status == "resting":
        return f"{report.source}: resting. {report.error}"
    if report.status == "unchanged":
        return f"{report.source}: nothing changed since the last poll."
    counts = f"{report.notices} notices: {report.new} new, {report.changed} changed, {report.unchanged} unchanged"
    if report.unreadable:
        counts += f"; {report.unreadable} entries could not be read (`tbtwatch status` shows them)"
    if report.status == "failed":
        return f"{report.source}: failed: {report.error} ({counts})"
    seeded = " First poll: recorded, nobody was told." if report.seeding else ""
    return f"{report.source}: {counts}.{seeded}"


def import_(
    file: Annotated[Path, typer.Argument(help="A workbook of the WTO (.xlsx) or JSON Lines (.jsonl).")],
    as_json: AsJson = False,
) -> None:
    """Read history from a file: recorded, classified, findable; nobody is told."""
    if not file.is_file():
        raise CommandError(f"there is no file {file}")
    with the_app() as app, progress_bars() as progress:
        tally = import_file(file, desk=app.desk, progress=progress)
    result = {
        "file": file.name,
        "notices": len(tally.seen),
        "new": len(tally.new),
        "changed": len(tally.changed),
        "unchanged": tally.unchanged,
        "unreadable": tally.unreadable,
        "measures": len(tally.measures),
    }
    if as_json:
        show_json(result)
        return
    say(
        f"{file.name}: {result['notices']} notices: {result['new']} new, {result['changed']} changed, "
        f"{result['unchanged']} unchanged. Nobody was told."
    )
    if tally.unreadable:
        note(f"{tally.unreadable} entries could not be read; `tbtwatch status` shows them.")


def sources(as_json: AsJson = False) -> None:
    """List the sources, and how they are."""
    with the_app() as app:
        with app.storage.look() as tx:
            states = {source.config.name: tx.sources.state(source.config.name) for source in app.sources}
        listed = []
        for source in app.sources:
            config, state = source.config, states[source.config.name]
            resting = source.resting() if config.enabled else "not enabled in sources.yaml"
            listed.append(
                {
                    "source": config.name,
                    "kind": config.kind,
                    "title": config.title,
                    "enabled": config.enabled,
                    "status": "resting" if resting else state.status or "never polled",
                    "error": resting or state.error or None,
                    "every_minutes": config.every_minutes,
                    "polled_at": shapes.instant(state.polled_at),
                    "succeeded_at": shapes.instant(state.succeeded_at),
                    "next_poll_at": shapes.instant(state.next_poll_at),
                    "failures": state.failures,
                    "high_water": shapes.day(state.cursor.high_water),
                    "seeded": state.cursor.seeded_at is not None,
                }
            )
        zone = app.settings.zone_info
    if as_json:
        show_json(listed)
        return
    show_table(
        ("source", "kind", "status", "last success", "next poll", "why"),
        [
            (
                one["source"],
                one["kind"],
                one["status"],
                when(states[str(one["source"])].succeeded_at, zone),
                when(states[str(one["source"])].next_poll_at, zone),
                one["error"] or "",
            )
            for one in listed
        ],
    )
