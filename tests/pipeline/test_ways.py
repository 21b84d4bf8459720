"""Each address is told by its own ways: how sure, how soon. Nothing is lost by them or told twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from notifiers.message import Message
from notifiers.proof import Silence
from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from tbtwatch.pipeline.change import ChangeError, Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.leaving import restore
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.pipeline.subscribe import end, start
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import TurnedClock
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook
from tests.pipeline.test_consequences import decide, in_force, kinds
from tests.pipeline.test_unsubscribing import code_in
from watcher.notice import Notice

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MAIL, BOSS, NEW = (Address(channel="email", target=f"{name}@example.com") for name in ("mail", "boss", "new"))
BATTERIES = Criteria(hs=frozenset({"8507"}))
DIRECT, BROAD = "850760", "85"
AT_ONCE, DAILY, WEEKLY = Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY


def way(address: Address, grade: Grade, frequency: Frequency) -> Way:
    """Shorter."""
    return Way(address=address, grade=grade, frequency=frequency)


BOTH = (way(MAIL, Grade.DIRECT, AT_ONCE), way(MAIL, Grade.BROAD, WEEKLY))
SURE = (way(BOSS, Grade.DIRECT, AT_ONCE),)


def news(number: int, code: str = DIRECT) -> Notice:
    """A new measure, about our goods or about a wider group."""
    return a_notice(
        symbol=f"G/TBT/N/KEN/{3000 + number}",
        title=f"Goods {number}",
        products_covered="Goods",
        hs_codes=(code,),
        distribution_date=date(2026, 3, 2),
    )


def revised(number: int, code: str) -> Notice:
    """A revision, which takes the place of all that was said."""
    return a_notice(
        symbol=f"G/TBT/N/KEN/{3000 + number}/Rev.1",
        type="revision",
        title=f"Goods {number}",
        products_covered="Goods",
        hs_codes=(code,),
        distribution_date=date(2026, 3, 3),
    )


def told(service: SmallService) -> list[tuple[str, set[int]]]:
    """Who was sent which measures, in order, after sending all that is due."""
    return [(message.recipient.partition("@")[0], _goods(message)) for message in service.sent]


def _goods(message: Message) -> set[int]:
    return {int(found) for found in re.findall(r"Goods (\d+)", message.text)}


def a_service(storage: Storage, ways: tuple[Way, ...] = (*BOTH, *SURE), **over: Any) -> tuple[SmallService, int]:
    """An enterprise that asks about batteries; its mail hears all, its boss what is direct."""
    service = SmallService(storage, clock=TurnedClock(MONDAY)).seeded()
    addresses = tuple(dict.fromkeys(one.address for one in ways)) or (MAIL,)
    asked = {"criteria": BATTERIES, "addresses": addresses, "ways": ways}
    return service, service.subscribe(**{**asked, **over}).id


def edit(service: SmallService, subscription: int, **over: Any) -> Subscription:
    """Change it."""
    service.clock.turn(seconds=1)
    done = change(subscription, Edit(**over), why="they asked", by="Li Na", desk=service.desk)
    service.clock.turn(seconds=1)
    return done.after


def digests(service: SmallService, days: int = 7) -> list[tuple[str, set[int]]]:
    """What was sent in the following days that had not been sent before."""
    before = len(service.sent)
    service.clock.turn(days=days)
    run_due_digests(desk=service.desk)
    return told(service)[before:]


def test_direct_at_once_broad_weekly(storage: Storage) -> None:
    """Mail hears the direct at once and the broad in its weekly digest; the boss hears the direct only, at once."""
    service, subscription = a_service(storage)
    service.poll([news(1), news(2, BROAD)])

    assert told(service) == [("boss", {1}), ("mail", {1})]
    assert digests(service) == [("mail", {2})]
    assert digests(service) == []
    with storage.look() as tx:
        assert tx.subscriptions.get(subscription).criteria.grade is Grade.BROAD


def test_each_address_in_its_own_rhythm(storage: Storage) -> None:
    """One piece of news, at once here, daily there and weekly elsewhere; a digest of each frequency tells it once."""
    ways = (way(MAIL, Grade.BROAD, AT_ONCE), way(BOSS, Grade.BROAD, DAILY), way(NEW, Grade.BROAD, WEEKLY))
    service, _ = a_service(storage, ways)
    service.poll([news(1)])

    assert told(service) == [("mail", {1})]
    assert digests(service, days=1) == [("boss", {1})]
    assert digests(service) == [("new", {1})]
    assert digests(service) == []


def test_what_nobody_wants_so_unsure_is_owed_to_nobody(storage: Storage) -> None:
    """News that fits the question, but no way lets through, makes no alert."""
    service, subscription = a_service(storage, (*SURE, way(MAIL, Grade.PROBABLE, WEEKLY)))
    report = service.poll([news(1, BROAD)])
    with storage.look() as tx:
        assert tx.alerts.of_subscription(subscription, report.measures[0]) == []
    assert digests(service) == []


def test_who_was_told_is_told_what_becomes_of_it(storage: Storage) -> None:
    """The boss was told of a direct measure; when it becomes a broad one, its news still comes there."""
    service, _ = a_service(storage)
    service.poll([news(1)])
    assert told(service) == [("boss", {1}), ("mail", {1})]
    service.clock.turn(days=1)
    report = service.poll([news(1), revised(1, BROAD), news(2, BROAD)])
    with storage.look() as tx:
        grades = [one.receipt.match.grade for one in tx.alerts.of_measure(report.measures[0])]
    assert grades[0] is Grade.DIRECT
    assert grades[-1] is Grade.BROAD
    assert told(service)[2:] == [("boss", {1})]
    assert digests(service) == [("mail", {1, 2})]


def test_an_address_of_two_subscriptions_hears_a_fact_once(storage: Storage) -> None:
    """By whichever comes first: the broad one comes at once for the other subscription, and not in the digest."""
    service, _ = a_service(storage)
    service.subscribe(enterprise="Other", criteria=BATTERIES_BROAD, addresses=(MAIL,))
    service.poll([news(1), news(2, BROAD)])

    assert sorted(told(service), key=str) == [("boss", {1}), ("mail", {1}), ("mail", {2})]
    assert digests(service) == []


BATTERIES_BROAD = Criteria(hs=frozenset({"8507"}), grade=Grade.BROAD)


def test_what_waits_goes_the_new_way(storage: Storage) -> None:
    """Broad news that waits for the weekly digest is told at once when broad ones are wanted at once; once."""
    service, subscription = a_service(storage)
    service.poll([news(1), news(2, BROAD)])
    assert told(service) == [("boss", {1}), ("mail", {1})]
    edit(service, subscription, ways=(way(MAIL, Grade.BROAD, AT_ONCE), *SURE))
    assert told(service)[2:] == [("mail", {2})]
    assert digests(service) == []


def test_what_was_owed_is_told_though_its_grade_is_given_up(storage: Storage) -> None:
    """Broad news that waits is told still when only direct ones are wanted from now on; never where it was not owed."""
    service, subscription = a_service(storage)
    service.poll([news(2, BROAD)])
    edit(service, subscription, ways=(way(MAIL, Grade.DIRECT, DAILY), *SURE))
    assert digests(service, days=1) == [("mail", {2})]
    service.poll([news(2, BROAD), news(3, BROAD)])
    assert digests(service) == []


def test_a_message_that_has_not_gone_out_waits_for_the_digest_asked_for_now(storage: Storage) -> None:
    """It is taken back at the address that wants it daily, and stays at the other."""
    service, subscription = a_service(storage)
    service.poll([news(1)])
    edit(service, subscription, ways=(way(MAIL, Grade.DIRECT, DAILY), *SURE))
    assert told(service) == [("boss", {1})]
    assert digests(service, days=1) == [("mail", {1})]


@pytest.mark.parametrize("first", [AT_ONCE, DAILY, WEEKLY])
def test_ways_come_and_go(storage: Storage, first: Frequency) -> None:
    """From one frequency for all to ways and back, with news at every step: each address hears each fact once."""
    service, subscription = a_service(storage, (), frequency=first, criteria=BATTERIES_BROAD, addresses=(MAIL, BOSS))
    edits: list[dict[str, Any]] = [
        {"ways": (*BOTH, way(BOSS, Grade.BROAD, DAILY))},
        {"ways": (), "frequency": WEEKLY},
        {"ways": (way(MAIL, Grade.BROAD, DAILY), way(BOSS, Grade.BROAD, WEEKLY))},
        {"ways": (), "frequency": AT_ONCE},
    ]
    published = [news(1), news(2, BROAD)]
    service.poll(published)
    for number, each in enumerate(edits):
        edit(service, subscription, **each)
        published += [news(3 + 2 * number), news(4 + 2 * number, BROAD)]
        service.poll(published)
    digests(service)
    digests(service)
    heard = [(who, one) for who, several in told(service) for one in several]
    assert sorted(heard) == sorted((who, one) for who in ("mail", "boss") for one in range(1, len(published) + 1))


def test_an_address_that_takes_anothers_place_gets_what_waited_there(storage: Storage) -> None:
    """What waits for the weekly digest of the old address, and what had not gone out to it, by the old one's ways."""
    service, subscription = a_service(storage)
    service.poll([news(1), news(2, BROAD)])
    after = edit(service, subscription, addresses=(NEW, BOSS))
    assert {(one.grade, one.frequency) for one in after.ways if one.address == NEW} == {
        (one.grade, one.frequency) for one in BOTH
    }
    assert sorted(told(service)) == [("boss", {1}), ("new", {1})]
    assert digests(service) == [("new", {2})]


