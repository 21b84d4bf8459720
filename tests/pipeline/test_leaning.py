"""Who is spared a message because another at the address has the news is told, whatever becomes of that other."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from notifiers.outcome import Reason, Refused, Sent
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.snooze import pause, release_due
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import TurnedClock
from tests.pipeline.service import SmallService

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OLD, SHARED = (Address(channel="email", target=f"{name}@example.com") for name in ("old", "shared"))
DRINKS = Criteria(hs=frozenset({"22"}))


def a_service(storage: Storage) -> SmallService:
    """Of one source that was read once."""
    return SmallService(storage, clock=TurnedClock(MONDAY)).seeded()


@pytest.mark.parametrize("how", ["ends", "asks otherwise"])
def test_what_a_digest_leaves_out_is_told_when_the_other_message_is_not_sent(storage: Storage, how: str) -> None:
    """Of two subscriptions at an address one is told by a message that waits; it leaves, and the other is told."""
    service = a_service(storage)
    moving = service.subscribe(enterprise="Moving", criteria=DRINKS, addresses=(OLD,))
    service.subscribe(enterprise="Staying", criteria=DRINKS, addresses=(SHARED,), frequency=Frequency.DAILY)
    service.poll([a_notice(distribution_date=date(2026, 3, 2))])
    service.clock.turn(hours=15)
    change(moving.id, Edit(addresses=(SHARED,)), why="moved", by="x", desk=service.desk)
    service.clock.turn(seconds=1)
    run_due_digests(desk=service.desk)  # its news is in the message to the address that the other has moved to

    service.clock.turn(seconds=1)
    if how == "ends":
        end(str(moving.id), reason="over", desk=service.desk)
    else:
        change(moving.id, Edit(frequency=Frequency.WEEKLY), why="less", by="x", desk=service.desk)

    assert [message.recipient for message in service.sent] == ["shared@example.com"]
    for _ in range(9):
        service.clock.turn(days=1)
        run_due_digests(desk=service.desk)
    assert len(service.sent) == 1


def test_what_was_to_be_told_at_once_is_told_after_a_silence_by_whatever_rhythm(storage: Storage) -> None:
    """It was in one message with another's when its reader chose a digest; a silence took it back, and it is told."""
    service = a_service(storage)
    other = service.subscribe(enterprise="Other", criteria=DRINKS, addresses=(SHARED,))
    reader = service.subscribe(enterprise="Reader", criteria=DRINKS, addresses=(SHARED,))
    service.poll([a_notice(distribution_date=date(2026, 3, 2))])
    service.clock.turn(seconds=1)
    change(reader.id, Edit(frequency=Frequency.WEEKLY), why="less", by="x", desk=service.desk)
    end(str(other.id), reason="over", desk=service.desk)
    pause(reader.id, until=date(2026, 3, 4), why="away", by="x", desk=service.desk)
    assert service.sent == []

    service.clock.turn(days=3)
    release_due(desk=service.desk)
    for _ in range(9):
        service.clock.turn(days=1)
        run_due_digests(desk=service.desk)

    assert [message.recipient for message in service.sent] == ["shared@example.com"]


@pytest.mark.parametrize("how", ["refuses", "waits"])
def test_a_move_in_two_steps_takes_along_what_did_not_arrive(storage: Storage, how: str) -> None:
    """A new address is added beside one that takes no mail, and the old one is dropped later: the new one hears it."""
    service = a_service(storage)
    reader = service.subscribe(enterprise="Reader", criteria=DRINKS, addresses=(OLD,))
    service.poll([a_notice(distribution_date=date(2026, 3, 2))])
    if how == "refuses":
        service.notifier.answer = lambda message: Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="no such user")
        service.deliver()
        service.notifier.answer = lambda message: Sent()
        service.notifier.sent.clear()
    service.clock.turn(days=1)
    change(reader.id, Edit(addresses=(OLD, SHARED)), why="another", by="x", desk=service.desk)
    service.clock.turn(days=1)
    change(reader.id, Edit(addresses=(SHARED,)), why="the old one is dead", by="x", desk=service.desk)

    assert [message.recipient for message in service.sent] == ["shared@example.com"]
    service.poll([a_notice(distribution_date=date(2026, 3, 2)), a_notice(symbol="G/TBT/N/KEN/1600")])
    service.clock.turn(days=1)
    change(reader.id, Edit(addresses=(SHARED, OLD)), why="back", by="x", desk=service.desk)
    change(reader.id, Edit(addresses=(OLD,)), why="back", by="x", desk=service.desk)
    assert len(service.sent) == 2, "what arrived is not told again; what waits goes to the one that is left"
