"""Rules by the command line: changed, tried, compared, exported, imported, rebased, published by a back-test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_rules_commands import WIDER, areas, back_test
from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

PUPPETS = {**WORDS, "name": "puppets", "any": {"en": ["puppet"]}}
WHO = ("--by", "Li Na", "--reason", "a test")


def a_file(world: World, *rules: dict[str, Any], name: str = "mine.yaml") -> Path:
    """A file of rules."""
    path = world.home / name
    path.write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True), encoding="utf-8")
    return path


def test_a_rule_is_changed_tried_compared_and_published(stocked: World) -> None:
    """The five steps of the staff's document, by commands alone, and back again."""
    file = a_file(stocked, {**FOOD, "prefixes": ["22", "9503"]}, PUPPETS)
    tried = stocked("rules", "try", file, "Safety of hand puppets")
    assert "puppets gives toys" in tried.out and "direct, title: “puppets”" in tried.out
    made = stocked("rules", "change", "new", "--put", file, *WHO, "--json").json
    assert (made["version"], made["based_on"], made["changes"]) == (2, 1, "1 rule added, 1 rule changed")
    said = stocked("rules", "diff", "2").out
    assert "From version 1 to version 2 (draft): 1 rule added, 1 rule changed." in said
    assert "changed rule 'food-by-hs':\n  prefixes: with '9503'" in said
    assert "added rule 'puppets':\n" in said and "\n  any (en): 'puppet'" in said
    assert "\n  any (en): 'puppet'" in stocked("rules", "diff", "2", "1").out.partition("removed rule 'puppets':")[2]
    assert "# version 2, draft: 1 rule\n" in stocked("rules", "show", "2", "puppets").out
    assert "write the number first, as: rules show 4 puppets" in stocked("rules", "show", "toys", "puppets").sentence
    refused = stocked("rules", "publish", "2", "--by", "Li Na").sentence
    assert "run `tbtwatch rules backtest 2`" in refused
    report = back_test(stocked, changed=1)
    refused = stocked("rules", "publish", "2", "--by", "Li Na", "--report", report).sentence
    assert "would make 1 of 3 measures other, more than the limit of 20%" in refused
    assert areas(stocked) == {"toys"}
    done = stocked("rules", "publish", "2", "--by", "Li Na", "--report", report, "--beyond-limit", "dolls are food")
    assert done.code == 0, done
    assert areas(stocked) == {"food", "toys"}
    listed = stocked("rules", "list", "--json").json
    assert (listed[1]["report"], listed[1]["remark"], listed[1]["based_on"]) == (report, "dolls are food", 1)
    undone = stocked("rules", "undo", "--by", "Li Na").out
    assert "By it: 1 rule removed, 1 rule changed." in undone and areas(stocked) == {"toys"}


def test_the_limit_is_a_setting(stocked: World) -> None:
    """An operator may trust staff with more."""
    stocked.set(most_reclassified="0.5")
    stocked("rules", "change", "new", "--put", a_file(stocked, PUPPETS), *WHO)
    report = back_test(stocked, changed=1)
    assert stocked("rules", "publish", "2", "--by", "Li Na", "--report", report).code == 0
    stocked.set(most_reclassified="2")
    assert "most_reclassified" in stocked("status").sentence.lower()


def test_export_and_import_round_trip(stocked: World) -> None:
    """The same fingerprint, by a file or by pipes."""
    original = stocked.home / "one.yaml"
    assert stocked("rules", "export", "--output", original).code == 0
    stocked("rules", "change", "new", "--put", a_file(stocked, PUPPETS), *WHO)
    report = back_test(stocked)
    stocked("rules", "publish", "2", "--by", "x", "--report", report)
    made = stocked("rules", "import", original, *WHO, "--json").json
    assert made["fingerprint"] == yaml.safe_load(original.read_text())["fingerprint"]
    assert stocked("rules", "export", made["version"]).out == original.read_text()
    edited = stocked.home / "edited.yaml"
    edited.write_text(original.read_text().replace("Toys are in 9503.", "Toys are in heading 9503."))
    said = stocked("rules", "import", edited, *WHO)
    assert said.code == 0 and "it was edited" in said.err
    assert stocked("rules", "export", "--output", stocked.home / "no" / "where.yaml").sentence.endswith(
        "cannot be written: No such file or directory"
    )


