"""Why the subscriptions of a chat are told of a measure, or not, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape

from notifiers.dates import Dates
from notifiers.outcome import State
from rules.classification import Classification
from subscriptions.criteria import Frequency, Match, Refusal, Subscription
from subscriptions.matching import read, why_not_told
from subscriptions.way_words import not_told_words
from subscriptions.ways import lets_through, nobody_wants
from subscriptions.words import word
from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.compose import Names
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from watcher.measure import ChangeKind, Measure
from watcher.text import one_line

MOST_SHOWN = 12
LONGEST_NAME, LONGEST_SENTENCE = 80, 400


class Reasons:
    """What there is to say of one measure to one chat, inside one transaction."""

    def __init__(
        self,
        measure: Measure,
        classification: Classification,
        *,
        names: Names,
        dates: Dates,
        language: str,
        tx: Transaction,
    ) -> None:
        assert measure.id is not None
        self._measure, self._id = measure, measure.id
        self._classification = classification
        self._names, self._dates, self._language, self._tx = names, dates, language, tx
        self._changes = tx.changes.of_measure(measure.id)

    def lines(self, subscriptions: Sequence[Subscription]) -> list[str]:
        """A paragraph for each subscription, those that fit first."""
        read_all = [(one, read(one, self._measure, self._classification, self._names.markets)) for one in subscriptions]
        read_all.sort(key=lambda pair: (not isinstance(pair[1], Match), pair[0].id))
        fits = sum(isinstance(answer, Match) for _, answer in read_all)
        lines = [say("of_subscriptions", self._language, fits=fits, n=len(read_all))]
        for subscription, answer in read_all[:MOST_SHOWN]:
            lines += self._one(subscription, answer)
        if (more := len(read_all) - MOST_SHOWN) > 0:
            lines.append(say("more_subscriptions", self._language, n=more))
        return lines

    def _one(self, subscription: Subscription, answer: Match | Refusal) -> list[str]:
        lines = [
            say(
                "subscription",
                self._language,
                mark="✓" if isinstance(answer, Match) else "✗",
                name=escape(one_line(subscription.name, LONGEST_NAME)),
                sentence=self._sentence(answer),
            )
        ]
        alerts = self._tx.alerts.of_subscription(subscription.id, self._id)
        if alerts:
            lines += self._came_of(subscription, alerts)
        elif isinstance(answer, Match):
            lines.append(self._not_told(subscription, answer))
        if isinstance(answer, Match):
            lines += (
                escape(not_told_words(subscription, address, answer.grade, self._language))
                for address in subscription.addresses
                if not lets_through(subscription, address, answer.grade)
            )
        return [lines[0], *(f"    {line}" for line in lines[1:])]

    def _sentence(self, answer: Match | Refusal) -> str:
        sentence = self._names.explained(answer, self._language)
        return escape(one_line(sentence, LONGEST_SENTENCE))

    def _came_of(self, subscription: Subscription, alerts: Sequence[StoredAlert]) -> list[str]:
        """What the subscription was owed, and whether it went out: one line for each outcome and day."""
        told: dict[tuple[str, date], list[StoredAlert]] = {}
        for alert in alerts:
            told.setdefault(self._outcome(subscription, alert), []).append(alert)
        return [
            say(
                name,
                self._language,
                day=self._dates.near(day),
                frequency=word(several[0].frequency, self._language),
                what=self._kinds(several),
            )
            for (name, day), several in told.items()
        ]

    def _outcome(self, subscription: Subscription, alert: StoredAlert) -> tuple[str, date]:
        name, day = self._sent(subscription, alert)
        if alert.withdrawn_at is not None:
            return "taken_back", self._day(alert.withdrawn_at)
        return ("told_late_on" if alert.label == "late" and name == "told_on" else name), day

    def _sent(self, subscription: Subscription, alert: StoredAlert) -> tuple[str, date]:
        raised = self._day(alert.created_at)
        if alert.frequency is not Frequency.IMMEDIATE:
            if alert.digest_run_id is None:
                return "in_digest", raised
            kind = self._kind(alert)
            times = [
                when
                for address in subscription.addresses
                for when, told in self._tx.alerts.told_to(address.channel, address.target, self._id)
                if told == kind and when >= alert.created_at
            ]
            return ("told_on", self._day(min(times))) if times else ("not_delivered", raised)
        states = {
            delivery.state: delivery.ended_at
            for address in subscription.addresses
            for delivery in self._tx.outbox.list(measure_id=self._id, target=address.target)
            if delivery.channel == address.channel and delivery.created_at == alert.created_at
        }
        if State.SENT in states:
            return "told_on", self._day(states[State.SENT] or alert.created_at)
        if State.PENDING in states or State.SENDING in states:
            return "being_sent", raised
        return "not_delivered", raised

    def _not_told(self, subscription: Subscription, answer: Match) -> str:
        """Why nothing was told although the measure fits."""
        news = [stored for stored in self._changes if not stored.silent]
        if not news:
            return say("not_told_silent", self._language)
        since = [stored for stored in news if stored.noticed_at >= subscription.started_at]
        if not since:
            started = self._dates.near(self._day(subscription.started_at))
            return say("not_told_before", self._language, day=started)
        if refusal := why_not_told(subscription, [stored.change for stored in since]):
            return say("not_told_kind", self._language, sentence=self._sentence(refusal))
        if nobody_wants(subscription, answer.grade):
            return say("not_told_unsure", self._language)
        waiting = any(stored.alerted_at is None for stored in since)
        return say("not_told_waiting" if waiting else "not_told_later", self._language)

    def _kind(self, alert: StoredAlert) -> str:
        return next((stored.change.kind for stored in self._changes if stored.id == alert.fact_change_id), "")

    def _kinds(self, alerts: Iterable[StoredAlert]) -> str:
        kinds = dict.fromkeys(self._kind(alert) for alert in alerts)
        return say("told_joined", self._language).join(word(ChangeKind(k), self._language) for k in kinds if k)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._names.zone).date()
