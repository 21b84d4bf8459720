"""The benchmarks run, compare answers before they compare times, and say what they promise."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bulk_import import problems
from benchmarks.bulk_notices import COLUMNS, Bulk, write_workbook
from benchmarks.mail_server import Mail
from benchmarks.peers import watched
from benchmarks.peers.report import PROMISES
from benchmarks.poll_feeds import ROUNDS
from benchmarks.poll_many import Waits
from benchmarks.poll_peers import wrong_mails
from watcher.source import Cursor, Document, Request
from watcher.sources import make_source

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(name: str, *arguments: str) -> dict[str, Any]:
    """A benchmark in a process of its own, from a folder that is not the project's; its last line."""
    done = subprocess.run(
        [sys.executable, BENCHMARKS / name, *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line


def test_index_against_scan() -> None:
    """At a tiny size its line has the ratios."""
    line = run("index_vs_scan.py", "--subscriptions", "50", "--measures", "5")
    assert {"benchmark", "ratio_index", "ratio_receipts", "change_p99_ms", "build_s"} <= line.keys()
    assert (line["subscriptions"], line["measures"]) == (50, 5)


def test_classifying_by_many_rules() -> None:
    """At a tiny size the answers agree, and hostile patterns stall nothing."""
    line = run("classify_rules.py", "--measures", "20")
    assert {"few_per_s", "many_per_s", "shipped_per_s", "hostile_per_s", "ratio_terms"} <= line.keys()


def test_a_back_test_of_many() -> None:
    """At a tiny size it equals classifying by both sets; every measure of it was read."""
    line = run("backtest_many.py", "--measures", "60")
    assert (line["edit"]["measures"], line["all"]["measures"]) == (60, 60)
    assert {"edit_s", "edit_peak_mb", "all_s", "all_peak_mb"} <= line.keys()


def test_the_poll_of_feeds() -> None:
    """Every round has a time for each side and their ratio; a feed that hangs holds up the script, not us."""
    line = run("poll_feeds.py", "--feeds", "3", "--entries", "2", "--hang", "1.5")
    for name in ROUNDS:
        assert {f"{name}_script_s", f"{name}_tbtwatch_s", f"ratio_{name}"} <= line.keys()
    assert line["one_hangs_script_s"] > 1.5


@pytest.mark.slow
def test_the_pages_of_a_large_history() -> None:
    """At a tiny size every sort of page is asked for, none fails, and none is too heavy."""
    line = run("web_pages.py", "--measures", "60", "--visitors", "3")
    assert set(line["pages"]) == {"start", "search", "measure", "calendar", "coming", "unknown"}
    assert line["failed"] == 0 and all(one["heaviest"] < 100_000 for one in line["pages"].values())


@pytest.mark.slow
def test_the_api_of_a_large_history() -> None:
    """At a tiny size every sort of address is asked for, by many at once too, and none fails."""
    line = run("web_api.py", "--measures", "60", "--readers", "5")
    assert {"list", "search", "measure", "why"} <= set(line["addresses"])
    assert line["failed"] == 0 and not any(one["failed"] for one in line["addresses"].values())


@pytest.mark.slow
def test_the_poll_beside_peers() -> None:
    """Each side finds what was published and mails what is owed; times, memory and ratios of the same kind of time."""
    sides = ("script", "service")
    line = run(
        "poll_peers.py", "--feeds", "3", "--entries", "2", "--runs", "1", "--hang", "1", "--sides", ",".join(sides)
    )
    for phase in {promise.phase for promise in PROMISES}:
        for side in sides:
            assert {f"{phase}_{side}_s", f"{phase}_{side}_cpu_s", f"{phase}_{side}_pss_mb"} <= line.keys()
        assert 0 < line[f"{phase}_service_work_s"] < line[f"{phase}_service_s"]
    assert line["hangs_script_others_s"] >= 1
    assert line["hangs_script_s"] >= 1


@pytest.mark.slow
def test_many_sources_in_one_process() -> None:
    """Every source is polled, some of them in vain; what the service and its readers hold is counted together."""
    line = run(
        "poll_many.py",
        *("--sources", "5", "--entries", "2", "--rounds", "1"),
        *("--hanging", "1", "--failing", "1", "--hang", "0.5"),
    )
    assert line["polls"] >= 5 and line["polls_least"] >= 1
    assert 0 < line["pss_mb"] < line["resident_mb"]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc, which is Linux's")
def test_the_memory_of_children_counts(tmp_path: Path) -> None:
    """What a process holds is what it holds together with the processes that it started."""
    child = "import time; held = bytearray(60_000_000); time.sleep(0.4)"
    parent = f"import subprocess, sys; held = bytearray(60_000_000); subprocess.run([sys.executable, '-c', {child!r}])"
    alone = watched.run([sys.executable, "-c", child], environment={}, folder=tmp_path)
    both = watched.run([sys.executable, "-c", parent], environment={}, folder=tmp_path)

    assert 60 < alone.resident_mb < 110
    assert 120 < both.resident_mb < 190
    assert 120 < both.proportional_mb <= both.resident_mb
    assert (both.code, both.out) == (0, "")


def test_how_long_a_source_waited() -> None:
    """From when it was due until its poll began; one that is due and was not polled by the end waits till then."""
    waits = Waits(began=100.0, ended=400.0)
    waits.due = {"a": {160.0, 162.0, 300.0, 500.0}, "b": {390.0}}
    waits.begun = {"a": [101.0, 170.0, 300.5], "b": [105.0]}

    assert waits.of("a") == [(100.0, 1.0), (162.0, 8.0), (300.0, 0.5)]
    assert waits.of("b") == [(100.0, 5.0), (390.0, 10.0)]
    assert waits.of("c") == []


def test_a_mail_too_many_is_told() -> None:
    """Each entry owed is in one mail: none, two, and a mail about something else are three mistakes."""

    def mail(entry: str) -> Mail:
        message = EmailMessage()
        message["Subject"] = "News"
        message.set_content(f"See https://regulator{entry} for more.")
        return Mail(at=0.0, message=message)

    owed = frozenset({(1, 50), (2, 50)})
    one, other = mail("1.example/documents/50"), mail("2.example/documents/50")

    assert wrong_mails("here", [one, other], owed) == []
    assert wrong_mails("here", [one, one], owed) == [
        "here: 2 mails of entry (1, 50) instead of 1",
        "here: 0 mails of entry (2, 50) instead of 1",
    ]
    assert wrong_mails("here", [one, other, mail("1.example/documents/5")], owed) == ["here: 3 mails instead of 2"]


@pytest.mark.slow
def test_bulk() -> None:
    """Time, rate and peak memory of both imports, of the API and of the lists."""
    line = run("bulk_import.py", "--rows", "60", "--api-items", "40")
    for name in ("import", "again", "api"):
        assert {f"{name}_s", f"{name}_cpu_s", f"{name}_per_s", f"{name}_peak_mb"} <= line.keys()
    for name in ("status", "list", "search", "all"):
        assert {f"{name}_s", f"{name}_peak_mb"} <= line.keys()
    assert 0 < line["import_peak_mb"] < 300


def test_a_wrong_count_is_told() -> None:
    """A benchmark whose answers are wrong says which."""
    expected = Bulk(60).expected
    told = {"notices": expected.notices, "held": expected.notices - 1, "measures": expected.measures, "unreadable": 0}
    assert problems("import", {**told, "new": 0}, expected, new=0) == [
        f"import: {expected.notices - 1} held instead of {expected.notices}"
    ]


@pytest.mark.parametrize("rows", [1, 7, 2500])
def test_the_workbook_is_what_it_says(tmp_path: Path, rows: int) -> None:
    """So many rows under the WTO's columns, and as many notices in them as the benchmark expects."""
    bulk, path = Bulk(rows), tmp_path / "workbook.xlsx"
    assert len(list(bulk.rows())) == len(list(bulk.items())) == rows
    write_workbook(path, bulk.rows(), count=rows)
    source = make_source({"name": "workbook", "kind": "eping_workbook"})
    entries = list(source.parse(_document(path), Cursor()).entries)

    readable = [entry.notice for entry in entries if entry.notice is not None]
    assert len({notice.symbols for notice in readable}) == bulk.expected.notices
    assert sum(entry.notice is None for entry in entries) == bulk.expected.unreadable
    assert len(entries) == rows
    with zipfile.ZipFile(path) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert all(column in strings for column in COLUMNS)


def _document(path: Path) -> Document:
    return Document(
        url="https://workbook.example/",
        status=200,
        headers={},
        file=path,
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        request=Request(url="https://workbook.example/"),
    )
