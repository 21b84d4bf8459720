"""Poll one source: fetch, parse, record. A fault ends as a failed poll with its reason, never as an exception.

What was read before a fault is kept: it is true. The cursor moves only when the whole poll was complete, so the next
poll asks for everything again that this one may have missed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random

import structlog
from sqlalchemy.exc import DBAPIError

from tbtwatch.pipeline import lease, politeness
from tbtwatch.pipeline.asking import Asking
from tbtwatch.pipeline.conclude import ENTRIES_AS_A_POLL, Conclusion, PollReport, Run, conclude, fault_of_ours
from tbtwatch.pipeline.documents import Documents
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.permission import Permission, host_of, origin_of_address
from tbtwatch.pipeline.politeness import RESTING, Failure
from tbtwatch.pipeline.reading import CHUNK, read
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.together import Together
from tbtwatch.pipeline.unite import READER
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.engine import trouble
from tbtwatch.storage.hosts import RobotsState
from tbtwatch.storage.sources import SourceState
from watcher.apart import Readers
from watcher.fetch import Fetcher, FetchError, Reason
from watcher.source import Document, EndedError, Entry, Request, Source, SourceError

log = structlog.get_logger()

SORTED = 2_000  # entries put into reading order before they are recorded
MOST_PAGES = 5_000

Progress = Callable[[str, int, int | None], None]  #: source, entries so far, entries in all if known


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
    classify_later: bool = False,
) -> PollReport:
    """Poll a source now. `release_first`: by a person's order, whatever is remembered and whoever else polls it.

    `classify_later`: what nobody is told of (all that a first poll finds) is left for `recover` to classify.

    `if_due`: only if no other process has just done it. Without `chance` the next polls are not spread over time.
    `readers` read documents in processes of their own; polls that share `together` write in common transactions.
    """
    name, started = source.config.name, clock()
    if reason := source.resting():
        with storage.begin() as tx:
            tx.sources.save(replace(tx.sources.state(name), status=RESTING, error=reason))
        return PollReport(source=name, status=RESTING, error=reason)
    together = together or Together(storage)

    def claim(tx: Transaction) -> tuple[SourceState, RobotsState] | str:
        return _claimed(source, tx, started=started, release_first=release_first, if_due=if_due, chance=chance)

    claimed = await together.write(claim)
    if isinstance(claimed, str):
        return PollReport(source=name, status=RESTING, error=claimed)
    state, robots = claimed
    seeding = state.cursor.seeded_at is None
    origin = Origin(
        source=name,
        priority=source.config.priority,
        silent=seeding,
        live_since=state.cursor.seeded_at,
        counted=True,
        classified_later=classify_later,
    )
    permission = Permission(
        source.config,
        fetcher=fetcher,
        storage=storage,
        clock=clock,
        by_hand=release_first,
        known=robots,
        together=together,
    )
    run = Run(
        Asking(state, fetcher=fetcher, permission=permission, reader=READER),
        Documents(source, state, fetcher=fetcher, storage=storage, clock=clock),
    )
    failure: Failure | None = None
    try:
        async with lease.kept_up(name, storage, clock):
            await _read_all(source, state, origin, run, together, rulebook, clock, started, progress, readers)
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
        failure = fault_of_ours(error)
    except BaseException:
        with storage.begin() as tx:
            tx.sources.release(name)
        raise

    # One instant for both: what a first poll records was there before its source went live, and is no news then.
    now = clock()

    def record_last(tx: Transaction, tally: Tally) -> None:
        if run.last:
            record(run.last, origin=origin, rules=lambda: rulebook.in_force(tx), tx=tx, tally=tally, now=now)

    return await conclude(
        Conclusion(source=source, state=state, run=run, started=started, now=now, failure=failure, chance=chance),
        record_last,
        together,
    )


def _claimed(
    source: Source, tx: Transaction, *, started: datetime, release_first: bool, if_due: bool, chance: Random | None
) -> tuple[SourceState, RobotsState] | str:
    """The source's state, now that it is ours to poll, and what its host's robots.txt says; or why it is not ours."""
    name, version = source.config.name, politeness.settings_version(source.config)
    if release_first:
        lease.taken_from_polls(name, tx)
    before = tx.sources.state(name)
    if if_due and not politeness.is_due(before, version, started):
        return "another process has just polled this source"
    known = politeness.with_settings(before, version)
    if known.ended_at is not None and not release_first:
        return known.error
    asked_first = politeness.asked_first(source, known, started)
    host = tx.hosts.state(host_of(asked_first))
    if host.rests(started) and not release_first:
        put_off = politeness.put_off(known, host, chance=chance)
        tx.sources.save(put_off)
        return put_off.error
    if taken := lease.claim(name, tx, now=started):
        if lease.held_by(name, tx) is not None and not release_first:
            tx.sources.save(lease.put_off(known, taken, now=started))
        return taken
    return known, tx.hosts.robots(origin_of_address(asked_first))


async def _read_all(
    source: Source,
    state: SourceState,
    origin: Origin,
    run: Run,
    together: Together,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    started: datetime,
    progress: Progress,
    readers: Readers | None,
) -> None:
    """Follow the source's pages and record what they hold."""
    request: Request | None = source.first_request(state.cursor, started)
    waiting: list[Entry] = []

    async def keep(*, end: bool = False) -> None:
        """Record what is waiting; at the end the last of it is left to be written with the poll's conclusion."""
        ordered = in_reading_order(waiting)
        waiting.clear()
        await run.documents.read(ordered)
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            if end and start + CHUNK >= len(ordered):
                run.last = chunk
                return

            def write(tx: Transaction, chunk: list[Entry] = chunk) -> Tally:
                tx.one_at_a_time()
                brought = Tally()
                record(chunk, origin=origin, rules=lambda: rulebook.in_force(tx), tx=tx, tally=brought, now=clock())
                return brought

            run.tally.add(await together.write(write, weight=1 + len(chunk) // ENTRIES_AS_A_POLL))

    with ExitStack() as kept:

        @cache
        def folder() -> Path:
            """Made for the few documents that come in a file."""
            return Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="tbtwatch-")))

        try:
            while request is not None:
                if run.asking.requests >= MOST_PAGES:
                    raise SourceError(f"gave more than {MOST_PAGES} pages; its list has no end")
                try:
                    document = await run.asking.document(request, folder, now=clock())
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
            run.documents.avoid(run.asking.asked_last)
            await keep(end=True)
            raise
        await keep(end=True)


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
