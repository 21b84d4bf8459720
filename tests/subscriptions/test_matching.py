"""What each condition of a subscription means, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from rules.classification import AreaFound, Classification, Evidence, Grade
from subscriptions.criteria import Condition, Match, Part, Refusal
from subscriptions.matching import read, wanted, wants, why_not, why_not_told
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from watcher.measure import ChangeKind, FactChange

MARKETS = places()


def in_area(area: str, grade: Grade, field: str = "title", *quotes: str) -> Classification:
    """A classification with one area and one piece of evidence."""
    evidence = Evidence(rule="a rule", field=field, quotes=quotes, grade=grade)
    return Classification(areas=(AreaFound(area=area, grade=grade, evidence=(evidence,)),), ruleset_version=7)


def answer(
    asked: dict[str, Any], measure: dict[str, Any] | None = None, found: Classification | None = None
) -> Match | Refusal:
    """The reading of one subscription against one measure."""
    return read(a_subscription(**asked), a_measure(**(measure or {})), found or Classification(), MARKETS)


def matched(*given: Any) -> Match:
    """A reading that must be a match."""
    result = answer(*given)
    assert isinstance(result, Match), result
    return result


def refused(*given: Any) -> Refusal:
    """A reading that must be a refusal."""
    result = answer(*given)
    assert isinstance(result, Refusal), result
    return result


def test_a_receipt_names_each_condition_as_asked_and_what_met_it() -> None:
    """The receipt has the market by the group asked for, the codes in full, the words as they stand in the text."""
    match = matched({"markets": {"EAC"}, "hs": {"22"}, "keywords": {"jelly drink"}, "version": 4, "id": 9})

    assert (match.subscription, match.version, match.grade) == (9, 4, Grade.DIRECT)
    assert match.conditions == (
        Condition(part=Part.MARKET, asked="EAC", found="KEN", field="notifying_members"),
        Condition(part=Part.PRODUCT, asked="HS 22", found="HS 220299", field="hs_codes"),
        Condition(part=Part.KEYWORD, asked="jelly drink", found="Jelly drinks", field="title"),
    )


def test_a_group_stands_for_its_members_and_names_those_that_met_it() -> None:
    """A joint notification meets a group by all its Members, and a Member by that one."""
    joint = {"notifying_members": ("KEN", "TZA", "VNM")}

    assert [(one.asked, one.found) for one in matched({"markets": {"EAC", "TZA"}}, joint).conditions] == [
        ("EAC", "KEN, TZA"),
        ("TZA", "TZA"),
    ]


def test_a_member_state_is_reached_by_the_unions_notices_and_the_union_by_its_members() -> None:
    """Germany's rules come from Germany and from the EU; who asks for the EU wants its member states' too."""
    assert isinstance(answer({"markets": {"DEU"}}, {"notifying_members": ("EU",)}), Match)
    assert isinstance(answer({"markets": {"EU"}}, {"notifying_members": ("DEU",)}), Match)
    assert isinstance(answer({"markets": {"DEU"}}, {"notifying_members": ("FRA",)}), Refusal)


def test_a_group_that_is_no_longer_configured_refuses_and_stops_nothing() -> None:
    """An old subscription to a group that the operator took out matches nothing; reading it raises nothing."""
    assert refused({"markets": {"Amber Road"}}).part is Part.MARKET


@pytest.mark.parametrize(
    ("asked", "stated", "grade"),
    [
        ("22", "220299", Grade.DIRECT),
        ("220299", "220299", Grade.DIRECT),
        ("220299", "2202", Grade.BROAD),
        ("850760", "85", Grade.BROAD),
        ("8507600090", "850760", Grade.BROAD),
        ("8507", "85076", Grade.DIRECT),
        ("22", "2", Grade.BROAD),
        ("22", "2302", None),
        ("2202", "2203", None),
    ],
)
def test_an_hs_code_is_met_by_narrower_ones_directly_and_by_wider_ones_broadly(
    asked: str, stated: str, grade: Grade | None
) -> None:
    """A prefix of the stated code is met directly; a stated code that is only a prefix of it, broadly."""
    result = answer({"hs": {asked}, "grade": Grade.BROAD}, {"hs_codes": (stated,)})

    assert (result.grade if isinstance(result, Match) else None) == grade


@pytest.mark.parametrize(
    ("asked", "stated", "grade"),
    [
        ("67", "67.160.20", Grade.DIRECT),
        ("67.160", "67.160.20", Grade.DIRECT),
        ("67.160.20", "67.160", Grade.BROAD),
        ("67.160.20", "67", Grade.BROAD),
        ("67.16", "67.160", None),
        ("67.160.2", "67.160.20", None),
        ("67.080", "67.160", None),
    ],
)
def test_an_ics_code_goes_by_its_parts_and_not_by_its_letters(asked: str, stated: str, grade: Grade | None) -> None:
    """Field, group and sub-group are whole: "67.16" is no prefix of "67.160"."""
    result = answer({"ics": {asked}, "grade": Grade.BROAD}, {"ics_codes": (stated,)})

    assert (result.grade if isinstance(result, Match) else None) == grade


def test_hs_chapter_57_is_not_ics_field_57() -> None:
    """Carpets and something else share a number; neither kind of code answers for the other."""
    assert isinstance(answer({"hs": {"57"}}, {"hs_codes": (), "ics_codes": ("57.010",)}), Refusal)
    assert isinstance(answer({"ics": {"57"}}, {"hs_codes": ("5701",), "ics_codes": ()}), Refusal)


def test_a_narrower_code_outweighs_a_wider_one_of_the_same_measure() -> None:
    """Where a measure states both "85" and "850760", who asked for 8507 is met directly, by the narrower one."""
    match = matched({"hs": {"8507"}}, {"hs_codes": ("85", "850760")})

    assert match.grade is Grade.DIRECT
    assert match.conditions[0].found == "HS 850760"


def test_every_product_alternative_that_held_is_in_the_receipt_the_surest_first() -> None:
    """HS, ICS and area are alternatives; the grade of the match is the best of them."""
    match = matched(
        {"hs": {"22029912", "33"}, "ics": {"67.160"}, "areas": {"food", "toys"}},
        None,
        in_area("food", Grade.PROBABLE, "content_summary", "jelly drinks"),
    )

    assert match.grade is Grade.DIRECT
    assert match.ruleset_version == 7
    assert [(one.asked, one.found, one.grade) for one in match.conditions] == [
        ("ICS 67.160", "ICS 67.160.20", Grade.DIRECT),
        ("area food", "jelly drinks", Grade.PROBABLE),
        ("HS 22029912", "HS 220299", Grade.BROAD),
    ]


def test_an_area_shows_its_best_evidence() -> None:
    """An area found by a code shows the code by its kind, one without evidence its own key."""
    by_code = in_area("food", Grade.DIRECT, "hs_codes", "220299")
    bare = Classification(areas=(AreaFound(area="food", grade=Grade.DIRECT, evidence=()),))

    assert matched({"areas": {"food"}}, None, by_code).conditions[0].found == "HS 220299"
    assert matched({"areas": {"food"}}, None, bare).conditions[0].found == "food"


@pytest.mark.parametrize(
    ("field", "grade"),
    [
        ("title", Grade.DIRECT),
        ("products_covered", Grade.DIRECT),
        ("content_summary", Grade.PROBABLE),
        ("further_text", Grade.PROBABLE),
        ("document_text", Grade.PROBABLE),
        ("responsible_agency", None),
        ("legal_basis", None),
    ],
)
def test_a_keyword_is_worth_what_its_place_is_worth(field: str, grade: Grade | None) -> None:
    """In title and products a keyword is direct, in the other texts probable, elsewhere it is not looked for."""
    value: object = ("about pomelos",) if field == "legal_basis" else "about pomelos"
    result = answer({"keywords": {"pomelo"}}, {field: value})

    assert (result.grade if isinstance(result, Match) else None) == grade


def test_a_keyword_counts_where_it_is_surest() -> None:
    """A word that stands in the summary and in the products is direct by the products."""
    match = matched({"keywords": {"pomelo"}}, {"content_summary": "pomelo", "products_covered": "Pomelos"})

    assert [(one.found, one.field, one.grade) for one in match.conditions] == [
        ("Pomelos", "products_covered", Grade.DIRECT)
    ]


def test_with_a_product_asked_for_a_keyword_filters_and_does_not_grade() -> None:
    """A keyword in the title makes a wide code no surer, one in the summary makes a direct code no less sure."""
    wide = answer({"hs": {"220299"}, "keywords": {"jelly"}, "grade": Grade.BROAD}, {"hs_codes": ("22",)})
    sure = matched({"hs": {"22"}, "keywords": {"test method"}, "grade": Grade.DIRECT})

    assert isinstance(wide, Match) and wide.grade is Grade.BROAD
    assert sure.grade is Grade.DIRECT


def test_a_question_about_markets_alone_is_met_directly() -> None:
    """Who asked for all of Kenya gets all of Kenya, even if only direct matches are wanted."""
    assert matched({"markets": {"KEN"}, "grade": Grade.DIRECT}).grade is Grade.DIRECT


def test_a_phrase_does_not_reach_over_the_end_of_a_field() -> None:
    """The last word of the title and the first of the products are no phrase."""
    beside = {"title": "On fruit", "products_covered": "jelly", "content_summary": ""}

    assert refused({"keywords": {"fruit jelly"}}, beside).part is Part.KEYWORD


def test_a_chinese_keyword_needs_no_boundary() -> None:
    """锂电池 occurs inside a longer Chinese compound."""
    match = matched({"keywords": {"锂电池"}}, {"title": "便携式锂电池组安全要求"})

    assert match.conditions[0].found == "锂电池"


@pytest.mark.parametrize(
    ("asked", "part", "words", "found"),
    [
        ({"markets": {"EAC", "DEU"}, "hs": {"33"}}, Part.MARKET, "DEU, EAC", "VNM"),
        ({"hs": {"22", "33"}, "keywords": {"nothing such"}}, Part.PRODUCT, "HS 22, 33", "HS 0901, 2101"),
        ({"areas": {"toys"}, "hs": {"22"}}, Part.PRODUCT, "HS 22; area toys", "HS 0901, 2101; area food"),
        ({"ics": {"97"}}, Part.PRODUCT, "ICS 97", "HS 0901, 2101; area food"),
        ({"keywords": {"wine", "beer"}, "exclusions": {"coffee"}}, Part.KEYWORD, "beer, wine", ""),
        (
            {"hs": {"0901"}, "exclusions": {"tea", "roasted coffee"}},
            Part.EXCLUSION,
            "roasted coffee",
            "Roasted  coffee",
        ),
        ({"hs": {"09012100"}, "exclusions": {"tea"}}, Part.GRADE, "probable", "broad"),
        ({"keywords": {"blend"}, "grade": Grade.DIRECT}, Part.GRADE, "direct", "probable"),
    ],
)
def test_a_refusal_names_the_first_condition_that_failed(
    asked: dict[str, Any], part: Part, words: str, found: str
) -> None:
    """Market, product, keyword, exclusion, grade, in this order; with what was asked and what is there instead."""
    coffee = {
        "notifying_members": ("VNM",),
        "hs_codes": ("0901", "2101"),
        "ics_codes": (),
        "title": "Roasted  coffee",
        "products_covered": "",
        "content_summary": "Limits for blends.",
    }
    refusal = refused(asked, coffee, in_area("food", Grade.PROBABLE))

    assert (refusal.part, refusal.asked, refusal.found) == (part, words, found)


def test_a_grade_refusal_says_what_gave_the_grade_and_an_exclusion_where_it_stands() -> None:
    """The subscriber sees that only chapter 22 was stated, and in which field the excluded word is."""
    wide = refused({"hs": {"220299"}}, {"hs_codes": ("22",)})
    excluded = refused({"exclusions": {"test method"}, "markets": {"KEN"}})

    assert wide.because == "HS 22"
    assert (excluded.field, excluded.found) == ("content_summary", "test methods")


def test_a_long_list_of_codes_is_cut_and_counted() -> None:
    """A measure with sixty codes does not fill the screen of whoever asks why."""
    refusal = refused({"hs": {"22"}}, {"hs_codes": tuple(f"85{number:02d}" for number in range(10, 70))})

    assert refusal.found.startswith("HS 8510, 8511, ") and refusal.found.endswith(", 8521 … +48")


def test_an_exclusion_holds_in_every_searched_field_and_every_form() -> None:
    """ "wine" excludes a measure whose addendum mentions WINES."""
    assert refused({"hs": {"22"}, "exclusions": {"wine"}}, {"further_text": "Applies to WINES."}).found == "WINES"


def test_an_exclusion_in_a_linked_document_silences_nothing() -> None:
    """Five pages hold many words; what the notice itself says decides."""
    match = matched({"hs": {"22"}, "exclusions": {"wine"}}, {"document_text": "Applies to WINES."})

    assert match.grade is Grade.DIRECT


def test_a_stored_keyword_that_cannot_be_looked_for_occurs_nowhere() -> None:
    """A keyword of signs alone, should one have been stored, refuses and raises nothing; as an exclusion it is mute."""
    assert refused({"keywords": {"--"}}).part is Part.KEYWORD
    assert matched({"hs": {"22"}, "exclusions": {"--"}}).grade is Grade.DIRECT


def test_why_not_is_silent_for_a_match() -> None:
    """`why_not` gives the refusal, and None where there is none."""
    assert why_not(a_subscription(), a_measure(), Classification(), MARKETS) is None
    refusal = why_not(a_subscription(markets={"VNM"}), a_measure(), Classification(), MARKETS)
    assert refusal is not None and refusal.part is Part.MARKET


def test_kinds_of_change_are_judged_apart() -> None:
    """One wanted change is enough; kinds and changes are both understood; the refusal names both sides."""
    moved = FactChange(kind=ChangeKind.DEADLINE_MOVED, symbols=("G/TBT/N/KEN/1514/Add.1",))
    corrected = FactChange(kind=ChangeKind.CORRECTED, symbols=("G/TBT/N/KEN/1514/Corr.1",))
    usual, deadlines = a_subscription(), a_subscription(hs={"22"}, changes=frozenset({ChangeKind.DEADLINE_MOVED}))

    assert wants(usual, [moved, corrected]) and not wants(usual, [corrected]) and not wants(usual, [])
    assert wants(deadlines, [ChangeKind.DEADLINE_MOVED]) and not wants(deadlines, [ChangeKind.ADOPTED])
    assert wanted(usual, [corrected, moved]) == (moved,)
    assert why_not_told(usual, [moved]) is None
    refusal = why_not_told(deadlines, [corrected, ChangeKind.CORRECTED])
    assert refusal is not None
    assert (refusal.part, refusal.asked, refusal.found) == (Part.CHANGE, "deadline_moved", "corrected")
