"""A range of days is cut until a publisher gives each part whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.slices import Slice, SliceError, slices

START = date(2024, 2, 27)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.integers(1, 60))
def test_every_day_is_in_one_part_and_no_part_is_too_full(published: list[int], cap: int) -> None:
    """Only a day that alone reaches the cap is given as it is; the parts come oldest first."""

    def count(part: Slice) -> int:
        return sum(published[(part.since - START).days : (part.until - START).days + 1])

    parts = list(slices(START, START + timedelta(days=len(published) - 1), count, cap=cap))

    days = [part.since + timedelta(days=n) for part in parts for n in range(part.days)]
    assert days == [START + timedelta(days=n) for n in range(len(published))]
    assert all(count(part) < cap for part in parts if part.days > 1)


def test_what_fits_is_asked_for_once() -> None:
    """A year below the cap is one part."""
    asked: list[Slice] = []

    def count(part: Slice) -> int:
        asked.append(part)
        return 99

    assert list(slices(date(2025, 1, 1), date(2025, 12, 31), count, cap=100)) == asked
    assert [str(part) for part in asked] == ["2025-01-01 to 2025-12-31"]


def test_a_range_is_given_the_right_way_round() -> None:
    """A sentence says what is wrong; one day cannot be halved."""
    with pytest.raises(SliceError, match="ends before it begins"):
        Slice(since=date(2025, 1, 2), until=date(2025, 1, 1))
    with pytest.raises(SliceError, match="a day cannot be cut"):
        Slice(since=START, until=START).halves()
