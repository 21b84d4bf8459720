"""What the conditions from kinds to standards mean, what inferred codes are worth, and what is said of both."""

from __future__ import annotations

from typing import Any

import pytest

from rules.classification import Classification, Evidence, Facet, Finding, Grade
from subscriptions.criteria import Condition, Match, Part, Refusal
from subscriptions.matching import read
from subscriptions.words import describe, explain
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import choices, places

MARKETS = places()
CHOICES = choices()


def finding(facet: Facet, value: str, grade: Grade = Grade.DIRECT, *quotes: str, rule: str = "a rule") -> Finding:
    """A finding with one piece of evidence, in the title."""
    evidence = Evidence(rule=rule, field="title", quotes=quotes or (value,), grade=grade)
    return Finding(facet=facet, value=value, grade=grade, evidence=(evidence,))


def inferred(value: str, grade: Grade = Grade.PROBABLE, facet: Facet = Facet.HS) -> Finding:
    """A code that stands nowhere."""
    return finding(facet, value, grade, "lithium battery", rule="term list")


def answer(asked: dict[str, Any], *findings: Finding, **measure: Any) -> Match | Refusal:
    """The reading of one subscription against one measure."""
    return read(a_subscription(**asked), a_measure(**measure), Classification(findings=findings), MARKETS)


def met(asked: dict[str, Any], *findings: Finding, **measure: Any) -> tuple[Condition, ...]:
    """The conditions of a reading that must be a match."""
    found = answer(asked, *findings, **measure)
    assert isinstance(found, Match), found
    return found.conditions


CE, KC = finding(Facet.SCHEME, "ce", Grade.DIRECT, "CE marking"), finding(Facet.SCHEME, "kc")
RECALL = finding(Facet.KIND, "recall")


def test_of_several_values_one_is_enough_and_every_condition_must_hold() -> None:
    """CE or KC; but a recall as well as one of them."""
    assert [one.asked for one in met({"schemes": {"ce", "kc"}}, KC)] == ["kc"]
    assert len(met({"schemes": {"ce"}, "kinds": {"recall"}}, CE, RECALL)) == 2
    refusal = answer({"schemes": {"ce"}, "kinds": {"recall"}}, CE)
    assert isinstance(refusal, Refusal)
    assert (refusal.part, refusal.asked, refusal.found) == (Part.KIND, "recall", "")


def test_the_receipt_has_the_words_and_a_refusal_what_is_there_instead() -> None:
    """Each condition as it was asked, with the quoted words and where they stand."""
    assert met({"schemes": {"ce"}}, CE) == (
        Condition(part=Part.SCHEME, asked="ce", found="CE marking", grade=Grade.DIRECT, field="title"),
    )
    refusal = answer({"schemes": {"kc"}}, CE)
    assert isinstance(refusal, Refusal) and (refusal.asked, refusal.found) == ("kc", "ce")


def test_a_match_is_never_surer_than_its_further_conditions() -> None:
    """A direct product with a scheme that is probable is probable; who wants direct ones is refused with the cause."""
    maybe = finding(Facet.SCHEME, "ce", Grade.PROBABLE)
    found = answer({"hs": {"22"}, "schemes": {"ce"}}, maybe)
    assert isinstance(found, Match) and found.grade is Grade.PROBABLE
    refusal = answer({"hs": {"22"}, "schemes": {"ce"}, "grade": Grade.DIRECT}, maybe)
    assert isinstance(refusal, Refusal) and (refusal.part, refusal.because) == (Part.GRADE, "scheme ce")
    assert explain(refusal, "en", MARKETS, {}, CHOICES) == (
        "Does not fit: grade — you want only direct; this is probable (scheme or mark CE marking)."
    )


