"""Quiet hours, holidays, zones and pauses: nothing goes out when it should not, and everything goes out after."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from notifiers.mail import build_mail
from notifiers.outcome import Reason, Sent, TryAgain
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.digest import resend, run_due_digests
from tbtwatch.pipeline.retention import Keep, retain
from tbtwatch.pipeline.snooze import PauseError, pause, resume
from tbtwatch.storage import Storage
from tests.builders import a_notice, an_extension
from tests.fakes import TurnedClock
from tests.pipeline.service import LEASE, SmallService
from watcher.notice import Notice

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
NIGHT = Rhythm(quiet_from=time(22), quiet_until=time(7))
HERE = Address(channel="email", target="drinks@example.com")


def news(number: int, **over: Any) -> Notice:
    """A new measure about drinks."""
    return a_notice(
        symbol=f"G/TBT/N/KEN/{3000 + number}", title=f"Goods {number}", distribution_date=date(2026, 3, 2), **over
    )


def told(service: SmallService) -> list[set[int]]:
    """Which goods the messages tell that were sent, after sending all that is due."""
    return [{int(found) for found in re.findall(r"Goods (\d+)", message.text)} for message in service.sent]


def a_service(storage: Storage, now: datetime = MONDAY, **over: Any) -> tuple[SmallService, Subscription]:
    """Somebody who asks about drinks."""
    service = SmallService(storage, clock=TurnedClock(now)).seeded()
    return service, service.subscribe(**over)


def at(service: SmallService, instant: datetime) -> None:
    """The clock shows that instant."""
    service.clock.turn(seconds=(instant - service.clock()).total_seconds())


# --- hours and days


def test_news_at_night_waits_for_the_morning(storage: Storage) -> None:
    """It is owed at once and goes out at seven."""
    service, _ = a_service(storage, rhythm=NIGHT)
    at(service, MONDAY + timedelta(hours=13))
    service.poll([news(1)])
    assert told(service) == []
    with storage.look() as tx:
        (waiting,) = tx.outbox.list()
    assert (waiting.state.value, waiting.due_at, waiting.attempts) == (
        "pending",
        datetime(2026, 3, 2, 23, tzinfo=UTC),
        0,
    )
    at(service, datetime(2026, 3, 2, 22, 59, tzinfo=UTC))
    assert told(service) == []
    at(service, datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    assert told(service) == [{1}]


def test_what_is_tried_again_does_not_wake_anybody(storage: Storage) -> None:
    """The mail server is away in the evening and back at night; the message goes out in the morning."""
    service, _ = a_service(storage, rhythm=NIGHT)
    service.notifier.answer = lambda _: TryAgain(reason=Reason.UNREACHABLE, detail="away")
    at(service, MONDAY + timedelta(hours=11, minutes=59))
    service.poll([news(1)])
    service.deliver()
    service.notifier.answer = lambda _: Sent()
    for _ in range(8):
        service.clock.turn(hours=1)
        assert told(service) == []
    at(service, datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    assert told(service) == [{1}]


def test_a_holiday_is_no_time_in_which_it_was_tried_in_vain(storage: Storage) -> None:
    """Tried once before eight days off and once after, both times in vain: it is not given up, but tried again."""
    service, _ = a_service(storage, now=datetime(2025, 9, 30, 2, tzinfo=UTC), rhythm=Rhythm(holidays="CN"))
    service.notifier.answer = lambda _: TryAgain(reason=Reason.BUSY, detail="greylisted")
    service.poll([news(1)])
    service.deliver()
    service.clock.turn(hours=15)
    service.deliver()
    at(service, datetime(2025, 10, 8, 16, tzinfo=UTC))
    assert service.deliver().again == 1
    service.notifier.answer = lambda _: Sent()
    service.clock.turn(hours=1)
    assert told(service) == [{1}]


def test_quiet_nights_do_not_keep_a_message_trying_for_ever(storage: Storage) -> None:
    """A mailbox that always asks to come back later: the reader's quiet nights do not count, the days between do."""
    service, _ = a_service(storage, rhythm=NIGHT)
    service.notifier.answer = lambda _: TryAgain(reason=Reason.BUSY, detail="full")
    service.poll([news(1)])
    tries, began = 0, service.clock()
    while not (report := service.deliver()).expired:
        tries += report.again
        service.clock.turn(hours=2)
        assert service.clock() < began + timedelta(days=9), "it is tried for ever"

    # Three days of trying, of which each day has fifteen hours: not given up before it would be without any nights.
    assert service.clock() - began >= timedelta(days=4)
    assert tries > 30


