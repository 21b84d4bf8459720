"""Terms related to a keyword are counted in what is recorded, and named by the words of codes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.codes.term import Term
from rules.terms import fold, folded_text, occurs, stands_in, wordings
from subscriptions.related import Name, Recorded, chinese_words, forms, names_of, shares
from tests.subscriptions.worlds import WORDS, texts

HS = (
    *(Term("2007", "en", text) for text in ("jam", "fruit jelly", "jelly", "marmalade")),
    *(Term("2007", "zh", text) for text in ("果酱", "果冻", "果泥")),
    *(Term("2007", "fr", text) for text in ("confiture", "gelée", "marmelade")),
    *(Term("1704", "en", text) for text in ("candy", "jelly candy")),
    *(Term("1704", "zh", text) for text in ("糖果", "果冻糖")),
    *(Term("1704", "fr", text) for text in ("bonbon", "bonbon à la gelée")),
    *(Term("8507", language, text) for language, text in (("en", "battery"), ("zh", "电池"), ("es", "batería"))),
)
LISTS = (("HS", HS), ("ICS", ()))


def recorded() -> Recorded:
    """Four measures about jelly, four of the same trade without the word, thirty of others."""
    jelly = [f"Jelly number {at}: konjac powder and carrageenan in mini cups" for at in range(4)]
    trade = ["Konjac powder", "Carrageenan", "konjac powder in Gelées", "果冻和糖果"]
    others = [f"Steel pipe number {at}" for at in range(30)]
    return Recorded(enumerate([*jelly, *trade, *others]))


def test_words_that_come_with_a_keyword_are_counted() -> None:
    """How many of its measures have them, and how many others they would add; not what stands everywhere alike."""
    read = recorded()
    hits = read.having(["jelly"])
    assert hits == [0, 1, 2, 3]
    found = {one.term: (one.there, one.adds) for one in read.companions(["jelly"], hits, frozenset(), 8)}
    assert found["konjac powder"] == (4, 2) and found["carrageenan"] == (4, 1)
    assert not found.keys() & {"number", "jelly", "mini cups", "konjac", "powder"}


def test_chinese_words_are_those_of_the_lists_and_no_pieces() -> None:
    """Of a run of characters the longest words that are known."""
    read = Recorded(enumerate(["果冻粉和魔芋粉的要求"] * 3 + ["魔芋粉"] * 2 + ["钢管"] * 30))
    known = chinese_words((Term("1106", "zh", "魔芋粉"), Term("1106", "zh", "魔芋"), Term("1", "en", "flour")))
    assert known == {"魔芋粉", "魔芋"}
    found = read.companions(["果冻粉"], read.having(["果冻粉"]), known, 8)
    assert [(one.term, one.there, one.adds) for one in found] == [("魔芋粉", 3, 2)]


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        ("jellies", {"zh": "果冻", "fr": "gelée"}),
        ("果冻", {"en": "jelly", "fr": "gelée"}),
        ("Batteries", {"zh": "电池", "es": "batería"}),
        ("mini fruit jelly", {"zh": "果酱"}),
        ("mini jelly", {}),
        ("nothing known", {}),
    ],
)
def test_the_same_things_name_stands_first_in_each_language(keyword: str, expected: dict[str, str]) -> None:
    """By the codes under which both stand, alone or in longer words; a name that is not known is not made up."""
    first: dict[str, str] = {}
    for name in names_of(keyword, LISTS):
        first.setdefault(name.language, name.term)
    assert first.items() >= expected.items() and bool(first) == bool(expected)
    assert "jelly" not in first.values() or keyword == "果冻"


def test_names_say_how_many_measures_they_would_add() -> None:
    """Those that add something first; what means the same as the keyword is left out."""
    read = recorded()
    names = [Name(language="fr", term=term, code="HS 2007") for term in ("confiture", "gelée", "gelées", "jelly")]
    found = read.names(["jelly"], read.having(["jelly"]), names, 3)
    assert [(one.term, one.adds) for one in found] == [("gelée", 1), ("confiture", 0)]


def test_a_misspelt_word_is_answered_with_those_that_stand_somewhere() -> None:
    """Latin words only."""
    assert recorded().meant("jelyl") == ["jelly"]
    assert recorded().meant("zzz") == [] and recorded().meant("果凍") == []


def test_codes_that_many_of_the_hits_have() -> None:
    """Headings and groups; what one of many has is left out."""
    found = [(measure, "hs", "220299") for measure in range(8)] + [(9, "hs", "2007"), (1, "ics", "67.160.20")]
    found += [(2, "ics", "67.160.10"), (3, "area", "food"), (4, "area", "food"), (5, "area", "food")]
    assert shares(found, 11) == [("area", "food", 3), ("hs", "2202", 8)]
    assert shares([(1, "ics", "67.160.20")], 1) == [("ics", "67.160", 1)]


@settings(max_examples=300, deadline=None)
@given(texts(), st.sampled_from([word for word in WORDS if word != "--"]))
def test_counting_finds_what_matching_finds(text: str, word: str) -> None:
    """The quick reading is that of the matching, for whatever people write."""
    assert stands_in(folded_text(text), wordings(word)) == (occurs(word, text) is not None)
    assert folded_text(text) == fold(text).text.strip()


def test_a_phrase_without_a_letter_has_no_form() -> None:
    """It can be looked for nowhere."""
    assert forms(["--", "Jelly"]) == ("jellies", "jelly")
