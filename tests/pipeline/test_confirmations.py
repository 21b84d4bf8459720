"""Consent: nothing goes to an address but the question until its owner agrees; what came meanwhile is told then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notifiers.outcome import State
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.confirm import answer, ask_again
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.leaving import Endings, restore
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.subscribe import end_named, why
from tbtwatch.pipeline.unconfirmed import lapse
from tbtwatch.pipeline.unsubscribe_code import Named
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.databases import Databases
from tests.pipeline.crashes import Killed, Machine, a_template
from tests.pipeline.service import SmallService

BOSS = Address(channel="email", target="boss@example.com")
CLERK = Address(channel="email", target="clerk@example.com")
STAFF = Address(channel="email", target="staff@example.com")
ASKING = OptIn(channels=frozenset({"email"}))
LINK = re.compile(r"https://alerts\.example\.org/c/(\S+)")
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")


def asking(service: SmallService) -> SmallService:
    """The service, where owners of mail addresses are asked and a page takes the answers."""
    service.desk = replace(service.desk, opt_in=ASKING, public_url="https://alerts.example.org")
    return service


def a_service(storage: Storage) -> SmallService:
    """One that was seeded."""
    return asking(SmallService(storage).seeded())


def news(service: SmallService, number: int) -> None:
    """A new measure of Kenya's."""
    service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}", distribution_date=date(2026, 3, 1))])


def to(service: SmallService, address: Address) -> list[str]:
    """The subjects and texts that an address got, after sending all that is due."""
    service.deliver()
    return [f"{one.subject}\n{one.text}" for one in service.notifier.sent if one.recipient == address.target]


def token(text: str) -> str:
    """The secret in the link of a question."""
    found = LINK.search(text)
    assert found is not None
    return found[1]


def agree(service: SmallService, address: Address) -> None:
    """The owner answers the newest question."""
    questions = [text for text in to(service, address) if LINK.search(text)]
    done = answer(token(questions[-1]), how="link", desk=service.desk)
    assert done is not None and done.new


def test_nothing_goes_out_but_the_question(storage: Storage) -> None:
    """News is owed and waits, with the reason; answered, it is told once; a second answer changes nothing."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    news(service, 1514)
    (question,) = to(service, BOSS)
    assert "Ningbo Drinks" in question and "Kenya" in question and LINK.search(question) and CODE.search(question)
    with storage.look() as tx:
        (waits,) = tx.outbox.list(state=State.PENDING)
    assert (waits.kind, waits.attempts) == ("alert", 0)
    assert waits.detail == "waits: the address is not confirmed, asked since 2026-03-02"

    done = answer(token(question), how="link", desk=service.desk)
    assert done is not None and (done.new, done.told) == (True, 1)
    assert "G/TBT/N/KEN/1514" in to(service, BOSS)[1]
    again = answer(token(question), how="link", desk=service.desk)
    assert again is not None and (again.new, again.over) == (False, False)
    assert len(to(service, BOSS)) == 2
    news(service, 1515)
    assert len(to(service, BOSS)) == 3


def test_what_waited_comes_in_one_message_that_says_so(storage: Storage) -> None:
    """Several pieces, at once and in a digest: each fact once, and the first line says why only now."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    service.subscribe(
        addresses=(BOSS,), criteria=Criteria(markets=frozenset({"KEN"})), frequency=Frequency.DAILY, name="daily"
    )
    for number in (1514, 1515):
        news(service, number)
        service.clock.turn(days=2)
        run_due_digests(desk=service.desk)
        service.deliver()
    agree(service, BOSS)
    told = to(service, BOSS)[1:]
    assert len(told) == 1
    assert "This address was confirmed on" in told[0] and "2 pieces of news came meanwhile" in told[0]
    assert [told[0].count(f"G/TBT/N/KEN/{number}") > 0 for number in (1514, 1515)] == [True, True]
    service.clock.turn(days=1)
    run_due_digests(desk=service.desk)
    assert len(to(service, BOSS)) == 2


def test_the_others_are_told_at_once(storage: Storage) -> None:
    """A subscription with an address that is confirmed does not wait for the one that is not."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    agree(service, BOSS)
    service.subscribe(addresses=(BOSS, CLERK), criteria=Criteria(hs=frozenset({"22"})))
    news(service, 1514)
    assert [len(to(service, one)) for one in (BOSS, CLERK)] == [2, 1]
    assert "1514" not in to(service, CLERK)[0]


def test_one_answer_counts_for_the_enterprise_and_for_no_other(storage: Storage) -> None:
    """Its second subscription asks nothing; another enterprise's does."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    agree(service, BOSS)
    service.subscribe(addresses=(BOSS,), criteria=Criteria(markets=frozenset({"TZA"})))
    assert len(to(service, BOSS)) == 1
    service.subscribe(enterprise="Others", addresses=(BOSS,), criteria=Criteria(markets=frozenset({"EU"})))
    service.poll([a_notice(symbol="G/TBT/N/EU/9", notifying_members=("EU",))])
    assert ["for Others?" in text for text in to(service, BOSS)] == [False, True]


