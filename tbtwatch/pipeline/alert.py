"""News into alerts: who asked for it, why, and the messages owed. One transaction for each measure."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import structlog

from notifiers.message import AlertContent, Label, Message, PauseNote
from notifiers.render import render_alert
from rules.classification import Classification
from subscriptions.criteria import Address, Frequency, Match, Part, Subscription
from subscriptions.forecast import USUAL_FLOOD, Limits
from subscriptions.rhythm import next_allowed, zone_of
from subscriptions.ways import not_at_once, soonest
from tbtwatch.pipeline.audience import Audience
from tbtwatch.pipeline.button_seal import CHAT, buttons
from tbtwatch.pipeline.compose import Names, Reason, news_of, told_to_each
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.pipeline.judging import Bench
from tbtwatch.pipeline.opt_in import NOT_ASKED, OptIn
from tbtwatch.pipeline.places import Places
from tbtwatch.pipeline.reclassify import current_classification
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.shelf import Shelf
from tbtwatch.pipeline.sign_in_rules import USUAL, SignInRules
from tbtwatch.pipeline.unsubscribe_code import code_for, link_code
from tbtwatch.storage import DATABASE_TROUBLE, Storage, Transaction
from tbtwatch.storage.alerts import NewAlert, Receipt
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.owed import Owed as OwedMessage
from watcher.measure import Measure
from watcher.source import Source

log = structlog.get_logger()

#: Stands for the one word that differs between readers of the very same message; it never leaves this file, and as
#: nobody knows it no measure can have it in its text.
_MARK = f"for-{secrets.token_hex(16)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that writing messages needs, made once in bootstrap."""

    storage: Storage
    rulebook: Rulebook
    audience: Audience
    sources: Sequence[Source]
    names: Names
    clock: Callable[[], datetime]
    mail_domain: str  #: for Message-IDs
    unsubscribe_address: str  #: where people write to unsubscribe; empty: not offered
    secret: Callable[[], str] = lambda: secrets.token_hex(8)
    public_url: str = ""  #: where this service is reached from outside; empty: it offers no links
    late_horizon: timedelta = timedelta(days=90)  #: what is older is neither told late nor corrected
    starter: bool = False  #: whether new subscribers are told what is still open for comment
    opt_in: OptIn = NOT_ASKED  #: whose consent is asked for before anything is sent
    flood: Limits = USUAL_FLOOD  #: how much is more than anybody reads
    sign_in: SignInRules = USUAL  #: how people sign in to the pages
    bot: str = ""  #: the number of the bot in chats, with which its token begins; empty: no chat is reached


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owed:
    """News of one change for one subscription."""

    alert: int
    change: StoredChange
    reason: Reason
    frequency: Frequency  #: as the subscription asks, or in a digest by staff's decision
    ways: Mapping[Address, Frequency] | None  #: where it is owed, and how soon; None: everywhere, as `frequency` says
    held: bool = False  #: the subscriber wants to be left alone just now

    def places(self) -> Iterable[tuple[Address, Frequency]]:
        """Where it is owed, and how soon."""
        if self.ways is not None:
            return self.ways.items()
        return ((address, self.frequency) for address in self.reason.subscription.addresses)


def raise_alerts(measure_id: int, *, desk: Desk) -> int:
    """Raise the alerts owed for a measure's news, and write the immediate messages; how many alerts.

    A fault in writing about one measure is logged and keeps nobody from being told of another: its news stays
    waiting, `recover` tries again and counts it as broken.
    """
    try:
        return raise_or_fail(measure_id, desk=desk)
    except DATABASE_TROUBLE:
        raise
    except Exception:
        log.exception("alerts_not_raised", measure=measure_id)
        return 0


async def raise_each(measures: Iterable[int], *, desk: Desk, stop: Callable[[], bool] = lambda: False) -> int:
    """Measure by measure, with the rest of the program going on in between; how many alerts.

    After an outage there are thousands. What is left when the program is told to stop, `recover` finds.
    """
    raised = 0
    for measure_id in measures:
        if stop():
            break
        raised += raise_alerts(measure_id, desk=desk)
        await asyncio.sleep(0)
    return raised


