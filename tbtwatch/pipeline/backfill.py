"""History from a publisher that can be asked for a range of days: recorded, classified and findable; nobody is told.

What a publisher counts but never gives whole is asked for in halves. A back-fill that was broken off goes on with the
parts that are left; asking for the same range again, once it is done, reads it again and changes nothing.

It holds the source's lease, so that nobody polls the publisher meanwhile, and it rests when the publisher asks for it:
for minutes it waits itself, for longer it is broken off.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

import structlog

from tbtwatch.pipeline import lease, politeness
from tbtwatch.pipeline.history import PRIORITY, HistoryError
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.permission import Permission, host_of
from tbtwatch.pipeline.reading import CHUNK, read
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.hosts import HostState
from watcher.apart import Readers
from watcher.fetch import Fetcher, FetchError
from watcher.slices import Slice, SliceError
from watcher.source import CappedError, Cursor, Document, Entry, Request, Source, SourceError

log = structlog.get_logger()

MOST_PAGES = 5_000  # of one part
#: A publisher that asks to be left alone for no longer than this is waited for, so many times for one page.
PATIENCE = timedelta(minutes=10)
MOST_WAITS = 5
_SOME_DAY = date(2024, 1, 1)

Progress = Callable[[str, int, int | None], None]  #: source, days so far, days in all


@runtime_checkable
class RangeSource(Source, Protocol):
    """A source that can be asked for a range of days."""

    def range_request(self, since: date, until: date) -> Request:
        """The first page of a range of days. Raises SourceError if this one is not set up for it."""


@dataclass(slots=True)
class BackfillReport:
    """What a back-fill brought."""

    source: str
    tally: Tally = field(default_factory=Tally)
    parts: int = 0  #: ranges that were read whole
    requests: int = 0
    resumed: bool = False  #: an earlier one had been broken off
    too_full: list[date] = field(default_factory=list)  #: days that the publisher never gives whole; they were not read
    error: str = ""  #: why it was broken off; the same command goes on
    waited: float = 0.0  #: seconds, because the publisher asked for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a back-fill is done with."""

    fetcher: Fetcher
    storage: Storage
    rulebook: Rulebook
    clock: Callable[[], datetime]
    readers: Readers | None = None  #: where documents are read; None: in a thread of this process
    by: str = "somebody"  #: the person who wants it, for others who wait for the source
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


def can_be_asked(source: Source) -> bool:
    """Whether a source can be asked for a range of days, as it is set up."""
    if not isinstance(source, RangeSource):
        return False
    try:
        source.range_request(_SOME_DAY, _SOME_DAY)
    except SourceError:
        return False
    return True


def left_of(name: str, tx: Transaction) -> list[tuple[Slice, int]]:
    """The ranges of a source that were begun and broken off, or are being read, and how many days of each are left."""
    found = []
    for remembered, left in tx.meta.starting_with(_remembered(name)).items():
        since, until = remembered.removeprefix(_remembered(name)).split(":")
        found.append((_part(since, until), sum(_part(*each).days for each in json.loads(left))))
    return found


def remember(name: str, wanted: Slice, tx: Transaction) -> None:
    """A range is begun: what breaks it off, also before its first part is read, leaves it to be gone on with."""
    key = _remembered(name, wanted)
    if not tx.meta.get(key):
        tx.meta.set(key, json.dumps([[str(wanted.since), str(wanted.until)]]))


def forget(name: str, wanted: Slice, tx: Transaction) -> None:
    """What is left of a range is not to be read."""
    tx.meta.set(_remembered(name, wanted), "")


def _remembered(name: str, wanted: Slice | None = None) -> str:
    return f"backfill:{name}:" + (f"{wanted.since}:{wanted.until}" if wanted else "")


def _part(since: str, until: str) -> Slice:
    return Slice(since=date.fromisoformat(since), until=date.fromisoformat(until))


async def backfill(
    source: Source,
    wanted: Slice,
    *,
    means: Means,
    progress: Progress = lambda *_: None,
    report: BackfillReport | None = None,
) -> BackfillReport:
    """Read a range of days. Raises HistoryError if the source cannot be asked for one, or is being read by another.

    A fault of the publisher breaks it off, with its sentence in the report; what was read is kept. `report`: one that
    grows while others look at it.
    """
    name = source.config.name
    if reason := source.resting():
        raise HistoryError(f"{name} cannot be asked: {reason}")
    if not isinstance(source, RangeSource):
        raise HistoryError(
            f"{name} (kind {source.config.kind}) cannot be asked for a range of days; import a file, or poll it"
        )
    holder = lease.this_process(f"a back-fill of {wanted}", by=means.by, now=means.clock())
    with means.storage.begin() as tx:
        taken = lease.claim(name, tx, now=means.clock(), holder=holder)
    if taken:
        raise HistoryError(f"{name} is not asked: {taken}; give the same command again when that is over")
    try:
        async with lease.kept_up(name, means.storage, means.clock):
            return await _all(source, wanted, means, progress, report or BackfillReport(source=name))
    finally:
        lease.give_back(name, means.storage)


