"""HS and ICS codes inferred from words, and product areas weighed against them."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.classification import Classification, Facet, Grade
from rules.classify import classify
from rules.codes.infer import infer
from rules.codes.lexicon import Lexicon
from rules.codes.term import Term
from rules.ruleset import RuleSet
from rules.vocabulary import Vocabulary, load_vocabulary
from tbtwatch.configuration import SHIPPED
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.reference import load_vocabulary as shipped_vocabulary
from tests.builders import a_measure
from watcher.measure import Facts

EMPTY: dict[str, Any] = {"title": "", "products_covered": "", "content_summary": "", "hs_codes": (), "ics_codes": ()}


@cache
def shipped() -> RuleSet:
    """The rules and words that come with the program."""
    return Rulebook(SHIPPED).shipped()


def read(**facts: Any) -> Classification:
    """What the shipped rules say of a measure."""
    return classify(a_measure(**{**EMPTY, **facts}), shipped())


def chapters(**facts: Any) -> list[str]:
    """The chapters that words speak for, best first."""
    return [one.code for one in infer(Facts(**{**EMPTY, **facts}), shipped().hs.lexicon).wider]


@pytest.mark.parametrize(
    ("language", "title", "heading"),
    [
        ("en", "Draft standard for table top electric fans", "8414"),
        ("en", "Energy conservation standards for dishwashers", "8422"),
        ("en", "Portland cement - specification", "2523"),
        ("zh", "方便面卫生标准", "1902"),
        ("zh", "关于移动电源安全要求的技术法规草案", "8507"),
        ("zh", "汽车轮胎", "4011"),
        ("fr", "Projet de règlement technique sur les pneumatiques", "4011"),
        ("es", "Reglamento técnico para refrigeradores domésticos", "8418"),
    ],
)
def test_a_heading_is_inferred_from_the_words_of_four_languages(language: str, title: str, heading: str) -> None:
    """A measure without codes gets the heading of the goods it names, with the words as evidence."""
    found = read(title=title, language=language).of(Facet.HS)
    assert heading in {finding.value[:4] for finding in found}
    finding = next(one for one in found if one.value.startswith(heading))
    assert finding.evidence[0].rule == "term list"
    assert all(quote in title for quote in finding.evidence[0].quotes)


def test_what_only_describes_other_goods_counts_less() -> None:
    """Car tyres are tyres, toy cars are toys, and food packaging is no food."""
    assert chapters(title="Car tyres")[0] == "40"
    assert chapters(title="轮胎")[0] == chapters(title="汽车轮胎")[0] == "40"
    assert chapters(title="Plastic packaging for food")[0] == "39"
    assert chapters(title="食品用塑料包装")[0] == "39"


def test_what_the_text_takes_back_does_not_count() -> None:
    """Goods that a measure says it does not cover are not its goods."""
    facts = Facts(title="Requirements for footwear", content_summary="This does not apply to toys.")
    wider = infer(facts, shipped().hs.lexicon).wider
    assert wider[0].code == "64"
    assert not [one.words for one in wider if one.code == "95" and one.words]


def test_stated_codes_need_no_guess() -> None:
    """Where headings and groups are stated, nothing is inferred; a national line is cut to six digits, with a note."""
    found = read(title="Toys", hs_codes=("8504401400",), ics_codes=("29.200",))
    assert [(one.value, one.grade, one.note) for one in found.of(Facet.HS)] == [
        ("850440", Grade.DIRECT, "cut from 8504401400")
    ]
    assert found.values(Facet.ICS) == ("29.200",)


@pytest.mark.parametrize(
    ("stated", "value", "grade", "note"),
    [
        ("851712", "8517", Grade.DIRECT, "lifted from 851712: HS 2022 has no 851712"),
        ("85171200", "8517", Grade.DIRECT, "lifted from 85171200: HS 2022 has no 851712"),
        ("852000", "85", Grade.BROAD, "lifted from 852000: HS 2022 has no 852000"),
        ("8520", "85", Grade.BROAD, "lifted from 8520: HS 2022 has no 8520"),
        ("851713", "851713", Grade.DIRECT, ""),
        ("85171", "85171", Grade.DIRECT, ""),
        ("9801", "9801", Grade.DIRECT, ""),
        ("980200", "980200", Grade.DIRECT, ""),
    ],
)
def test_a_code_of_an_older_edition_is_lifted_with_a_note(stated: str, value: str, grade: Grade, note: str) -> None:
    """To the heading that is still there, else to the chapter; a country's own chapters are left as they are."""
    found = read(title="Telephones", hs_codes=(stated,)).of(Facet.HS)
    read_as = [one for one in found if one.evidence[0].rule == "stated codes"]
    assert [(one.value, one.grade, one.note, one.evidence[0].quotes) for one in read_as] == [
        (value, grade, note, (stated,))
    ]


def test_a_bare_chapter_is_broad_and_narrowed_only_within_itself() -> None:
    """ "85" says little: it stays broad, and headings are looked for in chapter 85 alone."""
    found = read(title="Rice cookers and toys", hs_codes=("85",)).of(Facet.HS)
    stated = next(one for one in found if one.value == "85")
    assert stated.grade is Grade.BROAD and stated.evidence[0].rule == "stated codes"
    assert {one.value[:2] for one in found} == {"85"}
    assert "8516" in {one.value[:4] for one in found}


