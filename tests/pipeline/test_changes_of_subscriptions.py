"""A subscription is changed: nothing is lost by it, nothing is told twice, and each version is kept with its reason."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from notifiers.message import Message
from notifiers.outcome import DeliveryState, Outcome, Reason, Refused, Sent, State, TryAgain
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.pipeline.change import Changed, ChangeError, Edit, change, forward_strays
from tbtwatch.pipeline.consequences import consider, review
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import TurnedClock
from tests.pipeline.service import SmallService
from watcher.measure import ChangeKind
from watcher.notice import Notice

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OLD, NEW, OTHER = (Address(channel="email", target=f"{name}@example.com") for name in ("old", "new", "other"))
DRINKS, TOYS = Criteria(hs=frozenset({"22"})), Criteria(hs=frozenset({"95"}))


def news(number: int, code: str = "220299") -> Notice:
    """A new measure."""
    return a_notice(
        symbol=f"G/TBT/N/KEN/{3000 + number}",
        title=f"Goods {number}",
        products_covered="Goods",
        hs_codes=(code,),
        distribution_date=date(2026, 3, 2),
    )


def told(service: SmallService) -> list[tuple[str, set[int]]]:
    """Who was sent which measures, in order, after sending all that is due."""
    return [
        (message.recipient, {int(found) for found in re.findall(r"Goods (\d+)", message.text)})
        for message in service.sent
    ]


def a_service(storage: Storage, **over: Any) -> tuple[SmallService, Subscription]:
    """Somebody who asks about drinks at the old address."""
    service = SmallService(storage, clock=TurnedClock(MONDAY)).seeded()
    return service, service.subscribe(**{"criteria": DRINKS, "addresses": (OLD,), **over})


def edit(service: SmallService, subscription: Subscription, **over: Any) -> Changed:
    """Change it."""
    service.clock.turn(seconds=1)
    done = change(subscription.id, Edit(**over), why="they asked", by="Li Na", desk=service.desk)
    service.clock.turn(seconds=1)
    return done


def test_each_change_ends_a_version_with_its_reason(storage: Storage) -> None:
    """What stood, from when to when, why it ended and who wanted it; nothing changed makes no version."""
    service, subscription = a_service(storage)
    edit(service, subscription, frequency=Frequency.WEEKLY, language="zh")
    edit(service, subscription, frequency=Frequency.WEEKLY)
    done = edit(service, subscription, criteria=TOYS, addresses=(NEW,), rhythm=Rhythm(weekday=4))

    with storage.look() as tx:
        first, second = tx.versions.of(subscription.id)
        now = tx.subscriptions.get(subscription.id)
    assert done.different == ("criteria", "addresses", "rhythm")
    assert (first.version, first.frequency, first.language) == (1, Frequency.IMMEDIATE, "en")
    assert (first.why, first.by, first.since) == ("they asked", "Li Na", subscription.started_at)
    assert (second.criteria, second.addresses, second.until) == (DRINKS, (OLD,), now.since)
    assert (now.version, now.criteria, now.addresses, now.rhythm.weekday) == (3, TOYS, (NEW,), 4)


def test_a_wider_question_brings_nothing_old(storage: Storage) -> None:
    """What was noticed before the change is judged by the question before it, whenever that is done."""
    service, subscription = a_service(storage)
    report = service.poll([news(1, "950300"), news(2)], alert=False)
    edit(service, subscription, criteria=Criteria(hs=frozenset({"22", "95"})))
    service.raise_all(report)
    service.poll([news(1, "950300"), news(2), news(3, "950300")])

    assert told(service) == [("old@example.com", {2}), ("old@example.com", {3})]


def test_a_narrower_question_takes_nothing_away_that_was_owed(storage: Storage) -> None:
    """What was noticed while it was asked for is told, though it is judged after the change."""
    service, subscription = a_service(storage)
    report = service.poll([news(1)], alert=False)
    edit(service, subscription, criteria=TOYS)
    service.raise_all(report)
    service.poll([news(1), news(2)])

    assert told(service) == [("old@example.com", {1})]
    with storage.look() as tx:
        (alert,) = tx.alerts.of_subscription(subscription.id, report.measures[0])
    assert alert.receipt.match.version == 1


def test_kinds_of_news_are_those_of_the_time(storage: Storage) -> None:
    """Who gives up new measures has those that were noticed before."""
    service, subscription = a_service(storage)
    report = service.poll([news(1)], alert=False)
    fewer = Criteria(hs=frozenset({"22"}), changes=frozenset({ChangeKind.WITHDRAWN}))
    edit(service, subscription, criteria=fewer)
    service.raise_all(report)
    service.poll([news(1), news(2)])

    assert told(service) == [("old@example.com", {1})]


def test_a_wider_question_is_no_late_news(storage: Storage) -> None:
    """What was not asked for when it came is not "told late" either, when the rules are next looked at."""
    service, subscription = a_service(storage)
    service.poll([news(1, "950300")])
    edit(service, subscription, criteria=Criteria(hs=frozenset({"22", "95"})))
    with storage.begin() as tx:
        tx.meta.set("consequences_weighed", "")
    consider(desk=service.desk)

    assert review(desk=service.desk) == []
    assert told(service) == []


def test_another_question_is_no_correction(storage: Storage) -> None:
    """What was told by the question of its time was right, whatever is asked now."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    assert told(service) == [("old@example.com", {1})]
    edit(service, subscription, criteria=TOYS)
    with storage.begin() as tx:
        tx.meta.set("consequences_weighed", "")
    consider(desk=service.desk)

    assert review(desk=service.desk) == []


