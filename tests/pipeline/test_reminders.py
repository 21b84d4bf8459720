"""Reminders of comment deadlines: on their day, once, following what becomes of the deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.reminders import Settled
from tbtwatch.pipeline.remind import drop_waiting, remind_due
from tbtwatch.pipeline.reminder_wishes import handle, reminding_of, take_back, wish
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice, stated
from tests.pipeline.service import SmallService
from watcher.dates import DateFact, DateQuality, Precision

SYMBOL = "G/TBT/N/KEN/1514"
DEADLINE = date(2026, 5, 10)  # act by 26 April: reminders on 27 March, 12 and 23 April
DISTANCES = (30, 14, 3)


def a_service(storage: Storage, *distances: int, **over: Any) -> SmallService:
    """A subscription that is reminded, and news of a measure with a deadline."""
    service = SmallService(storage).seeded()
    subscription = service.subscribe(**over)
    wish(subscription.id, distances or DISTANCES, by="Li", why="asked", desk=service.desk)
    service.clock.turn(seconds=1)
    service.poll([a_notice(comment_deadline=DEADLINE)])
    return service


def on(service: SmallService, day: date, hour: int = 10) -> int:
    """Look for what is due on a day, by the clock of Shanghai; how many messages."""
    now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
    service.clock.turn(seconds=(now - service.clock()).total_seconds())
    return remind_due(desk=service.desk)


def reminders(service: SmallService) -> list[Message]:
    """What was sent, and is a reminder."""
    drop_waiting(desk=service.desk)
    return [one for one in service.sent if one.stream == "reminders"]


def test_each_is_told_on_its_day_and_once(storage: Storage) -> None:
    """Thirty, fourteen and three days before the act-by date, at nine in the morning; looking again tells nobody."""
    service = a_service(storage)
    told = {}
    for day in range((date(2026, 5, 12) - date(2026, 3, 3)).days):
        today = date(2026, 3, 3) + timedelta(days=day)
        early, due, again = on(service, today, 8), on(service, today, 9), on(service, today, 20)
        assert not early and not again
        if due:
            told[today] = due
            service.deliver()

    assert told == {date(2026, 3, 27): 1, date(2026, 4, 12): 1, date(2026, 4, 23): 1}
    first, second, third = reminders(service)
    assert first.subject == "Reminder: 30 days left to act, Kenya · Jelly drinks - Specification [G/TBT/N/KEN/1514]"
    assert "14 days left until 26 April, the last day to hand in comments." in second.text
    assert "10 May 2026 (stated in the document; 28 days left)" in second.text
    assert "Next reminder: 23 April" in second.text
    assert "none; this is the last one" in third.text
    assert "“East African drinks”" in third.text and "late" not in third.text
    assert len({one.message_id for one in (first, second, third)}) == 3
    assert len({one.thread for one in (first, second, third)}) == 1


def test_nobody_is_reminded_who_did_not_ask(storage: Storage) -> None:
    """None are the default."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([a_notice(comment_deadline=DEADLINE)])

    assert on(service, date(2026, 4, 24)) == 0


def test_after_an_outage_only_the_nearest_is_told_and_says_that_it_is_late(storage: Storage) -> None:
    """The two before it are written down as overtaken."""
    service = a_service(storage)
    assert on(service, date(2026, 4, 25)) == 1
    assert on(service, date(2026, 4, 26)) == 0
    (message,) = reminders(service)

    assert "1 day left until 26 April" in message.text
    assert "This reminder comes 2 days late: it was due on 23 April" in message.text
    assert "stands for the 2 earlier reminders" in message.text
    ended = reminding_of(1, desk=service.desk).ended
    assert {one.distance: one.state for one in ended} == {
        3: Settled.TOLD,
        14: Settled.OVERTAKEN,
        30: Settled.OVERTAKEN,
    }
    assert {one.symbol for one in ended} == {SYMBOL}


def test_after_the_day_to_act_by_it_says_so_and_after_the_deadline_nothing(storage: Storage) -> None:
    """A reminder helps as long as comments are taken; one that came too late is written down as missed."""
    service = a_service(storage)
    service.poll([a_notice(symbol="G/TBT/N/KEN/1600", title="Juices", comment_deadline=date(2026, 4, 29))])
    assert on(service, date(2026, 4, 30)) == 1
    (message,) = reminders(service)

    assert "26 April, the day to act by, has passed; comments are still taken." in message.text
    assert "Reminder: act now, comments close on 10 May" in message.subject
    states = {(one.symbol, one.state) for one in reminding_of(1, desk=service.desk).ended}
    assert ("G/TBT/N/KEN/1600", Settled.MISSED) in states
    assert (SYMBOL, Settled.TOLD) in states


def test_a_moved_deadline_is_planned_anew(storage: Storage) -> None:
    """An addendum moves the deadline after the second reminder; all three are told of the new one."""
    service = a_service(storage)
    assert [on(service, date(2026, 3, 27)), on(service, date(2026, 4, 12))] == [1, 1]
    addendum = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=date(2026, 6, 30))
    service.poll([a_notice(comment_deadline=DEADLINE), addendum])
    told = [day for day in range(80) if on(service, date(2026, 4, 13) + timedelta(days=day))]

    # Act by 16 June: 17 May, 2 June, 13 June.
    assert [date(2026, 4, 13) + timedelta(days=day) for day in told] == [
        date(2026, 5, 17),
        date(2026, 6, 2),
        date(2026, 6, 13),
    ]


