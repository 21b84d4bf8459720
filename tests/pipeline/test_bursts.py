"""More than an address is sent in an hour becomes one message that names all of it; nothing is lost or told twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Sent, State, TryAgain
from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.storage import Storage
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow
from tests.builders import a_notice
from tests.fakes import RememberingNotifier
from tests.pipeline.service import SmallService

CHAT = Address(channel="telegram", target="4711")


def busy(storage: Storage, **over: Any) -> SmallService:
    """A service whose addresses have a budget."""
    return SmallService(storage, **{"budget": 5, **over})


def deliver(service: SmallService) -> None:
    """Send what is due to mailboxes and chats."""
    service.deliver(email=service.notifier, telegram=service.notifier)


def measures(first: int, last: int) -> list[Any]:
    """Measures that concern the usual subscriber."""
    return [
        a_notice(
            symbol=f"G/TBT/N/KEN/{number}",
            title=f"Drinks number {number}",
            distribution_date=date(2026, 3, 1),
            comment_deadline=date(2026, 4, 20),
        )
        for number in range(first, last + 1)
    ]


def facts_taken(service: SmallService) -> Counter[tuple[str, int]]:
    """How often each address took each fact, by what was sent."""
    taken = {message.message_id for message in service.notifier.sent}
    with service.storage.look() as tx:
        rows = tx._session.exec(
            select(DeliveryRow.target, DeliveryRow.message, DeliveryRow.id, AlertRow.fact_change_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(DeliveryRow.state == "sent")
        ).all()
    assert all(message["message_id"] in taken for _, message, _, _ in rows)
    return Counter((target, fact) for target, fact, _ in {(target, fact, id_) for target, _, id_, fact in rows})


def symbols_named(messages: list[Message]) -> set[str]:
    """The measures that messages name."""
    text = "\n".join(f"{message.subject}\n{message.text}" for message in messages)
    return {number for number in (f"G/TBT/N/KEN/{n}" for n in range(2001, 2400)) if number in text}


@pytest.mark.parametrize("address", [Address(channel="email", target="drinks@example.com"), CHAT])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_too_much_for_an_hour_is_one_message_that_names_all(
    storage: Storage, address: Address, language: str
) -> None:
    """Of 23 with a budget of 5, four come by themselves and one message names the other nineteen."""
    service = busy(storage).seeded()
    service.subscribe(addresses=(address,), language=language)
    service.poll(measures(2001, 2023))
    deliver(service)

    sent = service.notifier.sent
    assert len(sent) == 5
    burst = sent[-1]
    assert ("19 measures concern you this hour" if language == "en" else "本小时有 19 项与您有关") in burst.subject
    assert len(symbols_named(sent)) == 23 and len(symbols_named([burst])) == 19
    told = facts_taken(service)
    assert len(told) == 23 and set(told.values()) == {1}
    with storage.look() as tx:
        rows = tx.outbox.list(limit=100)
    (one,) = [row for row in rows if row.kind == "burst"]
    gathered = [row for row in rows if row.state is State.CANCELLED]
    assert len(gathered) == 19
    assert {row.detail for row in gathered} == {f"told by message {one.id}, with 18 more: too many for one hour"}


def test_within_the_budget_each_comes_by_itself(storage: Storage) -> None:
    """Five in an hour are five messages; the next, an hour later, is one more."""
    service = busy(storage).seeded()
    service.subscribe()
    service.poll(measures(2001, 2005))
    deliver(service)
    assert [message.subject[:5] for message in service.notifier.sent] == ["Kenya"] * 5
    service.clock.turn(minutes=61)
    service.poll(measures(2006, 2006))
    deliver(service)
    assert len(service.notifier.sent) == 6


def test_with_no_room_left_in_the_hour_news_waits_for_the_next_place(storage: Storage) -> None:
    """What comes after the budget is used up is told together once an hour has passed; `deliveries` says so."""
    service = busy(storage).seeded()
    service.subscribe()
    service.poll(measures(2001, 2005))
    deliver(service)
    service.clock.turn(minutes=20)
    service.poll(measures(2006, 2030))
    deliver(service)
    assert len(service.notifier.sent) == 5
    with storage.look() as tx:
        waiting = tx.outbox.list(state=State.PENDING)
    assert len(waiting) == 25 and all("had its messages of the hour" in one.detail for one in waiting)
    service.clock.turn(minutes=41)
    deliver(service)
    assert len(service.notifier.sent) == 10
    assert len(symbols_named(service.notifier.sent)) == 30
    assert set(facts_taken(service).values()) == {1}


def test_each_address_has_a_budget_of_its_own(storage: Storage) -> None:
    """A busy desk does not make another wait."""
    service = busy(storage).seeded()
    service.subscribe()
    service.subscribe(enterprise="Other", addresses=(Address(channel="email", target="other@example.com"), CHAT))
    service.poll(measures(2001, 2012))
    deliver(service)
    assert Counter(message.recipient for message in service.notifier.sent) == {
        "drinks@example.com": 5,
        "other@example.com": 5,
        "4711": 5,
    }
    assert set(facts_taken(service).values()) == {1}


def test_a_crash_while_the_burst_is_written_leaves_all_as_it_was(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either the burst is owed and what it tells is marked, or neither; afterwards all is told once."""
    service = busy(storage).seeded()
    service.subscribe()
    service.poll(measures(2001, 2023))

    def dies(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("tbtwatch.storage.bursts.Bursts.gather", dies)
        with pytest.raises(KeyboardInterrupt):
            deliver(service)
    with storage.look() as tx:
        assert not [row for row in tx.outbox.list(limit=100) if row.kind == "burst" or row.state is State.CANCELLED]
    service.clock.turn(seconds=60)
    recover(desk=service.desk)
    deliver(service)
    assert len(symbols_named(service.notifier.sent)) == 23
    assert set(facts_taken(service).values()) == {1}


def test_where_no_burst_can_be_written_all_comes_by_itself(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in writing it costs too many messages, and no news."""
    service = busy(storage).seeded()
    service.subscribe()
    service.poll(measures(2001, 2012))
    monkeypatch.setattr("tbtwatch.pipeline.burst.render_burst", lambda *_, **__: 1 / 0)
    deliver(service)
    assert len(service.notifier.sent) == 12


def test_what_may_have_arrived_is_not_told_by_a_burst(storage: Storage) -> None:
    """After an answer that was lost the same message is sent again, with its own name; the rest is gathered."""
    lost: list[str] = []

    def answer(message: Message) -> Outcome:
        if len(lost) < 3:
            lost.append(message.message_id)
            return TryAgain(reason=Reason.UNKNOWN_OUTCOME, detail="lost after DATA")
        return Sent()

    service = busy(storage, notifier=RememberingNotifier(answer=answer)).seeded()
    service.subscribe()
    service.poll(measures(2001, 2003))
    deliver(service)
    service.clock.turn(hours=2)
    service.poll(measures(2004, 2020))
    deliver(service)
    service.clock.turn(hours=2)
    deliver(service)
    assert set(lost) <= {message.message_id for message in service.notifier.sent}
    assert set(facts_taken(service).values()) == {1} and len(facts_taken(service)) == 20


def test_a_mail_server_that_was_away_is_not_flooded_when_it_is_back(storage: Storage) -> None:
    """What was tried in vain and certainly did not arrive is gathered like what was never tried."""
    away = [True]
    service = busy(
        storage,
        notifier=RememberingNotifier(
            answer=lambda _: TryAgain(reason=Reason.UNREACHABLE, detail="refused") if away[0] else Sent()
        ),
    ).seeded()
    service.subscribe()
    service.poll(measures(2001, 2020))
    deliver(service)
    away[0] = False
    for _ in range(3):
        service.clock.turn(hours=3)
        deliver(service)
    assert len(service.notifier.sent) <= 10
    assert len(symbols_named(service.notifier.sent)) == 20 and set(facts_taken(service).values()) == {1}


def test_quiet_hours_end_in_one_burst(storage: Storage) -> None:
    """What came at night is told in the morning, no more messages than the budget, all of it named."""
    service = busy(storage).seeded()
    service.subscribe(rhythm=Rhythm(quiet_from=time(18), quiet_until=time(7)))  # it is 20:00 in Shanghai
    service.poll(measures(2001, 2015))
    deliver(service)
    assert service.notifier.sent == []
    service.clock.turn(hours=12)
    deliver(service)
    assert len(service.notifier.sent) == 5 and len(symbols_named(service.notifier.sent)) == 15


def test_a_pause_that_only_gathered_news_would_have_mentioned_is_mentioned(storage: Storage) -> None:
    """The first message after a silence says so, also if it is a burst."""
    service = busy(storage)
    service.budget = 1
    service.seeded()
    one = service.subscribe()
    pause(one.id, until=service.clock().date() + timedelta(days=3), why="fair", by="Li", desk=service.desk)
    resume(one.id, by="Li", desk=service.desk)
    service.poll(measures(2001, 2004))
    deliver(service)
    (burst,) = service.notifier.sent
    assert "was paused from" in burst.text and "fair" in burst.text


def test_a_burst_that_waits_goes_where_the_subscription_goes(storage: Storage) -> None:
    """While the mail server is away its reader moves: it is told there, once, and not at the old address."""
    away = [True]
    service = busy(
        storage,
        notifier=RememberingNotifier(
            answer=lambda _: TryAgain(reason=Reason.UNREACHABLE, detail="refused") if away[0] else Sent()
        ),
    )
    service.budget = 1
    service.seeded()
    one = service.subscribe()
    service.poll(measures(2001, 2004))
    deliver(service)
    from tbtwatch.pipeline.change import Edit, change

    new = (Address(channel="email", target="new@example.com"),)
    change(one.id, Edit(addresses=new), why="moved", by="Li", desk=service.desk)
    away[0] = False
    service.clock.turn(hours=3)
    recover(desk=service.desk)
    deliver(service)
    assert {message.recipient for message in service.notifier.sent} == {"new@example.com"}
    assert set(facts_taken(service).values()) == {1} and len(facts_taken(service)) == 4


def test_news_that_a_digest_would_tell_is_not_gathered(storage: Storage) -> None:
    """Digests count as messages, and stay what they are."""
    service = busy(storage).seeded()
    service.subscribe(frequency=Frequency.DAILY)
    service.subscribe(
        enterprise="Other", criteria=Criteria(markets=frozenset({"KEN"}), hs=frozenset({"2202"})), name="at once"
    )
    service.poll(measures(2001, 2004))
    deliver(service)
    assert len(service.notifier.sent) == 4  # one of each names both


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hundred_and_fifty_fit_one_chat_message_by_name(storage: Storage, language: str) -> None:
    """As many as fit have their line; the others are named by their symbols."""
    service = busy(storage)
    service.budget = 1
    service.seeded()
    service.subscribe(addresses=(CHAT,), language=language)
    service.poll(measures(2001, 2150))
    deliver(service)
    (burst,) = service.notifier.sent
    assert len(symbols_named([burst])) == 150


def test_the_link_is_there_only_if_somebody_answers_it(storage: Storage) -> None:
    """Without an address from outside a chat is told how to ask for each instead."""
    service = busy(storage)
    service.budget = 1
    service.seeded()
    service.subscribe(addresses=(CHAT,))
    service.poll(measures(2001, 2004))
    deliver(service)
    service.desk = replace(service.desk, public_url="https://alerts.example.org")
    service.clock.turn(hours=2)
    service.poll(measures(2005, 2008))
    deliver(service)
    without, linked = service.notifier.sent
    assert "https://alerts" not in without.text and "send /measure with its symbol" in without.text
    assert "https://alerts.example.org/l/" in linked.text
