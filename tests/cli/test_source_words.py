"""Staff's word about a source by command: what is said, what is refused, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.world import World

FEED = {"name": "off", "kind": "feed", "url": "http://127.0.0.1:1/feed.xml", "issuer": "US-FDA"}


def entry(world: World, **over: object) -> Path:
    """A file with an entry."""
    file = world.home / "mine.yaml"
    file.write_text(yaml.safe_dump({**FEED, **over}), encoding="utf-8")
    return file


def test_a_source_is_switched_on_and_off(tbtwatch: World) -> None:
    """Each with a reason, for people and for scripts; the list, the status and a poll say the same."""
    said = tbtwatch("sources", "enable", "off", "--reason", "it is  there now", "--by", "李", "--json").json
    assert (said["number"], said["deed"], said["enabled"], said["by"]) == (1, "enable", True, "李")
    assert said["reason"] == "it is there now" and said["entry"] is None
    listed = {one["source"]: one for one in tbtwatch("sources", "--json").json}
    assert listed["off"]["enabled"] and listed["off"]["state"] != "resting"
    assert "switched off" in tbtwatch("sources", "disable", "off", "--reason", "they asked us to").out
    listed = {one["source"]: one for one in tbtwatch("sources", "--json").json}
    assert listed["off"]["state"] == "resting" and listed["off"]["why"].endswith("they asked us to")
    assert "off: resting. switched off by" in tbtwatch("poll", "off").out
    assert any("they asked us to" in one for one in tbtwatch("status", "--json").json["not_configured"])


def test_one_that_still_rests_says_so(tbtwatch: World) -> None:
    """Switching on is no key."""
    tbtwatch("sources", "disable", "api", "--reason", "no more")
    said = tbtwatch("sources", "enable", "api", "--reason", "again")
    assert said.code == 0 and "It rests all the same: the WTO key is missing" in said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("enable", "nowhere", "--reason", "why not"), "there is no source 'nowhere'"),
        (("disable", "off", "--reason", "why not"), "off is switched off already; nothing was changed"),
        (("disable", "api", "--reason", "  "), "say why, in a sentence, with --reason"),
        (("restore", "api", "4", "--reason", "why not"), "nobody said anything of api with the number 4"),
        (("describe", "nothing.yaml", "--reason", "why not"), "nothing.yaml cannot be read"),
        (("entry", "nowhere"), "there is no source 'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tbtwatch: World, arguments: tuple[str, ...], sentence: str) -> None:
    """And changes nothing."""
    assert tbtwatch("init").code == 0
    assert sentence in tbtwatch("sources", *arguments).sentence


def test_an_entry_is_shown_changed_tried_and_restored(tbtwatch: World) -> None:
    """What is shown can be given back; a mistake names the setting; `sources try` reads the entry that counts."""
    tbtwatch("init")
    shown = tbtwatch("sources", "entry", "off")
    assert yaml.safe_load(shown.out) == {**FEED, "enabled": False}
    wrong = tbtwatch("sources", "describe", entry(tbtwatch, every_minuts=5), "--reason", "asked less")
    assert "did you mean 'every_minutes'" in wrong.sentence and "Nothing was changed" in wrong.sentence
    assert tbtwatch("sources", "describe", entry(tbtwatch, every_minutes=240), "--reason", "asked less").code == 0
    found = tbtwatch("sources", "entry", "off", "--json").json
    assert (found["overtaken"], found["problem"], len(found["words"])) == (False, None, 1)
    assert "every_minutes: 240" in found["entry"] and "240" not in found["in_files"]
    tbtwatch("sources", "describe", entry(tbtwatch, url="https://192.168.1.1/x.xml"), "--reason", "moved")
    assert "192.168.1.1" in tbtwatch("sources", "try", "off").sentence
    assert tbtwatch("sources", "restore", "off", 1, "--reason", "no").code == 0
    assert "every_minutes: 240" in tbtwatch("sources", "entry", "off").out
    tbtwatch.sources(FEED)
    told = tbtwatch("sources", "entry", "off")
    assert "The files describe it otherwise" in told.err and "describe by " in told.err
    assert yaml.safe_load(told.out)["every_minutes"] == 240
    assert any("off is described otherwise" in one for one in tbtwatch("status", "--json").json["not_configured"])
    assert tbtwatch("sources", "restore", "off", 0, "--reason", "the release has it").code == 0
    assert tbtwatch("sources", "entry", "off", "--json").json["overtaken"] is False


def test_a_new_source_is_added_and_ends(tbtwatch: World) -> None:
    """By a file as `sources try --write` makes it."""
    file = tbtwatch.home / "new.yaml"
    file.write_text(yaml.safe_dump({"sources": [{**FEED, "name": "new", "issuer": "US-NEW"}]}))
    assert tbtwatch("sources", "describe", file, "--reason", "a new list").code == 0
    assert "new" in {one["source"] for one in tbtwatch("sources", "--json").json}
    assert tbtwatch("sources", "restore", "new", 0, "--reason", "a mistake").code == 0
    assert "new" not in {one["source"] for one in tbtwatch("sources", "--json").json}
    assert "described nowhere any more" in tbtwatch("sources", "entry", "new").out
