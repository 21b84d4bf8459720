"""Poll one source: fetch, parse, record. A fault ends as a failed poll with its reason, never as an exception.

What was read before a fault is kept: it is true. The cursor moves only when the whole poll was complete, so the next
poll asks for everything again that this one may have missed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from tbtwatch.pipeline import politeness
from tbtwatch.pipeline.asking import Asking
from tbtwatch.pipeline.held import Settled, settle
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.permission import Permission
from tbtwatch.pipeline.politeness import RESTING, Failure
from tbtwatch.pipeline.reading import CHUNK, read
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.together import Together
from tbtwatch.pipeline.unite import READER
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.engine import trouble
from tbtwatch.storage.held import Hold
from tbtwatch.storage.sources import Poll, SourceState
from watcher.apart import Readers
from watcher.fetch import Fetcher, FetchError, Reason
from watcher.source import Document, EndedError, Entry, Request, Rhythm, Source, SourceError
from watcher.text import one_line

log = structlog.get_logger()

LEASE = timedelta(minutes=1)  # kept up while the poll lives; a dead one is taken over after it
SORTED = 2_000  # entries put into reading order before they are recorded
MOST_PAGES = 5_000

Progress = Callable[[str, int, int | None], None]  #: source, entries so far, entries in all if known


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a poll brought."""

    source: str
    status: str  #: ok, unchanged, failed, resting
    notices: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    error: str = ""
    seeding: bool = False
    measures: tuple[int, ...] = ()  #: those with something new to tell
    held: Hold | None = None  #: it brought too much: staff decide what of it is told
    requests: int = 0
    cause: str = ""  #: why it brought nothing new, or failed, in a word or two


@dataclass(slots=True)
class _Run:
    """One poll under way."""

    asking: Asking
    tally: Tally = field(default_factory=Tally)
    entries: int = 0  #: those that the lists held, known ones included
    state: Mapping[str, Any] | None = None  #: what the source wants to remember, if it said so
    rhythm: Rhythm | None = None  #: what the first document says of how often to ask


async def poll(
    source: Source,
    *,
    fetcher: Fetcher,
    storage: Storage,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    progress: Progress = lambda *_: None,
    release_first: bool = False,
    if_due: bool = False,
    chance: Random | None = None,
    readers: Readers | None = None,
    together: Together | None = None,
) -> PollReport:
    """Poll a source now. `release_first`: by a person's order, whatever else is remembered or under way.

    `if_due`: only if no other process has just done it. Without `chance` the next polls are not spread over time.
    `readers` read documents in processes of their own; polls that share `together` write in common transactions.
    """
    name, started = source.config.name, clock()
    version = politeness.settings_version(source.config)
    if reason := source.resting():
        with storage.begin() as tx:
            tx.sources.save(replace(tx.sources.state(name), status=RESTING, error=reason))
        return PollReport(source=name, status=RESTING, error=reason)
    together = together or Together(storage)

    def claim(tx: Transaction) -> SourceState | str:
        """The source's state, now that it is ours to poll; or why it is not."""
        if release_first:
            tx.sources.release(name)
        before = tx.sources.state(name)
        if if_due and not politeness.is_due(before, version, started):
            return "another process has just polled this source"
        known = politeness.with_settings(before, version)
        if known.ended_at is not None and not release_first:
            return known.error
        host = tx.hosts.state(politeness.host_of_source(source, known, started))
        if host.rests(started) and not release_first:
            put_off = politeness.put_off(known, host, chance=chance)
            tx.sources.save(put_off)
            return put_off.error
        if not tx.sources.claim(name, now=started, lease=LEASE):
            return "another process is polling this source now"
        return known

    state = await together.write(claim)
    if isinstance(state, str):
        return PollReport(source=name, status=RESTING, error=state)
    seeding = state.cursor.seeded_at is None
    origin = Origin(
        source=name,
        priority=source.config.priority,
        silent=seeding,
        live_since=state.cursor.seeded_at,
        counted=True,
    )
    permission = Permission(source.config, fetcher=fetcher, storage=storage, clock=clock, by_hand=release_first)
    run = _Run(Asking(state, fetcher=fetcher, permission=permission, reader=READER))
    failure: Failure | None = None
    keeper = asyncio.create_task(_keep_lease(name, storage, clock))
    try:
        await _read_all(source, state, origin, run, storage, rulebook, clock, started, progress, readers)
    except FetchError as error:
        run.asking.status = error.status or run.asking.status
        first = run.asking.requests <= 1
        failure = Failure(sentence=error.sentence, cause=error.reason.value.replace("_", " "), fetch=error, first=first)
    except EndedError as error:
        failure = Failure(sentence=str(error), cause=Reason.GONE.value.replace("_", " "), ended=True)
    except SourceError as error:
        failure = Failure(sentence=str(error), cause="not as expected")
    except Exception as error:
        # A fault of ours in this source's reading: it is a failed poll like any other, and not tried every ten seconds.
        log.exception("poll_broke", source=name)
        sentence = f"a fault of this program: {type(error).__name__}: {one_line(str(error))}"
        failure = Failure(sentence=sentence, cause="a fault of this program")
    except BaseException:
        with storage.begin() as tx:
            tx.sources.release(name)
        raise
    finally:
        keeper.cancel()
    return await _conclude(source, state, run, together, started, clock(), failure, chance)


