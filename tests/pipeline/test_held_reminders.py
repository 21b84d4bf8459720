"""A reader who is to be left alone is reminded afterwards, of what is of use then, in the words of that day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from subscriptions.criteria import Address
from subscriptions.reminders import Settled
from subscriptions.rhythm import Rhythm, next_allowed
from tbtwatch.pipeline.remind import remind_due
from tbtwatch.pipeline.reminder_wishes import handle, reminding_of, take_back, wish
from tbtwatch.pipeline.snooze import PauseError, pause, release_due, resume
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.test_reminders import DEADLINE, SYMBOL, a_service, on, reminders


def states(service: SmallService, subscription: int = 1) -> dict[int, Settled]:
    """How each reminder ended, by its distance."""
    return {one.distance: one.state for one in reminding_of(subscription, desk=service.desk).ended}


def test_a_paused_subscription_is_not_reminded_and_is_afterwards(storage: Storage) -> None:
    """The one that is still of use is told when the pause is over, says that it is late, and counts the days anew."""
    service = a_service(storage)
    on(service, date(2026, 3, 20))
    pause(1, until=date(2026, 4, 15), why="fair", by="Li", desk=service.desk)
    assert on(service, date(2026, 3, 27)) == on(service, date(2026, 4, 12)) == 0
    assert reminders(service) == [] and states(service) == {30: Settled.HELD, 14: Settled.HELD}

    release_due(desk=service.desk)
    assert on(service, date(2026, 4, 15)) == 0, "the pause ends at midnight by the tick that releases it"
    release_due(desk=service.desk)
    assert on(service, date(2026, 4, 15), 11) == 1
    (message,) = reminders(service)
    assert "11 days left until 26 April" in message.text
    assert "3 days late: it was due on 12 April" in message.text and "1 earlier reminder" in message.text
    assert states(service) == {30: Settled.OVERTAKEN, 14: Settled.TOLD}
    assert on(service, date(2026, 4, 23)) == 1


def test_a_muted_measure_is_not_reminded_of_and_another_is(storage: Storage) -> None:
    """The pause is of that measure alone; it is told again when somebody ends it."""
    service = a_service(storage)
    service.poll([a_notice(symbol="G/TBT/N/KEN/1600", title="Juices", comment_deadline=DEADLINE)])
    with storage.look() as tx:
        muted = tx.alerts.some([1])[0].measure_id
    pause(1, until=date(2026, 4, 20), why="not ours", by="Li", measure=muted, desk=service.desk)
    assert on(service, date(2026, 3, 27)) == 1
    (message,) = reminders(service)
    assert "KEN/1600" in message.text
    resume(1, by="Li", measure=muted, desk=service.desk)
    assert on(service, date(2026, 3, 28)) == 1
    assert SYMBOL in reminders(service)[1].text


def test_what_became_useless_in_the_pause_is_said_in_the_first_message_after(storage: Storage) -> None:
    """Comments ended meanwhile: it is written down as missed, and the sentence about the pause says so."""
    service = a_service(storage)
    service.deliver()
    on(service, date(2026, 3, 20))
    pause(1, until=date(2026, 5, 12), why="fair", by="Li", desk=service.desk)
    for day in (date(2026, 3, 27), date(2026, 4, 12), date(2026, 4, 23)):
        on(service, day)
    service.poll([a_notice(symbol="G/TBT/N/KEN/1700", title="Juices", comment_deadline=date(2026, 7, 1))])
    on(service, date(2026, 5, 12), 1)
    release_due(desk=service.desk)
    on(service, date(2026, 5, 12))
    assert reminders(service) == []
    assert set(states(service).values()) == {Settled.MISSED}
    (after,) = [one for one in service.sent if "was paused from" in one.text]
    assert "Comments on 1 measure ended in that time; you were not reminded of it." in after.text


def test_a_reminder_that_was_written_before_the_pause_is_taken_back(storage: Storage) -> None:
    """It waits in the outbox when the reader asks for silence: it is not sent, and told afresh afterwards, once."""
    service = a_service(storage)
    assert on(service, date(2026, 3, 27)) == 1
    pause(1, until=date(2026, 4, 1), why="fair", by="Li", desk=service.desk)
    assert reminders(service) == []
    on(service, date(2026, 4, 1), 1)
    release_due(desk=service.desk)
    assert on(service, date(2026, 4, 1)) == 1
    assert on(service, date(2026, 4, 2)) == 0
    (message,) = reminders(service)
    assert "25 days left" in message.text


@pytest.mark.parametrize(
    ("rhythm", "day", "hour"),
    [
        (Rhythm(quiet_from=time(20), quiet_until=time(11)), date(2026, 3, 27), 11),
        (Rhythm(holidays="FR"), date(2026, 4, 7), 0),  # Easter Monday is 6 April 2026
    ],
)
def test_quiet_hours_and_holidays_defer_it(storage: Storage, rhythm: Rhythm, day: date, hour: int) -> None:
    """Due at nine, told when the reader may be written to, in the words of that day."""
    service = a_service(storage, 30 if hour else 20, rhythm=rhythm)
    due = date(2026, 3, 27) if hour else date(2026, 4, 6)
    assert on(service, due, 9) == on(service, due, 10) == 0
    assert on(service, day, hour) == 1
    (message,) = reminders(service)
    assert f"{(date(2026, 4, 26) - day).days} days left" in message.text


def test_two_subscriptions_of_one_reader_are_one_reminder_also_if_one_is_paused(storage: Storage) -> None:
    """Who was told by the one is not told again when the other's pause is over."""
    service = a_service(storage)
    other = service.subscribe(enterprise="Ningbo Drinks", name="twin", language="zh")
    wish(other.id, (30, 14, 3), by="Li", why="", desk=service.desk)
    pause(other.id, until=date(2026, 3, 29), why="fair", by="Li", desk=service.desk)
    assert on(service, date(2026, 3, 27)) == 1
    on(service, date(2026, 3, 29), 1)
    release_due(desk=service.desk)
    assert on(service, date(2026, 3, 29)) == 0
    assert len(reminders(service)) == 1
    assert states(service, other.id)[30] is Settled.TOLD


