"""Days that cannot be meant are flagged and not believed; all others are left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_notice
from watcher.dates import DateQuality
from watcher.notice import NoticeType
from watcher.plausible import plausible
from watcher.revise import revise

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("deadline", [date(2016, 3, 10), date(2031, 3, 10), date(2096, 3, 1)])
def test_a_deadline_years_off_is_doubted(deadline: date) -> None:
    """The wording stays, the day does not, and the doubt says why."""
    read = plausible(a_notice(comment_deadline=deadline), TODAY).comment_deadline
    assert (read.value, read.quality, read.wording) == (None, DateQuality.UNKNOWN, deadline.isoformat())
    assert read.doubt is not None and deadline.isoformat() in read.doubt


def test_a_circulation_in_the_future_is_none() -> None:
    """It must not stand first in every list, nor vouch for its own deadline."""
    read = plausible(a_notice(distribution_date=date(2096, 1, 1), comment_deadline=date(2096, 3, 1)), TODAY)
    assert read.distribution_date is None
    assert read.comment_deadline.value is None


@given(st.dates(date(1996, 1, 1), TODAY), st.integers(0, 1000), st.integers(0, 5000))
def test_what_can_be_meant_is_left_alone(distributed: date, comments: int, force: int) -> None:
    """Old notices, long comment periods, plans years ahead."""
    notice = a_notice(
        distribution_date=distributed,
        comment_deadline=date.fromordinal(distributed.toordinal() + comments),
        proposed_entry_into_force=date.fromordinal(distributed.toordinal() + force),
    )
    assert plausible(notice, TODAY) == notice


@pytest.mark.parametrize(
    ("days", "believed"), [(-305, False), (-61, False), (-60, True), (-7, True), (0, True), (60, True), (1095, True)]
)
def test_a_deadline_long_over_at_its_circulation_is_doubted(days: int, believed: bool) -> None:
    """A year is mistyped: 19 January 2026 in what was circulated on 20 November 2026. Some weeks late is late."""
    distributed = date(2025, 11, 20)
    deadline = date.fromordinal(distributed.toordinal() + days)
    read = plausible(a_notice(distribution_date=distributed, comment_deadline=deadline), TODAY).comment_deadline
    assert (read.value is not None) is believed
    assert believed == (read.doubt is None)


def test_a_mistyped_deadline_moves_none() -> None:
    """An addendum with a deadline that was long over leaves the known one as it is."""
    first = a_notice(distribution_date=date(2025, 10, 1), comment_deadline=date(2025, 12, 1))
    addendum = plausible(
        a_notice(
            symbol=f"{first.symbols[0]}/Add.1",
            type=NoticeType.ADDENDUM,
            distribution_date=date(2025, 11, 20),
            comment_deadline=date(2025, 1, 19),
        ),
        TODAY,
    )
    assert revise(revise(None, first).measure, addendum).measure.facts.comment_deadline.value == date(2025, 12, 1)
