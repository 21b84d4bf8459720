"""Overrides and consequences by the command line: said, shown, decided, told."""

from __future__ import annotations

from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

WIDER = ({**FOOD, "prefixes": ["22", "9503"]}, TOYS, WORDS)
DOLLS = "G/TBT/N/VNM/55"


def say_of(world: World, *arguments: str) -> object:
    """Override the measure about dolls."""
    return world("rules", "override", DOLLS, *arguments, "--by", "Li Na", "--reason", "It is a jelly.", "--json").json


def publish(world: World) -> str:
    """What publishing draft 2 says, once it was back-tested."""
    report = world("rules", "backtest", "2", "--json").json["report"]
    done = world("rules", "publish", "2", "--by", "Li Na", "--report", str(report), "--beyond-limit", "a few measures")
    assert done.code == 0, done.err
    return str(done.out)


def test_a_persons_word_is_kept_and_shown(stocked: World) -> None:
    """In the measure with who and why, through other rules, in the list by area, until it is ended."""
    said = say_of(stocked, "--add", "area:food", "--remove", "area:toys")
    assert [area["area"] for area in said["areas"]] == ["food"]  # type: ignore[index]
    stocked.rules({**FOOD, "prefixes": ["22", "23"]}, TOYS, WORDS)
    stocked("rules", "install")
    publish(stocked)
    shown = stocked("measure", DOLLS)
    assert "food (direct): override 1 by Li Na" in shown.out
    assert "override 2: is not area:toys, says Li Na" in shown.out
    assert "It is a jelly." in shown.out
    assert DOLLS in {one["symbol"] for one in stocked("measures", "--area", "food", "--json").json}
    assert [one["override"] for one in stocked("rules", "overrides", "--json").json] == [1, 2]
    stocked("rules", "override-end", "2", "--by", "Wang Fang", "--reason", "A toy after all")
    assert "ended by Wang Fang: A toy after all" in stocked("measure", DOLLS).out
    areas = stocked("measure", DOLLS, "--json").json["areas"]
    assert {area["area"] for area in areas} == {"food", "toys"}
    assert [one["value"] for one in stocked("rules", "overrides", "--json").json] == ["food"]


def test_later_evidence_is_shown(stocked: World) -> None:
    """A rule that finds now what a person removed."""
    say_of(stocked, "--remove", "area:food")
    assert stocked("rules", "overrides", "--contradicted", "--json").json == []
    stocked.rules(*WIDER)
    stocked("rules", "install")
    publish(stocked)
    (one,) = stocked("rules", "overrides", "--contradicted", "--json").json
    assert (one["symbol"], one["against"][0]["rule"]) == (DOLLS, "food-by-hs")
    assert "food-by-hs" in stocked("rules", "overrides").out
    assert "since then against it: food-by-hs" in stocked("measure", DOLLS).out


def test_what_cannot_be_said_is_one_sentence(stocked: World) -> None:
    """Unknown values with near ones; stated codes; nothing; twice."""
    by = ("--by", "Li Na", "--reason", "so")
    refused = {
        ("--add", "area:foot"): "did you mean food?",
        ("--add", "toys"): "write area:toys, scheme:ce or hs:9503",
        ("--add", "market:KEN"): "known facets",
        ("--add", "hs:95x"): "95x",
        ("--add", "scheme:ce-mark"): "there is no scheme",
        (): "write --add area:toys",
        ("--add", "area:toys", "--remove", "area:toys"): "said twice",
        ("--remove", "hs:950300"): "is stated by the document itself",
        ("--remove", "hs:95"): "HS 95 is stated by the document itself, as 9503",
        ("--add", "stage:done"): "'done' is not a known stage",
        ("--add", "urgency:now"): "write emergency or recall",
        ("--add", "transition:never"): "'never' is no day on which a transition ends; write it as 2026-03-01",
        ("--add", "standard:60335"): "no number of a standard",
        ("--add", "affected:Narnia"): "Narnia",
        ("--add", "area:toys", "--grade", "sure"): "direct, probable or broad",
    }
    for arguments, sentence in refused.items():
        assert sentence in stocked("rules", "override", DOLLS, *arguments, *by).sentence
    assert "override 9" in stocked("rules", "override-end", "9", *by).sentence
    assert stocked("rules", "overrides", "--json").json == []


def test_a_value_is_kept_in_the_form_that_is_read(stocked: World) -> None:
    """By name as by key, so that who subscribed to it is met; the measure is shown with it."""
    said = {"stage:in force": "in-force", "affected:中国": "CHN", "affected:all": "all", "urgency:recall": "recall"}
    said |= {"transition:2026-03-10": "2026-03-10", "standard:iec 60335": "IEC 60335"}
    say_of(stocked, *(part for one in said for part in ("--add", one)))
    assert [one["value"] for one in stocked("rules", "overrides", "--json").json] == list(said.values())
    assert "transition  2026-03-10" in stocked("measure", DOLLS).out


def test_consequences_are_shown_and_decided(stocked: World) -> None:
    """Nothing follows from silent history; a wrong word for a decision is refused."""
    stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "food")
    stocked.rules(*WIDER)
    stocked("rules", "install")
    assert "Nobody would have to be told anything" in publish(stocked)
    found = stocked("rules", "consequences", "2", "--json").json
    assert (found["open"], found["consequences"]) == ({"late": 0, "correction": 0, "reinstated": 0}, [])
    assert "0 should have been told (late)" in stocked("rules", "consequences").out
    assert "write now, digest or never" in stocked("rules", "tell", "--by", "x", "--late", "soon").sentence
    assert "nothing is decided" in stocked("rules", "tell", "--by", "x").sentence
    assert "there is no version 9" in stocked("rules", "tell", "9", "--by", "x", "--late", "now").sentence
    assert stocked("rules", "tell", "2", "--by", "x", "--late", "now").out == "Nothing waited for this decision.\n"
