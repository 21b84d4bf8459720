"""init, run, demo, status."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from notifiers.outcome import State
from tbtwatch.bootstrap import App, not_configured
from tbtwatch.cli import context, shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, progress_bars, say, show_json, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.web import means_of, serving
from tbtwatch.pipeline.burst import HELD_BACK
from tbtwatch.pipeline.look.filling import fill
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.scheduler import Service
from tbtwatch.settings import load_settings, meaningless_variables

DEMO_FOLDER = Path("var/demo")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("init", init), ("run", run), ("demo", demo), ("status", status)):
        app.command(name)(command)


def init(as_json: AsJson = False) -> None:
    """Make the database or bring it up to date, and install the rules. Doing it again changes nothing."""
    with the_app() as app:
        installed = app.rulebook.install(app.storage, now=app.clock())
        with progress_bars() as progress:
            fill(app.storage, lambda done, total: progress("search", done, total))
        database = app.storage.engine.url.render_as_string(hide_password=True)
        missing = not_configured(app)
    if as_json:
        show_json({"database": database, "rules": installed.version.version, "not_configured": missing})
        return
    say(f"The database is ready: {database}")
    say(installed.sentence)
    for sentence in missing:
        say(sentence)


def run() -> None:
    """Run the service until it is told to end (SIGTERM, or Ctrl-C)."""
    settings = load_settings()
    context.LEVEL["now"] = logging.INFO
    with the_app(settings) as app:
        for sentence in (*not_configured(app), *meaningless_variables()):
            note(sentence)
        note(f"Running; database {app.storage.engine.url.render_as_string(hide_password=True)}. End it with Ctrl-C.")
        with progress_bars() as progress:
            app.desk.audience.prepare(app.storage, lambda done, total: progress("subscriptions", done, total))
        asyncio.run(_run(app))
    note("Ended; what waits is in the database.")


async def _run(app: App) -> None:
    beside: list[Callable[[asyncio.Event], Awaitable[None]]] = []
    if token := app.settings.telegram_token:
        from tbtwatch.bot.bot import talk  # its library is large, and no other command needs it

        async def bot(stop: asyncio.Event) -> None:
            await talk(app.desk, token=token.get_secret_value(), base_url=app.settings.telegram_base_url, stop=stop)

        beside.append(bot)
    if port := app.settings.web_port:
        beside.append(serving(app.desk, app.settings, port, means=means_of(app)))
    try:
        await Service(app).run(*beside)
    finally:
        for notifier in app.notifiers.values():
            await notifier.close()


def demo(
    folder: Annotated[
        Path, typer.Option(help="Where the mails and the database of the demo go; emptied first.")
    ] = DEMO_FOLDER,
) -> None:
    """Show the whole flow on documents of our own, over real HTTP and SMTP on this machine, in under a minute."""
    try:
        # Its mail server and its workbook writer are not installed with the service alone.
        from tbtwatch.demo.show import show_demo
    except ModuleNotFoundError as error:
        raise CommandError(f"the demo needs {error.name}; install it with: pip install 'tbtwatch[demo]'") from error
    raise typer.Exit(asyncio.run(show_demo(folder)))


def status(as_json: AsJson = False) -> None:
    """Say how the service is: sources, entries that could not be read, what waits, what is not configured."""
    with the_app() as app:
        result = _status(app)
        zone = app.settings.zone_info
    if as_json:
        show_json(result)
        return
    counts = result["counts"]
    say(
        f"{counts['measures']} measures from {counts['notices']} notices; {counts['subscriptions']} subscriptions; "
        f"{counts['alerts']} alerts. Rules: version {result['rules']}."
    )
    if result["measures_to_reclassify"]:
        say(
            f"{result['measures_to_reclassify']} measures are still to be classified by the rules in force; the "
            "service does it, or `tbtwatch recover`."
        )
    say()
    say("Sources")
    for one in result["sources"]:
        reached = when(_instant(one["succeeded_at"]), zone)
        say(
            f"  {one['source']}: {one['status']}, last success {reached}"
            + (f": {one['error']}" if one["error"] else "")
        )
    say()
    say("Messages")
    for one in result["deliveries"]:
        say(f"  {one['channel']}: {one['number']} {one['state']}")
    if not result["deliveries"]:
        say("  none yet")
    for channel in result["stopped_channels"]:
        say(f"  {channel['channel']} is stopped: {channel['detail']}")
    if bursts := result["bursts"]["messages"]:
        say(f"  {result['bursts']['gathered']} were too many for an hour: {bursts} messages told them, each by name")
    if waiting := result["bursts"]["waiting"]:
        say(f"  {waiting} wait, to be told together: their addresses have had their messages of the hour")
    for frequency, number in result["waiting_for_digest"].items():
        say(f"  {number} alerts wait for the {frequency} digest")
    if result["unreadable"]:
        say()
        listed = len(result["unreadable"])
        these = f", the last {listed} here" if counts["unreadable"] > listed else ""
        say(f"Entries that could not be read: {counts['unreadable']}{these}")
        for one in result["unreadable"]:
            say(f"  {one['source']}, {one['entry']}: {one['problem'].removeprefix(one['entry'] + ': ')}")
    if result["unconfirmed"]:
        say()
        say("Addresses whose owners have not agreed yet; what is for them waits")
        for one in result["unconfirmed"]:
            since = when(_instant(one["asked_since"]), zone)
            say(f"  {one['channel']}:{one['target']}, {one['enterprise']}, asked since {since}")
    if result["not_configured"]:
        say()
        say("Not configured")
        for sentence in result["not_configured"]:
            say(f"  {sentence}")


def _instant(text: str | None) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text) if text else None


def _status(app: App) -> dict[str, Any]:
    with app.storage.look() as tx:
        states = {source.config.name: tx.sources.state(source.config.name) for source in app.sources}
        counts = {
            **tx.notices.counts(),
            "measures": tx.measures.count(),
            "subscriptions": tx.subscriptions.count_live(),
            "alerts": tx.alerts.count(),
        }
        unreadable = tx.notices.unreadable(limit=50)
        deliveries = tx.outbox.counts()
        stopped = tx.outbox.stopped_channels()
        bursts = tx.bursts.counts(HELD_BACK)
        digests = Counter(tx.alerts.waiting_for_digest()) + Counter(tx.alert_ways.waiting_for_digest())
        waiting = len(tx.changes.measures_waiting())
        active = tx.rulesets.active()
        old = to_do(tx)
        unconfirmed = tx.confirmations.open()
    return {
        "unconfirmed": [{**shapes.a_confirmation(one), "enterprise": one.enterprise} for one in unconfirmed],
        "counts": counts,
        "rules": active.version if active else None,
        "sources": [
            {
                "source": source.config.name,
                "status": "resting" if source.resting() else states[source.config.name].status or "never polled",
                "error": source.resting() or states[source.config.name].error or None,
                "polled_at": shapes.instant(states[source.config.name].polled_at),
                "succeeded_at": shapes.instant(states[source.config.name].succeeded_at),
                "failing_since": shapes.instant(states[source.config.name].failing_since),
                "failures": states[source.config.name].failures,
            }
            for source in app.sources
            if source.config.enabled
        ],
        "deliveries": [
            {"channel": channel, "state": state.value, "number": number}
            for (channel, state), number in sorted(deliveries.items(), key=lambda pair: (pair[0][0], pair[0][1].value))
        ],
        "pending": sum(n for (_, state), n in deliveries.items() if state in (State.PENDING, State.SENDING)),
        "stopped_channels": [
            {"channel": one.name, "since": shapes.instant(one.stopped_at), "detail": one.detail} for one in stopped
        ],
        "bursts": bursts,
        "waiting_for_digest": {frequency.value: number for frequency, number in digests.items()},
        "measures_not_alerted": waiting,
        "measures_to_reclassify": old,
        "unreadable": [
            {
                "source": one.source,
                "entry": one.entry,
                "problem": one.problem,
                "first_seen_at": shapes.instant(one.first_seen_at),
                "last_seen_at": shapes.instant(one.last_seen_at),
            }
            for one in unreadable
        ],
        "not_configured": [*not_configured(app), *meaningless_variables()],
    }
