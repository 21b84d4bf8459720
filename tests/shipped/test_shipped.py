"""Every shipped source reads the document that was written in its publisher's shape."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tbtwatch.configuration import SHIPPED, source_entries
from tbtwatch.reference import load_markets
from watcher.source import Cursor, Document, Entry, Request, Source
from watcher.sources import make_source

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MARKETS = load_markets(SHIPPED / "reference")
ENTRIES: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in source_entries(SHIPPED)}
CASES: dict[str, dict[str, Any]] = {
    name: case
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for name, case in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
#: The WTO's own are read from thousands of real rows elsewhere.
OWN = {"wto-eping-api", "wto-eping-workbook"}


def source(name: str) -> Source:
    """The shipped source, on and with a key."""
    key = {"key": "secret"} if ENTRIES[name].get("needs_key") else {}
    return make_source({**ENTRIES[name], **key, "enabled": True}, find_member=MARKETS.find)


def answer(case: dict[str, Any], request: Request) -> Document:
    """What the publisher says to that."""
    body = case.get("detail", {}).get(request.url, case["document"])
    kind = case["content_type"] if body == case["document"] else "text/html"
    return Document(
        url=request.url,
        status=200,
        headers={"content-type": kind},
        body=body.encode(),
        fetched_at=NOW,
        request=request,
    )


def polled(name: str) -> list[Entry]:
    """All entries of a first poll."""
    reading, cursor = source(name), Cursor()
    request: Request | None = reading.first_request(cursor, NOW)
    found: dict[str, Entry] = {}
    asked: set[str] = set()
    while request is not None and request.question not in asked:
        asked.add(request.question)
        page = reading.parse(answer(CASES[name], request), cursor)
        found.update((entry.key, entry) for entry in page.entries)
        request = page.next
    return list(found.values())


def test_every_shipped_source_has_a_case_and_every_case_a_source() -> None:
    """A source nobody has read a document of is a hope."""
    assert set(CASES) == set(ENTRIES) - OWN


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_reads_its_publishers_document(name: str) -> None:
    """The notices that are to be expected, with what must be in them."""
    entries = polled(name)
    assert [entry.problem for entry in entries if entry.notice is None] == []
    wanted = CASES[name]["notices"]
    assert len(entries) == len(wanted), [entry.notice.title for entry in entries if entry.notice]
    for entry, want in zip(entries, wanted, strict=True):
        assert {key: stated(entry, key) for key in want} == want


def stated(entry: Entry, name: str) -> object:
    """What the notice says, by the names that the cases use."""
    notice = entry.notice
    assert notice is not None
    return {
        "symbol": ", ".join(notice.symbols),
        "title": notice.title,
        "summary": notice.content_summary,
        "products": notice.products_covered,
        "agency": notice.responsible_agency,
        "language": notice.language,
        "link": notice.page,
        "day": notice.distribution_date,
        "comment_deadline": notice.comment_deadline.value,
        "in_force": notice.proposed_entry_into_force.value,
        "adopted": notice.proposed_adoption.value,
        "threads": list(notice.threads),
        "news": entry.news,
    }[name]


@pytest.mark.parametrize("name", sorted(set(ENTRIES) - OWN - {"wto-news"}))
def test_a_partner_source_says_what_staff_must_know(name: str) -> None:
    """Market, issuer, zone, terms, evidence; off with a reason if its address was never seen working."""
    entry = ENTRIES[name]
    assert MARKETS.find(entry["market"]) == entry["market"]
    assert {"issuer", "title", "language", "time_zone", "day_order", "terms", "attribution", "evidence"} <= set(entry)
    assert entry["needs_contact"] is True
    assert entry["every_minutes"] >= 120
    assert entry["pause_seconds"] >= 1
    assert entry["expected_per_week"] > 0
    if entry["evidence"] == "V" and "why_off" not in entry:
        assert entry.get("enabled", True)
    else:
        assert entry["enabled"] is False
        assert entry["why_off"].strip().endswith(".")


def test_there_are_sources_enough() -> None:
    """At least 25, of at least 12 markets."""
    partners = [entry for entry in ENTRIES.values() if entry["name"] not in OWN]
    assert len(partners) >= 25
    assert len({entry.get("market") for entry in partners}) >= 12
