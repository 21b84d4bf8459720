"""Which conditions a measure fails, all of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Classification, Grade
from subscriptions.criteria import Criteria, Match, Part, Refusal, Subscription
from subscriptions.index import SubscriptionIndex
from subscriptions.matching import Subject, read
from subscriptions.nearly import Misses, misses, without
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from tests.subscriptions.worlds import classifications, measures, subscriptions
from watcher.measure import Measure

MARKETS = places()


def missed(criteria: Criteria, **over: int) -> list[Part] | None:
    """The conditions that the measure of jelly drinks fails; None: it fits."""
    subject = Subject.of(a_measure(), Classification())
    found = misses(a_subscription(criteria=criteria), subject, MARKETS, **over)
    return None if isinstance(found, Match) else [one.part for one in found.refusals]


def test_every_condition_that_fails_is_found() -> None:
    """None, one, several; of many no more than are asked for."""
    assert missed(Criteria(markets=frozenset({"KEN"}))) is None
    assert missed(Criteria(markets=frozenset({"UGA"}), hs=frozenset({"22"}))) == [Part.MARKET]
    several = Criteria(markets=frozenset({"UGA"}), hs=frozenset({"95"}), exclusions=frozenset({"jelly"}))
    assert missed(several) == [Part.MARKET, Part.PRODUCT, Part.EXCLUSION]
    assert missed(several, most=1) == [Part.MARKET]


def test_a_grade_is_judged_by_what_is_left() -> None:
    """Who missed it by the grade alone did so by one; a grade that the missed product would give is not counted."""
    wide = Criteria(hs=frozenset({"2202991090"}), grade=Grade.DIRECT)
    assert missed(wide) == [Part.GRADE]
    assert missed(Criteria(hs=frozenset({"95"}), keywords=frozenset({"jelly"}), grade=Grade.DIRECT)) == [Part.PRODUCT]


@settings(max_examples=300, deadline=None)
@given(subscriptions(), measures(), classifications())
def test_it_agrees_with_the_plain_reading(
    subscription: Subscription, measure: Measure, classification: Classification
) -> None:
    """The first is the one that `read` names; without all that it names the measure fits; without fewer it does not."""
    plain = read(subscription, measure, classification, MARKETS)
    found = misses(subscription, Subject.of(measure, classification), MARKETS)
    if isinstance(plain, Match):
        assert found == plain
        return
    assert isinstance(found, Misses) and not found.more
    assert found.refusals[0] == plain
    assert len({one.part for one in found.refusals}) == len(found.refusals)
    asked = subscription
    for one in found.refusals:
        assert isinstance(read(asked, measure, classification, MARKETS), Refusal)
        asked = replace(asked, criteria=without(asked.criteria, one.part))
    assert isinstance(read(asked, measure, classification, MARKETS), Match)


@settings(max_examples=300, deadline=None)
@given(st.lists(subscriptions(), min_size=1, max_size=8), measures(), classifications())
def test_the_index_rules_out_none_that_misses_it_by_one(
    asking: list[Subscription], measure: Measure, classification: Classification
) -> None:
    """Whoever the plain reading finds fitting, or failing by one condition, is among those that the index leaves."""
    asking = [replace(one, id=number, ended_at=None) for number, one in enumerate(asking, 1)]
    subject = Subject.of(measure, classification)
    left = set(SubscriptionIndex(asking, MARKETS).near(subject))
    for one in asking:
        found = misses(one, subject, MARKETS, most=1)
        if isinstance(found, Match) or not found.more:
            assert one.id in left
