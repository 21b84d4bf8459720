"""The digest of one person: what they are owed, written once and frozen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from notifiers.duties import is_open
from notifiers.message import Coverage, DeadlineAhead, DigestContent, Label, MeasureNews, PauseNote
from notifiers.render import render_digest
from notifiers.titles import title_of
from subscriptions.criteria import Address, Frequency, Subscription
from subscriptions.rhythm import digest_due, next_allowed, zone_of
from subscriptions.ways import frequencies_at
from tbtwatch.pipeline.alert import Desk, addressed, managing, pause_notes, unsubscribe_at
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.pipeline.coverage import Lookout, concerns
from tbtwatch.pipeline.digest_reading import Readers
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.owed import Owed
from watcher.measure import ChangeKind

LOOK_AHEAD = timedelta(days=30)
TOGETHER = 100  # messages that are owed in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a digest is: a window's, or one person's alone."""

    key: str  #: begins the keys of its deliveries
    frequency: Frequency
    number: int
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    run: int | None = None  #: None: no window's, a catch-up
    slot_zone: str = ""
    slot_weekday: int = 0

    def cuts(self, subscription: Subscription, address: Address) -> bool:
        """Whether a subscription's digests to an address are cut by the same windows."""
        rhythm = subscription.rhythm
        return (
            self.run is not None
            and self.frequency in frequencies_at(subscription, address)
            and rhythm.zone == self.slot_zone
            and (self.frequency is Frequency.DAILY or rhythm.weekday == self.slot_weekday)
        )


@dataclass(slots=True)
class DigestWriter:
    """Writes the digests of one issue, inside one transaction."""

    issue: Issue
    tx: Transaction
    desk: Desk
    now: datetime
    _lookout: Lookout | None = None
    _silent: set[int] | None = None
    remarks: tuple[PauseNote, ...] = ()  #: said first

    def write(
        self, owed: Mapping[Address, Sequence[StoredAlert]], *, even_if_empty: Collection[Address] = frozenset()
    ) -> int:
        """The digests of these persons; how many: none for whom all was told already by other messages.

        `even_if_empty`: they asked to hear also that there is nothing new.
        """
        readers, written = Readers(owed, even_if_empty, self.tx, self.issue.zone), 0
        waiting: list[Owed] = []
        for address in sorted(owed.keys() | set(even_if_empty), key=lambda one: (one.channel, one.target)):
            message = self._digest(address, owed.get(address, ()), readers, even_if_empty=address in even_if_empty)
            if message is not None:
                waiting.append(message)
                written += 1
            if len(waiting) >= TOGETHER:
                self.tx.outbox.add_all(waiting, now=self.now)
                waiting.clear()
        self.tx.outbox.add_all(waiting, now=self.now)
        return written

    def _digest(
        self, address: Address, owed: Sequence[StoredAlert], readers: Readers, *, even_if_empty: bool
    ) -> Owed | None:
        """The digest of one person."""
        tx, desk, issue, now = self.tx, self.desk, self.issue, self.now
        told = readers.told(address)
        spared = {alert.id: alert.fact_change_id for alert in owed if alert.fact_change_id in told}
        tx.moving.lean_on_what_waits(address, spared)
        owed = [alert for alert in owed if alert.id not in spared]
        if not owed and not even_if_empty:
            return None
        here, live = readers.here(address), readers.subscriptions
        mine = sorted({alert.subscription_id for alert in owed})
        quiet = [
            one for one in here if issue.cuts(one, address) and one.id not in mine and one.id not in self._paused()
        ]
        if not mine and not quiet:
            return None
        first = live[mine[0]] if mine else quiet[0]
        language, today = first.language, now.astimezone(issue.zone).date()
        by_measure: dict[int, list[StoredAlert]] = {}
        for alert in owed:
            by_measure.setdefault(alert.measure_id, []).append(alert)
        news = [self._news(alerts, address, readers, language, today) for alerts in by_measure.values()]
        seen: Coverage = self._sources().line(language, here)
        doubtful: set[int] = set()
        if seen.gaps and quiet:
            for source in self._sources().unread():
                doubtful |= {one.id for one in quiet if concerns(source, one, desk.names.markets)}
        named = (*mine, *(one.id for one in quiet))
        starts_on = issue.starts_at.astimezone(issue.zone).date()
        content = DigestContent(
            number=issue.number,
            frequency=issue.frequency,
            starts_on=starts_on,
            ends_on=max(starts_on, (issue.ends_at - timedelta(microseconds=1)).astimezone(issue.zone).date()),
            news=tuple(sorted(news, key=_reading_order)),
            deadlines=tuple(_deadlines(news, today)),
            quiet=tuple(one.name for one in quiet if one.id not in doubtful),
            doubtful=tuple(one.name for one in quiet if one.id in doubtful),
            coverage=seen,
            unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=named),
            written_on=today,
            pauses=self._pauses(named, address, live),
            arranged_by=managing([live[one] for one in mine] or quiet, readers.managers),
            catch_up=issue.run is None,
        )
        message = render_digest(content, channel=address.channel, language=language, recipient=address.target)
        due = self._due([live[one] for one in mine] or quiet)
        return Owed(
            key=f"{issue.key}:{address.channel}:{address.target}",
            kind="digest",
            channel=address.channel,
            target=address.target,
            message=replace(addressed(message, desk), dated=due.replace(microsecond=0)),
            alerts=tuple(alert.id for alert in owed),
            digest_run_id=issue.run,
            due_at=due,
        )

    def _due(self, subscriptions: Sequence[Subscription]) -> datetime:
        """When it goes out: at the hour asked for, and not in quiet hours or on a holiday."""
        home, now, issue = self.desk.names.zone, self.now, self.issue
        if issue.run is None:
            return min(next_allowed(now, one.rhythm, home) for one in subscriptions)
        return min(
            next_allowed(max(now, digest_due(issue.ends_at, one.rhythm, home)), one.rhythm, home)
            for one in subscriptions
        )

    def _pauses(
        self, named: Sequence[int], address: Address, live: Mapping[int, Subscription]
    ) -> tuple[PauseNote, ...]:
        return (*self.remarks, *pause_notes(named, address, live, self.tx, self.desk))

    def _paused(self) -> set[int]:
        """Of those that are to be told nothing it is not said that there is nothing new."""
        if self._silent is None:
            self._silent = {one.subscription for one in self.tx.pauses.holding() if one.measure is None}
        return self._silent

    def _sources(self) -> Lookout:
        if self._lookout is None:
            names = self.desk.names
            self._lookout = Lookout(self.desk.sources, self.tx, now=self.now, zone=names.zone, markets=names.markets)
        return self._lookout

    def _news(
        self,
        alerts: Sequence[StoredAlert],
        address: Address,
        readers: Readers,
        language: str,
        today: date,
    ) -> MeasureNews:
        measure_id = alerts[0].measure_id
        reasons = {
            alert.subscription_id: Reason(
                subscription=readers.subscriptions[alert.subscription_id], match=alert.receipt.match
            ).told_at(address, language)
            for alert in alerts
        }
        news = news_of(
            readers.measure(measure_id),
            alerts[-1].receipt.classification,
            list({alert.fact_change_id: readers.changes[alert.fact_change_id] for alert in alerts}.values()),
            list(reasons.values()),
            names=self.desk.names,
            language=language,
            told=readers.told_before(address, measure_id),
            today=today,
        )
        late = all(alert.label == Label.LATE.value for alert in alerts)
        return replace(news, label=Label.LATE) if late else news