def test_a_stranger_is_not_bombed(storage: Storage) -> None:
    """However often and for however many enterprises somebody signs him up: few questions a day, and no news."""
    service = a_service(storage)
    for number in range(8):
        for market in ("KEN", "TZA", "UGA"):
            service.subscribe(
                enterprise=f"E{number}", addresses=(BOSS,), criteria=Criteria(markets=frozenset({market}))
            )
    assert len(to(service, BOSS)) == ASKING.per_day
    service.clock.turn(days=1, minutes=1)
    assert ask_again(desk=service.desk) == ASKING.per_day
    assert len(to(service, BOSS)) == 2 * ASKING.per_day


def test_the_same_question_is_put_three_times_at_most(storage: Storage) -> None:
    """Each further wish asks again, not within a day, and not a fourth time; every link that was sent works."""
    service = a_service(storage)
    subscription = service.subscribe(addresses=(BOSS,))
    for _ in range(5):
        change(subscription.id, Edit(addresses=(CLERK,)), why="try", by="Li", desk=service.desk)
        change(subscription.id, Edit(addresses=(BOSS,)), why="try", by="Li", desk=service.desk)
        questions = to(service, BOSS)
        service.clock.turn(days=1, minutes=1)
    assert len(questions) == 3
    done = answer(token(questions[0]), how="link", desk=service.desk)
    assert done is not None and done.new


def test_an_address_that_nobody_confirms_ends(storage: Storage) -> None:
    """After two weeks: the others and staff are told why, what waited is closed; taken back, it is asked."""
    service = a_service(storage)
    endings = Endings(desk=service.desk, staff=Staff(address=STAFF, language="en"))
    service.subscribe(addresses=(BOSS, Address(channel="file", target="box")))
    news(service, 1514)
    question = to(service, BOSS)[0]
    service.clock.turn(days=13)
    assert lapse(endings) == 0
    service.clock.turn(days=1)
    assert lapse(endings) == 1
    with storage.look() as tx:
        (live,) = tx.subscriptions.live()
        (ended,) = tx.leaving.ended()
        (closed,) = [one for one in tx.outbox.list(target=BOSS.target) if one.kind == "alert"]
        told = [one for one in tx.outbox.list() if one.target == "box" and one.kind == "notice"]
    assert live.addresses == (Address(channel="file", target="box"),)
    assert (ended.reason, closed.state) == ("unconfirmed", State.CANCELLED)
    assert closed.detail == "the address was ended: its owner did not confirm it in time"
    assert len(told) == 1
    assert "ask the enterprise whether the address is right" in to(service, STAFF)[0]
    late = answer(token(question), how="link", desk=service.desk)
    assert late is not None and late.over

    restore(BOSS, by="Li Na", desk=service.desk)
    assert len(to(service, BOSS)) == 2
    agree(service, BOSS)
    assert "G/TBT/N/KEN/1514" in to(service, BOSS)[2]


def test_a_code_answers_as_well(storage: Storage) -> None:
    """However it is typed; a wrong one answers nothing, and a link's secret is no code."""
    service = a_service(storage)
    service.desk = replace(service.desk, public_url="")
    service.subscribe(addresses=(BOSS,))
    (question,) = to(service, BOSS)
    found = CODE.search(question)
    assert found is not None and LINK.search(question) is None
    assert "alerts@example.org" in question
    assert answer("AAAA-AAAA-AAAA", how="code", desk=service.desk) is None
    assert answer(found[0], how="link", desk=service.desk) is None
    done = answer(found[0].lower().replace("-", " "), how="code", desk=service.desk)
    assert done is not None and done.new and done.confirmation.how == "code"


