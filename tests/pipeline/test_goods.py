"""Goods are found by everyday words, what is meant before what only has to do with it."""

from __future__ import annotations

from functools import cache

import pytest

from rules.ruleset import RuleSet
from tbtwatch.configuration import SHIPPED
from tbtwatch.pipeline.goods import FoundGoods, find_goods
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.reference import load_markets

MARKETS = load_markets(SHIPPED / "reference")


@cache
def shipped() -> RuleSet:
    """The rules as they are shipped."""
    return Rulebook(SHIPPED).shipped()


def found(text: str) -> FoundGoods:
    """What the words find."""
    return find_goods(text, rules=shipped(), markets=MARKETS)


def codes(text: str) -> list[str]:
    """The HS codes found, in their order."""
    return [one.value for one in found(text).hs]


@pytest.mark.parametrize("word", ["电池", "battery", "batteries"])
def test_what_is_meant_stands_before_what_has_to_do_with_it(word: str) -> None:
    """Batteries before the acid in them and the cars that run on them."""
    listed = [code[:4] for code in codes(word)]
    assert set(listed[:2]) == {"8506", "8507"}
    assert found(word).areas[0].value == "batteries"
    others = [place for place, code in enumerate(listed) if code in ("2807", "8703", "8601")]
    assert others and min(others) > max(place for place, code in enumerate(listed) if code in ("8506", "8507"))


@pytest.mark.parametrize("word", ["toy", "toys"])
def test_one_or_many(word: str) -> None:
    """Of goods in English."""
    assert [one.value for one in found(word).areas] == ["toys"] and codes(word)[0] == "9503"


@pytest.mark.parametrize("word", ["LED灯", "kids scooter", "850760", "zzzz", "", "，，", "电"])
def test_whatever_is_typed_is_answered(word: str) -> None:
    """Mixed scripts, codes, nonsense and nothing."""
    assert len(codes(word)) <= 40
