"""poll."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from tbtwatch.bootstrap import NO_CONTACT, App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import the_app
from tbtwatch.cli.output import progress_bars, say, show_json
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.politeness import RESTING, ended, settings_version
from tbtwatch.storage.held import Hold
from watcher.source import Source

AsJson = Annotated[bool, typer.Option("--json", help="Print the result for a script.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("poll")(poll)


def poll(
    source: Annotated[list[str] | None, typer.Argument(help="Names of sources; none: all that are enabled.")] = None,
    as_json: AsJson = False,
) -> None:
    """Poll sources now, due or not, and write the alerts owed for what is new. The first poll of a source is silent."""
    with the_app() as app:
        enabled = [one for one in app.sources if one.config.enabled]
        without_contact = [] if source else [one for one in enabled if one.config.rests == NO_CONTACT]
        chosen = [app.source(name) for name in source] if source else [s for s in enabled if s not in without_contact]
        over = {} if source else _ended(app, chosen)
        reports = asyncio.run(_poll(app, [one for one in chosen if one.config.name not in over]))
        reports += over.values()
    if as_json:
        show_json([shapes.a_poll(report) for report in reports])
        return
    for report in reports:
        say(_sentence(report))
    if without_contact:
        say(f"{len(without_contact)} sources of partner regulators rest: {NO_CONTACT}.")


def _ended(app: App, chosen: list[Source]) -> dict[str, PollReport]:
    """Of these sources those that have ended, by name, with what is said of each instead of asking it."""
    with app.storage.look() as tx:
        states = {state.name: state for state in tx.sources.states()}
    found = {}
    for source in chosen:
        name, state = source.config.name, states.get(source.config.name)
        if state is not None and state.ended_at is not None and ended(state, settings_version(source.config)):
            day = state.ended_at.astimezone(app.settings.zone_info).date()
            said = f"It has ended on {day} and is not asked any more; `tbtwatch poll {name}` asks it all the same."
            found[name] = PollReport(source=name, status=RESTING, error=said)
    return found


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
    seeded = ""
    if report.seeding:
        told = f"{len(report.measures)} measures still open for comments are told of" if report.measures else ""
        seeded = f" First poll: recorded, {told or 'nobody was told'}."
    held = f" {held_sentence(report.held)}" if report.held else ""
    return f"{report.source}: {counts}.{seeded}{held}"


def held_sentence(hold: Hold) -> str:
    """What was held, and what staff can do."""
    return (
        f"That is more than the {hold.allowed} it may bring in one poll: nobody is told of {hold.notices} new and "
        f"{hold.changed} changed notices until you decide (`tbtwatch sources held`)."
    )
