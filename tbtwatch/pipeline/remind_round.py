"""A round of reminders: one measure and its deadline, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from notifiers.message import Coverage
from notifiers.reminder import ReminderContent
from notifiers.render import render_reminder
from subscriptions.criteria import Address, Match, Subscription
from subscriptions.deadlines import act_by, takes_comments
from subscriptions.reminders import Planned, Settled, due, next_planned, planned
from subscriptions.rhythm import next_allowed
from tbtwatch.pipeline.alert import Desk, addressed, concerned, managing, unsubscribe_at
from tbtwatch.pipeline.button_seal import CHAT, Deed, buttons
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.pipeline.coverage import coverage
from tbtwatch.pipeline.places import Places
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.storage import Transaction
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.held_reminders import HeldReminder
from tbtwatch.storage.reminders import Handled, Waiting, Wish
from watcher.facts import facts_on
from watcher.measure import ChangeKind, FactChange

log = structlog.get_logger()

ANEW = frozenset({ChangeKind.DEADLINE_REOPENED, ChangeKind.TEXT_REPLACED})


def opened_anew(changes: Iterable[StoredChange]) -> datetime | None:
    """When comments on a measure were last opened anew, or its text replaced: what was dealt with before is not now."""
    return max((one.noticed_at for one in changes if one.change.kind in ANEW), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What one subscription is reminded of."""

    reminder: int
    subscription: Subscription
    match: Match
    plan: Planned
    overtaken: int
    next: Planned | None


