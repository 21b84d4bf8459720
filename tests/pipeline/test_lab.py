"""A draft is tried before it is published: on what is recorded, and on what comes. Neither tells anybody anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rules.classification import Grade
from rules.override import Action
from rules.ruleset import RuleSet
from subscriptions.criteria import Criteria
from tbtwatch.pipeline import backtest as trying
from tbtwatch.pipeline.backtest import report_for, run_backtest
from tbtwatch.pipeline.evaluation import evaluate, evaluating, evaluation
from tbtwatch.pipeline.queue import queue
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.rulebook import publish
from tbtwatch.pipeline.suggest import suggest
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS
from watcher.notice import Notice

WIDER = {**FOOD, "prefixes": ["22", "9503"]}


def a_doll(number: int, **over: Any) -> Notice:
    """A measure about dolls."""
    values = {"title": "Dolls", "products_covered": "Dolls", "hs_codes": ("950300",), "content_summary": "Dolls."}
    return a_notice(symbol=f"G/TBT/N/KEN/{number}", **{**values, **over})


def a_draft(storage: Storage, service: SmallService, *rules: dict[str, Any]) -> int:
    """The number of a draft of these rules."""
    ruleset = RuleSet.load(AREAS, list(rules))
    with storage.begin() as tx:
        return tx.rulesets.add_draft(
            ruleset.content(),
            fingerprint=ruleset.fingerprint,
            by="Li Na",
            why="a try",
            based_on=tx.rulesets.active_version(),
            now=service.clock(),
        ).version


def with_news(storage: Storage, count: int = 3) -> SmallService:
    """A service with subscribers to food, and news of dolls."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe(criteria=Criteria(areas=frozenset({"food"})))
    service.subscribe(enterprise="Yiwu Toys", criteria=Criteria(areas=frozenset({"toys"})))
    service.poll([a_notice(), *(a_doll(number) for number in range(1, count + 1))])
    service.clock.turn(minutes=5)
    return service


def tried(draft: int, service: SmallService) -> dict[str, Any]:
    """The report of a back-test over the news of a year."""
    since = service.clock() - timedelta(days=365)
    report: dict[str, Any] = run_backtest(draft, since=since, by="Li Na", desk=service.desk).report.report
    return report


def test_a_back_test_says_what_changes_and_who_would_have_heard(storage: Storage) -> None:
    """Dolls become food: gained places, and one more message for each notice to who asks for food."""
    service = with_news(storage)
    report = tried(a_draft(storage, service, WIDER, TOYS, WORDS), service)
    assert (report["measures"], report["changed"], report["gained"], report["lost"]) == (4, 3, 3, 0)
    assert [(one["facet"], one["value"], one["gained"]) for one in report["tallies"]] == [("area", "food", 3)]
    example = report["examples"]["gained"][0]
    assert example["symbol"].startswith("G/TBT/N/KEN/")
    assert example["evidence"][0]["rule"] == "food-by-hs"
    assert example["evidence"][0]["quotes"] == ["950300"]
    messages = report["messages"]
    assert (messages["more"], messages["fewer"], messages["subscriptions"], messages["enterprises"]) == (3, 0, 1, 1)
    assert messages["each"][0]["enterprise"] == "Ningbo Drinks"
    assert len(messages["examples"]["more"]) == 3


def test_messages_are_counted_from_the_news_that_was_told(storage: Storage) -> None:
    """What was recorded in silence, or before that day, would have brought nobody a message; and fewer are counted."""
    service = with_news(storage)
    draft = a_draft(storage, service, FOOD)
    report = tried(draft, service)
    assert (report["lost"], report["messages"]["fewer"], report["messages"]["more"]) == (3, 3, 0)
    later = run_backtest(draft, since=service.clock(), by="", desk=service.desk).report.report
    assert (later["changed"], later["messages"]["fewer"]) == (3, 0)


