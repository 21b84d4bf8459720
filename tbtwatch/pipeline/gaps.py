"""Gaps: a source that was not read for longer than its readers are kept waiting, told when it opens and closes.

Who is told at once: every address with a live subscription that wants to hear at once and that the source touches, by
its market alone, for what was missed nobody has seen. Daily and weekly readers find it in the last line of their
digest, which is early enough for them. What was found late comes as ordinary alerts; the closing notice counts it.

A gap opens only after the source has been asked in vain: after our own outage everything is old, and most of it is
read within the minute. A gap that closes before its notice went out is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifiers.render import render_gap
from notifiers.watch import GapContent
from subscriptions.criteria import Address, Frequency, Subscription
from subscriptions.ways import frequencies_at
from tbtwatch.pipeline.alert import Desk, addressed, managing, unsubscribe_at
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.storage import Transaction
from tbtwatch.storage.health import Gap, StoredHealth
from watcher.health import Cause, State
from watcher.source import Source

log = structlog.get_logger()

GAPS_LOCK = 7_261_536


def keep_gaps(*, desk: Desk) -> tuple[int, int]:
    """Open and close the gaps that the sources' states call for, and tell of them; how many opened and closed."""
    now = desk.clock()
    known = {source.config.name: source for source in desk.sources}
    with desk.storage.look() as tx:
        opening, closing = _due(known, tx, now)
    opened = sum(_open(known[name], desk, now) for name in opening)
    closed = sum(_close(name, known.get(name), desk, now) for name in closing)
    return opened, closed


def touched(source: Source, tx: Transaction, desk: Desk) -> list[Subscription]:
    """The live subscriptions that a source may bring something for, by its market. Nobody starts or ends meanwhile."""
    ids = desk.audience.index(tx).asking_about(source.config.market)
    return list(tx.subscriptions.live_among(ids).values())


def _due(known: Mapping[str, Source], tx: Transaction, now: datetime) -> tuple[list[str], list[str]]:
    """The sources whose gap opens, and those whose gap closes."""
    states, is_open = tx.health.all(), tx.health.open_gaps()
    opening = [
        name
        for name, source in known.items()
        if name not in is_open and name in states and _is_gap(states[name], source, now)
    ]
    # A source that is no longer in the configuration is watched as little as one that is switched off.
    closing = [name for name in is_open if name not in known or (name in states and not _unread(states[name]))]
    return opening, closing


def _unread(stored: StoredHealth) -> bool:
    return stored.health.state.unread


def _is_gap(stored: StoredHealth, source: Source, now: datetime) -> bool:
    is_now = stored.health
    if not is_now.state.unread or is_now.read_until is None or is_now.cause is Cause.NOT_POLLED:
        return False
    return now - is_now.read_until > timedelta(hours=source.config.gap_hours)


def _open(source: Source, desk: Desk, now: datetime) -> bool:
    """Open the gap of a source and tell those it concerns; False if it is open already."""
    name = source.config.name
    with desk.storage.begin() as tx:
        tx.one_at_a_time(GAPS_LOCK)
        stored = tx.health.of(name)
        if stored is None or not _is_gap(stored, source, now):
            return False
        assert stored.health.read_until is not None
        gap = tx.health.open_gap(name, since=stored.health.read_until, now=now)
        if gap is None:
            return False
        hearing = _at_once(source, tx, desk)
        told, seen = 0, _Seen.within(tx, desk, now, hearing.values())
        for address, subscriptions in hearing.items():
            told += _write(gap, address, subscriptions, source, seen, state=stored.health.state)
        tx.health.told_of_gap(gap, told=told)
    log.info("gap_opened", source=name, since=gap.since.isoformat(), told=told)
    return True


