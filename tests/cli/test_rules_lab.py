"""The rule lab by the command line: in words, for a script, and as a page."""

from __future__ import annotations

import re

from tests.builders import a_notice
from tests.cli.conftest import write_history
from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

WIDER = ({**FOOD, "prefixes": ["22", "9503"]}, TOYS, {**WORDS, "grade": "probable"})


def with_draft(world: World) -> World:
    """A shell in which draft 2 waits."""
    world.rules(*WIDER)
    world("rules", "install")
    return world


def test_a_back_test_is_told_in_words_and_kept(stocked: World) -> None:
    """What it gains, whom it would have reached, examples with their words; the report is found again by its number."""
    stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "food")
    said = with_draft(stocked)("rules", "backtest", "2", "--since", "2020-01-01", "--by", "Li Na")
    assert said.code == 0, said
    assert "Report 1: draft 2 against version 1" in said.out
    assert "Of 3 measures recorded, draft 2 changes 1 (33.3 %): it gains 1 places" in said.out
    assert 'G/TBT/N/VNM/55 Safety of toys: area food (direct), by food-by-hs, hs_codes: "950300"' in said.out
    assert (
        "By the news since 2020-01-01 no subscription would have had a message more or less" in said.out
    )  # history is imported in silence
    assert stocked("rules", "report", "1").out == said.out
    listed = stocked("rules", "reports", "--json").json
    assert [(one["report"], one["draft"], one["against"], one["made_by"]) for one in listed] == [(1, 2, 1, "Li Na")]
    assert "Li Na" in stocked("rules", "reports").out
    assert stocked("rules", "list", "--json").json[1]["state"] == "draft"


def test_the_page_loads_nothing_and_runs_nothing(stocked: World) -> None:
    """One file; what publishers and subscribers wrote stands in it as text."""
    evil = a_notice(
        symbol="G/TBT/N/KEN/666",
        title="<script>alert(1)</script> & toys",
        hs_codes=("950300",),
        products_covered='Toys "<img src=x>"',
    )
    stocked("import", write_history(stocked.home / "evil.jsonl", (evil,)))
    page = stocked.home / "report.html"
    assert with_draft(stocked)("rules", "backtest", "2", "--html", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "food" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; toys" in text
    assert not re.search(r"<script|<img|<link|https?://(?!www\.w3)|url\(", text)
    assert "Report 1" in text


def test_mistakes_are_sentences(stocked: World) -> None:
    """Each says what to do."""
    assert "there is no version 9" in stocked("rules", "backtest", "9").sentence
    assert "only a draft" in stocked("rules", "backtest", "1").sentence
    assert "`tbtwatch rules reports`" in stocked("rules", "report", "5").sentence
    assert "only a draft" in stocked("rules", "evaluate", "1").sentence
    assert "`tbtwatch rules evaluate 1` begins it" in stocked("rules", "evaluation", "1").sentence
    with_draft(stocked)
    assert "is no day" in stocked("rules", "backtest", "2", "--since", "spring").sentence
    assert "name another file" in stocked("rules", "backtest", "2", "--html", stocked.home).err


def test_a_draft_that_changes_nothing_says_so(stocked: World) -> None:
    """And an evaluation with nothing to read."""
    stocked.rules(FOOD, {**TOYS, "why": "Toys are in heading 9503 alone."}, WORDS)
    stocked("rules", "install")
    assert "Draft 2 changes nothing: of 3 measures recorded all stay as they are" in stocked("rules", "backtest", 2).out
    assert stocked("rules", "evaluate", 2).code == 0
    assert "No measure is recorded or revised since yet" in stocked("rules", "evaluation", 2).out


def test_an_evaluation_is_shown(stocked: World) -> None:
    """What came since is read by `recover`, and what it would have added is shown; the rules in force stand."""
    with_draft(stocked)
    assert stocked("rules", "evaluate", 2, "--json").json["state"] == "evaluation"
    came = a_notice(symbol="G/TBT/N/KEN/77", title="Puppets", products_covered="Puppets", hs_codes=("950300",))
    stocked("import", write_history(stocked.home / "more.jsonl", (came,)))
    assert "There is more that it has not read yet" in stocked("rules", "evaluation", 2).err
    assert stocked("recover", "--json").json["tried"] == 1
    found = stocked("rules", "evaluation", 2, "--json").json
    assert (found["state"], found["measures"], found["changed"], found["waiting"]) == ("evaluation", 1, 1, False)
    assert "area food: +1 gained" in stocked("rules", "evaluation", 2).out
    assert stocked("rules", "list", "--json").json[0]["state"] == "active"


def test_suggestions_are_shown_with_their_numbers(stocked: World) -> None:
    """Measures in no area, words, rules that match nothing."""
    more = [a_notice(symbol=f"G/TBT/N/BRA/{n}", title="Freezers", hs_codes=("8418",)) for n in range(30, 36)]
    more += [a_notice(symbol=f"G/TBT/N/BRA/{n}") for n in range(40, 60)]
    stocked("import", write_history(stocked.home / "more.jsonl", tuple(more)))
    found = stocked("rules", "suggest", "--json").json
    assert found["groups"][0]["what"] == "in no area"
    assert found["groups"][0]["measures"] == 7
    assert found["groups"][0]["terms"][0]["term"] == "freezers"
    said = stocked("rules", "suggest").out
    assert "7 measures in no area, of 29" in said
    assert "freezers: in 6 of 7, elsewhere in 0 of 22" in said


def test_a_word_on_one_measure_alone_takes_no_room(stocked: World) -> None:
    """Nothing can be compared with a single measure; the numbers are there for scripts."""
    stocked("rules", "override", "G/TBT/N/BRA/9", "--add", "area:toys", "--by", "N", "--reason", "so")
    assert "added area:toys" in [group["what"] for group in stocked("rules", "suggest", "--json").json["groups"]]
    said = stocked("rules", "suggest").out
    assert "1 group of a single measure, too few to compare" in said and "added area:toys" not in said


def test_a_measure_without_a_title_is_queued_by_its_products(stocked: World) -> None:
    """Else the line would say nothing but a symbol."""
    bare = a_notice(symbol="G/TBT/N/BRA/88", title="", products_covered="Freezers", hs_codes=())
    stocked("import", write_history(stocked.home / "bare.jsonl", (bare,)))
    stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "toys", "--market", "BRA")
    assert "G/TBT/N/BRA/88 Freezers: " in stocked("rules", "queue").out


def test_the_queue_is_shown_with_what_each_decision_would_reach(stocked: World) -> None:
    """The refrigerators of Brazil are in no area, and somebody asks for toys from there."""
    stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "toys", "--market", "BRA")
    found = stocked("rules", "queue", "--json").json
    assert (found["measures"], found["doubtful"]) == (3, {"in no area": 1})
    (first,) = found["first"]
    assert (first["symbol"], first["waiting"], first["candidates"][0]["what"]) == ("G/TBT/N/BRA/9", 1, "area:toys")
    said = stocked("rules", "queue").out
    assert "Of 3 measures 1 in no area." in said
    assert "G/TBT/N/BRA/9 Labels of refrigerators" in said
    assert "area:toys would reach 1 subscription, as N (" in said