def test_other_hours_hold_for_what_waits(storage: Storage) -> None:
    """Who gives up the quiet hours hears at once what waited for the morning."""
    service, subscription = a_service(storage, rhythm=NIGHT)
    at(service, MONDAY + timedelta(hours=13))
    service.poll([news(1)])
    assert told(service) == []
    change(subscription.id, Edit(rhythm=Rhythm()), why="on duty", by="x", desk=service.desk)
    assert told(service) == [{1}]


def test_a_holiday_puts_off(storage: Storage) -> None:
    """News of the national holiday's first day comes when it is over."""
    service, _ = a_service(storage, now=datetime(2025, 9, 30, 2, tzinfo=UTC), rhythm=Rhythm(holidays="CN"))
    service.clock.turn(days=1)
    service.poll([news(1)])
    for _ in range(7):
        assert told(service) == []
        service.clock.turn(days=1)
    at(service, datetime(2025, 10, 8, 16, tzinfo=UTC))
    assert told(service) == [{1}]


def test_of_two_at_one_address_the_first_that_may_be_written_to_counts(storage: Storage) -> None:
    """Another subscription of the same person has no quiet hours: the message goes out for it."""
    service, _ = a_service(storage, rhythm=NIGHT)
    service.subscribe(enterprise="Another")
    at(service, MONDAY + timedelta(hours=13))
    service.poll([news(1)])
    assert told(service) == [{1}]


# --- digests


