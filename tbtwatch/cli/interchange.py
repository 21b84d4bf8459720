"""import, export: notices from files and into them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, a_day, the_app, today
from tbtwatch.cli.output import note, progress_bars, say, show_json
from tbtwatch.cli.polling import AsJson, held_sentence
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.pipeline.history import import_file
from tbtwatch.pipeline.interchange import Wanted, export_lines


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command("export")(export)


def import_(
    file: Annotated[Path, typer.Argument(help="A workbook of the WTO (.xlsx) or JSON Lines (.jsonl).")],
    news: Annotated[
        bool, typer.Option("--news", help="What is new in it is told, as if a source had brought it. Default: no.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read history from a file: recorded, classified, findable; nobody is told. Broken off, it goes on where it was."""
    if not file.is_file():
        raise CommandError(f"there is no file {file}")
    with the_app() as app, progress_bars() as progress:
        report = import_file(file, desk=app.desk, news=news, progress=progress)
        alerts = sum(raise_alerts(measure, desk=app.desk) for measure in report.settled.measures) if news else 0
    tally, held = report.tally, report.settled.held
    result = {
        "file": file.name,
        "notices": len(tally.seen),
        "new": len(tally.new),
        "changed": len(tally.changed),
        "unchanged": tally.unchanged,
        "unreadable": tally.unreadable,
        "measures": len(tally.measures),
        "skipped": report.skipped,
        "alerts": alerts,
        "held": held.id if held else None,
    }
    if as_json:
        show_json(result)
        return
    if report.skipped:
        say(f"Gone on after the {report.skipped} entries that were read when it was broken off.")
    say(
        f"{file.name}: {result['notices']} notices: {result['new']} new, {result['changed']} changed, "
        f"{result['unchanged']} unchanged. " + (f"{alerts} alerts raised." if news else "Nobody was told.")
    )
    if held:
        say(held_sentence(held))
    if tally.unreadable:
        note(f"{tally.unreadable} entries could not be read; `tbtwatch status` shows them.")


def export(
    file: Annotated[Path, typer.Argument(help="Where to write: a file that ends with .jsonl.")],
    since: Annotated[str, typer.Option(help="Distributed on or after this day: 2026-03-01, or 30d.")] = "",
    market: Annotated[
        list[str] | None, typer.Option(help="A Member or a group: KEN, Kenya, 肯尼亚, EAC. May be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the notices as JSON Lines that `tbtwatch import` reads. A file that is there is replaced at the end."""
    if file.suffix.lower() not in (".jsonl", ".ndjson"):
        raise CommandError(f"{file.name} does not end with .jsonl; `tbtwatch import` knows the format by it")
    if not file.absolute().parent.is_dir():
        raise CommandError(f"there is no folder {file.absolute().parent}")
    with the_app() as app, progress_bars() as progress:
        wanted = Wanted(
            since=a_day(since, today=today(app)) if since else None,
            members=app.markets.expand([app.markets.resolve(one) for one in market]) if market else frozenset(),
        )
        part = file.with_name(f".{file.name}.part")
        written = 0
        try:
            with part.open("w", encoding="utf-8", newline="\n") as lines:
                for line in export_lines(wanted, storage=app.storage, progress=progress):
                    lines.write(f"{line}\n")
                    written += 1
                lines.flush()
                os.fsync(lines.fileno())
            part.replace(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
    if as_json:
        show_json({"file": file.name, "notices": written, "since": shapes.day(wanted.since)})
        return
    say(f"{file}: {written} notices.")
