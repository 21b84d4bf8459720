"""A subscription changes: one version ends, with the reason, and the next begins. Nothing is lost by it or told twice.

News is judged by the version that was in force when it was noticed (`tbtwatch.pipeline.judging`). What is owed already
stays owed and follows the new version: in its rhythm, at its addresses. What an address has taken comes there once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

import structlog

from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from subscriptions.known import Known
from subscriptions.rhythm import Rhythm
from subscriptions.validation import check
from subscriptions.ways import at_all, carried_over, least_sure
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.confirm import let_go, require
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.known import known_to
from tbtwatch.pipeline.rerouting import goes_by_ways, reroute, tell_in_its_place
from tbtwatch.pipeline.snooze import tell_what_waited
from tbtwatch.pipeline.starter import owe_starter
from tbtwatch.pipeline.subscribe import at_home, key_of, refuse_suppressed, sorted_new, to_the_common_digits
from tbtwatch.storage import Transaction
from tbtwatch.storage.moving import AT_ONCE

log = structlog.get_logger()
NO_REASON = "a change needs its reason: it is kept with the version that it ends"


class ChangeError(ValueError):
    """A change that cannot be made; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to be different; None: as it is."""

    criteria: Criteria | None = None
    name: str | None = None
    frequency: Frequency | None = None
    language: str | None = None
    addresses: tuple[Address, ...] | None = None
    ways: tuple[Way, ...] | None = None  #: (): none any more; what is told is told everywhere, as the frequency says
    rhythm: Rhythm | None = None

    def of(self, subscription: Subscription) -> Subscription:
        """The subscription as it is to be."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None}
        return self._by_its_ways(subscription, replace(subscription, **given))

    def _by_its_ways(self, before: Subscription, after: Subscription) -> Subscription:
        """With a way to each address, if there are any; what is asked is as unsure as the least sure way."""
        if self.ways is None:
            if not before.ways:
                return after
            if after.frequency is not before.frequency or after.criteria.grade is not before.criteria.grade:
                what = "grade" if after.criteria.grade is not before.criteria.grade else "frequency"
                raise ChangeError(
                    f"each address of subscription {before.id} has its own ways, so that one {what} for all says "
                    "nothing; give --way again, or --way none and what is to hold for all"
                )
            ways = carried_over(before, after.addresses)
        else:
            ways = at_all(self.ways, after.addresses, grade=after.criteria.grade, frequency=after.frequency)
        asks = replace(after.criteria, grade=least_sure(ways, after.criteria.grade))
        return replace(after, ways=ways, criteria=asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change came to."""

    before: Subscription
    after: Subscription
    different: tuple[str, ...]  #: names of what differs; empty: nothing, and no version was ended
    at_once: int = 0  #: messages written now of what waited
    in_digest: int = 0  #: alerts that wait for the next digest instead
    moved: int = 0  #: messages that go to the new address instead


def change(id: int, edit: Edit, *, why: str, by: str, desk: Desk, expected: Expected | None = None) -> Changed:
    """Change a live subscription. Raises LookupError, ChangeError, CriteriaError.

    An address that it gets is owed its starter. `expected`: what it is forecast to bring now, to be kept with it.
    """
    if not why.strip():
        raise ChangeError(NO_REASON)
    known = known_to(edit.criteria, desk) if edit.criteria else None
    with desk.storage.begin() as tx:
        # Only now what time it is: what was noticed while this waited is judged by the version that was in force.
        tx.subscriptions.wait_for_turn()
        done = change_within(
            id, edit, why=why, by=by, tx=tx, desk=desk, now=desk.clock(), known=known, expected=expected
        )
    if done.different:
        log.info("subscription_changed", subscription=id, version=done.after.version, different=done.different, by=by)
    return done


def change_within(
    id: int,
    edit: Edit,
    *,
    why: str,
    by: str,
    tx: Transaction,
    desk: Desk,
    now: datetime,
    known: Known | None = None,
    expected: Expected | None = None,
) -> Changed:
    """The same as a part of a transaction that holds subscribers still. Raises the same.

    `known`: what is recorded of the sources and measures that are asked for; None: no new ones are.
    """
    if not why.strip():
        raise ChangeError(NO_REASON)
    before = tx.subscriptions.get(id)
    if before.ended_at is not None:
        raise ChangeError(
            f"subscription {id} has ended: {before.end_reason}; start a new one with `tbtwatch subscribe`"
        )
    after = _checked(edit.of(before), known, desk)
    different = tuple(
        name
        for name in ("name", "criteria", "frequency", "language", "addresses", "ways", "rhythm")
        if getattr(before, name) != getattr(after, name)
    )
    if not different:
        return Changed(before=before, after=before, different=())
    key = key_of(after.criteria, after.frequency, after.language, after.rhythm, after.ways)
    twin = tx.subscriptions.live_like(before.enterprise, key)
    if twin is not None and twin != id:
        raise ChangeError(f"subscription {twin} of {before.enterprise} asks the very same; end one of the two")
    added = sorted_new(after.addresses, before.addresses)
    refuse_suppressed(added, tx)
    tx.versions.end(before, now=now, why=why.strip(), by=by)
    tx.versions.begin(after, criteria_key=key)
    after = tx.subscriptions.get(id)
    require(after.enterprise, added, language=after.language, by=by, tx=tx, desk=desk, now=now)
    had_it = _has_had_it(before, after, tx)
    done = _follow(before, after, tx, desk, now)
    let_go(before.enterprise, before.addresses, reason=why.strip(), tx=tx, now=now)
    if desk.starter and not had_it:
        owe_starter(after, tx, now=now, addresses=added)
    if expected is not None:
        expected.keep(after, tx, now=now)
    return replace(done, different=different)


def _has_had_it(before: Subscription, after: Subscription, tx: Transaction) -> bool:
    """Whether new addresses only take the place of others, which have all had their starter."""
    left = set(before.addresses) - set(after.addresses)
    return bool(left) and not left & tx.starters.not_taken(after.id)


def preview(id: int, edit: Edit, *, desk: Desk) -> tuple[Subscription, Subscription]:
    """A subscription as it is, and as it would be; nothing is written. Raises as `change` does."""
    known = known_to(edit.criteria, desk) if edit.criteria else None
    with desk.storage.look() as tx:
        before = tx.subscriptions.get(id)
    return before, _checked(edit.of(before), known, desk)


def forward_strays(*, desk: Desk) -> int:
    """Tell at the new address what in the end did not reach the old one; how many messages were moved."""
    with desk.storage.look() as tx:
        if not tx.moving.strays():
            return 0
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        return _forward(tx, desk, desk.clock())


def _checked(after: Subscription, known: Known | None, desk: Desk) -> Subscription:
    names = desk.names
    if not after.addresses:
        raise ChangeError("nobody would be told any more; name another address, or end it with `tbtwatch unsubscribe`")
    return replace(
        after,
        criteria=to_the_common_digits(
            check(after.criteria, names.markets, names.area_names, names.choices, known=known)
        ),
        addresses=tuple(sorted(set(after.addresses), key=lambda one: (one.channel, one.target))),
        rhythm=at_home(after.rhythm, names.zone),
    )


def _follow(before: Subscription, after: Subscription, tx: Transaction, desk: Desk, now: datetime) -> Changed:
    """What is owed already follows the new version."""
    at_once = in_digest = moved = 0
    had, has = ({(one.channel, one.target) for one in each.addresses} for each in (before, after))
    left = [one for one in before.addresses if (one.channel, one.target) not in has]
    added = has - had
    if goes_by_ways(before, after, tx):
        at_once, in_digest = reroute(before, after, tx, desk, now)
    elif before.frequency is not after.frequency:
        at_once, in_digest = _in_its_rhythm(after, tx, desk, now)
    for address in left:
        if (starter := tx.starters.message(after.id, address)) is not None:
            # A new address has its own; the others have had theirs.
            tx.outbox.cancel_waiting([starter], now=now, reason="not sent: the subscription is answered elsewhere now")
        # Its other addresses have had their own messages, but for what came before them.
        others = () if added else after.addresses
        tx.moving.leave_address(after.id, address, since=now - desk.late_horizon, others=others)
    if left:
        moved = _forward(tx, desk, now)
    if not added:
        for address in left:
            why = "not sent: the subscription was changed and is no longer answered here"
            tx.outbox.cancel_at(address.channel, address.target, [after.id], now=now, reason=why)
            tx.alert_ways.leave(after.id, address)
    if before.rhythm != after.rhythm:
        tx.moving.hurry(after.id, now=now)
    return Changed(before=before, after=after, different=(), at_once=at_once, in_digest=in_digest, moved=moved)


def _in_its_rhythm(after: Subscription, tx: Transaction, desk: Desk, now: datetime) -> tuple[int, int]:
    """What waits is told in the new rhythm: messages written now, alerts that wait for a digest.

    What lies in a digest that is written stays in it: it is only not sent yet.
    """
    if after.frequency is Frequency.IMMEDIATE:
        tx.moving.set_frequency(tx.moving.waiting_for_digest(after.id), Frequency.IMMEDIATE)
        return tell_what_waited(after, reason="at once", tx=tx, desk=desk, now=now), 0
    why = f"not sent: it is told in the {after.frequency.value} digest that the subscriber asks for now"
    back = tx.moving.take_back(after.id, kinds=AT_ONCE, measure=None, now=now, why=why)
    held = tx.moving.untold(after.id)
    waiting = {*tx.moving.waiting_for_digest(after.id), *back, *held}
    tx.moving.set_frequency(waiting, after.frequency)
    tx.moving.late_ones_to(after.id, after.frequency)
    return 0, len(waiting)


def _forward(tx: Transaction, desk: Desk, now: datetime) -> int:
    """What did not reach an address that was left is told where the subscription is answered now."""
    moved = 0
    silent = {one.subscription for one in tx.pauses.holding()}
    for stray in tx.moving.strays():
        owed = [alert for alert in tx.alerts.some(stray.alerts) if alert.withdrawn_at is None]
        gone = {alert.subscription_id for alert in owed}
        here = {one.id for one in tx.subscriptions.of_address(stray.address.channel, stray.address.target)}
        if gone - here & silent:
            continue  # it is told when the pause is over
        for subscription in tx.subscriptions.some(gone - here).values():
            if subscription.ended_at is None:
                mine = [alert for alert in owed if alert.subscription_id == subscription.id]
                reason = f"delivery {stray.delivery}"
                moved += tell_in_its_place(subscription, mine, stray.address, reason=reason, tx=tx, desk=desk, now=now)
        why = "not sent: told at the subscriber's new address"
        tx.moving.settle_stray(stray, cancel=not here & gone, now=now, why=why)
    return moved
