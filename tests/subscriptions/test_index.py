"""The index answers for all subscriptions at once what the plain reading answers for each."""

from __future__ import annotations

import itertools
import random
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Classification, Grade
from rules.terms import fold, is_word_character, occurs
from subscriptions.criteria import Match, Subscription
from subscriptions.index import SubscriptionIndex
from subscriptions.matching import read
from subscriptions.phrases import Phrases, can_occur, pieces
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from tests.subscriptions.worlds import (
    WORDS,
    classifications,
    drawn_measure,
    drawn_subscription,
    measures,
    subscriptions,
    texts,
)
from watcher.markets import Markets
from watcher.measure import Measure

MARKETS = places()
LETTERS = "ab1 -.'’éя锂电\u0e01\u093e\u0301\u200b\u0915ｱ_½"
ENDED = datetime(2026, 2, 1, tzinfo=UTC)


def by_reading(
    live: list[Subscription], measure: Measure, classification: Classification, markets: Markets = MARKETS
) -> list[Match]:
    """The matches, found by reading every subscription."""
    answers = (read(one, measure, classification, markets) for one in sorted(live, key=lambda one: one.id))
    return [answer for answer in answers if isinstance(answer, Match)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(subscriptions(), max_size=15, unique_by=lambda one: one.id),
    st.lists(st.tuples(measures(), classifications()), min_size=1, max_size=3),
)
def test_the_index_equals_the_plain_reading(
    live: list[Subscription], cases: list[tuple[Measure, Classification]]
) -> None:
    """Same subscriptions, same grades, same receipts, for groups, wide codes, exclusions and Chinese words alike."""
    index = SubscriptionIndex(live, MARKETS)

    for measure, classification in cases:
        expected = by_reading(live, measure, classification)
        hits = index.find(measure, classification)

        assert index.match(measure, classification) == expected
        assert list(hits.ids) == [match.subscription for match in expected]
        assert len(hits) == len(expected)
        for grade, ids in ((Grade.DIRECT, hits.direct), (Grade.PROBABLE, hits.probable), (Grade.BROAD, hits.broad)):
            assert list(ids) == [match.subscription for match in expected if match.grade is grade]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_index_equals_the_plain_reading_among_many(seed: int) -> None:
    """A hundred subscriptions, half of them replaced or gone again, and ten measures, drawn by plain chance."""
    chance = random.Random(seed)
    live = {number: drawn_subscription(chance, number) for number in range(100)}
    index = SubscriptionIndex(live.values(), MARKETS)
    for number in chance.sample(range(100), 50):
        if number % 2:
            live[number] = drawn_subscription(chance, number)
            index.replace(live[number])
        else:
            del live[number]
            index.remove(number)

    for measure, classification in (drawn_measure(chance) for _ in range(10)):
        expected = by_reading(list(live.values()), measure, classification)
        assert index.match(measure, classification) == expected
        assert list(index.find(measure, classification).ids) == [match.subscription for match in expected]


CHANGES = st.one_of(
    st.tuples(st.just("add"), subscriptions(ids=st.integers(1, 12))),
    st.tuples(st.just("end"), subscriptions(ids=st.integers(1, 12))),
    st.tuples(st.just("remove"), st.integers(1, 12)),
    st.tuples(st.just("settle"), st.none()),
    st.tuples(st.just("regroup"), st.booleans()),
    st.tuples(st.just("match"), st.tuples(measures(), classifications())),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(subscriptions(ids=st.integers(1, 12)), max_size=8), st.lists(CHANGES, max_size=25))
def test_the_index_follows_every_change(start: list[Subscription], changes: list[tuple[str, object]]) -> None:
    """After any adds, replacements, ends, removals and changes of groups it equals the reading of who is left."""
    live = {one.id: one for one in start}
    markets = MARKETS
    index = SubscriptionIndex(start, markets)

    for verb, subject in changes:
        match verb, subject:
            case "add", Subscription():
                live[subject.id] = subject
                index.add(subject)
            case "end", Subscription():
                live.pop(subject.id, None)
                index.replace(a_subscription(id=subject.id, criteria=subject.criteria, ended_at=ENDED))
            case "remove", int():
                assert index.remove(subject) == (live.pop(subject, None) is not None)
            case "settle", _:
                index.settle()
            case "regroup", bool():
                markets = places(eac_has_vietnam=subject)
                index.regroup(markets)
            case "match", (Measure() as measure, Classification() as classification):
                assert index.match(measure, classification) == by_reading(
                    list(live.values()), measure, classification, markets
                )
    assert [(one.id, one.version, one.criteria) for one in index] == [
        (one.id, one.version, one.criteria) for _, one in sorted(live.items())
    ]
    assert len(index) == len(live)


def test_an_index_without_anybody_left_holds_nothing() -> None:
    """Removing everyone leaves no set behind, so that years of comings and goings do not fill the memory."""
    people = [
        a_subscription(id=number, markets={"EAC"}, hs={f"22{number:04d}"}, ics={"67.160"}, keywords={f"word{number}"})
        for number in range(200)
    ]
    index = SubscriptionIndex(people, MARKETS)
    for one in people:
        index.remove(one.id)

    assert (len(index), list(index), len(index._words), len(index._sets), len(index._phrases)) == (0, [], 0, 0, 0)
    assert index.match(a_measure(), Classification()) == []
    index.add(people[7])
    assert [one.criteria for one in index] == [people[7].criteria]


