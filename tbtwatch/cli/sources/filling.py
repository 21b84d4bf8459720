"""sources backfill: history from a publisher that can be asked for a range of days."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, a_day, the_app, the_operator, today
from tbtwatch.cli.output import note, progress_bars, say, show_json
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.backfill import BackfillReport, Means
from tbtwatch.pipeline.backfill import backfill as fill
from watcher.slices import Slice, SliceError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backfill")(backfill)


def backfill(
    source: Annotated[str, typer.Argument(help="The name of a source that can be asked for a range of days.")],
    since: Annotated[str, typer.Option(help="The first day: 2020-01-01, or 365d for a year ago.")],
    until: Annotated[str, typer.Option(help="The last day. Default: today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Read a range of days from a publisher: recorded, classified, findable; nobody is told. It can be broken off."""
    with the_app() as app:
        now = today(app)
        try:
            wanted = Slice(since=a_day(since, today=now), until=a_day(until, today=now) if until else now)
        except SliceError as error:
            raise CommandError(str(error)) from error
        report = asyncio.run(_fill(app, source, wanted))
    tally = report.tally
    result = {
        "source": report.source,
        "since": shapes.day(wanted.since),
        "until": shapes.day(wanted.until),
        "notices": len(tally.seen),
        "new": len(tally.new),
        "changed": len(tally.changed),
        "unchanged": tally.unchanged,
        "unreadable": tally.unreadable,
        "parts": report.parts,
        "requests": report.requests,
        "resumed": report.resumed,
        "waited_seconds": round(report.waited),
        "too_full": [shapes.day(day) for day in report.too_full],
        "error": report.error or None,
    }
    if as_json:
        show_json(result)
    else:
        say(
            f"{report.source}, {wanted}: {len(tally.seen)} notices: {len(tally.new)} new, "
            f"{len(tally.changed)} changed, {tally.unchanged} unchanged, in {report.parts} parts. Nobody was told."
        )
    for day in report.too_full:
        note(f"{day} was not read: the publisher never gives it whole. Narrow 'params' of the source, then ask again.")
    if report.error:
        note(f"{report.source} {report.error}. What was read is kept; the same command goes on with the rest.")
        raise typer.Exit(1)


async def _fill(app: App, name: str, wanted: Slice) -> BackfillReport:
    readers = app.readers()
    try:
        async with app.fetcher() as fetcher:
            means = Means(
                fetcher=fetcher,
                storage=app.storage,
                rulebook=app.rulebook,
                clock=app.clock,
                readers=readers,
                by=the_operator(),
            )
            with progress_bars() as progress:
                return await fill(app.source(name), wanted, means=means, progress=progress)
    finally:
        await readers.close()
