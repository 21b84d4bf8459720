"""deliver, deliveries, recover."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from notifiers.outcome import State
from tbtwatch.cli import second_try, shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import recover as recovery


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("deliver", deliver),
        ("recover", recover),
    ):
        app.command(name)(command)
    listing = typer.Typer(help="The messages owed and sent.", invoke_without_command=True, rich_markup_mode=None)
    listing.callback(invoke_without_command=True)(deliveries)
    second_try.register(listing)
    app.add_typer(listing, name="deliveries")


def deliver(as_json: AsJson = False) -> None:
    """Send what is due, by the channels that are configured. Exit code 1 if a channel's settings are wrong."""
    with the_app() as app:
        with app.storage.begin() as tx:
            # Whoever sends by hand has just corrected what was wrong, or wants to see that it still is.
            tx.outbox.resume_channels()

        async def work() -> object:
            try:
                return await app.deliver()
            finally:
                for notifier in app.notifiers.values():
                    await notifier.close()

        report = asyncio.run(work())
        with app.storage.look() as tx:
            counts = tx.outbox.counts()
            due = {channel: tx.outbox.next_due(channel) for channel in app.notifiers}
        waiting: dict[str, int] = {}
        for (channel, state), number in counts.items():
            if state in (State.PENDING, State.SENDING):
                waiting[channel] = waiting.get(channel, 0) + number
        result = {
            "sent": report.sent,  # type: ignore[attr-defined]
            "again": report.again,  # type: ignore[attr-defined]
            "refused": report.refused,  # type: ignore[attr-defined]
            "expired": report.expired,  # type: ignore[attr-defined]
            "waiting": waiting,
            "stopped": report.stopped,  # type: ignore[attr-defined]
        }
        if as_json:
            show_json(result)
        else:
            say(
                f"{result['sent']} sent, {result['again']} to be tried again, "
                f"{result['refused']} refused, {result['expired']} expired."
            )
            for channel, number in sorted(waiting.items()):
                why = (
                    ""
                    if channel in app.notifiers
                    else ": this channel is not configured (`tbtwatch status` says what is missing)"
                )
                next_due = due.get(channel)
                say(
                    f"{number} wait for {channel}{why}."
                    + (f" The next is due {when(next_due, app.settings.zone_info)}." if next_due else "")
                )
            for channel, detail in result["stopped"].items():
                note(f"{channel} is stopped for ten minutes: {detail}. Nothing is lost.")
    if result["stopped"]:
        raise typer.Exit(1)


def deliveries(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help=", ".join(State))] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="At most so many; 0: all. Default: 50, all with --json.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the messages owed and sent, newest first; or do something with one of them."""
    if context.invoked_subcommand is not None:
        return
    if state is not None and state not in list(State):
        raise CommandError(f"{state!r} is no state; write {', '.join(State)}")
    with the_app() as app:
        asked = limit if limit is not None else (0 if as_json else 50)
        with app.storage.look() as tx:
            found = tx.outbox.list(state=State(state) if state else None, limit=asked or 10_000_000)
        zone = app.settings.zone_info
    if as_json:
        show_json([shapes.a_delivery(one) for one in found])
        return
    show_table(
        ("id", "state", "kind", "channel", "to", "attempts", "written", "subject", "detail"),
        [
            (
                one.id,
                one.state.value,
                one.kind,
                one.channel,
                one.target,
                one.attempts,
                when(one.created_at, zone),
                one.subject[:80],
                one.detail[:80],
            )
            for one in found
        ],
    )


def recover(as_json: AsJson = False) -> None:
    """Finish what a crash left half done: alerts, deliveries of dead workers, digest windows, classifying anew."""
    with the_app() as app:
        report = recovery.recover(desk=app.desk)
        app.settle_questions()
    result = {
        "measures": report.measures,
        "alerts": report.alerts,
        "leases": report.leases,
        "windows": report.windows,
        "broken": report.broken,
        "reclassified": report.reclassified,
        "tried": report.tried,
        "reminders": report.reminders,
        "starters": report.starters,
    }
    if as_json:
        show_json(result)
        return
    say(
        f"{report.measures} measures had news nobody was alerted of: {report.alerts} alerts raised. "
        f"{report.leases} deliveries of dead workers are back in the line. {report.windows} digest windows written."
    )
    if report.reminders:
        say(f"{report.reminders} reminders of deadlines were written.")
    if report.reclassified:
        say(f"{report.reclassified} measures were classified anew by the rules in force; that tells nobody anything.")
    if report.tried:
        say(f"{report.tried} measures were classified by the versions under evaluation too; that tells nobody either.")
    if report.broken:
        note(f"For {report.broken} measures the alerts could not be raised; the log says why.")
