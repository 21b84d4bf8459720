"""Signing in by a link that is sent to a mail address.

An address that is known and one that is not are answered alike: a person's row is made when they sign in for the first
time, so there is nothing to be found out. A link works once, for a quarter of an hour. Whoever follows it gets a new
session; one that was there before in that browser ends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from notifiers.addresses import check_mail
from notifiers.render import render_sign_in
from notifiers.sign_in import SignInContent
from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk, addressed
from tbtwatch.storage import DATABASE_TROUBLE, Storage, Transaction
from tbtwatch.storage.people import Person
from tbtwatch.storage.sign_ins import REFUSED, SignInLink, WebSession

log = structlog.get_logger()

HOUR = timedelta(hours=1)
MAIL, OPERATOR = "mail", "operator"
SEEN_EVERY = timedelta(minutes=5)
SIGN_IN_LOCK = 7_261_561
_KEPT = timedelta(days=1)


class Asked(StrEnum):
    """What came of asking for a link. A page says no more than this."""

    NOTED = "noted"  #: if the address may be written to, a mail is on its way
    TOO_MANY = "too many"  #: from that network
    NOT_SET_UP = "not set up"  #: there is no address that a link could begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody is signed in."""

    person: Person
    secret: str  #: for the cookie; kept nowhere
    next: str
    new: bool  #: it is their first time


def ask_for_link(
    email: str, *, language: str, next_page: str = "", network: str = "", base: str = "", desk: Desk
) -> Asked:
    """Send a link to this address, unless it was sent enough of them. Raises `AddressError`.

    `base`: where this very visitor reaches the pages, on this machine; the setting counts more.
    """
    address = check_mail(email).lower()
    rules, base = desk.sign_in, desk.sign_in.base or base
    if not base:
        return Asked.NOT_SET_UP
    with desk.storage.begin() as tx:
        tx.one_at_a_time(SIGN_IN_LOCK)
        now = desk.clock()
        if network and tx.sign_ins.asked(since=now - HOUR, network=network) >= rules.network_per_hour:
            log.warning("sign_in_network_over", asked=rules.network_per_hour)
            return Asked.TOO_MANY
        enough = tx.sign_ins.asked(since=now - HOUR, email=address) >= rules.mails_per_hour
        known = tx.people.find(address)
        never = tx.leaving.suppressed([Address(channel="email", target=address)])
        refused = enough or bool(never) or (known is not None and known.disabled_at is not None)
        secret, expires = secrets.token_urlsafe(32), now + rules.good_for
        zone = desk.names.zone
        message = addressed(
            render_sign_in(
                SignInContent(
                    address=address,
                    link=f"{base}/{language}/sign-in/{secret}",
                    expires_at=expires.astimezone(zone),
                    written_at=now.astimezone(zone),
                ),
                language=language,
                recipient=address,
            ),
            desk,
        )
        delivery = None
        if not refused:
            delivery = tx.outbox.add(
                key=f"sign-in:{secrets.token_hex(16)}",
                kind="sign_in",
                channel="email",
                target=address,
                message=message,
                alerts=(),
                now=now,
            )
        tx.sign_ins.add_link(
            secret,
            email=address,
            purpose=REFUSED if refused else MAIL,
            language=language,
            next_page=next_page,
            network=network,
            now=now,
            expires_at=expires,
            delivery=delivery,
        )
        if enough:
            log.warning("sign_in_mail_over", asked=rules.mails_per_hour)
        tx.sign_ins.forget(before=now - _KEPT, idle_since=now - rules.idle, now=now)
    return Asked.NOTED


def operators_link(email: str, *, by: str, language: str, desk: Desk) -> tuple[str, datetime]:
    """A link for whoever has the machine, and until when it works. Raises `AddressError`, LookupError."""
    address = check_mail(email).lower()
    with desk.storage.begin() as tx:
        now = desk.clock()
        known = tx.people.find(address)
        if known is not None and known.disabled_at is not None:
            raise LookupError(f"{address} is disabled; `tbtwatch person disable {address} --undo` lets them in again")
        secret, expires = secrets.token_urlsafe(32), now + desk.sign_in.operators_good_for
        tx.sign_ins.add_link(
            secret,
            email=address,
            purpose=OPERATOR,
            language=language,
            next_page="",
            network="",
            now=now,
            expires_at=expires,
        )
        tx.audit.write(by=by, deed="sign-in.link", about=address, now=now, person=known.id if known else None)
    return f"{desk.sign_in.base}/{language}/sign-in/{secret}", expires


