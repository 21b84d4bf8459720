"""rules score: how well the rules classify rows whose answers are known."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from rules.ruleset import RuleSet
from tbtwatch.cli.context import CommandError
from tbtwatch.cli.output import note, progress_bars, say, show_json, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.configuration import SHIPPED
from tbtwatch.labelled.page import page
from tbtwatch.labelled.rows import LabelledRow, LabelledRowError, read_rows
from tbtwatch.labelled.scoring import QUESTIONS, Score
from tbtwatch.labelled.scoring import score as score_of
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.reference import load_hs, load_markets
from tbtwatch.settings import load_settings

HALVES = ("held-out", "tuning", "all")


def score(
    files: Annotated[list[Path], typer.Argument(help="JSON lines of labelled rows: notifications or trade barriers.")],
    half: Annotated[
        str, typer.Option(help="Which rows: held-out (by their symbol, the default), tuning, or all.")
    ] = "held-out",
    labels: Annotated[
        Path | None, typer.Option(help="CSV with our own labels of rows: row_id, stage, kind, areas (parted by |).")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with the confusions and the worst cases to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Classify labelled rows, their codes hidden, by the rules of the configuration folder; say how much is right."""
    if half not in HALVES:
        raise CommandError(f"{half!r} is no half; choose held-out, tuning or all")
    settings = load_settings()
    ruleset = Rulebook(settings.config_folder or SHIPPED).shipped()
    markets = load_markets(SHIPPED / "reference")
    own = _labels(labels) if labels else {}
    found: dict[str, Score] = {}
    with progress_bars() as progress:
        for path in files:
            try:
                rows = read_rows(path, markets, own)
            except LabelledRowError as error:
                raise CommandError(str(error)) from error
            wanted = [row for row in rows if half == "all" or row.held_out == (half == "held-out")]
            found[str(path)] = _scored(wanted, ruleset, path, progress)
    if html is not None:
        _write_pages(html, found, half, ruleset)
    if as_json:
        show_json({"half": half, "files": {path: one.as_plain() for path, one in found.items()}})
        return
    for name, one in found.items():
        _show(name, one, half)
    if html is not None:
        note(f"The confusions and the worst cases stand in {html}.")


def _scored(rows: list[LabelledRow], ruleset: RuleSet, path: Path, progress: Any) -> Score:
    return score_of(rows, ruleset, progress=lambda done: progress(path.name, done, len(rows)))


def _labels(path: Path) -> dict[str, dict[str, Any]]:
    """Our own labels by row_id. Raises CommandError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found = {}
            for row in csv.DictReader(lines):
                areas = row.get("areas")
                found[row["row_id"]] = {
                    "stage": row.get("stage") or "",
                    "kind": row.get("kind") or "",
                    **({} if areas is None else {"areas": [area for area in areas.split("|") if area]}),
                }
            return found
    except (OSError, UnicodeError, KeyError) as error:
        raise CommandError(
            f"{path} cannot be used as labels ({error}); it needs the columns row_id, stage, kind, areas"
        ) from error


def _write_pages(path: Path, found: dict[str, Score], half: str, ruleset: RuleSet) -> None:
    """One page for one file; for several, a page each, named by the file."""
    titles = load_hs(SHIPPED / "reference")
    for source, one in found.items():
        target = path if len(found) == 1 else path.with_name(f"{path.stem}-{Path(source).stem}{path.suffix or '.html'}")
        text = page(
            one,
            titles,
            heading=f"Score on {Path(source).name}, {half} rows",
            rules=f"{len(ruleset.rules)} rules, fingerprint {ruleset.fingerprint[:12]}",
        )
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"the page cannot be written to {target}: {error.strerror}") from error


def _show(path: str, one: Score, half: str) -> None:
    plain = one.as_plain()
    say(f"{path}: {one.rows} rows ({half})")
    for which, name in (("hs", "HS"), ("ics", "ICS")):
        wrong = one.stated[f"{which}_unreadable"]
        unread = f"; not read: {', '.join(wrong)}" if wrong else ", all of them read"
        say(f"{one.stated[which]} {name} codes are stated{unread}.")
    lines = []
    for texts, parts in plain["figures"].items():
        for question in QUESTIONS:
            for part, figures in parts.items():
                if question in figures:
                    lines.append((question, texts, part, *_cells(figures[question])))
        for part, figures in plain["tf_idf_baseline"].get(texts, {}).items():
            lines.append(("hs_chapter by TF-IDF", texts, part, *_cells(figures)))
    show_table(("question", "from", "rows in", "rows", "top 1", "top 3", "precision", "recall"), lines)
    say()


def _cells(figures: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(figures["rows"]),
        *(
            "" if figures.get(name) is None else f"{figures[name]:.3f}"
            for name in ("top1", "top3", "precision", "recall")
        ),
    )
