"""A subscription is silent for a while, altogether or about one measure; what comes meanwhile waits and is told after.

While a pause lasts news is judged and owed as ever, only not written. What was written and waits is taken back. When
the pause is over, at its end or because somebody says so, who hears at once is told in one message what waited; who has
digests finds it in the next. The first message after it says who asked for silence, until when, and what came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import structlog

from subscriptions.criteria import Address, Subscription
from subscriptions.digest import start_of_day
from subscriptions.rhythm import zone_of
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.digest_writing import catch_up
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.moving import NEWS
from tbtwatch.storage.pauses import Pause

log = structlog.get_logger()

PROGRAM = "tbtwatch"  #: who ends a pause whose day has come


class PauseError(ValueError):
    """A pause that cannot be; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A pause, and what it took back."""

    pause: Pause
    taken_back: int  #: alerts whose messages waited


def pause(subscription_id: int, *, until: date, why: str, by: str, desk: Desk, measure: int | None = None) -> Paused:
    """Tell a subscription nothing, or nothing of a measure, before that day begins. Raises LookupError, PauseError."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        subscription = _live(subscription_id, tx)
        end = start_of_day(until, zone_of(subscription.rhythm, desk.names.zone))
        if end <= now:
            raise PauseError(f"{until} has begun; write a day to come: on that day news is told again")
        for one in tx.pauses.holding(subscription=subscription_id):
            if one.measure == measure:
                tx.pauses.release(one, addresses=(), now=now, by=by)
        begun = tx.pauses.begin(subscription_id, measure=measure, until=end, why=why, by=by, now=now)
        reason = f"not sent: paused until {until} by {by}"
        alerts = tx.moving.take_back(subscription_id, kinds=NEWS, measure=measure, now=now, why=reason)
    log.info("paused", subscription=subscription_id, measure=measure, until=end.isoformat(), by=by)
    return Paused(pause=begun, taken_back=len(alerts))


def resume(subscription_id: int, *, by: str, desk: Desk, measure: int | None = None) -> Pause:
    """End a pause before its day. Raises LookupError if there is none."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        _live(subscription_id, tx)
        for one in tx.pauses.holding(subscription=subscription_id):
            if one.measure == measure:
                return _release(one, tx, desk, desk.clock(), by)
    what = "not paused" if measure is None else "told of this measure as ever"
    raise LookupError(f"subscription {subscription_id} is {what}; there is nothing to end")


def release_due(*, desk: Desk) -> int:
    """End the pauses whose day has come, and tell what waited; how many."""
    with desk.storage.look() as tx:
        over = tx.pauses.holding(over_at=desk.clock())
    done = 0
    for one in over:
        with desk.storage.begin() as tx:
            tx.subscriptions.wait_for_turn()
            if tx.pauses.get(one.id).released_at is None:
                _release(one, tx, desk, desk.clock(), PROGRAM)
                done += 1
    return done


def tell_what_waited(subscription: Subscription, *, reason: str, tx: Transaction, desk: Desk, now: datetime) -> int:
    """Tell where news is told at once what is owed there and in no message, but for what a pause still holds back.

    What was to be told at once is, even if the subscriber asks for a digest now: it was in a message with others'
    when that was changed, and no digest looks for it.
    """
    by_address: dict[Address, list[StoredAlert]] = {}
    for alert in tx.alerts.without_delivery(subscription=subscription.id, limit=100_000):
        for address in subscription.addresses:
            by_address.setdefault(address, []).append(alert)
    by_way = tx.alert_ways.to_tell_at_once(subscription.id)
    alerts = {one.id: one for one in tx.alerts.some(sorted({one for several in by_way.values() for one in several}))}
    for address, several in by_way.items():
        by_address.setdefault(address, []).extend(alerts[one] for one in several)
    written = 0
    for address in sorted(by_address, key=lambda one: (one.channel, one.target)):
        owed = sorted(by_address[address], key=lambda one: one.id)
        written += catch_up(subscription, owed, reason=reason, addresses=(address,), tx=tx, desk=desk, now=now)
    return written


def _release(one: Pause, tx: Transaction, desk: Desk, now: datetime, by: str) -> Pause:
    subscription = tx.subscriptions.get(one.subscription)
    released = tx.pauses.release(one, addresses=subscription.addresses, now=now, by=by)
    tx.moving.hurry(one.subscription, now=now)  # what was put off until its end
    tell_what_waited(subscription, reason=f"pause {one.id}", tx=tx, desk=desk, now=now)
    log.info("pause_over", subscription=one.subscription, measure=one.measure, news=released.news, by=by)
    return released


def _live(id: int, tx: Transaction) -> Subscription:
    subscription = tx.subscriptions.get(id)
    if subscription.ended_at is not None:
        raise LookupError(f"subscription {id} has ended: {subscription.end_reason}; nothing is sent to it")
    return subscription
