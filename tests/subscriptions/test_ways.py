"""By which way news reaches an address."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from subscriptions.ways import (
    SOONEST,
    WaysError,
    at_all,
    carried_over,
    checked,
    frequency_at,
    lets_through,
    owed_at,
    way_for,
    ways_at,
)

MAIL, OTHER, CHAT = (
    Address(channel=channel, target=target)
    for channel, target in (("email", "a@example.com"), ("email", "b@example.com"), ("telegram", "123"))
)
ADDRESSES = st.sets(st.sampled_from([MAIL, OTHER, CHAT]), min_size=1).map(
    lambda several: tuple(sorted(several, key=lambda one: (one.channel, one.target)))
)
PAIRS = st.tuples(st.sampled_from(Grade), st.sampled_from(Frequency))


def way(address: Address, grade: Grade, frequency: Frequency) -> Way:
    """Shorter."""
    return Way(address=address, grade=grade, frequency=frequency)


@st.composite
def subscriptions(draw: st.DrawFn) -> Subscription:
    """With ways to all of its addresses, or with none."""
    addresses = draw(ADDRESSES)
    grade, frequency = draw(PAIRS)
    ways: tuple[Way, ...] = ()
    if draw(st.booleans()):
        ways = tuple(way(one, *pair) for one in addresses for pair in draw(st.sets(PAIRS, min_size=1, max_size=3)))
    return Subscription(
        id=1,
        enterprise="E",
        name="n",
        criteria=Criteria(grade=grade),
        frequency=frequency,
        addresses=addresses,
        ways=ways,
        started_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@given(st.lists(PAIRS, min_size=1), st.sampled_from(Grade))
def test_the_soonest_way_that_lets_it_through_is_taken(pairs: list[tuple[Grade, Frequency]], grade: Grade) -> None:
    """Of all ways that want news so unsure none is sooner; if none wants it, none is taken."""
    ways = [way(MAIL, *pair) for pair in pairs]
    taken = way_for(ways, grade)
    open_ = [one for one in ways if one.grade.rank >= grade.rank]
    assert (taken is None) == (not open_)
    assert taken is None or SOONEST.index(taken.frequency) == min(SOONEST.index(one.frequency) for one in open_)


@given(subscriptions())
def test_surer_news_is_told_no_later(subscription: Subscription) -> None:
    """Whoever hears the unsure hears the sure, as soon or sooner."""
    for address, (sure, unsure) in product(subscription.addresses, product(Grade, Grade)):
        if sure.at_least(unsure) and lets_through(subscription, address, unsure):
            assert lets_through(subscription, address, sure)
            soon = [SOONEST.index(frequency_at(subscription, address, grade)) for grade in (sure, unsure)]
            assert soon == sorted(soon)


@given(subscriptions(), st.sampled_from(Grade))
def test_without_a_change_each_address_goes_its_own_way(subscription: Subscription, grade: Grade) -> None:
    """It is owed where a way lets it through and nowhere else; without ways everywhere, as the frequency says."""
    owed = owed_at(subscription, subscription, grade)
    for address in subscription.addresses:
        taken = way_for(ways_at(subscription, address), grade)
        if subscription.ways:
            assert owed.get(address) == (taken.frequency if taken else None)
        else:
            assert owed[address] is subscription.frequency


@given(subscriptions(), subscriptions(), st.sampled_from(Grade), st.sets(st.sampled_from([MAIL, OTHER, CHAT])))
def test_a_change_takes_no_news_away(asked: Subscription, now: Subscription, grade: Grade, told: set[Address]) -> None:
    """What an address that stays was owed by its old ways it is owed; so is one that was told of the measure. What was
    owed at one that has left is owed at all that have come."""
    owed = owed_at(asked, now, grade, told)
    before = owed_at(asked, asked, grade)
    stayed, came = set(now.addresses) & set(asked.addresses), set(now.addresses) - set(asked.addresses)
    assert set(owed) & stayed == (set(before) | told) & stayed
    if set(before) - set(now.addresses):
        assert came <= set(owed)
    for address, frequency in owed.items():
        assert frequency is frequency_at(now, address, grade)


@given(subscriptions(), ADDRESSES)
def test_ways_are_to_all_addresses_or_none(before: Subscription, addresses: tuple[Address, ...]) -> None:
    """Also after a move; an address that stays keeps its own."""
    try:
        ways = carried_over(before, addresses)
    except WaysError:
        return  # drawn without care: one would never be taken
    assert {one.address for one in ways} == (set(addresses) if ways else set())
    for address in set(addresses) & set(before.addresses) if before.ways else ():
        assert {one for one in ways if one.address == address} == set(ways_at(before, address))


def test_who_takes_anothers_place_has_its_ways() -> None:
    """A new mail address is told as the old mail address was, whatever the chat wants."""
    before = Subscription(
        id=1,
        enterprise="E",
        name="n",
        criteria=Criteria(),
        addresses=(MAIL, CHAT),
        ways=(way(MAIL, Grade.BROAD, Frequency.WEEKLY), way(CHAT, Grade.DIRECT, Frequency.IMMEDIATE)),
        started_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    assert carried_over(before, (OTHER, CHAT)) == (
        way(OTHER, Grade.BROAD, Frequency.WEEKLY),
        way(CHAT, Grade.DIRECT, Frequency.IMMEDIATE),
    )


def test_a_way_that_is_never_taken_is_refused() -> None:
    """It would mislead: direct weekly beside broad at once, or two for one grade."""
    at_once = way(MAIL, Grade.BROAD, Frequency.IMMEDIATE)
    for idle in (way(MAIL, Grade.DIRECT, Frequency.WEEKLY), way(MAIL, Grade.BROAD, Frequency.DAILY)):
        with pytest.raises(WaysError, match="would never be taken"):
            checked([at_once, idle])
    assert len(checked([way(MAIL, Grade.DIRECT, Frequency.IMMEDIATE), way(MAIL, Grade.BROAD, Frequency.WEEKLY)])) == 2


def test_an_address_without_ways_is_told_as_was_asked_for_all() -> None:
    """Beside others that have ways of their own."""
    ways = at_all(
        [way(MAIL, Grade.BROAD, Frequency.WEEKLY)], [MAIL, CHAT], grade=Grade.DIRECT, frequency=Frequency.DAILY
    )
    assert way(CHAT, Grade.DIRECT, Frequency.DAILY) in ways
    assert at_all([], [MAIL], grade=Grade.DIRECT, frequency=Frequency.DAILY) == ()