def catch_up(
    subscription: Subscription,
    alerts: Sequence[StoredAlert],
    *,
    reason: str,
    addresses: Sequence[Address],
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> int:
    """Tell at once, in one message for each of these addresses, what waited for this subscription alone.

    What an address heard already it does not hear again. `reason` makes the keys its own: "pause 7".
    """
    if not alerts:
        return 0
    zone = zone_of(subscription.rhythm, desk.names.zone)
    issue = Issue(
        key=f"catch-up:{subscription.id}:{subscription.version}:{reason}:{alerts[-1].id}",
        frequency=Frequency.DAILY,
        number=0,
        zone=zone,
        starts_at=min(alert.created_at for alert in alerts),
        ends_at=now,
    )
    writer = DigestWriter(issue, tx, desk, now)
    return writer.write(dict.fromkeys(addresses, alerts))


def _reading_order(news: MeasureNews) -> tuple[bool, tuple[str, ...], tuple[str, ...], int]:
    """New measures first, then by market and area."""
    new = not news.later and any(change.kind is ChangeKind.NEW_MEASURE for change in news.changes)
    return not new, news.markets, news.areas, news.measure


def _deadlines(news: Sequence[MeasureNews], today: date) -> list[DeadlineAhead]:
    """What has to be done in the next 30 days, nearest first."""
    ahead = []
    for one in news:
        for name in ("comment_deadline", "in_force_on", "proposed_entry_into_force"):
            fact = getattr(one.facts, name)
            if name == "comment_deadline" and not is_open(one, today):
                continue
            if fact.value is not None and today <= fact.value <= today + LOOK_AHEAD:
                ahead.append(
                    DeadlineAhead(
                        day=fact.value,
                        what=name,
                        symbol=one.thread_symbols[0],
                        title=title_of(one.facts),
                        market=", ".join(one.markets[:2]),
                        fact=fact,
                    )
                )
    return sorted(ahead, key=lambda deadline: (deadline.day, deadline.symbol))
