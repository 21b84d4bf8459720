"""A rule set: taken whole or not at all, with a sentence for every mistake, and given back as it was read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.ruleset import RuleErrors, RuleSet
from tests.rules.readers.reading import shipped

AREAS: dict[str, Any] = {
    "sectors": {"consumer": {"en": "Consumer goods", "zh": "消费品"}},
    "areas": {
        "toys": {"sector": "consumer", "names": {"en": "Toys", "zh": "玩具"}, "hs": ["9503"], "ics": ["97.200.50"]},
        "batteries": {"names": {"en": "Batteries", "zh": "电池"}, "hs": ["8506", "8507"], "ics": ["29.220"]},
    },
}


def rule(**over: Any) -> dict[str, Any]:
    """A good rule as YAML gives it."""
    good: dict[str, Any] = {
        "name": "toys-by-hs",
        "kind": "hs_code",
        "areas": ["toys"],
        "why": "Heading 9503 is toys.",
        "prefixes": ["9503"],
    }
    return {key: value for key, value in {**good, **over}.items() if value is not None}


def words(**over: Any) -> dict[str, Any]:
    """A good keyword rule."""
    return rule(**{"name": "toys-by-name", "kind": "keyword", "prefixes": None, "any": {"en": ["toy"]}, **over})


def mistakes(*rules: Any, areas: Any = AREAS) -> tuple[str, ...]:
    """The sentences with which a set is refused."""
    with pytest.raises(RuleErrors) as refused:
        RuleSet.load(areas, list(rules))
    return refused.value.sentences


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (rule(kind="hscode"), "rule 'toys-by-hs': 'hscode' is not a kind of rule; did you mean hs_code?"),
        (rule(kind=None), "rule 'toys-by-hs' has no kind; known are"),
        (rule(why=None), "rule 'toys-by-hs' has no why; a rule of kind hs_code needs one"),
        (rule(why="short"), "rule 'toys-by-hs': why is empty or too short; write at least 10 characters"),
        (rule(areas=["toy"]), "rule 'toys-by-hs' gives the unknown area 'toy'; did you mean toys?"),
        (rule(areas=[]), "rule 'toys-by-hs' gives nothing; name the product areas under areas"),
        (rule(prefixes=["950"]), "rule 'toys-by-hs': \"950\" is not an HS code (2, 4 or 6 to 10 digits)"),
        (rule(prefixes=[9503]), "put it in quotes, as YAML changes bare numbers"),
        (rule(prefixs=["9503"]), "rule 'toys-by-hs' has an unknown part 'prefixs'; did you mean prefixes?"),
        (rule(grade="sure"), "rule 'toys-by-hs': 'sure' is not a grade; use direct, probable or broad"),
        (rule(name="Toys by HS"), "rule 'Toys by HS': a name has lower case letters, digits and hyphens only"),
        (rule(name=None), "rule number 1 (it has no name) has no name"),
        (words(any={"en": ["product"]}), "rule 'toys-by-name' cannot use 'product' under any"),
        (words(any={"en": ["…"]}), "rule 'toys-by-name' cannot use a word under any"),
        (words(any={"en": [False]}), "put it in quotes"),
        (words(any={"english": ["toy"]}), "any has words of the language 'english'; write en, zh, fr or es"),
        (words(near={"words": 3, "first": ["lead"]}), "has no near.second; near needs one"),
        (words(near={"words": "few", "first": ["a"], "second": ["b"]}), "near.words is 'few'; write a whole number"),
        (rule(areas="toys"), "areas is 'toys'; write a list, as [one, another], with one entry too"),
        (rule(name=5), "name is '5'; write one text, in quotes if it is a number, a day or yes/no"),
        (rule(part="maybe"), "part is 'maybe'; write true or false"),
        (rule(gives={"colour": ["ce"]}), "cannot give 'colour'; it gives kind, objective, scheme, duty under gives"),
        (words(any=None), "rule 'toys-by-name' has no words to look for: add some under any or all"),
        (words(fields=["titel"]), "rule 'toys-by-name'"),
        ("toys", "rule number 1 is not a mapping of name, kind, areas and so on"),
    ],
)
def test_each_mistake_is_a_sentence_that_names_the_rule(broken: Any, sentence: str) -> None:
    """Staff read what is wrong, where, and what to write instead."""
    assert any(sentence in told for told in mistakes(broken)), mistakes(broken)


def test_all_mistakes_are_told_at_once_and_nothing_is_taken() -> None:
    """Two broken rules beside a good one: two sentences, no rule set."""
    told = mistakes(rule(), rule(name="a", areas=["nowhere"]), rule(name="b", prefixes=["77"]))

    assert len(told) == 2
    assert "rule 'a' gives the unknown area 'nowhere'" in told[0] + told[1]


def test_words_by_language_are_told_of_once() -> None:
    """Not a second time as no list, which they need not be."""
    assert len(mistakes(words(any={"english": ["toy"]}))) == 1


def test_two_rules_of_one_name_are_refused() -> None:
    """Evidence names its rule, so the name says which."""
    assert "rule 'toys-by-hs' stands in the set twice; rename one of the two" in mistakes(rule(), rule())


def test_examples_are_tried_when_a_set_is_read() -> None:
    """A rule that fails its own examples is refused, with the words that misled it."""
    missed, wrong = mistakes(
        words(matches=["Toys", "Lamps"], must_not_match=["Dogs of a toy breed"]),
    )

    assert missed == "rule 'toys-by-name' does not match its own example 'Lamps'; mend the rule or the example"
    assert "matches 'Dogs of a toy breed', which it must not (because of 'toy')" in wrong
    assert RuleSet.load(AREAS, [words(matches=["Toys"], must_not_match=["Toyota"])])
    assert "does not match its own example '8507'" in mistakes(rule(matches=["8507"]))[0]


def test_no_rule_and_no_area_are_mistakes() -> None:
    """An empty set would classify nothing, silently."""
    assert "there is no rule" in mistakes()[0]
    assert any("there is no product area" in told for told in mistakes(rule(), areas={"sectors": {}, "areas": {}}))


@pytest.mark.parametrize(
    ("areas", "sentence"),
    [
        ({"Toys!": {"names": {"en": "Toys"}}}, "is not a key"),
        ({"toys": {"names": {}}}, "product area 'toys' has no names"),
        ({"toys": {"names": {"zh": "玩具"}}}, "product area 'toys' has no English name"),
        ({"toys": {"names": {"en": "Toys"}, "hs": [9503]}}, "write it in quotes"),
        ({"toys": {"names": {"en": "Toys"}, "hs": ["95030"]}}, '"95030" is not an HS code'),
        ({"toys": {"names": {"en": "Toys"}, "ics": ["97.2"]}}, '"97.2" is not an ICS code'),
        ({"toys": {"names": {"en": "Toys"}, "colour": "red"}}, "has an unknown part 'colour'"),
        ({"sectors": {}, "areas": {"toys": {"sector": "x", "names": {"en": "T"}}}}, "is in the unknown sector 'x'"),
        ("toys", "the product areas are not a mapping"),
    ],
)
def test_mistakes_in_the_areas_are_sentences_too(areas: Any, sentence: str) -> None:
    """The list of areas is read with the same care."""
    assert any(sentence in told for told in mistakes(rule(), areas=areas)), mistakes(rule(), areas=areas)


def test_rules_come_in_any_of_the_shapes_that_files_give() -> None:
    """A list, a file, several files by name, a list of files: the same set."""
    one, other = rule(), words()
    shapes: list[Any] = [
        [one, other],
        {"rules": [one, other]},
        {"a.yaml": {"rules": [one]}, "b.yaml": {"rules": [other]}},
        [{"rules": [one]}, {"rules": [other]}],
    ]

    assert len({RuleSet.load(AREAS, shape).fingerprint for shape in shapes}) == 1
    assert "the rules of a.yaml have an unknown part 'rulez'" in mistakes_of({"a.yaml": {"rulez": [], "rules": [one]}})


def mistakes_of(rules: Any) -> str:
    """All sentences for rules of any shape."""
    with pytest.raises(RuleErrors) as refused:
        RuleSet.load(AREAS, rules)
    return str(refused.value)


PREFIXES = st.lists(st.sampled_from(["9503", "8507", "64", "392410", "0402"]), min_size=1, max_size=3, unique=True)
PHRASES = st.lists(st.sampled_from(["toy", "玩具", "jouet", "battery"]), min_size=1, max_size=3, unique=True)
GRADES = st.sampled_from(["direct", "probable", "broad"])
RULES = st.lists(
    st.one_of(
        st.builds(
            lambda prefixes, grade: {"kind": "hs_code", "prefixes": prefixes, "grade": grade},
            PREFIXES,
            GRADES,
        ),
        st.builds(
            lambda phrases, inside, grade: (
                {"kind": "keyword", "any": {"en": phrases}, "not_inside": inside} | {"grade": grade}
            ),
            PHRASES,
            st.lists(st.sampled_from(["toy breed", "玩具枪"]), max_size=1),
            GRADES,
        ),
        st.builds(lambda: {"kind": "objective", "objectives": ["human_health"]}),
        st.builds(lambda: {"kind": "agency", "agencies": ["Ministry of Toys"], "members": ["KEN"]}),
        st.builds(lambda: {"kind": "ics_code", "prefixes": ["97.200"], "but_not": ["97.200.50"]}),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda bodies: [
        {"name": f"rule-{number}", "areas": ["toys", "batteries"][: 1 + number % 2], "why": "Because it is so.", **body}
        for number, body in enumerate(bodies)
    ]
)


@settings(max_examples=60, deadline=None)
@given(rules=RULES, version=st.integers(1, 99))
def test_content_round_trips(rules: list[dict[str, Any]], version: int) -> None:
    """What a set gives as plain values reads back as the same set, under any version."""
    ruleset = RuleSet.load(AREAS, rules)

    again = RuleSet.load(**ruleset.content(), version=version)

    assert again.rules == ruleset.rules
    assert again.areas == ruleset.areas
    assert again.fingerprint == ruleset.fingerprint
    assert again.version == version


@settings(max_examples=40, deadline=None)
@given(rules=RULES, random=st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(rules: list[dict[str, Any]], random: Any) -> None:
    """A set is its content: the fingerprint is of sorted rules."""
    shuffled = list(rules)
    random.shuffle(shuffled)

    assert RuleSet.load(AREAS, shuffled).fingerprint == RuleSet.load(AREAS, rules).fingerprint


def test_another_word_is_another_fingerprint() -> None:
    """A version with one phrase more is not the same version."""
    assert (
        RuleSet.load(AREAS, [words()]).fingerprint
        != RuleSet.load(AREAS, [words(any={"en": ["toy", "doll"]})]).fingerprint
    )


def test_an_area_is_found_by_key_name_and_sector() -> None:
    """People say "toys", "玩具" or the sector; a slip is met with the nearest names."""
    areas = RuleSet.load(AREAS, [rule()]).areas

    assert areas.find("Toys") == areas.find("玩具") == areas.find("consumer goods") == frozenset({"toys"})
    with pytest.raises(ValueError, match="did you mean batteries"):
        areas.find("batterys")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("textiles", "textiles-and-clothing"), ("玩具", "toys"), ("child-care", "child-care-articles"), ("toy", "toys")],
)
def test_an_unknown_area_is_answered_with_what_holds_it(asked: str, answer: str) -> None:
    """By a part of its key, or of its name in any language, before what only looks alike."""
    assert shipped().areas.nearest(asked) == f"; did you mean {answer}?"


def test_rules_of_an_area() -> None:
    """Every rule that gives an area, by name."""
    ruleset = RuleSet.load(AREAS, [words(), rule(), rule(name="b", areas=["batteries"], prefixes=["8507"])])

    assert [each.name for each in ruleset.of_area("toys")] == ["toys-by-hs", "toys-by-name"]