async def _keep_lease(name: str, storage: Storage, clock: Callable[[], datetime]) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        with storage.begin() as tx:
            tx.sources.extend(name, until=clock() + LEASE)


async def _read_all(
    source: Source,
    state: SourceState,
    origin: Origin,
    run: _Run,
    storage: Storage,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    started: datetime,
    progress: Progress,
    readers: Readers | None,
) -> None:
    """Follow the source's pages and record what they hold."""
    request: Request | None = source.first_request(state.cursor, started)
    waiting: list[Entry] = []

    async def keep() -> None:
        ordered = in_reading_order(waiting)
        waiting.clear()
        for start in range(0, len(ordered), CHUNK):
            with storage.begin() as tx:
                tx.one_at_a_time()
                record(
                    ordered[start : start + CHUNK],
                    origin=origin,
                    ruleset=rulebook.in_force(tx),
                    tx=tx,
                    tally=run.tally,
                    now=clock(),
                )
            await asyncio.sleep(0)

    try:
        with tempfile.TemporaryDirectory(prefix="tbtwatch-") as folder:
            while request is not None:
                if run.asking.requests >= MOST_PAGES:
                    raise SourceError(f"gave more than {MOST_PAGES} pages; its list has no end")
                try:
                    document = await run.asking.document(request, Path(folder), now=clock())
                except FetchError as error:
                    if not request.may_fail or error.retry_after:
                        raise
                    # An entry's own page: the source reads on without it.
                    document = Document(
                        url=request.url, status=error.status or 0, headers={}, fetched_at=clock(), request=request
                    )
                if document is None:
                    break
                async with read(source, document, state.cursor, readers) as page:
                    run.rhythm = page.rhythm if run.asking.read == 1 else run.rhythm
                    run.state = page.state if page.state is not None else run.state
                    before = run.entries
                    async for chunk in page.chunks():
                        waiting.extend(chunk)
                        run.entries += len(chunk)
                        progress(origin.source, run.entries, page.total)
                        if len(waiting) >= SORTED:
                            await keep()
                    # What a list held and was not given again, because nothing is new in it, was there.
                    run.entries = max(run.entries, before + (page.total or 0) if request.page == 1 else run.entries)
                run.asking.remember(document, now=clock())
                request = page.next
    except Exception:
        # What was read before a fault is true. When the program is told to end there is no time for it: the next
        # poll reads it again.
        await keep()
        raise
    await keep()