@pytest.mark.parametrize(
    ("asked", "stated", "grade"),
    [
        ("IEC 60335", "IEC 60335-2-9:2019", Grade.DIRECT),
        ("IEC 60335-2", "IEC 60335-2-9:2019", Grade.DIRECT),
        ("IEC 60335-2-9", "iec 60335-2-9 : 2019", Grade.DIRECT),
        ("IEC 60335-2-9:2019", "IEC 60335-2-9:2019", Grade.DIRECT),
        ("IEC 60335-2-9:2019", "IEC 60335-2-9:2019/AMD1:2023", Grade.DIRECT),
        ("IEC 60335-2-9:2019", "IEC 60335-2-9", Grade.BROAD),  # no edition is named
        ("IEC 60335-1", "IEC 60335", Grade.BROAD),  # the whole series is named
        ("IEC 60335-1:2020", "IEC 60335-1:2010", None),
        ("IEC 60335-1", "IEC 60335-2", None),
        ("IEC 60335", "IEC 603351", None),
        ("ISO 12100", "EN ISO 12100:2010", Grade.DIRECT),
        ("ISO 17025", "ISO/IEC 17025:2017", Grade.DIRECT),
        ("GB 4706.1-2005", "GB 4706.1:2005", Grade.DIRECT),
        ("GB 4706", "GB 4706.1-2005", Grade.DIRECT),
        ("GB 4706", "GB/T 4706", None),
        ("C 9335", "JIS C 9335-1:2014", None),
    ],
)
def test_a_standard_is_met_with_or_without_part_and_edition(asked: str, stated: str, grade: Grade | None) -> None:
    """The series meets its parts and editions; of a wider number only the grade broad is known."""
    found = answer({"standards": {asked}, "grade": Grade.BROAD}, finding(Facet.STANDARD, stated))
    assert (found.grade if isinstance(found, Match) else None) is grade


def test_an_inferred_code_meets_what_no_stated_one_does() -> None:
    """At the grade of the finding and never surer than probable; the receipt says that it is inferred and from what."""
    asked = {"hs": {"8507"}, "grade": Grade.BROAD}
    for grade, worth in (
        (Grade.DIRECT, Grade.PROBABLE),
        (Grade.PROBABLE, Grade.PROBABLE),
        (Grade.BROAD, Grade.BROAD),
    ):
        assert met(asked, inferred("850760", grade), hs_codes=()) == (
            Condition(
                part=Part.PRODUCT,
                asked="HS 8507",
                found="HS 850760",
                grade=worth,
                field="title",
                inferred="lithium battery",
            ),
        )
    ics = met({"ics": {"29.220"}}, inferred("29.220.99", facet=Facet.ICS), ics_codes=())
    assert (ics[0].found, ics[0].grade) == ("ICS 29.220.99", Grade.PROBABLE)


def test_a_wider_inferred_code_is_broad() -> None:
    """As with a stated one: who asks for a subheading may not be meant by the heading."""
    assert met({"hs": {"850760"}, "grade": Grade.BROAD}, inferred("8507"), hs_codes=())[0].grade is Grade.BROAD
    assert isinstance(answer({"hs": {"850760"}}, inferred("8507"), hs_codes=()), Refusal)


def test_stated_codes_win() -> None:
    """What is stated is what the receipt shows; a bare chapter gives way to a code inferred within it."""
    stated = met({"hs": {"8507"}}, inferred("850760"), hs_codes=("850710",))
    assert (stated[0].found, stated[0].grade, stated[0].inferred) == ("HS 850710", Grade.DIRECT, "")
    narrowed = met({"hs": {"8507"}}, inferred("850760"), hs_codes=("85",))
    assert (narrowed[0].found, narrowed[0].grade) == ("HS 850760", Grade.PROBABLE)
    doubtful = met({"hs": {"8507"}, "grade": Grade.BROAD}, inferred("850760", Grade.BROAD), hs_codes=("85",))
    assert (doubtful[0].found, doubtful[0].grade) == ("HS 85", Grade.BROAD)


def test_codes_that_are_read_from_stated_ones_are_not_inferred() -> None:
    """A finding of the reader of stated codes adds nothing to what the measure states."""
    cut = finding(Facet.HS, "850440", Grade.DIRECT, "8504401400", rule="stated codes")
    assert isinstance(answer({"hs": {"850440"}, "grade": Grade.BROAD}, cut, hs_codes=("33",)), Refusal)


