"""Subscribing to kinds, stages, objectives, schemes, duties and standards, and what is told of them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import a_notice
from tests.cli.conftest import write_history
from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

FACETS: dict[str, Any] = {
    "kind": {"labelling": {"en": "Labelling and information", "zh": "标签和信息要求"}},
    "scheme": {
        "ce": {"names": {"en": "CE marking", "zh": "CE标志"}, "markets": ["EU"]},
        "bis": {"en": "BIS certification", "zh": "印度标准局认证"},
    },
    "duty": {"factory-inspection": {"en": "Factory inspection", "zh": "工厂检查", "fr": "Inspection d'usine"}},
}


def giving(name: str, words: list[str], **gives: list[str]) -> dict[str, Any]:
    """A rule that gives facets by words."""
    return {
        "name": name,
        "kind": "keyword",
        "why": "For a test of subscriptions.",
        "gives": gives,
        "any": {"en": words},
    }


RULES = (
    FOOD,
    TOYS,
    WORDS,
    giving("ce", ["CE marking"], scheme=["ce"]),
    giving("labels", ["warning label"], kind=["labelling"]),
    giving("factories", ["factory inspection"], duty=["factory-inspection"]),
)
TOY = a_notice(
    symbol="G/TBT/N/KEN/2000",
    title="Toys: CE marking, warning labels and factory inspection",
    content_summary="Toys.",
    products_covered="Toys",
    hs_codes=("950300",),
    ics_codes=(),
)


@pytest.fixture
def faceted(tbtwatch: World) -> World:
    """A configuration whose rules give kinds, schemes and duties."""
    (tbtwatch.config / "facets.yaml").write_text(yaml.safe_dump(FACETS, allow_unicode=True))
    tbtwatch.rules(*RULES)
    return tbtwatch


def ask(*more: str) -> tuple[str, ...]:
    return ("subscribe", "--enterprise", "Ningbo", "--file", "me", "--language", "en", *more)


def test_the_options_are_taken_by_key_or_name_and_shown(faceted: World) -> None:
    """In words when subscribing, in the list and in JSON."""
    asked = (
        *ask("--scheme", "CE 认证", "--scheme", "bis", "--kind", "labelling", "--stage", "draft,in-force"),
        *(
            "--objective",
            "Consumer information, labelling",
            "--duty",
            "Inspection d'usine",
            "--standard",
            "iec 60335-1",
        ),
    )
    made = faceted(*asked, "--json").json
    assert (made["schemes"], made["kinds"], made["stages"]) == (["bis", "ce"], ["labelling"], ["draft", "in-force"])
    assert (made["objectives"], made["duties"]) == (["consumer_information"], ["factory-inspection"])
    assert made["standards"] == ["IEC 60335-1"]
    assert made["name"].startswith("Labelling and information, draft, in force +")
    said = faceted(*asked).err
    for words in ("scheme or mark: BIS certification or CE marking", "duty: Factory inspection", "IEC 60335-1"):
        assert words in said
    assert "Factory inspection" in faceted("subscriptions").out
    assert faceted("subscriptions", "--json").json[0]["schemes"] == ["bis", "ce"]


def test_an_agency_a_source_and_a_measure_are_asked_for_shown_and_changed(faceted: World) -> None:
    """An agency's name may have commas of its own; given empty, a condition is dropped."""
    faceted("import", write_history(faceted.home / "news.jsonl", (TOY,)))
    agency = "Ministry of Trade, Industry and Energy"
    asked = (*ask("--agency", agency, "--source", "The API", "--follow", "ken/2000/add.2"),)
    made = faceted(*asked, "--json").json
    assert (made["agencies"], made["sources"], made["measures"]) == ([agency], ["api"], ["G/TBT/N/KEN/2000"])
    for words in (f"responsible agency: “{agency}”", "reported by: api", "follows: G/TBT/N/KEN/2000"):
        assert words in faceted(*asked).err
        assert words in faceted("subscription", "show", "1").out
    assert "must fit the other conditions as well" in faceted(*asked).err
    refused = faceted("why", "1", "KEN/2000", "--json").json
    assert (refused["failed"], refused["asked"], refused["found"]) == ("agency", agency, "")

    changed = faceted(
        "subscription", "change", "1", "--agency", "", "--source", "", "--why", "all of it", "--json"
    ).json
    assert (changed["agencies"], changed["sources"], changed["measures"]) == ([], [], ["G/TBT/N/KEN/2000"])
    found = faceted("why", "1", "KEN/2000", "--json").json
    assert [one["part"] for one in found["conditions"]] == ["measure"]
    assert faceted("why", "KEN/2000").out.count("you follow G/TBT/N/KEN/2000") == 1
    assert "must fit" not in faceted(*ask("--follow", "ken/2000", "--frequency", "weekly")).err


