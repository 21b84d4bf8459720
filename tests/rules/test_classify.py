"""Classification: areas with grades and evidence, the same whatever the order of the rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Classification, Grade
from rules.classify import ENGINE, classify
from rules.ruleset import RuleSet
from tests.builders import a_measure

AREAS = {key: {"names": {"en": key}} for key in ("toys", "batteries", "lighting", "food")}
WHY = "Because the trade says so."
RULES: list[dict[str, Any]] = [
    {"name": "toys-hs", "kind": "hs_code", "areas": ["toys"], "why": WHY, "prefixes": ["9503"]},
    {"name": "toys-words", "kind": "keyword", "areas": ["toys"], "why": WHY, "any": {"en": ["toy"], "zh": ["玩具"]}},
    {"name": "batteries-hs", "kind": "hs_code", "areas": ["batteries"], "why": WHY, "prefixes": ["8506", "8507"]},
    {"name": "lamps-hs", "kind": "hs_code", "areas": ["lighting"], "why": WHY, "prefixes": ["8539", "9405"]},
    {
        "name": "goods-with-batteries",
        "kind": "keyword",
        "areas": ["batteries", "toys"],
        "why": WHY,
        "grade": "probable",
        "any": {"en": ["battery", "batteries"], "zh": ["电池"]},
        "not_inside": {"en": ["battery of tests"]},
    },
    {"name": "health", "kind": "objective", "areas": ["food"], "why": WHY, "grade": "broad", "objectives": ["quality"]},
    {"name": "food-agency", "kind": "agency", "areas": ["food"], "why": WHY, "agencies": ["Food Authority"]},
    {"name": "food-ics", "kind": "ics_code", "areas": ["food"], "why": WHY, "prefixes": ["67"]},
]
EMPTY: dict[str, Any] = {"title": "", "products_covered": "", "content_summary": "", "hs_codes": (), "ics_codes": ()}


def read(rules: list[dict[str, Any]] = RULES, **facts: Any) -> Classification:
    """The classification of a measure that has these facts alone."""
    return classify(a_measure(**{**EMPTY, **facts}), RuleSet.load(AREAS, rules, version=7))


def grades(found: Classification) -> dict[str, Grade]:
    """Area to grade, in the order given."""
    return {area.area: area.grade for area in found.areas}


def test_an_area_has_the_best_of_its_grades_and_all_its_evidence() -> None:
    """Code and words both speak for toys; the surest is the grade, both are kept."""
    found = read(hs_codes=("9503",), content_summary="safety of toys")

    assert grades(found) == {"toys": Grade.DIRECT}
    assert [(each.rule, each.field, each.quotes) for each in found.areas[0].evidence] == [
        ("toys-hs", "hs_codes", ("9503",)),
        ("toys-words", "content_summary", ("toys",)),
    ]
    assert found.ruleset_version == 7


def test_a_wide_code_is_broad_for_each_area_it_holds() -> None:
    """A measure that states all of 85 is broad for batteries and for lamps, direct for neither."""
    assert grades(read(hs_codes=("85",))) == {"batteries": Grade.BROAD, "lighting": Grade.BROAD}


def test_areas_are_sorted_by_grade_then_key() -> None:
    """The surest come first."""
    found = read(hs_codes=("9503", "85"), objectives=("quality",), title="Batteries")

    assert list(grades(found).items()) == [
        ("toys", Grade.DIRECT),
        ("batteries", Grade.PROBABLE),
        ("food", Grade.BROAD),
        ("lighting", Grade.BROAD),
    ]


def test_nothing_said_is_no_area() -> None:
    """An empty measure has no area, and no grade for one."""
    assert read().areas == ()
    assert (read().ruleset_version, read().engine) == (7, ENGINE)
    assert read().grade_of("toys") is None
    assert read(title="A battery of tests").areas == ()


def test_what_a_measure_excludes_is_not_its_area() -> None:
    """ "Lamps, excluding toys" is no measure on toys."""
    assert grades(read(title="Lamps, excluding toys")) == {}
    assert grades(read(title="灯具（玩具除外）")) == {}


def test_a_rule_may_give_several_areas() -> None:
    """One finding, two areas, the same evidence."""
    found = read(title="玩具用电池")

    assert grades(found) == {"toys": Grade.DIRECT, "batteries": Grade.PROBABLE}
    assert {each.rule for each in found.areas[0].evidence} == {"toys-words", "goods-with-batteries"}


@pytest.mark.parametrize("field", ["title", "products_covered", "content_summary", "further_text", "document_text"])
def test_evidence_quotes_stand_in_the_field_it_names(field: str) -> None:
    """What is shown to people can be found in the text, as it is written there."""
    text = "Rules for ＴＯＹＳ with  Lithium\u00a0batteries, e\u0301tat 2026; 玩具"
    facts: dict[str, Any] = {field: text}
    found = read(**facts)

    quotes = [(each.field, quote) for area in found.areas for each in area.evidence for quote in each.quotes]
    assert quotes
    assert all(named == field and quote in text for named, quote in quotes)


TEXTS = st.lists(
    st.sampled_from(
        [
            "toys",
            "batteries",
            "does not apply to",
            "excluding",
            "玩具",
            "电池",
            "battery of tests",
            "lamps",
            ".",
            "除外",
        ]
    ),
    max_size=8,
).map(" ".join)
CODES = st.lists(st.sampled_from(["85", "8507", "850760", "9503", "95", "94054", "67"]), max_size=3).map(tuple)


@settings(max_examples=100, deadline=None)
@given(title=TEXTS, summary=TEXTS, codes=CODES, random=st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(title: str, summary: str, codes: tuple[str, ...], random: Any) -> None:
    """The same measure and rules give the same value, evidence and all."""
    shuffled = list(RULES)
    random.shuffle(shuffled)
    facts: dict[str, Any] = {"title": title, "content_summary": summary, "hs_codes": codes}

    assert read(shuffled, **facts) == read(**facts)


@settings(max_examples=100, deadline=None)
@given(title=TEXTS, summary=TEXTS, codes=CODES)
def test_reading_all_rules_at_once_equals_asking_each(title: str, summary: str, codes: tuple[str, ...]) -> None:
    """The shared index of phrases is a short cut, not another meaning."""
    measure = a_measure(**{**EMPTY, "title": title, "content_summary": summary, "hs_codes": codes})
    ruleset = RuleSet.load(AREAS, RULES)
    found = classify(measure, ruleset)

    asked = {(area, each) for rule in ruleset.rules for each in rule.evidence(measure) for area in rule.areas}
    assert {(area.area, each) for area in found.areas for each in area.evidence} == asked


def test_grades_are_ordered() -> None:
    """Direct is surer than probable, probable than broad."""
    assert Grade.DIRECT.at_least(Grade.PROBABLE)
    assert Grade.PROBABLE.at_least(Grade.PROBABLE)
    assert not Grade.BROAD.at_least(Grade.PROBABLE)
