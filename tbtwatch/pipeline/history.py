"""History from a file: recorded, classified and findable; nobody is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.poll import CHUNK, SORTED, Progress
from watcher.source import Cursor, Document, Entry, Request, SourceError
from watcher.sources import make_source
from watcher.sources.notice_lines import read_notices

PRIORITY = 90  # what a live source says is believed before a file


class HistoryError(LookupError):
    """The file cannot be imported; the sentence says why."""


def import_file(path: Path, *, desk: Desk, progress: Progress = lambda *_: None) -> Tally:
    """Record what a file holds. Raises LookupError with a sentence if it is of no known kind."""
    entries, total = _entries(path, desk)
    origin = Origin(source=f"import:{path.name}", priority=PRIORITY, silent=True)
    tally, count = Tally(), 0
    try:
        while some := list(islice(entries, SORTED)):
            ordered = in_reading_order(some)
            for start in range(0, len(ordered), CHUNK):
                chunk = ordered[start : start + CHUNK]
                with desk.storage.begin() as tx:
                    tx.one_at_a_time()
                    record(
                        chunk,
                        origin=origin,
                        ruleset=desk.rulebook.in_force(tx),
                        tx=tx,
                        tally=tally,
                        now=desk.clock(),
                    )
                count += len(chunk)
                progress(path.name, count, total)
    except SourceError as error:
        raise HistoryError(f"{path} cannot be read: {error}") from error
    return tally


def _entries(path: Path, desk: Desk) -> tuple[Iterator[Entry], int | None]:
    kind = path.suffix.lower()
    if kind in (".jsonl", ".ndjson"):
        return _lines(path, desk), None
    if kind == ".xlsx":
        source = make_source(
            {
                "name": "import",
                "kind": "eping_workbook",
                "url": "https://eping.wto.org/import.xlsx",
                "domains": ["TBT", "SPS"],
            }
        )
        document = Document(
            url=str(path), status=200, headers={}, file=path, fetched_at=desk.clock(), request=Request(url=str(path))
        )
        try:
            page = source.parse(document, Cursor())
        except SourceError as error:
            raise HistoryError(f"{path} cannot be read: {error}") from error
        return page.entries, page.total
    raise HistoryError(
        f"{path.name} is of no kind that can be imported; give a WTO workbook (.xlsx) or JSON Lines (.jsonl)"
    )


def _lines(path: Path, desk: Desk) -> Iterator[Entry]:
    with path.open("rb") as lines:
        yield from read_notices(lines, find_member=desk.names.markets.find)
