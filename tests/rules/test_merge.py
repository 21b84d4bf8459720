"""Three sets of rules merged, and two compared: the laws that hold for any, and what staff read of it."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.contents import content_of, entries
from rules.difference import counted, differences
from rules.merge import merge, merged_words
from rules.ruleset import RuleSet
from tests.rules.test_more_kinds import a_rule
from tests.rules.test_ruleset import AREAS, rule, words

NAMES = ("one", "two", "three")
AREA_KEYS = ("toys", "batteries")


def content(*rules: dict[str, Any], areas: dict[str, Any] | None = None) -> dict[str, Any]:
    """The content of a set that loads."""
    known = AREAS if areas is None else {**AREAS, "areas": {**AREAS["areas"], **areas}}
    return RuleSet.load(known, list(rules)).content()


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Small sets, made of few pieces so that they often agree; some rules rest on others."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    rules: list[dict[str, Any]] = [
        words(name=name, any=draw(st.sampled_from([["toy"], ["doll"], ["toy", "doll"]])), areas=["toys"])
        for name in names
    ]
    if draw(st.booleans()):
        rules.append(a_rule("combination", "both", all=[draw(st.sampled_from(names))], areas=["toys"]))
    more = draw(st.booleans())
    if more:
        rules.append(rule(name="more", areas=["lamps"]))
    lamps = (
        {"lamps": {"names": {"en": draw(st.sampled_from(["Lamps", "Lights"]))}}} if more or draw(st.booleans()) else {}
    )
    return content(*rules, areas=lamps)


@settings(max_examples=150, deadline=None)
@given(contents(), contents(), contents())
def test_the_laws_of_a_merge(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """A side that changed nothing takes the other; equal sides are themselves; what comes of it always loads."""
    for left, right, wanted in ((ours, base, ours), (base, theirs, theirs), (ours, ours, ours)):
        merged = merge(base, left, right)
        assert (entries(merged.content), merged.conflicts) == (entries(wanted), ())
    merged = merge(base, ours, theirs)
    assume(merged.content["rules"])  # two sides that each gave up other rules may leave none
    assert RuleSet.load(**merged.content)
    both = merge(base, theirs, ours)
    assume(not merged.conflicts)
    assert entries(both.content) == entries(merged.content)


@settings(max_examples=100, deadline=None)
@given(contents(), contents())
def test_a_difference_says_what_is_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Nothing if nothing is, each entry once, and the other way round as much."""
    assert differences(before, before) == ()
    assert counted(()) == "nothing"
    found = differences(before, after)
    assert bool(found) == (entries(before) != entries(after))
    assert len({(change.what, change.name) for change in found}) == len(found) == len(differences(after, before))
    assert all(list(change.sentences()) for change in found)
    assert all(change.parts for change in found if change.how == "changed" or change.what == "rule")
    assert entries(content_of(entries(after))) == entries(after)


def test_what_both_changed_stays_ours_and_is_shown() -> None:
    """With the texts of all three; what only one side changed is taken."""
    base = content(words(name="a"), words(name="b"), words(name="c"))
    ours = content(words(name="a", any=["doll"]), words(name="b"))
    theirs = content(
        words(name="a", any=["puppet"]), words(name="b", any=["teddy"]), words(name="c"), words(name="new")
    )

    merged = merge(base, ours, theirs)

    assert {one["name"]: one["any"] for one in merged.content["rules"]} == {
        "a": ["doll"],
        "b": ["teddy"],
        "new": {"en": ["toy"]},
    }
    (conflict,) = merged.conflicts
    assert (conflict.what, conflict.name, conflict.ours["any"], conflict.theirs["any"]) == (
        "rule",
        "a",
        ["doll"],
        ["puppet"],
    )


def test_what_one_side_removed_and_the_other_changed_is_a_conflict() -> None:
    """It stays removed where we removed it, and it stays where they did."""
    base, without = content(words(name="a"), words(name="b")), content(words(name="b"))
    changed = content(words(name="a", any=["doll"]), words(name="b"))

    assert [one["name"] for one in merge(base, without, changed).content["rules"]] == ["b"]
    kept = merge(base, changed, without)
    assert [one["name"] for one in kept.content["rules"]] == ["a", "b"]
    assert len(kept.conflicts) == 1 and kept.conflicts[0].theirs is None


def test_what_our_rules_rest_on_is_kept() -> None:
    """A release that gives up an area, or a rule that our combination names, does not break our rules."""
    base = content(words(name="a"), rule(name="b", areas=["lamps"]), areas={"lamps": {"names": {"en": "Lamps"}}})
    theirs = content(words(name="other"))
    ours = content(
        words(name="a"),
        rule(name="b", areas=["lamps"], grade="broad"),
        a_rule("combination", "mine", all=["a"]),
        areas={"lamps": {"names": {"en": "Lamps"}}},
    )

    merged = merge(base, ours, theirs)

    assert {one["name"] for one in merged.content["rules"]} == {"a", "b", "mine", "other"}
    assert "lamps" in merged.content["areas"]["areas"]
    assert any("rests on it; it is kept" in conflict.why for conflict in merged.conflicts)
    assert RuleSet.load(**merged.content)


def test_words_are_taken_whole() -> None:
    """Theirs unless we changed them."""
    assert merged_words("a", "a", "b") == "b"
    assert merged_words("a", "c", "b") == "c"


def test_a_difference_in_words() -> None:
    """Part by part: what lists lost and gained, what other parts were and are; of a rule that came all it says."""
    pattern = a_rule("regex", "new", areas=["toys"], why="Cells named by size.", patterns=[r"\bCR\d+"])
    before = content(words(any={"en": ["toy", "doll"]}, grade="probable"))
    after = content(words(any={"en": ["toy", "puppet"], "zh": ["玩具"]}), pattern)

    said = [sentence for change in differences(before, after) for sentence in change.sentences()]

    assert said == [
        "added rule 'new':",
        "  areas: 'toys'",
        "  why: Cells named by size.",
        r"  patterns: '\bCR\d+'",
        "  kind: regex",
        "changed rule 'toys-by-name':",
        "  grade: no longer 'probable'",
        "  any (en): without 'doll'; with 'puppet'",
        "  any (zh): with '玩具'",
    ]
    assert counted(differences(before, after)) == "1 rule added, 1 rule changed"
