"""Staff decide who is told late, and who is told that it was wrong. One transaction for each measure.

What was found is looked at again before anything is written: who is told follows what holds now. An address hears a
fact once, is told once that it was wrong, and only if it really was told; what still waits is not sent at all.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import structlog

from notifiers.message import AlertContent, Below, Label
from notifiers.render import render_alert
from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Match, Part, Refusal, Subscription
from subscriptions.digest import window_holding
from subscriptions.matching import Subject, read_subject
from subscriptions.ways import frequency_at, lets_through
from tbtwatch.pipeline.alert import Desk, addressed, unsubscribe_at
from tbtwatch.pipeline.button_seal import CHAT, buttons
from tbtwatch.pipeline.compose import Reason, news_of, told_before
from tbtwatch.pipeline.consequences import PROGRAM, Situation, open_of, weigh
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.pipeline.past import Past
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import Receipt, StoredAlert, Telling
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.consequences import MOOT, Consequence, Decision, StoredConsequence
from watcher.said import said

log = structlog.get_logger()

WITHDRAWN = "not sent: after a change of the rules it does not concern the reader"
OVERTAKEN = "not sent: what it says was true no more before it was sent"


@dataclass(slots=True)
class Told:
    """What a decision came to. Messages, not readers: several news of one measure for one address are one message."""

    late: int = 0  #: messages written of what should have been told
    corrections: int = 0  #: messages written of what should not have been told
    reinstated: int = 0  #: messages written that a correction was wrong
    in_digest: int = 0  #: alerts that wait for the next digest
    withdrawn: int = 0  #: messages that were still waiting and are not sent
    never: int = 0  #: consequences decided to be told to nobody
    moot: int = 0  #: consequences that held no more, or that every address had heard already
    waiting: int = 0  #: corrections that stay open: the message they correct is being sent, or lies in a digest

    def add(self, other: Told) -> None:
        """And what that came to."""
        for name in Told.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def tell(
    *,
    desk: Desk,
    by: str,
    version: int | None = None,
    late: Decision | None = None,
    correction: Decision | None = None,
    measure_id: int | None = None,
) -> Told:
    """Carry a decision out: for one version of the rules or all, for one measure or all. Raises LookupError.

    A decision that is None leaves that kind open. What takes a correction back goes with the corrections.
    """
    with desk.storage.look() as tx:
        if left := to_do(tx):
            raise LookupError(
                said(
                    "{left} measures are still being classified anew by the rules in force; wait for the "
                    "service, or run `tbtwatch recover`, then decide",
                    left=left,
                )
            )
        if version is not None:
            tx.rulesets.get(version)
        waiting = {one.measure_id for one in tx.consequences.open_ones(version, measure_id=measure_id)}
    told, past = Told(), Past(desk.rulebook)
    for one in sorted(waiting):
        with desk.storage.begin() as tx:
            told.add(_tell_measure(one, version, late, correction, by, past, tx, desk))
    log.info("consequences_told", by=by, late=told.late, corrections=told.corrections, reinstated=told.reinstated)
    return told


def _tell_measure(
    measure_id: int,
    version: int | None,
    late: Decision | None,
    correction: Decision | None,
    by: str,
    past: Past,
    tx: Transaction,
    desk: Desk,
) -> Told:
    now = desk.clock()
    before = {one.id for one in tx.consequences.open_ones(version, measure_id=measure_id)}
    situation = weigh(measure_id, past=past, tx=tx, desk=desk, now=now)
    # What came to light just now, under the version in force, is decided with the rest; it was not hidden from anybody.
    still = [one for one in open_of(situation, tx) if version is None or one.ruleset_version == version]
    work = _Telling(situation, by, tx, desk, now)
    work.told.moot += len(before - {one.id for one in still})
    for kind, decision in (
        (Consequence.CORRECTION, correction),
        (Consequence.REINSTATED, correction),
        (Consequence.LATE, late),
    ):
        several = [one for one in still if one.kind is kind]
        if not several or decision is None:
            continue
        if decision is Decision.NEVER:
            work.close(several, decision, told=False)
            work.told.never += len(several)
        elif kind is Consequence.CORRECTION:
            work.correct(several, decision)
        else:
            work.tell_late(several, decision)
    return work.told


@dataclass(slots=True)
class _Owed:
    """News for one address."""

    late: list[StoredConsequence] = field(default_factory=list)
    again: list[StoredConsequence] = field(default_factory=list)


class _Telling:
    """One measure, inside one transaction."""

    def __init__(self, situation: Situation, by: str, tx: Transaction, desk: Desk, now: datetime) -> None:
        assert situation.measure.id is not None
        self.told = Told()
        self._situation, self._id = situation, situation.measure.id
        self._by, self._tx, self._desk, self._now = by, tx, desk, now
        self._alerts = {one.id: one for one in tx.alerts.of_measure(self._id)}
        self._subscriptions: dict[int, Subscription] = {}

    @cached_property
    def _lookout(self) -> Lookout:
        names = self._desk.names
        return Lookout(self._desk.sources, self._tx, now=self._now, zone=names.zone, markets=names.markets)

    def close(self, several: Iterable[StoredConsequence], decision: str, *, told: bool, by: str = "") -> None:
        """These are decided."""
        for one in several:
            self._tx.consequences.close(one.id, decision, by=by or self._by, told=told, now=self._now)

    def tell_late(self, several: Sequence[StoredConsequence], decision: Decision) -> None:
        """What should have been told, to those addresses that have not heard it; to those told that it was wrong, that
        it was not."""
        owed = self._owed(several)
        needed = {one.id for each in owed.values() for one in (*each.late, *each.again)}
        self._moot([one for one in several if one.id not in needed])
        several = [one for one in several if one.id in needed]
        in_digest = decision is Decision.DIGEST
        alerts = {one.id: self._owe(one, in_digest=in_digest) for one in several}
        self.close(several, decision.value, told=True)
        if in_digest:
            self.told.in_digest += sum(one.kind is Consequence.LATE for one in several)
        for address, each in sorted(owed.items(), key=lambda pair: (pair[0].channel, pair[0].target)):
            if each.late and not in_digest:
                self.told.late += self._write(address, Label.LATE, each.late, alerts, decision)
            elif each.again:
                self.told.reinstated += self._write(address, Label.REINSTATED, each.again, alerts, decision)

    def correct(self, several: Sequence[StoredConsequence], decision: Decision) -> None:
        """What should not have been told: what waits is not sent, what was sent is corrected."""
        ids = [one.alert_id for one in several if one.alert_id is not None]
        self.told.withdrawn += self._withdraw(ids)
        tellings = self._tx.alerts.tellings(ids)
        under_way = {telling.alert for telling in tellings if telling.state in ("pending", "sending")}
        # A subscription is taken back whole or not at all: else it would be told of the measure, and that it is wrong.
        held_up = {one.subscription_id for one in several if one.alert_id in under_way}
        waits = [one for one in several if one.subscription_id in held_up]
        self.told.waiting += len(waits)
        several = [one for one in several if one.subscription_id not in held_up]
        alerts = {one.id: one.alert_id for one in several if one.alert_id is not None}
        self._tx.alerts.withdraw(list(alerts.values()), now=self._now)
        owed = self._to_correct(several, tellings)
        reached = {one.id for each in owed.values() for one in each}
        self.close([one for one in several if one.id in reached], decision.value, told=True)
        self.close([one for one in several if one.id not in reached], decision.value, told=False)
        for address, each in sorted(owed.items(), key=lambda pair: (pair[0].channel, pair[0].target)):
            self.told.corrections += self._write(address, Label.CORRECTION, each, alerts, decision)

    def _withdraw(self, ids: Sequence[int]) -> int:
        """Cancel what waits and tells nothing but what is wrong."""
        wrong = set(ids) | {one.id for one in self._alerts.values() if one.withdrawn_at is not None}
        waiting = {
            one.delivery for one in self._tx.alerts.tellings(ids) if (one.kind, one.state) == ("alert", "pending")
        }
        beside = {one.delivery for one in self._tx.alerts.tellings(sorted(set(self._alerts) - wrong))}
        return self._tx.outbox.cancel_waiting(sorted(waiting - beside), now=self._now, reason=WITHDRAWN)

    def _to_correct(
        self, several: Sequence[StoredConsequence], tellings: Sequence[Telling]
    ) -> dict[Address, list[StoredConsequence]]:
        """By address, what it was really told and has not been told to be wrong; not where the measure fits another."""
        owed: dict[Address, list[StoredConsequence]] = {}
        by_alert = {one.alert_id: one for one in several}
        for telling in tellings:
            one = by_alert.get(telling.alert)
            address = Address(channel=telling.channel, target=telling.target)
            if one is None or telling.state != "sent" or not self._is_wrong_for(address, one):
                continue
            if one not in owed.setdefault(address, []):
                owed[address].append(one)
        return {address: each for address, each in owed.items() if each}

    def _is_wrong_for(self, address: Address, one: StoredConsequence) -> bool:
        here = self._tx.subscriptions.of_address(address.channel, address.target)
        if one.subscription_id not in {subscription.id for subscription in here}:
            return False  # who is answered there no more has unsubscribed
        if any(address in self._places(subscription) for subscription in here):
            return False
        self._overtake(Label.REINSTATED, address)
        return self._last_word(address) != Label.CORRECTION.value

    def _overtake(self, label: Label, address: Address) -> None:
        """What was said of this label and waits still is not sent: the contrary is true now."""
        self._tx.outbox.cancel_words(
            label.value, address.channel, address.target, self._id, now=self._now, why=OVERTAKEN
        )

    def _owed(self, several: Sequence[StoredConsequence]) -> dict[Address, _Owed]:
        owed: dict[Address, _Owed] = {}
        for address in {address for one in several for address in self._places(self._subscription(one))}:
            self._overtake(Label.CORRECTION, address)
        for one in several:
            waits = self._waits_at(one)
            for address in self._places(self._subscription(one)):
                if address in waits:
                    continue
                heard = self._tx.alerts.changes_told(address.channel, address.target, [one.fact_change_id])
                if not heard:
                    owed.setdefault(address, _Owed()).late.append(one)
                elif self._last_word(address) == Label.CORRECTION.value:
                    owed.setdefault(address, _Owed()).again.append(one)
        return owed

    def _places(self, subscription: Subscription) -> tuple[Address, ...]:
        """Where news of it is owed to a subscription: with ways, only where one lets it through."""
        match = self._situation.fits.get(subscription.id)
        if match is None:
            return ()
        return tuple(one for one in subscription.addresses if lets_through(subscription, one, match.grade))

    def _moot(self, several: Sequence[StoredConsequence]) -> None:
        """Nobody is left to be told; what was taken back stands again."""
        given_back = [
            one.alert_id for one in several if one.kind is Consequence.REINSTATED and one.alert_id is not None
        ]
        self._tx.alerts.withdraw(given_back, now=None)
        self.close(several, MOOT, told=False, by=PROGRAM)
        self.told.moot += len(several)

    def _owe(self, one: StoredConsequence, *, in_digest: bool) -> int:
        """The alert of what is told: the one that was taken back, or a new one."""
        if one.kind is Consequence.REINSTATED:
            assert one.alert_id is not None
            self._tx.alerts.withdraw([one.alert_id], now=None)
            return one.alert_id
        subscription = self._subscription(one)
        frequency = Frequency.IMMEDIATE
        if in_digest:
            frequency = _in_a_digest(subscription.frequency)
        match = self._named(one.subscription_id)
        receipt = Receipt(match=match, classification=self._situation.classification)
        ways = self._ways(subscription, match, in_digest=in_digest)
        if one.alert_id is not None and self._alert(one).withdrawn_at is None:
            self._tx.alert_ways.owe({one.alert_id: ways or {}})  # it stands, and is owed at more addresses
            return one.alert_id
        if one.alert_id is not None:
            self._tx.alerts.owe_again(
                one.alert_id,
                frequency=frequency,
                receipt=receipt,
                now=self._now,
                label=Label.LATE.value,
                by_way=ways is not None,
            )
            self._tx.alert_ways.forget([one.alert_id])
            if ways:
                self._tx.alert_ways.owe({one.alert_id: ways})
            return one.alert_id
        added = self._tx.alerts.add(
            subscription_id=one.subscription_id,
            frequency=frequency,
            fact_change_id=one.fact_change_id,
            measure_id=self._id,
            receipt=receipt,
            now=self._now,
            label=Label.LATE.value,
            ways=ways,
        )
        assert added is not None, "weighed in this transaction, with the measure locked"
        return added

    def _waits_at(self, one: StoredConsequence) -> Container[Address]:
        """Where an alert that stands is owed already: it is told late at other addresses only."""
        if one.alert_id is None or self._alert(one).withdrawn_at is not None:
            return ()
        return self._tx.alert_ways.of([one.alert_id]).get(one.alert_id, {})

    def _ways(self, subscription: Subscription, match: Match, *, in_digest: bool) -> dict[Address, Frequency] | None:
        """Where it is owed to a subscription with ways, and how soon; None: it has none."""
        if not subscription.ways:
            return None
        soon = {one: frequency_at(subscription, one, match.grade) for one in self._places(subscription)}
        return {one: _in_a_digest(how) if in_digest else Frequency.IMMEDIATE for one, how in soon.items()}

    def _write(
        self,
        address: Address,
        label: Label,
        several: Sequence[StoredConsequence],
        alerts: Mapping[int, int],
        decision: Decision,
    ) -> int:
        """One message for one address."""
        tx, desk, now = self._tx, self._desk, self._now
        changes: dict[int, StoredChange] = tx.changes.get({one.fact_change_id for one in several})
        reasons = {one.subscription_id: self._reason(one, label) for one in several}
        first = min((reason.subscription for reason in reasons.values()), key=lambda subscription: subscription.id)
        today = now.astimezone(desk.names.zone).date()
        content = AlertContent(
            news=news_of(
                self._situation.measure,
                self._situation.classification,
                list(changes.values()),
                list(reasons.values()),
                names=desk.names,
                language=first.language,
                told=told_before(tx, address.channel, address.target, self._id, desk.names.zone),
                today=today,
            ),
            written_on=today,
            coverage=self._lookout.line(first.language, tx.subscriptions.of_address(address.channel, address.target)),
            unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=reasons),
            label=label,
            below=self._below(reasons.values()) if label is Label.CORRECTION else (),
            label_reason=self._cause(several),
            reclassified_on=min(one.found_at for one in several).astimezone(desk.names.zone).date(),
        )
        message = render_alert(content, channel=address.channel, language=first.language, recipient=address.target)
        if address.channel == CHAT and label is not Label.CORRECTION:
            message = replace(message, deeds=buttons(self._id, address.target, first.language, tx))
        due = now
        if decision is Decision.DIGEST:
            frequency = _in_a_digest(frequency_at(first, address, reasons[first.id].match.grade))
            due = window_holding(now, frequency, desk.names.zone).ends_at
        kind = "alert" if label is Label.LATE else label.value
        written = tx.outbox.add(
            key=f"{label.value}:{min(one.id for one in several)}:{address.channel}:{address.target}",
            kind=kind,
            channel=address.channel,
            target=address.target,
            message=addressed(message, desk, thread=f"<measure.{self._id}@{desk.mail_domain}>"),
            alerts=sorted({alerts[one.id] for one in several}),
            measure_id=self._id,
            now=now,
            due_at=due,
        )
        return int(written is not None)

    def _below(self, reasons: Iterable[Reason]) -> tuple[Below, ...]:
        """The subscriptions that the measure fits but for the grade they ask for: it concerns them less surely."""
        subject = Subject.of(self._situation.measure, self._situation.classification)
        found = []
        for reason in reasons:
            read = read_subject(reason.subscription, subject, self._desk.names.markets)
            if isinstance(read, Refusal) and read.part is Part.GRADE:
                grades = {"now": Grade(read.found), "asked": Grade(read.asked)}
                found.append(Below(subscription=reason.subscription.id, **grades))
        return tuple(found)

    def _reason(self, one: StoredConsequence, label: Label) -> Reason:
        """Why this reader: what fits now; of a correction, what was told to fit."""
        if label is Label.CORRECTION or one.subscription_id not in self._situation.fits:
            match = self._alert(one).receipt.match
        else:
            match = self._named(one.subscription_id)
        return Reason(subscription=self._subscription(one), match=match)

    def _named(self, subscription: int) -> Match:
        """Why it fits now, with the products of the reader's that are affected."""
        return self._shelf.named_in(self._situation.fits[subscription], self._subscription_by(subscription).enterprise)

    @cached_property
    def _shelf(self) -> Shelf:
        read = self._situation
        enterprises = {one.enterprise for one in self._tx.subscriptions.some(read.fits).values()}
        return Shelf(read.measure, read.classification, enterprises, self._tx, self._desk.names.markets)

    def _cause(self, several: Sequence[StoredConsequence]) -> str:
        """Why our reading changed: a person's word on this measure, an undo, or other rules."""
        found = min(one.found_at for one in several)
        words = self._tx.overrides.of_measure(self._id, ended=True)
        version = self._tx.rulesets.get(max(one.ruleset_version for one in several))
        since = version.published_at or version.made_at
        if any(since <= at <= found for word in words for at in (word.at, word.ended_at) if at is not None):
            return "override"
        return "undo" if version.origin == "undo" else "rules"

    def _alert(self, one: StoredConsequence) -> StoredAlert:
        assert one.alert_id is not None
        return self._alerts[one.alert_id]

    def _subscription(self, one: StoredConsequence) -> Subscription:
        return self._subscription_by(one.subscription_id)

    def _subscription_by(self, number: int) -> Subscription:
        if number not in self._subscriptions:
            self._subscriptions[number] = self._tx.subscriptions.get(number)
        return self._subscriptions[number]

    def _last_word(self, address: Address) -> str:
        return self._tx.alerts.last_word(address.channel, address.target, self._id)


def _in_a_digest(frequency: Frequency) -> Frequency:
    """The digest that a decision of staff puts news into: the reader's own, or a daily one."""
    return Frequency.DAILY if frequency is Frequency.IMMEDIATE else frequency
