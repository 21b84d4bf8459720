"""Reminders of comment deadlines: told on their day, once, and not of what is over, moved or dealt with.

What is due is reckoned from the database each time: the deadline as it stands now, the market's buffer, the distances
that are wished. A round for a measure, its deadline and a distance is one transaction, written down with what it told;
so a tick that was missed is made up for, one that is repeated tells nobody, and a deadline that moves is planned anew.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifiers.message import Coverage
from notifiers.reminder import ReminderContent
from notifiers.render import render_reminder
from subscriptions.criteria import Address, Match, Subscription
from subscriptions.deadlines import act_by, takes_comments
from subscriptions.reminders import Planned, Settled, due, next_planned, planned
from tbtwatch.pipeline.alert import Desk, addressed, concerned, unsubscribe_at
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.pipeline.coverage import coverage
from tbtwatch.pipeline.places import Places
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.reminders import Handled, Waiting, Wish
from watcher.facts import facts_on
from watcher.measure import ChangeKind, FactChange

log = structlog.get_logger()

LOOK_BACK = timedelta(days=31)  # a deadline that passed while the service stood still is written down as missed
ANEW = frozenset({ChangeKind.DEADLINE_REOPENED, ChangeKind.TEXT_REPLACED})


def remind_due(*, desk: Desk) -> int:
    """Write the reminders that are due; how many messages."""
    work = reminding(desk=desk)
    while True:
        try:
            next(work)
        except StopIteration as done:
            written: int = done.value
            return written


def reminding(*, desk: Desk) -> Generator[None, None, int]:
    """The same, measure by measure: between two of them the rest of the program may go on, or end."""
    drop_waiting(desk=desk)
    written = 0
    with desk.storage.look() as tx:
        since = tx.reminders.wished_since()
    for measure_id in _measures_due(since, desk):
        yield
        try:
            written += remind_of(measure_id, since, desk=desk)
        except DATABASE_TROUBLE:
            raise
        except Exception:
            # One measure that cannot be written about must not keep the others from being told of.
            log.exception("reminders_not_written", measure=measure_id)
    return written


def _measures_due(since: Mapping[int, datetime], desk: Desk) -> list[int]:
    """The measures for which a round is to be made."""
    now, names = desk.clock(), desk.names
    today = now.astimezone(names.zone).date()
    if not since:
        return []
    with desk.storage.look() as tx:
        first, last = today - LOOK_BACK, today + timedelta(days=max(since) + names.buffers.longest + 1)
        made = tx.reminders.rounds(first, last)
        found = []
        for one in tx.reminders.deadlines(first, last):
            by = one.day - timedelta(days=names.buffers.of(one.members))
            for distance, wished in since.items():
                at = planned(by, distance, names.zone, names.remind_hour).at
                if wished < at <= now and (one.measure_id, one.day, distance) not in made:
                    found.append(one.measure_id)
                    break
    return found


def opened_anew(changes: Iterable[StoredChange]) -> datetime | None:
    """When comments on a measure were last opened anew, or its text replaced: what was dealt with before is not now."""
    return max((one.noticed_at for one in changes if one.change.kind in ANEW), default=None)


def remind_of(measure_id: int, since: Mapping[int, datetime], *, desk: Desk) -> int:
    """Make the rounds of a measure that are due, in one transaction; how many messages.

    `since`: each distance that anybody wishes, and since when the first of them does.
    """
    with desk.storage.begin() as tx:
        tx.measures.lock(measure_id)
        return _Round(measure_id, tx, desk, desk.clock()).make(since)


def drop_waiting(*, desk: Desk, measure_id: int | None = None) -> int:
    """Cancel reminders that wait and are not true any more: moved, over, dealt with, unsubscribed. How many."""
    today = desk.clock().astimezone(desk.names.zone).date()
    with desk.storage.look() as tx:
        measures = tx.reminders.doubtful(today, measure_id)
    dropped = 0
    for one in measures:
        with desk.storage.begin() as tx:
            dropped += drop_of(one, tx, desk)
    return dropped


def drop_of(measure_id: int, tx: Transaction, desk: Desk) -> int:
    """The same for one measure, inside a transaction."""
    waiting = tx.reminders.waiting(measure_id)
    return _Round(measure_id, tx, desk, desk.clock()).drop(waiting) if waiting else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What one subscription is reminded of."""

    reminder: int
    subscription: Subscription
    match: Match
    plan: Planned
    overtaken: int
    next: Planned | None