def test_what_was_in_use_goes_on(storage: Storage) -> None:
    """Confirmation set on later asks none of those who were written to before; who comes then is asked."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=(BOSS,))
    asking(service)
    service.subscribe(addresses=(CLERK,), criteria=Criteria(hs=frozenset({"22"})))
    news(service, 1514)
    assert [("1514" in text) for text in to(service, BOSS)] == [True]
    assert [("1514" in text) for text in to(service, CLERK)] == [False]


def test_no_address_slips_in_unasked(storage: Storage) -> None:
    """One that came to be used by another way is held from the first message on, and asked at the next round."""
    service = a_service(storage)
    subscription = service.subscribe(addresses=(BOSS,))
    agree(service, BOSS)
    with storage.begin() as tx:
        tx.subscriptions.add_addresses(subscription.id, (CLERK,))
    news(service, 1514)
    service.deliver(asking=ASKING.channels)
    assert to(service, CLERK) == []
    assert ask_again(desk=service.desk) == 1
    agree(service, CLERK)
    assert "1514" in to(service, CLERK)[1]


def test_only_hashes_of_what_answers_are_kept(storage: Storage) -> None:
    """Neither the link's secret nor the code stands in the tables of questions, nor in what an enterprise is handed."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    secret = token(to(service, BOSS)[0])
    with storage.look() as tx:
        enterprise = tx.subscriptions.find_enterprise("Ningbo Drinks")
        assert enterprise is not None
        rows = [str(row) for table, row in tx.belongings(enterprise).rows() if table in ("question", "confirmation")]
    assert len(rows) == 2
    assert not any(secret in row or "hash" in row for row in rows)


@pytest.mark.parametrize("point", range(9))
def test_a_death_while_answering_loses_nothing(databases: Databases, point: int) -> None:
    """Wherever the process dies between the answer and the mail: answered again, the news is told once."""
    machine = Machine(databases, a_template(databases), now=datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    try:
        service = asking(machine.service.seeded())
        service.subscribe(addresses=(BOSS,))
        news(service, 1514)
        news(service, 1515)
        secret = token(to(service, BOSS)[0])
        machine.fate.in_points(point)
        try:
            answer(secret, how="link", desk=service.desk)
            service.deliver()
        except Killed:
            service = asking(machine.start())
            service.clock.turn(minutes=1)
        machine.fate.restart()
        answer(secret, how="link", desk=service.desk)
        told = to(service, BOSS)[1:]
        assert len({one.message_id for one in machine.notifier.sent}) == 2
        assert all("1514" in text and "1515" in text for text in told)
        assert len(told) in (1, 2)
    finally:
        machine.close()


def test_a_digest_can_be_waited_for(storage: Storage) -> None:
    """A weekly reader who answers before the first digest gets it in its time."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,), frequency=Frequency.WEEKLY)
    news(service, 1514)
    agree(service, BOSS)
    service.clock.turn(days=7)
    run_due_digests(desk=service.desk)
    assert "1514" in to(service, BOSS)[1]


def test_who_is_not_written_to_after_all_is_not_asked(storage: Storage) -> None:
    """The address is changed before the question went out: it does not go out, and nobody waits for an answer."""
    service = a_service(storage)
    subscription = service.subscribe(addresses=(BOSS,))
    change(subscription.id, Edit(addresses=(CLERK,)), why="a slip of the finger", by="Li", desk=service.desk)
    assert [len(to(service, one)) for one in (BOSS, CLERK)] == [0, 1]
    with storage.look() as tx:
        assert [one.address for one in tx.confirmations.open()] == [CLERK]
        (ended,) = tx.confirmations.of_address(BOSS)
    assert ended.end_reason == "a slip of the finger"


def test_a_proof_says_when_the_owner_agreed(storage: Storage) -> None:
    """And how; before the answer that it is waited for; of an address that was in use before, that."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    news(service, 1514)
    before = proof("KEN/1514", "Ningbo Drinks", desk=service.desk, language="en").subscriptions[0].consents
    assert before == ("email:boss@example.com: asked since 2026-03-02 20:05, no answer yet",)
    agree(service, BOSS)
    after = proof("KEN/1514", "Ningbo Drinks", desk=service.desk, language="en").subscriptions[0].consents
    assert after == ("email:boss@example.com: agreed on 2026-03-02 20:05; the button of the link was pressed",)
    explained = why(1, "KEN/1514", desk=service.desk)
    assert [one.how for one in explained.consents] == ["link"]


def test_who_has_left_agrees_anew(storage: Storage) -> None:
    """Consent ends with unsubscribing from all: signed up again, the owner is asked again."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,))
    agree(service, BOSS)
    news(service, 1514)
    named = Named(address=BOSS, subscriptions=None)
    end_named(named, reason="unsubscribed by link", desk=service.desk)
    service.clock.turn(days=2)
    service.subscribe(addresses=(BOSS,))
    news(service, 1515)
    got = to(service, BOSS)
    assert [("1515" in text, LINK.search(text) is not None) for text in got] == [(False, True), (False, True)]
