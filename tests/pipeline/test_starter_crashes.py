"""A starter is owed with the subscription: whenever the process dies, its reader has it, and once."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.starter import write_starters
from tests.builders import a_notice
from tests.databases import Databases
from tests.pipeline.crashes import Killed, Machine, a_template
from tests.pipeline.service import SmallService

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OPEN = a_notice(comment_deadline=date(2026, 4, 20))
NEW = a_notice(symbol="G/TBT/N/KEN/1600", title="Mineral water", comment_deadline=date(2026, 5, 9))


@pytest.fixture(scope="module")
def template(databases: Databases) -> str:
    """An empty database to be copied for each run."""
    return a_template(databases)


def live(service: SmallService) -> None:
    """Somebody subscribes, the starter is written, news comes, all of it is sent."""
    service.subscribe(starter=True)
    write_starters(desk=service.desk)
    service.poll([OPEN, NEW])
    service.deliver()


def letters(machine: Machine) -> Counter[tuple[str, str]]:
    """Who got which message how often, each Message-ID counted once."""
    once = {message.message_id: message for message in machine.notifier.sent}
    return Counter((message.recipient, message.subject) for message in once.values())


def test_a_starter_outlives_any_death(databases: Databases, template: str) -> None:
    """For each point at which the process can die: one starter and one alert, and each of two measures told once."""
    with closing(Machine(databases, template, now=START)) as lived:
        lived.service.seeded(OPEN)
        before = lived.fate.passed
        live(lived.service)
        expected, points = letters(lived), lived.fate.passed - before
    assert len(expected) == 2 and points > 15

    for point in range(0, points, 1 if databases.kind == "sqlite" else 3):
        with closing(Machine(databases, template, now=START)) as machine:
            machine.service.seeded(OPEN)
            machine.fate.in_points(point)
            where = "lived"
            try:
                live(machine.service)
            except Killed as died:
                where = str(died)
                machine.clock.turn(minutes=2)  # leases of the dead run out
                machine.start()
                # Who was told a number does not subscribe again; who was told none does.
                machine.service.subscribe(starter=True)
                recover(desk=machine.service.desk)
                machine.service.poll([OPEN, NEW])
                machine.service.deliver()
            machine.clock.turn(minutes=2)
            recover(desk=machine.service.desk)
            machine.service.deliver()
            sent = machine.notifier.sent
            assert (
                sum(message.subject.startswith("Subscribed") for message in {m.message_id: m for m in sent}.values())
                == 1
            )
            told = letters(machine)
            assert told == expected or _told_at_once(told), (point, where, told)
            with machine.service.storage.look() as tx:
                assert tx.starters.owed() == {}, where
                assert {state.value for _, state in tx.outbox.counts()} == {"sent"}, where


def _told_at_once(told: Counter[tuple[str, str]]) -> bool:
    """Who subscribed only after the news was recorded has both measures in the starter."""
    return [subject.partition(":")[2][:12] for _, subject in told] == [" 2 measures "]
