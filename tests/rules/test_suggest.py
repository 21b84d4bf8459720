"""Words are ranked by what they weigh at least, and rules that do nothing or the same are found in bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.classify import classify
from rules.ruleset import RuleSet
from rules.suggest import Firing, Terms, terms_of, weight_at_least
from tests.builders import a_measure
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS
from watcher.measure import Facts

FERRY = Facts(title="Safety of passenger ferries", content_summary="Passenger ferries shall carry rafts.")
LAMP = Facts(title="Lamps for passenger trains", content_summary="Energy of lamps.")


def test_terms_are_words_pairs_of_words_and_chinese_strings() -> None:
    """Nothing that stands in nearly every notification, and no pair across a comma."""
    assert {"ferries", "passenger ferries", "rafts"} <= terms_of(FERRY)
    assert not {"safety", "of", "the"} & terms_of(FERRY)
    assert "ferries rafts" not in terms_of(Facts(title="Ferries, rafts"))
    assert {"渡轮", "客运", "客运渡轮"} <= terms_of(Facts(title="客运渡轮的安全"))
    assert "安全" not in terms_of(Facts(title="客运渡轮的安全"))


def test_what_marks_a_group_out_stands_first_and_once() -> None:
    """A word that is as common elsewhere is no suggestion; of "ferries" and "passenger ferries" one is shown."""
    terms = Terms()
    for number in range(10):
        terms.add(number, FERRY)
    for _ in range(50):
        terms.compare(terms_of(LAMP))
    found = terms.ranked(5)
    assert found[0].term == "passenger ferries"
    assert (found[0].there, found[0].group, found[0].elsewhere, found[0].others) == (10, 10, 0, 50)
    assert found[0].measures == (0, 1, 2)
    assert "ferries" not in [one.term for one in found]
    assert "passenger" not in [one.term for one in found]


def test_seen_twice_does_not_stand_before_seen_often() -> None:
    """Both never stand elsewhere; the one that is surer is first."""
    assert weight_at_least(200, 1000, 0, 1000) > weight_at_least(2, 1000, 0, 1000)
    assert weight_at_least(5, 100, 50, 1000) < 0


@given(st.text(max_size=300))
def test_any_text_has_terms(text: str) -> None:
    """Nothing raises."""
    assert all(terms_of(Facts(title=text, products_covered=text)))


def test_rules_that_never_match_and_rules_that_always_agree() -> None:
    """Said from five measures on; whether they give the same is said too."""
    again = {**TOYS, "name": "blocks-by-hs"}
    idle = {**FOOD, "name": "spirits-by-hs", "prefixes": ["2208"]}
    ruleset = RuleSet.load(AREAS, [FOOD, TOYS, again, idle, WORDS])
    few, enough = Firing(), Firing()
    for number in range(5):
        classification = classify(a_measure(id=number, title="Blocks", hs_codes=("950300",)), ruleset)
        enough.add(number, classification)
        if number:
            few.add(number, classification)
    assert enough.never(ruleset) == ["food-by-hs", "spirits-by-hs", "toys-by-name"]
    assert few.agreeing(ruleset) == []
    (pair,) = enough.agreeing(ruleset)
    assert (pair.one, pair.other, pair.measures, pair.same_gift) == ("blocks-by-hs", "toys-by-hs", 5, True)