async def _all(
    source: RangeSource, wanted: Slice, means: Means, progress: Progress, report: BackfillReport
) -> BackfillReport:
    """Every part of the range that is left."""
    name = source.config.name
    remembered = _remembered(name, wanted)
    waiting = [wanted]
    with means.storage.look() as tx:
        if left := tx.meta.get(remembered):
            report.resumed = True
            waiting = [_part(since, until) for since, until in json.loads(left)]
    while waiting:
        progress(name, wanted.days - sum(part.days for part in waiting), wanted.days)
        part = waiting.pop()
        try:
            await _read(source, source.range_request(part.since, part.until), part, report, means)
            report.parts += 1
        except CappedError:
            try:
                waiting.extend(reversed(part.halves()))
            except SliceError:
                # Nothing smaller can be asked for. The other days are read, and this one is named.
                report.too_full.append(part.since)
        except (SourceError, FetchError) as failure:
            report.error = str(failure)
            log.warning("backfill_broken_off", source=name, part=str(part), error=report.error)
            return report
        with means.storage.begin() as tx:
            tx.meta.set(
                remembered, json.dumps([[str(one.since), str(one.until)] for one in waiting]) if waiting else ""
            )
    progress(name, wanted.days, wanted.days)
    return report


async def _read(source: Source, first: Request, part: Slice, report: BackfillReport, means: Means) -> None:
    """All pages of one part, asked for as politely as a poll asks."""
    request: Request | None = first
    # Not under the source's own name: a poll that finds such a notice soon after makes news of it (`ingest._wake`).
    origin = Origin(source=f"backfill:{report.source}", priority=PRIORITY, silent=True)
    permission = Permission(source.config, fetcher=means.fetcher, storage=means.storage, clock=means.clock)
    pages = 0
    # The list is read down to the first day of the part, whatever a poll would hold for known.
    cursor = Cursor(high_water=part.since)
    with tempfile.TemporaryDirectory(prefix="tbtwatch-") as folder:
        while request is not None:
            if pages >= MOST_PAGES:
                raise SourceError(f"gave more than {MOST_PAGES} pages; its list has no end")
            into = Path(folder) / f"document-{request.page}" if request.into_file else None
            document = await _fetched(request, into, permission, report, means)
            pages, report.requests = pages + 1, report.requests + 1
            entries: list[Entry] = []
            async with read(source, document, cursor, means.readers) as page:
                async for chunk in page.chunks():
                    entries.extend(chunk)
            ordered = in_reading_order(entries)
            for start in range(0, len(ordered), CHUNK):
                with means.storage.begin() as tx:
                    tx.one_at_a_time()
                    record(
                        ordered[start : start + CHUNK],
                        origin=origin,
                        rules=lambda: means.rulebook.in_force(tx),
                        tx=tx,
                        tally=report.tally,
                        now=means.clock(),
                    )
                await asyncio.sleep(0)
            request = page.next


async def _fetched(
    request: Request, into: Path | None, permission: Permission, report: BackfillReport, means: Means
) -> Document:
    """One page. Who asks for patience gets it, and every other source of that host keeps away as well."""
    for wait_number in range(MOST_WAITS + 1):
        try:
            asked = replace(request, pause_seconds=await permission.pause_seconds(request))
            return await means.fetcher.fetch(asked, validators=None, into=into, before_hop=permission.before_hop)
        except FetchError as error:
            wait = error.retry_after
            if wait is None or wait > PATIENCE or wait_number == MOST_WAITS:
                _note_rest(request, error, means, wait=None)
                raise
            _note_rest(request, error, means, wait=wait)
            why = error.sentence
        seconds = wait.total_seconds()
        log.warning("backfill_waits", source=report.source, seconds=round(seconds), why=why)
        await means.sleep(seconds)
        report.waited += seconds
    raise AssertionError("the last round returns or raises")


def _note_rest(request: Request, error: FetchError, means: Means, *, wait: timedelta | None) -> None:
    """Write down how long the host wants to be left alone; `wait`: exactly so long, for it is waited for here."""
    name, now = host_of(error.asked or request.url), means.clock()
    failure = politeness.Failure(sentence=error.sentence, cause=error.reason.value, fetch=error)
    with means.storage.begin() as tx:
        host = tx.hosts.state(name)
        told = politeness.host_after(host, failure, now=now, answered=False, chance=None)
        if told is not None:
            told = HostState(name=name, resume_at=now + wait, failures=host.failures, why=told.why) if wait else told
            tx.hosts.save(told)
