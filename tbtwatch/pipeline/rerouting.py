"""What a subscription with ways is owed already follows it when its ways or addresses change.

Each piece of news that waits at an address goes the way that the address has for it now. What waits at an address that
is left waits at the ones that take its place; without any it is dropped there, as its messages are. A new address that
takes no other's place hears from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from subscriptions.criteria import Address, Frequency, Subscription
from subscriptions.ways import frequency_at, ways_at
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.digest_writing import catch_up
from tbtwatch.pipeline.snooze import tell_what_waited
from tbtwatch.storage import Transaction
from tbtwatch.storage.alert_ways import Waiting
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.moving import AT_ONCE


def goes_by_ways(before: Subscription, after: Subscription, tx: Transaction) -> bool:
    """Whether what is owed stands by address: the subscription has, is to have or had ways."""
    return bool(before.ways or after.ways) or tx.alert_ways.any_of(after.id)


def reroute(before: Subscription, after: Subscription, tx: Transaction, desk: Desk, now: datetime) -> tuple[int, int]:
    """What waits is told by the new ways: messages written now, alerts that wait for a digest instead."""
    added = [one for one in after.addresses if one not in before.addresses]
    changed = [one for one in after.addresses if one not in added and ways_at(before, one) != ways_at(after, one)]
    _by_address(before, after, tx)
    in_digest = _take_back(after, changed, tx, now)
    gone: list[Waiting] = []
    for one in tx.alert_ways.waiting(after.id):
        if one.address in changed:
            frequency = frequency_at(after, one.address, one.grade)
            # What staff or the rules told late in a digest stays in one.
            if frequency is not one.frequency and not (one.label and frequency is Frequency.IMMEDIATE):
                tx.alert_ways.place(one.alert, one.address, frequency)
                in_digest |= {one.alert} if frequency is not Frequency.IMMEDIATE else set()
        elif one.address not in after.addresses and (added or one.address in before.addresses):
            for place in added:
                tx.alert_ways.owe({one.alert: {place: frequency_at(after, place, one.grade)}})
            gone.append(one)
    tx.alert_ways.drop(gone)
    return tell_what_waited(after, reason="at once", tx=tx, desk=desk, now=now), len(in_digest)


def _by_address(before: Subscription, after: Subscription, tx: Transaction) -> None:
    """What waits and was owed wherever the subscription was answered, is owed at each of those addresses from now on.

    That is what waits for a digest or in a pause, and what is in a message that has not gone out.
    """
    ids = {*tx.moving.waiting_for_digest(after.id, late=True), *tx.moving.untold(after.id)}
    places = before.addresses or after.addresses
    owed = {one.id: dict.fromkeys(places, one.frequency) for one in tx.alerts.some(sorted(ids))}
    waiting = tx.moving.alone(after.id, kinds=AT_ONCE)
    written = {alert for _, _, alert in tx.moving.places(waiting, after.id)} - owed.keys()
    known = {one.id: one for one in tx.alerts.some(sorted(written)) if not one.by_way}
    for alert, addresses in tx.moving.written_to(sorted(known)).items():
        owed[alert] = dict.fromkeys(addresses.intersection(places), known[alert].frequency)
    tx.alert_ways.owe(owed)


def _take_back(after: Subscription, changed: Sequence[Address], tx: Transaction, now: datetime) -> set[int]:
    """What is in a message to go out at once, where it is to be told in a digest now; the alerts."""
    waiting = tx.moving.alone(after.id, kinds=AT_ONCE)
    told = [one for one in tx.moving.places(waiting, after.id) if one[1] in changed]
    alerts = {one.id: one for one in tx.alerts.some(sorted({alert for _, _, alert in told}))}
    soon = {one: frequency_at(after, one[1], alerts[one[2]].receipt.match.grade) for one in told}
    back = sorted({delivery for (delivery, _, _), how in soon.items() if how is not Frequency.IMMEDIATE})
    if not back:
        return set()
    why = "not sent: it is told in the digest that the subscriber asks for now"
    tx.moving.take_back_these(back, after.id, now=now, why=why)
    moved = {one: how for one, how in soon.items() if one[0] in back}
    for (_, address, alert), how in moved.items():
        tx.alert_ways.place(alert, address, how)
    return {alert for (_, _, alert), how in moved.items() if how is not Frequency.IMMEDIATE}


def tell_in_its_place(
    subscription: Subscription,
    alerts: Sequence[StoredAlert],
    left: Address,
    *,
    reason: str,
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> int:
    """Tell what did not reach an address that was left: what is owed by ways only where another has taken its place."""
    by_address: dict[Address, list[StoredAlert]] = {}
    tx.alert_ways.forget([one.id for one in alerts], left)
    instead = _in_place_of(left, subscription, tx)
    for alert in sorted(alerts, key=lambda one: one.id):
        places = instead if alert.by_way else subscription.addresses
        for address in places:
            by_address.setdefault(address, []).append(alert)
            if alert.by_way:
                tx.alert_ways.owe({alert.id: {address: Frequency.IMMEDIATE}})
    return sum(
        catch_up(subscription, several, reason=reason, addresses=(address,), tx=tx, desk=desk, now=now)
        for address, several in by_address.items()
    )


def _in_place_of(left: Address, subscription: Subscription, tx: Transaction) -> tuple[Address, ...]:
    """The addresses that a subscription has got since it left this one; if those have gone too, all it has."""
    stood = [one.addresses for one in tx.versions.of(subscription.id) if left in one.addresses]
    added = tuple(one for one in subscription.addresses if not stood or one not in stood[-1])
    return added or subscription.addresses
