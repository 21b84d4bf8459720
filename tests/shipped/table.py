"""The table of docs/shipped-sources.md, made of the shipped entries: `python -m tests.shipped.table` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tbtwatch.configuration import SHIPPED, source_entries
from watcher.sources import make_source

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "shipped-sources.md"
#: The line in the document under which the table stands, to its end.
BELOW: Final = "## All shipped sources"


def rows() -> Iterator[str]:
    """The table, line by line."""
    yield "| source | what it is | market | kind | evidence | state | asked | terms |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for entry in source_entries(SHIPPED):
        yield f"| {' | '.join(_cells(entry))} |"


def _cells(entry: dict[str, Any]) -> Iterator[str]:
    config = make_source(entry).config
    yield f"`{config.name}`"
    yield config.title
    yield config.market or "all"
    yield f"`{config.kind}`"
    yield config.evidence
    if not config.enabled:
        yield f"off: {config.why_off.rstrip('.')}" if config.why_off else "off"
    else:
        yield "on, with a contact" if config.needs_contact else "on"
    yield _spoken(config.every_minutes)
    yield config.terms.rstrip(".") or "–"


def _spoken(minutes: int) -> str:
    if minutes == 60:
        return "hourly"
    if minutes == 1440:
        return "daily"
    return f"every {minutes // 60} h" if minutes % 60 == 0 else f"every {minutes} min"


def document() -> str:
    """The document, with the table as it must be."""
    return f"{DOCUMENT.read_text(encoding='utf-8').split(BELOW)[0]}{BELOW}\n\n" + "\n".join(rows()) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
