"""The queue: who waits, how soon it matters, and what each decision would release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from rules.product_areas import load_areas
from subscriptions.criteria import Subscription
from subscriptions.index import SubscriptionIndex
from subscriptions.queue import Doubtful, closeness, doubt_of, doubtful, next_day
from tests.builders import a_measure, a_subscription, stated
from tests.pipeline.small_rules import AREAS
from tests.subscriptions.places import places
from watcher.measure import MeasureStatus

TODAY = date(2026, 3, 1)
KNOWN = load_areas(AREAS)


def in_area(area: str, grade: Grade) -> AreaFound:
    """An area by its code."""
    return AreaFound(
        area=area,
        grade=grade,
        evidence=(Evidence(rule="by-code", field="hs_codes", quotes=("95",), grade=grade),),
    )


TOY_CODE = Finding(
    facet=Facet.HS,
    value="9503",
    grade=Grade.BROAD,
    evidence=(Evidence(rule="term list", field="title", quotes=("rocking horse",), grade=Grade.BROAD),),
)


def placed(classification: Classification, *several: Subscription, **facts: Any) -> Doubtful | None:
    """A measure in the queue."""
    return doubtful(
        a_measure(hs_codes=(), ics_codes=(), **facts),
        classification,
        index=SubscriptionIndex(several, places()),
        areas=KNOWN,
        today=TODAY,
        symbol="G/TBT/N/KEN/1514",
    )


TOYS = a_subscription(id=1, areas={"toys"}, markets={"KEN"})
FOOD = a_subscription(id=2, areas={"food"}, markets={"KEN"})
ELSEWHERE = a_subscription(id=3, areas={"toys"}, markets={"VNM"})
BY_CODE = a_subscription(id=4, hs={"9503"})


def test_what_is_doubtful() -> None:
    """No area, codes that were inferred only, areas that are broad only; what has a sure area is not."""
    assert doubt_of(Classification()) == "in no area"
    assert doubt_of(Classification(findings=(TOY_CODE,))) == "only inferred"
    assert doubt_of(Classification(areas=(in_area("toys", Grade.BROAD),))) == "only broad"
    assert doubt_of(Classification(areas=(in_area("food", Grade.PROBABLE), in_area("toys", Grade.BROAD)))) == ""
    assert placed(Classification(areas=(in_area("toys", Grade.DIRECT),)), TOYS) is None
    assert placed(Classification(), TOYS, status=MeasureStatus.WITHDRAWN) is None


def test_a_broad_area_would_release_those_who_want_it_surer() -> None:
    """Of this market only, and not those who get it already."""
    broad_is_enough = a_subscription(id=5, areas={"toys"}, grade=Grade.BROAD)
    found = placed(Classification(areas=(in_area("toys", Grade.BROAD),)), TOYS, FOOD, ELSEWHERE, broad_is_enough)
    assert found is not None
    (candidate,) = found.candidates
    assert (candidate.what, candidate.releases, candidate.examples) == ("area:toys", 1, (1,))
    assert (found.doubt, found.waiting, found.days_left) == ("only broad", 1, 9)
    assert found.weight == pytest.approx(30 / 39)


def test_an_inferred_code_points_to_itself_and_to_its_area() -> None:
    """Each decision says why it is offered."""
    found = placed(Classification(findings=(TOY_CODE,)), TOYS, BY_CODE)
    assert found is not None
    assert {one.what: (one.because, one.releases) for one in found.candidates} == {
        "area:toys": ("HS 9503 is inferred", 1),
        "hs:9503": ("inferred from 'rocking horse'", 1),
    }
    assert found.waiting == 2


def test_where_nothing_points_anywhere_it_is_who_asks_for_most() -> None:
    """Without a reason, as there is none."""
    found = placed(Classification(), TOYS, FOOD, replace(FOOD, id=6))
    assert found is not None
    assert [(one.what, one.because, one.releases) for one in found.candidates] == [
        ("area:food", "", 2),
        ("area:toys", "", 1),
    ]


def test_the_day_that_matters_next() -> None:
    """A deadline that has passed is none; the closer the day, the more it weighs."""
    draft = a_measure(proposed_entry_into_force=stated(TODAY + timedelta(days=90))).facts
    assert next_day(draft, TODAY) == date(2026, 3, 10)
    assert next_day(draft, date(2026, 3, 11)) == TODAY + timedelta(days=90)
    assert next_day(draft, date(2027, 1, 1)) is None
    assert (closeness(0), closeness(30), closeness(90), closeness(None)) == (1, 0.5, 0.25, 0.1)
    assert closeness(10_000) == closeness(None)