@pytest.mark.parametrize(
    ("asked", "stated", "common"),
    [("8507600090", "8507600020", "850760"), ("851713", "851712", "8517"), ("8504401400", "85044090", "850440")],
)
def test_another_national_line_and_an_older_edition_are_met_broadly(asked: str, stated: str, common: str) -> None:
    """Digits behind the sixth mean something in one tariff only, and a code of another edition is another code."""
    read_as = finding(Facet.HS, common, Grade.DIRECT, stated, rule="stated codes")
    found = met({"hs": {asked}, "grade": Grade.BROAD}, read_as, hs_codes=(stated,))
    assert [(one.found, one.grade) for one in found] == [(f"HS {common}", Grade.BROAD)]
    assert met({"hs": {common}}, read_as, hs_codes=(stated,))[0].found == f"HS {stated}"


def test_an_objective_is_one_whatever_its_key_is_written_like() -> None:
    """Keys of notifications have underscores, keys of rules hyphens."""
    assert met({"objectives": {"human_health"}}, finding(Facet.OBJECTIVE, "human-health"))


def both(found: Match | Refusal) -> tuple[str, str]:
    """The explanation in English and Chinese."""
    return explain(found, "en", MARKETS, {}, CHOICES), explain(found, "zh", MARKETS, {}, CHOICES)


def test_receipts_and_refusals_name_what_was_asked() -> None:
    """By name, with the words that met it; a refusal with what is known instead."""
    assert both(answer({"schemes": {"ce"}, "standards": {"IEC 60335"}}, CE, STANDARD)) == (
        "Fits: scheme or mark CE marking (in the title: “CE marking”) + standard IEC 60335 (IEC 60335-2-9:2019).",
        "符合：认证或标志 CE标志（标题：“CE marking”） + 引用标准 IEC 60335（IEC 60335-2-9:2019）。",
    )
    assert both(answer({"schemes": {"kc"}}, CE)) == (
        "Does not fit: scheme or mark — you subscribe to KC mark; this measure has CE marking.",
        "不符合：认证或标志 —— 您订阅 KC标志，本措施为 CE标志。",
    )
    assert both(answer({"duties": {"factory-inspection"}})) == (
        "Does not fit: duty — you subscribe to Factory inspection; none is known of this measure.",
        "不符合：合规义务 —— 您订阅 工厂检查，本措施未见此项。",
    )


def test_a_receipt_says_that_a_code_is_inferred() -> None:
    """From which words, and where they stand; a refusal says so too where nothing is stated."""
    assert both(answer({"hs": {"8507"}}, inferred("850760"), hs_codes=())) == (
        "Fits (probable): HS 8507 (HS 850760, inferred from “lithium battery” in the title).",
        "符合（可能相关）：HS 8507（HS 850760，由标题中的“lithium battery”推断）。",
    )
    assert both(answer({"hs": {"33"}}, inferred("850760"), hs_codes=(), ics_codes=())) == (
        "Does not fit: product — you subscribe to HS 33; this measure states no code; inferred: HS 850760.",
        "不符合：产品 —— 您订阅 HS 33，本措施未写明编码；推断：HS 850760。",
    )


STANDARD = finding(Facet.STANDARD, "IEC 60335-2-9:2019")


def test_a_question_with_further_conditions_reads_as_a_sentence() -> None:
    """Each condition by its name, between products and words."""
    asked = a_subscription(
        markets={"KEN"}, stages={"draft"}, schemes={"ce", "kc"}, standards={"IEC 60335"}, objectives={"environment"}
    ).criteria
    assert describe(asked, "en", MARKETS, {}, CHOICES) == (
        "Markets: Kenya; products: any; stage: draft; objective: Protection of the environment; "
        "scheme or mark: CE marking or KC mark; standard: IEC 60335; grade: at least probable; "
        "news: every change but clerical corrections."
    )
    assert "阶段：草案；目标：保护环境；认证或标志：CE标志 或 KC标志；引用标准：IEC 60335；" in describe(
        asked, "zh", MARKETS, {}, CHOICES
    )
