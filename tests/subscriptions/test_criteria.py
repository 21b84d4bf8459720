"""Criteria as they are stored: checked, tidied, and known by a key."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from rules.classification import Grade
from subscriptions.criteria import Criteria, criteria_key
from subscriptions.validation import CriteriaError, check
from tests.subscriptions.places import choices, places
from tests.subscriptions.worlds import criteria
from watcher.measure import ChangeKind

MARKETS = places()
AREAS = ("toys", "food", "household_appliances")
CHOICES = choices()


def problems(asked: Criteria) -> tuple[str, ...]:
    """The sentences that refuse these criteria."""
    with pytest.raises(CriteriaError) as refusal:
        check(asked, MARKETS, AREAS, CHOICES)
    assert str(refusal.value) == "; ".join(refusal.value.problems)
    return refusal.value.problems


def test_further_conditions_are_asked_for_by_any_of_their_names() -> None:
    """Keys, names in four languages, names as people say them; standards in one form."""
    checked = check(
        Criteria(
            kinds=frozenset({"Labelling", "召回或安全警报"}),
            stages=frozenset({"In force", "草案"}),
            objectives=frozenset({"Protection of the environment", "human_health"}),
            schemes=frozenset({"CE certification", "CE 认证", "BIS认证", "Marcado KC"}),
            duties=frozenset({"Inspection d'usine"}),
            standards=frozenset({"iec60335–1 : 2020", "GB 4706.1-2005"}),
        ),
        MARKETS,
        AREAS,
        CHOICES,
    )

    assert checked.kinds == {"labelling", "recall"}
    assert checked.stages == {"in-force", "draft"}
    assert checked.objectives == {"environment", "human_health"}
    assert checked.schemes == {"ce", "bis", "kc"}
    assert checked.duties == {"factory-inspection"}
    assert checked.standards == {"IEC 60335-1:2020", "GB 4706.1:2005"}
    assert check(checked, MARKETS, AREAS, CHOICES) == checked


def test_what_is_no_further_choice_is_answered_with_what_is_near() -> None:
    """A sentence for each, with near names, else with all there are; a standard needs its body."""
    assert problems(
        Criteria(
            kinds=frozenset({"labeling"}),
            schemes=frozenset({"qqqq"}),
            stages=frozenset({"drfat"}),
            standards=frozenset({"60335"}),
            duties=frozenset({"certification"}),
        )
    ) == (
        "'labeling' is not a known kind of measure; did you mean 'labelling'?",
        "'drfat' is not a known stage; did you mean 'draft'?",
        "'qqqq' is not a known scheme or mark; choose among 'bis' (BIS certification (ISI mark)), "
        "'ce' (CE marking), 'kc' (KC mark), 'kcs' (KCs mark)",
        "'certification' is not a known duty; did you mean 'third-party-certification'?",
        "'60335' is no number of a standard; write who publishes it and its number, as IEC 60335-1 or GB 4706.1-2005",
    )
    with pytest.raises(CriteriaError, match="the rules in force name none"):
        check(Criteria(schemes=frozenset({"ce"})), MARKETS, AREAS)


def test_a_stage_alone_is_too_wide() -> None:
    """Half the world is a draft; a scheme alone is a question."""
    assert problems(Criteria(stages=frozenset({"draft"})))[0].startswith("only a stage is asked for")
    assert check(Criteria(schemes=frozenset({"kc"})), MARKETS, AREAS, CHOICES).schemes == {"kc"}


def test_the_key_of_a_question_without_further_conditions_is_as_it_was() -> None:
    """Subscriptions of an older program are recognised as the same question; a further condition makes another."""
    asked = Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"}))
    assert criteria_key(asked) == "1afdd03ea434d7c6a6205c43bce3a1b097ae15694"
    assert criteria_key(replace(asked, schemes=frozenset({"ce"}))) != criteria_key(asked)


def test_checked_criteria_are_in_the_stored_form() -> None:
    """Codes lose their dots, markets become codes, areas their keys, keywords their quotes and blanks."""
    checked = check(
        Criteria(
            markets=frozenset({"Kenya", "EAC", "越南"}),
            hs=frozenset({"2202.99", "85"}),
            ics=frozenset({"67.160"}),
            areas=frozenset({"Household appliances", "toys"}),
            keywords=frozenset({" “果冻” ", "fruit   jelly"}),
            exclusions=frozenset({"wine"}),
        ),
        MARKETS,
        AREAS,
    )

    assert checked == Criteria(
        markets=frozenset({"KEN", "EAC", "VNM"}),
        hs=frozenset({"220299", "85"}),
        ics=frozenset({"67.160"}),
        areas=frozenset({"household_appliances", "toys"}),
        keywords=frozenset({"果冻", "fruit jelly"}),
        exclusions=frozenset({"wine"}),
    )
    assert check(checked, MARKETS, AREAS, CHOICES) == checked


def test_keywords_that_mean_the_same_are_one() -> None:
    """Case, width and plural make no second keyword."""
    checked = check(Criteria(keywords=frozenset({"Jelly", "jelly", "ｊｅｌｌｙ"})), MARKETS, AREAS)

    assert len(checked.keywords) == 1


def test_all_mistakes_are_told_at_once() -> None:
    """A form with four mistakes is answered with four sentences, each naming what it is about."""
    told = problems(
        Criteria(
            markets=frozenset({"Atlantis"}),
            hs=frozenset({"22-banana"}),
            ics=frozenset({"67.08"}),
            areas=frozenset({"toyz"}),
        )
    )

    assert len(told) == 4
    assert "Atlantis" in told[0] and "22-banana" in told[1] and "67.08" in told[2]
    assert told[3] == "'toyz' is not a product area; did you mean 'toys'?"


def test_an_area_may_be_asked_for_by_its_name() -> None:
    """Where names are given, the Chinese or English one does as well as the key."""
    names = {"toys": {"en": "Toys and games", "zh": "玩具"}, "food": {"en": "Food", "zh": "食品"}}

    assert check(Criteria(areas=frozenset({"玩具", "toys AND games", "food"})), MARKETS, names).areas == {
        "toys",
        "food",
    }


def test_an_area_that_resembles_none_is_answered_with_the_choice() -> None:
    """Where no name is near, all of them are listed."""
    assert problems(Criteria(areas=frozenset({"qqqq"}))) == (
        "'qqqq' is not a product area; choose among food, household_appliances, toys",
    )


@pytest.mark.parametrize("keyword", ["a", "é", "я", "7", "あ", " “x” "])
def test_a_keyword_of_one_letter_is_refused(keyword: str) -> None:
    """One letter occurs nearly everywhere."""
    assert "single letter" in problems(Criteria(keywords=frozenset({keyword})))[0]


def test_a_chinese_keyword_of_one_character_is_a_word() -> None:
    """茶 is tea."""
    assert check(Criteria(keywords=frozenset({"茶"})), MARKETS, AREAS).keywords == {"茶"}


@pytest.mark.parametrize("keyword", ["", "  ", "--", "…", "“”"])
def test_a_keyword_without_letters_is_refused(keyword: str) -> None:
    """There is nothing to look for in it."""
    assert "no letter and no digit" in problems(Criteria(keywords=frozenset({keyword})))[0]


def test_a_pasted_paragraph_is_no_keyword() -> None:
    """A sentence that long occurs in no notification."""
    assert "characters" in problems(Criteria(keywords=frozenset({"draft regulation " * 20})))[0]


def test_asking_for_nothing_is_refused() -> None:
    """Without market, product or keyword every measure would match; exclusions alone do not narrow it."""
    assert "every measure" in problems(Criteria())[0]
    assert "only exclusions" in problems(Criteria(exclusions=frozenset({"wine"}), grade=Grade.DIRECT))[0]
    assert check(Criteria(markets=frozenset({"KEN"})), MARKETS, AREAS).markets == {"KEN"}


def test_wanting_no_kind_of_change_is_refused() -> None:
    """A subscription that would never say anything is a mistake."""
    assert "kind of change" in problems(Criteria(markets=frozenset({"KEN"}), changes=frozenset()))[0]


def test_a_keyword_that_is_excluded_is_refused() -> None:
    """Wherever "wine glass" occurs, "wines" does: both together could never match."""
    told = problems(Criteria(keywords=frozenset({"wine glass", "cork"}), exclusions=frozenset({"Wines"})))

    assert told == (
        "keyword 'wine glass' could never count, because 'Wines' is excluded and stands in it; "
        "take one of the two away",
    )


@settings(max_examples=100, deadline=None)
@given(criteria())
def test_any_criteria_are_either_checked_or_refused_with_sentences(asked: Criteria) -> None:
    """Nothing else comes out, and what was checked passes again unchanged."""
    try:
        checked = check(asked, MARKETS, AREAS, CHOICES)
    except CriteriaError:
        assert all(sentence.strip() for sentence in problems(asked))
    else:
        assert check(checked, MARKETS, AREAS, CHOICES) == checked


def test_a_key_does_not_depend_on_order_case_or_process() -> None:
    """The same question has the same key in another process, where sets are ordered otherwise."""
    hs = [f"{number:04d}" for number in range(100, 140)]
    program = (
        "from subscriptions.criteria import *\n"
        f"print(criteria_key(Criteria(hs=frozenset({hs!r}), keywords=frozenset({{'JELLY', '果冻'}}))))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "77"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    random.Random(3).shuffle(hs)
    here = criteria_key(Criteria(hs=frozenset(hs), keywords=frozenset({"果冻", "jelly"})))

    assert elsewhere.stdout.strip() == here
    assert here[0] == "1" and len(here) == 41


def test_every_part_of_a_question_counts_in_its_key() -> None:
    """Two questions that differ in any one part have different keys; a value in another part is another question."""
    asked = [
        Criteria(markets=frozenset({"KEN"})),
        Criteria(hs=frozenset({"57"})),
        Criteria(ics=frozenset({"57"})),
        Criteria(areas=frozenset({"toys"})),
        Criteria(keywords=frozenset({"toys"})),
        Criteria(exclusions=frozenset({"toys"})),
        Criteria(hs=frozenset({"57"}), grade=Grade.BROAD),
        Criteria(hs=frozenset({"57"}), changes=frozenset({ChangeKind.ADOPTED})),
    ]

    assert len({criteria_key(one) for one in asked}) == len(asked)
