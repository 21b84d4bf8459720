"""How questions are understood."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.ruleset import RuleSet
from tbtwatch.bot.days import MOST_DAYS
from tbtwatch.bot.question import LONGEST_TEXT, Question, understand
from tbtwatch.configuration import SHIPPED
from tbtwatch.pipeline.rulebook import Rulebook
from tests.pipeline.service import MARKETS

TODAY = date(2026, 3, 2)

#: Question → what differs from a question that asks nothing.
TABLE: dict[str, dict[str, Any]] = {
    # the order of parts, and days in four languages
    "": {},
    "Kenya": {"markets": ("KEN",)},
    "Kenya 22 30d": {"markets": ("KEN",), "hs": "22", "days": 30},
    "30d 22 Kenya": {"markets": ("KEN",), "hs": "22", "days": 30},
    "  肯尼亚   22\n30天 ": {"markets": ("KEN",), "hs": "22", "days": 30},
    "肯尼亚，22，30天": {"markets": ("KEN",), "hs": "22", "days": 30},
    "近30天 德国 锂电池": {"markets": ("DEU",), "area": "batteries", "area_words": "锂电池", "days": 30},
    "德国锂电池 近30天": {"markets": ("DEU",), "area": "batteries", "area_words": "锂电池", "days": 30},
    "最近90天德国锂电池": {"markets": ("DEU",), "area": "batteries", "area_words": "锂电池", "days": 90},
    "近三十天 日本 化妆品": {"markets": ("JPN",), "area": "cosmetics", "area_words": "化妆品", "days": 30},
    "近3个月 韩国": {"markets": ("KOR",), "days": 90},
    "过去两周 越南 玩具": {"markets": ("VNM",), "area": "toys", "area_words": "玩具", "days": 14},
    "东盟 半年": {"markets": ("ASEAN",), "days": 183},
    "上周 韩国": {"markets": ("KOR",), "days": 7},
    "toys in the EU, last 2 weeks?": {"markets": ("EU",), "area": "toys", "area_words": "toys", "days": 14},
    "Kenya past month": {"markets": ("KEN",), "days": 31},
    "Kenya in the last three months": {"markets": ("KEN",), "days": 90},
    "jouets Union européenne 2 semaines": {"markets": ("EU",), "area": "toys", "area_words": "jouets", "days": 14},
    "Afrique du Sud cosmétiques 30 derniers jours": {
        "markets": ("ZAF",),
        "area": "cosmetics",
        "area_words": "cosmétiques",
        "days": 30,
    },
    "juguetes México últimos 60 días": {"markets": ("MEX",), "area": "toys", "area_words": "juguetes", "days": 60},
    "Brasil iluminación 3 meses": {
        "markets": ("BRA",),
        "area": "lighting",
        "area_words": "iluminación",
        "days": 90,
    },
    "肯尼亚 since 2026-02-01": {"markets": ("KEN",), "days": 29},
    "自2026年1月15日以来 乌干达": {"markets": ("UGA",), "days": 46},
    "Kenya 0d": {"markets": ("KEN",), "days": 1},
    "Kenya 99999d": {"markets": ("KEN",), "days": MOST_DAYS},
    # what looks like days and is not
    "3D printer EU": {"markets": ("EU",), "area": "machinery", "area_words": "3D printer"},  # HS 8485, by the term list
    "2026年 肯尼亚": {"markets": ("KEN",), "unused": ("2026年",)},
    "2026年3月10日 肯尼亚": {"markets": ("KEN",), "unused": ("2026年3月10日",)},
    "30dB Kenya": {"markets": ("KEN",), "words": "30dB"},
    # numbers
    "kenya 22": {"markets": ("KEN",), "hs": "22", "bare": "22", "bare_as": "hs"},
    "kenya 22 15": {"markets": ("KEN",), "hs": "22", "days": 15},
    "Kenya 30": {"markets": ("KEN",), "days": 30, "bare": "30", "bare_as": "days"},
    "Kenya HS30": {"markets": ("KEN",), "hs": "30"},
    "Kenya HS 30 30": {"markets": ("KEN",), "hs": "30", "days": 30},
    "HS 8507 60 00 EU": {"markets": ("EU",), "hs": "850760"},
    "HS 8507 60 EU": {"markets": ("EU",), "hs": "8507", "days": 60},
    "EU toys 85": {
        "markets": ("EU",),
        "area": "toys",
        "area_words": "toys",
        "days": 85,
        "bare": "85",
        "bare_as": "days",
    },
    "Kenya 7": {"markets": ("KEN",), "days": 7},
    "Kenya 120": {"markets": ("KEN",), "days": 120},
    "Kenya 99": {"markets": ("KEN",), "days": 99},
    "22": {"hs": "22", "bare": "22", "bare_as": "hs"},
    "德国 8507.60": {"markets": ("DEU",), "hs": "850760"},
    "德国8507 30天": {"markets": ("DEU",), "hs": "8507", "days": 30},
    "EU 8507600090": {"markets": ("EU",), "hs": "850760"},
    "hs编码8507": {"hs": "8507"},
    "税号：8507.60 欧盟": {"markets": ("EU",), "hs": "850760"},
    "８５０７ 德国": {"markets": ("DEU",), "hs": "8507"},
    "Kenya ICS 67.160.20": {"markets": ("KEN",), "ics": "67.160.20"},
    "67.160 Uganda": {"markets": ("UGA",), "ics": "67.160"},
    "8507 2202": {"hs": "8507", "unused": ("2202",)},
    "9999999999 Kenya": {"markets": ("KEN",), "unused": ("9999999999",)},
    # markets
    "Korea, Republic of batteries": {"markets": ("KOR",), "area": "batteries", "area_words": "batteries"},
    "Trinidad and Tobago food": {"markets": ("TTO",), "area": "food", "area_words": "food"},
    "Côte d'Ivoire": {"markets": ("CIV",)},
    "Kenya Uganda Tanzania 22": {"markets": ("KEN", "UGA", "TZA"), "hs": "22", "bare": "22", "bare_as": "hs"},
    "美国和欧盟的玩具最近有什么法规": {"markets": ("USA", "EU"), "area": "toys", "area_words": "玩具"},
    "US toys": {"markets": ("USA",), "area": "toys", "area_words": "toys"},
    "us toys": {"markets": ("USA",), "area": "toys", "area_words": "toys"},
    "TOYS IN KENYA": {"markets": ("KEN",), "area": "toys", "area_words": "TOYS"},
    "IN toys": {"markets": ("IND",), "area": "toys", "area_words": "toys"},
    "in 22": {"markets": ("IND",), "hs": "22", "bare": "22", "bare_as": "hs"},
    "are there measures": {},
    "jam Kenya": {"markets": ("KEN",), "area": "food", "area_words": "jam"},
    "一带一路 玩具": {"unlisted": ("BRI",), "area": "toys", "area_words": "玩具"},
    "台湾 玩具": {"markets": ("TPKM",), "area": "toys", "area_words": "玩具"},
    # Chinese without blanks, and words around
    "巴西照明": {"markets": ("BRA",), "area": "lighting", "area_words": "照明"},
    "玩具越南": {"markets": ("VNM",), "area": "toys", "area_words": "玩具"},
    "印度尼西亚玩具": {"markets": ("IDN",), "area": "toys", "area_words": "玩具"},
    "新西兰奶粉": {"markets": ("NZL",), "area": "food", "area_words": "奶粉"},
    "有没有越南玩具的新法规": {"markets": ("VNM",), "area": "toys", "area_words": "玩具"},
    "请问美国最近有什么关于玩具的新规": {"markets": ("USA",), "area": "toys", "area_words": "玩具"},
    "在德国销售的玩具": {"markets": ("DEU",), "area": "toys", "area_words": "玩具"},
    "巴西那个呢": {"markets": ("BRA",)},
    "近30天德国有没有锂电池的新法规": {
        "markets": ("DEU",),
        "area": "batteries",
        "area_words": "锂电池",
        "days": 30,
    },
    # products and mere words
    "toys": {"area": "toys", "area_words": "toys"},
    "英国 toys and games": {"markets": ("GBR",), "area": "toys", "area_words": "toys and games"},
    "饮料 肯尼亚": {"markets": ("KEN",), "area": "beverages", "area_words": "饮料"},
    "lithium battery labelling USA": {
        "markets": ("USA",),
        "area": "batteries",
        "area_words": "battery",
        "words": "lithium labelling",
    },
    "沙特家电能效": {"markets": ("SAU",), "area": "household-appliances", "area_words": "家电", "words": "能效"},
    "这个合法吗": {"words": "这个合法"},
    "hello": {"words": "hello"},
    "TBT Kenya": {"markets": ("KEN",), "unused": ("TBT",)},
    # hostile
    '<b>Kenya</b> "22"': {"markets": ("KEN",), "hs": "22", "bare": "22", "bare_as": "hs"},
    "Kenya\u0000\u202e 22\ud800": {"markets": ("KEN",), "hs": "22", "bare": "22", "bare_as": "hs"},
    "'; DROP TABLE measure; -- %_": {"words": "DROP TABLE"},
}


@cache
def _shipped() -> RuleSet:
    """The shipped rules, read once."""
    return Rulebook(SHIPPED).shipped()


@pytest.fixture
def ruleset() -> RuleSet:
    """The shipped rules."""
    return _shipped()


def ask(text: str, ruleset: RuleSet) -> Question:
    return understand(text, markets=MARKETS, areas=ruleset.areas, ruleset=ruleset, today=TODAY)


@pytest.mark.parametrize(("text", "expected"), TABLE.items(), ids=[repr(text)[:40] for text in TABLE])
def test_a_question_is_understood(text: str, expected: dict[str, Any], ruleset: RuleSet) -> None:
    """Market, code, product, days, in any order and any of four languages; the rest is words to look for."""
    found = ask(text, ruleset)
    got = {name: getattr(found, name) for name in Question.__dataclass_fields__}
    nothing = Question()
    differs = {n: v for n, v in got.items() if v != getattr(nothing, n) and n != "said_days"}
    assert differs | {"days": found.days} == {"days": 30, **expected}


def test_without_rules_an_area_is_known_by_its_name(ruleset: RuleSet) -> None:
    """And by a part of its name that no other has."""
    for text in ("toys", "照明", "Lamps and lighting", "food-contact"):
        assert understand(text, markets=MARKETS, areas=ruleset.areas).area, text


def test_a_long_text_is_read_to_its_limit_and_says_so(ruleset: RuleSet) -> None:
    """Nothing behind the limit counts."""
    found = ask("Kenya " + "x" * LONGEST_TEXT + " 德国", ruleset)
    assert found.markets == ("KEN",) and found.cut and len(found.words) <= 40


def test_without_today_a_date_is_not_made_use_of(ruleset: RuleSet) -> None:
    """And the answer can say so."""
    found = understand("Kenya since 2026-02-01", markets=MARKETS, areas=ruleset.areas)
    assert found.unused == ("since 2026-02-01",) and found.days == 30


def test_a_date_of_the_future_asks_for_no_days(ruleset: RuleSet) -> None:
    """It is named as not made use of."""
    assert ask("Kenya 2027-01-01", ruleset).unused == ("2027-01-01",)


_PIECES = (
    "德国 锂电池 Kenya in us 22 30 8507.60 67.160 HS ICS 近 30天 last 2 weeks 三个月 半年 年 月 D d '' ? , ， （ <b> "
    "& % _ \\ / G/TBT/N/KEN/1 \u0000 \ud800 \u202e 🧸 ００ 9999999 -1 . .. 1.2.3 一带一路 和 的 新 "
    "100000000000000000000 十百 ² ①"
)
PIECES = st.sampled_from(_PIECES.split(" "))


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.text(max_size=400), st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=14).map(" ".join)
    )
)
@example("二" * 9 + "天")
@example("半个半月")
@example("HS" * 200)
def test_whatever_is_asked_something_is_understood(text: str) -> None:
    """It never raises; days are bounded; words, HS and what is left over stay small and printable."""
    ruleset = _shipped()
    found = ask(text, ruleset)
    assert 1 <= found.days <= MOST_DAYS
    assert len(found.hs) <= 6 and (not found.hs or found.hs.isdecimal())
    assert len(found.words.split()) <= 8 and len(found.words) <= 8 * 41
    assert all(part.isprintable() for part in (found.words, found.area_words, *found.unused))
    assert not found.area or found.area in ruleset.areas
    assert found == ask(text, ruleset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("欧盟 CE认证 玩具 近30天", {"markets": ("EU",), "scheme": "ce", "area": "toys", "days": 30}),
        ("toys CE marking EU", {"markets": ("EU",), "scheme": "ce", "area": "toys"}),
        ("CE certification", {"scheme": "ce"}),
        ("CE toys", {"scheme": "", "area": "toys"}),  # the two letters alone are no scheme
        ("certification", {"scheme": ""}),
    ],
)
def test_a_scheme_is_named_with_the_word_for_what_it_is(text: str, expected: dict[str, Any], ruleset: RuleSet) -> None:
    """A mark or certification by its name and such a word, in either language, beside all else that is asked."""
    found = ask(text, ruleset)
    assert {name: getattr(found, name) for name in expected} == expected
