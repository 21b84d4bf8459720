"""What a measure asks for, as it is shown on a terminal."""

from __future__ import annotations

from rules.classify import classify
from tbtwatch.cli import shapes
from tests.builders import a_measure
from tests.rules.readers.reading import NOTHING, shipped


def test_each_finding_has_its_name_its_grade_and_its_words() -> None:
    """Rule, field and quotation; what stands above as a fact is not said again."""
    measure = a_measure(**{**NOTHING, "title": "Toys with the CE marking: EN 71-1", "notifying_members": ("KEN",)})
    rules = shipped()

    lines = list(shapes.findings_in_words(classify(measure, rules), rules.facets))

    assert "scheme      ce, CE marking (direct): scheme-ce, title: “CE marking”" in lines
    assert "standard    EN 71-1 (direct): reads:standards, title: “EN 71-1”" in lines
    assert not any("KEN" in line for line in lines)


def test_a_length_without_a_day_says_so() -> None:
    """The note stands beside."""
    measure = a_measure(**{**NOTHING, "content_summary": "The transition period is 18 months after publication."})
    rules = shipped()

    lines = list(shapes.findings_in_words(classify(measure, rules), rules.facets))

    assert any(line.startswith("transition  no day [18 months after publication] (probable)") for line in lines)


def test_a_code_that_is_inferred_is_shown_with_its_words() -> None:
    """Who asks why a subscriber to HS 8716 got it finds the words; a stated code stands above as a fact."""
    measure = a_measure(**{**NOTHING, "title": "Safety of lawn mowers", "ics_codes": ("65.060.70",)})

    lines = list(shapes.unstated_codes_in_words(classify(measure, shipped())))

    assert "HS 8433 (probable): not stated, inferred by the term list, title: “lawn mowers”" in lines
    assert not any(line.startswith("ICS") for line in lines)
