"""Codes of older editions are asked for all the same, and what took their place is said."""

from __future__ import annotations

from subscriptions.older_codes import _BECAME, older_code
from tbtwatch import configuration
from tbtwatch.reference import load_hs

CURRENT = load_hs(configuration.SHIPPED / "reference")


def test_what_took_the_place_of_an_older_code_is_said() -> None:
    """Where it is known; else where to look."""
    assert "851713 and 851714 took its place" in older_code("851712", CURRENT)
    assert "no 999912 and no heading 9999" in older_code("999912", CURRENT)
    assert "Look up which codes of heading 8517" in older_code("851755", CURRENT)


def test_codes_of_today_and_wider_ones_need_no_word() -> None:
    """A chapter, a heading, a subheading that is there."""
    assert [older_code(code, CURRENT) for code in ("85", "8517", "851713")] == ["", "", ""]


def test_the_correlation_leads_from_older_codes_to_codes_of_today() -> None:
    """Each named code is in HS 2022, each it replaces is not."""
    assert not set(_BECAME) & set(CURRENT)
    assert {code for became in _BECAME.values() for code in became} <= set(CURRENT)
