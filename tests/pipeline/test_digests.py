"""Digests: each window once, each alert in exactly one, nothing told that was told already."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from notifiers.message import Message
from notifiers.outcome import Reason, Refused
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.digest import run_due_digests, run_now
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import TurnedClock
from tests.pipeline.service import SmallService
from watcher.notice import Notice

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
WEEK = timedelta(days=7)


def news(number: int) -> Notice:
    """A new measure about drinks."""
    return a_notice(symbol=f"G/TBT/N/KEN/{3000 + number}", title=f"Drink {number}", distribution_date=date(2026, 3, 2))


def numbers(message: Message) -> set[int]:
    """Which measures a message tells."""
    return {int(number) - 3000 for number in re.findall(r"G/TBT/N/KEN/(3\d{3})", message.text)}


def a_service(storage: Storage, frequency: Frequency = Frequency.WEEKLY, zone: str = "Asia/Shanghai") -> SmallService:
    """Somebody who asks for digests, on that Monday."""
    service = SmallService(storage, clock=TurnedClock(MONDAY), zone=zone).seeded()
    service.subscribe(frequency=frequency)
    return service


def test_weeks_that_were_missed_are_made_up(storage: Storage) -> None:
    """Three weeks without a run make three digests, each with the news of its week, and none is written again."""
    service = a_service(storage)
    for number in (1, 2, 3):
        service.poll([news(n) for n in range(1, number + 1)])
        service.clock.turn(weeks=1)
    reports = run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])

    assert [(report.digests, report.alerts) for report in reports] == [(1, 1)] * 3
    assert all(before.ends_at == after.starts_at for before, after in pairwise(reports))
    assert run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY]) == []
    assert [numbers(message) for message in service.sent] == [{1}, {2}, {3}]


def test_an_empty_week_is_run_and_sends_nothing(storage: Storage) -> None:
    """Nobody gets a digest without news."""
    service = a_service(storage)
    service.poll([news(1)])
    service.clock.turn(weeks=3)
    reports = run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])

    assert [report.digests for report in reports] == [1, 0, 0]
    assert len(service.sent) == 1


def test_a_window_that_is_open_is_not_written(storage: Storage) -> None:
    """The week ends at Monday 00:00 where the operator is, not a second earlier."""
    service = a_service(storage)
    service.poll([news(1)])
    midnight = datetime(2026, 3, 9, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    service.clock.now = midnight.astimezone(UTC) - timedelta(seconds=1)
    assert run_due_digests(desk=service.desk) == []
    service.clock.turn(seconds=1)
    (report,) = run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])
    assert report.ends_at == midnight


def test_closed_early_the_rest_of_the_week_follows(storage: Storage) -> None:
    """What comes after an early close is told when the week ends; nothing is told twice, nothing is left out."""
    service = a_service(storage)
    service.poll([news(1)])
    service.clock.turn(days=2)
    early = run_now(Frequency.WEEKLY, desk=service.desk)
    assert early is not None and (early.digests, early.ends_at) == (1, service.clock.now)
    assert run_now(Frequency.WEEKLY, desk=service.desk) is None
    service.clock.turn(hours=1)
    service.poll([news(1), news(2)])
    service.clock.turn(weeks=1)
    (rest,) = run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])

    assert (rest.starts_at, rest.alerts) == (early.ends_at, 1)
    assert rest.ends_at == datetime(2026, 3, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [numbers(message) for message in service.sent] == [{1}, {2}]


@pytest.mark.parametrize("saturday", [date(2026, 3, 28), date(2026, 10, 24)], ids=["hour skipped", "hour lived twice"])
@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
def test_no_alert_is_lost_when_the_clocks_change(sqlite: Storage, saturday: date, frequency: Frequency) -> None:
    """Over a weekend on which the clocks change, each alert is in one digest: that of its own local day or week."""
    zone = ZoneInfo("Europe/Berlin")
    service = a_service(sqlite, frequency, zone="Europe/Berlin")
    service.clock.now = datetime(saturday.year, saturday.month, saturday.day, 22, tzinfo=zone).astimezone(UTC)
    raised: dict[int, datetime] = {}
    for number in range(15):
        service.poll([news(n) for n in range(number + 1)])
        raised[number] = service.clock.now
        service.clock.turn(hours=2)
        run_due_digests(desk=service.desk)
        service.deliver()
    service.clock.turn(days=8)
    run_due_digests(desk=service.desk)

    told = Counter(number for message in service.sent for number in numbers(message))
    assert told == dict.fromkeys(raised, 1)
    days = {instant.astimezone(zone).date() for instant in raised.values()}
    expected = {(day - timedelta(days=day.weekday()) if frequency is Frequency.WEEKLY else day) for day in days}
    assert len(service.sent) == len(expected)


def test_one_person_is_not_told_a_thing_twice(storage: Storage) -> None:
    """Told at once, it is not in the digest of the same address; the other reader of the digest gets it."""
    service = a_service(storage)
    both = Address(channel="email", target="both@example.com")
    weekly = Address(channel="email", target="weekly@example.com")
    service.subscribe(enterprise="E", addresses=(both,))
    service.subscribe(enterprise="E", frequency=Frequency.WEEKLY, addresses=(both, weekly))
    service.poll([news(1)])
    assert [message.recipient for message in service.sent] == ["both@example.com"]
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)

    assert sorted(message.recipient for message in service.sent[1:]) == ["drinks@example.com", "weekly@example.com"]
    with storage.look() as tx:
        assert tx.alerts.waiting_for_digest() == {}


def test_what_could_not_be_told_at_once_is_in_the_digest(storage: Storage) -> None:
    """An alert that the mail server refused counts as not told."""
    service = SmallService(storage, clock=TurnedClock(MONDAY)).seeded()
    service.subscribe()
    service.subscribe(frequency=Frequency.WEEKLY)
    usual, service.notifier.answer = service.notifier.answer, lambda _: Refused(reason=Reason.REJECTED)
    service.poll([news(1)])
    service.deliver()
    service.notifier.answer = usual
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)

    (message,) = service.sent
    assert numbers(message) == {1}


def test_two_subscriptions_of_one_person_make_one_digest(storage: Storage) -> None:
    """Each measure once, with both reasons."""
    service = a_service(storage)
    service.subscribe(name="By market", frequency=Frequency.WEEKLY, criteria=Criteria(markets=frozenset({"EAC"})))
    service.subscribe(name="Silent", frequency=Frequency.WEEKLY, criteria=Criteria(hs=frozenset({"95"})))
    service.poll([news(1)])
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)

    (message,) = service.sent
    assert numbers(message) == {1} and "1 new measure" in message.subject
    assert all(name in message.text for name in ("East African drinks", "By market", "Silent"))


def test_who_left_gets_no_digest(storage: Storage) -> None:
    """Alerts of a subscription that ended before the digest are told to nobody."""
    service = a_service(storage)
    service.poll([news(1)])
    subscribe.end("1", reason="over", desk=service.desk)
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)

    assert service.sent == []


def test_another_zone_tells_nothing_twice_and_leaves_nothing_out(sqlite: Storage) -> None:
    """An operator who moves from Shanghai to Los Angeles has one odd window, and no gap."""
    service = a_service(sqlite, Frequency.DAILY)
    service.poll([news(1)])
    service.clock.turn(days=1)
    (first,) = run_due_digests(desk=service.desk, frequencies=[Frequency.DAILY])
    moved = SmallService(sqlite, clock=service.clock, notifier=service.notifier, zone="America/Los_Angeles")
    moved.poll([news(1), news(2)])
    moved.clock.turn(days=2)
    later = run_due_digests(desk=moved.desk, frequencies=[Frequency.DAILY])

    assert [first.ends_at, *(report.ends_at for report in later)][:-1] == [report.starts_at for report in later]
    assert [numbers(message) for message in moved.sent] == [{1}, {2}]