async def _conclude(
    source: Source,
    state: SourceState,
    run: _Run,
    together: Together,
    started: datetime,
    now: datetime,
    failure: Failure | None,
    chance: Random | None,
) -> PollReport:
    """Write the poll down, and when the next one is due."""
    name, tally, asking = source.config.name, run.tally, run.asking
    error, seeding = failure.sentence if failure else "", state.cursor.seeded_at is None
    liars = asking.found_out(news=bool(tally.new or tally.changed))
    report = PollReport(
        source=name,
        status="failed" if failure else "ok" if asking.read else "unchanged",
        notices=len(tally.seen),
        new=len(tally.new),
        changed=len(tally.changed),
        unchanged=tally.unchanged,
        unreadable=tally.unreadable,
        error=error,
        seeding=seeding,
        requests=asking.requests,
        cause=failure.cause if failure else "lying validators" if liars else _why_nothing_new(run),
    )
    if failure:
        after, status, error = politeness.after_failure(source, state, failure, began=started, now=now, chance=chance)
    else:
        status = report.status
        after = politeness.after_success(
            source, state, asking, rhythm=run.rhythm, began=started, now=now, chance=chance
        )
        remembered = state.cursor if run.state is None else replace(state.cursor, state=run.state)
        cursor = source.advance(remembered, seen=tally.latest, now=started)
        after = replace(after, cursor=replace(cursor, seeded_at=state.cursor.seeded_at or now))

    def write(tx: Transaction) -> Settled:
        tx.one_at_a_time()
        host = tx.hosts.state(politeness.host_of(asking.asked_last))
        told = politeness.host_after(host, failure, now=now, answered=asking.status is not None, chance=chance)
        next_poll_at = after.next_poll_at
        if told is not None:
            tx.hosts.save(told)
            next_poll_at = max(filter(None, (next_poll_at, told.resume_at)))
        tx.sources.save(replace(after, next_poll_at=next_poll_at, polled_at=now, status=status, error=error))
        tx.sources.release(name)
        tx.sources.add_poll(_row(state, run, report, started, now, error))
        if not failure and after.cursor.last_full == started and asking.read_all:
            # What could not be read before and did not come again is no more.
            tx.notices.gone(name, not_seen_since=started, now=now)
        return settle(source.config, tally, tx=tx, seeding=seeding, complete=not failure, now=now)

    settled = await together.write(write)
    log.info(
        "polled",
        source=name,
        status=status,
        notices=report.notices,
        new=report.new,
        changed=report.changed,
        cause=report.cause or None,
        error=error or None,
    )
    return replace(report, error=error, measures=settled.measures, held=settled.held)


def _why_nothing_new(run: _Run) -> str:
    """In a word or two; empty if there was something new."""
    tally, asking = run.tally, run.asking
    if not asking.read:
        return "same bytes" if asking.same_bytes else "304"
    if tally.new or tally.changed:
        return ""
    if not run.entries:
        return "no entries"
    return "all known" if tally.seen else "nothing readable"


def _row(state: SourceState, run: _Run, report: PollReport, started: datetime, now: datetime, error: str) -> Poll:
    return Poll(
        source=report.source,
        started_at=started,
        ended_at=now,
        status=report.status,
        requests=report.requests,
        notices=report.notices,
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        unreadable=report.unreadable,
        error=error,
        settings_version=state.settings_version,
        bytes=run.asking.octets,
        http_status=run.asking.status,
        cause=report.cause,
        entries=run.entries,
        fresh=run.tally.fresh,
    )


async def poll_all(sources: list[Source], one: Callable[[Source], Awaitable[PollReport]]) -> list[PollReport]:
    """Poll several sources side by side; one that hangs or fails delays no other."""
    reports = await asyncio.gather(*(one(source) for source in sources), return_exceptions=True)
    result: list[PollReport] = []
    for source, report in zip(sources, reports, strict=True):
        if isinstance(report, PollReport):
            result.append(report)
        elif isinstance(report, DBAPIError):
            said = trouble(report)
            sentence = f"what came could not be written down: {said}; make room or mend the database, then poll again"
            result.append(PollReport(source=source.config.name, status="failed", error=sentence))
        elif isinstance(report, Exception):
            log.error("poll_broke", source=source.config.name, exc_info=report)
            result.append(
                PollReport(
                    source=source.config.name,
                    status="failed",
                    error=f"a fault of this program: {type(report).__name__}: {report}",
                )
            )
        else:
            raise report
    return result
