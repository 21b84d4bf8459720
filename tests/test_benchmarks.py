"""The benchmarks run, compare answers before they compare times, and say what they promise."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bulk_import import problems
from benchmarks.bulk_notices import COLUMNS, Bulk, write_workbook
from benchmarks.poll_feeds import ROUNDS
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
        timeout=300,
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


def test_the_poll_of_feeds() -> None:
    """Every round has a time for each side and their ratio; a feed that hangs holds up the script, not us."""
    line = run("poll_feeds.py", "--feeds", "3", "--entries", "2", "--hang", "1.5")
    for name in ROUNDS:
        assert {f"{name}_script_s", f"{name}_tbtwatch_s", f"ratio_{name}"} <= line.keys()
    assert line["one_hangs_script_s"] > 1.5


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
