"""Associations: who looks after whom, what its members' messages say, many subscriptions at once, and a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.associations import AssociationError, Wanted, manage, release, report, take_in
from tbtwatch.pipeline.erasure import erase
from tbtwatch.pipeline.remind import remind_due
from tbtwatch.pipeline.reminder_wishes import wish
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.notifiers.test_watch import gap
from tests.pipeline.service import SmallService
from tests.pipeline.test_confirmations import ASKING, to
from tests.pipeline.watched import watched

CHAMBER = "宁波市进出口商会"
A, B = (Address(channel="email", target=f"{one}@example.com") for one in "ab")


def wanted(row: int, enterprise: str, address: Address, **over: object) -> Wanted:
    """A row of a file."""
    values: dict[str, object] = {
        "row": row,
        "enterprise": enterprise,
        "contact": "李华",
        "addresses": (address,),
        "criteria": Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"})),
        "frequency": Frequency.IMMEDIATE,
        "language": "zh",
    }
    return Wanted(**{**values, **over})  # type: ignore[arg-type]


def live(storage: Storage) -> list[str]:
    """The enterprises of the live subscriptions."""
    with storage.look() as tx:
        return [one.enterprise for one in tx.subscriptions.live()]


def test_nobody_looks_after_itself(storage: Storage) -> None:
    """By whatever detour; one association at a time; what was stays on record."""
    service = SmallService(storage).seeded()

    def begin(child: str, by: str) -> None:
        manage(child, by, by="Li", why="joined", desk=service.desk)

    begin("A", "B")
    begin("A", "B")
    begin("B", "C")
    for child, by in (("C", "A"), ("B", "A"), ("A", "A")):
        with pytest.raises(AssociationError, match=r"would look after itself|is looked after by"):
            begin(child, by)
    with pytest.raises(AssociationError, match="A is looked after by B since"):
        begin("A", "D")
    release("A", by="Li", why="left the association", desk=service.desk)
    begin("A", "D")
    with storage.look() as tx:
        b = tx.subscriptions.find_enterprise("B")
        assert b is not None
        assert [one.child for one in tx.managements.members(b)] == []
        (was,) = tx.managements.members(b, ended=True)
    assert (was.child, was.end_reason) == ("A", "left the association")
    with pytest.raises(LookupError, match="nobody looks after C"):
        release("C", by="Li", why="x", desk=service.desk)


def test_a_members_message_says_who_arranged_it(storage: Storage) -> None:
    """At once and in the question for consent, in the reader's language; others' messages do not."""
    service = SmallService(storage).seeded()
    manage("A", CHAMBER, by="Li", why="joined", desk=service.desk)
    service.subscribe(enterprise="A", addresses=(A,), language="zh")
    service.subscribe(enterprise="B", addresses=(B,), language="zh")
    service.poll([a_notice(symbol="G/TBT/N/KEN/1514")])
    line = f"本订阅由 {CHAMBER} 代为办理，如需调整请与其联系"
    assert line in to(service, A)[0] and line not in to(service, B)[0]

    service.desk = replace(service.desk, opt_in=ASKING)
    service.subscribe(enterprise="A", addresses=(Address(channel="email", target="c@example.com"),), name="x")
    assert CHAMBER in to(service, Address(channel="email", target="c@example.com"))[0]


ARRANGED = {
    "zh": f"本订阅由 {CHAMBER} 代为办理，如需调整请与其联系",
    "en": f"Arranged by {CHAMBER}: ask them if anything here is to be changed",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reminders_and_starters_say_who_arranged_them(storage: Storage, language: str) -> None:
    """As alerts do, in the reader's language; those of an enterprise that looks after itself do not."""
    service = SmallService(storage).seeded()
    service.desk = replace(service.desk, starter=True)
    service.poll([a_notice(comment_deadline=date(2026, 5, 10))])
    manage("A", CHAMBER, by="Li", why="joined", desk=service.desk)
    for enterprise, address in (("A", A), ("B", B)):
        made = service.subscribe(enterprise=enterprise, addresses=(address,), language=language)
        wish(made.id, (30,), by="Li", why="asked", desk=service.desk)
    write_starters(desk=service.desk)
    assert [ARRANGED[language] in text for one in (A, B) for text in to(service, one)] == [True, False]

    service.clock.turn(days=26)
    assert remind_due(desk=service.desk) == 2
    (_, mine), (_, others) = to(service, A), to(service, B)
    assert ARRANGED[language] in mine and ARRANGED[language] not in others


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_burst_says_who_arranged_it(storage: Storage, language: str) -> None:
    """Much news in one message, as each alone."""
    service = SmallService(storage, budget=2).seeded()
    manage("A", CHAMBER, by="Li", why="joined", desk=service.desk)
    for enterprise, address in (("A", A), ("B", B)):
        service.subscribe(enterprise=enterprise, addresses=(address,), language=language)
    service.poll([a_notice(symbol=f"G/TBT/N/KEN/{number}") for number in range(2001, 2011)])
    mine, others = to(service, A), to(service, B)
    assert 0 < len(mine) < 10 and len(mine) == len(others)
    assert all(ARRANGED[language] in one for one in mine)
    assert not any(ARRANGED[language] in one for one in others)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_gap_notices_say_who_arranged_them(storage: Storage, language: str) -> None:
    """When a source is not read and when it is again."""
    service = watched(storage)
    manage("A", CHAMBER, by="Li", why="joined", desk=service.desk)
    asked = Criteria(markets=frozenset({"GCC"}))
    for enterprise, address in (("A", A), ("B", B)):
        service.subscribe(enterprise=enterprise, addresses=(address,), language=language, criteria=asked)
    service.hours(28, "unreached")
    service.well(new=1)
    service.hours(6, "well")

    def told(address: Address) -> list[bool]:
        sent = [one for one in service.sent if one.recipient == address.target and one.stream == "gaps"]
        return [ARRANGED[language] in one.text for one in sent]

    assert (told(A), told(B)) == ([True, True], [False, False])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_chat_too_is_told_who_arranged_a_notice(language: str) -> None:
    """It stands in a chat's message as in a mail."""
    for channel in ("telegram", "email"):
        assert ARRANGED[language] in gap(channel, language, arranged_by=CHAMBER).text
        assert ARRANGED[language] not in gap(channel, language).text