def test_what_waits_for_a_deadline_that_moved_is_not_sent(storage: Storage) -> None:
    """The mail server was away; the addendum came first."""
    service = a_service(storage)
    service.deliver()
    assert on(service, date(2026, 3, 27)) == 1
    addendum = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=date(2026, 6, 30))
    service.poll([a_notice(comment_deadline=DEADLINE), addendum])

    assert reminders(service) == []
    assert "from 10 May 2026 to 30 June 2026" in service.sent[-1].text or "30 June 2026" in service.sent[-1].text


def test_a_withdrawn_measure_is_reminded_of_no_more(storage: Storage) -> None:
    """Nobody reads comments on it."""
    service = a_service(storage)
    gone = a_notice(
        symbol=f"{SYMBOL}/Add.1",
        type="addendum",
        content_summary="Kenya hereby withdraws the notification.",
        comment_deadline=DateFact(),
    )
    service.poll([a_notice(comment_deadline=DEADLINE), gone])

    assert on(service, date(2026, 4, 24)) == 0


def test_what_the_news_has_just_told_is_not_repeated(storage: Storage) -> None:
    """A measure that is noticed five days before the act-by date is reminded of three days before it, not at once."""
    service = SmallService(storage).seeded()
    wish(service.subscribe().id, DISTANCES, by="Li", why="", desk=service.desk)
    on(service, date(2026, 4, 21))
    service.poll([a_notice(comment_deadline=DEADLINE)])

    assert [on(service, date(2026, 4, day)) for day in (21, 22, 23, 24)] == [0, 0, 1, 0]


def test_a_new_subscriber_is_reminded_of_what_is_open_already(storage: Storage) -> None:
    """Although its news was told before they came."""
    service = SmallService(storage).seeded(a_notice(comment_deadline=DEADLINE))
    wish(service.subscribe().id, (14,), by="Li", why="", desk=service.desk)

    assert on(service, date(2026, 4, 12)) == 1


def test_who_has_dealt_with_it_is_left_alone_and_still_told_news(storage: Storage) -> None:
    """Others are reminded; what waits is not sent; taking it back goes on with what is to come."""
    service = a_service(storage)
    other = service.subscribe(
        enterprise="Xiamen Juice", addresses=(Address(channel="email", target="xiamen@example.com"),)
    )
    wish(other.id, DISTANCES, by="Wu", why="", desk=service.desk)
    service.deliver()
    assert on(service, date(2026, 3, 27)) == 2
    done = handle(SYMBOL, enterprise="Ningbo Drinks", by="Li", why="comments sent", desk=service.desk)
    again = handle(SYMBOL, enterprise="Ningbo Drinks", by="Wu", why="twice", desk=service.desk)

    assert (done.new, done.dropped, again.new) == (True, 1, False)
    assert again.handled is not None and again.handled.by == "Li"
    assert [one.recipient for one in reminders(service)] == ["xiamen@example.com"]
    assert on(service, date(2026, 4, 12)) == 1
    addendum = a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=date(2026, 6, 30))
    service.poll([a_notice(comment_deadline=DEADLINE), addendum])
    heard = sorted(one.recipient for one in service.sent if "Add.1" in one.text)
    assert heard == ["drinks@example.com", "xiamen@example.com"]
    assert on(service, date(2026, 5, 17)) == 1
    assert take_back(SYMBOL, enterprise="Ningbo Drinks", by="Li", why="a mistake", desk=service.desk).new
    assert on(service, date(2026, 6, 2)) == 2


def test_comments_opened_anew_open_it_again(storage: Storage) -> None:
    """The reminder says what the reader had said before."""
    service = a_service(storage, 14)
    handle(SYMBOL, enterprise="Ningbo Drinks", by="Li Na", why="comments sent", desk=service.desk)
    assert on(service, date(2026, 4, 12)) == 0
    on(service, date(2026, 5, 20))
    addendum = a_notice(
        symbol=f"{SYMBOL}/Add.1",
        type="addendum",
        distribution_date=date(2026, 5, 20),
        content_summary="The comment period is reopened.",
        comment_deadline=date(2026, 7, 20),
    )
    service.poll([a_notice(comment_deadline=DEADLINE), addendum])
    assert on(service, date(2026, 6, 22)) == 1

    assert "You had marked this measure as dealt with on 2 March (Li Na)" in reminders(service)[-1].text
    wish(1, (14, 3), by="Li", why="", desk=service.desk)
    assert handle(SYMBOL, enterprise="Ningbo Drinks", by="Wu", why="again", desk=service.desk).new
    assert on(service, date(2026, 7, 3)) == 0


