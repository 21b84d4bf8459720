"""A rule is tried while it is written: on the newest measures only, beside the rule as it stands; nothing is kept."""

from __future__ import annotations

from typing import Any

import pytest

from rules.combining import evidence_in
from rules.ruleset import RuleSet, single_rules
from rules.trial import Trial
from tbtwatch.pipeline.rule_preview import hits_of, preview
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS

BOTH = {
    "name": "both",
    "kind": "combination",
    "areas": ["toys"],
    "why": "Code and name.",
    "all": ["toys-by-hs", "toys-by-name"],
}


def town(storage: Storage) -> SmallService:
    """A doll, a ball, and three drinks that came last."""
    service = SmallService(storage)
    titles = ("Dolls", "Balls", "Juice one", "Juice two", "Juice three")
    service.poll(
        [
            a_notice(
                symbol=f"G/TBT/N/KEN/{number}", title=title, products_covered=title, content_summary="", hs_codes=()
            )
            for number, title in enumerate(titles, 1)
        ]
    )
    return service


def tried(service: SmallService, rule: dict[str, Any], before: str | None = None, **how: Any) -> Any:
    """The preview of a rule beside version 1."""
    return preview(rule, before=before, version=1, storage=service.storage, **how)


def test_what_comes_and_goes_beside_the_rule_as_it_stands(storage: Storage) -> None:
    """New ones first, those that are lost with the words that spoke for them."""
    service = town(storage)
    found = tried(service, {**WORDS, "any": {"en": ["ball", "juice"]}}, before="toys-by-name")
    assert (found.read, found.of, found.matched, found.came, found.went) == (5, 5, 4, 4, 1)
    assert [hit.evidence[0].quotes for hit in found.lost] == [("Dolls",)]
    assert all(hit.new for hit in found.hits) and found.mistakes == ()
    assert not tried(service, {**WORDS, "any": {"en": ["ball"]}}).hits[0].new  # of a new rule nothing is
    with storage.look() as tx:
        assert [one.version for one in tx.rulesets.all()] == [1]


def test_only_the_newest_are_read(storage: Storage) -> None:
    """However many there are; the numbers say how many were."""
    service = town(storage)
    found = tried(service, {**WORDS, "any": {"en": ["doll", "juice"]}}, newest=3, shown=2)
    assert (found.read, found.of, found.matched, len(found.hits)) == (3, 5, 3, 2)
    assert [hit.measure.facts.title for hit in found.hits] == ["Juice three", "Juice two"]
    lately = hits_of("toys-by-name", version=1, storage=storage, newest=3)
    assert (lately.matched, lately.read, lately.of) == (0, 3, 5)
    assert hits_of("toys-by-name", version=1, storage=storage).matched == 1


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"must_not_match": ["A doll"]}, "matches 'A doll', which it must not"),
        ({"matches": ["Juice"]}, "does not match its own example 'Juice'"),
        ({"any": {}}, "has no words to look for"),
        ({"why": "short"}, "too short"),
        ({"kind": "regex", "any": None}, "has no patterns"),
        ({**BOTH, "all": ["nobody"]}, "names the rule 'nobody', which is not in the set"),
        ({**BOTH, "all": ["both"]}, "rests on itself"),
        ({"kind": "unknown"}, "is not a kind of rule"),
    ],
)
def test_what_is_wrong_is_said_while_it_is_written(sqlite: Storage, over: dict[str, Any], sentence: str) -> None:
    """As sentences, and never as a fault."""
    rule = {key: value for key, value in {**WORDS, **over}.items() if value is not None}
    if rule["kind"] == "combination":
        rule.pop("any")
    assert sentence in "\n".join(tried(town(sqlite), rule).mistakes)


def test_a_trial_says_what_the_whole_set_says() -> None:
    """Of a rule alone and of a combination with those it rests on."""
    rules = RuleSet.load(AREAS, [FOOD, TOYS, WORDS, BOTH]).rules
    texts = single_rules([{**BOTH, "matches": []}])[0]
    for line in ("hs=9503 | A doll", "hs=9503 | A ball", "hs=22 | A doll", "summary=Dolls are toys | hs=95"):
        measure = texts.example_measure(line)
        for rule in rules:
            assert Trial(rule, rules)(measure) == evidence_in(rules, rule, measure), (line, rule.name)
