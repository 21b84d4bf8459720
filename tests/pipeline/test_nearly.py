"""Whom a measure fits and whom it misses by one condition: by the index, with the answers of reading each."""

from __future__ import annotations

from random import Random

from subscriptions.criteria import Address, Criteria, Match, Refusal
from subscriptions.matching import Subject
from subscriptions.nearly import misses
from tbtwatch.pipeline.nearly import audition
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import MARKETS, SmallService


def test_it_has_the_answers_of_reading_each(storage: Storage) -> None:
    """The same numbers, the same receipts and refusals in the same order, before and after some have changed."""
    chance = Random(7)
    service = SmallService(storage).seeded()
    for number in range(80):
        service.subscribe(
            enterprise=f"E{number % 9}",
            name=f"S{number}",
            criteria=Criteria(
                markets=frozenset(chance.sample(["KEN", "UGA", "EU", "USA"], chance.randint(0, 2))),
                hs=frozenset(chance.sample(["22", "2202", "95", "85"], chance.randint(0, 2))) or frozenset({"22"}),
                keywords=frozenset(chance.sample(["jelly", "toys", "standard"], chance.randint(0, 1))),
                exclusions=frozenset(chance.sample(["drinks", "steel"], chance.randint(0, 1))),
            ),
            addresses=(Address(channel="email", target=f"{number}@example.com"),),
        )
    service.poll([a_notice()])
    with storage.look() as tx:
        live = sorted(tx.subscriptions.live(), key=lambda one: one.id)
        measure = tx.measures.get(1)
        subject = Subject.of(measure, as_of_now(measure, tx, service.rulebook.in_force(tx)))
    plain = [(one.id, misses(one, subject, MARKETS, most=1)) for one in live]
    found = audition("KEN/1514", desk=service.desk, limit=0)

    assert found.read == len(live)
    assert [(one.subscription.id, one.match) for one in found.fitting] == [
        (id_, answer) for id_, answer in plain if isinstance(answer, Match)
    ]
    nearly: list[tuple[int, Refusal]] = [
        (id_, answer.refusals[0]) for id_, answer in plain if not isinstance(answer, Match) and not answer.more
    ]
    assert [(one.subscription.id, one.refusal) for one in found.nearly] == nearly
    assert (found.fit, found.near) == (len(found.fitting), len(nearly)) and nearly
    assert all(one.told for one in found.fitting)
    few = audition("KEN/1514", desk=service.desk, enterprise="E3")
    assert few.read == sum(one.enterprise == "E3" for one in live)
