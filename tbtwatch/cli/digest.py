"""digest: write what is due; the runs there were; a digest sent again."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from subscriptions.criteria import Frequency
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.digest import DigestReport, resend, run_due_digests, run_now
from tbtwatch.storage.digests import DigestRun

WINDOWS = {
    "daily": (Frequency.DAILY, False),
    "weekly": (Frequency.WEEKLY, False),
    "today": (Frequency.DAILY, True),
    "this-week": (Frequency.WEEKLY, True),
}
EARLY = {Frequency.DAILY: "today", Frequency.WEEKLY: "this-week"}

app = typer.Typer(help="Write the digests that are due.", invoke_without_command=True, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def digest(
    context: typer.Context,
    window: Annotated[
        str | None,
        typer.Option(
            help="daily or weekly: windows that are over. today or this-week: close the open windows now. "
            "Default: all that are over."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the digests of windows that are over; `deliver` sends them. A window is written once."""
    if context.invoked_subcommand is not None:
        return
    if window is not None and window not in WINDOWS:
        raise CommandError(f"{window!r} is no window; write {', '.join(WINDOWS)}")
    with the_app() as app:
        if window is None:
            reports = run_due_digests(desk=app.desk)
        else:
            frequency, early = WINDOWS[window]
            if early:
                report = run_now(frequency, desk=app.desk)
                reports = [report] if report else []
            else:
                reports = run_due_digests(desk=app.desk, frequencies=(frequency,))
        with app.storage.look() as tx:
            waiting = Counter(tx.alerts.waiting_for_digest()) + Counter(tx.alert_ways.waiting_for_digest())
        zone = app.settings.zone_info
    if as_json:
        show_json([_shape(report) for report in reports])
        return
    for report in reports:
        say(
            f"{report.frequency.value}, {when(report.starts_at, zone)} to {when(report.ends_at, zone)}: "
            f"{report.digests} digests with {report.alerts} alerts."
        )
    if not reports:
        say("No window is over that was not written already.")
    for frequency, number in sorted(waiting.items()):
        note(
            f"{number} alerts wait for the {frequency.value} digest that is still open; "
            f"`tbtwatch digest --window {EARLY[frequency]}` writes it now."
        )


@app.command("runs")
def runs(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the runs in which anybody was written to, newest first."""
    with the_app() as app:
        with app.storage.look() as tx:
            found = tx.digests.recent(limit=limit)
        zone = app.settings.zone_info
    if as_json:
        show_json([_run_shape(run, number) for run, number in found])
        return
    show_table(
        ("run", "frequency", "number", "zone", "from", "to", "written", "digests"),
        [
            (
                run.id,
                run.frequency.value,
                run.number,
                run.zone,
                when(run.starts_at, zone),
                when(run.ends_at, zone),
                when(run.ran_at, zone),
                number,
            )
            for run, number in found
        ],
    )


@app.command("resend")
def resend_(
    run: Annotated[int, typer.Argument(help="The run's number, as `tbtwatch digest runs` lists it.")],
    address: Annotated[str, typer.Argument(help="An address it wrote to.")],
    as_json: AsJson = False,
) -> None:
    """Send a digest again, byte for byte as it was written. Nothing counts as told anew."""
    with the_app() as app:
        done = resend(run, address, desk=app.desk)
    if as_json:
        show_json({"delivery": done.delivery, "subject": done.message.subject, "message_id": done.message.message_id})
        return
    say(f"Delivery {done.delivery}: “{done.message.subject}” goes to {done.message.recipient} once more.")


def _shape(report: DigestReport) -> dict[str, object]:
    return {
        "frequency": report.frequency.value,
        "zone": report.zone,
        "run": report.run,
        "starts_at": shapes.instant(report.starts_at),
        "ends_at": shapes.instant(report.ends_at),
        "digests": report.digests,
        "alerts": report.alerts,
    }


def _run_shape(run: DigestRun, digests: int) -> dict[str, object]:
    return {
        "run": run.id,
        "frequency": run.frequency.value,
        "number": run.number,
        "zone": run.zone,
        "weekday": run.weekday,
        "starts_at": shapes.instant(run.starts_at),
        "ends_at": shapes.instant(run.ends_at),
        "ran_at": shapes.instant(run.ran_at),
        "digests": digests,
    }
