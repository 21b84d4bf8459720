"""What a new subscriber is told first: what is still open for comment and fits, once, and never again as new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.erasure import erase
from tbtwatch.pipeline.feeds import make_feed, show
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.remind import remind_due
from tbtwatch.pipeline.reminder_wishes import wish
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.pipeline.subscribe import end, why
from tbtwatch.storage import Storage
from tests.builders import a_notice, an_extension
from tests.pipeline.service import SmallService
from watcher.measure import ChangeKind
from watcher.notice import Notice

OPEN = a_notice(comment_deadline=date(2026, 4, 20))  # act by 6 April
SOON = a_notice(symbol="G/TBT/N/KEN/1515", title="Cider", comment_deadline=date(2026, 3, 20))
OVER = a_notice(symbol="G/TBT/N/KEN/1516", title="Beer", comment_deadline=date(2026, 3, 1))
UGANDAN = a_notice(symbol="G/TBT/N/UGA/1", notifying_members=("UGA",), comment_deadline=date(2026, 4, 20))
TOYS = a_notice(symbol="G/TBT/N/KEN/1517", title="Dolls", hs_codes=("9503",), comment_deadline=date(2026, 4, 20))
MOVED = an_extension(date(2026, 4, 30), distribution_date=date(2026, 3, 4))


def a_service(storage: Storage, *more: Notice) -> SmallService:
    """History of a first poll, of which nobody was told."""
    return SmallService(storage).seeded(OPEN, SOON, OVER, UGANDAN, TOYS, *more)


def subscribed(service: SmallService, **over: Any) -> Subscription:
    """A new subscriber, whose starter is written as `subscribe` does it."""
    subscription = service.subscribe(**{"starter": True, **over})
    write_starters(desk=service.desk, subscription=subscription.id)
    return subscription


def starters(service: SmallService) -> list[Message]:
    """The starters that were sent."""
    service.deliver()
    with service.storage.look() as tx:
        ids = {one.message_id for one in tx.outbox.list() if one.kind == "starter"}
    return [one for one in service.notifier.sent if one.message_id in ids]


def test_a_new_subscriber_is_told_what_is_still_open(storage: Storage) -> None:
    """Each measure with market, title, symbol, deadline, act-by day and why, the first to act on first; nothing that
    is over or does not fit; recovering afterwards tells nobody again."""
    service = a_service(storage)
    subscribed(service)
    (told,) = starters(service)

    assert told.subject.startswith("Subscribed: 2 measures are still open for comment")
    assert told.text.index("1. Kenya · Cider [G/TBT/N/KEN/1515]") < told.text.index("2. Kenya · Jelly drinks")
    assert "20 April" in told.text and "act by 6 April" in told.text
    assert "market Kenya + HS 22" in told.text
    assert not any(symbol in told.text for symbol in ("KEN/1516", "UGA/1", "KEN/1517"))
    assert "unsubscribe" in told.headers["List-Unsubscribe"]
    assert recover(desk=service.desk).starters == 0
    assert len(service.sent) == 1


def test_a_starter_that_was_not_written_is_found(storage: Storage) -> None:
    """Whoever subscribes in a process that dies right after is told by the service."""
    service = a_service(storage)
    service.subscribe(starter=True)

    assert service.sent == []
    assert recover(desk=service.desk).starters == 1
    assert len(starters(service)) == 1


def test_nobody_is_told_who_does_not_want_it(storage: Storage) -> None:
    """Without a starter nothing old is told, as before there were any."""
    service = a_service(storage)
    subscribed(service, starter=False)

    assert recover(desk=service.desk).starters == 0
    assert service.sent == []


def test_what_a_starter_told_is_told_as_a_change_not_as_new(storage: Storage) -> None:
    """An addendum is told old → new, with the day on which the reader was told of the measure."""
    service = a_service(storage)
    subscribed(service)
    starters(service)
    service.clock.turn(days=2)
    service.poll([OPEN, SOON, OVER, UGANDAN, TOYS, MOVED])
    (news,) = service.sent[1:]

    assert "20 April" in news.text and "30 April" in news.text and "→" in news.text
    assert "New measure" not in news.text.splitlines()[0]
    assert "You were told on 2 March (new measure)" in news.text


def test_who_was_told_in_a_starter_hears_what_became_of_it(storage: Storage) -> None:
    """A revision for other goods fits no more, and is told."""
    service = a_service(storage)
    subscription = subscribed(service)
    starters(service)
    service.clock.turn(days=2)
    revision = a_notice(
        symbol="G/TBT/N/KEN/1514/Rev.1",
        type="revision",
        title="Jelly sweets",
        products_covered="Sweets",
        content_summary="Sweets.",
        hs_codes=("1704",),
        ics_codes=(),
        comment_deadline=date(2026, 5, 1),
        distribution_date=date(2026, 3, 4),
    )
    service.poll([OPEN, SOON, OVER, UGANDAN, TOYS, revision])

    assert len(service.sent) == 2
    assert not hasattr(why(subscription.id, "G/TBT/N/KEN/1514", desk=service.desk).answer, "conditions")


@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
def test_a_starter_stands_in_no_digest(storage: Storage, frequency: Frequency) -> None:
    """Who has digests is told what is open at once, and the next digest has only what came since."""
    service = a_service(storage)
    subscribed(service, frequency=frequency)
    assert len(starters(service)) == 1
    service.clock.turn(days=8)
    new = a_notice(symbol="G/TBT/N/KEN/1600", title="Mineral water", comment_deadline=date(2026, 5, 9))
    service.poll([OPEN, SOON, OVER, UGANDAN, TOYS, new])
    service.clock.turn(days=7)
    run_due_digests(desk=service.desk)
    (digest,) = service.sent[1:]

    assert "KEN/1600" in digest.text and "KEN/1514" not in digest.text and "KEN/1515" not in digest.text


def test_nothing_open_is_one_short_message(storage: Storage) -> None:
    """It says that nothing is, what was asked and what is to be expected; an end before it goes out cancels it."""
    service = a_service(storage)
    subscribed(service, criteria=Criteria(markets=frozenset({"VNM"})))
    (told,) = starters(service)
    assert told.subject.startswith("Subscribed: nothing is open for comment now")
    assert "We watch for you" in told.text and "Markets: Viet Nam" in told.text
    assert "too little is recorded" in told.text

    other = subscribed(service, criteria=Criteria(markets=frozenset({"BRA"})))
    end(str(other.id), reason="changed their mind", desk=service.desk)
    assert len(starters(service)) == 1


def test_who_ends_before_it_is_written_is_told_nothing(storage: Storage) -> None:
    """The row says why; so it does of an address that was left."""
    service = a_service(storage)
    one = service.subscribe(starter=True)
    end(str(one.id), reason="changed their mind", desk=service.desk)

    assert recover(desk=service.desk).starters == 0
    with service.storage.look() as tx:
        (row,) = tx.starters.of_subscription(one.id)
    assert (row.outcome, row.delivery) == ("the subscription has ended", None)
    assert service.sent == []


def test_an_address_hears_of_a_measure_once(storage: Storage) -> None:
    """A second subscription at the same address does not repeat what the first one told; another address is told."""
    service = a_service(storage)
    subscribed(service)
    also = Address(channel="email", target="second@example.com")
    mine = Address(channel="email", target="drinks@example.com")
    subscribed(service, criteria=Criteria(hs=frozenset({"22"})), addresses=(mine, also))
    first, again, other = starters(service)

    assert again.recipient == mine.target and other.recipient == also.target
    assert "UGA/1" in again.text and "KEN/1514" not in again.text
    assert "2 more are open that you were told of here before" in again.text
    assert "3 measures" in other.subject and "2 measures" in first.subject


def test_a_new_address_has_its_own(storage: Storage) -> None:
    """Subscribed again with another address, or changed to have one more: that address alone is told, once. One that
    takes the place of others that have had theirs is not told it all again."""
    service = a_service(storage)
    service.desk = replace(service.desk, starter=True)
    one = subscribed(service)
    subscribed(service)
    assert [message.recipient for message in starters(service)] == ["drinks@example.com"]
    new = Address(channel="email", target="new@example.com")
    subscribed(service, addresses=(new,))
    assert [message.recipient for message in starters(service)][1:] == ["new@example.com"]
    third, fourth = (Address(channel="email", target=f"{name}@example.com") for name in ("third", "fourth"))
    change(one.id, Edit(addresses=(new, third)), why="moved", by="Li", desk=service.desk)
    write_starters(desk=service.desk)
    assert len(starters(service)) == 2
    change(one.id, Edit(addresses=(new, third, fourth)), why="all", by="Li", desk=service.desk)
    write_starters(desk=service.desk)
    assert [message.recipient for message in starters(service)][2:] == ["fourth@example.com"]


def test_a_starter_does_not_go_to_an_address_that_was_left(storage: Storage) -> None:
    """It had not gone out when the subscriber moved: the new address has it, with the same measures, and once."""
    service = a_service(storage)
    service.desk = replace(service.desk, starter=True)
    one = subscribed(service)
    there = Address(channel="email", target="new@example.com")
    change(one.id, Edit(addresses=(there,)), why="a slip of the finger", by="Li", desk=service.desk)
    write_starters(desk=service.desk)
    (told,) = starters(service)

    assert told.recipient == "new@example.com" and "2 measures" in told.subject
    recover(desk=service.desk)
    assert len(service.sent) == 1
    with service.storage.look() as tx:
        assert tx.alerts.count() == 2 and tx.alerts.without_delivery() == []


def test_what_is_told_as_news_is_not_told_in_the_starter(storage: Storage) -> None:
    """What was noticed after the subscription began, and before its starter was written, is news and told as such."""
    service = a_service(storage)
    service.subscribe(starter=True)
    new = a_notice(symbol="G/TBT/N/KEN/1600", title="Mineral water", comment_deadline=date(2026, 5, 9))
    service.poll([OPEN, SOON, OVER, UGANDAN, TOYS, new], alert=False)
    write_starters(desk=service.desk)
    recover(desk=service.desk)
    told = service.sent

    assert sum("Mineral water" in message.text for message in told) == 1
    assert len(told) == 2 and "Mineral water" not in starters(service)[0].text


def test_calendars_show_what_a_starter_told(storage: Storage) -> None:
    """The act-by days and the deadlines of both measures stand in the feed of a new subscriber."""
    service = a_service(storage)
    subscribed(service)
    _, token = make_feed(
        enterprise="Ningbo Drinks", subscription_id=None, language="en", name="", by="Li", desk=service.desk
    )
    calendar = show(token, "ics", desk=service.desk).text or ""

    assert calendar.count("BEGIN:VEVENT") == 4
    assert "20260420" in calendar and "20260406" in calendar


def test_reminders_follow_from_a_starter(storage: Storage) -> None:
    """Who wishes for reminders is reminded of what was open before the subscription."""
    service = a_service(storage)
    one = subscribed(service)
    wish(one.id, (3,), by="Li", why="asked", desk=service.desk)
    starters(service)
    service.clock.turn(days=33)  # 4 April: three days before 6 April were on the 3rd

    assert remind_due(desk=service.desk) == 1


def test_why_and_proof_name_the_starter(storage: Storage) -> None:
    """Both say that it was told, in a starter; the proof shows the message and that it was taken."""
    service = a_service(storage)
    one = subscribed(service)
    starters(service)
    answer = why(one.id, "G/TBT/N/KEN/1514", desk=service.desk)
    assert [kind for _, kind in answer.told] == [ChangeKind.NEW_MEASURE] and answer.labels[0][0] == "starter"
    shown = proof("G/TBT/N/KEN/1514", "Ningbo Drinks", desk=service.desk)
    assert [(message.kind, message.state) for message in shown.messages] == [("starter", "sent")]
    assert shown.untold == ()


def test_quiet_hours_and_pauses_put_it_off(storage: Storage) -> None:
    """It goes out at the end of quiet hours; while the subscription is paused it waits."""
    service = a_service(storage)
    service.clock.turn(hours=3)  # eleven at night in Shanghai
    quiet = Rhythm(quiet_from=time(22), quiet_until=time(7))
    one = subscribed(service, rhythm=quiet)
    assert starters(service) == []
    pause(one.id, until=date(2026, 3, 9), why="holiday", by="Li", desk=service.desk)
    service.clock.turn(hours=12)
    assert starters(service) == []
    resume(one.id, by="Li", desk=service.desk)
    assert len(starters(service)) == 1


def test_more_than_a_message_holds_is_counted(storage: Storage) -> None:
    """Of thirty the twenty to act on first are named; the others are counted, and nobody says they were told."""
    many = [
        a_notice(
            symbol=f"G/TBT/N/KEN/{2000 + n}", title=f"Drink {n}", comment_deadline=date(2026, 4, 1) + timedelta(days=n)
        )
        for n in range(28)
    ]
    service = a_service(storage, *many)
    one = subscribed(service)
    (told,) = starters(service)

    assert "30 measures" in told.subject and "10 more, with later dates" in told.text
    assert "20. " in told.text and "21. " not in told.text
    with service.storage.look() as tx:
        (row,) = tx.starters.of_subscription(one.id)
        assert (row.told, row.more, tx.alerts.count()) == (20, 10, 20)


def test_erasure_and_export_know_of_starters(storage: Storage) -> None:
    """What is stored of a starter goes with the enterprise."""
    service = a_service(storage)
    subscribed(service)
    done = erase("Ningbo Drinks", by="Li", why="asked", desk=service.desk)

    assert done.rows["starter"] == 1
    with service.storage.look() as tx:
        assert tx.starters.owed() == {}
