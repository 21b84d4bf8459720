"""A person's word above the rules: what it changes, what it leaves, and what is said against it later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.classification import AreaFound, Classification, Evidence, Facet, Finding, Grade
from rules.override import Action, Override, against, apply, by_a_person, seen_of
from tests.builders import NOW


def said(rule: str = "toys-by-name", grade: Grade = Grade.DIRECT, *quotes: str) -> Evidence:
    return Evidence(rule=rule, field="title", quotes=quotes or ("dolls",), grade=grade)


def about(*areas: str, grade: Grade = Grade.DIRECT, rule: str = "toys-by-name") -> Classification:
    found = tuple(AreaFound(area=area, grade=grade, evidence=(said(rule, grade),)) for area in areas)
    return Classification(areas=found, ruleset_version=1)


def word(**over: Any) -> Override:
    values: dict[str, Any] = {"id": 1, "measure": 1, "facet": "area", "value": "toys", "action": Action.ADD}
    return Override(**{**values, "reason": "It says dolls.", "by": "Li Na", "at": NOW, **over})


def test_what_is_added_is_there_by_the_persons_grade() -> None:
    """With who said so as its evidence, before what the rules say for it."""
    (found,) = apply(Classification(), [word(grade=Grade.PROBABLE)]).areas
    assert (found.area, found.grade, found.evidence[0].rule) == ("toys", Grade.PROBABLE, "override 1 by Li Na")
    (known,) = apply(about("toys"), [word(grade=Grade.BROAD)]).areas
    assert (known.grade, [one.rule for one in known.evidence]) == (
        Grade.BROAD,
        ["override 1 by Li Na", "toys-by-name"],
    )
    assert by_a_person(known)
    assert not by_a_person(about("toys").areas[0])


def test_what_is_removed_is_not_there() -> None:
    """Areas and findings alike; everything else stays as it was."""
    finding = Finding(facet=Facet.SCHEME, value="ce", grade=Grade.DIRECT, evidence=(said("ce-mark"),))
    whole = replace(about("food", "toys"), findings=(finding,))
    less = apply(whole, [word(action=Action.REMOVE), word(id=2, facet="scheme", value="ce", action=Action.REMOVE)])
    assert ([one.area for one in less.areas], less.findings) == (["food"], ())
    assert apply(whole, [word(action=Action.REMOVE, ended_at=NOW)]) == whole


def test_findings_stand_in_the_order_of_a_classification() -> None:
    """By facet, grade and value."""
    more = apply(
        Classification(),
        [
            word(id=1, facet="scheme", value="kc"),
            word(id=2, facet="hs", value="9503"),
            word(id=3, facet="scheme", value="ce"),
        ],
    )
    assert [(one.facet.value, one.value) for one in more.findings] == [
        ("hs", "9503"),
        ("scheme", "ce"),
        ("scheme", "kc"),
    ]


@given(
    st.permutations([word(id=1), word(id=2, value="food", action=Action.REMOVE), word(id=3, facet="hs", value="95")])
)
def test_the_order_they_are_given_in_means_nothing(words: list[Override]) -> None:
    """They are heard in the order they were said."""
    assert apply(about("food"), words) == apply(about("food"), sorted(words, key=lambda one: one.id))


def test_later_evidence_for_what_was_removed_is_shown() -> None:
    """What was there when the person decided is no news, nor is the same found by fewer words."""
    then = about("toys")
    one = word(action=Action.REMOVE, seen=seen_of(then, "area"))
    assert against(one, then) == ()
    assert against(one, Classification()) == ()
    new = said("toys-by-hs", Grade.DIRECT, "9503")
    since = Classification(areas=(AreaFound(area="toys", grade=Grade.DIRECT, evidence=(said(), new)),))
    assert against(one, since) == (new,)


def test_later_evidence_against_what_was_added_is_shown() -> None:
    """That it is there less surely, or that the measure is surely about something else; agreeing is none."""
    one = word(seen=seen_of(about("food", rule="old"), "area"))
    assert against(one, about("food", rule="old")) == ()
    assert [found.rule for found in against(one, about("food", rule="new"))] == ["new"]
    assert against(one, about("toys")) == ()
    assert [found.grade for found in against(one, about("toys", grade=Grade.BROAD))] == [Grade.BROAD]


def test_a_persons_own_word_is_no_evidence_against_another() -> None:
    """It is not marked as seen either."""
    effective = apply(Classification(), [word()])
    assert seen_of(effective, "area") == ""
    assert against(word(action=Action.REMOVE), effective) == ()


def test_when_it_was_in_force() -> None:
    """From when it was said until it was ended."""
    one = word(ended_at=NOW + timedelta(days=2))
    assert [one.live_at(NOW + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [False, True, True, False]
