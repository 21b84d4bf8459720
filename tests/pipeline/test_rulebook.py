"""Versions of the rules: installed, published, undone, never edited."""

from __future__ import annotations

import pytest

from rules.ruleset import RuleError
from subscriptions.criteria import Criteria, Match
from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.storage import Storage
from tests.builders import NOW, a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook, back_tested

WIDER = {**FOOD, "prefixes": ["22", "9503"]}


def states(storage: Storage) -> list[str]:
    """The states of all versions."""
    with storage.look() as tx:
        return [version.state for version in tx.rulesets.all()]


def test_an_empty_database_gets_the_shipped_rules(storage: Storage) -> None:
    """They are in force as version 1; installing again changes nothing."""
    book = SmallRulebook()
    installed = book.install(storage, now=NOW)
    assert (installed.version.version, installed.version.state) == (1, "active")
    again = book.install(storage, now=NOW)
    assert (again.version.version, again.version.state) == (1, "active")
    assert states(storage) == ["active"]


def test_changed_shipped_rules_wait_as_a_draft(storage: Storage) -> None:
    """A release never puts its rules over those in force; the draft is there once, however often it is installed."""
    SmallRulebook().install(storage, now=NOW)
    release = SmallRulebook(WIDER, TOYS)
    for _ in range(2):
        installed = release.install(storage, now=NOW)
        assert (installed.version.version, installed.version.state) == (2, "draft")
    with storage.look() as tx:
        assert release.in_force(tx).version == 1


def test_publishing_retires_the_version_before(storage: Storage) -> None:
    """Who and when stand with it; a version that is not a draft cannot be published."""
    SmallRulebook().install(storage, now=NOW)
    draft = SmallRulebook(WIDER, TOYS).install(storage, now=NOW).version.version
    published = publish(draft, by="Li Na", storage=storage, rulebook=SmallRulebook(), now=NOW)
    assert (published.state, published.published_by, published.published_at) == ("active", "Li Na", NOW)
    assert states(storage) == ["retired", "active"]
    for version in (1, 2):
        with pytest.raises(ValueError, match="only a draft can be published"):
            publish(version, by="Li Na", storage=storage, rulebook=SmallRulebook(), now=NOW)
    for version in (7, -1, 10**30):
        with pytest.raises(LookupError, match="there is no version"):
            publish(version, by="Li Na", storage=storage, rulebook=SmallRulebook(), now=NOW)


def test_undo_is_a_new_version_with_the_old_content(storage: Storage) -> None:
    """History is kept: undoing twice is doing it again."""
    SmallRulebook().install(storage, now=NOW)
    with pytest.raises(LookupError, match="no earlier version"):
        undo(by="Li Na", storage=storage, now=NOW)
    publish(
        SmallRulebook(WIDER, TOYS).install(storage, now=NOW).version.version,
        by="x",
        storage=storage,
        rulebook=SmallRulebook(),
        now=NOW,
    )
    third = undo(by="Li Na", storage=storage, now=NOW)
    assert states(storage) == ["retired", "retired", "active"]
    with storage.look() as tx:
        first, second, _ = tx.rulesets.all()
    assert (third.version, third.content) == (3, first.content)
    assert undo(by="Li Na", storage=storage, now=NOW).content == second.content
    assert "undo of version 2" in third.why


def test_a_draft_that_does_not_hold_is_not_published(storage: Storage) -> None:
    """It is checked whole; what is in force stays in force."""
    SmallRulebook().install(storage, now=NOW)
    content = SmallRulebook().shipped().content()
    content["rules"] = [{**FOOD, "areas": ["nowhere"]}]
    with storage.begin() as tx:
        draft = tx.rulesets.add_draft(content, fingerprint="f", by="x", why="", now=NOW)
    with pytest.raises(RuleError, match="nowhere"):
        publish(draft.version, by="x", storage=storage, rulebook=SmallRulebook(), now=NOW)
    assert states(storage) == ["active", "draft"]


def test_a_measure_is_classified_anew_when_it_is_next_looked_at(storage: Storage) -> None:
    """A running service follows rules that another process published, without being told."""
    service = SmallService(storage)
    subscription = service.subscribe(criteria=Criteria(areas=frozenset({"food"})))
    doll = a_notice(title="Dolls", products_covered="Dolls", hs_codes=("950300",), content_summary="Dolls.")
    service.poll([doll])
    assert not isinstance(subscribe.why(subscription.id, "G/TBT/N/KEN/1514", desk=service.desk).answer, Match)
    draft = SmallRulebook(WIDER, TOYS, WORDS).install(storage, now=service.clock()).version.version
    tested = back_tested(storage, draft)
    publish(draft, by="x", storage=storage, rulebook=SmallRulebook(), now=service.clock(), report=tested)

    assert isinstance(subscribe.why(subscription.id, "G/TBT/N/KEN/1514", desk=service.desk).answer, Match)
    with storage.look() as tx:
        assert tx.measures.classification(1).ruleset_version == 2
    assert service.sent == []


def test_news_is_judged_by_the_rules_in_force_when_it_is_told(storage: Storage) -> None:
    """Recorded under one version and told under the next: the receipt names the next."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=Criteria(areas=frozenset({"food"})))
    doll = a_notice(title="Dolls", products_covered="Dolls", hs_codes=("950300",), content_summary="Dolls.")
    report = service.poll([doll], alert=False)
    draft = SmallRulebook(WIDER, TOYS, WORDS).install(storage, now=service.clock()).version.version
    tested = back_tested(storage, draft)
    publish(draft, by="x", storage=storage, rulebook=SmallRulebook(), now=service.clock(), report=tested)
    service.raise_all(report)

    assert len(service.sent) == 1
    with storage.look() as tx:
        (alert,) = tx.alerts.of_subscription(1, 1)
    assert alert.receipt.classification.ruleset_version == 2
