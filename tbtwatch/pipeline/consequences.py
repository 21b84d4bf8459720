"""What follows for those who subscribe, once all that is recorded follows other rules or a person's word.

Nobody is told anything by it: what follows is written down and waits for staff (`tbtwatch.pipeline.telling`). It is
found anew from what is stored - what was told, what was news, which rules were in force when - so that it may be broken
off anywhere and begun again.

late         it fits now; when the news was told it did not, by the rules of that time; the address has not heard it
correction   it does not fit now; by the rules of the time when it was told it still would
reinstated   it was taken back, the reader was told so, and it fits again

What came or went because the measure itself says something else is none of these.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from rules.classification import Classification
from rules.classify import ENGINE
from subscriptions.criteria import Address, Match, Subscription
from subscriptions.matching import Subject, read_subject
from subscriptions.ways import owed_at
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.past import Past, difference
from tbtwatch.pipeline.reclassify import current_classification, to_do
from tbtwatch.pipeline.stepwise import at_one_go
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.consequences import MOOT, Consequence, StoredConsequence
from tbtwatch.storage.versions import in_force
from watcher.measure import Measure

log = structlog.get_logger()

WEIGHED = "consequences_weighed"  #: by which rules, read how, the consequences were last found to the end
PROGRAM = "tbtwatch"  #: who closes what holds no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A measure, what it is about now, and whom it fits."""

    measure: Measure
    classification: Classification
    fits: dict[int, Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    kind: Consequence
    alert: int | None
    because: str


def consider(*, desk: Desk) -> int:
    """Find the consequences of what is in force, if that was not done yet; how many measures were looked at."""
    return at_one_go(considering(desk=desk))


def considering(*, desk: Desk) -> Generator[None, None, int]:
    """The same, measure by measure. Before everything is classified anew there is nothing to find."""
    with desk.storage.look() as tx:
        active = tx.rulesets.active()
        if active is None or to_do(tx):
            return 0
        mark = f"{active.version}:{ENGINE}"
        if tx.meta.get(WEIGHED) == mark:
            return 0
        since = desk.clock() - desk.late_horizon
        waiting = (
            tx.changes.measures_told_since(since) | tx.alerts.measures_since(since) | tx.consequences.measures_open()
        )
    past = Past(desk.rulebook)
    for measure_id in sorted(waiting):
        yield
        try:
            with desk.storage.begin() as tx:
                weigh(measure_id, past=past, tx=tx, desk=desk, now=desk.clock())
        except LookupError:
            log.exception("consequences_not_found", measure=measure_id)
    with desk.storage.begin() as tx:
        tx.meta.set(WEIGHED, mark)
    return len(waiting)


def review(*, desk: Desk, version: int | None = None) -> list[StoredConsequence]:
    """What waits for a decision, looked at again: what holds no more is closed.

    Before all is classified anew it is given as it was found.
    """
    with desk.storage.look() as tx:
        waiting = {one.measure_id for one in tx.consequences.open_ones(version)}
        settled = not to_do(tx)
    past = Past(desk.rulebook)
    for measure_id in sorted(waiting) if settled else ():
        with desk.storage.begin() as tx:
            weigh(measure_id, past=past, tx=tx, desk=desk, now=desk.clock())
    with desk.storage.look() as tx:
        return tx.consequences.open_ones(version)


def weigh(measure_id: int, *, past: Past, tx: Transaction, desk: Desk, now: datetime) -> Situation:
    """Find what follows of one measure, and close what was found before and holds no more."""
    tx.measures.lock(measure_id)
    measure = tx.measures.get(measure_id)
    classification = current_classification(measure, tx, desk.rulebook, now)
    fits = {match.subscription: match for match in desk.audience.index(tx).match(measure, classification)}
    situation = Situation(measure=measure, classification=classification, fits=fits)
    weighing = _Weighing(situation, past, tx, desk, now)
    found = weighing.late() | weighing.corrections()
    refused = tx.consequences.refused(measure_id)
    found = {key: one for key, one in found.items() if (*key, one.kind) not in refused}
    for stored in tx.consequences.open_ones(measure_id=measure_id):
        still = found.pop((stored.subscription_id, stored.fact_change_id), None)
        if still is None or (still.kind, still.alert) != (stored.kind, stored.alert_id):
            tx.consequences.close(stored.id, MOOT, by=PROGRAM, told=False, now=now)
            if still is not None:
                found[stored.subscription_id, stored.fact_change_id] = still
    for (subscription, change), one in sorted(found.items()):
        tx.consequences.add(
            one.kind,
            ruleset_version=classification.ruleset_version,
            measure_id=measure_id,
            subscription_id=subscription,
            fact_change_id=change,
            alert_id=one.alert,
            because=one.because,
            now=now,
        )
    return situation


def open_of(situation: Situation, tx: Transaction) -> list[StoredConsequence]:
    """What waits for a decision about this measure."""
    assert situation.measure.id is not None
    return tx.consequences.open_ones(measure_id=situation.measure.id)


class _Weighing:
    """One measure, inside one transaction."""

    def __init__(self, situation: Situation, past: Past, tx: Transaction, desk: Desk, now: datetime) -> None:
        assert situation.measure.id is not None
        self._now, self._id = situation, situation.measure.id
        self._past, self._tx, self._desk = past, tx, desk
        self._since = now - desk.late_horizon
        self._alerts = {(one.subscription_id, one.fact_change_id): one for one in tx.alerts.of_measure(self._id)}
        self._ended = tx.versions.ended_after(self._since)
        self._questions: dict[tuple[int, int], bool] = {}
        self._overrides = tx.overrides.of_measure(self._id, ended=True)
        self._then: dict[datetime, tuple[Classification, Subject | None]] = {}

    def late(self) -> dict[tuple[int, int], _Found]:
        """What those whom it fits should have heard, and those who were told that it does not concern them."""
        changes = [
            one
            for one in self._tx.changes.of_measure(self._id)
            if not one.silent and one.alerted_at is not None and one.noticed_at >= self._since
        ]
        found: dict[tuple[int, int], _Found] = {}
        asking = self._tx.subscriptions.live_among(self._now.fits) if changes else {}
        for number in self._now.fits:
            subscription = asking.get(number)
            if subscription is None:
                continue
            for change in changes:
                # What was not asked for when it was noticed is not owed, whatever is asked now.
                asked = in_force(subscription, self._ended, change.noticed_at)
                if change.change.kind not in asked.criteria.changes or not self._fits(asked):
                    continue
                if change.noticed_at < subscription.started_at or change.alerted_at is None:
                    continue
                alert = self._alerts.get((number, change.id))
                if asked.ways or subscription.ways:
                    found |= self._late_by_ways(subscription, asked, change, alert)
                    continue
                if alert is not None and alert.withdrawn_at is None:
                    continue
                if alert is not None and self._was_sent(alert):
                    if any(self._last_word(address) == "correction" for address in subscription.addresses):
                        found[number, change.id] = self._because(Consequence.REINSTATED, alert.withdrawn_at, alert.id)
                elif self._has_heard(subscription, change.id):
                    continue
                elif alert is not None:
                    found[number, change.id] = self._because(Consequence.LATE, alert.withdrawn_at, alert.id)
                elif not self._fitted(asked, change.alerted_at):
                    found[number, change.id] = self._because(Consequence.LATE, change.alerted_at, None)
        return found

    def _late_by_ways(
        self, subscription: Subscription, asked: Subscription, change: StoredChange, alert: StoredAlert | None
    ) -> dict[tuple[int, int], _Found]:
        """The same of a subscription with ways: an address of it may have been owed the news when another was not."""
        assert change.alerted_at is not None
        key = subscription.id, change.id
        now = owed_at(asked, subscription, self._now.fits[subscription.id].grade)
        if alert is not None and alert.withdrawn_at is not None and self._was_sent(alert):
            if any(self._last_word(address) == "correction" for address in now):
                return {key: self._because(Consequence.REINSTATED, alert.withdrawn_at, alert.id)}
            return {}
        if alert is not None and alert.withdrawn_at is not None:
            missing = self._unheard(now, change.id)
            return {key: self._because(Consequence.LATE, alert.withdrawn_at, alert.id)} if missing else {}
        if alert is not None and not alert.by_way:
            return {}
        placed = self._tx.alert_ways.of([alert.id]).get(alert.id, {}) if alert is not None else {}
        then = self._match_then(asked, change.alerted_at)
        owed_then = owed_at(asked, subscription, then.grade) if then is not None else {}
        missing = self._unheard([one for one in now if one not in placed and one not in owed_then], change.id)
        if not missing:
            return {}
        return {key: self._because(Consequence.LATE, change.alerted_at, alert.id if alert is not None else None)}

    def _unheard(self, addresses: Iterable[Address], change: int) -> list[Address]:
        """Those that were not told this, or were told that it was wrong."""
        return [
            one
            for one in addresses
            if not self._tx.alerts.changes_told(one.channel, one.target, [change])
            or self._last_word(one) == "correction"
        ]

    def corrections(self) -> dict[tuple[int, int], _Found]:
        """What those whom it does not fit were told, or are to be told, by other rules than those in force.

        Whoever was told wrongly once is told everything else of the measure for that reason: all of it is wrong.
        """
        found: dict[tuple[int, int], _Found] = {}
        standing: dict[int, list[StoredAlert]] = {}
        for alert in self._alerts.values():
            if alert.withdrawn_at is None and alert.subscription_id not in self._now.fits:
                standing.setdefault(alert.subscription_id, []).append(alert)
        asking = self._tx.subscriptions.live_among(standing)
        for number, alerts in standing.items():
            subscription = asking.get(number)
            wrong = next(
                (
                    alert.created_at
                    for alert in alerts
                    if subscription is not None
                    and alert.created_at >= self._since
                    and self._was_wrong(self._asked_by(subscription, alert), alert.created_at)
                ),
                None,
            )
            if wrong is not None:
                for alert in alerts:
                    found[number, alert.fact_change_id] = self._because(Consequence.CORRECTION, wrong, alert.id)
        return found

    def _reading(self, instant: datetime) -> tuple[Classification, Subject | None]:
        """What it would have been held to be about then, and that made ready; None: the same as now."""
        if instant not in self._then:
            measure, now = self._now.measure, self._now.classification
            then = self._past.reading(measure, now, instant, self._overrides, self._tx)
            self._then[instant] = then, (None if then is now else Subject.of(measure, then))
        return self._then[instant]

    def _asked_by(self, subscription: Subscription, alert: StoredAlert) -> Subscription:
        """The subscription as it stood in the version that an alert was judged by."""
        version = alert.receipt.match.version
        return next(
            (one.of(subscription) for one in self._ended.get(subscription.id, ()) if one.version == version),
            subscription,
        )

    def _fits(self, asked: Subscription) -> bool:
        """Whether it fits, by the rules in force, what a version of a subscription asked."""
        key = asked.id, asked.version
        if key not in self._questions:
            index = self._desk.audience.index(self._tx)
            if asked.id in index and index.question(asked.id).version == asked.version:
                self._questions[key] = asked.id in self._now.fits
            else:
                subject = Subject.of(self._now.measure, self._now.classification)
                self._questions[key] = isinstance(read_subject(asked, subject, self._desk.names.markets), Match)
        return self._questions[key]

    def _was_wrong(self, asked: Subscription, instant: datetime) -> bool:
        """Whether it fitted what was asked by the rules of that time, and does not by those in force."""
        return not self._fits(asked) and self._fitted(asked, instant)

    def _fitted(self, subscription: Subscription, instant: datetime) -> bool:
        """Whether it would fit by the rules and words of that time."""
        return self._match_then(subscription, instant) is not None

    def _match_then(self, subscription: Subscription, instant: datetime) -> Match | None:
        """How it would fit by the rules and words of that time."""
        _, subject = self._reading(instant)
        if subject is None:
            if not self._fits(subscription):
                return None
            subject = Subject.of(self._now.measure, self._now.classification)
        read = read_subject(subscription, subject, self._desk.names.markets)
        return read if isinstance(read, Match) else None

    def _because(self, kind: Consequence, instant: datetime | None, alert: int | None) -> _Found:
        then = self._reading(instant)[0] if instant is not None else self._now.classification
        return _Found(kind=kind, alert=alert, because=difference(then, self._now.classification))

    def _was_sent(self, alert: StoredAlert) -> bool:
        return any(telling.state == "sent" for telling in self._tx.alerts.tellings([alert.id]))

    def _has_heard(self, subscription: Subscription, change: int) -> bool:
        """Whether each of its addresses was told this, by another subscription, and not that it was wrong."""
        return not self._unheard(subscription.addresses, change)

    def _last_word(self, address: Address) -> str:
        return self._tx.alerts.last_word(address.channel, address.target, self._id)
