"""What a question would have brought: counted by the day of publication, over the time that is recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.classification import Grade
from subscriptions.criteria import Frequency, Match
from subscriptions.forecast import (
    LEAST_KNOWN,
    MOST_EXAMPLES,
    YEAR,
    Fitting,
    Forecast,
    Limits,
    forecast,
    records_between,
    varied,
)

TODAY = date(2026, 3, 2)  # a Monday
SINCE = TODAY - timedelta(days=YEAR - 1)
WHOLE = (date(2024, 1, 1), TODAY)


def fitting(number: int = 1, *days: date, **over: Any) -> Fitting:
    """A measure that fits, with news on these days."""
    values: dict[str, Any] = {
        "measure": number,
        "symbol": f"G/TBT/N/KEN/{number}",
        "title": "Jelly drinks",
        "members": ("KEN",),
        "match": Match(subscription=0, version=1, grade=Grade.DIRECT, conditions=()),
        "days": tuple(sorted(days)),
    }
    return Fitting(**{**values, **over})


def reckoned(*some: Fitting, **over: Any) -> Forecast:
    """A forecast for who is told at once, with all of the year recorded."""
    values: dict[str, Any] = {"frequency": Frequency.IMMEDIATE, "today": TODAY, "recorded": 100, "records": WHOLE}
    return forecast(some, **{**values, **over})


DAYS = st.dates(min_value=SINCE - timedelta(days=60), max_value=TODAY)
SOME = st.lists(
    st.builds(
        lambda number, days, member, grade, is_open: fitting(
            number,
            *days,
            members=(member,),
            is_open=is_open,
            match=Match(subscription=0, version=1, grade=grade, conditions=()),
        ),
        st.integers(1, 10_000),
        st.sets(DAYS, max_size=4),
        st.sampled_from(["KEN", "EU", "VNM"]),
        st.sampled_from(list(Grade)),
        st.booleans(),
    ),
    max_size=25,
    unique_by=lambda one: one.measure,
)


@given(SOME, st.sampled_from(list(Frequency)), st.integers(0, 6), st.randoms())
def test_the_numbers_are_those_of_a_plain_count(
    some: list[Fitting], frequency: Frequency, weekday: int, chance: Any
) -> None:
    """News are days of measures inside the year; messages are each of them, or the days or weeks with any; the order
    in which measures come makes no difference."""
    made = reckoned(*some, frequency=frequency, weekday=weekday)
    days = [day for one in some for day in one.days if SINCE <= day <= TODAY]
    weeks = Counter((day - timedelta(days=(day.weekday() - weekday) % 7)) for day in days)
    plain = {Frequency.IMMEDIATE: len(days), Frequency.DAILY: len(set(days)), Frequency.WEEKLY: len(weeks)}

    assert (made.news, made.messages) == (len(days), plain[frequency])
    assert made.measures == sum(any(day >= SINCE for day in one.days) for one in some) == sum(made.grades.values())
    assert made.open_now == sum(one.is_open for one in some)
    assert made.per_week == pytest.approx(plain[frequency] / (YEAR / 7))
    assert made.busiest is None if not days else made.busiest is not None and made.busiest[1] == max(weeks.values())
    assert all(one.news < made.news for one in made.narrower)
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert reckoned(*shuffled, frequency=frequency, weekday=weekday) == made


@given(SOME)
def test_examples_are_new_and_of_many_markets(some: list[Fitting]) -> None:
    """At most ten, newest first; no market has two more than another that has any left."""
    telling = [one for one in some if one.days]
    shown = varied(telling)

    assert len(shown) == min(MOST_EXAMPLES, len(telling))
    assert [one.newest for one in shown] == sorted((one.newest for one in shown), reverse=True)
    had, has = Counter(one.members for one in telling), Counter(one.members for one in shown)
    left = [has[members] for members in had if has[members] < had[members]]
    assert not left or max(has.values()) <= min(left) + 1


@given(st.integers(0, YEAR + 100))
def test_nothing_is_made_up_for_the_time_before_the_records(length: int) -> None:
    """Twelve months are said only if less is recorded and it is long enough; then by the average of what is."""
    first = TODAY - timedelta(days=length)
    days = [TODAY - timedelta(days=back) for back in range(0, min(length, YEAR - 1) + 1, 7)]
    made = reckoned(*(fitting(number, day) for number, day in enumerate(days)), records=(first, TODAY))

    assert made.is_whole == (length >= YEAR - 1)
    if made.is_whole or length + 1 < LEAST_KNOWN:
        assert made.about is None
    else:
        assert made.about is not None and 50 <= made.about <= 62


def test_one_busy_morning_is_no_average() -> None:
    """Thirty pieces on the only day that is recorded are counted over fourteen days, and no year is made of them."""
    made = reckoned(*(fitting(number, TODAY) for number in range(30)), records=(TODAY, TODAY))

    assert (made.per_week, made.about, made.is_whole) == (15.0, None, False)


def test_records_end_where_three_months_are_empty() -> None:
    """A single old document does not make the records old; nor does a day to come make them new."""
    days = [date(2019, 5, 1), date(2025, 12, 1), date(2026, 2, 1), date(2026, 3, 1), date(2027, 1, 1)]

    assert records_between(days, today=TODAY) == (date(2025, 12, 1), date(2026, 3, 1))
    assert records_between([], today=TODAY) is None


def test_a_flood_is_judged_by_messages_or_by_what_stands_in_a_digest() -> None:
    """Fifty a week at once are a flood; the same in a weekly digest are fifty lines, which are none."""
    many = [fitting(number, TODAY - timedelta(days=number % YEAR)) for number in range(50 * 52)]
    limits = Limits(a_week=40, in_digest=80)

    assert reckoned(*many, recorded=5000).floods(limits)
    weekly = reckoned(*many, recorded=5000, frequency=Frequency.WEEKLY)
    assert not weekly.floods(limits) and weekly.in_digest == pytest.approx(49, abs=1)
    assert weekly.floods(Limits(a_week=40, in_digest=45))
    assert not reckoned().floods(limits) and reckoned(recorded=0).is_empty
