"""The code in a message ends, for the one who got it, all that the message names; and says what goes on."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.subscribe import Ended
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService

BOSS = Address(channel="email", target="boss@example.com")
STAFF = Address(channel="email", target="staff@example.com")
KENYA = Criteria(markets=frozenset({"KEN"}))
DRINKS = Criteria(hs=frozenset({"22"}))
OTHERS = Criteria(hs=frozenset({"95"}))


def code_in(message: Message) -> str:
    """The subject that a message asks for, as the mail program's own button sends it."""
    found = re.search(r"subject=([^>]+)>", message.headers["List-Unsubscribe"])
    assert found is not None
    assert unquote(found[1]) in message.text
    return unquote(found[1])


def names(subscriptions: tuple[object, ...]) -> list[str]:
    """What they are called."""
    return [one.name for one in subscriptions]  # type: ignore[attr-defined]


def unsubscribe(service: SmallService, code: str) -> Ended:
    """End by what somebody pasted."""
    return subscribe.end(code, reason="asked", desk=service.desk)


def a_service(storage: Storage) -> tuple[SmallService, Message]:
    """Three subscriptions of one address, of which a message names two."""
    service = SmallService(storage).seeded()
    service.subscribe(name="A", criteria=KENYA, addresses=(BOSS,))
    service.subscribe(name="B", criteria=DRINKS, addresses=(BOSS, STAFF))
    service.subscribe(name="C", criteria=OTHERS, addresses=(BOSS,))
    service.poll([a_notice()])
    (message,) = [one for one in service.sent if one.recipient == BOSS.target]
    return service, message


@pytest.mark.parametrize("pasted", ["{}", "Re: {}", " “{}” ", "{}.", "UNSUBSCRIBE", "code"])
def test_all_that_a_message_names_is_ended(storage: Storage, pasted: str) -> None:
    """For its reader: who shares one of them goes on to be told. The whole subject may be pasted."""
    service, message = a_service(storage)
    subject = code_in(message)
    text = {"UNSUBSCRIBE": subject.upper(), "code": subject.split()[-1]}.get(pasted, pasted.format(subject))
    done = unsubscribe(service, text)

    assert (names(done.ended), names(done.left), names(done.going_on)) == (["A"], ["B"], ["C"])
    service.notifier.sent.clear()
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/1515")])
    assert [one.recipient for one in service.sent] == [STAFF.target]


def test_doing_it_twice_changes_nothing(storage: Storage) -> None:
    """The second time nobody else is ended."""
    service, message = a_service(storage)
    unsubscribe(service, code_in(message))
    again = unsubscribe(service, code_in(message))
    assert names(again.ended) == ["A"] and names(again.going_on) == ["C"]
    with storage.look() as tx:
        assert [one.name for one in tx.subscriptions.live()] == ["B", "C"]


def test_what_waits_for_that_address_is_cancelled(storage: Storage) -> None:
    """What the other one is owed goes out."""
    service, message = a_service(storage)
    service.notifier.sent.clear()
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/1515")])
    unsubscribe(service, code_in(message))
    assert [one.recipient for one in service.sent] == [STAFF.target]


def test_a_digest_ends_the_quiet_ones_too(storage: Storage) -> None:
    """They are named in it."""
    service = SmallService(storage).seeded()
    for name, criteria in (("A", KENYA), ("C", OTHERS)):
        service.subscribe(name=name, criteria=criteria, addresses=(BOSS,), frequency=Frequency.WEEKLY)
    service.poll([a_notice()])
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)
    (message,) = service.sent
    assert names(unsubscribe(service, code_in(message)).ended) == ["A", "C"]


def test_a_message_with_many_subscriptions_has_a_short_code(storage: Storage) -> None:
    """It ends all at that address."""
    service = SmallService(storage).seeded()
    for number in range(14):
        service.subscribe(name=str(number), criteria=KENYA, addresses=(BOSS,), enterprise=f"Enterprise {number}")
    service.poll([a_notice()])
    (message,) = service.sent
    assert len(code_in(message)) < 60
    assert len(unsubscribe(service, code_in(message)).ended) == 14


def test_a_code_cannot_be_made_up(storage: Storage) -> None:
    """Another number, another address, a number in a subject: refused, and nothing is ended."""
    service, message = a_service(storage)
    code = code_in(message).split()[-1]
    for text in (f"3-{code.split('-')[1]}", f"all-{code.split('-')[1]}", code[:-1] + "a" * 2, "unsubscribe 3", "", "²"):
        with pytest.raises(LookupError, match="neither a subscription's number nor the code"):
            unsubscribe(service, text)
    with storage.look() as tx:
        assert tx.subscriptions.count_live() == 3


def test_a_number_ends_it_for_everybody(storage: Storage) -> None:
    """As do the codes that mails carried before: they stand for one subscription."""
    service, _ = a_service(storage)
    assert names(unsubscribe(service, "2").ended) == ["B"]
    with storage.look() as tx:
        token = tx.subscriptions.token(3)
    done = unsubscribe(service, f"unsubscribe {token}")
    assert (names(done.ended), names(done.going_on)) == (["C"], ["A"])
    assert service.clock() - done.ended[0].started_at < timedelta(hours=1)
