"""The kinds of rules that look further: patterns, standards, issuers, nearness, and combinations of other rules."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classification import Grade
from rules.classify import classify
from rules.patterns import MOST_STEPS, PatternError, Patterns, check
from rules.ruleset import RuleErrors, RuleSet
from rules.standard_numbers import standard, standards_in
from rules.vocabulary import Vocabulary
from tests.builders import a_measure, a_notice
from tests.rules.test_kinds import EMPTY, WHY
from tests.rules.test_ruleset import AREAS, mistakes, rule, words


def a_rule(kind: str, name: str = "a-rule", **over: Any) -> dict[str, Any]:
    """A rule for toys as YAML gives it."""
    return {"name": name, "kind": kind, "areas": ["toys"], "why": WHY, **over}


def found(*rules: dict[str, Any], **facts: Any) -> dict[str, tuple[Grade, tuple[str, ...]]]:
    """What a set says of a measure with these facts alone, by the rule and the field of its evidence."""
    own = {name: facts.pop(name) for name in ("issuer", "notices") if name in facts}
    said = classify(a_measure(**own, **{**EMPTY, **facts}), RuleSet.load(AREAS, list(rules)))
    return {f"{each.rule}/{each.field}": (each.grade, each.quotes) for one in said.areas for each in one.evidence}


# --- patterns


def test_a_pattern_is_quoted_as_it_stands() -> None:
    """Direct in the title, one grade less in the text; capitals make no difference, accents and hyphens do."""
    cells = a_rule("regex", patterns=[r"\bCR\d{4}\b"])

    assert found(cells, title="Cells: cr2032, CR2016", content_summary="玩具CR2025") == {
        "a-rule/title": (Grade.DIRECT, ("cr2032", "CR2016")),
        "a-rule/content_summary": (Grade.PROBABLE, ("CR2025",)),
    }
    assert not found(cells, title="CR-2032")


def test_a_pattern_does_not_count_where_the_text_takes_it_back() -> None:
    """As with words; places are found in texts whose folding changes their length."""
    toys = a_rule("regex", patterns=["toys?"])

    assert not found(toys, content_summary="№ ﬁ ½ – It does not apply to toys.")
    assert found(toys, content_summary="№ ﬁ ½ – It applies to toys.")["a-rule/content_summary"][1] == ("toys",)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(?=toy)", "knows no look-ahead"),
        (r"(a)\1", "knows no look-ahead"),
        (r"(toy", "close each bracket"),
        (r"((a{100}){100}){100}", "ask for fewer repetitions"),
        (r"(?:[a-z]{1,50}){1,20}z", "ask for fewer repetitions"),
        (r"x*", "would match everything"),
        (r"\b", "would match everything"),
        (r"^|toys", "would match everything"),
        (r".", "would match everything"),
        (r"[a-z]+", "would match everything"),
        (r"\p{Han}", "would match everything"),
        ("a" * 501, "split it into patterns"),
        ("toys\ud800", "half a character"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_a_sentence(pattern: str, why: str) -> None:
    """It names the rule and the mend."""
    (said,) = mistakes(a_rule("regex", patterns=[pattern]))

    assert said.startswith("rule 'a-rule' cannot use the pattern") and why in said


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$b", r"(x+x+)+y", r"a{900}b", r"(?:a.{100}b|c)", r"x(?:.*y)?", r"(?:\w*){100}!"]
)
def test_a_hostile_pattern_does_not_stall(pattern: str) -> None:
    """A hundred thousand letters made for it are read in the time that a slow reading of so many steps takes."""
    patterns = Patterns([("key", pattern)])
    begun = time.process_time()
    for text in ("a" * 100_000, "x" * 100_000):
        patterns.spans(text)

    assert time.process_time() - begun < 3
    assert MOST_STEPS <= 1000


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60), st.lists(st.sampled_from(["a+b", "é", r"\d\d", "玩具?", "[a-c]x", "😀", "b"]), max_size=70)
)
def test_patterns_tried_together_are_found_as_each_alone(text: str, patterns: list[str]) -> None:
    """However many there are, and whatever the text: places are those of the text."""
    text = text + "aab é 12 玩具 cx 😀" + text
    together = {(start, end, key) for start, end, key in Patterns(enumerate(patterns)).spans(text)}
    alone = {
        (start, end, place)
        for place, pattern in enumerate(patterns)
        for start, end, _ in Patterns([("", pattern)]).spans(text)
    }

    assert together == alone
    assert all(Patterns([("", patterns[key])]).spans(text[start:end]) for start, end, key in together)  # type: ignore[call-overload]


@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    """Nothing that is written raises anything but the sentence."""
    try:
        check(pattern)
    except PatternError:
        return
    assert len(Patterns([("", pattern)])) == 1


# --- issuers and standards


def test_an_issuer_is_that_of_the_measure_or_of_one_of_its_notices() -> None:
    """The feed it came by is no issuer."""
    recalls = a_rule("source", issuers=["us-cpsc"])

    assert found(recalls, issuer="US-CPSC") == {"a-rule/issuer": (Grade.DIRECT, ("US-CPSC",))}
    assert found(recalls, issuer="WTO", notices=(a_notice(issuer="US-CPSC", symbol="26-1"),))
    assert not found(recalls, issuer="WTO")


def test_a_market_is_a_member_that_notifies() -> None:
    """Whoever is only affected, or named in the text, is none."""
    chinese = a_rule("market", members=["CHN"])

    assert found(chinese, notifying_members=("CHN", "KEN")) == {"a-rule/notifying_members": (Grade.DIRECT, ("CHN",))}
    assert not found(chinese, notifying_members=("KEN",), title="Toys from China")


@pytest.mark.parametrize(
    ("asked", "text", "wanted"),
    [
        ("EN 71", "the requirements of EN 71-3:2019+A1:2021 apply", "EN 71-3:2019"),
        ("IEC 60335", "IEC 60335-2-9:2019", "IEC 60335-2-9:2019"),
        ("IEC 60335-2", "IEC 60335-2-9", "IEC 60335-2-9"),
        ("IEC 60335-1:2020", "符合IEC 60335-1：2020的要求", "IEC 60335-1：2020"),
        ("ISO 8124", "EN ISO 8124-1", "EN ISO 8124-1"),
        ("GB 4706.1", "GB4706.1-2005", "GB4706.1-2005"),
        ("GB/T 4706", "GB/T 4706.1—2005, GB/T 4706.1", "GB/T 4706.1"),
        ("JIS C 9335-2-9", "JIS C 9335-2-9:2017", "JIS C 9335-2-9:2017"),
        ("ASTM F963", "ASTM F963-17", "ASTM F963-17"),
        ("NOM-003-SCFI", "la NOM-003-SCFI-2014", "NOM-003-SCFI-2014"),
        ("ГОСТ IEC 60335-1", "по ГОСТ IEC 60335-1-2015", "ГОСТ IEC 60335-1-2015"),
        ("ISO/IEC 17025", "laboratories (ISO/IEC 17025:2017)", "ISO/IEC 17025:2017"),
    ],
)
def test_a_standard_is_found_by_its_number(asked: str, text: str, wanted: str) -> None:
    """With or without part and edition, in any writing."""
    assert wanted in found(a_rule("standard_number", standards=[asked]), title=text)["a-rule/title"][1]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("EN 71", "EN 710-1"),
        ("IEC 60335-1:2020", "IEC 60335-1:2010"),
        ("IEC 60335-2", "IEC 60335-1"),
        ("IEC 60335", "G/TBT/N/IEC 60335 is not it? XIEC 60335"),
        ("NOM-003-SCFI", "NOM-003-ENER-2014"),
        ("ISO 8124", "IEC 8124"),
    ],
)
def test_another_standard_is_not(asked: str, text: str) -> None:
    """Parts, editions and issuers are told apart."""
    found_there = found(a_rule("standard_number", standards=[asked]), title=text)
    assert not found_there or "G/TBT" in text


def test_what_is_no_standard_is_refused() -> None:
    """With how one is written."""
    (said,) = mistakes(a_rule("standard_number", standards=["toys"]))
    assert "is not the number of a standard (as" in said


@settings(deadline=None)
@given(st.text(max_size=80))
def test_standards_are_stretches_of_the_text(text: str) -> None:
    """No text breaks the reader, and what it finds stands there."""
    for start, end, number in standards_in(text + " IEC 60335-1:2020"):
        assert 0 <= start < end and str(number)
    again = standard("EN ISO 8124-1:2018")
    assert again is not None and standard(str(again)) == again


# --- nearness

NEAR = a_rule(
    "keyword", near={"words": 2, "first": {"en": ["lead"], "zh": ["铅"]}, "second": {"en": ["paint"], "zh": ["涂料"]}}
)


@pytest.mark.parametrize(
    "text", ["Lead in paints", "paint with some lead", "lead, paint", "涂料中的铅", "Lead. Paint with lead"]
)
def test_words_near_one_another_count(text: str) -> None:
    """In whichever order; the stretch from one to the other is quoted."""
    assert found(NEAR, title=text)


@pytest.mark.parametrize(
    "text", ["Lead paid for in the paint", "Lead. Paint", "lead", "涂料和玩具中的铅", "paint 涂料"]
)
def test_words_far_apart_or_in_two_sentences_do_not(text: str) -> None:
    """Three words between them are too many, and a full stop is enough."""
    assert not found(NEAR, title=text)


def test_the_stretch_is_quoted() -> None:
    """So that one sees why."""
    assert found(NEAR, title="On Lead in all paints!")["a-rule/title"] == (Grade.DIRECT, ("Lead in all paints",))


# --- combinations

PARTS = (
    a_rule("keyword", "magnets", areas=[], part=True, any={"en": ["magnet"]}),
    a_rule("hs_code", "codes", prefixes=["9503"], areas=[], part=True),
    a_rule("keyword", "pets", areas=[], part=True, any={"en": ["dog"]}),
)


def test_all_any_and_not_any() -> None:
    """The grade is the weakest of all; the evidence names the rules and has their words."""
    both = a_rule("combination", all=["magnets", "codes"], not_any=["pets"])
    said = classify(
        a_measure(**{**EMPTY, "content_summary": "Magnets", "hs_codes": ("9503",)}), RuleSet.load(AREAS, [both, *PARTS])
    )

    (area,) = said.areas
    assert area.grade is Grade.PROBABLE
    assert {(each.rule, each.through, each.quotes) for each in area.evidence} == {
        ("a-rule", "magnets", ("Magnets",)),
        ("a-rule", "codes", ("9503",)),
    }
    assert not found(both, *PARTS, title="Magnets for dogs", hs_codes=("9503",))
    assert not found(both, *PARTS, title="Magnets")
    assert found(a_rule("combination", any=["magnets", "codes"]), *PARTS, title="Magnets")


def test_a_combination_may_rest_on_another() -> None:
    """Read in the order of what rests on what, whatever their names."""
    inner = a_rule("combination", "z-inner", areas=[], part=True, all=["magnets"])
    outer = a_rule("combination", "a-outer", all=["z-inner", "codes"], matches=["hs=9503 | magnets"])

    assert found(outer, inner, *PARTS, title="Magnets", hs_codes=("9503",))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([a_rule("combination", not_any=["magnets"])], "would match everything"),
        (
            [a_rule("combination", all=["magnet"])],
            "names the rule 'magnet', which is not in the set; did you mean magnets?",
        ),
        ([a_rule("combination", all=["a-rule"])], "rests on itself"),
        ([a_rule("combination", all=["b"]), a_rule("combination", "b", any=["a-rule"])], "rests on itself"),
        ([a_rule("combination", all=["magnets"], not_any=["magnets"])], "take it out of one of them"),
        ([a_rule("combination", all=["magnets"], matches=["Dolls"])], "does not match its own example 'Dolls'"),
        (
            [a_rule("combination", all=["magnets"], must_not_match=["magnets"])],
            "which it must not (because of 'magnets')",
        ),
        ([a_rule("combination", all=["magnets"], matches=["colour=red"])], "has an example that cannot be read"),
        ([a_rule("keyword", any=["toy"], part=True)], "marked part: true and gives something"),
    ],
)
def test_what_does_not_hang_together_is_a_sentence(rules: list[dict[str, Any]], sentence: str) -> None:
    """Nothing of the set is taken."""
    assert any(sentence in told for told in mistakes(*rules, *PARTS)), mistakes(*rules, *PARTS)


# --- codes that are in no edition


def test_a_code_of_no_edition_is_refused_when_a_set_is_saved() -> None:
    """With near ones; a set that is in force already is not asked again."""
    known = Vocabulary(hs_titles={"9503": {}, "9504": {}}, ics_titles={"97.200": {}, "97.200.50": {}})
    wrong = [rule(prefixes=["9599"]), rule(name="b", kind="ics_code", prefixes=["97.210"])]
    with pytest.raises(RuleErrors) as refused:
        RuleSet.load(AREAS, wrong, vocabulary=known)

    assert refused.value.sentences == (
        "rule 'toys-by-hs': \"9599\" is in no edition of the HS classification; near are 9503, 9504",
        "rule 'b': \"97.210\" is in no edition of the ICS classification; near are 97.200, 97.200.50",
    )
    assert RuleSet.load(AREAS, wrong, vocabulary=known, try_examples=False)


def test_a_member_that_is_none_is_refused_when_a_set_is_saved() -> None:
    """By its name, or by a code that looks like it; the rule would never match, and nobody would know."""
    known = Vocabulary(markets={"IND": ("India",), "IDN": ("Indonesia",)})
    wrong = [
        a_rule("agency", name="by-name", agencies=["Bureau of Indian Standards"], members=["India"]),
        a_rule("agency", name="by-code", agencies=["Bureau of Indian Standards"], members=["INX"]),
    ]
    with pytest.raises(RuleErrors) as refused:
        RuleSet.load(AREAS, wrong, vocabulary=known)

    assert refused.value.sentences == (
        "rule 'by-name': 'India' is no Member's code; did you mean IND?",
        "rule 'by-code': 'INX' is no Member's code; did you mean IND or IDN?",
    )


def test_an_objective_that_is_none_is_refused() -> None:
    """A key that nothing has would never match; the wording of one without a key has blanks."""
    assert mistakes(a_rule("objective", objectives=["human-heath"])) == (
        "rule 'a-rule': 'human-heath' is no objective; did you mean human_health or animal_health?",
    )
    stated = [a_rule("objective", objectives=["human_health", "Protection of Essential Security"])]
    assert RuleSet.load(AREAS, stated).rules
    unknown = [a_rule("objective", objectives=["human-heath"])]
    assert RuleSet.load(AREAS, unknown, try_examples=False).rules, "what was saved is read for ever"


# --- adding never takes away

TEXTS = st.lists(
    st.sampled_from(
        ["toy", "toys", "doll", "EN 71-3", "CR2032", "lead", "paint", ".", "not", "excluding", "of", "玩具"]
    ),
    max_size=8,
).map(" ".join)
ADDING: list[tuple[dict[str, Any], tuple[str, ...], list[Any]]] = [
    (words(any={"en": ["toy"]}), ("any", "en"), ["doll", "lead paint", "toy doll"]),
    (words(any=["toy"]), ("any",), ["doll", "玩具"]),
    (
        a_rule("keyword", near={"words": 2, "first": ["lead"], "second": ["paint"]}),
        ("near", "first"),
        ["toy", "lead paint"],
    ),
    (
        a_rule("keyword", near={"words": 2, "first": ["lead"], "second": ["paint"]}),
        ("near", "second"),
        ["toy", "of paint"],
    ),
    (rule(prefixes=["9503"]), ("prefixes",), ["95", "950300", "8507"]),
    (a_rule("ics_code", prefixes=["97.200"]), ("prefixes",), ["97", "97.200.50"]),
    (a_rule("regex", patterns=["toys"]), ("patterns",), ["dolls?", r"CR\d+"]),
    (a_rule("standard_number", standards=["EN 71"]), ("standards",), ["EN 71-3", "ISO 8124"]),
    (a_rule("source", issuers=["WTO"]), ("issuers",), ["US-FR"]),
    (a_rule("market", members=["KEN"]), ("members",), ["CHN", "UGA"]),
    (a_rule("agency", agencies=["toy"]), ("agencies",), ["doll"]),
    (a_rule("objective", objectives=["quality"]), ("objectives",), ["environment"]),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ADDING), st.data(), TEXTS, TEXTS, st.sampled_from(["9503", "95", "8507", ""]))
def test_adding_a_term_never_loses_a_match(
    case: tuple[dict[str, Any], tuple[str, ...], list[Any]], data: st.DataObject, title: str, text: str, code: str
) -> None:
    """Outside of what takes away (`none`, `not_inside`, `but_not`) and of `all`: what matched still does, as surely."""
    less, path, more = case
    wider = {**less}
    target = wider
    for step in path[:-1]:
        target[step] = {**target[step]}
        target = target[step]
    target[path[-1]] = [*target[path[-1]], data.draw(st.sampled_from(more))]
    facts = {"title": title, "content_summary": text, "hs_codes": (code,) if code else (), "responsible_agency": title}
    facts |= {"ics_codes": ("97.200.50",), "objectives": ("quality",), "notifying_members": ("KEN",)}
    measure = a_measure(**{**EMPTY, **facts})
    before, after = (classify(measure, RuleSet.load(AREAS, [one])).grade_of("toys") for one in (less, wider))

    assert before is None or (after is not None and after.at_least(before))


# --- the order of rules


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(
        [
            *PARTS,
            a_rule("combination", all=["magnets"], any=["codes", "pets"]),
            words(),
            rule(),
            NEAR | {"name": "near"},
        ]
    ),
    TEXTS,
)
def test_the_order_of_rules_makes_no_difference(rules: list[dict[str, Any]], text: str) -> None:
    """Combinations too."""
    measure = a_measure(**{**EMPTY, "title": f"Magnets {text}", "hs_codes": ("950300",)})

    assert classify(measure, RuleSet.load(AREAS, rules)) == classify(
        measure, RuleSet.load(AREAS, sorted(rules, key=str))
    )
