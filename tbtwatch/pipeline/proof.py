"""Put together what is on record of one measure and one enterprise: a proof of notice."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifiers.outcome import Reason, State
from notifiers.proof import (
    AskedThen,
    CoverageGap,
    KnownChange,
    KnownDocument,
    MetCondition,
    OwedNews,
    Proof,
    SendingAttempt,
    WrittenMessage,
)
from notifiers.proof_words import moment, say
from notifiers.titles import title_of
from notifiers.wording import Words, offered
from notifiers.your_products import product_line
from rules.classification import Classification, Evidence, Facet
from subscriptions.choices import FACETS
from subscriptions.criteria import Condition, Match, Part, Subscription
from subscriptions.way_words import told_words
from subscriptions.words import word
from tbtwatch import __version__
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.proof_silence import untold
from tbtwatch.pipeline.proof_summary import summary
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.pipeline.symbols import not_recorded
from tbtwatch.storage import Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.confirmations import Confirmation
from tbtwatch.storage.proofs import RecordedAttempt, RecordedHold, RecordedMessage
from tbtwatch.storage.trying import GIVEN_BACK
from watcher.facts import facts_on
from watcher.measure import Measure


def proof(symbol: str, enterprise: str, *, desk: Desk, language: str = "") -> Proof:
    """What is on record of a measure and an enterprise. Raises LookupError with a sentence."""
    measure = find_measure(symbol, desk=desk)
    with desk.storage.look() as tx:
        enterprise_id = tx.subscriptions.find_enterprise(enterprise.strip())
        if enterprise_id is None:
            raise LookupError(_no_enterprise(enterprise, tx))
        asked = tx.proofs.subscriptions(enterprise_id)
        chosen = offered(language or (asked[0].language if asked else "zh"))
        return _Record(measure, enterprise.strip(), asked, chosen, tx, desk).proof(symbol)


def _no_enterprise(name: str, tx: Transaction) -> str:
    near = difflib.get_close_matches(name, tx.proofs.names(), 1, 0.5)
    hint = f"did you mean {near[0]!r}?" if near else "`tbtwatch subscriptions --all` lists those there are"
    return f"there is no enterprise {name!r}; {hint}"


@dataclass(slots=True)
class _Record:
    """One measure, one enterprise, one transaction."""

    measure: Measure
    enterprise: str
    asked: list[Subscription]
    language: str
    tx: Transaction
    desk: Desk

    def proof(self, symbol: str) -> Proof:
        """The proof, with the symbol as it was asked for."""
        assert self.measure.id is not None
        now, names = self.desk.clock(), self.desk.names
        facts = facts_on(self.measure.facts, now.astimezone(names.zone).date())
        changes = self.tx.changes.of_measure(self.measure.id)
        holds = self.tx.proofs.holds(sorted({one.hold for one in changes if one.hold is not None}))
        alerts = self.tx.proofs.alerts([one.id for one in self.asked], self.measure.id)
        messages = self.tx.proofs.messages([one.id for one in alerts])
        classification = as_of_now(self.measure, self.tx, self.desk.rulebook.in_force(self.tx))
        documents = self._documents()
        made = Proof(
            language=self.language,
            enterprise=self.enterprise,
            asked_for=symbol.strip(),
            symbols=self.measure.threads,
            title=title_of(facts) or self.measure.threads[0],
            market=", ".join(names.markets.name(one, self.language) for one in facts.notifying_members),
            comment_deadline=facts.comment_deadline.value,
            made_at=self._at(now),
            zone=str(names.zone),
            program=__version__,
            summary=(),
            documents=documents,
            changes=tuple(self._change(one, holds) for one in changes),
            subscriptions=tuple(self._subscription(one) for one in self.asked),
            owed=tuple(self._owed(one) for one in alerts),
            messages=tuple(self._message(one) for one in messages),
            gaps=self._gaps(documents, changes, messages, now),
            untold=untold(
                self.asked,
                changes,
                holds,
                alerts,
                messages,
                measure=self.measure,
                classification=classification,
                names=names,
                language=self.language,
            ),
        )
        return summary(made, missing=not_recorded(symbol, self.measure, names.markets))

    def _at(self, instant: datetime) -> datetime:
        return instant.astimezone(self.desk.names.zone)

    def _maybe(self, instant: datetime | None) -> datetime | None:
        return None if instant is None else self._at(instant)

    def _title(self, source: str) -> str:
        return next((one.config.title or source for one in self.desk.sources if one.config.name == source), source)

    def _documents(self) -> tuple[KnownDocument, ...]:
        assert self.measure.id is not None
        recorded = self.tx.proofs.notices(self.measure.id)
        found = []
        for stored in self.tx.notices.of_measure(self.measure.id):
            when = recorded[stored.id]
            found.append(
                KnownDocument(
                    symbols=stored.notice.symbols,
                    type=stored.notice.type.value,
                    distributed_on=stored.notice.distribution_date,
                    recorded_at=self._at(when.recorded_at),
                    sources=tuple(self._title(name) for name in when.sources),
                    link=stored.notice.page or next(iter(stored.notice.links), ""),
                )
            )
        return tuple(sorted(found, key=lambda one: (one.recorded_at, one.symbols)))

    def _change(self, stored: StoredChange, holds: dict[int, RecordedHold]) -> KnownChange:
        change = stored.change
        return KnownChange(
            id=stored.id,
            kind=change.kind.value,
            what=word(change.kind, self.language),
            old=change.old,
            new=change.new,
            symbols=tuple(change.symbols),
            stated_on=change.stated_on,
            noticed_at=self._at(stored.noticed_at),
            judged_at=self._maybe(stored.alerted_at),
            silent=stored.silent,
            hold=self._hold(holds.get(stored.hold or 0)),
        )

    def _hold(self, hold: RecordedHold | None) -> str:
        if hold is None:
            return ""
        since = moment(self._at(hold.held_at))
        if hold.decided_at is None:
            return say(f"hold.{hold.state}", self.language, since=since)
        reason = say("reason", self.language, text=hold.reason) if hold.reason else ""
        at, by = moment(self._at(hold.decided_at)), hold.decided_by
        return say(f"hold.{hold.state}", self.language, since=since, at=at, by=by, reason=reason)

    def _subscription(self, one: Subscription) -> AskedThen:
        names = self.desk.names
        return AskedThen(
            id=one.id,
            version=one.version,
            name=one.name,
            asks=names.described(one.criteria, self.language) + told_words(one, self.language),
            frequency=one.frequency,
            since=self._at(one.started_at),
            ended_at=self._maybe(one.ended_at),
            end_reason=one.end_reason,
            consents=tuple(self._consent(state) for state in self._consents(one)),
        )

    def _consents(self, one: Subscription) -> list[Confirmation]:
        """What the owners of its addresses said, as far as they are its addresses now."""
        id_ = self.tx.subscriptions.find_enterprise(self.enterprise)
        return [] if id_ is None else list(self.tx.confirmations.current(id_, one.addresses).values())

    def _consent(self, state: Confirmation) -> str:
        words, address = Words(offered(self.language)), str(state.address)
        at = self._at(state.confirmed_at or state.begun_at)
        if state.open:
            return words("consent.open", address=address, at=f"{at:%Y-%m-%d %H:%M}")
        return words("consent.agreed", address=address, at=f"{at:%Y-%m-%d %H:%M}", how=words(f"consent.{state.how}"))

    def _owed(self, alert: StoredAlert) -> OwedNews:
        receipt = alert.receipt
        return OwedNews(
            alert=alert.id,
            subscription=alert.subscription_id,
            version=receipt.match.version,
            ruleset_version=receipt.classification.ruleset_version,
            change=alert.fact_change_id,
            grade=receipt.match.grade,
            owed_at=self._at(alert.created_at),
            rhythm=alert.frequency,
            conditions=tuple(
                self._condition(one, receipt.match, receipt.classification) for one in receipt.match.conditions
            ),
            late=alert.label == "late",
            withdrawn_at=self._maybe(alert.withdrawn_at),
            products=tuple(product_line(one, Words(self.language)) for one in receipt.match.products),
            further_products=receipt.match.further_products,
        )

    def _condition(self, one: Condition, match: Match, classification: Classification) -> MetCondition:
        names = self.desk.names
        alone = Match(subscription=match.subscription, version=match.version, grade=one.grade, conditions=(one,))
        sentence = names.explained(alone, self.language)
        # "Fits (direct): …" is said once for the whole receipt; here only what was met.
        sentence = sentence.partition("：" if self.language == "zh" else ": ")[2] or sentence
        return MetCondition(condition=one, sentence=sentence, evidence=_evidence(one, classification))

    def _message(self, one: RecordedMessage) -> WrittenMessage:
        sent = one.state == State.SENT.value
        return WrittenMessage(
            id=one.id,
            kind=one.kind,
            channel=one.channel,
            target=one.target,
            subject=one.subject,
            message_id=one.message_id,
            written_at=self._at(one.written_at),
            due_at=self._at(one.due_at),
            state=one.state,
            ended_at=self._maybe(one.ended_at),
            answer=one.detail,
            alerts=one.alerts,
            attempts=tuple(
                SendingAttempt(
                    number=each.number,
                    started_at=self._at(each.started_at),
                    ended_at=self._maybe(each.ended_at),
                    outcome=each.outcome,
                    answer=each.detail,
                )
                for each in one.attempts
            ),
            digest=one.digest,
            copies=max(sum(each.outcome == "Sent" for each in one.attempts), int(sent)),
            copies_possible=sum(_unknown(each, one) for each in one.attempts),
        )

    def _gaps(
        self,
        documents: Sequence[KnownDocument],
        changes: Sequence[StoredChange],
        messages: Sequence[RecordedMessage],
        now: datetime,
    ) -> tuple[CoverageGap, ...]:
        """The gaps of sources that carry the measure or speak of its market, while it was told of."""
        assert self.measure.id is not None
        carrying = {name for one in self.tx.proofs.notices(self.measure.id).values() for name in one.sources}
        members = set(self.measure.facts.notifying_members)
        for source in self.desk.sources:
            market = source.config.market
            if source.config.enabled and (market is None or market in members):
                carrying.add(source.config.name)
        began = [one.recorded_at for one in documents]
        days = [one.distributed_on for one in documents if one.distributed_on is not None]
        if days:
            began.append(datetime.combine(min(days), datetime.min.time(), tzinfo=self.desk.names.zone))
        if not began:
            return ()
        ended = [one.noticed_at for one in changes] + [one.ended_at or now for one in messages]
        found = self.tx.proofs.gaps(sorted(carrying), since=min(began), until=max([*ended, *began]))
        return tuple(
            CoverageGap(
                source=self._title(gap.source),
                since=self._at(gap.since),
                until=self._maybe(gap.closed_at),
                found_late=gap.found_late,
            )
            for gap in found
        )


def _unknown(attempt: RecordedAttempt, message: RecordedMessage) -> bool:
    """Whether nobody knows if the other side took this attempt."""
    if attempt.outcome in ("Sent", GIVEN_BACK):
        return False
    if attempt.outcome == "CutShort" or attempt.reason == Reason.UNKNOWN_OUTCOME.value:
        return True
    under_way = message.state == State.SENDING.value and attempt.number == max(one.number for one in message.attempts)
    return not attempt.outcome and not under_way


def _evidence(condition: Condition, classification: Classification) -> tuple[Evidence, ...]:
    """The words by which the rules then found what was asked for."""
    if condition.part is Part.PRODUCT and condition.asked.startswith("area "):
        return tuple(
            one
            for found in classification.areas
            if found.area == condition.asked.removeprefix("area ")
            for one in found.evidence
        )
    if condition.part in FACETS:
        return tuple(
            one
            for finding in classification.of(Facet(condition.part.value))
            if finding.value == condition.asked
            for one in finding.evidence
        )
    return ()
