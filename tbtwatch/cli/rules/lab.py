"""rules backtest, reports, report, evaluate, evaluation: what a draft would do, before it does."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, a_day, the_app, the_operator, today
from tbtwatch.cli.output import note, progress_bars, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules import report_words
from tbtwatch.cli.rules.report_page import page
from tbtwatch.pipeline import evaluation as trials
from tbtwatch.pipeline.backtest import run_backtest
from tbtwatch.storage.backtests import BacktestReport

YEAR = timedelta(days=365)

ToPage = Annotated[Path | None, typer.Option("--html", help="Write the report to this file as a page too.")]


def backtest(
    draft: Annotated[int, typer.Argument(help="The draft's version number.")],
    since: Annotated[
        str, typer.Option(help="Count messages by the news since then: 2026-03-01, or 30d. Default: a year.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who tries it. Default: the name you are logged in by.")] = "",
    html: ToPage = None,
    as_json: AsJson = False,
) -> None:
    """Try a draft on everything recorded: what it would gain, lose and grade otherwise, and who would have heard."""
    with the_app() as service:
        day = a_day(since, today=today(service)) if since else today(service) - YEAR
        begin = datetime.combine(day, time(), tzinfo=service.settings.zone_info)
        with progress_bars() as progress:
            try:
                tested = run_backtest(
                    draft,
                    since=begin,
                    by=by.strip() or the_operator(),
                    desk=service.desk,
                    progress=lambda done, total: progress("measures read by both", done, total),
                )
            except ValueError as error:
                raise CommandError(str(error)) from error
        _show(tested.report, service, html=html, as_json=as_json)
        if not tested.still:
            note("Other rules came into force meanwhile: publishing asks for a back-test against those.")


def reports(as_json: AsJson = False) -> None:
    """List the reports of back-tests, newest first."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.backtests.all()
        zone = service.settings.zone_info
    if as_json:
        show_json([_head(one) for one in found])
        return
    show_table(
        ("report", "draft", "against", "made", "by", "measures", "changed", "more messages", "fewer"),
        [
            (
                one.id,
                one.draft,
                one.against,
                when(one.made_at, zone),
                one.made_by,
                one.report["measures"],
                one.report["changed"],
                one.report["messages"]["more"],
                one.report["messages"]["fewer"],
            )
            for one in found
        ],
    )


def report(
    number: Annotated[int, typer.Argument(help="The report's number.")],
    html: ToPage = None,
    as_json: AsJson = False,
) -> None:
    """Show the report of a back-test as it was made."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.backtests.get(number)
        _show(found, service, html=html, as_json=as_json)


def evaluate(
    draft: Annotated[int, typer.Argument(help="The draft's version number.")],
    as_json: AsJson = False,
) -> None:
    """Let a draft classify what comes from now on too, beside the rules in force. It tells nobody anything."""
    with the_app() as service:
        try:
            version = trials.evaluate(draft, storage=service.storage, rulebook=service.rulebook, now=service.clock())
        except ValueError as error:
            raise CommandError(str(error)) from error
    if as_json:
        show_json(
            {"version": version.version, "state": version.state, "since": shapes.instant(version.evaluated_since)}
        )
        return
    say(
        f"Version {draft} is under evaluation: the running service (or `tbtwatch recover`) classifies whatever comes "
        f"from now on by it too, and tells nobody. `tbtwatch rules evaluation {draft}` shows what it would have done."
    )


def evaluation(
    version: Annotated[int, typer.Argument(help="The version's number.")],
    html: ToPage = None,
    as_json: AsJson = False,
) -> None:
    """Show what a version under evaluation would have added and removed among what came since."""
    with the_app() as service:
        try:
            found = trials.evaluation(version, desk=service.desk)
        except ValueError as error:
            raise CommandError(str(error)) from error
        zone = service.settings.zone_info
    since = found.version.evaluated_since
    words = report_words.summary(found.report, whose=f"version {version}", read="recorded or revised since")
    by_now = "" if found.version.state == "evaluation" else f", {found.version.state} by now"
    made = f"Under evaluation since {when(since, zone)}{by_now}."
    if html:
        _write(html, page(found.report, title=f"Evaluation of version {version}", made=made, summary=_upper(words)))
    if as_json:
        show_json({"version": version, "state": found.version.state, "waiting": found.waiting, **found.report})
        return
    say(made)
    say(_upper(words))
    for line in report_words.lines(found.report):
        say(line)
    if found.waiting:
        note("There is more that it has not read yet; the running service does it, or `tbtwatch recover`.")


def _show(found: BacktestReport, service: App, *, html: Path | None, as_json: bool) -> None:
    zone = service.settings.zone_info
    words = report_words.summary(found.report, whose=f"draft {found.draft}", read="recorded")
    made = (
        f"Report {found.id}: draft {found.draft} against version {found.against}, {when(found.made_at, zone)}"
        f"{f', by {found.made_by}' if found.made_by else ''}."
    )
    if html:
        _write(html, page(found.report, title=f"Back-test of draft {found.draft}", made=made, summary=_upper(words)))
    if as_json:
        show_json(_head(found) | found.report)
        return
    say(made)
    say(_upper(words))
    for line in report_words.lines(found.report):
        say(line)


def _head(found: BacktestReport) -> dict[str, Any]:
    return {
        "report": found.id,
        "draft": found.draft,
        "against": found.against,
        "made_at": shapes.instant(found.made_at),
        "made_by": found.made_by,
        "measures": found.report["measures"],
        "changed": found.report["changed"],
    }


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"the page cannot be written to {path}: {error.strerror}; name another file") from error
    note(f"The page is {path}.")


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
