"""Poll one source: fetch, parse, record. A fault ends as a failed poll with its reason, never as an exception.

What was read before a fault is kept: it is true. The cursor moves only when the whole poll was complete, so the next
poll asks for everything again that this one may have missed.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from tbtwatch.pipeline.aside import aside
from tbtwatch.pipeline.ingest import Origin, Tally, in_reading_order, record
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.unite import READER
from tbtwatch.storage import Storage
from tbtwatch.storage.engine import trouble
from tbtwatch.storage.sources import Poll, SourceState
from watcher.fetch import Fetcher, FetchError, Validators, validators_of
from watcher.source import Document, Entry, Page, Request, Source, SourceError
from watcher.text import one_line

log = structlog.get_logger()

LEASE = timedelta(minutes=1)  # kept up while the poll lives; a dead one is taken over after it
SORTED = 2_000  # entries put into reading order before they are recorded
CHUNK = 200  # entries recorded in one transaction
MOST_PAGES = 5_000
FIRST_RETRY = timedelta(minutes=5)

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
    measures: tuple[int, ...] = ()  #: those with something new
    requests: int = 0


@dataclass(slots=True)
class _Run:
    """One poll under way."""

    tally: Tally = field(default_factory=Tally)
    requests: int = 0
    validators: dict[str, dict[str, str]] = field(default_factory=dict)
    same: bool = True  #: every document so far was the very one of the last poll
    complete: bool = True  #: everything was asked for anew


async def poll(
    source: Source,
    *,
    fetcher: Fetcher,
    storage: Storage,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    progress: Progress = lambda *_: None,
    release_first: bool = False,
) -> PollReport:
    """Poll a source now. `release_first`: by a person's order, whatever another process may be doing."""
    name, started = source.config.name, clock()
    if reason := source.resting():
        with storage.begin() as tx:
            tx.sources.save(replace(tx.sources.state(name), status="resting", error=reason))
        return PollReport(source=name, status="resting", error=reason)
    with storage.begin() as tx:
        if release_first:
            tx.sources.release(name)
        if not tx.sources.claim(name, now=started, lease=LEASE):
            return PollReport(source=name, status="resting", error="another process is polling this source now")
        state = tx.sources.state(name)
    seeding = state.cursor.seeded_at is None
    origin = Origin(source=name, priority=source.config.priority, silent=seeding, live_since=state.cursor.seeded_at)
    run = _Run(validators={url: dict(values) for url, values in state.validators.items()})
    error, retry_after = "", None
    keeper = asyncio.create_task(_keep_lease(name, storage, clock))
    try:
        await _read_all(source, state, origin, run, fetcher, storage, rulebook, clock, started, progress)
    except FetchError as failure:
        error, retry_after = failure.sentence, failure.retry_after
    except SourceError as failure:
        error = str(failure)
    except Exception as failure:
        # A fault of ours in this source's reading: it is a failed poll like any other, and not tried every ten seconds.
        log.exception("poll_broke", source=name)
        error = f"a fault of this program: {type(failure).__name__}: {one_line(str(failure))}"
    except BaseException:
        with storage.begin() as tx:
            tx.sources.release(name)
        raise
    finally:
        keeper.cancel()
    return _conclude(source, state, run, storage, started, clock(), error, retry_after, seeding)


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
    fetcher: Fetcher,
    storage: Storage,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    started: datetime,
    progress: Progress,
) -> None:
    """Follow the source's pages and record what they hold."""
    request: Request | None = source.first_request(state.cursor, started)
    waiting: list[Entry] = []
    count = 0

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
                if run.requests >= MOST_PAGES:
                    raise SourceError(f"gave more than {MOST_PAGES} pages; its list has no end")
                document = await _fetch(request, run, fetcher, Path(folder))
                run.requests += 1
                if document is None:
                    break
                run.same = False
                page: Page = await aside(source.parse, document, state.cursor)
                while chunk := await aside(_some, page.entries):
                    waiting.extend(chunk)
                    count += len(chunk)
                    progress(origin.source, count, page.total)
                    if len(waiting) >= SORTED:
                        await keep()
                _remember(document, run)
                request = page.next
    except Exception:
        # What was read before a fault is true. When the program is told to end there is no time for it: the next
        # poll reads it again.
        await keep()
        raise
    await keep()


