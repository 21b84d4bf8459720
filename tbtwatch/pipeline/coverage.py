"""What was looked at, and what was not: the last line of every message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifiers.message import Coverage
from notifiers.wording import Words, offered
from subscriptions.criteria import Subscription
from tbtwatch.storage import Transaction
from tbtwatch.storage.health import LastRead, StoredHealth
from watcher.health import PATIENCE, Cause, Health, State
from watcher.markets import Markets
from watcher.source import Source


def coverage(sources: Sequence[Source], tx: Transaction, *, now: datetime, zone: ZoneInfo, language: str) -> Coverage:
    """The sources in use, as of when, and the gaps. A source that rests by configuration is not in use."""
    words = Words(offered(language))
    used = [source for source in sources if source.config.enabled and source.resting() is None]
    reads, states = tx.health.last_reads(), tx.health.bad_ones()
    gaps, read = [], []
    for source in used:
        name = source.config.name
        last = reads.get(name, LastRead())
        if last.succeeded_at is not None:
            read.append(last.succeeded_at)
        gap = gap_of(source, last, states.get(name), now)
        if gap is None:
            continue
        kind, since = gap
        at = since.astimezone(zone).strftime("%Y-%m-%d %H:%M") if since else ""
        gaps.append(words(f"gap.{kind}", source=source.config.title or name, since=at))
    return Coverage(
        as_of=(min(read) if read else now).astimezone(zone),
        sources=len(used),
        documents=tx.notices.counts()["notices"],
        gaps=tuple(gaps),
        nothing_read=bool(used) and not read,
    )


def unread(sources: Sequence[Source], tx: Transaction, *, now: datetime) -> list[Source]:
    """The sources in use of which it is not known what they published lately."""
    reads, states = tx.health.last_reads(), tx.health.bad_ones()
    found = []
    for source in sources:
        name = source.config.name
        if source.config.enabled and source.resting() is None:
            gap = gap_of(source, reads.get(name, LastRead()), states.get(name), now)
            if gap is not None and gap[0] != State.SILENT.value:
                found.append(source)
    return found


def concerns(source: Source, subscription: Subscription, markets: Markets) -> bool:
    """Whether a source may bring something for a subscription, by its market."""
    market, asked = source.config.market, subscription.criteria.markets
    return market is None or not asked or market in markets.expand(asked)


def gap_of(
    source: Source, last: LastRead, stored: StoredHealth | None, now: datetime
) -> tuple[str, datetime | None] | None:
    """What is wrong with a source, and since when; None: it is read.

    What the watch wrote down holds unless a poll has read the source since; that a source is late is seen without it,
    for a message may be written between two of its rounds, or where it does not run.
    """
    if last.succeeded_at is None:
        return "never", None
    if stored is not None and stored.health.state.bad and not _over(stored.health, last.succeeded_at):
        is_now = stored.health
        since = is_now.since if is_now.state is State.SILENT else is_now.read_until or is_now.since
        return ("never", None) if is_now.cause is Cause.NEVER else (is_now.state.value, since)
    interval = timedelta(minutes=source.config.every_minutes)
    asked_late = last.next_poll_at is not None and now <= last.next_poll_at + (PATIENCE - 1) * interval
    if now - last.succeeded_at > PATIENCE * interval and (last.failures or not asked_late):
        return State.LATE.value, last.succeeded_at
    return None


def _over(is_now: Health, succeeded_at: datetime) -> bool:
    """Whether the source was read after this was written down."""
    if is_now.cause in (Cause.EMPTIED, Cause.SILENT, Cause.TRICKLE):
        return False  # it is read; only the watch knows what comes
    return succeeded_at > is_now.since