def test_dealt_with_in_the_pause_is_not_told_after(storage: Storage) -> None:
    """Somebody else of the enterprise has done it."""
    service = a_service(storage)
    pause(1, until=date(2026, 4, 1), why="fair", by="Li", desk=service.desk)
    on(service, date(2026, 3, 27))
    handle(SYMBOL, enterprise="Ningbo Drinks", by="Li", why="sent", desk=service.desk)
    on(service, date(2026, 4, 1), 1)
    release_due(desk=service.desk)
    assert on(service, date(2026, 4, 1)) == 0
    assert states(service) == {30: Settled.HANDLED}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_hours_nobody_is_reminded_in_silence_or_twice(sqlite: Storage, seed: int) -> None:
    """Random pauses, mutes, quiet hours, words that it is dealt with, and a moving deadline, for two readers."""
    chance = Random(seed)
    service = SmallService(sqlite).seeded()
    rhythms = {}
    for number in (1, 2):
        rhythm = Rhythm(
            quiet_from=time(chance.choice([8, 20])), quiet_until=time(chance.choice([7, 12])), holidays="FR"
        )
        address = (Address(channel="email", target=f"{number}@example.com"),)
        rhythms[number] = service.subscribe(enterprise=f"E{number}", addresses=address, rhythm=rhythm).rhythm
        wish(number, (30, 14, 3, 1), by="Li", why="", desk=service.desk)
    service.clock.turn(minutes=1)
    deadline, addenda = date(2026, 5, 10), 0
    service.poll([a_notice(comment_deadline=deadline)])
    told: Counter[tuple[str, str, str]] = Counter()
    while service.clock() < datetime(2026, 6, 1, tzinfo=UTC):
        number = chance.choice([1, 2])
        try:
            match chance.choices(range(6), weights=[2, 1, 2, 1, 1, 30])[0]:
                case 0:
                    day = service.clock().date() + timedelta(days=chance.randint(2, 15))
                    measure = chance.choice([None, 1])
                    pause(number, until=day, why="x", by="Li", measure=measure, desk=service.desk)
                case 1:
                    resume(number, by="Li", measure=chance.choice([None, 1]), desk=service.desk)
                case 2 if addenda < 4:
                    addenda += 1
                    deadline += timedelta(days=chance.choice([7, 15, -3]))
                    service.poll(
                        [
                            a_notice(
                                symbol=f"{SYMBOL}/Add.{addenda}",
                                type="addendum",
                                comment_deadline=max(deadline, service.clock().date()),
                                distribution_date=service.clock().date(),
                            )
                        ]
                    )
                case 3:
                    handle(SYMBOL, enterprise=f"E{number}", by="Li", why="", desk=service.desk)
                case 4:
                    take_back(SYMBOL, enterprise=f"E{number}", by="Li", why="", desk=service.desk)
        except (PauseError, LookupError):
            pass
        release_due(desk=service.desk)
        remind_due(desk=service.desk)
        with sqlite.look() as tx:
            silent = {one.subscription for one in tx.pauses.holding()}
        before = len(service.notifier.sent)
        now = service.clock()
        for message in service.sent[before:]:
            if message.stream != "reminders":
                continue
            reader = int(message.recipient[0])
            assert reader not in silent
            assert next_allowed(now, rhythms[reader], service.desk.names.zone) <= now
            told[message.recipient, message.subject, message.text.partition("Comment deadline")[2][:20]] += 1
        service.clock.turn(hours=chance.choice([1, 3, 7, 20]))
    with sqlite.look() as tx:
        ended = [one for number in (1, 2) for one in tx.reminders.of_subscription(number, limit=1000)]
        live = [one for one in ended if one.state is Settled.HELD and one.deadline < service.clock().date()]
        paused = {one.subscription for one in tx.pauses.holding()}
    assert [one for one in live if one.subscription_id not in paused] == []
    assert set(told.values()) <= {1} and sum(told.values()) > 0