def test_two_people_and_a_rebase(stocked: World) -> None:
    """The second is told what to run; the conflict is shown with both texts."""
    mine, theirs = {**WORDS, "any": {"en": ["doll"]}}, {**WORDS, "any": {"en": ["teddy"]}}
    stocked("rules", "change", "new", "--put", a_file(stocked, mine), *WHO)
    stocked("rules", "change", "new", "--put", a_file(stocked, theirs), *WHO)
    stocked("rules", "publish", "3", "--by", "x", "--report", back_test(stocked, 3))
    refused = stocked("rules", "publish", "2", "--by", "x", "--report", back_test(stocked, 2)).sentence
    assert "run `tbtwatch rules rebase 2 --by NAME`" in refused
    said = stocked("rules", "rebase", "2", "--by", "Li Na").out
    assert "Draft 4 differs from version 3" in said and "1 entries were changed on both sides" in said
    shown = stocked("rules", "show", "4").out
    assert "# rule 'toys-by-name': both sides changed it; ours stands" in shown
    assert all(f"  - {word}" in shown.partition("rules:")[0] for word in ("teddy", "doll", "toy"))
    (conflict,) = stocked("rules", "show", "4", "--json").json["conflicts"]
    assert conflict["theirs"]["any"] == {"en": ["teddy"]}
    assert "is discarded" in stocked("rules", "discard", "4", *WHO).out
    assert "discarded" in stocked("rules", "list").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("change", "newer", "--remove", "x"), "'newer' is no draft; write its number, or new"),
        (("change", "new"), "say what changes: --put FILE"),
        (("change", "7", "--remove", "x"), "there is no version 7 of the rules"),
        (("change", "1", "--remove", "x"), "version 1 of the rules is active, and only drafts go on"),
        (("change", "new", "--remove", "x"), "there is no rule 'x' in version 1"),
        (("change", "new", "--remove", "area:food"), "gives the unknown area 'food'"),
        (("change", "new", "--put", "none.yaml"), "none.yaml cannot be read"),
        (("import", "none.yaml"), "none.yaml cannot be read"),
        (("discard", "1"), "version 1 of the rules is active; only a draft can be discarded"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(stocked: World, arguments: tuple[str, ...], sentence: str) -> None:
    """And nothing is written down."""
    assert sentence in stocked("rules", *arguments, *WHO).sentence
    assert len(stocked("rules", "list", "--json").json) == 1


def test_mistakes_in_a_file_are_sentences_and_nothing_is_kept(stocked: World) -> None:
    """Each on a line of its own, as an install tells them."""
    file = a_file(stocked, {**PUPPETS, "areas": ["toy"]}, {**PUPPETS, "name": "x", "kind": "regex", "patterns": ["("]})
    said = stocked("rules", "change", "new", "--put", file, *WHO)
    assert (said.code, said.out) == (2, "") and "Traceback" not in said.err
    file.write_text("rules: [{name: a, name: b}]")
    assert "'name' stands there twice" in stocked("rules", "change", "new", "--put", file, *WHO).sentence
    assert len(stocked("rules", "list", "--json").json) == 1


def test_trying_by_name_area_version_and_field(stocked: World) -> None:
    """And a text on which nothing fires; nothing is written down."""
    (fired,) = stocked("rules", "try", "toys-by-hs", "hs=9503", "--json").json["fired"]
    assert fired["evidence"][0]["grade"] == "direct"
    assert stocked("rules", "try", "toys", "Dolls", "--json").json["tried"] == 2
    assert stocked("rules", "try", "1", "Dolls | hs=2202", "--json").json["tried"] == 3
    in_summary = stocked("rules", "try", "toys-by-name", "Dolls", "--field", "content_summary").out
    assert "probable, content_summary" in in_summary
    assert stocked("rules", "try", "toys-by-name", "Lamps").out == "The rule does not fire on this text.\n"
    assert stocked("rules", "try", "1", "Lamps").out == "None of 3 rules fires on this text.\n"
    assert "there is no rule, no product area and no file 'nothing'" in stocked("rules", "try", "nothing", "x").sentence
    assert "colour= is not known" in stocked("rules", "try", "toys", "colour=red").sentence
    assert "'colour' is no field with text" in stocked("rules", "try", "toys", "x", "--field", "colour").sentence


def test_an_own_folder_says_what_it_would_change(stocked: World) -> None:
    """In the words of a comparison."""
    stocked.rules(*WIDER[:2], TOYS | {"name": "again"})
    assert "(1 rule added, 1 rule removed, 1 rule changed)" in stocked("rules", "install").out