def test_a_pause_holds_back_at_every_address(storage: Storage) -> None:
    """What waited is told at each by its own way when the pause is over."""
    service, subscription = a_service(storage)
    pause(subscription, until=date(2026, 3, 5), why="away", by="x", desk=service.desk)
    service.poll([news(1), news(2, BROAD)])
    assert told(service) == []
    resume(subscription, by="x", desk=service.desk)
    assert told(service) == [("boss", {1}), ("mail", {1})]
    assert digests(service) == [("mail", {2})]


def test_one_grade_for_all_is_refused_where_each_address_has_its_own(storage: Storage) -> None:
    """A frequency or grade alone would change nothing; the sentence says what to write."""
    service, subscription = a_service(storage)
    for one in ({"frequency": DAILY}, {"criteria": BATTERIES}):
        with pytest.raises(ChangeError, match="--way"):
            edit(service, subscription, **one)


def test_the_same_asked_again_elsewhere_goes_by_the_same_ways(storage: Storage) -> None:
    """It is one subscription; the new address has the ways that were asked for it."""
    service, subscription = a_service(storage, BOTH)
    again = start(
        enterprise="Ningbo Drinks",
        name="",
        criteria=BATTERIES,
        frequency=AT_ONCE,
        language="en",
        addresses=(NEW,),
        ways=tuple(replace(one, address=NEW) for one in BOTH),
        desk=service.desk,
    )
    assert (again.new, again.subscription.id) == (False, subscription)
    assert {one.address for one in again.subscription.ways} == {MAIL, NEW}


