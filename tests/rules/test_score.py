"""Figures of a score, counted by hand."""

from __future__ import annotations

from rules.baseline import PlainTfIdf
from rules.product_areas import load_areas
from rules.score import AreasByCode, Confusion, Figures

AREAS = load_areas(
    {
        "cosmetics": {"names": {"en": "Cosmetics"}, "hs": ["3304"], "ics": ["71.100.70"]},
        "chemicals": {"names": {"en": "Chemicals"}, "hs": ["28", "33"], "ics": ["71"]},
        "toys": {"names": {"en": "Toys"}, "hs": ["9503"]},
    }
)


def test_shares_are_what_they_say() -> None:
    """Of three rows one is right at once and two among three guesses; of two answers stated one is right."""
    figures = Figures()
    figures.add(["85"], ranked=["85", "84"], stated=["85"])
    figures.add(["40", "87"], ranked=["84", "39", "87"], stated=["84"])
    figures.add(["22"])
    assert figures.as_plain(ranked=True, stated=True) == {
        "rows": 3,
        "top1": 0.333,
        "top3": 0.667,
        "precision": 0.5,
        "recall": 0.25,
    }


def test_what_is_not_known_is_neither_right_nor_wrong() -> None:
    """An allowed answer does not count; a row without a known answer counts for precision only."""
    figures = Figures()
    figures.add(["toys"], stated=["toys", "chemicals"], allowed=["chemicals"])
    figures.add([], stated=["toys"])
    assert (figures.rows, figures.stated, figures.right) == (1, 2, 1)


def test_the_narrowest_area_of_a_code_is_expected() -> None:
    """Lipstick is cosmetics; that it is a chemical too is allowed and not asked for."""
    found = AreasByCode.of(AREAS, ["330410"], ["71.100.70"])
    assert found.expected == {"cosmetics"}
    assert found.allowed == {"chemicals"}
    assert AreasByCode.of(AREAS, ["33"], []) == AreasByCode(
        expected=frozenset({"chemicals"}), allowed=frozenset({"cosmetics"})
    )


def test_the_worst_confusions_come_first() -> None:
    """What was taken for another most often is shown first; what was right is not shown."""
    confusion = Confusion()
    for known, given in (("85", "94"), ("85", "94"), ("20", ""), ("40", "40")):
        confusion.add(known, given)
    assert confusion.worst() == [("85", "94", 2), ("20", "", 1)]


def test_the_baseline_is_a_plain_reading() -> None:
    """TF-IDF finds the heading whose words occur, and has no word of Chinese."""
    plain = PlainTfIdf({"9503": {"en": "Toys; dolls"}, "6401": {"en": "Footwear; waterproof"}})
    assert plain.ranked("A standard for dolls and a toy") == ["95"]
    assert plain.ranked("Waterproof boots", length=4) == ["6401"]
    assert plain.ranked("玩具") == []
