"""People of an enterprise: they come, change, leave; their subscriptions follow and lose nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, State
from subscriptions.criteria import Address, Criteria
from tbtwatch.pipeline.ageing import tell_ageing
from tbtwatch.pipeline.contacts import ContactEdit, ContactError, add, change_contact, end_contact, tell
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.erasure import erase, export
from tbtwatch.pipeline.leaving import Endings
from tbtwatch.pipeline.subscribe import SuppressedError, end
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Storage
from tbtwatch.storage.contacts import Contact
from tests.builders import a_notice
from tests.pipeline.service import LEASE, SmallService
from tests.pipeline.test_confirmations import ASKING, agree, to

HUA, NEW, MING = (Address(channel="email", target=f"{one}@example.com") for one in ("hua", "new", "ming"))
CHAT = Address(channel="telegram", target="77")
ENTERPRISE = "Ningbo Drinks"


def a_contact(service: SmallService, name: str = "李华", *addresses: Address, role: str = "") -> Contact:
    """A person of the enterprise."""
    return add(
        enterprise=ENTERPRISE,
        name=name,
        role=role,
        language="en",
        addresses=addresses or (HUA,),
        by="staff",
        desk=service.desk,
    ).contact


def told_to(service: SmallService, contact: Contact, *more: Address, **over: object) -> int:
    """A subscription of the enterprise that is told to this person; its number."""
    addresses = (*contact.addresses, *more)
    return service.subscribe(addresses=addresses, contacts=(contact.id,), **over).id


def news(service: SmallService, number: int) -> None:
    """A new measure of Kenya's."""
    service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}", distribution_date=date(2026, 3, 1))])


def where(service: SmallService, subscription: int) -> set[Address]:
    """Where a subscription is told."""
    with service.storage.look() as tx:
        return set(tx.subscriptions.get(subscription).addresses)


def test_a_new_address_moves_in_all_subscriptions(storage: Storage) -> None:
    """What waits goes along, each subscription's version says why, and the entry's own versions are kept."""
    service = SmallService(storage).seeded()
    hua = a_contact(service)
    first = told_to(service, hua)
    second = told_to(service, hua, MING, criteria=Criteria(hs=frozenset({"22"})), name="B")
    news(service, 1514)
    done = change_contact(hua.id, ContactEdit(addresses=(NEW,)), why="new mailbox", by="Li", desk=service.desk)

    assert (len(done.changed), done.contact.version) == (2, 2)
    assert (where(service, first), where(service, second)) == ({NEW}, {NEW, MING})
    assert [len(to(service, one)) for one in (HUA, NEW, MING)] == [0, 1, 1]
    with storage.look() as tx:
        assert [one.why for one in tx.versions.of(first)] == ["李华: new mailbox"]
        (before,) = tx.contacts.versions(hua.id)
    assert (before.addresses, before.why, before.by) == ((HUA,), "new mailbox", "Li")


def test_who_unsubscribed_is_not_signed_up_again(storage: Storage) -> None:
    """A person who ended a subscription on a channel is not told it there by a later change of the entry."""
    service = SmallService(storage).seeded()
    hua = a_contact(service, "李华", HUA, CHAT)
    subscription = told_to(service, hua)
    news(service, 1514)
    code = to(service, HUA)[0].rpartition("unsubscribe ")[2].split()[0].strip('“”".')
    end(code, reason="asked", desk=service.desk)
    assert where(service, subscription) == {CHAT}
    change_contact(hua.id, ContactEdit(addresses=(NEW, CHAT)), why="new mailbox", by="Li", desk=service.desk)
    assert where(service, subscription) == {CHAT}


def test_who_leaves_hands_over(storage: Storage) -> None:
    """Refused while nobody else is told; with an heir what waits arrives there, once; nothing goes to who has left."""
    service = SmallService(storage).seeded()
    hua, ming = a_contact(service), a_contact(service, "小明", MING)
    subscription = told_to(service, hua)
    shared = told_to(service, hua, MING, criteria=Criteria(hs=frozenset({"22"})), name="B")
    news(service, 1514)
    with pytest.raises(ContactError, match=f"nobody would be told of {subscription} “East African drinks”"):
        end_contact(hua.id, why="left the firm", by="Li", desk=service.desk)
    with storage.look() as tx:
        assert tx.contacts.get(hua.id).ended_at is None

    done = end_contact(hua.id, why="left the firm", by="Li", desk=service.desk, to=ming.id)
    assert (len(done.changed), done.ended) == (2, ())
    assert where(service, subscription) == where(service, shared) == {MING}
    assert [len(to(service, one)) for one in (HUA, MING)] == [0, 1]
    with storage.look() as tx:
        assert tx.versions.of(subscription)[-1].why == "李华 has left: left the firm"
        assert tx.contacts.subscriptions(ming.id) == [subscription, shared]
    news(service, 1515)
    assert [len(to(service, one)) for one in (HUA, MING)] == [0, 2]
    with pytest.raises(ContactError, match="has ended: left the firm"):
        end_contact(hua.id, why="again", by="Li", desk=service.desk)


def test_who_leaves_without_an_heir_ends_it_if_that_is_meant(storage: Storage) -> None:
    """The subscription ends with the reason, and what waited is closed with it."""
    service = SmallService(storage).seeded()
    hua = a_contact(service)
    subscription = told_to(service, hua)
    news(service, 1514)
    done = end_contact(hua.id, why="left", by="Li", desk=service.desk, anyway=True)
    assert [one.end_reason for one in done.ended] == ["李华 has left: left"]
    with storage.look() as tx:
        (closed,) = tx.outbox.list(target=HUA.target)
        assert tx.subscriptions.get(subscription).ended_at is not None
    assert (closed.state, closed.detail) == (State.CANCELLED, "the subscription was ended: 李华 has left: left")