def test_versions_keep_the_ways(storage: Storage) -> None:
    """As they stood, until when."""
    service, subscription = a_service(storage)
    edit(service, subscription, ways=())
    with storage.look() as tx:
        (first,) = tx.versions.of(subscription)
        assert set(first.ways) == {*BOTH, *SURE}
        assert tx.subscriptions.get(subscription).ways == ()


def test_a_chat_with_a_new_number_keeps_its_ways(storage: Storage) -> None:
    """And what waits for it."""
    chat, moved = (Address(channel="email", target=f"{name}@example.com") for name in ("chat", "moved"))
    service, subscription = a_service(storage, (way(chat, Grade.BROAD, WEEKLY),))
    service.poll([news(1)])
    with storage.begin() as tx:
        tx.subscriptions.move_address("email", chat.target, moved.target)
        tx.moving.move_target("email", chat.target, moved.target)
        assert tx.subscriptions.get(subscription).ways == (way(moved, Grade.BROAD, WEEKLY),)
    assert digests(service) == [("moved", {1})]


def test_rules_that_make_it_surer_bring_it_late_where_it_was_too_unsure(storage: Storage) -> None:
    """Staff are asked; the mail that wants direct ones is told late, and who has it in a digest is not told again."""
    service = SmallService(storage, clock=TurnedClock(MONDAY), rulebook=SmallRulebook(FOOD, WORDS)).seeded()
    ways = (way(MAIL, Grade.DIRECT, AT_ONCE), way(BOSS, Grade.PROBABLE, DAILY))
    service.subscribe(criteria=Criteria(areas=frozenset({"toys"})), addresses=(MAIL, BOSS), ways=ways)
    goods = {"title": "Goods 1", "products_covered": "Goods", "content_summary": "A doll."}
    service.poll([a_notice(symbol="G/TBT/N/KEN/3001", hs_codes=("950300",), **goods)])
    assert told(service) == []
    in_force(service, FOOD, TOYS, WORDS)
    assert kinds(storage) == ["late"]

    decide(service)
    assert told(service) == [("mail", {1})]
    assert digests(service, days=1) == [("boss", {1})]
    in_force(service, FOOD, TOYS, {**WORDS, "why": "said otherwise"})
    assert kinds(storage) == []
    assert digests(service) == []