def test_many_members_at_once(storage: Storage) -> None:
    """All rows or none; bad ones are named by their rows; the same file again starts nothing."""
    service = SmallService(storage).seeded()
    manage("C", "Others", by="Li", why="joined", desk=service.desk)
    rows = [
        wanted(2, "A", A),
        wanted(3, "B", B),
        wanted(4, "C", A),
        wanted(5, "A", A, criteria=Criteria(hs=frozenset({"9"}))),
        wanted(6, "A", B),
    ]
    bad = take_in(CHAMBER, rows, by="Li", desk=service.desk)
    assert [row for row, _ in bad.problems] == [4, 5, 6]
    assert live(storage) == []
    with storage.look() as tx:
        assert tx.subscriptions.find_enterprise("A") is None

    done = take_in(CHAMBER, rows, by="Li", desk=service.desk, skip_bad=True)
    assert (len(done.started), done.known, [row for row, _ in done.problems]) == (2, 0, [4, 5, 6])
    assert live(storage) == ["A", "B"]
    again = take_in(CHAMBER, rows[:2], by="Li", desk=service.desk)
    assert (again.started, again.known) == ((), 2)
    with storage.look() as tx:
        assert [(one.enterprise, one.name) for one in tx.contacts.all()] == [("A", "李华"), ("B", "李华")]


def test_an_association_reads_how_its_members_fare(storage: Storage) -> None:
    """Messages that were taken, deadlines that are near and not dealt with; by month; others' are not counted."""
    service = SmallService(storage).seeded()
    take_in(CHAMBER, [wanted(2, "A", A), wanted(3, "B", B)], by="Li", desk=service.desk)
    service.subscribe(enterprise="Stranger", addresses=(A,))
    service.poll([a_notice(symbol="G/TBT/N/KEN/1514", comment_deadline=date(2026, 3, 20))])
    service.deliver()
    with storage.begin() as tx:
        enterprise = tx.subscriptions.find_enterprise("B")
        assert enterprise is not None
        (alert,) = [one for one in tx.alerts.of_measure(1) if one.subscription_id == 2]
        tx.reminders.handle(enterprise, alert.measure_id, by="Li", why="done", now=service.clock())
    found = report(CHAMBER, desk=service.desk)
    assert [(one.enterprise, one.subscriptions, one.accepted, one.failed) for one in found.members] == [
        ("A", 1, 1, 0),
        ("B", 1, 1, 0),
    ]
    assert [(one.deadlines, one.unhandled) for one in found.members] == [(1, 1), (1, 0)]
    before = report(CHAMBER, desk=service.desk, month=date(2026, 2, 1))
    assert [one.accepted for one in before.members] == [0, 0]


def test_members_outlive_their_association(storage: Storage) -> None:
    """Erasing it erases that it looked after them, and nothing of theirs."""
    service = SmallService(storage).seeded()
    take_in(CHAMBER, [wanted(2, "A", A)], by="Li", desk=service.desk)
    erase(CHAMBER, by="Li", why="asked", desk=service.desk)
    assert live(storage) == ["A"]
    with storage.look() as tx:
        assert tx.managements.managers(["A"]) == {}


def test_an_association_with_members_is_no_former_enterprise(storage: Storage) -> None:
    """Its own subscription ended years ago; it is kept as long as it looks after somebody."""
    service = SmallService(storage).seeded()
    own = service.subscribe(enterprise=CHAMBER, addresses=(B,))
    end(str(own.id), reason="no need", desk=service.desk)
    manage("A", CHAMBER, by="Li", why="joined", desk=service.desk)
    service.clock.turn(days=2000)
    with storage.look() as tx:
        assert tx.expiring.former(before=service.clock()) == []
    release("A", by="Li", why="left", desk=service.desk)
    with storage.look() as tx:
        assert tx.expiring.former(before=service.clock()) == [CHAMBER]


def test_a_member_is_asked_about_the_subscription(storage: Storage) -> None:
    """Once, by a question that names what is subscribed to and who arranges it."""
    service = SmallService(storage).seeded()
    service.desk = replace(service.desk, opt_in=ASKING)
    take_in(CHAMBER, [wanted(2, "A", A)], by="Li", desk=service.desk)
    (question,) = to(service, A)
    assert "肯尼亚" in question and CHAMBER in question
