"""People of an enterprise: they come, change and leave, and the subscriptions that are told to them follow.

Nothing is lost by it or told twice: every change of an address is a change of each subscription that is told to the
person (`tbtwatch.pipeline.change`), in one transaction with the change of the person's entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from subscriptions.criteria import Address, Subscription
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.change import Edit, change_within
from tbtwatch.pipeline.confirm import let_go, require
from tbtwatch.pipeline.digest_writing import catch_up
from tbtwatch.pipeline.subscribe import refuse_suppressed
from tbtwatch.storage import Transaction
from tbtwatch.storage.contacts import OWNER, Contact

log = structlog.get_logger()

#: What roles are called elsewhere; any other word is kept as it is.
ROLES = {
    "owner": OWNER,
    "负责人": OWNER,
    "老板": OWNER,
    "compliance": "compliance",
    "合规": "compliance",
    "regulatory": "regulatory",
    "法规": "regulatory",
    "sales": "sales",
    "销售": "sales",
    "quality": "quality",
    "质量": "quality",
}


class ContactError(ValueError):
    """What cannot be done with a person's entry; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdit:
    """What is to be different; None: as it is."""

    name: str | None = None
    role: str | None = None
    language: str | None = None
    addresses: tuple[Address, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a change or a leaving came to."""

    contact: Contact
    changed: tuple[Subscription, ...] = ()  #: subscriptions that are told elsewhere now
    ended: tuple[Subscription, ...] = ()
    messages: int = 0  #: messages that go to another address instead
    waiting: tuple[Address, ...] = field(default=())  #: addresses whose owners are asked first


def role_of(text: str) -> str:
    """A role by the word it is known by."""
    plain = " ".join(text.split())
    return ROLES.get(plain.casefold(), plain)


def add(
    *, enterprise: str, name: str, role: str, language: str, addresses: Iterable[Address], by: str, desk: Desk
) -> Moved:
    """A person of an enterprise, which may be new. Raises ContactError, SuppressedError."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        contact = add_within(
            enterprise=enterprise,
            name=name,
            role=role,
            language=language,
            addresses=tuple(addresses),
            by=by,
            tx=tx,
            desk=desk,
            now=desk.clock(),
        )
        open_ = tx.confirmations.current(contact.enterprise_id, contact.addresses)
    log.info("contact_added", contact=contact.id, by=by)
    return Moved(contact=contact, waiting=tuple(one for one, state in open_.items() if state.open))


def add_within(
    *,
    enterprise: str,
    name: str,
    role: str,
    language: str,
    addresses: tuple[Address, ...],
    by: str,
    tx: Transaction,
    desk: Desk,
    now: datetime,
    asking: bool = True,
) -> Contact:
    """The same, inside a transaction that holds subscribers still; not `asking`: the caller asks who has to agree."""
    if not name.strip() or not addresses:
        raise ContactError("a contact needs a name and at least one address")
    enterprise_id = tx.subscriptions.enterprise(enterprise, now=now)
    if any(one.name == name.strip() for one in tx.contacts.of_enterprise(enterprise_id)):
        raise ContactError(f"{enterprise} has a contact {name.strip()!r} already; change it, or write the name apart")
    refuse_suppressed(addresses, tx)
    number = tx.contacts.add(
        enterprise_id, name=name.strip(), role=role_of(role), language=language, addresses=addresses, by=by, now=now
    )
    if asking:
        require(enterprise, addresses, language=language, by=by, tx=tx, desk=desk, now=now)
    return tx.contacts.get(number)


