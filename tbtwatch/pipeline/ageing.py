"""Subscriptions that brought nothing for long: listed to staff, and shown to their owner once a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifiers.leaving import Ageing, AgeingContent
from notifiers.render import render_ageing
from subscriptions.criteria import Address, Subscription
from tbtwatch.pipeline.alert import Desk, addressed, unsubscribe_at
from tbtwatch.storage import Transaction

log = structlog.get_logger()

MONTH = timedelta(days=365) / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """A live subscription that brought nothing for long."""

    subscription: Subscription
    last: datetime | None  #: when it was last owed something


def ageing(months: int, *, desk: Desk) -> list[Aged]:
    """The live subscriptions that are older than this and were owed nothing since, the oldest first."""
    with desk.storage.look() as tx:
        quiet = tx.alerts.quiet_since(desk.clock() - months * MONTH)
        return [Aged(subscription=tx.subscriptions.get(id_), last=last) for id_, last in quiet]


def tell_ageing(months: int, *, desk: Desk) -> int:
    """Show each reader theirs, once a quarter; how many messages were written. 0 months: nobody is shown any."""
    if not months:
        return 0
    now, zone = desk.clock(), desk.names.zone
    there = now.astimezone(zone)
    quarter = f"{there.year}Q{(there.month + 2) // 3}"
    readers: dict[Address, list[Aged]] = {}
    aged = ageing(months, desk=desk)
    with desk.storage.look() as tx:
        owners = _owners({one.subscription.enterprise for one in aged}, tx)
    for one in aged:
        for address in dict.fromkeys((*one.subscription.addresses, *owners.get(one.subscription.enterprise, ()))):
            readers.setdefault(address, []).append(one)
    told = 0
    for address, several in sorted(readers.items(), key=lambda pair: (pair[0].channel, pair[0].target)):
        key = f"ageing:{quarter}:{address.channel}:{address.target}"
        with desk.storage.begin() as tx:
            if tx.outbox.has(key):
                continue
            tx.subscriptions.revision()  # none ends until this is written
            here = {one.id for one in tx.subscriptions.of_address(address.channel, address.target)}
            live = tx.subscriptions.live_among([one.subscription.id for one in several])
            live = {id_: one for id_, one in live.items() if id_ in here or address in owners.get(one.enterprise, ())}
            theirs = [one for one in several if one.subscription.id in live]
            if not theirs:
                continue
            first = theirs[0].subscription
            content = AgeingContent(
                months=months,
                several=tuple(_shown(one, first.language, desk) for one in theirs),
                written_on=there.date(),
                unsubscribe=unsubscribe_at(
                    first, tx, desk, address=address, named=[one.subscription.id for one in theirs]
                )
                if here & live.keys()
                else "",
            )
            message = render_ageing(content, channel=address.channel, language=first.language, recipient=address.target)
            owed = tx.outbox.add(
                key=key,
                kind="notice",
                channel=address.channel,
                target=address.target,
                message=addressed(message, desk),
                alerts=(),
                now=now,
            )
        told += owed is not None
    if told:
        log.info("ageing_told", messages=told, quarter=quarter)
    return told


def _owners(enterprises: set[str], tx: Transaction) -> dict[str, list[Address]]:
    """Where those are told who are told what concerns an enterprise."""
    found: dict[str, list[Address]] = {}
    for name in enterprises:
        if (id_ := tx.subscriptions.find_enterprise(name)) is not None:
            found[name] = [address for owner in tx.contacts.owners(id_) for address in owner.addresses]
    return found


def _shown(one: Aged, language: str, desk: Desk) -> Ageing:
    names, zone = desk.names, desk.names.zone
    return Ageing(
        name=one.subscription.name,
        asks=names.described(one.subscription.criteria, language),
        since=one.subscription.started_at.astimezone(zone).date(),
        last=one.last.astimezone(zone).date() if one.last else None,
    )