class _Round:
    """One measure, inside one transaction."""

    def __init__(self, measure_id: int, tx: Transaction, desk: Desk, now: datetime) -> None:
        self._tx, self._desk, self._now, self._names = tx, desk, now, desk.names
        self._today = now.astimezone(desk.names.zone).date()
        self._measure = tx.measures.get(measure_id)
        assert self._measure.id is not None
        self._id = self._measure.id
        self._facts = facts_on(self._measure.facts, self._today)
        self._deadline = self._facts.comment_deadline.value
        self._act_by = act_by(self._facts.comment_deadline, desk.names.buffers.of(self._facts.notifying_members))
        self._changes = tx.changes.of_measure(self._id)
        self._coverage: dict[str, Coverage] = {}

    # --- what is due

    def make(self, since: Mapping[int, datetime]) -> int:
        """Make the rounds that are due."""
        tx = self._tx
        if self._deadline is None or self._act_by is None:
            return 0
        plans = [self._planned(distance) for distance in since]
        now_due = [one for one in plans if since[one.distance] < one.at <= self._now]
        new = [one for one in now_due if tx.reminders.made_round(self._id, self._deadline, one.distance, now=self._now)]
        if not new:
            return 0
        classification = current_classification(self._measure, tx, self._desk.rulebook, self._now)
        matches = {one.subscription: one for one in concerned(self._measure, classification, tx, self._desk)}
        if self._kept_back():
            told = tx.alerts.told_of(self._id)
            matches = {id_: match for id_, match in matches.items() if id_ in told}
        wishes = tx.reminders.wishes(sorted(matches))
        dealt, settled = self._dealt_with(), tx.reminders.settled(self._id, self._deadline)
        is_open = takes_comments(self._facts, self._today)
        tellings: list[_Telling] = []
        asking = tx.subscriptions.live_among(wishes)
        for id_, wish in wishes.items():
            subscription = asking.get(id_)
            if subscription is None or not subscription.addresses:
                continue
            known = max(self._known_since(), subscription.started_at, wish.since)
            plan = [self._planned(distance) for distance in wish.distances]
            what = due(plan, known_since=known, now=self._now, settled=settled.get(id_, set()))
            if what.tell is None:
                continue
            state = Settled.TOLD if is_open else Settled.MISSED
            state = Settled.HANDLED if wish.enterprise_id in dealt else state
            reminder = self._settle(id_, what.tell, state)
            for one in what.overtaken:
                self._settle(id_, one, Settled.OVERTAKEN if state is Settled.TOLD else state)
            if reminder is not None and state is Settled.TOLD:
                tellings.append(
                    _Telling(
                        reminder=reminder,
                        subscription=subscription,
                        match=matches[id_],
                        plan=what.tell,
                        overtaken=len(what.overtaken),
                        next=next_planned(plan, known_since=known, now=self._now),
                    )
                )
        written = self._write_all(tellings)
        if not is_open:
            log.warning("reminders_missed", measure=self._id, deadline=self._deadline.isoformat())
        elif written:
            log.info("reminders_written", measure=self._id, messages=written)
        return written

    def _planned(self, distance: int) -> Planned:
        assert self._act_by is not None
        return planned(self._act_by, distance, self._names.zone, self._names.remind_hour)

    def _settle(self, subscription: int, plan: Planned, state: Settled) -> int | None:
        assert self._deadline is not None
        return self._tx.reminders.settle(subscription, self._id, self._deadline, plan, state, now=self._now)

    def _of_deadline(self) -> list[StoredChange]:
        """What told of the deadline as it stands, oldest first."""
        return [
            one
            for one in self._changes
            if one.change.kind is ChangeKind.NEW_MEASURE or one.change.field == "comment_deadline"
        ]

    def _known_since(self) -> datetime:
        """Since when the deadline is known here."""
        found = self._of_deadline()
        return found[-1].noticed_at if found else self._tx.measures.recorded_at(self._id)

    def _kept_back(self) -> bool:
        """Whether staff have kept the measure itself from being told, or have not decided yet."""
        return any(
            one.change.kind is ChangeKind.NEW_MEASURE and one.hold is not None and (one.silent or not one.alerted_at)
            for one in self._changes
        )

    def _dealt_with(self) -> dict[int, Handled]:
        """The enterprises that have dealt with the measure, and since when comments were not opened anew."""
        anew = opened_anew(self._changes)
        return {one.enterprise_id: one for one in self._tx.reminders.handled(self._id) if anew is None or one.at > anew}

    # --- what waits

    def drop(self, waiting: Sequence[Waiting]) -> int:
        """Cancel what is not true any more. What went to an address that is no more, goes to those that are."""
        tx = self._tx
        subscriptions = map(tx.subscriptions.get, sorted({one.subscription_id for one in waiting}))
        live = {one.id: one for one in subscriptions if one.ended_at is None}
        wishes = tx.reminders.wishes(sorted(live))
        dealt = self._dealt_with()
        by_delivery: dict[int, list[Waiting]] = {}
        for one in waiting:
            by_delivery.setdefault(one.delivery_id, []).append(one)
        dropped = 0
        for delivery, told in by_delivery.items():
            address = Address(channel=told[0].channel, target=told[0].target)
            if told[0].deadline != self._deadline or not takes_comments(self._facts, self._today):
                dropped += self._cancel(delivery, "the deadline has moved or is over")
                continue
            wanted = [one for one in told if one.subscription_id in wishes]
            still = [one for one in wanted if wishes[one.subscription_id].enterprise_id not in dealt]
            if not still:
                dropped += self._cancel(delivery, "dealt with" if wanted else "not wished any more")
            elif not any(address in live[one.subscription_id].addresses for one in still):
                dropped += self._cancel(delivery, "the address is no longer the subscription's")
                self._write_all(self._again(still, live, wishes))
        return dropped

    def _cancel(self, delivery: int, why: str) -> int:
        return self._tx.outbox.cancel_waiting([delivery], now=self._now, reason=why)

    def _again(
        self, told: Sequence[Waiting], live: Mapping[int, Subscription], wishes: Mapping[int, Wish]
    ) -> list[_Telling]:
        classification = current_classification(self._measure, self._tx, self._desk.rulebook, self._now)
        matches = {one.subscription: one for one in concerned(self._measure, classification, self._tx, self._desk)}
        return [
            _Telling(
                reminder=one.reminder_id,
                subscription=live[one.subscription_id],
                match=matches[one.subscription_id],
                plan=one.plan,
                overtaken=0,
                next=next_planned(
                    [self._planned(distance) for distance in wishes[one.subscription_id].distances],
                    known_since=self._known_since(),
                    now=self._now,
                ),
            )
            for one in told
            if one.subscription_id in matches
        ]

    # --- writing

    def _write_all(self, tellings: Sequence[_Telling]) -> int:
        """One message for each address, with all its reasons."""
        by_address: dict[Address, list[_Telling]] = {}
        subscriptions = [one.subscription for one in tellings]
        places = Places(self._id, subscriptions, self._tx)
        for one in tellings:
            told = places.of(one.subscription, one.subscription, one.match)
            for address in one.subscription.addresses if told is None else told:
                by_address.setdefault(address, []).append(one)
        ordered = sorted(by_address.items(), key=lambda pair: (pair[0].channel, pair[0].target))
        if not ordered:
            return 0
        classification = self._tx.measures.classification(self._id)
        enterprises = {one.subscription.enterprise for one in tellings}
        shelf = Shelf(self._measure, classification, enterprises, self._tx, self._names.markets)
        return sum(self._write(address, several, shelf) for address, several in ordered)

    def _write(self, address: Address, several: Sequence[_Telling], shelf: Shelf) -> int:
        tx, desk, zone = self._tx, self._desk, self._names.zone
        assert self._deadline is not None
        first = min((one.subscription for one in several), key=lambda subscription: subscription.id)
        nearest = min((one.plan for one in several), key=lambda plan: plan.distance)
        coming = [one.next.at for one in several if one.next is not None]
        reasons = {
            one.subscription.id: Reason(
                subscription=one.subscription, match=shelf.named_in(one.match, one.subscription.enterprise)
            )
            for one in several
        }
        classification = tx.measures.classification(self._id)
        again = self._dealt_before(first)
        content = ReminderContent(
            news=news_of(
                self._measure,
                classification,
                [self._latest()],
                list(reasons.values()),
                names=self._names,
                language=first.language,
                told=(),
                today=self._today,
            ),
            written_on=self._today,
            due_on=nearest.at.astimezone(zone).date(),
            overtaken=max(one.overtaken for one in several),
            next_on=min(coming).astimezone(zone).date() if coming else None,
            handled_on=again.at.astimezone(zone).date() if again else None,
            handled_by=again.by if again else "",
            coverage=self._covered(first.language),
            unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=reasons),
        )
        message = render_reminder(content, channel=address.channel, language=first.language, recipient=address.target)
        delivery = tx.outbox.add(
            key=f"reminder:{self._id}:{self._deadline}:{nearest.distance}:{address.channel}:{address.target}",
            kind="reminder",
            channel=address.channel,
            target=address.target,
            message=addressed(message, desk, thread=f"<measure.{self._id}@{desk.mail_domain}>"),
            alerts=(),
            measure_id=self._id,
            now=self._now,
        )
        if delivery is None:
            return 0
        tx.reminders.told_by(delivery, [one.reminder for one in several])
        return 1

    def _latest(self) -> StoredChange:
        """The news that told of the deadline; of a measure without any, its own first text."""
        if found := self._of_deadline():
            return found[-1]
        return StoredChange(
            id=0,
            measure_id=self._id,
            notice_id=0,
            change=FactChange(kind=ChangeKind.NEW_MEASURE, symbols=self._measure.threads),
            noticed_at=self._now,
            silent=True,
            alerted_at=None,
        )

    def _dealt_before(self, subscription: Subscription) -> Handled | None:
        """The reader's word that it was dealt with, from before comments were opened anew."""
        return next(
            (one for one in self._tx.reminders.handled(self._id) if one.enterprise == subscription.enterprise), None
        )

    def _covered(self, language: str) -> Coverage:
        if language not in self._coverage:
            self._coverage[language] = coverage(
                self._desk.sources, self._tx, now=self._now, zone=self._names.zone, language=language
            )
        return self._coverage[language]
