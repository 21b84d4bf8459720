"""Each document becomes the notices that stand beside it."""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.watcher.sources.answers import DOCUMENTS, answer, xlsx
from watcher.notice import Notice
from watcher.source import Cursor, Entry
from watcher.sources import make_source

CASES = sorted(path for kind in ("eping_api", "eping_workbook", "feed") for path in (DOCUMENTS / kind).glob("*.py"))


def entries_of(case: Path, beside: dict[str, Any]) -> list[Entry]:
    """The entries of the document of a case."""
    kind = case.parent.name
    entry = {"name": "a", "kind": kind, **({"url": "https://publisher.example/feed"} if kind == "feed" else {})}
    source = make_source({**entry, **beside.get("CONFIG", {})})
    body = xlsx(beside["ROWS"]) if "ROWS" in beside else next(case.parent.glob(f"{case.stem}.[jx]*")).read_bytes()
    return list(source.parse(answer(source, body), Cursor()).entries)


def assert_these(entries: list[Entry], expected: Sequence[Notice | str]) -> None:
    assert len(entries) == len(expected)
    for entry, wanted in zip(entries, expected, strict=True):
        if isinstance(wanted, str):
            assert entry.notice is None
            assert wanted in entry.problem
        else:
            assert entry.notice == wanted, entry.problem
        assert entry.raw


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_a_document_becomes_the_notices_beside_it(case: Path) -> None:
    """Field by field, entry by entry; what can't be read becomes a problem, and its raw form is kept."""
    beside = runpy.run_path(str(case))
    entries = entries_of(case, beside)

    assert_these(entries, beside["EXPECTED"])
    assert [entry.key for entry in entries] == list(beside.get("KEYS", [entry.key for entry in entries]))
    assert len({entry.key for entry in entries}) == len(entries)
