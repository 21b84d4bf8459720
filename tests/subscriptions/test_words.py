"""Criteria, receipts and refusals as people read them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Classification, Grade
from subscriptions.criteria import Criteria, Frequency, Part, Subscription
from subscriptions.matching import read, why_not_told
from subscriptions.words import describe, explain, word
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from tests.subscriptions.worlds import classifications, criteria, measures, subscriptions
from watcher.measure import ChangeKind, Measure

MARKETS = places()
AREAS = {"food": {"en": "Food", "zh": "食品"}, "toys": {"en": "Toys", "zh": "玩具"}}


def both(asked: dict[str, Any], **measure: Any) -> tuple[str, str]:
    """The explanation in English and in Chinese."""
    answer = read(a_subscription(**asked), a_measure(**measure), Classification(), MARKETS)
    return explain(answer, "en", MARKETS, AREAS), explain(answer, "zh", MARKETS, AREAS)


def test_a_refused_market_is_named_in_the_readers_language() -> None:
    """Both sides by name, not by code."""
    assert both({"markets": {"EAC"}}, notifying_members=("VNM",)) == (
        "Does not fit: market — you subscribe to East African Community; this measure comes from Viet Nam.",
        "不符合：市场 —— 您订阅 东非共同体，本措施来自 越南。",
    )


def test_a_refused_product_shows_what_is_stated_instead() -> None:
    """Codes as they are; areas by name; a measure without any says so."""
    assert both({"hs": {"33"}}, hs_codes=("0901", "2101"))[0] == (
        "Does not fit: product — you subscribe to HS 33; this measure states HS 0901, 2101."
    )
    assert both({"areas": {"toys"}}, hs_codes=(), ics_codes=()) == (
        "Does not fit: product — you subscribe to product area Toys; this measure states no code and no known product.",
        "不符合：产品 —— 您订阅 产品类别 玩具，本措施未写明编码或已知产品。",
    )


def test_the_other_refusals_say_both_sides_too() -> None:
    """Keyword, exclusion and grade."""
    assert both({"keywords": {"果冻"}})[1] == "不符合：关键词 —— 您查找 “果冻”，本措施中未出现。"
    assert both({"hs": {"22"}, "exclusions": {"jelly"}}) == (
        "Does not fit: exclusion — you exclude “jelly”; the title says “Jelly”.",
        "不符合：排除词 —— 您排除 “jelly”，标题中有 “Jelly”。",
    )
    assert both({"hs": {"220299"}}, hs_codes=("22",)) == (
        "Does not fit: grade — you want at least probable; this is broad (HS 22).",
        "不符合：匹配等级 —— 您要求 至少可能相关，本措施为 大类相关（HS 22）。",
    )


def test_an_unwanted_change_is_told_by_its_name() -> None:
    """The kinds of change asked for and the one that came."""
    refusal = why_not_told(a_subscription(), [ChangeKind.CORRECTED])
    assert refusal is not None

    assert explain(refusal, "en") == (
        "Does not fit: kind of change — you want to be told: every change but clerical corrections; "
        "the news is: clerical correction."
    )
    assert explain(refusal, "zh") == "不符合：变更类型 —— 您要求告知：除勘误外的全部变更，本次变更为：勘误。"


def test_a_match_says_each_reason() -> None:
    """Market with the Member that met it, product, and the words with their place."""
    english, chinese = both({"markets": {"EAC"}, "hs": {"22"}, "keywords": {"test method"}})

    assert english == (
        "Fits (direct): market East African Community (Kenya) + HS 22 (HS 220299) "
        "+ keyword “test method” (in the description of content: “test methods”)."
    )
    assert chinese == (
        "符合（直接相关）：市场 东非共同体（肯尼亚） + HS 22（HS 220299） "
        "+ 关键词 “test method”（内容简述：“test methods”）。"
    )


def test_a_broad_match_says_that_only_the_wider_code_is_stated() -> None:
    """The reader sees why it is not surer."""
    english, chinese = both({"hs": {"220299"}, "grade": Grade.BROAD}, hs_codes=("22",))

    assert english == "Fits (broad): HS 220299 (only HS 22 is stated)."
    assert chinese == "符合（大类相关）：HS 220299（仅写明 HS 22）。"


def test_a_whole_market_is_no_grade() -> None:
    """Who asked for no product is not told that every measure concerns them directly."""
    assert both({"markets": {"KEN"}}) == ("Fits: market Kenya.", "符合：市场 肯尼亚。")


def test_a_question_reads_as_a_sentence() -> None:
    """What was asked, in the order of the form."""
    asked = Criteria(
        markets=frozenset({"EAC", "VNM"}),
        hs=frozenset({"22"}),
        areas=frozenset({"food"}),
        keywords=frozenset({"果冻"}),
        exclusions=frozenset({"wine"}),
        grade=Grade.BROAD,
        changes=frozenset({ChangeKind.NEW_MEASURE, ChangeKind.DEADLINE_MOVED}),
    )

    assert describe(asked, "en", MARKETS, AREAS) == (
        "Markets: East African Community, Viet Nam; products: HS 22 or product area Food; words: “果冻”; "
        "but not: “wine”; grade: any; news: new measure, comment deadline moved."
    )
    assert describe(asked, "zh", MARKETS, AREAS) == (
        "市场：东非共同体、越南；产品：HS 22 或 产品类别 食品；关键词：“果冻”；不含：“wine”；匹配等级：不限；"
        "变更类型：新措施、评议截止日期变更。"
    )


@pytest.mark.parametrize("language", ["zh", "zh-CN", "zh_Hant", "ZH"])
def test_every_form_of_chinese_is_answered_in_chinese(language: str) -> None:
    """Any other language is answered in English."""
    assert word(Grade.DIRECT, language) == "直接相关"
    assert word(Grade.DIRECT, "fr") == "direct"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_value_has_a_word(language: str) -> None:
    """No part, grade, frequency or kind of change is shown by its programmer's name, and no two by one word."""
    for family in (Part, Grade, Frequency, ChangeKind):
        words = [word(value, language) for value in family]
        assert len(set(words)) == len(words)
        assert not any("_" in one for one in words)


@settings(max_examples=60, deadline=None)
@given(subscriptions(), measures(), classifications(), st.sampled_from(("en", "zh")))
def test_every_answer_can_be_said_in_one_line(
    subscription: Subscription, measure: Measure, classification: Classification, language: str
) -> None:
    """With names and without, each match and refusal is one sentence, with its subject in its own language."""
    answer = read(subscription, measure, classification, MARKETS)

    for sentence in (explain(answer, language, MARKETS, AREAS), explain(answer, language)):
        assert sentence.endswith("。" if language == "zh" else ".")
        assert re.match("符合|不符合" if language == "zh" else "Fits|Does not fit", sentence)


@settings(max_examples=100, deadline=None)
@given(criteria(), st.sampled_from(("en", "zh")))
def test_every_question_can_be_described(asked: Criteria, language: str) -> None:
    """Each thing asked for stands in the description."""
    said = describe(asked, language)

    assert all(code in said for code in asked.markets | asked.hs | asked.ics | asked.areas | asked.keywords)