def test_nothing_named_is_nothing_inferred() -> None:
    """A law on standards concerns no goods, and none are made up for it."""
    found = read(title="Law on standardization", content_summary="The law sets out the tasks of the national body.")
    assert not [one for one in found.of(Facet.HS) if one.grade.at_least(Grade.PROBABLE)]


def test_a_term_inside_a_longer_one_does_not_count() -> None:
    """玩具 inside 玩具车 is the longer term's alone."""
    lexicon = Lexicon([Term("9503", "zh", "玩具车"), Term("8703", "zh", "具车")], {}, group=4)
    assert [one.code for one in infer(Facts(title="玩具车"), lexicon).groups] == ["9503"]


def test_a_word_of_two_goods_counts_less_for_each() -> None:
    """A weak term loses against a plain one."""
    lexicon = Lexicon([Term("8544", "en", "cable", True), Term("7312", "en", "wire rope")], {}, group=4)
    assert [one.code for one in infer(Facts(title="cable and wire rope"), lexicon).groups] == ["7312", "8544"]


def test_an_area_named_in_passing_is_broad() -> None:
    """A summary that mentions food on the way does not make hair dryers food, and says why."""
    found = read(
        title="Hair dryers", content_summary="Hair dryers must not be used near food processors or cosmetics counters."
    )
    passing = [one for one in found.areas if one.note.startswith("named in passing")]
    assert all(one.grade is Grade.BROAD for one in passing)
    assert found.grade_of("household-appliances") in (Grade.DIRECT, Grade.PROBABLE)


def test_an_area_in_the_title_is_never_weakened() -> None:
    """Words of the title are the subject, whatever else is named."""
    assert read(title="Toys", content_summary="Batteries, lamps, tyres and cement.").grade_of("toys") is Grade.DIRECT


WORDS = [
    "toy",
    "widget",
    "food",
    "safety",
    "requirements",
    "lamps",
    "paper",
    "children",
    "electrical",
    "puppet",
    "玩具",
]


@cache
def few(*batteries: str) -> RuleSet:
    """Three rules with the shipped areas and words; `batteries`: what one of them looks for."""
    own = [("toys", ["toy", "玩具"]), ("batteries", list(batteries)), ("food", ["food"])]
    rules = [
        {"name": area, "kind": "keyword", "areas": [area], "why": "Because it is so.", "any": any_of}
        for area, any_of in own
    ]
    return RuleSet.load(shipped().areas.content(), rules, vocabulary=shipped().vocabulary)


@settings(max_examples=200, deadline=None)
@given(*[st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)] * 2)
@example("safety paper", "The food widget children electrical")
@example("lamps children", "The children food widget requirements")
def test_a_term_that_is_added_takes_no_area_away(title: str, summary: str) -> None:
    """Neither of its own rule nor of another: areas are weighed by the words, not by what other rules found."""
    measure = a_measure(**{**EMPTY, "title": title, "content_summary": summary})
    before, after = (classify(measure, few("battery", *more)) for more in ((), ("widget",)))
    for found in before.areas:
        grade = after.grade_of(found.area)
        assert grade is not None and grade.at_least(found.grade), found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_and_quotes_stand_in_it(title: str, summary: str) -> None:
    """No text breaks the reading; every quote is a piece of the text; the same text gives the same answer."""
    first = read(title=title, content_summary=summary)
    assert first == read(title=title, content_summary=summary)
    for finding in first.findings:
        for evidence in finding.evidence:
            text = {"title": title, "content_summary": summary}.get(evidence.field)
            assert text is None or all(quote in text for quote in evidence.quotes)


def test_a_megabyte_is_read_in_a_moment() -> None:
    """Of a text beyond all measure only the beginning is read for codes."""
    began = time.process_time()
    infer(Facts(title="x", content_summary="电池 and toys, " * 80_000), shipped().hs.lexicon)
    assert time.process_time() - began < 5


def test_a_vocabulary_comes_back_as_it_was() -> None:
    """The words of a version, written down and read again, are the same words with the same fingerprint."""
    words = shipped_vocabulary(Path(SHIPPED) / "reference")
    again = load_vocabulary(words.content())
    assert again.fingerprint == words.fingerprint
    assert again == words


def test_the_shipped_terms_are_well_formed() -> None:
    """Nearly every heading and ICS group has its words in Chinese and English; no term stands twice for a code."""
    words = shipped().vocabulary
    for terms, titles, length, missing in (
        (words.hs_terms, words.hs_titles, 4, 0.02),
        (words.ics_terms, words.ics_titles, 6, 0.05),
    ):
        assert len({(term.code, term.language, term.text) for term in terms}) == len(terms)
        groups = {code for code in titles if len(code) == length}
        for language in ("zh", "en"):
            named = {term.code[:length] for term in terms if term.language == language}
            assert len(groups - named) <= missing * len(groups), sorted(groups - named)[:20]


def test_no_words_infer_nothing() -> None:
    """A version without words, as an older program wrote, infers no code and breaks nothing."""
    bare = RuleSet.load(shipped().areas, list(shipped().rules), facets=shipped().facets, vocabulary=Vocabulary())
    assert not [
        one for one in classify(a_measure(title="Toys"), bare).of(Facet.HS) if one.note == "inferred from words"
    ]