def change_contact(id: int, edit: ContactEdit, *, why: str, by: str, desk: Desk) -> Moved:
    """Change a person's entry, and with their addresses where their subscriptions are told. Raises ContactError."""
    if not why.strip():
        raise ContactError("a change needs its reason: it is kept with the version that it ends")
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, before = desk.clock(), _live(id, tx)
        name = before.name if edit.name is None else edit.name.strip()
        namesakes = [one for one in tx.contacts.of_enterprise(before.enterprise_id) if one.name == name]
        if not name or any(one.id != id for one in namesakes):
            raise ContactError(f"{before.enterprise} has a contact {name!r} already" if name else "the name is empty")
        addresses = before.addresses if edit.addresses is None else tuple(dict.fromkeys(edit.addresses))
        if not addresses:
            raise ContactError("nobody could be told any more; name another address, or `tbtwatch contact end`")
        added = [one for one in addresses if one not in before.addresses]
        refuse_suppressed(added, tx)
        tx.contacts.change(
            before,
            name=name,
            role=before.role if edit.role is None else role_of(edit.role),
            language=before.language if edit.language is None else edit.language,
            addresses=addresses,
            why=why.strip(),
            by=by,
            now=now,
        )
        waiting = require(before.enterprise, added, language=before.language, by=by, tx=tx, desk=desk, now=now)
        changed, messages = [], 0
        for subscription in tx.contacts.subscriptions(id):
            one, moved = _follow(subscription, before, addresses, why.strip(), by, tx, desk, now)
            messages += moved
            changed += [one] if one is not None else []
        let_go(before.enterprise, before.addresses, reason=why.strip(), tx=tx, now=now)
        contact = tx.contacts.get(id)
    log.info("contact_changed", contact=id, version=contact.version, subscriptions=len(changed), by=by)
    return Moved(contact=contact, changed=tuple(changed), messages=messages, waiting=tuple(waiting))


def tell(id: int, subscription: int, *, why: str, by: str, desk: Desk) -> Moved:
    """Tell a subscription to this person too, wherever they are told. Raises LookupError, ContactError."""
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, contact = desk.clock(), _live(id, tx)
        before = tx.subscriptions.get(subscription)
        if before.enterprise != contact.enterprise:
            raise ContactError(f"subscription {subscription} is {before.enterprise}'s, {contact.name} is not")
        edit = Edit(addresses=(*before.addresses, *contact.addresses))
        done = change_within(subscription, edit, why=why, by=by, tx=tx, desk=desk, now=now)
        tx.contacts.tell(subscription, id, now=now)
    return Moved(contact=contact, changed=(done.after,))


def end_contact(id: int, *, why: str, by: str, desk: Desk, to: int | None = None, anyway: bool = False) -> Moved:
    """A person has left: nothing is told to them any more; what waits goes to `to`. Raises ContactError.

    `anyway`: subscriptions that nobody else is told end.
    """
    if not why.strip():
        raise ContactError("say why: the reason is kept, and told when somebody asks")
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, contact = desk.clock(), _live(id, tx)
        heir = None if to is None else _live(to, tx)
        if heir is not None and (heir.id == id or heir.enterprise_id != contact.enterprise_id):
            raise ContactError(f"contact {to} is nobody else of {contact.enterprise}")
        plans = []
        for number in _everywhere(contact, tx):
            one = tx.subscriptions.get(number)
            linked = number in tx.contacts.subscriptions(id)
            theirs = set(contact.addresses) - _of_others(number, id, tx)
            left = tuple(address for address in one.addresses if address not in theirs)
            new = tuple(address for address in heir.addresses if address not in left) if heir else ()
            plans.append((one, linked, (*left, *new)))
        alone = [one for one, _, left in plans if not left]
        if alone and not anyway:
            names = ", ".join(f"{one.id} “{one.name}”" for one in alone)
            raise ContactError(
                f"nobody would be told of {names} any more; name who takes over with --to CONTACT, or --anyway to end "
                "them"
            )
        tx.contacts.end(contact, reason=why.strip(), by=by, now=now)
        reason = f"{contact.name} has left: {why.strip()}"
        changed, ended, messages = [], [], 0
        for one, linked, left in plans:
            if linked:
                tx.contacts.tell_no_more(one.id, id)
            if not left:
                ended.append(tx.subscriptions.end(one.id, reason=reason, now=now))
                tx.outbox.cancel_for_ended(one.id, now=now, reason=f"the subscription was ended: {reason}")
                continue
            done = change_within(one.id, Edit(addresses=left), why=reason, by=by, tx=tx, desk=desk, now=now)
            messages += done.moved
            changed.append(done.after)
            if heir is not None:
                tx.contacts.tell(one.id, heir.id, now=now)
        let_go(contact.enterprise, contact.addresses, reason=reason, tx=tx, now=now)
        contact = tx.contacts.get(id)
    log.info("contact_ended", contact=id, changed=len(changed), ended=len(ended), by=by)
    return Moved(contact=contact, changed=tuple(changed), ended=tuple(ended), messages=messages)


