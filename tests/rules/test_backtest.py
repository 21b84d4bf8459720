"""A back-test says exactly what classifying twice would say, and shows the same examples in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.backtest import EXAMPLES, Backtest, Comparison, Differences, Sort, backtest, differing
from rules.classification import Grade
from rules.classify import classify
from rules.ruleset import RuleSet
from tests.builders import a_measure
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS
from watcher.measure import Measure

FACETS = {"kind": {"labelling": {"en": "Labelling"}}}
LABELS = {
    "name": "labels",
    "kind": "keyword",
    "gives": {"kind": ["labelling"]},
    "why": "Labels are what it is about.",
    "any": {"en": ["energy classes"], "zh": ["能效标识"]},
}
TOGETHER = {
    "name": "toys-with-labels",
    "kind": "combination",
    "areas": ["food"],
    "all": ["toys-by-name"],
    "why": "It is there to rest on another rule.",
}
CHOICES: tuple[tuple[dict[str, Any], ...], ...] = (
    (FOOD, {**FOOD, "prefixes": ["22", "9503"]}, {**FOOD, "grade": "probable"}),
    (TOYS, {**TOYS, "but_not": ["950300"]}),
    (WORDS, {**WORDS, "none": ["puppet"]}, {**WORDS, "any": ["puppet"]}),
    (LABELS, {**LABELS, "grade": "broad"}),
    (TOGETHER,),
)
TITLES = ("Toys and dolls", "Puppet energy classes", "玩具能效标识", "Jelly drinks", "")


@cache
def a_set(choice: tuple[int | None, ...], version: int) -> RuleSet:
    """The rules of one choice; None leaves one out."""
    rules = [several[one] for several, one in zip(CHOICES, choice, strict=True) if one is not None]
    if "toys-by-name" not in [rule["name"] for rule in rules]:
        rules = [rule for rule in rules if rule is not TOGETHER]
    return RuleSet.load(AREAS, rules or [FOOD], version, facets=FACETS)


a_choice = st.tuples(*(st.none() | st.integers(0, len(several) - 1) for several in CHOICES))
measures = st.lists(
    st.builds(
        lambda id, title, summary, hs: a_measure(id=id, title=title, content_summary=summary, hs_codes=hs),
        st.integers(1, 50),
        st.sampled_from(TITLES),
        st.sampled_from(TITLES),
        st.sampled_from([(), ("2202",), ("9503",), ("950300",), ("22", "95")]),
    ),
    max_size=30,
    unique_by=lambda measure: measure.id,
)


def twice(draft: RuleSet, active: RuleSet, several: Sequence[Measure]) -> Backtest:
    """The plain reading: classify all by both."""
    found = Differences()
    for measure in several:
        found.add(measure, classify(measure, active), classify(measure, draft))
    return found.backtest()


@settings(max_examples=60, deadline=None)
@given(measures, a_choice, a_choice, st.randoms())
def test_it_equals_classifying_twice_in_any_order(several: list[Measure], one: Any, other: Any, chance: Any) -> None:
    """Whatever the rules and however few of them differ; examples too."""
    draft, active = a_set(one, 2), a_set(other, 1)
    expected = twice(draft, active, several)
    chance.shuffle(several)
    assert backtest(draft, active, several) == expected


def test_gained_lost_and_regraded_with_the_words() -> None:
    """Each with the rule and the quotes that speak for it."""
    active, draft = a_set((0, 0, 0, None, None), 1), a_set((2, None, 0, None, None), 2)
    found = backtest(draft, active, [a_measure(id=1), a_measure(id=2, hs_codes=("950300",), title="Blocks")])
    assert (found.measures, found.changed) == (2, 2)
    assert [(t.facet, t.value, t.gained, t.lost, t.raised, t.lowered) for t in found.tallies] == [
        ("area", "food", 0, 0, 0, 1),
        ("area", "toys", 0, 1, 0, 0),
    ]
    (lost,) = found.examples[Sort.LOST]
    assert (lost.measure, lost.difference.before, lost.difference.after) == (2, Grade.DIRECT, None)
    assert [(e.rule, e.quotes) for e in lost.difference.evidence] == [("toys-by-hs", ("950300",))]
    assert found.count(Sort.LOST) == 1
    assert found.count(Sort.REGRADED, "area") == 1
    assert found.count(Sort.GAINED) == 0


def test_ten_examples_of_each_sort_and_no_more() -> None:
    """However many there are, memory is bounded."""
    found = backtest(
        a_set((1, 0, 0, 0, None), 2), a_set((0, 0, 0, 0, None), 1), (toy(number) for number in range(1000))
    )
    assert (found.changed, len(found.examples[Sort.GAINED])) == (1000, EXAMPLES)


def toy(number: int) -> Measure:
    """A measure about toys."""
    return a_measure(id=number + 1, hs_codes=("950300",), title="Blocks")


def test_a_set_does_not_differ_from_itself() -> None:
    """Nothing is read in full for it."""
    same = a_set((0, 0, 0, 0, None), 1)
    assert differing(same, same) == frozenset()
    assert Comparison(a_set((0, 0, 0, 0, None), 2), same)(a_measure()) is None