def test_a_message_says_how_the_address_is_told(storage: Storage) -> None:
    """At once because it is direct, and what comes in the digest; a subscription without ways says nothing of it."""
    service, _ = a_service(storage)
    service.poll([news(1)])
    said = {message.recipient: " ".join(message.text.split()) for message in service.sent}
    assert "told here: direct at once; probable, broad weekly" in said["mail@example.com"]
    assert "told here: direct at once; probable, broad not told" in said["boss@example.com"]
    service.subscribe(enterprise="Other", criteria=BATTERIES, addresses=(NEW,))
    service.poll([news(1), news(2)])
    assert "told here" not in service.sent[-1].text or service.sent[-1].recipient != NEW.target
    assert any(message.recipient == NEW.target and "told here" not in message.text for message in service.sent)


def test_an_address_that_refuses_keeps_what_waits_for_it(storage: Storage) -> None:
    """While it is ended nothing is lost: taken up again, it has its ways and its digest."""
    service, subscription = a_service(storage)
    service.poll([news(2, BROAD)])
    with storage.begin() as tx:
        tx.leaving.end(subscription, MAIL, reason="complained", detail="", delivery=None, now=service.clock())
        tx.subscriptions.leave(subscription, MAIL)
    assert digests(service) == []
    restore(MAIL, by="Li Na", desk=service.desk)
    with storage.look() as tx:
        assert {one.address for one in tx.subscriptions.get(subscription).ways} == {MAIL, BOSS}
    assert digests(service) == [("mail", {2})]


def test_who_unsubscribes_at_an_address_is_told_there_no_more(storage: Storage) -> None:
    """What waited for it is not told, also not when it is asked for again later."""
    service, subscription = a_service(storage)
    service.poll([news(1), news(2, BROAD)])
    (mail,) = (message for message in service.sent if message.recipient == MAIL.target)
    code = code_in(mail)
    end(code, reason="enough", desk=service.desk)
    edit(service, subscription, addresses=(MAIL, BOSS))
    assert digests(service) == []


def test_a_proof_says_that_nobody_wants_it_so_unsure(storage: Storage) -> None:
    """It fits what is asked; the one address that heard the broad ones is gone."""
    service, subscription = a_service(storage)
    with storage.begin() as tx:
        tx.subscriptions.leave(subscription, MAIL)
    report = service.poll([news(1, BROAD)])
    made = proof("G/TBT/N/KEN/3001", "Ningbo Drinks", desk=service.desk, language="en")
    assert [one.why for one in made.untold] == [Silence.UNSURE]
    assert "boss@example.com (direct at once; probable, broad not told)" in made.subscriptions[0].asks
    with storage.look() as tx:
        assert tx.alerts.of_subscription(subscription, report.measures[0]) == []
