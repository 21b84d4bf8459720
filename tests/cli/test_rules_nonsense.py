"""Nonsense in examples, bare numbers in YAML, unknown names and files: each is answered with a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.test_rules_drafts import PUPPETS, WHO, a_file
from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS

BOTH = {
    "name": "toys-of-kenya",
    "kind": "combination",
    "areas": ["toys"],
    "why": "Toys by code and by name.",
    "all": ["toys-by-hs"],
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("member=Narnia | Toys", "'Narnia' is no market known here"),
        ("hs=abcd | Toys", "'abcd' is not an HS code"),
        ("hs=95x | Toys", "'95x' is not an HS code"),
        ("ics=banana | Toys", "'banana' is not an ICS code"),
        ("hs=9503, 8599 | Toys", "'8599' is no heading"),
    ],
)
def test_nonsense_is_not_tried(stocked: World, text: str, said: str) -> None:
    """Who mistypes a code or a Member is told, instead of "no rule fires"; so is who writes it into a rule."""
    assert said in stocked("rules", "try", "toys-by-hs", text).sentence
    rule = {**BOTH, "must_not_match": [text]}
    refused = stocked("rules", "change", "new", "--put", a_file(stocked, rule), *WHO).sentence
    assert "rule 'toys-of-kenya', its example" in refused and said in refused
    assert len(stocked("rules", "list", "--json").json) == 1


@pytest.mark.parametrize("text", ["hs=9503.00 | Toys", "member=KEN | Toys", "member=肯尼亚, Uganda | Toys", "Toys"])
def test_what_makes_sense_is_tried(stocked: World, text: str) -> None:
    """Codes with dots, Members by code or name in any language."""
    assert stocked("rules", "try", "toys", text).code == 0


def test_an_example_that_is_no_code_is_refused(stocked: World) -> None:
    """The examples of a rule by codes are codes themselves."""
    rule: dict[str, Any] = {**TOYS, "must_not_match": ["abcd"]}
    refused = stocked("rules", "change", "new", "--put", a_file(stocked, rule), *WHO).sentence
    assert "rule 'toys-by-hs', its example 'abcd': 'abcd' is not an HS code" in refused


def test_a_rule_without_examples_is_remarked_upon(stocked: World) -> None:
    """It is taken, and its writer is told what it lacks; one with an example is not."""
    made = stocked("rules", "change", "new", "--put", a_file(stocked, PUPPETS), *WHO)
    assert made.code == 0
    assert "This rule has no example that must match" in made.err and "puppets" in made.err
    tried = {**PUPPETS, "matches": ["Hand puppets"]}
    assert "no example" not in stocked("rules", "change", "2", "--put", a_file(stocked, tried), *WHO).err


@pytest.mark.parametrize("bare", ["0402", "29.220", "no", "2026-03-01"])
def test_a_bare_number_is_named_as_it_was_written(stocked: World, bare: str) -> None:
    """0402 is 258 to YAML: the sentence has the line and what stands there, and says how to write it."""
    file = stocked.home / "mine.yaml"
    head = "rules:\n- name: milk\n  kind: hs_code\n  areas: [food]\n  why: Milk and cream are food.\n"
    file.write_text(f"{head}  prefixes:\n  - {bare}\n", encoding="utf-8")
    refused = stocked("rules", "change", "new", "--put", file, *WHO).sentence
    assert f"line 7: {bare} is not in quotes" in refused and f'write "{bare}"' in refused
    assert "258" not in refused


def test_what_is_no_version_and_no_file_is_said_plainly(stocked: World) -> None:
    """No word of integers and errno."""
    assert stocked("rules", "diff", "abc").sentence.startswith("'abc' is no version; write its number")
    said = stocked("rules", "score", stocked.home / "nofile").sentence
    assert "cannot be read: No such file or directory; give a file of JSON lines" in said and "Errno" not in said


@pytest.mark.parametrize(
    ("option", "asked", "language", "said"),
    [
        ("--stage", "force", "en", "did you mean 'in-force'"),
        ("--stage", "已生", "zh", "did you mean 'in-force' (已生效)?"),
        ("--stage", "zzzzzz", "zh", "choose among 'adopted' (已批准), 'draft' (草案)"),
        ("--stage", "zzzzzz", "en", "choose among 'adopted', 'draft'"),
        ("--hs", "9999", "en", "'9999' is written where there is no code"),
    ],
)
def test_who_subscribes_is_told_what_there_is(
    stocked: World, option: str, asked: str, language: str, said: str
) -> None:
    """By names in their language with the keys, and by a part of a name."""
    base = ("subscribe", "--enterprise", "E", "--name", "N", "--market", "KEN", "--email", "a@example.com")
    assert said in stocked(*base, "--language", language, option, asked).sentence


def test_one_is_one(stocked: World) -> None:
    """ "1 of them is", "1 was told wrongly"."""
    file = a_file(stocked, {**FOOD, "prefixes": ["22", "9503"]})
    stocked("rules", "change", "new", "--put", file, *WHO)
    report = stocked("rules", "backtest", "2", "--json").json["report"]
    args = ("rules", "publish", "2", "--by", "Li Na", "--report", report, "--beyond-limit", "dolls are food")
    assert "1 of them is now in other product areas" in stocked(*args).out
    assert "1 were" not in stocked("rules", "consequences").out
