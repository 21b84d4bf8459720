"""Killed between any two steps and started again, the service tells everybody everything, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.recover import recover
from tests.builders import a_notice, an_extension
from tests.databases import Databases
from tests.pipeline.crashes import Killed, Machine, a_template
from tests.pipeline.service import SmallService

START = datetime(2026, 3, 8, 2, 0, tzinfo=UTC)  # Sunday morning in Shanghai: day and week end together
OLD = a_notice()
NEW = a_notice(symbol="G/TBT/N/KEN/1600", title="Mineral water", distribution_date=date(2026, 3, 2))
TOY = a_notice(symbol="G/TBT/N/KEN/1601", title="Dolls", hs_codes=("9503",), distribution_date=date(2026, 3, 2))
ADDENDUM = an_extension(date(2026, 4, 10), distribution_date=date(2026, 3, 1))
DRINKS = Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"}))


def mail(name: str) -> tuple[Address, ...]:
    """A mail address."""
    return (Address(channel="email", target=f"{name}@example.com"),)


def seed(service: SmallService) -> None:
    """The first poll."""
    service.poll([OLD])


def subscribe(service: SmallService) -> None:
    """Four who ask: at once, at once and weekly at one address, daily, and at once for toys."""
    service.subscribe(addresses=(*mail("now"), *mail("also")))
    service.subscribe(enterprise="Both", addresses=mail("both"))
    service.subscribe(enterprise="Both", frequency=Frequency.WEEKLY, addresses=mail("both"))
    service.subscribe(enterprise="Daily", frequency=Frequency.DAILY, addresses=mail("daily"))
    service.subscribe(enterprise="Toys", criteria=Criteria(hs=frozenset({"95"})), addresses=mail("toys"))


def news(service: SmallService) -> None:
    """The next poll finds an addendum and two new notices."""
    service.poll([OLD, ADDENDUM], [NEW, TOY])


def send(service: SmallService) -> None:
    """What is due goes out."""
    service.deliver()


def next_week(service: SmallService) -> None:
    """All windows of the week are over."""
    if service.clock.now < datetime(2026, 3, 9, 1, tzinfo=UTC):
        service.clock.now = datetime(2026, 3, 9, 1, tzinfo=UTC)


def digests(service: SmallService) -> None:
    """The digests are written."""
    run_due_digests(desk=service.desk)


STEPS: tuple[Callable[[SmallService], None], ...] = (seed, subscribe, news, send, next_week, digests, send)


@pytest.fixture(scope="module")
def template(databases: Databases) -> str:
    """An empty database to be copied for each run."""
    return a_template(databases)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The machine just before a step, to be gone on from."""

    step: int
    database: str
    now: datetime
    sent: tuple[Message, ...]
    points: int  #: passed before it


def undisturbed(machine: Machine) -> list[Moment]:
    """All steps, without a fault; the moments before each."""
    moments = []
    for number, step in enumerate(STEPS):
        copy, sent = machine.copy(), tuple(machine.notifier.sent)
        moments.append(Moment(step=number, database=copy, now=machine.clock.now, sent=sent, points=machine.fate.passed))
        step(machine.service)
    return moments


def killed(machine: Machine, moment: Moment, point: int) -> str:
    """Go on from a moment, die at that point, start again, recover, do that step anew and the rest. Where it died."""
    machine.notifier.sent.extend(moment.sent)
    machine.fate.in_points(point - moment.points)
    died = ""
    for step in STEPS[moment.step :]:
        try:
            step(machine.service)
        except Killed as where:
            died = f"{step.__name__}: {where}"
            machine.clock.turn(minutes=2)  # leases of the dead run out
            machine.start()
            recover(desk=machine.service.desk)
            step(machine.service)
    machine.clock.turn(minutes=2)
    recover(desk=machine.service.desk)
    machine.service.deliver()
    return died


def letters(machine: Machine) -> Counter[tuple[str, str]]:
    """Who got which message how often, each Message-ID counted once."""
    once = {message.message_id: message for message in machine.notifier.sent}
    return Counter((message.recipient, message.subject) for message in once.values())


@pytest.mark.parametrize("half", ["even points", "odd points"])
def test_killed_at_any_point_everybody_is_told_once(databases: Databases, template: str, half: str) -> None:
    """For each point at which the process can die: the same messages as if it had lived, none lost, none doubled.

    Only what was sent and not written down comes twice, and then it is the same mail with the same Message-ID.
    On PostgreSQL, which is slower, every other of these points is taken: each kind of point, though not each one.
    """
    with closing(Machine(databases, template, now=START)) as lived:
        moments = undisturbed(lived)
    expected, points = letters(lived), lived.fate.passed
    assert Counter(recipient.partition("@")[0] for recipient, _ in expected.elements()) == {
        "now": 2,
        "also": 2,
        "both": 2,
        "daily": 1,
        "toys": 1,
    }
    died_in: Counter[str] = Counter()
    # Most points are one of three edges of a transaction: with a step of three all would be the same edge.
    step = 2 if databases.kind == "sqlite" else 4
    for point in range(0 if half == "even points" else 1, points, step):
        moment = next(one for one in reversed(moments) if one.points <= point)
        with closing(Machine(databases, moment.database, now=moment.now)) as machine:
            where = killed(machine, moment, point)
            died_in[where.partition(":")[0]] += 1
            copies = Counter(message.message_id for message in machine.notifier.sent)
            assert letters(machine) == expected, where
            assert {name for name, count in copies.items() if count > 1} <= machine.fate.doubled, where
            assert max(copies.values()) <= 2, where
            with machine.service.storage.look() as tx:
                assert {state.value for _, state in tx.outbox.counts()} == {"sent"}, where
                assert tx.alerts.without_delivery() == [], where
    assert set(died_in) == {"seed", "subscribe", "news", "send", "digests"}
    assert points > 80


def test_a_poll_of_a_dead_process_is_taken_over(databases: Databases, template: str) -> None:
    """Until its lease has run out nobody else polls the source; a person may, at once."""
    with closing(Machine(databases, template, now=START)) as machine:
        machine.fate.in_points(4)
        with pytest.raises(Killed):
            machine.service.poll([OLD])
        service = machine.start()
        assert service.poll([OLD]).status == "resting"
        machine.clock.turn(seconds=59)
        assert "another process" in service.poll([OLD]).error
        machine.clock.turn(seconds=2)
        assert service.poll([OLD]).status == "ok"


def test_a_digest_sent_again_is_the_same(databases: Databases, template: str) -> None:
    """What was frozen when it was written stays, though the measure has changed since."""
    with closing(Machine(databases, template, now=START)) as machine:
        service = machine.service.seeded()
        service.subscribe(frequency=Frequency.WEEKLY)
        service.poll([OLD])
        next_week(service)
        digests(service)
        machine.fate.in_points(4)  # between sending and writing it down
        with pytest.raises(Killed):
            service.deliver()
        assert machine.fate.died_at == "after a send"
        service = machine.start()
        service.poll([replace(OLD, title="Something else", comment_deadline=ADDENDUM.comment_deadline)])
        machine.clock.turn(minutes=1)
        service.deliver()
        first, second = machine.notifier.sent
        assert first == second
