"""What the demo tells on the terminal, and the summary of what it claimed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

STAFF = "staff@tbtwatch.example"  #: who may enter the staff's pages of the demo


@dataclass
class Story:
    """What is shown, and what was claimed."""

    console: Console
    claims: list[tuple[str, str, bool]] = field(default_factory=list)

    def chapter(self, title: str, clock: Callable[[], datetime]) -> None:
        """A new point in the story."""
        self.console.print()
        self.console.rule(f"[bold]{escape(title)}[/]  {clock():%a %d %B %Y, %H:%M} in Ningbo", align="left")

    def tell(self, line: str) -> None:
        """A line of the story."""
        self.console.print(f"  {escape(line)}")

    def claim(self, what: str, shown: str, holds: bool) -> None:
        """Something the summary says, and whether it happened."""
        self.claims.append((what, shown, holds))


def summary(story: Story, folder: Path, seconds: float) -> int:
    """Show what was claimed and what happened; 0 if all of it holds, else 1."""
    table = Table("", "What was claimed", "What happened", title="Summary", title_justify="left")
    for what, shown, holds in story.claims:
        table.add_row("[green]✓[/]" if holds else "[red]✗[/]", escape(what), escape(shown))
    story.console.print()
    story.console.print(table)
    failed = sum(1 for *_, holds in story.claims if not holds)
    if failed:
        story.console.print(f"[red]{failed} of {len(story.claims)} claims did not hold.[/]")
    else:
        story.console.print(f"All {len(story.claims)} claims hold. {seconds:.0f} seconds.")
    database = escape(str(folder / "tbtwatch.db"))
    story.console.print(
        f"The mails are in {escape(str(folder / 'mail'))}. Look further:\n"
        f"  TBTWATCH_DATABASE_URL=sqlite:///{database} .venv/bin/tbtwatch measure G/TBT/N/EU/9024\n"
        "In a browser, at http://127.0.0.1:8080/, as it is on the demo's last day:\n"
        f"  TBTWATCH_DATABASE_URL=sqlite:///{database} .venv/bin/tbtwatch web --as-of 2026-01-28\n"
        "Behind the counter, while that runs, by the link that this prints:\n"
        f"  TBTWATCH_DATABASE_URL=sqlite:///{database} .venv/bin/tbtwatch sign-in-link {STAFF}"
    )
    return 1 if failed else 0
