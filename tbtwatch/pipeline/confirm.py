"""The owner of an address is asked before anything is sent there; what comes meanwhile waits and is told then.

Alerts are raised and their messages written as ever: what is owed is a row. Only when a message is to be sent it is
looked whether the owner agreed (`tbtwatch.pipeline.deliver`). The answer, and what it sets going, is one transaction.
An address that is not confirmed in time ends with that reason, and what waited there is closed with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifiers.confirm import ConfirmedContent, QuestionContent
from notifiers.message import PauseNote
from notifiers.render import render_confirmed, render_question
from subscriptions.criteria import Address, Frequency, Subscription
from tbtwatch.pipeline.alert import Desk, addressed
from tbtwatch.pipeline.digest_writing import DigestWriter, Issue
from tbtwatch.storage import Transaction
from tbtwatch.storage.confirmations import Confirmation
from tbtwatch.storage.moving import NEWS

log = structlog.get_logger()

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another when read aloud
DAY = timedelta(days=1)
#: What need not be asked, and why: a folder is ours, and a chat has called the bot itself.
FREE = {"file": "file", "telegram": "chat"}
WORDS = {
    "link": "its owner pressed the button of the link",
    "mail": "its owner answered by mail",
    "code": "staff entered the code its owner told them",
    "file": "a folder of this service",
    "chat": "a chat that has called the bot",
    "signed_in": "its owner signed in by a link that was sent there",
    "not_asked": "it was not asked: confirmation was off when it began to be used",
    "in_use": "it was in use before confirmation was asked for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an answer came to."""

    confirmation: Confirmation
    new: bool  #: it was not confirmed before
    over: bool = False  #: too late, or ended
    told: int = 0  #: pieces of news that had waited and go out now


def require(
    enterprise: str, addresses: Iterable[Address], *, language: str, by: str, tx: Transaction, desk: Desk, now: datetime
) -> list[Address]:
    """Addresses begin to be used for an enterprise: who has not agreed is asked. Those that wait for an answer."""
    enterprise_id = tx.subscriptions.enterprise(enterprise, now=now)
    wanted = list(dict.fromkeys(addresses))
    known = tx.confirmations.current(enterprise_id, wanted)
    waiting = []
    for address in wanted:
        one = known.get(address)
        if one is None:
            how = "" if address.channel in desk.opt_in.channels else FREE.get(address.channel, "not_asked")
            one = tx.confirmations.begin(enterprise_id, address, language=language, by=by, how=how, now=now)
        if one is not None and one.open:
            waiting.append(address)
            ask(one, tx, desk, now)
    return waiting


def ask(one: Confirmation, tx: Transaction, desk: Desk, now: datetime) -> bool:
    """Send the question, unless it was put often enough, or just now, or too many went to that address today."""
    opt_in = desk.opt_in
    asked = tx.confirmations.asked(one, since=now - timedelta(days=opt_in.days))
    if len(asked) >= opt_in.most or (asked and asked[-1] > now - opt_in.again_after):
        return False
    if tx.confirmations.asked_at(one.address, since=now - DAY) >= opt_in.per_day:
        log.warning("question_put_off", confirmation=one.id)
        return False
    if tx.leaving.suppressed([one.address]):
        return False
    token, code = secrets.token_urlsafe(24), _code()
    expires = one.expires_at or now + timedelta(days=opt_in.days)
    question = tx.confirmations.ask(one.id, token=token, code=code, now=now, expires_at=expires)
    zone, names = desk.names.zone, desk.names
    mine = _subscriptions(one, tx)
    manager = tx.managements.manager_of(one.enterprise_id)
    content = QuestionContent(
        address=one.address.target,
        enterprise=one.enterprise,
        arranged_by=manager.manager if manager else "",
        subscriptions=tuple(names.described(each.criteria, one.language) for each in mine),
        expires_on=expires.astimezone(zone).date(),
        written_on=now.astimezone(zone).date(),
        link=f"{desk.public_url}/c/{token}" if desk.public_url else "",
        write_to=desk.unsubscribe_address,
        code=code,
    )
    message = render_question(content, channel=one.address.channel, language=one.language, recipient=one.address.target)
    delivery = tx.outbox.add(
        key=f"question:{question}",
        kind="question",
        channel=one.address.channel,
        target=one.address.target,
        message=addressed(message, desk),
        alerts=(),
        now=now,
    )
    tx.confirmations.note_delivery(question, delivery)
    log.info("address_asked", confirmation=one.id, times=len(asked) + 1)
    return True


