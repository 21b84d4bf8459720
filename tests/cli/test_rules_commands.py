"""Rules by the command line: whose they are, and that everything recorded follows what was published."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

WIDER = ({**FOOD, "prefixes": ["22", "9503"]}, TOYS, WORDS)


def back_test(world: World, draft: int = 2, against: int = 1, *, measures: int = 3, changed: int = 0) -> int:
    """The number of a report, as `rules backtest` would have written it."""
    report = json.dumps({"measures": measures, "changed": changed})
    with closing(sqlite3.connect(world.home / "tbtwatch.db")) as connection, connection:
        made = connection.execute(
            "INSERT INTO backtest (draft, against, made_at, made_by, report) VALUES (?, ?, '2026-03-02 "
            "12:00:00', 'x', ?)",
            (draft, against, report),
        )
        return int(made.lastrowid or 0)


def areas(world: World, symbol: str = "G/TBT/N/VNM/55") -> set[str]:
    """The product areas of a measure."""
    return {one["area"] for one in world("measure", symbol, "--json").json["areas"]}


def found(world: World, area: str) -> set[str]:
    """What the list by area finds."""
    return {one["symbol"] for one in world("measures", "--area", area, "--json").json}


def test_a_published_rule_changes_what_is_recorded(stocked: World) -> None:
    """Steps 2 to 5 of the staff's document: edit, install, publish, look again; and back by undo. Nobody is told."""
    stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "food")
    assert (areas(stocked), found(stocked, "food")) == ({"toys"}, {"G/TBT/N/KEN/1514"})
    stocked.rules(*WIDER)
    assert stocked("rules", "install").code == 0
    said = stocked("rules", "publish", "2", "--by", "Li Na", "--report", back_test(stocked))
    assert "3 measures were classified anew by version 2: 1 of them" in said.out
    assert "Nobody is told anything by this" in said.out
    assert (areas(stocked), found(stocked, "food")) == ({"food", "toys"}, {"G/TBT/N/KEN/1514", "G/TBT/N/VNM/55"})
    assert "classified anew by version 3" in stocked("rules", "undo", "--by", "Li Na").out
    assert (areas(stocked), found(stocked, "food")) == ({"toys"}, {"G/TBT/N/KEN/1514"})
    assert stocked("status", "--json").json["counts"]["alerts"] == 0


def test_what_is_not_done_yet_is_never_shown_as_if_it_were(stocked: World) -> None:
    """A publishing that was broken off: the list says by which rules, `recover` does the rest."""
    stocked.rules(*WIDER)
    stocked("rules", "install")
    with closing(sqlite3.connect(stocked.home / "tbtwatch.db")) as connection, connection:
        connection.execute("UPDATE ruleset SET state = 'retired', retired_at = made_at WHERE version = 1")
        connection.execute("UPDATE ruleset SET state = 'active' WHERE version = 2")
    listed = stocked("measures", "--market", "VNM")
    assert "toys (classified by rule set 1, being re-done)" in listed.out
    assert "3 measures are still to be classified by version 2" in listed.err
    assert all(one["being_reclassified"] for one in stocked("measures", "--json").json)
    assert areas(stocked) == {"food", "toys"}  # one measure is read by the rules in force at once
    assert stocked("status", "--json").json["measures_to_reclassify"] == 3
    assert "still to be classified by the rules in force" in stocked("status").out
    assert stocked("recover", "--json").json["reclassified"] == 3
    assert "being re-done" not in stocked("measures", "--market", "VNM").out
    assert not any(one["being_reclassified"] for one in stocked("measures", "--json").json)


def test_installing_goes_on_with_what_was_broken_off(stocked: World) -> None:
    """Who installs again what is in force finds nothing left to do."""
    with closing(sqlite3.connect(stocked.home / "tbtwatch.db")) as connection, connection:
        connection.execute("UPDATE classification SET ruleset_version = 0 WHERE measure_id = 1")
    assert stocked("rules", "install", "--json").json["reclassified"] == 1


def test_own_rules_are_called_so(stocked: World) -> None:
    """Rules out of the operator's folder are not called shipped; who made them, and why, stands in the list."""
    stocked.rules(*WIDER)
    said = stocked("rules", "install", "--by", "Li Na", "--reason", "dolls are food, says the ministry")
    assert (
        said.out.startswith(f"The rules in {stocked.config / 'rules'} differ from version 1") and "draft 2" in said.out
    )
    assert "hipped" not in said.out
    _, draft = stocked("rules", "list", "--json").json
    assert (draft["made_by"], draft["why"]) == ("Li Na", "dolls are food, says the ministry")
    stocked("rules", "publish", "2", "--by", "Wang Fang", "--report", back_test(stocked))
    listed = stocked("rules", "list").out
    assert all(words in listed for words in ("Li Na", "dolls are food, says the ministry", "Wang Fang"))


def test_rules_of_nobody_are_by_who_is_logged_in(stocked: World) -> None:
    """And the reason says from which folder they came."""
    stocked.environment.setenv("LOGNAME", "wangfang")
    stocked.rules(*WIDER)
    stocked("rules", "install")
    _, draft = stocked("rules", "list", "--json").json
    assert (draft["made_by"], draft["why"]) == ("wangfang", f"rules of the folder {stocked.config}")
