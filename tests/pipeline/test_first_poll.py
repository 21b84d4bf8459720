"""A first poll records and tells nobody, or, if the source says so, of what is still open for comment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from subscriptions.criteria import Address, Frequency
from tbtwatch.pipeline.recover import recover
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import ListedSource, TurnedClock
from tests.pipeline.service import SmallService
from watcher.notice import Notice
from watcher.source import SourceError

OPEN = a_notice(symbol="G/TBT/N/KEN/1", title="Open", comment_deadline=date(2026, 3, 10))
LAST_DAY = a_notice(symbol="G/TBT/N/KEN/2", title="Last day", comment_deadline=date(2026, 3, 2))
OVER = a_notice(symbol="G/TBT/N/KEN/3", title="Over", comment_deadline=date(2026, 3, 1))
SILENT = a_notice(symbol="G/TBT/N/KEN/4", title="Unstated", comment_deadline=a_notice().comment_deadline.__class__())
WITHDRAWN = a_notice(symbol="G/TBT/N/KEN/5", title="Withdrawn", comment_deadline=date(2026, 6, 1))
WITHDRAWAL = a_notice(
    symbol="G/TBT/N/KEN/5/Add.1",
    type="addendum",
    title="",
    content_summary="Kenya has withdrawn the draft notified in G/TBT/N/KEN/5.",
    addendum_reason="Withdrawal of the notified measure",
    comment_deadline=a_notice().comment_deadline.__class__(),
    distribution_date=date(2026, 2, 1),
)
ALL = (OPEN, LAST_DAY, OVER, SILENT, WITHDRAWN, WITHDRAWAL)


def a_service(storage: Storage, **over: Any) -> SmallService:
    """A service whose source was never polled, and somebody who asks for drinks."""
    service = SmallService(storage, source=ListedSource(**{"tell_open_at_first": True, **over}))
    service.subscribe()
    return service


def told(service: SmallService) -> list[str]:
    """The titles that messages were about."""
    return sorted(one.title for one in ALL for message in service.sent if one.title and one.title in message.subject)


def test_what_is_still_open_is_told_once(storage: Storage) -> None:
    """The last day counts; what is over, unstated or withdrawn is history. No later poll tells it again."""
    service = a_service(storage)
    report = service.poll(list(ALL))
    recover(desk=service.desk)

    assert report.seeding
    assert told(service) == ["Last day", "Open"]
    service.clock.turn(hours=1)
    service.poll(list(ALL))
    recover(desk=service.desk)
    assert len(service.sent) == 2


def test_it_is_told_as_a_new_measure_with_what_holds_now(storage: Storage) -> None:
    """One message for a measure, not one for each of its notices; the history before is silent."""
    extended = a_notice(
        symbol="G/TBT/N/KEN/1/Add.1",
        type="addendum",
        title="",
        content_summary="The comment period is extended until 10 April 2026.",
        comment_deadline=date(2026, 4, 10),
        distribution_date=date(2026, 2, 1),
    )
    service = a_service(storage)
    service.poll([extended, OPEN])

    (message,) = service.sent
    assert "10 April 2026" in message.text
    with storage.look() as tx:
        (measure,) = tx.measures.by_any_symbol("G/TBT/N/KEN/1")
        assert [one.silent for one in tx.changes.of_measure(measure)] == [False, True]


def test_without_the_setting_nobody_is_told(storage: Storage) -> None:
    """It is for the source's entry to say so."""
    service = a_service(storage, tell_open_at_first=False)
    report = service.poll(list(ALL))
    recover(desk=service.desk)

    assert (report.measures, service.sent) == ((), [])


def test_a_first_poll_may_break_off_and_go_on(storage: Storage) -> None:
    """What the first half brought is told with the second, and only when everything is there."""
    service = a_service(storage)
    broken = service.poll([OPEN, OVER], SourceError("gave no second page"))
    recover(desk=service.desk)
    assert (broken.status, broken.seeding, service.sent) == ("failed", True, [])

    service.clock.turn(hours=1)
    service.poll([OPEN, OVER], [LAST_DAY])
    assert told(service) == ["Last day", "Open"]


def test_who_was_told_by_another_source_is_not_told_again(storage: Storage) -> None:
    """A second source that is switched on later finds what is known."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([OPEN])
    assert told(service) == ["Open"]

    service.poll([OPEN, LAST_DAY], source=ListedSource("second", tell_open_at_first=True))
    assert told(service) == ["Last day", "Open"]


def test_a_digest_subscriber_has_it_in_the_digest(storage: Storage) -> None:
    """As any other news."""
    service = SmallService(storage, source=ListedSource(tell_open_at_first=True))
    service.subscribe(frequency=Frequency.WEEKLY, addresses=(Address(channel="email", target="w@example.com"),))
    service.poll(list(ALL))
    service.clock.turn(days=8)
    recover(desk=service.desk)

    (message,) = service.sent
    assert "Open" in message.text
    assert "Over" not in message.text


@pytest.mark.parametrize(("zone", "expected"), [("Asia/Tokyo", []), ("America/New_York", ["Last day"])])
def test_the_last_day_is_the_markets_day(sqlite: Storage, zone: str, expected: list[str]) -> None:
    """When it is past midnight in Tokyo it is noon in New York."""
    clock = TurnedClock(datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    service = SmallService(sqlite, clock=clock, source=ListedSource(tell_open_at_first=True, time_zone=zone))
    service.subscribe()
    service.poll([LAST_DAY])

    assert told(service) == expected


def test_more_than_staff_allow_is_held(sqlite: Storage) -> None:
    """A source with a thousand open consultations need not begin with a thousand mails."""
    service = a_service(sqlite, hold_above=1)
    report = service.poll(list(ALL))
    recover(desk=service.desk)

    assert report.held is not None
    assert (report.held.notices, report.measures, service.sent) == (2, (), [])


def test_a_first_poll_is_never_a_flood(sqlite: Storage) -> None:
    """Thirty years come at once; that is no reason to ask staff."""
    many: list[Notice] = [a_notice(symbol=f"G/TBT/N/KEN/{number}") for number in range(600)]
    service = a_service(sqlite, tell_open_at_first=False)

    assert service.poll(many).held is None
