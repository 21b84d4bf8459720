"""Related terms on the command line, and the hint when a keyword finds nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import a_notice
from tests.cli.conftest import write_history
from tests.cli.world import World

TODAY = datetime.now(UTC).date()  # commands go by the clock on the wall
JELLY = {
    "title": "Jelly drinks",
    "content_summary": "",
    "products_covered": "Jelly",
    "distribution_date": TODAY,
    "comment_deadline": TODAY,
}


@pytest.fixture
def drinks(tbtwatch: World) -> World:
    """Recent measures about jelly in English and in Spanish."""
    history = write_history(
        tbtwatch.home / "drinks.jsonl",
        (
            a_notice(symbol="G/TBT/N/KEN/1", **JELLY),
            a_notice(symbol="G/TBT/N/KEN/2", **JELLY),
            a_notice(
                symbol="G/TBT/N/CHL/3",
                notifying_members=("CHL",),
                title="Mermelada",
                products_covered="Mermelada",
                content_summary="",
                hs_codes=("200799",),
                ics_codes=("67.080.10",),
                distribution_date=TODAY,
                comment_deadline=TODAY,
            ),
        ),
    )
    assert tbtwatch("import", history).code == 0
    return tbtwatch


def test_terms_are_shown_with_what_each_would_add(drinks: World) -> None:
    """For people, with the codes by name; for scripts; an empty word is a sentence."""
    said = drinks("terms", "jelly", "--months", "600").out
    assert "“jelly”: in 2 of 3 measures of the last 600 months, by title, products and summary." in said
    assert "mermelada" in said and "HS 2202" in said
    found = drinks("terms", "jelly", "--months", "600", "--json").json
    assert (found["hits"], found["measures"], found["meant"]) == (2, 3, [])
    assert {"language": "es", "term": "mermelada", "of": "HS 2007", "adds": 1} in found["names"]
    counted = {f"{one['kind']} {one['value']}": (one["there"], one["adds"]) for one in found["codes"]}
    assert counted["hs 2202"] == (2, 0) and counted["ics 67.160"] == (2, 0)
    assert drinks("terms", "jelly", "--market", "KEN", "--months", "600", "--json").json["measures"] == 2
    assert drinks("terms", " ").sentence == "a keyword is empty; write a word or a phrase"
    assert "no letter" in drinks("terms", "--", "--- ").sentence
    assert "did you mean" in drinks("terms", "jelly", "--market", "Kenja").sentence


def test_a_misspelt_word_is_answered_with_what_stands_somewhere(drinks: World) -> None:
    """So that nobody subscribes to a word that nobody writes."""
    assert "Spelled nearly so: jelly." in drinks("terms", "jelyl", "--months", "600").out
    assert drinks("terms", "zirconia", "--months", "600").out.startswith("“zirconia”: in 0 of 3 measures")


def test_subscribing_to_a_word_that_nobody_writes_says_so(drinks: World) -> None:
    """With the name in another language that does occur, or with the word that is spelled nearly so; once it is there,
    nothing is said."""
    ask = ("subscribe", "--enterprise", "Ningbo", "--file", "me", "--language", "en", "--keyword")
    said = drinks(*ask, "marmalade").err
    assert "“marmalade” stands in none of the 3 measures of the last 12 months; “mermelada” (in 1) does." in said
    assert "`tbtwatch terms 'marmalade'` shows what is related." in said
    assert "last 12 months; “mermelada” does." in drinks(*ask, "mermelda").err
    assert "stands in none" not in drinks(*ask, "mermelada").err
    assert "new" in drinks(*ask, "marmalade", "--hs", "2007", "--json").json
