"""What subscriptions ask is kept as runs of numbers: whatever is put is got back, however much came and went."""

from __future__ import annotations

import random
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Classification
from subscriptions.asked import REST, Asked
from subscriptions.criteria import Criteria
from subscriptions.filed import Filed
from subscriptions.index import SubscriptionIndex
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from tests.subscriptions.worlds import criteria, drawn_subscription
from watcher.measure import ChangeKind

STEPS = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 40), st.lists(st.integers(0, 9), min_size=1, max_size=4)),
    st.tuples(st.just("take"), st.integers(0, 40), st.none()),
    st.tuples(st.just("settle"), st.just(0), st.none()),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=60))
def test_what_is_filed_is_what_a_dictionary_would_hold(steps: list[tuple[str, int, list[int] | None]]) -> None:
    """Ids in any order, taken and put again, longer and shorter than before, packed now and then."""
    filed, expected = Filed(), dict[int, tuple[int, list[int]]]()
    for version, (verb, id, numbers) in enumerate(steps):
        if verb == "put" and numbers is not None:
            filed.take(id)
            filed.put(id, version, numbers)
            expected[id] = version, numbers
        elif verb == "take":
            taken, held = filed.take(id), expected.pop(id, None)
            assert (None if taken is None else list(taken)) == (None if held is None else held[1])
        else:
            filed.settle()
        assert len(filed) == len(expected) and (id in filed) == (id in expected)
    assert list(filed) == sorted(expected)
    for id, (version, numbers) in expected.items():
        found = filed.run(id)
        assert found is not None and (found[0], list(found[1])) == (version, numbers)


def test_the_arrays_do_not_grow_with_the_number_of_changes() -> None:
    """A hundred subscriptions changed a hundred thousand times take the room of a few thousand."""
    filed = Filed()
    for step in range(100_000):
        filed.take(step % 100)
        filed.put(step % 100, step, [step] * 10)
    assert len(filed) == 100
    assert len(filed._numbers) < 200_000


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(criteria(), st.frozensets(st.sampled_from(ChangeKind))), min_size=1, max_size=6))
def test_a_question_is_the_same_after_it_was_numbers(asked: list[tuple[Criteria, frozenset[ChangeKind]]]) -> None:
    """Every field comes back as it was filed: spellings, empty conditions, kinds of change."""
    questions = [
        Criteria(**{field.name: getattr(one, field.name) for field in fields(Criteria)} | {"changes": changes})
        for one, changes in asked
    ]
    numbers = Asked()
    runs = [numbers.numbers(one)[0] for one in questions]
    assert [numbers.criteria(run) for run in runs] == questions


def test_every_condition_has_sets_of_its_own() -> None:
    """Which kinds of change are wanted is judged apart; a condition added to `Criteria` must be added to the index."""
    assert REST == ("changes",)


def test_a_number_is_given_again_and_means_the_new_thing_alone() -> None:
    """After ten thousand subscribers with words of their own have come and gone, no more numbers are in use."""
    index = SubscriptionIndex((), places())
    for step in range(10_000):
        index.add(a_subscription(id=1 + step % 20, keywords={f"word{step}"}, hs={f"{step:06d}"}))
    assert len(index) == 20 and len(index._words) < 60 and len(index._words._meanings) < 80
    assert {word for one in index for word in one.criteria.keywords} == {f"word{step}" for step in range(9_980, 10_000)}


def test_the_order_in_which_subscriptions_come_makes_no_difference() -> None:
    """From the last to the first, or one by one beside a full index: the same hits and the same questions."""
    chance = random.Random(7)
    people = [drawn_subscription(chance, number) for number in range(200)]
    upward, downward = SubscriptionIndex(people, places()), SubscriptionIndex(reversed(people), places())
    downward.settle()
    one_by_one = SubscriptionIndex((), places())
    for one in chance.sample(people, len(people)):
        one_by_one.add(one)

    assert list(upward) == list(downward) == list(one_by_one)
    answers = [each.match(a_measure(), Classification()) for each in (upward, downward, one_by_one)]
    assert answers[0] == answers[1] == answers[2]
