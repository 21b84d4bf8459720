"""Real notifications by three roads: the API's pages, the workbook and JSON Lines say the same."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.watcher.sources.answers import answer, whole_poll
from watcher.notice import Notice
from watcher.source import Cursor, Entry, Request
from watcher.sources import make_source
from watcher.sources.notice_lines import read_notices, write_notices

SHARED = Path(__file__).parents[3].parent / "shared"
ROWS = SHARED / "data" / "wto" / "notifications.jsonl"
SERVER = SHARED / "tools" / "eping_server.py"

pytestmark = pytest.mark.skipif(
    not (ROWS.exists() and SERVER.exists()), reason="the collection of real notifications is not beside this project"
)


@pytest.fixture(scope="module")
def server() -> ModuleType:
    spec = importlib.util.spec_from_file_location("eping_server", SERVER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_symbols(entries: list[Entry]) -> dict[tuple[str, ...], list[Notice]]:
    """The notices by their symbols; each entry must have one."""
    assert [entry.problem for entry in entries if entry.notice is None] == []
    found: dict[tuple[str, ...], list[Notice]] = {}
    for entry in entries:
        if entry.notice:
            found.setdefault(entry.notice.symbols, []).append(entry.notice)
    return found


def test_the_api_and_the_workbook_give_the_same_notices(server: ModuleType) -> None:
    """In every field, whatever it is, apart from nothing."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    service = server.Service(rows, None)

    def from_service(request: Request) -> bytes:
        query = {name: values[-1] for name, values in parse_qs(urlsplit(request.url).query).items()}
        return json.dumps(service.search(query)).encode()

    api = make_source({"name": "api", "kind": "eping_api", "key": "k", "page_size": 40})
    listed, _ = whole_poll(api, from_service)
    book = make_source({"name": "book", "kind": "eping_workbook"})
    rowed = list(book.parse(answer(book, server.workbook(service.visible())), Cursor()).entries)

    assert len(listed) == len(rowed) == len(service.items) > 200
    assert len({entry.key for entry in listed}) == len(listed)
    assert len({entry.key for entry in rowed}) == len(rowed)
    assert by_symbols(listed) == by_symbols(rowed)


def test_every_row_with_a_symbol_is_read_from_lines_and_written_back() -> None:
    """And those without one are told by their lines."""
    lines = ROWS.read_bytes().splitlines()
    entries = list(read_notices(lines))
    notices = [entry.notice for entry in entries if entry.notice]
    without = sum(not json.loads(line).get("symbol") for line in lines)

    assert len(entries) == len(lines)
    assert len(entries) - len(notices) == without
    assert all("there is no document symbol" in entry.problem for entry in entries if entry.notice is None)
    assert [entry.notice for entry in read_notices(write_notices(notices))] == notices


def test_titles_and_texts_are_as_the_rows_have_them() -> None:
    """No word is lost or gained on the way."""
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        (entry,) = read_notices([line])
        if entry.notice is None:
            continue
        for stated, read in (
            (row.get("title"), entry.notice.title),
            (row.get("description"), entry.notice.content_summary),
        ):
            assert (
                "".join(read.split()) == "".join((stated or "").split())
                or "<" in (stated or "")
                or "&" in (stated or "")
            )
        assert replace(entry.notice, title="").key == entry.key