def let_go(
    enterprise: str,
    addresses: Iterable[Address],
    *,
    reason: str,
    tx: Transaction,
    now: datetime,
    withdrawn: bool = False,
) -> None:
    """Nothing of the enterprise is told at these addresses any more: who has not answered yet is not asked any more.

    `withdrawn`: the owner wished it so; to be written to again they have to agree again.
    """
    enterprise_id = tx.subscriptions.find_enterprise(enterprise)
    if enterprise_id is None:
        return
    for address, one in tx.confirmations.current(enterprise_id, addresses).items():
        if (one.open or withdrawn) and not tx.confirmations.used(enterprise_id, address):
            tx.confirmations.end(one.id, reason=reason, now=now)
            tx.outbox.cancel_waiting(tx.confirmations.questions(one.id), now=now, reason=f"not sent: {reason}")


def answer(secret: str, *, how: str, desk: Desk) -> Answered | None:
    """The owner agreed, by the secret of a link or by a code; None: it is none of ours. Twice is as good as once."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        one = tx.confirmations.by_token(secret) if how == "link" else tx.confirmations.by_code(secret)
        if one is None:
            return None
        one = _standing(one, tx, now)
        if one.confirmed_at is not None or one.ended_at is not None:
            return Answered(confirmation=one, new=False, over=one.ended_at is not None)
        if is_over(one, now):
            return Answered(confirmation=one, new=False, over=True)
        tx.confirmations.confirm(one.id, how=how, now=now)
        one = tx.confirmations.get(one.id)
        told = _tell_what_waited(one, tx, desk, now)
        _tell_owners(one, tx, desk, now)
    log.info("address_confirmed", confirmation=one.id, how=how, told=told)
    return Answered(confirmation=one, new=True, told=told)


def agreed_by_signing_in(
    enterprise: str, address: Address, *, language: str, by: str, tx: Transaction, desk: Desk, now: datetime
) -> None:
    """The owner of an address, who signed in by a link that was sent there, asks for messages: no question is put.

    In a transaction that holds subscribers still. What waited there for an answer is told.
    """
    enterprise_id = tx.subscriptions.enterprise(enterprise, now=now)
    one = tx.confirmations.current(enterprise_id, [address]).get(address)
    if one is None:
        tx.confirmations.begin(enterprise_id, address, language=language, by=by, how="signed_in", now=now)
    elif one.open:
        tx.confirmations.confirm(one.id, how="signed_in", now=now)
        answered = "not sent: its owner agreed by signing in"
        tx.outbox.cancel_waiting(tx.confirmations.questions(one.id), now=now, reason=answered)
        _tell_what_waited(tx.confirmations.get(one.id), tx, desk, now)


def asked_by(token: str, tx: Transaction, now: datetime) -> Confirmation | None:
    """What the secret of a link asks; nothing changes."""
    one = tx.confirmations.by_token(token)
    return None if one is None else _standing(one, tx, now)


def _standing(one: Confirmation, tx: Transaction, now: datetime) -> Confirmation:
    """The question as it stands: one that was let go answers for the one that took its place, while it is not over."""
    if one.ended_at is None or one.expires_at is None or one.expires_at <= now:
        return one
    return tx.confirmations.current(one.enterprise_id, [one.address]).get(one.address, one)


def is_over(one: Confirmation, now: datetime) -> bool:
    """Whether it is too late for an answer."""
    return one.ended_at is not None or (one.expires_at is not None and one.expires_at <= now)


def ask_again(*, desk: Desk) -> int:
    """Ask those who were not asked yet, for too many questions that day or by whatever way they came to be used.

    How many questions were written.
    """
    if not desk.opt_in.channels:
        return 0
    with desk.storage.look() as tx:
        strangers = tx.confirmations.strangers(desk.opt_in.channels)
        unasked = [one for one in tx.confirmations.open() if one.expires_at is None]
    if not strangers and not unasked:
        return 0
    done = 0
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        for enterprise_id, address, language in tx.confirmations.strangers(desk.opt_in.channels):
            tx.confirmations.begin(enterprise_id, address, language=language, by="", how="", now=now)
        for one in tx.confirmations.open():
            done += one.expires_at is None and ask(one, tx, desk, now)
    return done


def ask_by_hand(address: Address, *, desk: Desk) -> tuple[int, int]:
    """Staff want the owner of an address asked again: how many questions were written, of how many that wait."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        waiting = [one for one in tx.confirmations.of_address(address) if one.open]
        return sum(ask(one, tx, desk, now) for one in waiting), len(waiting)


