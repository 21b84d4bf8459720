"""History from a file: recorded, classified and findable; nobody is told unless it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.held import Settled, settle
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.poll import SORTED, Progress
from tbtwatch.pipeline.reading import CHUNK
from watcher.source import Cursor, Document, Entry, Request, SourceConfig, SourceError
from watcher.sources import make_source
from watcher.sources.notice_lines import read_notices

PRIORITY = 90  # what a live source says is believed before a file


class HistoryError(LookupError):
    """History cannot be had as it was asked for; the sentence says why."""


@dataclass(slots=True)
class ImportReport:
    """What a file brought."""

    tally: Tally = field(default_factory=Tally)
    skipped: int = 0  #: entries that an import that was broken off had recorded already
    settled: Settled = field(default_factory=Settled)  #: what is told of it; nothing unless it was asked for


def import_file(path: Path, *, desk: Desk, news: bool = False, progress: Progress = lambda *_: None) -> ImportReport:
    """Record what a file holds. Raises LookupError with a sentence if it is of no known kind.

    Broken off and begun again with the same file, it goes on where it was; done again, it changes nothing. `news`:
    what is new in it is news as if a source had brought it, held if it is too much at once.
    """
    entries, total = _entries(path, desk)
    name = f"import:{path.name}"
    mark = _mark(path)
    with desk.storage.look() as tx:
        done = tx.meta.number(mark)
    origin = Origin(source=name, priority=PRIORITY, silent=not news, counted=news)
    report, count = ImportReport(skipped=done), 0
    try:
        for _ in islice(entries, done):
            count += 1
        progress(path.name, count, total)
        while some := list(islice(entries, SORTED)):
            ordered = in_reading_order(some)
            for start in range(0, len(ordered), CHUNK):
                chunk = ordered[start : start + CHUNK]
                count += len(chunk)
                with desk.storage.begin() as tx:
                    tx.one_at_a_time()
                    record(
                        chunk,
                        origin=origin,
                        rules=lambda: desk.rulebook.in_force(tx),
                        tx=tx,
                        tally=report.tally,
                        now=desk.clock(),
                    )
                    if start + CHUNK >= len(ordered):
                        tx.meta.set(mark, str(count))
                progress(path.name, count, total)
    except SourceError as error:
        raise HistoryError(f"{path} cannot be read: {error}") from error
    with desk.storage.begin() as tx:
        tx.one_at_a_time()
        tx.meta.set(mark, "0")
        if news:
            config = SourceConfig(name=name, kind="file")
            report.settled = settle(config, report.tally, tx=tx, seeding=False, complete=True, now=desk.clock())
    return report


def _mark(path: Path) -> str:
    """Where it is remembered how far this very file was read."""
    digest = hashlib.sha256()
    with path.open("rb") as body:
        while block := body.read(1 << 20):
            digest.update(block)
    return f"import:{digest.hexdigest()[:32]}"


def _entries(path: Path, desk: Desk) -> tuple[Iterator[Entry], int | None]:
    kind = path.suffix.lower()
    if kind in (".jsonl", ".ndjson"):
        return _lines(path, desk), _count_lines(path)
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


def _count_lines(path: Path) -> int:
    """How many lines there are to read, for a progress bar; blank ones are no entries."""
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())
