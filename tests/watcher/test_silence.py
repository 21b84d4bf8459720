"""When a source is called silent, and when no longer, from its polls alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.lulls import false_alarms, messages, recoveries
from tests.watcher.test_health import DAY, HOUR, MARKETS, MONDAY, a_poll, told
from watcher.health import Cause, Health, State
from watcher.silence import LOOKED_BACK_ON, SURE, PollFact, Result, too_few


def test_a_week_of_nothing_where_there_are_ten_a_week_is_silence() -> None:
    """Silence is told from the last new document on, in working days, with what was to be expected."""
    polls = [a_poll(MONDAY), a_poll(MONDAY + HOUR, documents=3), a_poll(MONDAY + 8 * DAY)]
    silent = told(polls, MONDAY + 8 * DAY + timedelta(minutes=1), expected_per_week=10)
    assert (silent.state, silent.cause, silent.since) == (State.SILENT, Cause.SILENT, polls[1].ended_at)
    assert "5 working days" in silent.sentence and "10 documents" in silent.sentence
    assert told(polls, MONDAY + 8 * DAY + timedelta(minutes=1)).state is State.HEALTHY  # no rate is known


def test_a_trickle_is_silence_too() -> None:
    """One document every other day where there are four a day."""
    days = [MONDAY + number * DAY for number in range(0, 12, 2)]
    polls = [a_poll(MONDAY - HOUR), *(a_poll(day, documents=1) for day in days)]
    found = told(polls, days[-1] + HOUR, expected_per_week=20)
    assert (found.state, found.cause) == (State.SILENT, Cause.TRICKLE)


def test_what_the_first_poll_brings_is_no_rate() -> None:
    """Ten years of history in the first poll neither hide a silence nor make one."""
    polls = [a_poll(MONDAY, documents=5000), a_poll(MONDAY + 20 * DAY, Result.UNCHANGED)]
    found = told(polls, MONDAY + 20 * DAY + HOUR, expected_per_week=10)
    assert (found.state, found.since) == (State.SILENT, polls[0].ended_at)


# --- what ends it


def by_day(*counts: int, start: datetime = MONDAY) -> list[PollFact]:
    """A poll at eight in the evening of each day from this one on, with so many new documents."""
    return [
        a_poll(start + number * DAY + 14 * HOUR, entries=40 + count, documents=count)
        for number, count in enumerate(counts)
    ]


def each_evening(polls: list[PollFact], **over: Any) -> Iterator[Health]:
    """How the source is after each of its polls."""
    for number in range(1, len(polls) + 1):
        yield told(polls[:number], polls[number - 1].ended_at, **over)


WEEKEND = (0, 0)
#: Three documents on each working day for two weeks, then nothing for two.
STOPPED = (0, 3, 3, 3, 3, *WEEKEND, 3, 3, 3, 3, 3, *WEEKEND, *(0,) * 14)


def test_documents_at_the_usual_rate_end_a_silence() -> None:
    """One document after two weeks of nothing is no rate yet; on the second usual day the source is well."""
    found = list(each_evening(by_day(*STOPPED, 1, 3, 3, 3, 3), expected_per_week=15))
    assert [(one.state, one.cause) for one in found[-6:-1]] == [
        (State.SILENT, Cause.SILENT),
        (State.SILENT, Cause.TRICKLE),
        (State.HEALTHY, Cause.FRESH),
        (State.HEALTHY, Cause.FRESH),
        (State.HEALTHY, Cause.FRESH),
    ]
    assert found[-5].sentence.startswith("only 1 new since 2026-03-13")


def test_a_backlog_ends_a_silence_at_once() -> None:
    """A publisher that lists at once what it owed for two weeks needs no further day."""
    assert list(each_evening(by_day(*STOPPED, 25), expected_per_week=15))[-1].state is State.HEALTHY


def test_a_silence_that_is_over_is_not_held_against_the_source_again() -> None:
    """Two weeks of nothing, seen from the weeks after, are no trickle."""
    after = (3, 3, 3, 3, 3, *WEEKEND) * 4
    found = list(each_evening(by_day(*STOPPED, *after), expected_per_week=15))
    assert {one.state for one in found[len(STOPPED) + 2 :]} == {State.HEALTHY}


@pytest.mark.parametrize("trickle", [(1, 0, 0, 0, 0), (0, 0, 1, 0, 2), (2, 0, 1, 0, 0), (0, 1, 1, 1, 0)])
def test_a_trickle_with_days_of_nothing_in_it_is_one_trouble(trickle: tuple[int, ...]) -> None:
    """What comes now and then is neither the end of the trouble nor the beginning of another, for months."""
    found = list(each_evening(by_day(*STOPPED[:14], *(*trickle, *WEEKEND) * 30), expected_per_week=15))
    states = [one.state for one in found]
    begins = states.index(State.SILENT)
    assert begins < 14 + 28 and set(states[begins:]) == {State.SILENT}
    assert len({one.since for one in found[begins : begins + 60]}) == 1


def test_a_trickle_is_longer_than_the_memory() -> None:
    """When all that is remembered is a trickle, it is a trickle still."""
    polls = by_day(*STOPPED[:14], *(1, 1, 0, 1, 1, *WEEKEND) * 40)
    news = [poll for poll in polls if poll.documents]
    assert len(news) > 2 * LOOKED_BACK_ON
    remembered = [polls[0], *news[-LOOKED_BACK_ON:]]
    assert told(remembered, polls[-1].ended_at, every_minutes=10_000, expected_per_week=15).state is State.SILENT


def test_the_usual_rate_ends_a_trickle() -> None:
    """Within two weeks of usual days the source is well, and stays it."""
    trickle = (1, 0, 0, 1, 0, *WEEKEND) * 6
    found = list(each_evening(by_day(*STOPPED[:14], *trickle, *(3, 4, 2, 3, 3, *WEEKEND) * 4), expected_per_week=15))
    assert found[14 + 41].state is State.SILENT
    assert {one.state for one in found[14 + 42 + 14 :]} == {State.HEALTHY}


def test_a_day_that_is_not_over_is_a_whole_day() -> None:
    """Of a source with twenty documents a day six by noon are no recovery, and thirty are."""
    usual, trickle = (20, 20, 20, 20, 20, *WEEKEND), (6, 5, 6, 4, 6, *WEEKEND)
    polls = by_day(0, *usual[1:], *usual, *trickle * 2)
    noon = MONDAY + 28 * DAY + 5 * HOUR
    assert told([*polls, a_poll(noon, documents=6)], noon + HOUR, expected_per_week=100).state is State.SILENT
    assert told([*polls, a_poll(noon, documents=30)], noon + HOUR, expected_per_week=100).state is State.HEALTHY


def test_a_day_of_rest_on_which_documents_come_is_a_day_of_work() -> None:
    """A trickle that goes on over the weekend does not recover by it."""
    usual, trickle = (20, 20, 20, 20, 20, *WEEKEND), (6, 5, 6, 4, 6, 5, 6)
    found = list(each_evening(by_day(0, *usual[1:], *usual, *trickle * 3), expected_per_week=100))
    assert {one.state for one in found[14 + 5 :]} == {State.SILENT}


def test_an_outage_is_no_trickle() -> None:
    """After three weeks without an answer a list holds twelve documents; what was lost is not held against it."""
    polls = [a_poll(MONDAY + day * DAY, documents=3 if day % 7 < 5 else 0) for day in range(21)]
    polls += [a_poll(MONDAY + 42 * DAY, documents=12), *by_day(3, 2, 3, 4, start=MONDAY + 43 * DAY)]
    assert {one.state for one in list(each_evening(polls, expected_per_week=15))[21:]} == {State.HEALTHY}


# --- by chance


def test_false_alarms_are_rare() -> None:
    """Fourteen years of sources that bring what they should, at rates from one a fortnight to six a day."""
    alarms = sum(2 * false_alarms(rate, 2, Random(f"alarms {rate}")) for rate in (0.5, 1, 3, 7, 10, 16, 30))
    assert alarms <= 1


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.3])
def test_a_trickle_is_one_trouble(share: float) -> None:
    """Of sources that bring a twentieth to a third of what they should for half a year, nearly all are told of once."""
    told_of = [count for rate in (1, 3, 10, 30) for count in messages(rate, share, 6, Random(f"{share} {rate}"))]
    assert sum(count > 2 for count in told_of) <= 3
    assert sum(count == 0 for count in told_of) <= 3  # by chance some are too near the bound for half a year


@pytest.mark.parametrize(("share", "lull", "half", "most"), [(0.0, 25, 5, 14), (0.2, 60, 18, 40)])
def test_a_recovery_is_seen_soon(share: float, lull: float, half: float, most: float) -> None:
    """After a silence, when few documents should have come; after a trickle, when some twenty should."""
    expected = sorted(
        day * rate / 5
        for rate in (1, 3, 10)
        for day in recoveries(rate, share, lull, 10, Random(f"recovery {share} {rate}"))
    )
    assert len(expected) >= 27
    assert expected[len(expected) // 2] <= half and expected[len(expected) * 9 // 10] <= most


# --- the bound


@settings(deadline=None, max_examples=60)
@given(
    market=st.sampled_from(MARKETS),
    rate=st.floats(0.5, 500),
    gaps=st.lists(st.integers(1, 120), min_size=1, max_size=12),
    counts=st.lists(st.integers(1, 30), min_size=12, max_size=12),
    wait=st.integers(1, 60),
)
def test_silence_only_deepens_until_a_document_comes(
    market: str | None, rate: float, gaps: list[int], counts: list[int], wait: int
) -> None:
    """Who is silent is silent an hour and a month later, if nothing new has come."""
    polls, at = [a_poll(MONDAY)], MONDAY
    for gap, count in zip(gaps, counts, strict=False):
        at += gap * HOUR
        polls.append(a_poll(at, documents=count))
    was = False
    for hours in (wait, wait + 24, wait + 24 * 5, wait + 24 * 31):
        now = at + hours * HOUR
        is_now = told([*polls, a_poll(now, Result.UNCHANGED)], now, market=market, expected_per_week=rate)
        assert is_now.state in (State.HEALTHY, State.SILENT)
        assert not (was and is_now.state is State.HEALTHY)
        was = was or is_now.state is State.SILENT


@settings(deadline=None, max_examples=100)
@given(documents=st.integers(0, 400), expected=st.floats(0, 3000))
def test_the_bound_is_poissons(documents: int, expected: float) -> None:
    """It agrees with the sum reckoned term by term, holds for more if it holds for fewer, and never at the mean."""
    few = too_few(documents, expected)
    term, total = math.exp(-expected), 0.0
    if expected < 700:
        for count in range(documents + 1):
            total += term
            term *= expected / (count + 1)
        if not math.isclose(total, SURE, rel_tol=1e-6):
            assert few is (total < SURE)
    assert not few or too_few(documents, expected * 1.5 + 1)
    assert few or not too_few(documents + 1, expected)
    assert not too_few(math.ceil(expected), expected)