def test_what_is_stored_is_as_it_was_for_who_asks_none_of_them(faceted: World) -> None:
    """No empty names are written for each of a million subscriptions."""
    faceted(*ask("--hs", "9503"))
    with sqlite3.connect(faceted.home / "tbtwatch.db") as database:
        (stored,) = database.execute("SELECT criteria FROM subscription").fetchone()
    assert json.loads(stored).keys().isdisjoint({"agencies", "sources", "measures"})


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("--source", "aip"), "'aip' is not a source; did you mean 'api'?"),
        (("--agency", "S"), "agency 'S' is a single letter"),
        (("--follow", "KEN/1"), "no measure 'G/TBT/N/KEN/1' is recorded, and only what is recorded can be followed"),
        (("--scheme", "CEE"), "'CEE' is not a known scheme or mark; did you mean 'ce' (CE marking)?"),
        (("--duty", "zzz"), "'zzz' is not a known duty; choose among 'factory-inspection'"),
        (("--standard", "60335"), "'60335' is no number of a standard; write who publishes it"),
        (("--stage", "draft"), "only a stage is asked for"),
    ],
)
def test_what_is_not_known_is_a_sentence(faceted: World, asked: tuple[str, ...], sentence: str) -> None:
    """It says what is near, or how it is written; nothing is subscribed to."""
    assert sentence in faceted(*ask(*asked)).sentence
    assert faceted("subscriptions", "--json").json == []


def test_a_message_says_what_must_be_done_and_why_it_came(faceted: World) -> None:
    """From a notice to the file: kind in the head line, schemes and duties by name, the reason with the words."""
    faceted(*ask("--scheme", "ce", "--name", "Marks"))
    assert faceted("import", write_history(faceted.home / "news.jsonl", (TOY,)), "--news").code == 0
    assert faceted("deliver").code == 0
    (written,) = [path for path in Path(faceted.home).rglob("*.txt") if "Marks" in path.read_text()]
    text = written.read_text()
    assert "labelling and information" in text
    assert "What must be done: Scheme or mark: CE marking\n    Duties: Factory inspection\n" in text
    assert "subscription “Marks”: scheme or mark CE marking" in text


def test_why_names_the_condition_both_ways(faceted: World) -> None:
    """What met it, and where it did not, what was asked and what is known instead."""
    faceted("import", write_history(faceted.home / "news.jsonl", (TOY,)))
    fits = faceted(*ask("--scheme", "ce")).out.strip()
    fails = faceted(*ask("--scheme", "bis")).out.strip()
    found = faceted("why", fits, "KEN/2000", "--json").json
    assert found["matches"] and found["conditions"][0]["part"] == "scheme"
    assert "scheme or mark CE marking" in found["sentence"]
    refused = faceted("why", fails, "KEN/2000", "--json").json
    assert (refused["failed"], refused["asked"], refused["found"]) == ("scheme", "bis", "ce")
    assert "you subscribe to BIS certification; this measure has CE marking" in refused["sentence"]


def test_a_subscription_of_an_older_program_is_the_same_question(faceted: World) -> None:
    """Its stored criteria have no further conditions; it is read, and asked again it is found, not made anew."""
    asked = ask("--hs", "9503")
    number = faceted(*asked, "--json").json["id"]
    with sqlite3.connect(faceted.home / "tbtwatch.db") as database:
        stored, key = database.execute("SELECT criteria, criteria_key FROM subscription").fetchone()
        old = {
            name: value
            for name, value in json.loads(stored).items()
            if name in ("markets", "hs", "ics", "areas", "keywords", "exclusions", "grade", "changes")
        }
        written = json.dumps([old, "immediate", "en"], sort_keys=True, ensure_ascii=False)
        assert key == hashlib.sha256(written.encode()).hexdigest()
        database.execute("UPDATE subscription SET criteria = ?", (json.dumps(old),))
    again = faceted(*asked, "--json").json
    assert (again["id"], again["new"], again["schemes"]) == (number, False, [])
    assert faceted(*asked, "--scheme", "ce", "--json").json["new"] is True


def test_a_name_that_was_not_given_is_written_as_its_language_lists(stocked: World) -> None:
    """It stands in every message."""
    ask = (
        "subscribe",
        "--enterprise",
        "N",
        "--file",
        "me",
        "--market",
        "KEN",
        "--market",
        "UGA",
        "--hs",
        "22",
        "--json",
    )
    assert stocked(*ask).json["name"] == "乌干达、肯尼亚 · HS 22"
    assert stocked(*ask, "--language", "en", "--area", "toys").json["name"] == "Kenya, Uganda · HS 22, Toys"