def link_of(secret: str, *, desk: Desk) -> SignInLink | None:
    """The link of a secret while it works; nothing changes."""
    with desk.storage.look() as tx:
        found = tx.sign_ins.link(secret)
    if found is None or found.used_at is not None or found.expires_at <= desk.clock():
        return None
    return found


def sign_in(secret: str, *, before: str = "", desk: Desk) -> SignedIn | None:
    """Follow a link: somebody is signed in by a new session, and the one before in that browser ends. None: the link is
    none of ours, was used, or is over."""
    with desk.storage.begin() as tx:
        now = desk.clock()
        link = tx.sign_ins.use(secret, now=now)
        if link is None:
            return None
        person, new = tx.people.add(link.email, language=link.language, now=now)
        if person.disabled_at is not None:
            return None
        fresh = begin_session(person, by=link.purpose, before=before, new=new, tx=tx, now=now, desk=desk)
    log.info("signed_in", person=person.id, new=new)
    return SignedIn(person=person, secret=fresh, next=link.next, new=new)


def begin_session(
    person: Person, *, by: str, before: str, new: bool = False, tx: Transaction, now: datetime, desk: Desk
) -> str:
    """A new session, whichever way somebody signed in; the one before in that browser ends. Its secret, for the cookie.

    `by`: "mail", "operator", "passkey" or "provider"; `new`: their account was made just now.
    """
    if before and (old := tx.sign_ins.session(before)) is not None:
        tx.sign_ins.end(old.hash)
    fresh = secrets.token_urlsafe(32)
    tx.sign_ins.begin(fresh, person=person.id, by=by, now=now, expires_at=now + desk.sign_in.longest)
    tx.audit.write(
        by=person.shown,
        deed="sign-in",
        about=f"person {person.id}",
        detail={"by": by, "first": new},
        person=person.id,
        now=now,
    )
    return fresh


def session_of(secret: str, *, desk: Desk) -> tuple[Person, WebSession] | None:
    """Who is signed in by this cookie; None: nobody, or it is over. That it was used is noted now and then."""
    if not secret or len(secret) > 200:
        return None
    now, rules = desk.clock(), desk.sign_in
    with desk.storage.look() as tx:
        session = tx.sign_ins.session(secret)
        if session is None or session.expires_at <= now or session.seen_at + rules.idle <= now:
            return None
        person = tx.people.get(session.person_id)
    if person.disabled_at is not None:
        return None
    if session.seen_at + SEEN_EVERY <= now:
        _note_seen(session, now, desk.storage)
    return person, session


def _note_seen(session: WebSession, now: datetime, storage: Storage) -> None:
    try:
        with storage.begin() as tx:
            tx.sign_ins.seen(session.hash, now=now)
    except DATABASE_TROUBLE as error:  # somebody else writes; the page is made all the same
        log.warning("session_not_noted", error=type(error).__name__)


def erase_person(person: Person, *, desk: Desk) -> None:
    """Their account goes, with all sessions, links and passkeys. Subscriptions are an enterprise's, and go on.

    Not that of somebody with a role: an admin takes the role away first. Raises LookupError.
    """
    with desk.storage.begin() as tx:
        now = desk.clock()
        if tx.people.get(person.id).roles:
            raise LookupError(f"{person.email} has a role; `tbtwatch person role {person.email} --none` comes first")
        forget_person(person, by=f"person {person.id}", tx=tx, now=now)
    log.info("person_erased", person=person.id)


def forget_person(person: Person, *, by: str, tx: Transaction, now: datetime) -> None:
    """An account goes, with all its sessions, links and passkeys, as a part of a transaction."""
    tx.sign_ins.end_all(person.id)
    tx.passkeys.forget(person.id)
    tx.identities.forget(person.id)
    tx.sign_ins.forget_links(person.email)
    tx.audit.forget(person.id, person.email)
    tx.people.erase(person.id)
    tx.audit.write(by=by, deed="person.erase", about=f"person {person.id}", now=now)


def sign_out(secret: str, *, everywhere: bool = False, desk: Desk) -> int:
    """This browser is signed out, or all of its person's; how many."""
    with desk.storage.begin() as tx:
        now = desk.clock()
        session = tx.sign_ins.session(secret)
        if session is None:
            return 0
        person = tx.people.get(session.person_id)
        if everywhere:
            ended = tx.sign_ins.end_all(person.id)
            tx.sign_ins.end_links(person.email, now=now)
        else:
            tx.sign_ins.end(session.hash)
            ended = 1
        tx.audit.write(
            by=person.shown,
            deed="sign-out",
            about=f"person {person.id}",
            detail={"everywhere": everywhere, "browsers": ended},
            person=person.id,
            now=now,
        )
    return ended
