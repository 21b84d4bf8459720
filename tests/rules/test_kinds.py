"""The kinds of rules: codes, words, objectives and agencies, each with its grades and quotes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from rules.classification import Evidence, Grade
from rules.kinds import KINDS, RuleKindError, collect
from rules.kinds.agency import AgencyRule
from rules.kinds.hs_code import HSCodeRule
from rules.kinds.ics_code import ICSCodeRule
from rules.kinds.keyword import KeywordRule
from rules.kinds.objective import ObjectiveRule
from tests.builders import a_measure

WHY = "Because the trade says so."

EMPTY: dict[str, Any] = {"title": "", "products_covered": "", "content_summary": "", "hs_codes": (), "ics_codes": ()}


def keyword(**over: Any) -> KeywordRule:
    """A keyword rule for toys."""
    return KeywordRule(**{"name": "toys-by-name", "areas": ("toys",), "why": WHY, "any": {"en": ["toy"]}, **over})


def hs(*prefixes: str, **over: Any) -> HSCodeRule:
    """An HS rule."""
    return HSCodeRule(**{"name": "by-hs", "areas": ("toys",), "why": WHY, "prefixes": prefixes, **over})


def ics(*prefixes: str, **over: Any) -> ICSCodeRule:
    """An ICS rule."""
    return ICSCodeRule(**{"name": "by-ics", "areas": ("toys",), "why": WHY, "prefixes": prefixes, **over})


def said(rule: Any, **facts: Any) -> dict[str, tuple[Grade, tuple[str, ...]]]:
    """What a rule says of a measure with these facts alone: by field, grade and quotes."""
    evidence: tuple[Evidence, ...] = rule.evidence(a_measure(**{**EMPTY, **facts}))
    return {each.field: (each.grade, each.quotes) for each in evidence}


# --- codes


def test_a_code_under_ours_is_direct() -> None:
    """8507 takes in 850760 and what Members add behind it."""
    assert said(hs("8507"), hs_codes=("850760", "8507", "0402")) == {"hs_codes": (Grade.DIRECT, ("8507", "850760"))}


def test_a_wide_code_is_broad_and_never_direct() -> None:
    """A measure that states all of chapter 85 concerns batteries, but only broadly."""
    assert said(hs("8507"), hs_codes=("85",)) == {"hs_codes": (Grade.BROAD, ("85",))}
    assert said(ics("29.220"), ics_codes=("29",)) == {"ics_codes": (Grade.BROAD, ("29",))}


def test_the_surest_code_decides_and_is_quoted() -> None:
    """With "85" and "8507" stated, it is 8507 that counts."""
    assert said(hs("8507"), hs_codes=("85", "8507")) == {"hs_codes": (Grade.DIRECT, ("8507",))}


def test_a_chapter_of_ours_makes_every_code_in_it_direct() -> None:
    """A rule that names chapter 64 is about all footwear."""
    assert said(hs("64"), hs_codes=("64", "640399"))["hs_codes"][0] is Grade.DIRECT


def test_a_neighbouring_code_says_nothing() -> None:
    """Codes are compared as prefixes, ICS codes by their parts."""
    assert said(hs("8507"), hs_codes=("8508", "5070")) == {}
    assert said(ics("29.220"), ics_codes=("29.22", "29.221", "29.2")) == {}


def test_what_is_left_out_does_not_count_and_dims_what_holds_it() -> None:
    """Seats without car seats: 940120 is none, 94 is broad, and 9401 itself is ours as written."""
    seats = hs("9401", but_not=("940120",))

    assert said(seats, hs_codes=("94012000",)) == {}
    assert said(seats, hs_codes=("9401",))["hs_codes"][0] is Grade.DIRECT
    assert said(hs("94", but_not=("940120",)), hs_codes=("9401",))["hs_codes"][0] is Grade.PROBABLE
    assert said(ics("67", but_not=("67.250",)), ics_codes=("67.250",)) == {}
    assert said(ics("67", but_not=("67.250",)), ics_codes=("67.040",))["ics_codes"][0] is Grade.DIRECT


def test_a_rule_gives_no_more_than_its_grade() -> None:
    """The grade of the rule is the most it may say."""
    assert said(hs("3923", grade="probable"), hs_codes=("392330",))["hs_codes"][0] is Grade.PROBABLE
    assert said(hs("3923", grade="broad"), hs_codes=("39",))["hs_codes"][0] is Grade.BROAD


@pytest.mark.parametrize("code", ["85", "8507", "8507.60", "85 07 60", "8507600000"])
def test_hs_codes_are_taken_as_staff_write_them(code: str) -> None:
    """Dots and blanks are forgiven."""
    assert hs(code).prefixes == ("".join(filter(str.isdigit, code)),)


@pytest.mark.parametrize("code", ["8", "850", "77", "00", "85x", "850760000012", "85076", ""])
def test_what_is_no_hs_code_is_refused(code: str) -> None:
    """Chapter 77 does not exist, and a heading has four digits."""
    with pytest.raises(ValueError, match="is not an HS code"):
        hs(code)


@pytest.mark.parametrize("code", ["9", "97.2", "97.200.5", "8507", "97,200"])
def test_what_is_no_ics_code_is_refused(code: str) -> None:
    """ICS codes have two, three and two digits."""
    with pytest.raises(ValueError, match="is not an ICS code"):
        ics(code)


def test_a_rule_for_everything_is_a_mistake() -> None:
    """Half the tariff in one rule would match every measure."""
    chapters = [f"{number:02}" for number in range(1, 60)]

    assert "would match everything" in next(hs(*chapters).problems())
    assert "which none of its prefixes takes in" in next(hs("8507", but_not=("9503",)).problems())


# --- words


def test_named_in_title_or_products_is_direct_and_in_the_text_probable() -> None:
    """Title and products name the subject; a description may speak in passing."""
    assert said(keyword(), title="Toys", content_summary="This covers toys.", products_covered="Toy cars") == {
        "title": (Grade.DIRECT, ("Toys",)),
        "products_covered": (Grade.DIRECT, ("Toy",)),
        "content_summary": (Grade.PROBABLE, ("toys",)),
    }
    assert said(keyword(), further_text="toys") == {"further_text": (Grade.PROBABLE, ("toys",))}
    assert said(keyword(grade="probable"), content_summary="toys")["content_summary"][0] is Grade.BROAD


def test_any_needs_one_and_all_needs_each() -> None:
    """Words under `all` must occur together, wherever they stand; with `any` too, both lists must be met."""
    both = keyword(any={"en": ["toy", "game"]}, all={"en": ["magnet", "child"]})

    assert said(both, title="Toys with magnets for children")["title"][0] is Grade.DIRECT
    assert said(both, title="Games with magnets") == {}
    assert said(both, title="Magnets and children") == {}
    assert said(both, title="Toys with magnets", content_summary="for children")["title"][0] is Grade.PROBABLE


def test_all_by_language_asks_for_the_words_of_one_language() -> None:
    """English and Chinese words under `all` are two ways to say the same."""
    rule = keyword(any=(), all={"en": ["magnet", "toy"], "zh": ["磁铁", "玩具"]})

    assert said(rule, title="磁铁玩具")
    assert not said(rule, title="磁铁 toys")


def test_none_silences_the_rule() -> None:
    """One word under `none`, in a field the rule looks at, and it says nothing."""
    rule = keyword(none={"en": ["toy breed"]})

    assert said(rule, title="Toys")
    assert said(rule, title="Toys", content_summary="for dogs of a toy breed") == {}


def test_a_linked_document_adds_evidence_and_takes_none_away() -> None:
    """One grade less than the title; a word under `none` there takes away only what the document says."""
    rule = keyword(none={"en": ["toy breed"]})

    assert said(rule, document_text="Scope: toys") == {"document_text": (Grade.PROBABLE, ("toys",))}
    assert said(rule, title="Toys", document_text="Toys, and dogs of a toy breed") == {
        "title": (Grade.DIRECT, ("Toys",))
    }
    assert said(rule, document_text="Toys, and dogs of a toy breed") == {}


def test_a_word_inside_another_phrase_does_not_count() -> None:
    """The word counts elsewhere in the same text."""
    rule = keyword(not_inside={"en": ["toy breed"]})

    assert said(rule, title="Dogs of a toy breed") == {}
    assert said(rule, title="Toys for a toy breed") == {"title": (Grade.DIRECT, ("Toys",))}


def test_what_the_text_takes_back_does_not_count() -> None:
    """A measure that excludes toys is not about toys."""
    assert said(keyword(), title="Plastic articles, excluding toys") == {}
    assert said(keyword(), content_summary="It does not apply to toys. It applies to lamps.") == {}
    assert said(keyword(), title="Toys, excluding toys with batteries")["title"] == (Grade.DIRECT, ("Toys",))


def test_only_the_fields_named_are_looked_at() -> None:
    """A rule for titles does not read descriptions."""
    rule = keyword(fields=("title",))

    assert said(rule, content_summary="toys") == {}
    assert said(rule, title="toys")


def test_quotes_are_words_of_the_text_longest_first() -> None:
    """Where phrases overlap the longest is quoted, once, as it stands."""
    rule = keyword(any={"en": ["food", "food contact material"]})

    assert said(rule, title="FOOD-CONTACT materials, food; Food")["title"][1] == (
        "FOOD-CONTACT materials",
        "food",
        "Food",
    )


def test_french_and_spanish_phrases_are_found_in_agreement() -> None:
    """One form is written, the other is found."""
    rule = keyword(any={"fr": ["machine à laver"], "es": ["aparato doméstico"]})

    assert said(rule, title="Machines à laver le linge")
    assert said(rule, title="Aparatos domésticos")


def test_words_that_stand_everywhere_are_refused() -> None:
    """A rule that looks for "product" would match every measure; so would one for a single letter."""
    for word in ("product", "requirements", "技术", "reglamento", "a", "the products"):
        assert "cannot use" in " ".join(keyword(any=[word]).problems())
    assert list(keyword(any=["toy products"]).problems()) == []
    assert "has no words to look for" in " ".join(keyword(any=()).problems())


def test_words_of_a_tariff_heading_written_out_are_only_broad() -> None:
    """A heading lists all it holds, so its code says better what is meant; a short name with its code is a name."""
    heading = (
        "School bags; travelling-bags, rucksacks, insulated food or beverages bags, toy cases, bottle-cases, jewellery "
        "boxes and similar containers (HS code(s): 4202)"
    )

    assert said(keyword(), products_covered=heading) == {"products_covered": (Grade.BROAD, ("toy",))}
    assert said(keyword(), products_covered="Toys (HS code(s): 9503)")["products_covered"][0] is Grade.DIRECT
    assert said(keyword(), products_covered=heading + "; Toys")["products_covered"][0] is Grade.DIRECT
    assert said(keyword(), title=heading)["title"][0] is Grade.DIRECT


# --- objectives and agencies


def test_an_objective_matches_by_key_and_spelling() -> None:
    """Keys are compared without regard to case and hyphens."""
    rule = ObjectiveRule(
        name="by-objective", areas=("toys",), why=WHY, grade=Grade.BROAD, objectives=("Protection_of-the environment",)
    )

    assert said(rule, objectives=("protection-of-the-environment",)) == {
        "objectives": (Grade.BROAD, ("protection-of-the-environment",))
    }
    assert said(rule, objectives=("quality",)) == {}


def test_an_agency_matches_by_words_of_its_name_and_by_member() -> None:
    """A commission for consumer products of one Member is not another's."""
    rule = AgencyRule(
        name="by-agency", areas=("toys",), why=WHY, agencies=("Consumer Product Safety Commission",), members=("USA",)
    )
    agency = "U.S. Consumer Product Safety Commission (CPSC)"

    assert said(rule, responsible_agency=agency, notifying_members=("USA",))["responsible_agency"][1] == (
        "Consumer Product Safety Commission",
    )
    assert said(rule, responsible_agency=agency, notifying_members=("KEN",)) == {}
    assert said(rule, title=agency, notifying_members=("USA",)) == {}


# --- the folder


def test_each_kind_is_one_module_and_has_a_schema_for_a_form() -> None:
    """Five kinds are shipped; each can draw a form that asks for a reason."""
    assert {"agency", "hs_code", "ics_code", "keyword", "objective"} <= set(KINDS)
    for kind, rule in KINDS.items():
        schema = rule.model_json_schema()
        assert schema["properties"]["kind"]["default"] == kind
        assert {"name", "why"} <= set(schema["required"])


def test_a_module_that_is_no_kind_stops_the_program() -> None:
    """Missing, foreign and doubled kinds are refused at start."""
    module = ModuleType("rules.kinds.broken")
    with pytest.raises(RuleKindError, match="has no constant RULE"):
        collect([module])
    one, other = ModuleType("rules.kinds.one"), ModuleType("rules.kinds.other")
    one.RULE = other.RULE = HSCodeRule  # type: ignore[attr-defined]
    with pytest.raises(RuleKindError, match="both give the rule kind 'hs_code'"):
        collect([one, other])
