"""What a new subscriber is told first: what is still open for comment and fits the question.

That it is owed is a row, written in the transaction in which the subscription begins; what it says is read after that,
so that nothing that was being recorded just then lies between the two. Each address is told once. What stands in it
was told: by its alerts who was told of a measure hears what became of it, calendars show it, and it is no news again.
What does not stand in it for want of room was not told, and the message says how much that is.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog

from notifiers.message import Label, MeasureNews
from notifiers.render import render_starter
from notifiers.starter import MOST, StarterContent
from rules.classification import Classification
from subscriptions.criteria import Address, Frequency, Match, Subscription
from subscriptions.deadlines import act_by, takes_comments
from subscriptions.matching import Subject, read_subject
from subscriptions.rhythm import next_allowed
from tbtwatch.pipeline.alert import Desk, addressed, managing, unsubscribe_at
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.pipeline.reclassify import as_of_now, is_fresh
from tbtwatch.pipeline.stepwise import at_one_go
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.alerts import Receipt
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.recorded import RecordedNews
from tbtwatch.storage.starters import STARTER, WRITTEN
from watcher.facts import facts_on
from watcher.measure import ChangeKind, FactChange, Measure

log = structlog.get_logger()

CHUNK = 200
#: How many measures are looked at again when starters are written, so that none is told that was just withdrawn.
LOOKED_AT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A measure that fits and is open for comment."""

    measure: int
    act_by: date
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A measure, what it is about, and why it fits."""

    measure: Measure
    about: Classification
    match: Match


def owe_starter(
    subscription: Subscription, tx: Transaction, *, now: datetime, addresses: Sequence[Address] | None = None
) -> int:
    """Owe these addresses of a subscription its starter, or all of them; how many were never owed it before.

    Called in the transaction in which the subscription begins to be told: when it starts or gets an address, or once
    the address is confirmed.
    """
    return tx.starters.owe(subscription.id, subscription.addresses if addresses is None else addresses, now=now)


def write_starters(*, desk: Desk, subscription: int | None = None) -> int:
    """Write the starters that are owed, of one subscription or all; how many messages."""
    return at_one_go(writing_starters(desk=desk, subscription=subscription))


def writing_starters(*, desk: Desk, subscription: int | None = None) -> Generator[None, None, int]:
    """The same, subscription by subscription: between two of them the rest of the program may go on, or end."""
    with desk.storage.look() as tx:
        waiting = tx.starters.owed(subscription)
    written = 0
    for number in waiting:
        yield
        try:
            written += _write_all(number, desk)
        except DATABASE_TROUBLE:
            raise
        except Exception:
            # One subscription that cannot be written to must not keep the others from their starters.
            log.exception("starter_not_written", subscription=number)
    return written


def _write_all(number: int, desk: Desk) -> int:
    """The starters that a subscription is owed."""
    with desk.storage.begin() as tx:
        # What was begun to be recorded before the subscription was there is written down by now.
        tx.one_at_a_time()
    while True:
        with desk.storage.look() as tx:
            asked = tx.subscriptions.get(number)
            fitting = [] if asked.ended_at is not None else _fitting(asked, tx, desk)
        with desk.storage.begin() as tx:
            # Before subscribers are held still: whoever tells news of a measure holds the measure first.
            tx.one_at_a_time()
            for measure in sorted(one.measure for one in fitting[:LOOKED_AT]):
                tx.measures.lock(measure)
            tx.subscriptions.revision()  # it neither changes nor ends until this is written
            subscription = tx.subscriptions.get(number)
            if subscription.version == asked.version and subscription.ended_at == asked.ended_at:
                return _Writer(subscription, fitting, tx, desk).write()


def _fitting(asked: Subscription, tx: Transaction, desk: Desk) -> list[_Open]:
    """What is open and fits, by the rules in force, the first to act on first."""
    names, found = desk.names, []
    today = desk.clock().astimezone(names.zone).date()
    ids = tx.recorded.open_ids(today)
    ruleset = desk.rulebook.in_force(tx)
    for start in range(0, len(ids), CHUNK):
        for recorded in tx.recorded.read(ids[start : start + CHUNK]):
            measure = recorded.measure
            facts = facts_on(measure.facts, today)
            by = act_by(facts.comment_deadline, names.buffers.of(facts.notifying_members))
            if by is None or not takes_comments(facts, today):
                continue
            about = recorded.classification
            assert measure.id is not None
            if not is_fresh(about, ruleset):
                about = as_of_now(tx.measures.get(measure.id), tx, ruleset)
            assert about is not None
            if isinstance(read_subject(asked, Subject.of(measure, about), names.markets), Match):
                symbol = measure.threads[0] if measure.threads else ""
                found.append(_Open(measure=measure.id, act_by=by, symbol=symbol))
    return sorted(found, key=lambda one: (one.act_by, one.symbol, one.measure))


class _Writer:
    """The starters of one subscription, inside one transaction."""

    def __init__(self, subscription: Subscription, fitting: Sequence[_Open], tx: Transaction, desk: Desk) -> None:
        self._subscription, self._tx, self._desk, self._now = subscription, tx, desk, desk.clock()
        self._today = self._now.astimezone(desk.names.zone).date()
        self._ruleset = desk.rulebook.in_force(tx)
        self._news = tx.recorded.news([one.measure for one in fitting])
        later = tx.starters.waiting_for_digest(subscription.id)
        self._fitting = [one for one in fitting if one.measure not in later and not self._is_told_anyhow(one.measure)]
        self._judged = {
            one.measure: judged for one in self._fitting[:LOOKED_AT] if (judged := self._judge(one.measure)) is not None
        }
        self._lookout = Lookout(desk.sources, tx, now=self._now, zone=desk.names.zone, markets=desk.names.markets)

    def _is_told_anyhow(self, measure: int) -> bool:
        """Whether it is told as news in a moment, or kept back by staff."""
        wanted, began = self._subscription.criteria.changes, self._subscription.started_at
        for one in self._news.get(measure, ()):
            if one.held and one.kind is ChangeKind.NEW_MEASURE:
                return True
            if not (one.silent or one.alerted) and one.noticed_at >= began and one.kind in wanted:
                return True
        return False

    def _judge(self, number: int) -> _Judged | None:
        """The measure as it stands now, and why it fits; None: it fits no more, or is open no more."""
        measure = self._tx.measures.get(number)
        if not takes_comments(facts_on(measure.facts, self._today), self._today):
            return None
        about = as_of_now(measure, self._tx, self._ruleset)
        answer = read_subject(self._subscription, Subject.of(measure, about), self._desk.names.markets)
        return _Judged(measure=measure, about=about, match=answer) if isinstance(answer, Match) else None

    def write(self) -> int:
        """Write them; how many."""
        subscription, tx = self._subscription, self._tx
        written = 0
        for address in tx.starters.owed(subscription.id).get(subscription.id, []):
            if subscription.ended_at is not None:
                tx.starters.settle(subscription.id, address, "the subscription has ended", now=self._now)
            elif address not in subscription.addresses:
                tx.starters.settle(subscription.id, address, "the address was left", now=self._now)
            else:
                self._write_to(address)
                written += 1
        return written

    def _write_to(self, address: Address) -> None:
        tx, desk, subscription, now = self._tx, self._desk, self._subscription, self._now
        before = self._heard(address)
        new = [one for one in self._fitting if one.measure not in before]
        shown = [one for one in new if one.measure in self._judged][: MOST.get(address.channel, MOST[""])]
        gone = sum(one.measure not in self._judged for one in self._fitting[:LOOKED_AT])
        names, language = desk.names, subscription.language
        changes = {one.measure: self._change(one.measure) for one in shown}
        content = StarterContent(
            name=subscription.name,
            asks=names.described(subscription.criteria, language),
            frequency=subscription.frequency,
            news=tuple(self._entry(one.measure, changes[one.measure]) for one in shown),
            more=max(0, len(new) - len(shown) - gone),
            before=len(before),
            expected=self._expected(),
            written_on=self._today,
            coverage=self._lookout.line(language, [subscription]),
            unsubscribe=unsubscribe_at(subscription, tx, desk, address=address),
            arranged_by=managing([subscription], tx.managements.managers([subscription.enterprise])),
        )
        message = render_starter(content, channel=address.channel, language=language, recipient=address.target)
        delivery = tx.outbox.add(
            key=f"starter:{subscription.id}:{address.channel}:{address.target}",
            kind=STARTER,
            channel=address.channel,
            target=address.target,
            message=addressed(message, desk),
            alerts=[self._alert(one.measure, changes[one.measure]) for one in shown],
            now=now,
            due_at=next_allowed(now, subscription.rhythm, names.zone),
        )
        tx.starters.settle(
            subscription.id,
            address,
            WRITTEN,
            now=now,
            delivery=delivery,
            told=len(shown),
            more=content.more,
            before=content.before,
        )
        log.info("starter_written", subscription=subscription.id, measures=len(shown), more=content.more)

    def _heard(self, address: Address) -> set[int]:
        """What this address was told of, whatever subscription it was for, and not that it was wrong."""
        heard = self._tx.starters.heard(address, [one.measure for one in self._fitting])
        last = {one: self._tx.alerts.last_word(address.channel, address.target, one) for one in heard}
        return {one for one in heard if last[one] != Label.CORRECTION.value}

    def _entry(self, number: int, change: StoredChange) -> MeasureNews:
        judged = self._judged[number]
        return news_of(
            judged.measure,
            judged.about,
            [change],
            [Reason(subscription=self._subscription, match=judged.match)],
            names=self._desk.names,
            language=self._subscription.language,
            told=(),
            today=self._today,
        )

    def _change(self, number: int) -> StoredChange:
        """What the starter tells of it: that there is such a measure; of one known otherwise its latest news."""
        known = self._news.get(number) or self._made_up(number)
        begun = next((each for each in known if each.kind is ChangeKind.NEW_MEASURE), known[-1])
        return self._tx.changes.get([begun.id])[begun.id]

    def _made_up(self, number: int) -> list[RecordedNews]:
        """Of a measure without any news: it is written down, in silence, that it was new."""
        (stored, *_) = self._tx.notices.of_measure(number)
        notice = stored.notice
        change = FactChange(kind=ChangeKind.NEW_MEASURE, symbols=notice.symbols, stated_on=notice.distribution_date)
        self._tx.changes.add(number, stored.id, [change], now=self._now, silent=True)
        self._news |= self._tx.recorded.news([number])
        return self._news[number]

    def _alert(self, number: int, change: StoredChange) -> int:
        """The alert by which this subscription was told: one that there is, or a new one."""
        tx, judged = self._tx, self._judged[number]
        known = {one.fact_change_id: one for one in tx.alerts.of_subscription(self._subscription.id, number)}
        receipt = Receipt(match=judged.match, classification=judged.about)
        if (alert := known.get(change.id)) is not None:
            if alert.withdrawn_at is not None:  # it was taken back, and fits again
                at_once = Frequency.IMMEDIATE
                tx.alerts.owe_again(alert.id, frequency=at_once, receipt=receipt, now=self._now, label=STARTER)
            return alert.id
        made = tx.alerts.add(
            subscription_id=self._subscription.id,
            frequency=Frequency.IMMEDIATE,  # so that it stands in no digest as well
            fact_change_id=change.id,
            measure_id=number,
            receipt=receipt,
            now=self._now,
            label=STARTER,
        )
        assert made is not None, "the measure is held"
        return made

    def _expected(self) -> Mapping[str, Any]:
        """How much the subscription is expected to bring, if that was reckoned."""
        made = self._tx.starters.forecasts(self._subscription.id)
        return made[0].value if made else {}