def test_an_ended_subscription_is_never_in() -> None:
    """Neither at building nor by being added; adding the ended version of one takes it out."""
    ended = a_subscription(id=5, ended_at=ENDED)
    index = SubscriptionIndex([ended, a_subscription(id=6)], MARKETS)
    assert 5 not in index and [match.subscription for match in index.match(a_measure(), Classification())] == [6]

    index.add(a_subscription(id=6, ended_at=ENDED))
    assert 6 not in index and index.match(a_measure(), Classification()) == []


def test_a_new_version_takes_the_place_of_the_old() -> None:
    """After a change of criteria the old question is not answered any more, and the receipt has the new version."""
    index = SubscriptionIndex([a_subscription(markets={"KEN"})], MARKETS)
    index.add(a_subscription(version=2, markets={"VNM"}))

    assert index.match(a_measure(), Classification()) == []
    vietnam = index.match(a_measure(notifying_members=("VNM",)), Classification())
    assert [match.version for match in vietnam] == [2]


def test_a_group_that_changes_is_followed_at_once() -> None:
    """A subscription to a group reaches a new member of it without being made anew, and no more one that left."""
    index = SubscriptionIndex([a_subscription(markets={"EAC"})], MARKETS)
    vietnam = a_measure(notifying_members=("VNM",))
    assert index.match(vietnam, Classification()) == []

    index.regroup(places(eac_has_vietnam=True))
    assert len(index.match(vietnam, Classification())) == 1

    index.regroup(places(eac_has_vietnam=False))
    assert index.match(vietnam, Classification()) == []
    assert list(index.find(vietnam, Classification()).ids) == []


@pytest.mark.parametrize("number", [-1, 2**32])
def test_an_id_that_no_bitmap_can_hold_is_refused_and_changes_nothing(number: int) -> None:
    """The sentence names the id; the index stays as it was."""
    index = SubscriptionIndex([a_subscription()], MARKETS)

    with pytest.raises(ValueError, match=str(number)):
        index.add(a_subscription(id=number))
    assert len(index) == 1


def test_a_hit_leaves_the_index_as_it_was() -> None:
    """Asking twice gives the same answer: no set of the index is changed by being asked."""
    people = [a_subscription(id=number, hs={"22"}, grade=Grade.BROAD) for number in range(1, 50)]
    index = SubscriptionIndex(people, MARKETS)

    first = index.find(a_measure(), Classification())
    first.direct.clear()
    assert list(index.find(a_measure(), Classification()).ids) == list(range(1, 50))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("add", "discard", "find")), st.sampled_from(WORDS)), max_size=40),
    texts(),
)
def test_phrases_come_and_go_without_a_wrong_answer(steps: list[tuple[str, str]], text: str) -> None:
    """However phrases are added and dropped, what is found is what occurs, phrase by phrase."""
    phrases, held = Phrases(WORDS[:4]), set(WORDS[:4])
    for verb, word in [*steps, ("find", "")]:
        if verb == "add":
            phrases.add(word)
            held.add(word)
        elif verb == "discard":
            phrases.discard(word)
            held.discard(word)
        else:
            lookable = {one for one in held if can_occur(one)}
            assert phrases.found_in(fold(text)) == {one for one in lookable if occurs(one, text)}
            assert len(phrases) == len(lookable)
            assert all((one in phrases) == (one in lookable) for one in WORDS)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=6), st.text(LETTERS, max_size=30))
def test_phrases_of_any_script_are_found_where_they_occur(asked: list[str], text: str) -> None:
    """Signs inside words, blanks beside Chinese, hyphens, vowel signs, digits, marks that stand for nothing."""
    asked = [one for one in asked if can_occur(one)]
    assert Phrases(asked).found_in(fold(text)) == {one for one in asked if occurs(one, text)}


def test_where_a_word_ends_is_the_same_for_every_character() -> None:
    """The pieces of a text are cut by the very rule of `rules.terms`, whatever Python holds a letter to be."""
    for start in range(0, sys.maxunicode + 1, 64):
        for code in range(start, start + 64):
            folded = fold(f"a{chr(code)}b").text
            cut = [0, *(at for at in range(1, len(folded)) if not both_of_one_word(folded, at)), len(folded)]
            parts = [folded[begin:end] for begin, end in itertools.pairwise(cut)]
            assert pieces(folded) == [part for part in parts if part != " "], hex(code)


def both_of_one_word(text: str, place: int) -> bool:
    """Whether the characters before and after a place are of one word."""
    return is_word_character(text[place - 1]) and is_word_character(text[place])


def test_one_new_keyword_is_found_at_once_among_many() -> None:
    """Five thousand phrases are not made anew for it: to let one in takes no more steps than into an empty set."""
    phrases = Phrases(f"phrase number{number}" for number in range(5_000))
    phrases.add("pomelo")
    phrases.discard("phrase number78")

    assert phrases.found_in(fold("Pomelos, phrase number77 and phrase number78")) == {"pomelo", "phrase number77"}
    assert len(phrases) == 5_000