def raise_or_fail(measure_id: int, *, desk: Desk) -> int:
    """The same, but a fault is raised."""
    now = desk.clock()
    desk.audience.prepare(desk.storage)
    with desk.storage.begin() as tx:
        tx.measures.lock(measure_id)
        waiting = tx.changes.waiting(measure_id)
        carried = tx.carried.of(measure_id)
        wanted = bool(carried) and desk.audience.index(tx).asks_for(Part.SOURCE)
        again = tx.changes.gone_through(carried) if wanted else []
        if carried:
            tx.carried.done(measure_id)
        if not waiting and not again:
            return 0
        measure = tx.measures.get(measure_id)
        classification = current_classification(measure, tx, desk.rulebook, now)
        new: list[NewAlert] = []
        about: list[tuple[StoredChange, Reason]] = []
        bench = Bench(measure, classification, [*again, *waiting], tx, desk)
        held = tx.pauses.held(measure_id)
        candidates = list(bench.candidates())
        asking = tx.subscriptions.live_among(candidates)
        enterprises = {one.enterprise for one in asking.values()}
        shelf = Shelf(measure, classification, enterprises, tx, desk.names.markets)
        places = Places(measure_id, asking.values(), tx)
        for id_ in candidates:
            subscription = asking.get(id_)
            if subscription is None:
                continue
            for change in (*_carried_for(subscription, again, carried, tx), *waiting):
                match = bench.match(subscription, change)
                if match is None:
                    continue
                match = shelf.named_in(match, subscription.enterprise)
                ways = places.of(bench.asked(subscription, change), subscription, match)
                if ways is not None and not ways:
                    continue  # no address of it wants news that is so unsure
                receipt = Receipt(match=match, classification=classification)
                frequency = soonest(ways.values()) if ways else subscription.frequency
                if change.in_digest:
                    frequency = not_at_once(frequency)
                    ways = {one: not_at_once(soon) for one, soon in ways.items()} if ways else None
                new.append(
                    NewAlert(
                        subscription_id=subscription.id,
                        frequency=frequency,
                        fact_change_id=change.id,
                        measure_id=measure_id,
                        receipt=receipt,
                        ways=ways,
                    )
                )
                about.append((change, Reason(subscription=subscription, match=match)))
        numbers = tx.alerts.add_all(new, now=now)
        owed = [
            _Owed(
                alert=number,
                change=change,
                reason=reason,
                frequency=one.frequency,
                ways=one.ways,
                held=one.subscription_id in held,
            )
            for number, one, (change, reason) in zip(numbers, new, about, strict=True)
            if number is not None
        ]
        _write(measure, classification, owed, tx, desk, now)
        tx.changes.mark_alerted([change.id for change in waiting], now=now)
    if owed:
        log.info("alerts_raised", measure=measure_id, alerts=len(owed))
    return len(owed)


def _carried_for(
    subscription: Subscription,
    again: Sequence[StoredChange],
    carried: Mapping[int, frozenset[str]],
    tx: Transaction,
) -> list[StoredChange]:
    """News that was gone through before a source reported its document, for who asks for that source and has not
    heard it by another subscription."""
    return [
        change
        for change in again
        if subscription.criteria.sources & carried[change.notice_id]
        and not all(tx.alerts.changes_told(one.channel, one.target, [change.id]) for one in subscription.addresses)
    ]


def concerned(measure: Measure, classification: Classification, tx: Transaction, desk: Desk) -> list[Match]:
    """Those who ask for it now, and those who were told of it before: who was warned is told what became of it."""
    assert measure.id is not None
    matches = {match.subscription: match for match in desk.audience.index(tx).match(measure, classification)}
    for subscription, match in tx.alerts.told_of(measure.id).items():
        matches.setdefault(subscription, match)
    return [matches[subscription] for subscription in sorted(matches)]


