"""What was looked at, and what was not: the last line of every message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

#: A source that staff switched off is named so long to those who relied on it; then that it is not counted is enough.
OFF_NAMED = timedelta(days=30)


class Lookout:
    """What is known of the sources in use, looked up once for all who are written to in a transaction.

    A source that rests by configuration is not in use. One that staff switched off is not either, and is named a while.
    What readers of the same markets are told is worked out once.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        tx: Transaction,
        *,
        now: datetime,
        zone: ZoneInfo,
        markets: Markets | None = None,
    ) -> None:
        self._now, self._zone, self._markets = now, zone, markets
        self._used = [source for source in sources if source.config.enabled and source.resting() is None]
        self._reads, self._states = tx.health.last_reads(), tx.health.bad_ones()
        self._off = self._switched_off(sources, tx)
        self._documents = tx.notices.counts()["notices"]
        self._gaps: dict[str, tuple[str, datetime | None] | None] = {}
        self._lines: dict[tuple[str, frozenset[str] | None], Coverage] = {}

    def line(self, language: str, subscriptions: Iterable[Subscription] | None = None) -> Coverage:
        """The sources that may concern these subscriptions, as of when, and their gaps; None: all that are in use."""
        asked = None if subscriptions is None else _asked(subscriptions)
        key = offered(language), asked
        if key not in self._lines:
            self._lines[key] = self._line(Words(key[0]), asked)
        return self._lines[key]

    def unread(self) -> list[Source]:
        """The sources in use of which it is not known what they published lately."""
        found = [(source, self._gap(source)) for source in self._used]
        return [source for source, gap in found if gap is not None and gap[0] != State.SILENT.value]

    def _line(self, words: Words, asked: frozenset[str] | None) -> Coverage:
        used, off = self._used, list(self._off)
        if asked and self._markets is not None:
            members = self._markets.expand(asked)
            used, off = (
                [source for source in several if _speaks_for(source, members, self._markets)] for several in (used, off)
            )
        gaps, read = [], []
        for source in used:
            name = source.config.name
            last = self._reads.get(name, LastRead())
            if last.succeeded_at is not None:
                read.append(last.succeeded_at)
            if (gap := self._gap(source)) is None:
                continue
            kind, since = gap
            at = since.astimezone(self._zone).strftime("%Y-%m-%d %H:%M") if since else ""
            gaps.append(words(f"gap.{kind}", source=source.config.title or name, since=at))
        for source in off:
            title, day = source.config.title or source.config.name, self._off[source].astimezone(self._zone).date()
            gaps.append(words("gap.off", source=title, since=day.isoformat()))
        return Coverage(
            as_of=(min(read) if read else self._now).astimezone(self._zone),
            sources=len(used),
            elsewhere=len(self._used) - len(used),
            documents=self._documents,
            gaps=tuple(gaps),
            nothing_read=bool(used) and not read,
        )

    def _switched_off(self, sources: Sequence[Source], tx: Transaction) -> dict[Source, datetime]:
        """The sources that were read until staff switched them off, not long ago, and when."""
        off, used = tx.source_words.switched_off(), {source.config.name for source in self._used}
        return {
            source: off[source.config.name]
            for source in sources
            if source.config.name in off
            and source.config.name not in used
            and self._now - off[source.config.name] < OFF_NAMED
            and self._reads.get(source.config.name, LastRead()).succeeded_at is not None
        }

    def _gap(self, source: Source) -> tuple[str, datetime | None] | None:
        name = source.config.name
        if name not in self._gaps:
            self._gaps[name] = gap_of(source, self._reads.get(name, LastRead()), self._states.get(name), self._now)
        return self._gaps[name]


def coverage(sources: Sequence[Source], tx: Transaction, *, now: datetime, zone: ZoneInfo, language: str) -> Coverage:
    """All sources in use, as of when, and the gaps: what an answer says that concerns no one reader."""
    return Lookout(sources, tx, now=now, zone=zone).line(language)


def concerns(source: Source, subscription: Subscription, markets: Markets) -> bool:
    """Whether a source may bring something for a subscription, by its market."""
    asked = subscription.criteria.markets
    return not asked or _speaks_for(source, markets.expand(asked), markets)


def _asked(subscriptions: Iterable[Subscription]) -> frozenset[str]:
    """The markets that subscriptions ask for together; empty: one of them asks for all, or there is none."""
    each = [subscription.criteria.markets for subscription in subscriptions]
    return frozenset().union(*each) if all(each) else frozenset()


def _speaks_for(source: Source, members: frozenset[str], markets: Markets) -> bool:
    """Whether a source speaks for one of these Members. One without a market speaks for all, a group's for its own."""
    market = source.config.market
    if market is None or market in members:
        return True
    group = markets.groups.get(market)
    return group is not None and not members.isdisjoint(group.members)


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
