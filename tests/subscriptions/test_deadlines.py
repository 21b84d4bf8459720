"""By when somebody must act."""

from __future__ import annotations

from datetime import date

import pytest

from subscriptions.deadlines import act_by, days_left, deadlines_ahead
from tests.builders import a_measure, stated
from watcher.dates import UNKNOWN, DateFact, DateQuality, Precision
from watcher.measure import MeasureStatus

TODAY = date(2026, 3, 2)


def test_the_act_by_date_is_the_deadline_less_the_buffer() -> None:
    """Fourteen days before 10 March is 24 February; without a buffer it is the deadline itself."""
    deadline = stated(date(2026, 3, 10))

    assert act_by(deadline, 14) == date(2026, 2, 24)
    assert act_by(deadline, 0) == date(2026, 3, 10)


def test_a_deadline_without_a_day_has_no_act_by_date() -> None:
    """Unknown, not applicable and unbelievable deadlines give none; no day is made up."""
    absurd = DateFact(wording="22 May 2202", doubt="the year 2202 is not believable")
    none = DateFact(quality=DateQuality.NOT_APPLICABLE, wording="Not applicable")

    assert [act_by(one, 14) for one in (UNKNOWN, none, absurd)] == [None, None, None]
    assert [days_left(one, TODAY) for one in (UNKNOWN, none, absurd)] == [None, None, None]


def test_a_deadline_known_by_its_month_counts_from_its_first_day() -> None:
    """Who acts by the first day it can mean is never too late."""
    may = DateFact(value=date(2026, 5, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="May 2026")

    assert act_by(may, 7) == date(2026, 4, 24)


def test_a_negative_buffer_is_refused() -> None:
    """It would put the act-by date after the deadline."""
    with pytest.raises(ValueError, match="after the deadline"):
        act_by(stated(TODAY), -1)


def test_days_left_count_down_to_zero_on_the_last_day() -> None:
    """The last day has 0 days left; the day after it has -1."""
    assert [days_left(stated(date(2026, 3, day)), TODAY) for day in (10, 2, 1)] == [8, 0, -1]


def test_deadlines_ahead_are_those_of_the_next_days_soonest_first() -> None:
    """Today's and the thirtieth day's count, past, later, unknown and withdrawn ones do not."""
    days = [date(2026, 4, 1), date(2026, 3, 2), date(2026, 3, 1), date(2026, 4, 2), date(2026, 3, 9)]
    measures = [a_measure(id=number, comment_deadline=stated(day)) for number, day in enumerate(days)]
    measures.append(a_measure(id=90, comment_deadline=UNKNOWN))
    measures.append(a_measure(id=91, comment_deadline=stated(date(2026, 3, 5)), status=MeasureStatus.WITHDRAWN))

    ahead = deadlines_ahead(measures, TODAY, within=30, buffer_days=14)

    assert [(one.measure.id, one.days_left) for one in ahead] == [(1, 0), (4, 7), (0, 30)]
    assert ahead[1].act_by == date(2026, 2, 23)
    assert ahead[1].deadline is measures[4].facts.comment_deadline


def test_measures_of_one_day_keep_their_order() -> None:
    """Two deadlines of one day stay as they were given, so that a frozen digest reads the same again."""
    measures = [a_measure(id=number) for number in (3, 1, 2)]

    assert [one.measure.id for one in deadlines_ahead(measures, TODAY)] == [3, 1, 2]
