"""What a poll came to, in one transaction with the last of what it brought, and when the next one is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

import structlog

from tbtwatch.pipeline import politeness
from tbtwatch.pipeline.asking import Asking
from tbtwatch.pipeline.documents import Documents
from tbtwatch.pipeline.held import settle
from tbtwatch.pipeline.ingest import Tally
from tbtwatch.pipeline.permission import host_of
from tbtwatch.pipeline.politeness import RESTING, Failure
from tbtwatch.pipeline.together import Together
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.held import Hold
from tbtwatch.storage.sources import Poll, SourceState
from watcher.source import Entry, Rhythm, Source
from watcher.text import one_line

log = structlog.get_logger()

ENTRIES_AS_A_POLL = 5  # so many are recorded in the time in which a poll is written down


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
    told_status: str = ""  #: how the source is remembered: its status, or "ended", "suspended"
    cause: str = ""  #: why it brought nothing new, or failed, in a word or two


@dataclass(slots=True)
class Run:
    """One poll under way."""

    asking: Asking
    documents: Documents
    tally: Tally = field(default_factory=Tally)
    entries: int = 0  #: those that the lists held, known ones included
    state: Mapping[str, Any] | None = None  #: what the source wants to remember, if it said so
    last: Sequence[Entry] = ()  #: entries that were read and are not recorded yet
    rhythm: Rhythm | None = None  #: what the first document says of how often to ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A poll that is over."""

    source: Source
    state: SourceState  #: as it was before
    run: Run
    started: datetime
    now: datetime
    failure: Failure | None
    chance: Random | None


async def conclude(
    poll: Conclusion, record_last: Callable[[Transaction, Tally], None], together: Together
) -> PollReport:
    """Write down the last entries (`record_last`), the poll, and when the next one is due."""

    def write(tx: Transaction) -> PollReport:
        tx.one_at_a_time()
        tally = Tally()
        tally.add(poll.run.tally)
        record_last(tx, tally)
        return _written(poll, tally, tx)

    weight = 1 + len(poll.run.last) // ENTRIES_AS_A_POLL
    try:
        report = await together.write(write, weight=weight)
    except DATABASE_TROUBLE:
        raise
    except Exception as error:
        if not poll.run.last:
            raise
        # A fault of ours in what was read last: the poll is written down without it, and tried again like any other.
        log.exception("poll_broke", source=poll.source.config.name)
        failure = fault_of_ours(error)
        poll.run.last = ()
        return await conclude(replace(poll, failure=poll.failure or failure), lambda *_: None, together)
    log.info(
        "polled",
        source=report.source,
        status=report.told_status or report.status,
        notices=report.notices,
        new=report.new,
        changed=report.changed,
        cause=report.cause or None,
        error=report.error or None,
    )
    return report


def fault_of_ours(error: Exception) -> Failure:
    """A poll that broke in this program."""
    sentence = f"a fault of this program: {type(error).__name__}: {one_line(str(error))}"
    return Failure(sentence=sentence, cause="a fault of this program")


def _written(poll: Conclusion, tally: Tally, tx: Transaction) -> PollReport:
    source, state, asking, now = poll.source, poll.state, poll.run.asking, poll.now
    failure, name = poll.failure, poll.source.config.name
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
        seeding=seeding,
        requests=asking.requests,
        cause=failure.cause if failure else "lying validators" if liars else _why_nothing_new(poll.run, tally),
    )
    if failure:
        after, status, error = politeness.after_failure(
            source, state, failure, began=poll.started, now=now, chance=poll.chance
        )
        report = replace(report, status=status if status == RESTING else report.status)
    else:
        status = report.status
        after = politeness.after_success(
            source, state, asking, rhythm=poll.run.rhythm, began=poll.started, now=now, chance=poll.chance
        )
        remembered = state.cursor if poll.run.state is None else replace(state.cursor, state=poll.run.state)
        cursor = source.advance(remembered, seen=tally.latest, now=poll.started)
        after = replace(after, cursor=replace(cursor, seeded_at=state.cursor.seeded_at or now))
    report = replace(report, error=error, told_status=status)
    next_poll_at = after.next_poll_at
    for name_of_host in _hosts(asking, failure):
        host = tx.hosts.state(name_of_host)
        told = politeness.host_after(host, failure, now=now, answered=asking.status is not None, chance=poll.chance)
        if told is not None:
            tx.hosts.save(told)
            next_poll_at = max(filter(None, (next_poll_at, told.resume_at)))
    after = replace(after, next_poll_at=next_poll_at, polled_at=now, status=status, error=error)
    tx.sources.save(after, release=True)
    tx.sources.add_poll(_row(poll, report, tally))
    if not failure and after.cursor.last_full == poll.started and asking.read_all:
        # What could not be read before and did not come again is no more.
        tx.notices.gone(name, not_seen_since=poll.started, now=now)
    settled = settle(source.config, tally, tx=tx, seeding=seeding, complete=not failure, now=now)
    return replace(report, measures=settled.measures, held=settled.held)


def _hosts(asking: Asking, failure: Failure | None) -> set[str]:
    """The hosts that the last answer speaks for: whoever refused, or else who was asked and who gave the document."""
    if failure is not None and failure.fetch is not None and failure.fetch.asked:
        return {host_of(failure.fetch.asked)}
    return {host_of(url) for url in (asking.asked_last, asking.answered_by)}


def _why_nothing_new(run: Run, tally: Tally) -> str:
    """In a word or two; empty if there was something new."""
    asking = run.asking
    if not asking.read:
        return "same bytes" if asking.same_bytes else "304"
    if tally.new or tally.changed:
        return ""
    if not run.entries:
        return "no entries"
    return "all known" if tally.seen else "nothing readable"


def _row(poll: Conclusion, report: PollReport, tally: Tally) -> Poll:
    return Poll(
        source=report.source,
        started_at=poll.started,
        ended_at=poll.now,
        status=report.status,
        requests=report.requests,
        notices=report.notices,
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        unreadable=report.unreadable,
        error=report.error,
        settings_version=poll.state.settings_version,
        bytes=poll.run.asking.octets,
        http_status=poll.run.asking.status,
        cause=report.cause,
        entries=poll.run.entries,
        fresh=tally.fresh,
    )
