"""Texts and questions cut into words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.search_words import Phrase, cut, read_question


def phrases(asked: str) -> list[tuple[str, ...]]:
    """The first phrase of each term."""
    return [term.phrases[0].words for term in read_question(asked).terms]


def test_scripts_without_blanks_are_cut_into_pairs() -> None:
    """Any two characters beside each other are a word; the last alone, so that one character is a beginning."""
    assert cut("锂电池 UN38.3") == "锂电 电池 池 un38 3"
    assert cut("電池・玩具") == cut("电池 玩具") == "电池 池 玩具 具"


def test_case_accents_and_width_make_no_difference() -> None:
    """As in rules."""
    assert cut("VÉHICULOS Ｌｉｔｈｉｕｍ") == "vehiculos lithium"


def test_a_question_is_words_phrases_and_what_must_not_occur() -> None:
    """The minus stands before a word or a phrase; Chinese quotation marks are as good as straight ones."""
    question = read_question("toys “lithium battery” -recall －“old text”")
    assert [term.asked for term in question.terms] == ["toys", "lithium battery"]
    assert question.terms[1].exact and question.terms[1].phrases == (Phrase(("lithium", "battery")),)
    assert [term.phrases[0].words for term in question.without] == [("recall",), ("old", "text")]


def test_a_word_is_found_in_its_plural() -> None:
    """And the other way round, unless it is in quotation marks."""
    assert Phrase(("batteries",)) in read_question("battery").terms[0].phrases
    assert Phrase(("toy",)) in read_question("toys").terms[0].phrases


def test_a_code_is_the_beginning_of_longer_ones() -> None:
    """8507 asks for 850760 as well; a year of four digits does so at no harm."""
    assert read_question("8507").terms[0].phrases == (Phrase(("8507",), begins=True),)
    assert read_question("8507.60").terms[0].phrases == (Phrase(("8507", "60"), begins=True),)
    assert read_question("茶").terms[0].phrases == (Phrase(("茶",), begins=True),)


def test_parts_of_different_scripts_are_terms_of_their_own() -> None:
    """锂电池UN38.3 asks for both, wherever they stand; a symbol is one term."""
    assert phrases("锂电池UN38.3") == [("锂电", "电池"), ("un38",), ("3",)]
    assert phrases("G/TBT/N/KEN/1514") == [("g", "tbt", "n", "ken", "1514")]


def test_little_words_are_not_looked_for() -> None:
    """Unless they are all there is, or in quotation marks."""
    assert phrases("toys and games") == [("toys",), ("games",)]
    assert phrases("and") == [("and",)]
    assert phrases('"and"') == [("and",)]


@given(st.text(max_size=400))
def test_any_text_is_a_question(asked: str) -> None:
    """Nothing raises, and no word has a sign in it that a database could take for its own."""
    question = read_question(asked)
    for term in (*question.terms, *question.without):
        for phrase in (*term.phrases, *term.parts):
            assert phrase.words and all(word and not set(word) & set(" \"'*:()&|!<>\\") for word in phrase.words)
    assert "  " not in cut(asked)
