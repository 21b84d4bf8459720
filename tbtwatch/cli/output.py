"""How commands speak: results on standard output, everything else on standard error, progress on a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

# A pipe has no width; a table in it is not squeezed into the eighty columns that rich would guess.
PIPE_WIDTH = 200
out = Console(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def say(sentence: str = "") -> None:
    """A line of the result."""
    out.print(escape(sentence))


def note(sentence: str) -> None:
    """A line that is not the result: on standard error, so that a script's pipe stays clean."""
    err.print(escape(sentence))


def show_json_list(values: Iterable[Any]) -> None:
    """A list for a script, written as it comes: a hundred thousand measures are not held in memory for it."""
    sys.stdout.write("[")
    behind = "\n"
    for value in values:
        lines = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        sys.stdout.write(f"{behind}  {lines}")
        behind = ",\n"
    sys.stdout.write("]\n" if behind == "\n" else "\n]\n")


def show_json(value: Any) -> None:
    """The result for a script."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_table(columns: Sequence[str], lines: Iterable[Sequence[object]], *, title: str = "") -> None:
    """The result for people."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for line in lines:
        table.add_row(*(escape(str(cell)) for cell in line))
    out.print(table, soft_wrap=False)


def when(instant: datetime | None, zone: ZoneInfo) -> str:
    """An instant as the operator reads it."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M") if instant else "never"


@contextmanager
def progress_bars() -> Iterator[Any]:
    """A function (name, done, total) that shows bars on a terminal, and does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, emoji=False),
    )
    tasks: dict[str, Any] = {}

    def show(name: str, done: int, total: int | None) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=total)
        bars.update(tasks[name], completed=done, total=total)

    with bars:
        yield show


def several(number: int, one: str, many: str) -> str:
    """A number with its words: "1 measure was", "2 measures were"."""
    return f"{number} {one if number == 1 else many}"