def test_from_weekly_to_at_once(storage: Storage) -> None:
    """What waited for the digest comes now in one message, and in no digest."""
    service, subscription = a_service(storage, frequency=Frequency.WEEKLY)
    service.poll([news(1), news(2)])
    done = edit(service, subscription, frequency=Frequency.IMMEDIATE)
    service.poll([news(1), news(2), news(3)])
    service.clock.turn(weeks=2)
    run_due_digests(desk=service.desk)

    assert done.at_once == 1
    assert told(service) == [("old@example.com", {3}), ("old@example.com", {1, 2})]
    assert "waited for you" in service.sent[1].subject


def test_from_at_once_to_weekly(storage: Storage) -> None:
    """What was not sent yet comes with the digest; what was sent does not."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    assert told(service) == [("old@example.com", {1})]
    service.poll([news(1), news(2)])
    done = edit(service, subscription, frequency=Frequency.WEEKLY)
    assert done.in_digest == 1
    assert len(service.sent) == 1
    service.clock.turn(weeks=1)
    run_due_digests(desk=service.desk)

    assert [pieces for _, pieces in told(service)] == [{1}, {2}]


def test_from_daily_to_weekly(storage: Storage) -> None:
    """What waited for midnight waits for the end of the week, once."""
    service, subscription = a_service(storage, frequency=Frequency.DAILY)
    service.poll([news(1)])
    edit(service, subscription, frequency=Frequency.WEEKLY)
    service.clock.turn(days=1)
    run_due_digests(desk=service.desk)
    assert told(service) == []
    service.clock.turn(days=6)
    run_due_digests(desk=service.desk)
    assert told(service) == [("old@example.com", {1})]


@pytest.mark.parametrize("frequency", [Frequency.IMMEDIATE, Frequency.DAILY])
def test_what_waits_goes_to_the_new_address(storage: Storage, frequency: Frequency) -> None:
    """Written and not sent, it goes there; what the old one took is not repeated."""
    service, subscription = a_service(storage, frequency=frequency)
    service.poll([news(1)])
    service.clock.turn(days=1)
    run_due_digests(desk=service.desk)
    assert told(service) == [("old@example.com", {1})]
    service.poll([news(1), news(2)])
    service.clock.turn(days=1)
    run_due_digests(desk=service.desk)
    edit(service, subscription, addresses=(NEW,))

    assert told(service) == [("old@example.com", {1}), ("new@example.com", {2})]


def test_what_the_old_address_refused_goes_to_the_new_one(storage: Storage) -> None:
    """The mailbox was gone: that is why they moved."""
    service, subscription = a_service(storage)
    service.notifier.answer = refusing("old@example.com")
    service.poll([news(1)])
    assert told(service) == []
    done = edit(service, subscription, addresses=(NEW,))

    assert done.moved == 1
    assert told(service) == [("new@example.com", {1})]


def test_what_was_refused_long_ago_is_too_old_to_be_told_elsewhere(storage: Storage) -> None:
    """Ninety days back, as for all late news (`late_days`); what came after is told at the new address."""
    service, subscription = a_service(storage)
    service.notifier.answer = refusing("old@example.com")
    service.poll([news(1)])
    service.deliver()
    service.clock.turn(days=60)
    service.poll([news(2)])
    service.deliver()
    service.clock.turn(days=31)
    assert edit(service, subscription, addresses=(NEW,)).moved == 1

    assert told(service) == [("new@example.com", {2})]


def test_what_is_being_sent_while_they_move_is_told_once(storage: Storage) -> None:
    """If it arrives it is not told again; if it does not, it is told at the new address."""
    service, subscription = a_service(storage)
    service.poll([news(1), news(2)])
    with storage.begin() as tx:
        claimed = tx.outbox.claim(now=service.clock(), lease=timedelta(seconds=20), limit=8, channels=["email"])
    assert len(claimed) == 2
    edit(service, subscription, addresses=(NEW,))
    assert told(service) == []

    with storage.begin() as tx:
        tx.outbox.record(claimed[0], DeliveryState(state=State.SENT), outcome="Sent", now=service.clock())
        lost = DeliveryState(state=State.REFUSED, reason=Reason.RECIPIENT_UNKNOWN)
        tx.outbox.record(claimed[1], lost, outcome="Refused", now=service.clock())
    assert forward_strays(desk=service.desk) == 1
    assert forward_strays(desk=service.desk) == 0

    assert told(service) == [("new@example.com", {2})]


def test_others_at_the_old_address_lose_nothing(storage: Storage) -> None:
    """A message that waits for two subscriptions goes out for the one that stays, and to where the other has gone."""
    service, subscription = a_service(storage)
    service.subscribe(enterprise="Another", criteria=DRINKS, addresses=(OLD,))
    service.poll([news(1)])
    edit(service, subscription, addresses=(NEW,))

    assert sorted(told(service)) == [("new@example.com", {1}), ("old@example.com", {1})]


def test_an_address_less_cancels_what_waits_there_alone(storage: Storage) -> None:
    """The other address has its own message."""
    service, subscription = a_service(storage, addresses=(OLD, OTHER))
    service.poll([news(1)])
    edit(service, subscription, addresses=(OTHER,))

    assert told(service) == [("other@example.com", {1})]


def test_a_change_and_the_end(storage: Storage) -> None:
    """What has ended is not changed; a change needs a reason and somebody to tell; two may not become one."""
    service, subscription = a_service(storage)
    twin = service.subscribe(criteria=TOYS)
    with pytest.raises(ChangeError, match=f"subscription {twin.id} of Ningbo Drinks asks the very same"):
        edit(service, subscription, criteria=TOYS)
    with pytest.raises(ChangeError, match="nobody would be told"):
        edit(service, subscription, addresses=())
    with pytest.raises(ChangeError, match="needs its reason"):
        change(subscription.id, Edit(language="zh"), why=" ", by="x", desk=service.desk)
    end(str(subscription.id), reason="over", desk=service.desk)
    with pytest.raises(ChangeError, match="has ended: over"):
        edit(service, subscription, language="zh")
    with pytest.raises(LookupError, match="no subscription 99"):
        change(99, Edit(language="zh"), why="x", by="x", desk=service.desk)


def test_another_process_judges_by_the_change(storage: Storage) -> None:
    """An index that was built before the change follows it."""
    service, subscription = a_service(storage)
    other = SmallService(storage, clock=service.clock)
    other.poll([news(1)])
    edit(service, subscription, criteria=TOYS)
    other.poll([news(1), news(2), news(3, "950300")])

    assert [pieces for _, pieces in told(service)] == [{1}, {3}]


def test_a_message_goes_to_a_new_address_of_another_channel(storage: Storage) -> None:
    """It is written anew in that channel's form, without a mail's headers."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    edit(service, subscription, addresses=(Address(channel="telegram", target="77"),))
    service.deliver(telegram=service.notifier, email=service.notifier)

    (message,) = service.notifier.sent
    assert (message.recipient, message.headers) == ("77", {})


def test_alerts_are_judged_once_for_all_versions(storage: Storage) -> None:
    """Judging the same news again owes nothing more."""
    service, subscription = a_service(storage)
    report = service.poll([news(1)], alert=False)
    edit(service, subscription, language="zh")
    assert [raise_alerts(measure, desk=service.desk) for measure in (*report.measures, *report.measures)] == [1, 0]


def refusing(target: str, outcome: Outcome | None = None) -> Any:
    """A mail server that knows one address no more."""

    def answer(message: Message) -> Outcome:
        if message.recipient == target:
            return outcome or Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="no such user")
        return Sent()

    return answer


def test_what_is_tried_again_goes_to_the_new_address(storage: Storage) -> None:
    """The old server asked to come back later; the reader has moved meanwhile."""
    service, subscription = a_service(storage)
    service.notifier.answer = refusing("old@example.com", TryAgain(reason=Reason.BUSY, detail="later"))
    service.poll([news(1)])
    assert told(service) == []
    edit(service, subscription, addresses=(NEW,))
    service.clock.turn(days=1)

    assert told(service) == [("new@example.com", {1})]
