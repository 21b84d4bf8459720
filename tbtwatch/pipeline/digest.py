"""Digests: one for each person and window, frozen when it is written, never empty, never twice.

A window that was missed is found and run later; what it should have told is in it, or in the next one that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from notifiers.duties import is_open
from notifiers.message import Coverage, DeadlineAhead, DigestContent, Label, MeasureNews
from notifiers.render import render_digest
from notifiers.titles import title_of
from subscriptions.criteria import Address, Frequency, Subscription
from subscriptions.digest import DigestWindow, window_holding, windows_between
from tbtwatch.pipeline.alert import Desk, addressed, unsubscribe_at
from tbtwatch.pipeline.compose import Reason, news_of, told_before
from tbtwatch.pipeline.coverage import Lookout, concerns
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from watcher.measure import ChangeKind

log = structlog.get_logger()

LOOK_AHEAD = timedelta(days=30)
FREQUENCIES = (Frequency.DAILY, Frequency.WEEKLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """What a digest run wrote."""

    frequency: Frequency
    starts_at: datetime
    ends_at: datetime
    digests: int
    alerts: int


def due_windows(frequency: Frequency, *, tx: Transaction, desk: Desk, now: datetime) -> list[DigestWindow]:
    """The windows that are over and were not run."""
    zone = desk.names.zone
    last = tx.digests.last(frequency)
    if last is not None:
        windows = windows_between(last.ends_at, now, frequency, zone)
        return [_from(window, last.ends_at) for window in windows if window.ends_at > last.ends_at]
    waiting = tx.alerts.for_digest(frequency, before=now)
    if not waiting:
        return []
    first = window_holding(waiting[0].created_at, frequency, zone)
    return list(windows_between(first.starts_at, now, frequency, zone))


def run_due_digests(*, desk: Desk, frequencies: Iterable[Frequency] = FREQUENCIES) -> list[DigestReport]:
    """Write the digests of all windows that are over."""
    reports: list[DigestReport] = []
    for frequency in frequencies:
        with desk.storage.look() as tx:
            windows = due_windows(frequency, tx=tx, desk=desk, now=desk.clock())
        reports.extend(report for window in windows if (report := run_window(window, desk=desk)) is not None)
    return reports


def run_now(frequency: Frequency, *, desk: Desk) -> DigestReport | None:
    """Close the window that is open now, early: the rest of it is a window of its own."""
    now = desk.clock()
    run_due_digests(desk=desk, frequencies=(frequency,))
    with desk.storage.look() as tx:
        last = tx.digests.last(frequency)
    window = window_holding(now, frequency, desk.names.zone)
    start = max(window.starts_at, last.ends_at) if last else window.starts_at
    if start >= now:
        return None
    early = DigestWindow(frequency=frequency, starts_at=start, ends_at=now, number=window.number, zone=window.zone)
    return run_window(early, desk=desk)


def _from(window: DigestWindow, start: datetime) -> DigestWindow:
    """What is left of a window whose first part was closed early."""
    if start <= window.starts_at:
        return window
    return DigestWindow(
        frequency=window.frequency,
        starts_at=start,
        ends_at=window.ends_at,
        number=window.number,
        zone=window.zone,
    )


def run_window(window: DigestWindow, *, desk: Desk) -> DigestReport | None:
    """Write the digests of one window, in one transaction; None if it was run before."""
    now = desk.clock()
    with desk.storage.begin() as tx:
        run = tx.digests.begin(
            frequency=window.frequency,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            number=window.number,
            now=now,
        )
        if run is None:
            return None
        # Not "raised inside the window": what an earlier window lost in an outage is told now.
        alerts = _still_true(tx.alerts.for_digest(window.frequency, before=window.ends_at), tx, desk, now)
        live = tx.subscriptions.live_among(alert.subscription_id for alert in alerts)
        by_address: dict[Address, list[StoredAlert]] = {}
        for alert in alerts:
            for address in live[alert.subscription_id].addresses:
                by_address.setdefault(address, []).append(alert)
        readers = tx.subscriptions.of_addresses(by_address)
        lookout = Lookout(desk.sources, tx, now=now, zone=desk.names.zone, markets=desk.names.markets)
        written = 0
        for address, owed in sorted(by_address.items(), key=lambda pair: (pair[0].channel, pair[0].target)):
            written += _write(address, owed, live, readers[address], window, run, lookout, tx, desk, now)
        tx.alerts.put_in_digest([alert.id for alert in alerts], run)
    log.info("digests_written", frequency=window.frequency.value, digests=written, alerts=len(alerts))
    return DigestReport(
        frequency=window.frequency,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        digests=written,
        alerts=len(alerts),
    )


def _still_true(alerts: Sequence[StoredAlert], tx: Transaction, desk: Desk, now: datetime) -> list[StoredAlert]:
    """Without those told late that fit no more: the rules have changed again since staff decided."""
    fits: dict[int, set[int]] = {}
    for measure_id in {alert.measure_id for alert in alerts if alert.label == Label.LATE.value}:
        measure = tx.measures.get(measure_id)
        classification = current_classification(measure, tx, desk.rulebook, now)
        fits[measure_id] = {match.subscription for match in desk.audience.index(tx).match(measure, classification)}
    late = [one for one in alerts if one.label == Label.LATE.value]
    gone = [one.id for one in late if one.subscription_id not in fits[one.measure_id]]
    tx.alerts.withdraw(gone, now=now)
    return [one for one in alerts if one.id not in gone]


def _write(
    address: Address,
    owed: Sequence[StoredAlert],
    live: dict[int, Subscription],
    reader: Sequence[Subscription],
    window: DigestWindow,
    run: int,
    lookout: Lookout,
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> int:
    """The digest of one person; 1, or 0 if all of it was told already by immediate alerts."""
    told = tx.alerts.changes_told(address.channel, address.target, [alert.fact_change_id for alert in owed])
    owed = [alert for alert in owed if alert.fact_change_id not in told]
    if not owed:
        return 0
    mine = sorted({alert.subscription_id for alert in owed})
    first = live[mine[0]]
    language, zone = first.language, desk.names.zone
    today = now.astimezone(zone).date()
    changes = tx.changes.get({alert.fact_change_id for alert in owed})
    by_measure: dict[int, list[StoredAlert]] = {}
    for alert in owed:
        by_measure.setdefault(alert.measure_id, []).append(alert)
    news = [
        _news(measure_id, alerts, changes, address, live, language, today, tx, desk)
        for measure_id, alerts in by_measure.items()
    ]
    quiet = [
        subscription
        for subscription in reader
        if subscription.frequency is window.frequency and subscription.id not in mine
    ]
    seen: Coverage = lookout.line(language, reader)
    doubtful: set[int] = set()
    if seen.gaps and quiet:
        for source in lookout.unread():
            doubtful |= {one.id for one in quiet if concerns(source, one, desk.names.markets)}
    content = DigestContent(
        number=window.number,
        frequency=window.frequency,
        starts_on=window.starts_at.astimezone(zone).date(),
        ends_on=(window.ends_at - timedelta(microseconds=1)).astimezone(zone).date(),
        news=tuple(sorted(news, key=_reading_order)),
        deadlines=tuple(_deadlines(news, today)),
        quiet=tuple(subscription.name for subscription in quiet if subscription.id not in doubtful),
        doubtful=tuple(subscription.name for subscription in quiet if subscription.id in doubtful),
        coverage=seen,
        unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=(*mine, *(one.id for one in quiet))),
        written_on=today,
    )
    message = render_digest(content, channel=address.channel, language=language, recipient=address.target)
    tx.outbox.add(
        key=f"digest:{run}:{address.channel}:{address.target}",
        kind="digest",
        channel=address.channel,
        target=address.target,
        message=addressed(message, desk),
        alerts=[alert.id for alert in owed],
        digest_run_id=run,
        now=now,
    )
    return 1


def _news(
    measure_id: int,
    alerts: Sequence[StoredAlert],
    changes: dict[int, StoredChange],
    address: Address,
    live: dict[int, Subscription],
    language: str,
    today: date,
    tx: Transaction,
    desk: Desk,
) -> MeasureNews:
    reasons = {
        alert.subscription_id: Reason(subscription=live[alert.subscription_id], match=alert.receipt.match)
        for alert in alerts
    }
    news = news_of(
        tx.measures.get(measure_id),
        alerts[-1].receipt.classification,
        list({alert.fact_change_id: changes[alert.fact_change_id] for alert in alerts}.values()),
        list(reasons.values()),
        names=desk.names,
        language=language,
        told=told_before(tx, address.channel, address.target, measure_id, desk.names.zone),
        today=today,
    )
    return replace(news, label=Label.LATE) if all(alert.label == Label.LATE.value for alert in alerts) else news


def _reading_order(news: MeasureNews) -> tuple[bool, tuple[str, ...], tuple[str, ...], int]:
    """New measures first, then by market and area."""
    new = not news.later and any(change.kind is ChangeKind.NEW_MEASURE for change in news.changes)
    return not new, news.markets, news.areas, news.measure


def _deadlines(news: Sequence[MeasureNews], today: date) -> list[DeadlineAhead]:
    """What has to be done in the next 30 days, nearest first."""
    ahead = []
    for one in news:
        for field in ("comment_deadline", "in_force_on", "proposed_entry_into_force"):
            fact = getattr(one.facts, field)
            if field == "comment_deadline" and not is_open(one, today):
                continue
            if fact.value is not None and today <= fact.value <= today + LOOK_AHEAD:
                ahead.append(
                    DeadlineAhead(
                        day=fact.value,
                        what=field,
                        symbol=one.thread_symbols[0],
                        title=title_of(one.facts),
                        market=", ".join(one.markets[:2]),
                        fact=fact,
                    )
                )
    return sorted(ahead, key=lambda deadline: (deadline.day, deadline.symbol))