def test_a_new_address_hears_what_the_dead_one_did_not(storage: Storage) -> None:
    """Refused, ended, and while nobody was told: all of it comes to the new mailbox, each fact once."""
    service = SmallService(storage).seeded()
    hua = a_contact(service)
    told_to(service, hua)
    news(service, 1513)
    assert len(to(service, HUA)) == 1

    def refuses(message: Message) -> Outcome:
        if message.recipient == HUA.target:
            return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="550")
        return Sent()

    service.notifier.answer = refuses
    service.clock.turn(minutes=5)
    news(service, 1514)
    endings = Endings(desk=service.desk, staff=Staff(address=None, language="en"))
    asyncio.run(
        deliver_due(
            storage=storage,
            notifiers={"email": service.notifier},
            clock=service.clock,
            chance=Random(1),
            lease=LEASE,
            refused=endings.refused,
        )
    )
    service.clock.turn(minutes=5)
    news(service, 1515)
    change_contact(hua.id, ContactEdit(addresses=(NEW,)), why="new mailbox", by="Li", desk=service.desk)
    (told,) = to(service, NEW)
    assert [f"KEN/{number}" in told for number in (1513, 1514, 1515)] == [False, True, True]


def test_the_owner_hears_what_concerns_the_enterprise(storage: Storage) -> None:
    """An address that was ended, one that was confirmed, and what brings nothing; nobody else does."""
    service = SmallService(storage).seeded()
    service.desk = replace(service.desk, opt_in=ASKING, public_url="https://alerts.example.org")
    owner = a_contact(service, "王总", CHAT, role="负责人")
    a_contact(service, "小明", Address(channel="telegram", target="78"), role="sales")
    assert owner.role == "owner"
    subscription = service.subscribe(addresses=(HUA,))
    agree(service, HUA)
    endings = Endings(desk=service.desk, staff=Staff(address=None, language="en"))
    with storage.begin() as tx:
        endings.end(HUA, reason="bounce", detail="550", tx=tx, now=service.clock())
    service.clock.turn(days=400)
    assert tell_ageing(12, desk=service.desk) == 1
    with storage.look() as tx:
        assert tx.subscriptions.get(subscription.id).addresses == ()
        told = [(one.target, one.subject) for one in tx.outbox.list() if one.channel == "telegram"]
    assert {target for target, _ in told} == {"77"}
    assert [subject.partition(" for")[0] for _, subject in reversed(told)] == [
        "email:hua@example.com was confirmed",
        "email:hua@example.com is not written to any more",
        "1 subscription has brought nothing",
    ]


def test_a_subscription_may_be_told_to_more_people(storage: Storage) -> None:
    """Of the same enterprise; a name is given once, an address of an erased person is refused."""
    service = SmallService(storage).seeded()
    subscription = service.subscribe(addresses=(MING,))
    hua = a_contact(service)
    tell(hua.id, subscription.id, why="she asked", by="Li", desk=service.desk)
    assert where(service, subscription.id) == {HUA, MING}
    with pytest.raises(ContactError, match="has a contact '李华' already"):
        a_contact(service)
    others = service.subscribe(enterprise="Others", addresses=(NEW,))
    with pytest.raises(ContactError, match="is Others's"):
        tell(hua.id, others.id, why="x", by="Li", desk=service.desk)
    with storage.begin() as tx:
        tx.leaving.suppress([NEW], why="erased", now=service.clock())
    with pytest.raises(SuppressedError):
        change_contact(hua.id, ContactEdit(addresses=(NEW,)), why="x", by="Li", desk=service.desk)


def test_people_and_consent_are_handed_over_and_erased(storage: Storage) -> None:
    """With the enterprise: its people, how they stood, what owners of addresses said; nothing of it stays."""
    service = SmallService(storage).seeded()
    service.desk = replace(service.desk, opt_in=ASKING, public_url="https://alerts.example.org")
    hua = a_contact(service)
    told_to(service, hua)
    change_contact(hua.id, ContactEdit(addresses=(NEW,)), why="moved", by="Li", desk=service.desk)
    service.deliver()
    tables = export(ENTERPRISE, storage=storage, now=service.clock())["tables"]
    wanted = {"contact", "contact_address", "contact_version", "subscription_contact", "confirmation", "question"}
    assert wanted <= set(tables)
    done = erase(ENTERPRISE, by="Li", why="asked", desk=service.desk)
    assert set(done.suppressed) == {HUA, NEW}
    with storage.look() as tx:
        assert tx.contacts.all(ended=True) == []
        assert tx.confirmations.of_address(NEW) == []
        assert [one for one in tx.outbox.list() if one.target in (HUA.target, NEW.target)] == []


def test_a_person_of_two_enterprises_outlives_the_erasure_of_one(storage: Storage) -> None:
    """Their address is not suppressed: the other still tells them."""
    service = SmallService(storage).seeded()
    told_to(service, a_contact(service))
    add(enterprise="Others", name="李华", role="owner", language="zh", addresses=(HUA,), by="Li", desk=service.desk)
    done = erase(ENTERPRISE, by="Li", why="asked", desk=service.desk)
    assert (done.suppressed, done.shared) == ((), (HUA,))
