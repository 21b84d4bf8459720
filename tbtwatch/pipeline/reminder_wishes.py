"""Who is reminded of deadlines, how far ahead, what comes next, and what an enterprise says it has dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from subscriptions.criteria import Match, Subscription
from subscriptions.deadlines import act_by, takes_comments
from subscriptions.matching import read
from subscriptions.reminders import FARTHEST, Planned, next_planned, planned
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.remind import drop_waiting, remind_due
from tbtwatch.pipeline.remind_round import opened_anew
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.storage.reminders import Handled, StoredReminder, Wish
from watcher.facts import facts_on
from watcher.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An open measure of a subscription, and its next reminder."""

    measure: Measure
    deadline: date
    act_by: date
    next: Planned | None  #: None: no reminder is left
    handled: Handled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """How a subscription is reminded, of what next, and of what it was."""

    subscription: Subscription
    wish: Wish | None
    coming: tuple[Coming, ...] = ()
    ended: tuple[StoredReminder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """What an enterprise said of a measure, and whether it was news."""

    measure: Measure
    handled: Handled | None  #: None: it was taken back
    new: bool
    dropped: int = 0  #: reminders that waited and are not sent


def wish(subscription_id: int, distances: Sequence[int], *, by: str, why: str, desk: Desk) -> Subscription:
    """Remind a subscription this many days before act-by dates; with none, not at all. Raises LookupError.

    What was due by the wish before is told first, so that changing it loses nothing.
    """
    with desk.storage.look() as tx:
        subscription = tx.subscriptions.get(subscription_id)
        had = tx.reminders.wishes([subscription_id]).get(subscription_id)
    if subscription.ended_at is not None:
        raise LookupError(f"subscription {subscription_id} has ended: {subscription.end_reason}")
    if had is not None and had.distances == tuple(distances):
        return subscription
    if had is not None:
        remind_due(desk=desk)
    with desk.storage.begin() as tx:
        tx.reminders.wish(subscription_id, distances, by=by, why=why, now=desk.clock())
    return subscription


def reminding_of(subscription_id: int, *, desk: Desk, limit: int = 50) -> Reminding:
    """How a subscription is reminded, and what comes next. Raises LookupError."""
    now, names = desk.clock(), desk.names
    today = now.astimezone(names.zone).date()
    coming: list[Coming] = []
    with desk.storage.begin() as tx:
        subscription = tx.subscriptions.get(subscription_id)
        wish = tx.reminders.wishes([subscription_id]).get(subscription_id)
        told = tuple(tx.reminders.of_subscription(subscription_id, limit=limit))
        if wish is None:
            return Reminding(subscription=subscription, wish=None, ended=told)
        dealt = {one.measure_id: one for one in tx.reminders.handled(enterprise_id=wish.enterprise_id)}
        last = today + timedelta(days=FARTHEST + names.buffers.longest)
        for one in sorted(tx.reminders.deadlines(today, last), key=lambda one: (one.day, one.measure_id)):
            measure = tx.measures.get(one.measure_id)
            facts = facts_on(measure.facts, today)
            by = act_by(facts.comment_deadline, names.buffers.of(facts.notifying_members))
            if by is None or not takes_comments(facts, today):
                continue
            classification = current_classification(measure, tx, desk.rulebook, now)
            fits = isinstance(read(subscription, measure, classification, names.markets), Match)
            if not fits and subscription_id not in tx.alerts.told_of(one.measure_id):
                continue
            plan = [planned(by, distance, names.zone, names.remind_hour) for distance in wish.distances]
            coming.append(
                Coming(
                    measure=measure,
                    deadline=one.day,
                    act_by=by,
                    next=next_planned(plan, known_since=wish.since, now=now),
                    handled=dealt.get(one.measure_id),
                )
            )
            if len(coming) == limit:
                break
    return Reminding(subscription=subscription, wish=wish, coming=tuple(coming), ended=told)


def handle(symbol: str, *, enterprise: str, by: str, why: str, desk: Desk) -> Dealt:
    """An enterprise has dealt with a measure: it is reminded no more, what waits is not sent. Raises LookupError."""
    measure, enterprise_id = find_measure(symbol, desk=desk), _enterprise(enterprise, desk)
    assert measure.id is not None
    with desk.storage.begin() as tx:
        now, anew = desk.clock(), opened_anew(tx.changes.of_measure(measure.id))
        for one in tx.reminders.handled(measure.id):
            # A word from before comments were opened anew holds no more; this one takes its place.
            if one.enterprise_id == enterprise_id and anew is not None and one.at <= anew:
                tx.reminders.take_back(enterprise_id, measure.id, by=by, why="comments were opened anew", now=now)
        new = tx.reminders.handle(enterprise_id, measure.id, by=by, why=why, now=now)
        (handled,) = [one for one in tx.reminders.handled(measure.id) if one.enterprise_id == enterprise_id]
    return Dealt(measure=measure, handled=handled, new=new, dropped=drop_waiting(desk=desk, measure_id=measure.id))


def take_back(symbol: str, *, enterprise: str, by: str, why: str, desk: Desk) -> Dealt:
    """It has not dealt with it after all: reminders to come are told again. Raises LookupError."""
    measure, enterprise_id = find_measure(symbol, desk=desk), _enterprise(enterprise, desk)
    assert measure.id is not None
    with desk.storage.begin() as tx:
        new = tx.reminders.take_back(enterprise_id, measure.id, by=by, why=why, now=desk.clock())
    return Dealt(measure=measure, handled=None, new=new)


def _enterprise(name: str, desk: Desk) -> int:
    with desk.storage.look() as tx:
        id_ = tx.subscriptions.find_enterprise(name.strip())
    if id_ is None:
        raise LookupError(f"there is no enterprise {name!r}; `tbtwatch subscriptions` lists them")
    return id_