def test_several_subscriptions_of_one_address_make_one_message(storage: Storage) -> None:
    """Also when a daily one asks as well: a reminder has a day of its own."""
    service = a_service(storage, 14)
    second = service.subscribe(
        name="All of Kenya", criteria=Criteria(markets=frozenset({"KEN"})), frequency=Frequency.DAILY
    )
    wish(second.id, (14, 3), by="Li", why="", desk=service.desk)
    assert on(service, date(2026, 4, 12)) == 1
    (message,) = reminders(service)

    assert "East African drinks" in message.text and "All of Kenya" in message.text
    assert "Next reminder: 23 April" in message.text


def test_who_has_unsubscribed_gets_none(storage: Storage) -> None:
    """Neither what waits nor what is to come."""
    service = a_service(storage)
    service.deliver()
    assert on(service, date(2026, 3, 27)) == 1
    end("1", reason="asked", desk=service.desk)

    assert reminders(service) == []
    assert on(service, date(2026, 4, 12)) == 0


def test_what_waits_for_an_address_that_is_left_goes_to_the_new_one(storage: Storage) -> None:
    """Once, and the old one gets nothing."""
    service = a_service(storage)
    service.deliver()
    assert on(service, date(2026, 3, 27)) == 1
    old, new = Address(channel="email", target="drinks@example.com"), Address(channel="email", target="new@example.com")
    with storage.begin() as tx:
        tx.subscriptions.add_addresses(1, (new,))
        tx.subscriptions.leave(1, old)

    assert [one.recipient for one in reminders(service)] == ["new@example.com"]
    assert [one.recipient for one in reminders(service)] == ["new@example.com"]


def test_changing_the_distances_loses_nothing_that_was_due(storage: Storage) -> None:
    """The service stood still on the day; the wish is changed before it has looked."""
    service = a_service(storage, 14)
    service.clock.turn(seconds=(datetime(2026, 4, 12, 2, tzinfo=UTC) - service.clock()).total_seconds())
    wish(1, (3,), by="Li", why="less", desk=service.desk)

    assert len(reminders(service)) == 1
    assert [on(service, date(2026, 4, day)) for day in (13, 23)] == [0, 1]


def test_a_day_that_is_not_stated_is_said_not_to_be(storage: Storage) -> None:
    """Computed and coarse days are reminded of with what they are."""
    service = SmallService(storage).seeded()
    wish(service.subscribe().id, (14,), by="Li", why="", desk=service.desk)
    computed = DateFact(value=DEADLINE, quality=DateQuality.COMPUTED, wording="60 days", rule="notification + 60 days")
    coarse = DateFact(value=date(2026, 5, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="May 2026")
    service.poll(
        [
            a_notice(comment_deadline=computed, distribution_date=date(2026, 3, 11)),
            a_notice(symbol="G/TBT/N/KEN/1600", comment_deadline=coarse),
        ]
    )
    assert [on(service, date(2026, 4, day)) for day in (3, 12)] == [1, 1]
    month, day = reminders(service)

    assert "names no exact day; we count from the first day it can mean" in month.text
    assert "May 2026" in month.text and "1 May" not in month.text.partition("Comment deadline")[2].partition("\n")[0]
    assert "computed, not stated: check it in the document" in day.text
    assert "60 days after notification" in day.text


@pytest.mark.parametrize("channel", ["email", "telegram", "file"])
def test_every_channel_and_language_has_its_reminder(sqlite: Storage, channel: str) -> None:
    """Mail, chat and file, in Chinese."""
    target = {"email": "a@example.com", "telegram": "4711", "file": "archive"}[channel]
    service = a_service(sqlite, language="zh", addresses=(Address(channel=channel, target=target),))
    assert on(service, date(2026, 4, 12)) == 1
    service.deliver(**{channel: service.notifier})
    message = service.notifier.sent[-1]

    assert "距4月26日还有 14 天：这是提交意见的内部截止日期" in message.text
    assert "通报写明" in message.text and "下次提醒" in message.text
    assert ("List-Unsubscribe" in message.headers) is (channel == "email")
    assert bool(message.html) is (channel != "file")
    assert (f"发送 /handled {SYMBOL}" in message.text) is (channel == "telegram")


def test_measures_that_turn_out_to_be_one_are_reminded_of_once(storage: Storage) -> None:
    """What was told and dealt with of either counts for the one."""
    service = a_service(storage, 14)
    service.poll([a_notice(symbol="G/TBT/N/UGA/99", notifying_members=("UGA",), comment_deadline=DEADLINE)])
    other = service.subscribe(criteria=Criteria(hs=frozenset({"2202"})), name="All")
    wish(other.id, (14,), by="Li", why="", desk=service.desk)
    handle("G/TBT/N/UGA/99", enterprise="Ningbo Drinks", by="Li", why="done", desk=service.desk)
    assert on(service, date(2026, 4, 12)) == 1
    joint = a_notice(
        symbols=(f"{SYMBOL}/Add.1", "G/TBT/N/UGA/99/Add.1"), type="addendum", notifying_members=("KEN", "UGA")
    )
    service.poll([a_notice(comment_deadline=stated(DEADLINE)), joint])
    with storage.look() as tx:
        assert [one.measure_id for one in tx.reminders.handled()] == [min(tx.measures.by_any_symbol(SYMBOL))]
