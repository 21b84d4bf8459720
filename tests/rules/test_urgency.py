"""How soon a measure asks for something, seen from a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.classification import Classification, Evidence, Facet, Finding, Grade
from rules.urgency import Level, urgency
from tests.builders import a_measure, stated
from watcher.measure import MeasureStatus

TODAY = date(2026, 3, 2)


def found(facet: Facet, value: str) -> Finding:
    """A finding with some evidence."""
    evidence = Evidence(rule="reads:urgency", field="title", quotes=(value or "x",), grade=Grade.DIRECT)
    return Finding(facet=facet, value=value, grade=Grade.DIRECT, evidence=(evidence,))


def of(*findings: Finding, **facts: Any) -> Any:
    """The urgency today of a measure with these findings and facts."""
    return urgency(a_measure(**facts).facts, Classification(findings=findings), TODAY)


@pytest.mark.parametrize(
    ("day", "level", "left"),
    [
        (date(2026, 3, 2), Level.NOW, 0),
        (date(2026, 3, 4), Level.NOW, 2),
        (date(2026, 3, 5), Level.WEEK, 3),
        (date(2026, 3, 9), Level.WEEK, 7),
        (date(2026, 3, 10), Level.MONTH, 8),
        (date(2026, 4, 1), Level.MONTH, 30),
        (date(2026, 4, 2), Level.NORMAL, 31),
        (date(2026, 3, 1), Level.NORMAL, None),
    ],
)
def test_the_comment_deadline_comes_nearer(day: date, level: Level, left: int | None) -> None:
    """From normal to now; a day that is past urges nobody."""
    seen = of(comment_deadline=stated(day))

    assert (seen.level, seen.days_to_comment) == (level, left)


def test_the_soonest_comes_first() -> None:
    """A recall is before a term, and both are told."""
    seen = of(found(Facet.URGENCY, "recall"), comment_deadline=stated(date(2026, 3, 20)))

    assert seen.level is Level.NOW
    assert seen.why == ("Goods are being recalled.", "Comments are taken for 18 more days.")


def test_a_transition_counts_and_one_without_a_day_does_not() -> None:
    """The end of a transition is a term like any other."""
    far = stated(date(2027, 1, 1))

    assert of(found(Facet.TRANSITION, "2026-03-06"), comment_deadline=far).level is Level.WEEK
    assert of(found(Facet.TRANSITION, ""), comment_deadline=far).level is Level.NORMAL


def test_what_is_withdrawn_asks_for_nothing() -> None:
    """Not even if it was an emergency."""
    seen = of(found(Facet.URGENCY, "emergency"), status=MeasureStatus.WITHDRAWN)

    assert seen.level is Level.NORMAL