def _close(name: str, source: Source | None, desk: Desk, now: datetime) -> bool:
    """Close the gap of a source and tell those who were told that it was open; False if it is closed already."""
    with desk.storage.begin() as tx:
        tx.one_at_a_time(GAPS_LOCK)
        gap, stored = tx.health.open_gaps().get(name), tx.health.of(name)
        if gap is None or (source is not None and (stored is None or _unread(stored))):
            return False
        given_up = source is None or stored is None or stored.health.state is State.RESTING
        found = tx.health.found_since(name, gap.since)
        tx.health.close_gap(gap, found_late=found, given_up=given_up, now=now)
        told = [Address(channel=channel, target=target) for channel, target in _told(gap, tx, now)]
        live = _live_at(told, tx)
        seen = _Seen.within(tx, desk, now, live.values())
        for address in told:
            if live[address]:
                _write(gap, address, live[address], source, seen, until=now, found=found, given_up=given_up)
    log.info("gap_closed", source=name, found_late=found, given_up=given_up, told=len(told))
    return True


def _told(gap: Gap, tx: Transaction, now: datetime) -> list[tuple[str, str]]:
    return tx.health.withdraw(f"gap:{gap.id}:open:", now=now)


def _at_once(source: Source, tx: Transaction, desk: Desk) -> dict[Address, list[Subscription]]:
    """The addresses that hear at once, each with those of its subscriptions that the source touches."""
    found: dict[Address, list[Subscription]] = {}
    for subscription in touched(source, tx, desk):
        for address in subscription.addresses:
            if Frequency.IMMEDIATE in frequencies_at(subscription, address):
                found.setdefault(address, []).append(subscription)
    return dict(sorted(found.items(), key=lambda pair: (pair[0].channel, pair[0].target)))


def _live_at(addresses: Sequence[Address], tx: Transaction) -> dict[Address, list[Subscription]]:
    """What is still subscribed to at these addresses, by those who hear at once."""
    tx.subscriptions.revision()  # nobody starts or ends until this is over
    found = tx.subscriptions.of_addresses(addresses)
    return {
        address: [one for one in found.get(address, ()) if Frequency.IMMEDIATE in frequencies_at(one, address)]
        for address in addresses
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    """One transaction in which many are written to: what is the same for all of them is looked up once."""

    tx: Transaction
    desk: Desk
    now: datetime
    lookout: Lookout
    managers: Mapping[str, str]

    @classmethod
    def within(cls, tx: Transaction, desk: Desk, now: datetime, told: Iterable[Sequence[Subscription]]) -> _Seen:
        """What is known in this transaction of those who are told."""
        names = desk.names
        lookout = Lookout(desk.sources, tx, now=now, zone=names.zone, markets=names.markets)
        managers = tx.managements.managers({one.enterprise for several in told for one in several})
        return cls(tx, desk, now, lookout, managers)


def _write(
    gap: Gap,
    address: Address,
    subscriptions: Sequence[Subscription],
    source: Source | None,
    seen: _Seen,
    *,
    state: State = State.LATE,
    until: datetime | None = None,
    found: int = 0,
    given_up: bool = False,
) -> bool:
    """Owe one notice to one address; False if it was owed before."""
    tx, desk, now = seen.tx, seen.desk, seen.now
    first = min(subscriptions, key=lambda subscription: subscription.id)
    language, zone = first.language, desk.names.zone
    market = source.config.market if source is not None else None
    content = GapContent(
        source=(source.config.title or source.config.name) if source is not None else gap.source,
        market=desk.names.markets.name(market, language) if market else "",
        state=state,
        since=gap.since.astimezone(zone),
        until=until.astimezone(zone) if until else None,
        given_up=given_up,
        found_late=found,
        subscriptions=tuple(subscription.name for subscription in subscriptions),
        written_at=now.astimezone(zone),
        coverage=seen.lookout.line(language, subscriptions),
        unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=[one.id for one in subscriptions]),
        arranged_by=managing(subscriptions, seen.managers),
    )
    message = render_gap(content, channel=address.channel, language=language, recipient=address.target)
    owed = tx.outbox.add(
        key=f"gap:{gap.id}:{'open' if until is None else 'closed'}:{address.channel}:{address.target}",
        kind="gap",
        channel=address.channel,
        target=address.target,
        message=addressed(message, desk, thread=f"<gap.{gap.id}@{desk.mail_domain}>"),
        alerts=(),
        now=now,
    )
    return owed is not None