def _some(entries: Iterator[Entry]) -> list[Entry]:
    return list(islice(entries, CHUNK))


async def _fetch(request: Request, run: _Run, fetcher: Fetcher, folder: Path) -> Document | None:
    """The document, or None if it is the very one that was read last time."""
    kept = run.validators.get(request.url, {}) if request.conditional else {}
    if kept.get("reader") != str(READER):
        kept = {}
    validators = (
        Validators(etag=kept.get("etag"), last_modified=kept.get("last_modified"), url=kept.get("url", ""))
        if kept
        else None
    )
    into = folder / f"document-{request.page}" if request.into_file else None
    document = await fetcher.fetch(request, validators=validators, into=into)
    if document.not_modified:
        return None
    if request.conditional and kept.get("sha256") == _sha256(document):
        _remember(document, run)
        return None
    return document


def _remember(document: Document, run: _Run) -> None:
    if not document.request.conditional:
        return
    validators = validators_of(document)
    kept = {
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "url": validators.url,
        "sha256": _sha256(document),
        "reader": str(READER),  # one that takes more reads the same body again, so it must not be told "not modified"
    }
    run.validators[document.request.url] = {name: value for name, value in kept.items() if value}


def _sha256(document: Document) -> str:
    """The body's hash."""
    digest = hashlib.sha256()
    if document.file is not None:
        with document.file.open("rb") as body:
            while block := body.read(1 << 20):
                digest.update(block)
    else:
        digest.update(document.body)
    return digest.hexdigest()


def _conclude(
    source: Source,
    state: SourceState,
    run: _Run,
    storage: Storage,
    started: datetime,
    now: datetime,
    error: str,
    retry_after: timedelta | None,
    seeding: bool,
) -> PollReport:
    """Write the poll down, and when the next one is due."""
    name, every, tally = source.config.name, timedelta(minutes=source.config.every_minutes), run.tally
    status = "failed" if error else "unchanged" if run.same else "ok"
    poll_row = Poll(
        source=name,
        started_at=started,
        ended_at=now,
        status=status,
        requests=run.requests,
        notices=len(tally.seen),
        new=len(tally.new),
        changed=len(tally.changed),
        unchanged=tally.unchanged,
        unreadable=tally.unreadable,
        error=error,
    )
    failures = state.failures + 1 if error else 0
    if error:
        # Sooner than usual at first, never later than usual unless the publisher says so.
        wait = max(min(FIRST_RETRY * 2 ** min(failures - 1, 10), every), retry_after or timedelta(0))
        after = replace(state, failures=failures, failing_since=state.failing_since or started, next_poll_at=now + wait)
    else:
        after = replace(
            state,
            cursor=replace(
                source.advance(state.cursor, seen=tally.latest, now=started),
                seeded_at=state.cursor.seeded_at or now,
            ),
            validators=run.validators,
            succeeded_at=now,
            failures=0,
            failing_since=None,
            next_poll_at=now + every,
        )
    with storage.begin() as tx:
        tx.sources.save(replace(after, polled_at=now, status=status, error=error))
        tx.sources.release(name)
        tx.sources.add_poll(poll_row)
        if not error and after.cursor.last_full == started:
            # Everything was read: what could not be read before and did not come again is no more.
            tx.notices.gone(name, not_seen_since=started, now=now)
    log.info(
        "polled",
        source=name,
        status=status,
        notices=len(tally.seen),
        new=len(tally.new),
        changed=len(tally.changed),
        error=error or None,
    )
    return PollReport(
        source=name,
        status=status,
        notices=len(tally.seen),
        new=len(tally.new),
        changed=len(tally.changed),
        unchanged=tally.unchanged,
        unreadable=tally.unreadable,
        error=error,
        seeding=seeding,
        measures=tuple(sorted(tally.measures)),
        requests=run.requests,
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