def _write(
    measure: Measure,
    classification: Classification,
    owed: Sequence[_Owed],
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> None:
    """One message for each address that wants to hear at once, with all its reasons."""
    assert measure.id is not None
    by_address: dict[Address, list[_Owed]] = {}
    hears_at_once: dict[Address, list[_Owed]] = {}
    for one in owed:
        for address, frequency in one.places():
            by_address.setdefault(address, []).append(one)
            if frequency is Frequency.IMMEDIATE and not one.held:
                hears_at_once.setdefault(address, []).append(one)
    today = now.astimezone(desk.names.zone).date()
    before = told_to_each(tx, measure.id, desk.names.zone)
    corrected = tx.outbox.words_wait(Label.CORRECTION.value, measure.id)
    rendered: dict[Hashable, Message] = {}

    @cache  # looked up only if there is somebody to be written to
    def lookout() -> Lookout:
        return Lookout(desk.sources, tx, now=now, zone=desk.names.zone, markets=desk.names.markets)

    here = tx.subscriptions.of_addresses(by_address)
    managers = tx.managements.managers({one.reason.subscription.enterprise for one in owed})
    messages: list[OwedMessage] = []
    for address, several in sorted(by_address.items(), key=lambda pair: (pair[0].channel, pair[0].target)):
        at_once = hears_at_once.get(address)
        if not at_once:
            continue
        changes = {one.change.id: one.change for one in at_once}
        telling = [one for one in several if one.change.id in changes]
        first = min((one.reason.subscription for one in at_once), key=lambda subscription: subscription.id)
        reasons = {one.reason.subscription.id: one.reason.told_at(address, first.language) for one in telling}
        place = (address.channel, address.target)
        told = before.get(place, ())
        covered = lookout().line(first.language, here.get(address, ()))
        hearing = {one.reason.subscription.id: one.reason.subscription for one in at_once}
        pauses = pause_notes(sorted(hearing), address, hearing, tx, desk)
        said = (_said(reasons[id]) for id in sorted(reasons))
        by = managing((one.subscription for one in reasons.values()), managers)
        same = (address.channel, first.language, tuple(changes), told, covered, pauses, by, *said)
        if same not in rendered:
            content = AlertContent(
                news=news_of(
                    measure,
                    classification,
                    list(changes.values()),
                    list(reasons.values()),
                    names=desk.names,
                    language=first.language,
                    told=told,
                    today=today,
                ),
                written_on=today,
                coverage=covered,
                unsubscribe=unsubscribe_with(_MARK, desk, channel=address.channel),
                pauses=pauses,
                arranged_by=by,
            )
            rendered[same] = render_alert(content, channel=address.channel, language=first.language, recipient="")
        message = _to_reader(rendered[same], address.target, _code(address, {first.id, *reasons}, tx, desk))
        if address.channel == CHAT:
            message = replace(message, deeds=buttons(measure.id, address.target, first.language, tx))
        if place in corrected:
            tx.outbox.cancel_words(Label.CORRECTION.value, *place, measure.id, now=now, why="overtaken by other news")
        messages.append(
            OwedMessage(
                key=f"alert:{address.channel}:{address.target}:{measure.id}:{max(changes)}",
                kind="alert",
                channel=address.channel,
                target=address.target,
                message=addressed(message, desk, thread=f"<measure.{measure.id}@{desk.mail_domain}>"),
                alerts=tuple(one.alert for one in telling),
                measure_id=measure.id,
                due_at=min(next_allowed(now, one.rhythm, desk.names.zone) for one in hearing.values()),
            )
        )
    tx.outbox.add_all(messages, now=now)


def managing(told: Iterable[Subscription], managers: Mapping[str, str]) -> str:
    """Who looks after those that a message is for; "" if nobody does."""
    return ", ".join(sorted({managers[one.enterprise] for one in told if one.enterprise in managers}))


def _said(reason: Reason) -> Hashable:
    """All that a message says of a reason; two readers with the same reasons read the same."""
    asked, match = reason.subscription, reason.match
    said = asked.name, asked.criteria.markets, asked.criteria.areas, match.grade, match.conditions, reason.way
    return (*said, asked.enterprise, match.products, match.further_products) if match.products else said


def _to_reader(message: Message, target: str, code: str) -> Message:
    """The same message for one reader: with the address, and with the code in the place of the mark."""
    return replace(
        message,
        recipient=target,
        text=message.text.replace(_MARK, code),
        html=message.html.replace(_MARK, code),
        headers={name: value.replace(_MARK, code) for name, value in message.headers.items()},
    )


def pause_notes(
    named: Sequence[int],
    address: Address,
    live: Mapping[int, Subscription],
    tx: Transaction,
    desk: Desk,
) -> tuple[PauseNote, ...]:
    """The times of silence that are over and that this address hears of now, in the first message after."""
    notes = []
    for one in tx.pauses.to_mention(named, address):
        subscription = live[one.subscription]
        zone = zone_of(subscription.rhythm, desk.names.zone)
        until = min(one.until, one.released_at or one.until)
        measure = tx.measures.get(one.measure) if one.measure is not None else None
        notes.append(
            PauseNote(
                name=subscription.name,
                since=one.started_at.astimezone(zone).date(),
                until=until.astimezone(zone).date(),
                by=one.by,
                why=one.why,
                symbol=measure.threads[0] if measure is not None and measure.threads else "",
                news=one.news,
                over=tx.held_reminders.over_in(
                    one.subscription,
                    one.measure,
                    since=one.started_at,
                    until=one.released_at or one.until,
                    today=desk.clock().astimezone(desk.names.zone).date(),
                ),
            )
        )
    return tuple(notes)


def addressed(message: Message, desk: Desk, *, thread: str = "") -> Message:
    """The message with the name it keeps for ever: sent twice, it is the same mail to the reader's program."""
    return replace(message, message_id=f"<{desk.secret()}.tbtwatch@{desk.mail_domain}>", thread=thread)


def unsubscribe_at(
    subscription: Subscription,
    tx: Transaction,
    desk: Desk,
    *,
    address: Address | None = None,
    named: Iterable[int] = (),
) -> str:
    """Where this reader goes to stop: a link in a mail, if we are reached from outside; else a mail address with a
    code in the subject.

    The code ends, for `address`, all subscriptions that the message names; without an address it is the secret of the
    one subscription.
    """
    if address is None:
        return unsubscribe_with(tx.subscriptions.token(subscription.id), desk)
    code = _code(address, {subscription.id, *named}, tx, desk)
    return unsubscribe_with(code, desk, channel=address.channel)


def _code(address: Address, named: Iterable[int], tx: Transaction, desk: Desk) -> str:
    """What ends these subscriptions for an address: in a link, or to be written to us; empty: neither is offered."""
    if _by_link(address.channel, desk):
        return link_code(address, named, tx)
    return code_for(address, named, tx) if desk.unsubscribe_address else ""


def _by_link(channel: str, desk: Desk) -> bool:
    return bool(desk.public_url) and channel == "email"


def unsubscribe_with(code: str, desk: Desk, *, channel: str = "") -> str:
    """Where a reader goes to stop, with this code; empty: nowhere."""
    if _by_link(channel, desk):
        return f"{desk.public_url}/u/{code}"
    if not desk.unsubscribe_address:
        return ""
    return f"mailto:{desk.unsubscribe_address}?subject=unsubscribe%20{code}"
