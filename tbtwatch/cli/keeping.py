"""retention, ageing, and of an enterprise: export, erase."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.addresses import By
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.ageing import ageing as find_ageing
from tbtwatch.pipeline.erasure import erase as erase_enterprise
from tbtwatch.pipeline.erasure import export as export_enterprise
from tbtwatch.pipeline.retention import retain

enterprise = typer.Typer(help="An enterprise's data.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="The name of an enterprise.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("retention")(retention)
    app.command("ageing")(ageing)


@enterprise.command()
def export(
    name: Name, to: Annotated[Path | None, typer.Option(help="Write to this file; default: standard output.")] = None
) -> None:
    """Print all that is stored of an enterprise, as JSON: every row of every table, without secrets."""
    with the_app() as app:
        found = export_enterprise(name, storage=app.storage, now=app.clock())
    if to is None:
        show_json(found)
        return
    try:
        to.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{to} cannot be written: {error.strerror}") from error
    rows = sum(len(several) for several in found["tables"].values())
    say(f"{rows} rows of {len(found['tables'])} tables are in {to}.")


@enterprise.command()
def erase(
    name: Name,
    by: By,
    why: Annotated[str, typer.Option(help="Why; kept with the counts. Write no name into it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone, and I know it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase all that is stored of an enterprise. What stays: counts, who did it and why, and hashes of addresses.

    Nothing is sent to those addresses any more, whoever asks; `tbtwatch address lift` undoes that for one.
    """
    if not dry_run and not yes:
        raise CommandError(
            "this cannot be undone: look with --dry-run, keep `tbtwatch enterprise export`, then add --yes"
        )
    with the_app() as app:
        done = erase_enterprise(name, by=by, why=why, desk=app.desk, dry_run=dry_run)
        folder = app.settings.outbox_folder
    if as_json:
        show_json(
            {
                "erasure": done.number,
                "rows": done.rows,
                "suppressed": len(done.suppressed),
                "shared": [str(one) for one in done.shared],
                "under_way": done.under_way,
            }
        )
        return
    rows = ", ".join(f"{number} {table}" for table, number in sorted(done.rows.items()))
    verb = "would be erased" if dry_run else "were erased"
    say(
        f"{sum(done.rows.values())} rows {verb}: {rows}. {len(done.suppressed)} addresses: nothing is sent there again."
    )
    for one in done.shared:
        note(f"{one} is not suppressed: another enterprise is answered there too.")
    if done.under_way:
        note(f"{done.under_way} messages were being sent just then; they may still arrive.")
    for one in done.suppressed:
        if one.channel == "file":
            note(f"What was written to {folder / one.target} is the reader's; delete that folder by hand.")
    if not dry_run:
        note("Backups hold what they held; let them run out, or erase again after a restore.")


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go.")] = False, as_json: AsJson = False
) -> None:
    """Let go of what has had its time, as the settings keep_… say. `tbtwatch run` does this once a day."""
    with the_app() as app:
        keep = app.keep()
        gone = retain(keep, desk=app.desk, dry_run=dry_run)
    if as_json:
        show_json({"keep": asdict(keep), **asdict(gone), "former": list(gone.former), "dry_run": dry_run})
        return
    would = "would be" if dry_run else "were"
    say(
        f"{gone.messages} messages {would} emptied, {gone.polls} polls and {gone.codes} codes {would} forgotten, "
        f"{len(gone.former)} former enterprises {would} erased."
    )
    for name in gone.former if dry_run else ():
        say(f"  {name}")


def ageing(
    months: Annotated[
        int | None, typer.Option(min=1, max=120, help="Without news for so long; default: ageing_months, or 12.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the live subscriptions that brought nothing for long. Their owners are shown them once a quarter."""
    with the_app() as app:
        found = find_ageing(months or app.settings.ageing_months or 12, desk=app.desk)
        zone = app.settings.zone_info
    if as_json:
        show_json(
            [{**shapes.a_subscription(one.subscription), "last_news_at": shapes.instant(one.last)} for one in found]
        )
        return
    show_table(
        ("id", "enterprise", "name", "since", "last news"),
        [
            (
                one.subscription.id,
                one.subscription.enterprise,
                one.subscription.name,
                when(one.subscription.started_at, zone),
                when(one.last, zone),
            )
            for one in found
        ],
    )