class Round:
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
        self._paused = tx.pauses.held(self._id)
        self._asked = tx.reminder_requests.of(self._id)

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
        wishes = self._wishes(sorted(matches))
        dealt, settled = self._dealt_with(), tx.reminders.settled(self._id, self._deadline)
        is_open = takes_comments(self._facts, self._today)
        tellings: list[_Telling] = []
        asking = tx.subscriptions.live_among(wishes)
        held: dict[int, list[int]] = {}
        for waiting in tx.held_reminders.of(self._id):
            if waiting.deadline == self._deadline:
                held.setdefault(waiting.subscription_id, []).append(waiting.id)
        for id_, wish in wishes.items():
            subscription = asking.get(id_)
            if subscription is None or not subscription.addresses:
                continue
            known = max(self._known_since(), subscription.started_at, wish.since)
            plan = self._plan(wish)
            what = due(plan, known_since=known, now=self._now, settled=settled.get(id_, set()))
            if what.tell is None:
                continue
            state = Settled.TOLD if is_open else Settled.MISSED
            state = Settled.HANDLED if wish.enterprise_id in dealt else state
            if state is Settled.TOLD and self._not_now(subscription):
                state = Settled.HELD
            reminder = self._settle(id_, what.tell, state)
            for one in what.overtaken:
                self._settle(id_, one, Settled.OVERTAKEN if state in (Settled.TOLD, Settled.HELD) else state)
            if reminder is not None and state is Settled.TOLD:
                # What waited for the same hour is not told beside a nearer one that is due with it.
                tx.held_reminders.settle(held.get(id_, []), Settled.OVERTAKEN, now=self._now)
                tellings.append(
                    _Telling(
                        reminder=reminder,
                        subscription=subscription,
                        match=matches[id_],
                        plan=what.tell,
                        overtaken=len(what.overtaken) + len(held.get(id_, [])),
                        next=next_planned(plan, known_since=known, now=self._now),
                    )
                )
        written = self._write_all(tellings)
        if not is_open:
            log.warning("reminders_missed", measure=self._id, deadline=self._deadline.isoformat())
        elif written:
            log.info("reminders_written", measure=self._id, messages=written)
        return written

    def _not_now(self, subscription: Subscription) -> bool:
        """Whether a reader is to be left alone just now, altogether or about this measure."""
        if subscription.id in self._paused:
            return True
        return next_allowed(self._now, subscription.rhythm, self._names.zone) > self._now

    def _wishes(self, subscriptions: Sequence[int]) -> dict[int, Wish]:
        """What they wish of all measures; of one who only asks about this one, that."""
        wishes = self._tx.reminders.wishes(subscriptions)
        for id_ in subscriptions:
            if id_ not in wishes and (asked := self._asked.get(id_)) is not None:
                wishes[id_] = Wish(
                    subscription_id=id_,
                    enterprise_id=asked.enterprise_id,
                    distances=asked.distances,
                    since=asked.since,
                )
        return wishes

    def _plan(self, wish: Wish) -> list[Planned]:
        """The reminders of a subscription; of what it asks about this measure alone those to come when it asked."""
        plan = [self._planned(distance) for distance in wish.distances]
        if (asked := self._asked.get(wish.subscription_id)) is not None:
            more = (self._planned(one) for one in asked.distances if one not in wish.distances)
            plan += [one for one in more if one.at > asked.since]
        return plan

    # --- what waited

    def release(self) -> int:
        """Tell what waited for a pause, quiet hours or a holiday that is over, as it stands today."""
        tx, written = self._tx, 0
        by_reader: dict[int, list[HeldReminder]] = {}
        for one in tx.held_reminders.of(self._id):
            by_reader.setdefault(one.subscription_id, []).append(one)
        if not by_reader:
            return 0
        live = tx.subscriptions.live_among(sorted(by_reader))
        wishes, dealt = self._wishes(sorted(live)), self._dealt_with()
        telling: list[tuple[HeldReminder, int]] = []
        for id_, each in by_reader.items():
            useless = [one for one in each if one.deadline != self._deadline]
            tx.held_reminders.settle([one.id for one in useless], self._useless(useless), now=self._now)
            held = sorted((one for one in each if one not in useless), key=lambda one: one.plan.distance)
            if not held:
                continue
            ids = [one.id for one in held]
            if id_ not in wishes or not takes_comments(self._facts, self._today):
                tx.held_reminders.settle(ids, Settled.MISSED, now=self._now)
            elif wishes[id_].enterprise_id in dealt:
                tx.held_reminders.settle(ids, Settled.HANDLED, now=self._now)
            elif not self._not_now(live[id_]):
                tx.held_reminders.settle(ids[:1], Settled.TOLD, now=self._now)
                tx.held_reminders.settle(ids[1:], Settled.OVERTAKEN, now=self._now)
                telling.append((held[0], len(ids) - 1))
        if telling:
            tellings = self._again(telling, live, wishes)
            fit = {one.reminder for one in tellings}
            tx.held_reminders.settle([one.id for one, _ in telling if one.id not in fit], Settled.MISSED, now=self._now)
            written = self._write_all(tellings, held=True)
            log.info("held_reminders_written", measure=self._id, messages=written)
        return written

    def _useless(self, held: Sequence[HeldReminder]) -> Settled:
        """What becomes of reminders of a deadline that is another now: over, or planned anew."""
        over = any(one.deadline < self._today for one in held)
        return Settled.MISSED if over else Settled.OVERTAKEN

    # --- the plan

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
        wishes = self._wishes(sorted(live))
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
            elif all(one.subscription_id in self._paused for one in still):
                if self._cancel(delivery, "paused: told afterwards, if it is of use then"):
                    dropped += 1
                    held = [one.reminder_id for one in still]
                    tx.held_reminders.settle(held, Settled.HELD, now=self._now)
            elif not any(address in live[one.subscription_id].addresses for one in still):
                dropped += self._cancel(delivery, "the address is no longer the subscription's")
                moved = [
                    HeldReminder(
                        id=one.reminder_id,
                        subscription_id=one.subscription_id,
                        measure_id=self._id,
                        deadline=one.deadline,
                        plan=one.plan,
                    )
                    for one in still
                ]
                self._write_all(self._again([(one, 0) for one in moved], live, wishes))
        return dropped

    def _cancel(self, delivery: int, why: str) -> int:
        return self._tx.outbox.cancel_waiting([delivery], now=self._now, reason=why)

    def _again(
        self, told: Sequence[tuple[HeldReminder, int]], live: Mapping[int, Subscription], wishes: Mapping[int, Wish]
    ) -> list[_Telling]:
        """What is told of these reminders, each with how many it stands for besides."""
        classification = current_classification(self._measure, self._tx, self._desk.rulebook, self._now)
        matches = {one.subscription: one for one in concerned(self._measure, classification, self._tx, self._desk)}
        return [
            _Telling(
                reminder=one.id,
                subscription=live[one.subscription_id],
                match=matches[one.subscription_id],
                plan=one.plan,
                overtaken=overtaken,
                next=next_planned(
                    self._plan(wishes[one.subscription_id]),
                    known_since=self._known_since(),
                    now=self._now,
                ),
            )
            for one, overtaken in told
            if one.subscription_id in matches
        ]

    # --- writing

    def _write_all(self, tellings: Sequence[_Telling], *, held: bool = False) -> int:
        """One message for each address, with all its reasons. `held`: they were held back."""
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
        managers = self._tx.managements.managers(enterprises)
        return sum(self._write(address, several, shelf, managers, held) for address, several in ordered)

    def _write(
        self,
        address: Address,
        several: Sequence[_Telling],
        shelf: Shelf,
        managers: Mapping[str, str],
        held: bool,
    ) -> int:
        tx, desk, zone = self._tx, self._desk, self._names.zone
        assert self._deadline is not None
        first = min((one.subscription for one in several), key=lambda subscription: subscription.id)
        nearest = min((one.plan for one in several), key=lambda plan: plan.distance)
        key = f"reminder:{self._id}:{self._deadline}:{nearest.distance}:{address.channel}:{address.target}"
        if held:
            if tx.held_reminders.told_at(address, self._id, self._deadline, nearest.distance):
                return 0  # by another subscription of the same reader
            key += f":{min(one.reminder for one in several)}:{int(self._now.timestamp())}"
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
            arranged_by=managing((one.subscription for one in several), managers),
        )
        message = render_reminder(content, channel=address.channel, language=first.language, recipient=address.target)
        if address.channel == CHAT:
            said = buttons(self._id, address.target, first.language, tx, (Deed.HANDLED, Deed.DETAILS))
            message = replace(message, deeds=said)
        delivery = tx.outbox.add(
            key=key,
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