def test_a_report_is_kept_and_refers_to_both_versions(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing looks it up; reading in small chunks gives the same."""
    service = with_news(storage)
    draft = a_draft(storage, service, WIDER, TOYS, WORDS)
    whole = tried(draft, service)
    monkeypatch.setattr(trying, "CHUNK", 1)
    assert tried(draft, service) == whole
    with storage.look() as tx:
        found = report_for(tx, draft, 1)
        assert found is not None
        assert (found.made_by, found.report["changed"]) == ("Li Na", 3)
        assert report_for(tx, draft, 2) is None


def test_only_a_draft_is_tried(storage: Storage) -> None:
    """The sentence says what can be."""
    service = with_news(storage)
    with pytest.raises(ValueError, match="only a draft"):
        tried(1, service)


def test_what_a_person_said_stands_in_a_back_test_too(storage: Storage) -> None:
    """A measure that somebody put into food does not gain it."""
    service = with_news(storage, count=1)
    with storage.begin() as tx:
        tx.overrides.add(
            2,
            facet="area",
            value="food",
            action=Action.ADD,
            grade=Grade.DIRECT,
            reason="dolls of marzipan",
            by="Li Na",
            seen="",
            now=service.clock(),
        )
    assert tried(a_draft(storage, service, WIDER, TOYS, WORDS), service)["changed"] == 0


def test_an_evaluation_reads_what_comes_and_tells_nobody(storage: Storage) -> None:
    """What came before is not read; what comes is, and again when it is revised."""
    service = with_news(storage)
    draft = a_draft(storage, service, WIDER, TOYS, WORDS)
    evaluate(draft, storage=storage, rulebook=service.rulebook, now=service.clock())
    assert evaluation(draft, desk=service.desk).report["measures"] == 0
    service.clock.turn(minutes=1)
    service.poll([a_doll(7)])
    assert evaluation(draft, desk=service.desk).waiting
    service.deliver()
    sent = len(service.sent)
    report = recover(desk=service.desk)
    assert (report.tried, report.reclassified) == (1, 0)
    found = evaluation(draft, desk=service.desk)
    assert (found.waiting, found.report["measures"], found.report["gained"]) == (False, 1, 1)
    assert found.report["messages"]["more"] == 1
    with storage.look() as tx:
        assert {area.area for area in tx.measures.classification(5).areas} == {"toys"}
    assert len(service.sent) == sent
    assert recover(desk=service.desk).tried == 0
    service.clock.turn(minutes=1)
    service.poll([a_doll(7, content_summary="Dolls and puppets.")])
    assert recover(desk=service.desk).tried == 1


def test_a_broken_off_evaluation_is_gone_on_with(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database knows what was done; a published version is evaluated no more."""
    monkeypatch.setattr("tbtwatch.pipeline.evaluation.CHUNK", 1)
    service = with_news(storage)
    draft = a_draft(storage, service, WIDER, TOYS, WORDS)
    evaluate(draft, storage=storage, rulebook=service.rulebook, now=service.clock())
    service.clock.turn(minutes=1)
    service.poll([a_doll(8), a_doll(9)])
    ended = evaluating(desk=service.desk)
    next(ended)
    next(ended)
    ended.close()
    with storage.look() as tx:
        assert tx.trials.count(draft) == 1
    assert recover(desk=service.desk).tried == 1
    since = service.clock() - timedelta(days=365)
    report = run_backtest(draft, since=since, by="Li Na", desk=service.desk).report.id
    publish(
        draft,
        by="Li Na",
        storage=storage,
        rulebook=service.rulebook,
        now=service.clock(),
        report=report,
        beyond_limit="dolls are food now",
    )
    service.poll([a_doll(10)])
    assert recover(desk=service.desk).tried == 0


def test_only_a_draft_is_evaluated_and_once(storage: Storage) -> None:
    """Each mistake is a sentence."""
    service = with_news(storage, count=1)
    draft = a_draft(storage, service, WIDER)
    with pytest.raises(ValueError, match="never under evaluation"):
        evaluation(draft, desk=service.desk)
    evaluate(draft, storage=storage, rulebook=service.rulebook, now=service.clock())
    with pytest.raises(ValueError, match="already"):
        evaluate(draft, storage=storage, rulebook=service.rulebook, now=service.clock())
    with pytest.raises(ValueError, match="only a draft"):
        evaluate(1, storage=storage, rulebook=service.rulebook, now=service.clock())
    with pytest.raises(LookupError):
        evaluate(99, storage=storage, rulebook=service.rulebook, now=service.clock())


def test_suggestions_are_drawn_from_what_no_rule_placed_and_what_persons_said(storage: Storage) -> None:
    """The words of ferries, which no rule knows; of the dolls somebody took out; and rules that match nothing."""
    service = with_news(storage, count=2)
    service.poll([a_ferry(number) for number in range(20, 26)])
    with storage.begin() as tx:
        for measure in (2, 3):
            tx.overrides.add(
                measure,
                facet="area",
                value="toys",
                action=Action.REMOVE,
                grade=Grade.DIRECT,
                reason="collectors' dolls are no toys",
                by="Li Na",
                seen="",
                now=service.clock(),
            )
    found = suggest(desk=service.desk)
    groups = {group.what: group for group in found.groups}
    assert (groups["in no area"].measures, groups["removed area:toys"].measures) == (6, 2)
    assert groups["in no area"].terms[0].term == "passenger ferries"
    assert "dolls" in [one.term for one in groups["removed area:toys"].terms]
    assert found.never == ()


def test_the_queue_puts_first_who_waits_longest_for_what_matters_soonest(storage: Storage) -> None:
    """Two ferries in no area: the one with the nearer deadline is first; what is sure is not in it."""
    service = with_news(storage, count=2)
    service.poll([a_ferry(20, comment_deadline=date(2026, 9, 1)), a_ferry(21, comment_deadline=date(2026, 3, 20))])
    found = queue(desk=service.desk, today=date(2026, 3, 2))
    assert (found.measures, found.doubtful) == (5, {"in no area": 2})
    assert [one.symbol for one in found.first] == ["G/TBT/N/KEN/21", "G/TBT/N/KEN/20"]
    assert found.first[0].waiting == 2
    assert {found.names[id].enterprise for one in found.first[0].candidates for id in one.examples} == {
        "Ningbo Drinks",
        "Yiwu Toys",
    }
    assert queue(desk=service.desk, today=date(2026, 3, 2), limit=1).first == found.first[:1]


def a_ferry(number: int, **over: Any) -> Notice:
    """A measure about ferries, which no rule knows."""
    values = {"title": "Passenger ferries", "products_covered": "Passenger ferries", "content_summary": "Ferries."}
    return a_notice(symbol=f"G/TBT/N/KEN/{number}", hs_codes=(), ics_codes=(), **{**values, **over})