def find_contact(which: str, enterprise: str, tx: Transaction) -> Contact:
    """A live contact by number, or by name in an enterprise. Raises LookupError with a sentence."""
    plain = which.strip()
    id_ = tx.subscriptions.find_enterprise(enterprise) if enterprise else None
    known = tx.contacts.of_enterprise(id_) if id_ is not None else []
    for one in known:
        if plain in (one.name, str(one.id)):
            return one
    names = ", ".join(one.name for one in known) or "none"
    raise LookupError(f"{enterprise} has no contact {plain!r}; it has: {names}")


def _live(id: int, tx: Transaction) -> Contact:
    contact = tx.contacts.get(id)
    if contact.ended_at is not None:
        raise ContactError(f"contact {id}, {contact.name}, has ended: {contact.end_reason}")
    return contact


def _everywhere(contact: Contact, tx: Transaction) -> list[int]:
    """The live subscriptions of the enterprise that are told to the person, by name or merely at their address."""
    here = tx.subscriptions.of_addresses(contact.addresses)
    by_address = {one.id for several in here.values() for one in several if one.enterprise == contact.enterprise}
    return sorted({*tx.contacts.subscriptions(contact.id), *by_address})


def _of_others(subscription: int, contact: int, tx: Transaction) -> set[Address]:
    """Where other people that the subscription is told to are told."""
    return {address for one in tx.contacts.told(subscription) if one.id != contact for address in one.addresses}


def _follow(
    id: int,
    before: Contact,
    addresses: Sequence[Address],
    why: str,
    by: str,
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> tuple[Subscription | None, int]:
    """A subscription is told where the person is told now; not by a channel on which they ended it."""
    one = tx.subscriptions.get(id)
    had = set(one.addresses)
    lost = [ended for address in before.addresses for ended in tx.leaving.ended(address)]
    lost = [ended for ended in lost if ended.subscription_id == id and ended.reason != "complaint"]
    hearing = {each.channel for each in had & set(before.addresses)} | {ended.channel for ended in lost}
    known = {each.channel for each in before.addresses}
    new = {each for each in addresses if each.channel in hearing or each.channel not in known}
    gone = set(before.addresses) - set(addresses) - _of_others(id, before.id, tx)
    kept = [each for each in one.addresses if each not in gone]
    added = [each for each in addresses if each in new and each not in before.addresses]
    if not kept and not added:
        return None, 0
    edit = Edit(addresses=tuple(dict.fromkeys((*kept, *added))))
    done = change_within(id, edit, why=f"{before.name}: {why}", by=by, tx=tx, desk=desk, now=now)
    if not done.different:
        return None, 0
    messages = done.moved
    if not had and lost:
        # Nobody was told since the old address was ended: what it did not take, and what came since.
        alerts = tx.alerts.some(tx.leaving.owed_since({id}, Address(channel=lost[0].channel, target=lost[0].target)))
        took = {
            change
            for ended in lost
            for change in tx.alerts.changes_told(ended.channel, ended.target, [each.fact_change_id for each in alerts])
        }
        owed = {each.id: each for each in alerts if each.fact_change_id not in took and each.withdrawn_at is None}
        owed |= {each.id: each for each in tx.alerts.without_delivery(subscription=id)}
        messages += catch_up(
            done.after,
            [owed[number] for number in sorted(owed)],
            reason=f"contact {before.id}",
            addresses=done.after.addresses,
            tx=tx,
            desk=desk,
            now=now,
        )
    return done.after, messages
