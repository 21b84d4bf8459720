"""What somebody who is signed in does with subscriptions: the same as the command line, at their own address."""

from __future__ import annotations

from datetime import datetime

from subscriptions.criteria import Address, Subscription
from subscriptions.forecast import Forecast
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.change import Changed, Edit, change_within, preview
from tbtwatch.pipeline.confirm import agreed_by_signing_in
from tbtwatch.pipeline.contacts import add_within
from tbtwatch.pipeline.expected import Expected
from tbtwatch.pipeline.forecast import foresee_change, weighed
from tbtwatch.pipeline.invitations import check_invited, note_invited
from tbtwatch.pipeline.known import known_to
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.pipeline.subscribe import Ended, Started, end, end_named, start_within
from tbtwatch.pipeline.unsubscribe_code import Named
from tbtwatch.storage import Transaction
from tbtwatch.storage.people import Person

LONGEST_FIRM = 120
BY_PAGE = "on the page, by"


class FloodError(ValueError):
    """A question would bring more than anybody reads. The forecast says how much, and what would narrow it."""

    def __init__(self, forecast: Forecast) -> None:
        super().__init__(
            f"this would have been {forecast.news:,} pieces of news in 12 months; narrow it, or take a digest"
        )
        self.forecast = forecast


def own_address(person: Person) -> Address:
    """Where a person is told: by the address they sign in with."""
    return Address(channel="email", target=person.email)


def begin_own(asked: Subscription, *, person: Person, firm: str, forecast: Forecast, desk: Desk) -> Started:
    """Start a subscription. The person's own address is confirmed by their having signed in; other owners are asked.

    `asked.enterprise`: one of theirs, or "" for a new one that is called `firm`; `asked.addresses`: their own, chats of
    that enterprise, and mail addresses. Raises CriteriaError, WaysError, SuppressedError, FloodError, InvitationError.
    """
    if forecast.floods(desk.flood):
        raise FloodError(forecast)
    known = known_to(asked.criteria, desk)
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now = desk.clock()
        enterprise = theirs(asked.enterprise, firm=firm, person=person, language=asked.language, tx=tx, desk=desk)
        words = asked.criteria.keywords | asked.criteria.exclusions
        invited = check_invited(enterprise, asked.addresses, words=words, person=person, tx=tx, desk=desk, now=now)
        started = start_within(
            enterprise=enterprise,
            name=asked.name,
            criteria=asked.criteria,
            frequency=asked.frequency,
            language=asked.language,
            addresses=asked.addresses,
            ways=asked.ways,
            tx=tx,
            desk=desk,
            now=now,
            rhythm=asked.rhythm,
            known=known,
            expected=Expected(forecast=forecast),
        )
        one = started.subscription
        tx.audit.write(
            by=person.shown,
            deed="subscription.begin",
            about=f"subscription {one.id}",
            detail={"enterprise": enterprise, "new": started.new},
            person=person.id,
            now=now,
        )
        note_invited(invited, one.id, person=person, tx=tx, now=now)
    write_starters(desk=desk, subscription=one.id)
    return started


def theirs(enterprise: str, *, firm: str, person: Person, language: str, tx: Transaction, desk: Desk) -> str:
    """An enterprise of theirs, in which their own address needs no further question; "": a new one that they own.

    In a transaction that holds subscribers still. Raises SuppressedError.
    """
    now, address = desk.clock(), own_address(person)
    name = enterprise or _new_name(firm, person, tx)
    agreed_by_signing_in(name, address, language=language, by=person.shown, tx=tx, desk=desk, now=now)
    if not enterprise:
        add_within(
            enterprise=name,
            name=person.name or person.email,
            role="owner",
            language=language,
            addresses=(address,),
            by=person.shown,
            tx=tx,
            desk=desk,
            now=now,
            asking=False,
        )
    return name


def change_own(id: int, edit: Edit, *, why: str, person: Person, desk: Desk) -> Changed:
    """Change a subscription; owners of addresses that it gets are asked first.

    Raises LookupError, ChangeError, CriteriaError, WaysError, SuppressedError, FloodError, InvitationError.
    """
    before, after = preview(id, edit, desk=desk)
    expected = None
    if weighed(before) != weighed(after):
        found = foresee_change(before, after, desk=desk)
        if found.grows and found.after.floods(desk.flood):
            raise FloodError(found.after)
        expected = Expected(forecast=found.after)
    known = known_to(edit.criteria, desk) if edit.criteria else None
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        now, stands = desk.clock(), tx.subscriptions.get(id)
        to = stands.addresses if edit.addresses is None else edit.addresses
        words = after.criteria.keywords | after.criteria.exclusions
        invited = check_invited(
            stands.enterprise, to, stands.addresses, words=words, person=person, tx=tx, desk=desk, now=now
        )
        for one in edit.addresses or ():
            if one.channel == "email" and one.target.lower() == person.email:
                agreed_by_signing_in(
                    stands.enterprise, one, language=stands.language, by=person.shown, tx=tx, desk=desk, now=now
                )
        done = change_within(
            id, edit, why=why, by=person.shown, tx=tx, desk=desk, now=now, known=known, expected=expected
        )
        note_invited(invited, id, person=person, tx=tx, now=now)
        if done.different:
            detail: dict[str, object] = {"different": list(done.different), "why": why}
            _note(person, "subscription.change", id, detail, tx=tx, now=now)
    if "addresses" in done.different:
        write_starters(desk=desk, subscription=id)
    return done


def end_own(subscription: Subscription, *, whole: bool, person: Person, desk: Desk) -> Ended:
    """End a subscription, or only at the person's own address if others are told as well."""
    reason = f"{BY_PAGE} {person.email}"
    if whole:
        done = end(str(subscription.id), reason=reason, desk=desk)
    else:
        here = next(one for one in subscription.addresses if one.target.lower() == person.email)
        done = end_named(Named(address=here, subscriptions=(subscription.id,)), reason=reason, desk=desk)
    note(person, "subscription.end", subscription.id, {"whole": whole}, desk=desk)
    return done


def note(person: Person, deed: str, subscription: int, detail: dict[str, object], *, desk: Desk) -> None:
    """Write down right after a deed who did it."""
    with desk.storage.begin() as tx:
        _note(person, deed, subscription, detail, tx=tx, now=desk.clock())


def _note(
    person: Person, deed: str, subscription: int, detail: dict[str, object], *, tx: Transaction, now: datetime
) -> None:
    about = f"subscription {subscription}"
    tx.audit.write(by=person.shown, deed=deed, about=about, detail=detail, person=person.id, now=now)


def _new_name(firm: str, person: Person, tx: Transaction) -> str:
    """A name that no other enterprise has. It holds the address, so that nothing is learnt of who else there is."""
    typed = " ".join(firm.split())[:LONGEST_FIRM]
    name = f"{typed} ({person.email})" if typed else person.email
    number = 1
    while tx.subscriptions.find_enterprise(name if number == 1 else f"{name} {number}") is not None:
        number += 1
    return name if number == 1 else f"{name} {number}"
