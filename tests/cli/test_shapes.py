"""What scripts are told of a measure."""

from __future__ import annotations

from datetime import date

from rules.classification import Classification
from tbtwatch.cli.shapes import a_measure as shape
from tests.builders import a_measure, stated
from watcher.markets import Markets
from watcher.measure import MeasureStatus


def test_the_status_is_that_of_the_day() -> None:
    """An adopted measure whose in-force day has come is in force, though no document said so since."""
    measure = a_measure(
        status=MeasureStatus.ADOPTED, adopted_on=stated(date(2026, 2, 2)), in_force_on=stated(date(2026, 3, 20))
    )
    told = [
        shape(measure, Classification(), Markets((), ()), today=day)["status"]
        for day in (date(2026, 3, 19), date(2026, 3, 20))
    ]
    assert told == ["adopted", "in_force"]
