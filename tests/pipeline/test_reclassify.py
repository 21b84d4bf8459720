"""Other rules in force: everything recorded is classified anew, and nobody is told anything by it."""

from __future__ import annotations

from datetime import date

import pytest

from rules.classify import classify
from subscriptions.criteria import Criteria
from tbtwatch.pipeline import reclassify as anew
from tbtwatch.pipeline.reclassify import Reclassified, reclassify, reclassifying, to_do
from tbtwatch.pipeline.recover import recover, recovering
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.storage import Storage
from tbtwatch.storage.measures import Wanted
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook, back_tested
from watcher.notice import Notice

WIDER = {**FOOD, "prefixes": ["22", "9503"]}


def dolls(count: int) -> list[Notice]:
    """Measures about dolls, which the wider rules take for food."""
    return [
        a_notice(
            symbol=f"G/TBT/N/KEN/{number}",
            title="Dolls",
            products_covered="Dolls",
            hs_codes=("950300",),
            content_summary="Dolls.",
        )
        for number in range(1, count + 1)
    ]


def with_wider_rules(storage: Storage, count: int = 5) -> SmallService:
    """A service with measures, after other rules came into force."""
    service = SmallService(storage)
    service.poll(dolls(count))
    draft = SmallRulebook(WIDER, TOYS, WORDS).install(storage, now=service.clock()).version.version
    report = back_tested(storage, draft)
    publish(draft, by="Li Na", storage=storage, rulebook=SmallRulebook(), now=service.clock(), report=report)
    return service


def in_area(storage: Storage, area: str) -> int:
    """How many measures are found by an area."""
    with storage.look() as tx:
        return tx.measures.search(Wanted(area=area))[0]


def waiting(storage: Storage) -> int:
    """How many measures are still to be done."""
    with storage.look() as tx:
        return to_do(tx)


def do_all(service: SmallService) -> Reclassified:
    """Classify anew to the end."""
    return reclassify(storage=service.storage, rulebook=service.rulebook, clock=service.clock)


def test_all_that_is_recorded_is_done_anew(storage: Storage) -> None:
    """A list by area follows the new rules, and after an undo the old ones; doing it again does nothing."""
    service = with_wider_rules(storage)
    assert (in_area(storage, "food"), waiting(storage)) == (0, 5)
    assert do_all(service) == Reclassified(version=2, measures=5, changed=5)
    assert (in_area(storage, "food"), waiting(storage)) == (5, 0)
    undo(by="Li Na", storage=storage, now=service.clock())
    assert do_all(service) == Reclassified(version=3, measures=5, changed=5)
    assert in_area(storage, "food") == 0
    assert do_all(service) == Reclassified(version=3)


def test_nobody_is_told(storage: Storage) -> None:
    """Neither of what fits now, nor by the digest after."""
    service = with_wider_rules(storage)
    service.subscribe(criteria=Criteria(areas=frozenset({"food"})))
    do_all(service)
    recover(desk=service.desk)
    assert service.sent == []


def test_what_is_broken_off_is_gone_on_with(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each chunk stands for itself; `recover` of the service does the rest, and a stop between two chunks is obeyed."""
    monkeypatch.setattr(anew, "CHUNK", 2)
    service = with_wider_rules(storage)
    work = reclassifying(storage=storage, rulebook=service.rulebook, clock=service.clock)
    assert next(work) == 2
    work.close()
    assert (in_area(storage, "food"), waiting(storage)) == (2, 3)
    service_stops = recovering(desk=service.desk)
    while waiting(storage) == 3:
        next(service_stops)
    service_stops.close()
    assert waiting(storage) == 1
    assert recover(desk=service.desk).reclassified == 1
    assert (in_area(storage, "food"), waiting(storage)) == (5, 0)


def test_rules_published_meanwhile_are_followed(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done by the version before is done again; no measure goes back to earlier rules."""
    monkeypatch.setattr(anew, "CHUNK", 2)
    service = with_wider_rules(storage)
    work = reclassifying(storage=storage, rulebook=service.rulebook, clock=service.clock)
    next(work)
    undo(by="Li Na", storage=storage, now=service.clock())
    assert len(list(work)) == 3
    assert (in_area(storage, "food"), waiting(storage)) == (0, 0)


def test_one_that_cannot_be_classified_keeps_nobody_from_it(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted and stays to be done."""
    service = with_wider_rules(storage)

    def fails_at_three(measure, ruleset):  # type: ignore[no-untyped-def]
        if measure.threads == ("G/TBT/N/KEN/3",):
            raise ValueError("a fault of ours")
        return classify(measure, ruleset)

    monkeypatch.setattr(anew, "classify", fails_at_three)
    report = do_all(service)
    assert (report.measures, report.broken, waiting(storage)) == (4, 1, 1)


def test_a_first_poll_of_the_service_is_classified_afterwards(storage: Storage) -> None:
    """Nobody is told of it: all sources are read first. What follows is judged by the rules in force all the same."""
    service = SmallService(storage)
    service.poll(dolls(3), classify_later=True)
    assert (waiting(storage), in_area(storage, "toys")) == (3, 0)
    service.subscribe(criteria=Criteria(areas=frozenset({"toys"})))

    addendum = a_notice(
        symbol="G/TBT/N/KEN/1/Add.1",
        type="addendum",
        title="Dolls",
        content_summary="The deadline for comments is extended.",
        distribution_date=date(2026, 3, 2),
    )
    service.poll([*dolls(3), addendum], classify_later=True)
    assert (waiting(storage), in_area(storage, "toys")) == (2, 1)
    assert len(service.sent) == 1

    assert do_all(service) == Reclassified(version=1, measures=2, changed=0)
    assert (waiting(storage), in_area(storage, "toys")) == (0, 3)
    assert len(service.sent) == 1


def test_news_is_classified_at_once(storage: Storage) -> None:
    """A live source's new measure is somebody's alert."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=Criteria(areas=frozenset({"toys"})))
    service.poll(dolls(2), classify_later=True)
    assert (waiting(storage), in_area(storage, "toys"), len(service.sent)) == (0, 2, 2)