def test_a_digest_is_cut_in_the_readers_zone_and_weekday(storage: Storage) -> None:
    """A week of Paris that ends as Friday begins, at six o'clock there; the installation's own is another run."""
    rhythm = Rhythm(zone="Europe/Paris", weekday=4, digest_at=time(6))
    service, _ = a_service(storage, frequency=Frequency.WEEKLY, rhythm=rhythm)
    service.subscribe(
        enterprise="Home", frequency=Frequency.WEEKLY, addresses=(Address(channel="email", target="home@example.com"),)
    )
    service.poll([news(1)])
    at(service, datetime(2026, 3, 5, 22, 59, tzinfo=UTC))
    assert run_due_digests(desk=service.desk) == []
    at(service, datetime(2026, 3, 5, 23, 0, tzinfo=UTC))
    (report,) = run_due_digests(desk=service.desk)
    assert (report.zone, report.digests) == ("Europe/Paris", 1)
    assert told(service) == []
    at(service, datetime(2026, 3, 6, 5, 0, tzinfo=UTC))
    assert told(service) == [{1}]
    service.clock.turn(days=4)
    assert [report.zone for report in run_due_digests(desk=service.desk)] == [""]
    assert [message.recipient for message in service.sent] == ["drinks@example.com", "home@example.com"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_no_day_is_told_twice_when_clocks_change(storage: Storage, day: date) -> None:
    """Hour by hour over the day of a change, in four zones: each window once, lying end to end."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    service = SmallService(storage, clock=TurnedClock(start)).seeded()
    zones = ("Europe/Paris", "America/St_Johns", "Africa/Cairo", "")
    for number, zone in enumerate(zones):
        service.subscribe(
            enterprise=f"E{number}",
            frequency=Frequency.DAILY,
            rhythm=Rhythm(zone=zone),
            addresses=(Address(channel="email", target=f"{number}@example.com"),),
        )
    published: list[Notice] = []
    runs: dict[str, list[tuple[datetime, datetime]]] = {}
    for hour in range(24 * 5):
        if hour % 7 == 0 and hour < 24 * 3:
            published.append(news(hour))
            service.poll(published)
        for report in run_due_digests(desk=service.desk):
            runs.setdefault(report.zone, []).append((report.starts_at, report.ends_at))
        service.clock.turn(hours=1)
    everything = {int(found) for one in published for found in re.findall(r"Goods (\d+)", one.title)}
    heard: dict[str, list[int]] = {}
    for message in service.sent:
        heard.setdefault(message.recipient, []).extend(
            sorted({int(found) for found in re.findall(r"Goods (\d+)", message.text)})
        )

    assert set(runs) == set(zones)
    assert all(before[1] == after[0] for each in runs.values() for before, after in pairwise(each))
    assert all(sorted(each) == sorted(everything) for each in heard.values()) and len(heard) == len(zones)


def test_nothing_new_is_said_if_it_is_asked_for(storage: Storage) -> None:
    """An empty week makes one digest for who asked, none for who did not, and after an outage one for all the weeks."""
    service, _ = a_service(storage, frequency=Frequency.WEEKLY, rhythm=Rhythm(tell_nothing_new=True))
    service.subscribe(
        enterprise="Quiet", frequency=Frequency.WEEKLY, addresses=(Address(channel="email", target="q@example.com"),)
    )
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)
    assert [(message.recipient, "nothing new" in message.subject) for message in service.sent] == [
        ("drinks@example.com", True)
    ]
    service.clock.turn(weeks=4)
    reports = run_due_digests(desk=service.desk)
    assert [report.digests for report in reports] == [0, 0, 0, 1]
    assert len(service.sent) == 2


def test_a_digest_is_sent_again_byte_for_byte(storage: Storage) -> None:
    """The same mail with the same date and name; what it tells counts as told once; not to who has left."""
    service, subscription = a_service(storage, frequency=Frequency.DAILY)
    service.poll([news(1)])
    service.clock.turn(days=1)
    (report,) = run_due_digests(desk=service.desk)
    with pytest.raises(LookupError, match="has not gone out yet"):
        resend(report.run, "drinks@example.com", desk=service.desk)
    assert told(service) == [{1}]
    service.poll([news(1), news(2)])
    service.clock.turn(days=3)
    resend(report.run, "drinks@example.com", desk=service.desk)
    resend(report.run, " drinks@example.com ", desk=service.desk)
    first, second, third = service.sent
    mails = [bytes(build_mail(one, "a@example.org", one.dated or service.clock())) for one in (first, second, third)]

    assert mails[0] == mails[1] == mails[2] and first.dated is not None
    with pytest.raises(LookupError, match=r"it wrote to drinks@example\.com"):
        resend(report.run, "stranger@example.com", desk=service.desk)
    with pytest.raises(LookupError, match="no digest run 99"):
        resend(99, "drinks@example.com", desk=service.desk)
    service.clock.turn(days=31)
    retain(Keep(messages=30), desk=service.desk)
    with pytest.raises(LookupError, match=r"KEEP_MESSAGES_DAYS\); what it told is in `tbtwatch proof"):
        resend(report.run, "drinks@example.com", desk=service.desk)
    change(
        subscription.id,
        Edit(addresses=(Address(channel="email", target="new@example.com"),)),
        why="x",
        by="x",
        desk=service.desk,
    )
    with pytest.raises(LookupError, match="has unsubscribed"):
        resend(report.run, "drinks@example.com", desk=service.desk)


# --- pauses


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_came_while_somebody_was_away(storage: Storage, language: str) -> None:
    """Nothing until that day begins, then one message with all of it that says who was away, and only that one does."""
    service, subscription = a_service(storage, language=language)
    pause(subscription.id, until=date(2026, 3, 5), why="on leave", by="Li Na", desk=service.desk)
    service.poll([news(1)])
    service.clock.turn(days=1)
    service.poll([news(1), news(2)])
    run_due_digests(desk=service.desk)
    assert told(service) == []
    at(service, datetime(2026, 3, 4, 16, 0, tzinfo=UTC))
    run_due_digests(desk=service.desk)
    run_due_digests(desk=service.desk)
    assert told(service) == [{1, 2}]
    service.poll([news(1), news(2), news(3)])

    first, second = service.sent
    said = {
        "en": "“East African drinks” was paused from 2 March to 5 March by Li Na (on leave); 2 pieces of news came",
        "zh": "订阅“East African drinks”自3月2日至3月5日暂停发送，由 Li Na 设定（on leave）；期间有 2 条消息。",
    }
    assert said[language] in first.text.replace("\n", " ")
    assert "Li Na" not in second.text


def test_a_digest_after_a_pause_says_so(storage: Storage) -> None:
    """Who has digests misses those of the time and finds all in the next, with the reason first."""
    service, subscription = a_service(storage, frequency=Frequency.DAILY)
    pause(subscription.id, until=date(2026, 3, 5), why="on leave", by="Li Na", desk=service.desk)
    for number in (1, 2, 3):
        service.poll([news(n) for n in range(1, number + 1)])
        service.clock.turn(days=1)
        run_due_digests(desk=service.desk)
    (message,) = service.sent
    assert told(service) == [{1, 2, 3}]
    assert "3 pieces of news came meanwhile" in message.text.replace("\n", " ")


def test_what_waits_is_taken_back_and_told_after(storage: Storage) -> None:
    """A message that was written and not sent does not go out in the pause."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    service.clock.turn(minutes=1)
    done = pause(subscription.id, until=date(2026, 3, 9), why="on leave", by="x", desk=service.desk)
    assert done.taken_back == 1
    service.clock.turn(days=2)
    assert told(service) == []
    over = resume(subscription.id, by="x", desk=service.desk)
    assert (over.news, told(service)) == (0, [{1}])
    with pytest.raises(LookupError, match="not paused"):
        resume(subscription.id, by="x", desk=service.desk)


def test_a_quiet_pause_is_mentioned_all_the_same(storage: Storage) -> None:
    """Nothing came; the first message after says that."""
    service, subscription = a_service(storage)
    pause(subscription.id, until=date(2026, 3, 4), why="on leave", by="x", desk=service.desk)
    service.clock.turn(days=3)
    run_due_digests(desk=service.desk)
    assert told(service) == []
    service.poll([news(1)])

    (message,) = service.sent
    assert "nothing came meanwhile" in message.text.replace("\n", " ")


def test_one_measure_is_muted(storage: Storage) -> None:
    """Its addenda wait; everything else is told."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    assert told(service) == [{1}]
    with storage.look() as tx:
        (measure,) = tx.alerts.measures_since(MONDAY)
    pause(subscription.id, measure=measure, until=date(2026, 3, 10), why="handled", by="x", desk=service.desk)
    addendum = an_extension(date(2026, 6, 20), symbol="G/TBT/N/KEN/3001/Add.1", distribution_date=date(2026, 3, 3))
    service.poll([news(1), news(2), addendum])
    assert told(service) == [{1}, {2}]
    at(service, datetime(2026, 3, 9, 16, 0, tzinfo=UTC))
    run_due_digests(desk=service.desk)

    assert told(service) == [{1}, {2}, {1}]
    assert "G/TBT/N/KEN/3001 was muted" in service.sent[-1].text.replace("\n", " ")


def test_what_is_being_sent_as_a_pause_begins_is_not_tried_again_in_it(storage: Storage) -> None:
    """The mail server asked to come back later; that is after the pause, or when it is ended."""
    service, subscription = a_service(storage)
    service.notifier.answer = lambda _: TryAgain(reason=Reason.BUSY, detail="later")
    service.poll([news(1)])
    with storage.begin() as tx:
        (claimed,) = tx.outbox.claim(now=service.clock(), lease=LEASE, limit=8, channels=["email"])
    pause(subscription.id, until=date(2026, 3, 5), why="on leave", by="x", desk=service.desk)
    service.notifier.answer = lambda _: Sent()
    with storage.begin() as tx:
        tx.outbox.give_back(claimed, detail="", now=service.clock())
    service.clock.turn(days=1)
    assert told(service) == []
    service.clock.turn(days=2)
    run_due_digests(desk=service.desk)
    assert told(service) == [{1}]


def test_another_subscription_at_the_address_is_told_as_ever(storage: Storage) -> None:
    """And what it told there is not told again after the pause."""
    service, subscription = a_service(storage)
    service.subscribe(enterprise="Another", criteria=Criteria(markets=frozenset({"KEN"})))
    pause(subscription.id, until=date(2026, 3, 4), why="on leave", by="x", desk=service.desk)
    service.poll([news(1)])
    assert told(service) == [{1}]
    service.clock.turn(days=3)
    run_due_digests(desk=service.desk)
    assert told(service) == [{1}]


def test_who_changes_to_weekly_while_away_has_it_in_the_digest(storage: Storage) -> None:
    """A change in a pause loses nothing of what the pause holds back."""
    service, subscription = a_service(storage)
    pause(subscription.id, until=date(2026, 3, 4), why="on leave", by="x", desk=service.desk)
    service.poll([news(1)])
    change(subscription.id, Edit(frequency=Frequency.WEEKLY), why="x", by="x", desk=service.desk)
    service.clock.turn(days=3)
    run_due_digests(desk=service.desk)
    assert told(service) == []
    service.clock.turn(days=4)
    run_due_digests(desk=service.desk)
    assert told(service) == [{1}]


def test_a_pause_ends_on_a_day_to_come(storage: Storage) -> None:
    """And only of what is live; a second takes the place of the first."""
    service, subscription = a_service(storage)
    with pytest.raises(PauseError, match="has begun"):
        pause(subscription.id, until=date(2026, 3, 2), why="x", by="x", desk=service.desk)
    with pytest.raises(LookupError, match="no subscription 99"):
        pause(99, until=date(2026, 3, 9), why="x", by="x", desk=service.desk)
    pause(subscription.id, until=date(2026, 3, 9), why="x", by="x", desk=service.desk)
    pause(subscription.id, until=date(2026, 3, 4), why="x", by="x", desk=service.desk)
    with storage.look() as tx:
        (holding,) = tx.pauses.holding(subscription=subscription.id)
    assert holding.until == datetime(2026, 3, 3, 16, tzinfo=UTC)
    service.poll([news(1)])
    service.clock.turn(days=2)
    run_due_digests(desk=service.desk)
    assert told(service) == [{1}]