def _subscriptions(one: Confirmation, tx: Transaction) -> list[Subscription]:
    here = tx.subscriptions.of_address(one.address.channel, one.address.target)
    return [each for each in here if each.enterprise == one.enterprise]


def _tell_what_waited(one: Confirmation, tx: Transaction, desk: Desk, now: datetime) -> int:
    """News in one message that says so; a single piece of the same day as it stands. The rest goes out as written."""
    zone = desk.names.zone
    here = tx.confirmations.waiting(one.address)
    waiting = [each for each in here if one.enterprise_id in each.enterprises]
    waiting += [each for each in here if not each.enterprises]
    news = [each for each in waiting if each.kind in NEWS and each.alerts]
    fresh = [each for each in news if each.created_at.astimezone(zone).date() == now.astimezone(zone).date()]
    others = [each.delivery for each in waiting if each not in news]
    if len(news) <= 1 and news == fresh:
        tx.confirmations.hurry([*others, *(each.delivery for each in news)], now=now)
        return sum(len(each.alerts) for each in news)
    tx.confirmations.hurry(others, now=now)
    why = f"not sent: told with all that waited until the address was confirmed on {now.astimezone(zone):%Y-%m-%d}"
    tx.outbox.cancel_waiting([each.delivery for each in news], now=now, reason=why)
    owed = tx.alerts.some(sorted({alert for each in news for alert in each.alerts}))
    live = tx.subscriptions.live_among({alert.subscription_id for alert in owed})
    owed = [alert for alert in owed if alert.withdrawn_at is None and alert.subscription_id in live]
    if not owed:
        return 0
    since = min(one.begun_at, *(alert.created_at for alert in owed))
    note = PauseNote(
        name="",
        since=since.astimezone(zone).date(),
        until=now.astimezone(zone).date(),
        by="",
        news=len({alert.fact_change_id for alert in owed}),
        confirmed=True,
    )
    issue = Issue(
        key=f"confirmed:{one.id}",
        frequency=Frequency.DAILY,
        number=0,
        zone=zone,
        starts_at=min(alert.created_at for alert in owed),
        ends_at=now,
    )
    DigestWriter(issue, tx, desk, now, remarks=(note,)).write({one.address: owed})
    return len(owed)


def _tell_owners(one: Confirmation, tx: Transaction, desk: Desk, now: datetime) -> None:
    """Who looks after the enterprise hears that an address was confirmed; not at that address itself."""
    for owner in tx.contacts.owners(one.enterprise_id):
        for to in owner.addresses:
            if to == one.address:
                continue
            content = ConfirmedContent(address=str(one.address), enterprise=one.enterprise)
            message = render_confirmed(content, channel=to.channel, language=owner.language, recipient=to.target)
            tx.outbox.add(
                key=f"confirmed:{one.id}:told:{to.channel}:{to.target}",
                kind="notice",
                channel=to.channel,
                target=to.target,
                message=addressed(message, desk),
                alerts=(),
                now=now,
            )


def _code() -> str:
    letters = [secrets.choice(LETTERS) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
