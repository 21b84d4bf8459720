"""A publisher that is slow, that drips or that never stops: said, bounded, and nothing is lost or doubled by it.

The whole way, by the command: a real HTTP server, the database, a real SMTP server. The bounds of time are those of
the sources, many times as fast.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tbtwatch.demo.documents import Written
from tbtwatch.demo.publisher import Publisher
from tests.cli.world import World, a_world
from tests.mailbox import Mailbox
from tests.peak import run_measured
from tests.servers import Reply, ScriptedServer, scripted_server
from watcher.fetch import Fetcher
from watcher.source import Document, Request

MEGABYTE = 1_000_000
SEARCH, BOOK, FEED = "/eping/notifications/search", "/book.xlsx", "/feed.xml"
PATHS = {"api": SEARCH, "workbook": BOOK, "feed": FEED}
BLOCK = b"{} \n" * 250_000
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class HastyFetcher(Fetcher):
    """The fetcher, for a test that cannot wait for twenty seconds of drips."""

    async def fetch(self, request: Request, **over: Any) -> Document:
        """As the request says, in a fraction of the time."""
        hasty = replace(
            request,
            deadline_seconds=max(request.deadline_seconds / 100, 5.0),
            silence_seconds=max(request.silence_seconds / 50, 2.0),
            patience_seconds=request.patience_seconds / 100,
        )
        return await super().fetch(hasty, **over)


def drinks(*numbers: int) -> list[dict[str, Any]]:
    """Notifications of Kenya about drinks, distributed today."""
    today = datetime.now(UTC).date()
    return [
        item
        for number in numbers
        for item in Written(
            symbols=(f"G/TBT/N/KEN/{number}",),
            day=today,
            title=f"Drink number {number}",
            content="Requirements and test methods.",
            products="Drinks",
            hs=("2202",),
        ).items()
    ]


def listed(*numbers: int, total: int | None = None, page: int = 1) -> Reply:
    """A page of the API."""
    items = drinks(*numbers)
    answer = {"currentPage": page, "pageSize": 20, "totalCount": total or len(items), "items": items}
    return Reply(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})


def book(*numbers: int) -> Reply:
    """The workbook."""
    publisher = Publisher()
    publisher.workbook_items = drinks(*numbers)
    with publisher:
        return Reply(body=publisher.answer("/Notification_EN.xlsx", None)[2], headers={"Content-Type": SPREADSHEET})


def feed(*numbers: int) -> Reply:
    """A feed of the WTO's notifications."""
    entries = "".join(
        f"<item><guid>{number}</guid><title>G/TBT/N/KEN/{number} Drink number {number}</title></item>"
        for number in numbers
    )
    text = f"<rss version='2.0'><channel><title>Notifications</title>{entries}</channel></rss>"
    return Reply(body=text.encode(), headers={"Content-Type": "application/rss+xml"})


WELL = {"api": listed, "workbook": book, "feed": feed}


def slow(reply: Reply) -> Reply:
    """Longer than a drip is borne, before the head and again before the body."""
    return replace(reply, first_byte_after=0.3, body_after=0.3)


BAD = {
    "drips": lambda good: replace(good, drip=0.02, declared=100_000),
    "drips in chunks": lambda good: replace(good, drip=0.02, chunked=True),
    "begins well and drips": lambda good: replace(good, drip=0.02, burst=len(good.body) // 2),
    "is silent": lambda good: replace(good, first_byte_after=60),
    "falls silent": lambda good: replace(good, burst=10, drip=60),
    "never stops": lambda good: replace(good, body=BLOCK, times=200, chunked=True),
    "is too long": lambda good: replace(good, body=BLOCK, times=200),
    "expands": lambda good: replace(
        good, body=gzip.compress(bytes(MEGABYTE)), headers={"Content-Encoding": "gzip"}, times=300, chunked=True
    ),
}
REASONS = {"drip": "no pace to wait for", "silent": "sent nothing for", "stops": "too large", "long": "too large"}


def reason(fault: str) -> str:
    """What the sentence about a fault says."""
    return next((words for word, words in REASONS.items() if word in fault), "the decompressed body is too large")


@pytest.fixture
def wto() -> Iterator[ScriptedServer]:
    """The WTO."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def unwatched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wto: ScriptedServer
) -> World:
    """Three sources and a feed that works all the time."""
    world = a_world(tmp_path / "home", monkeypatch, capsys.readouterr)
    world.sources(
        {"name": "api", "kind": "eping_api", "base_url": wto.url("/eping"), "page_size": 20},
        {"name": "workbook", "kind": "eping_workbook", "url": wto.url(BOOK), "max_megabytes": 120},
        {"name": "feed", "kind": "feed", "url": wto.url(FEED), "issuer": "WTO"},
        {"name": "other", "kind": "feed", "url": wto.url("/other.xml"), "issuer": "US-FDA", "market": "USA"},
    )
    world.set(eping_key="secret", allow_addresses=f"127.0.0.1:{wto.port}")
    wto.on("/other.xml", Reply(body=b"<rss version='2.0'><channel><title>Recalls</title></channel></rss>"))
    return world


@pytest.fixture
def tbtwatch(unwatched: World, monkeypatch: pytest.MonkeyPatch, wto: ScriptedServer) -> World:
    """Seeded with one notification; somebody asks for Kenya; files for a while go to a folder of their own."""
    monkeypatch.setattr("tempfile.tempdir", str(unwatched.home / "spool"))
    (unwatched.home / "spool").mkdir()
    for source, path in PATHS.items():
        wto.on(path, WELL[source](1))
    polled = unwatched("poll", "--json").json
    assert {one["status"] for one in polled} == {"ok"}, polled
    monkeypatch.setattr("tbtwatch.bootstrap.Fetcher", HastyFetcher)
    ask = ("--enterprise", "N", "--email", "a@example.com", "--market", "KEN", "--language", "en")
    assert unwatched("subscribe", *ask).code == 0
    return unwatched


def numbers_told(tbtwatch: World) -> list[int]:
    """The notifications that the mails tell of which are due now, each as often as it is told."""
    with Mailbox() as mailbox:
        tbtwatch.set(smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_tls="none", mail_from="alerts@example.org")
        sent = tbtwatch("deliver", "--json").json["sent"]
        assert sent == len(mailbox.mails)
        return sorted(
            int(number) for mail in mailbox.mails for number in re.findall(r"Drink number (\d+)\r\n", mail.text)
        )


def told_once(tbtwatch: World, source: str, found: int) -> None:
    """Now that the publisher is well: the poll brings what is there, mails go out once, and the next poll is calm."""
    (mended,) = tbtwatch("poll", source, "--json").json
    assert (mended["status"], mended["notices"], mended["error"]) == ("ok", found, None)
    assert numbers_told(tbtwatch) == list(range(2, found + 1))
    (again,) = tbtwatch("poll", source, "--json").json
    assert (again["status"] in ("ok", "unchanged"), again["new"], again["changed"]) == (True, 0, 0)
    assert numbers_told(tbtwatch) == []
    (shown,) = [one for one in tbtwatch("status", "--json").json["sources"] if one["source"] == source]
    assert (shown["failures"], shown["failing_since"]) == (0, None) and not shown["error"]


@pytest.mark.parametrize("source", PATHS)
def test_a_slow_publisher_is_waited_for(tbtwatch: World, wto: ScriptedServer, source: str) -> None:
    """What comes late but whole is a poll like any other; nobody else waits for it."""
    wto.on(PATHS[source], slow(WELL[source](1, 2)))
    reports = {one["source"]: one for one in tbtwatch("poll", source, "other", "--json").json}
    assert (reports[source]["status"], reports[source]["new"], reports[source]["error"]) == ("ok", 1, None)
    assert reports["other"]["status"] in ("ok", "unchanged")
    assert numbers_told(tbtwatch) == [2]
    wto.on(PATHS[source], WELL[source](1, 2))
    (again,) = tbtwatch("poll", source, "--json").json
    assert (again["new"], again["changed"]) == (0, 0)
    assert numbers_told(tbtwatch) == []


@pytest.mark.parametrize(
    ("fault", "source"),
    [
        *((fault, "api") for fault in ("drips", "begins well and drips", "is silent", "never stops", "expands")),
        *((fault, "workbook") for fault in ("drips in chunks", "never stops", "expands")),
        *((fault, "feed") for fault in ("falls silent", "is too long")),
    ],
)
def test_a_bad_publisher_costs_nothing(tbtwatch: World, wto: ScriptedServer, fault: str, source: str) -> None:
    """The poll failed with its reason, in good time; the other source is on time; then all is told, once."""
    wto.on(PATHS[source], BAD[fault](WELL[source](1, 2, 3)))
    began = time.monotonic()
    said = tbtwatch("poll", source, "other", "--json")
    assert said.code == 0 and time.monotonic() - began < 10
    reports = {one["source"]: one for one in json.loads(said.out)}
    failed = reports[source]
    assert (failed["status"], failed["new"], failed["changed"]) == ("failed", 0, 0)
    assert reason(fault) in failed["error"] and "secret" not in failed["error"]
    assert reports["other"]["status"] in ("ok", "unchanged")
    (shown,) = [one for one in tbtwatch("status", "--json").json["sources"] if one["source"] == source]
    assert (shown["status"], shown["error"], shown["failures"]) == ("failed", failed["error"], 1)
    assert numbers_told(tbtwatch) == []
    assert not list((tbtwatch.home / "spool").iterdir())

    wto.on(PATHS[source], WELL[source](1, 2, 3))
    told_once(tbtwatch, source, 3)


@pytest.mark.parametrize("fault", ["drips", "never stops"])
def test_a_second_page_that_is_bad_costs_nothing(tbtwatch: World, wto: ScriptedServer, fault: str) -> None:
    """What the first page said is true and told; the rest follows when the publisher is well, and nothing twice."""
    first, second = listed(2, 3, total=4), listed(4, 1, total=4, page=2)
    wto.on(SEARCH, first, BAD[fault](second))
    (failed,) = tbtwatch("poll", "api", "--json").json
    assert (failed["status"], failed["new"]) == ("failed", 2)
    assert reason(fault) in failed["error"]
    assert numbers_told(tbtwatch) == [2, 3]

    wto.on(SEARCH, first, second)
    (mended,) = tbtwatch("poll", "api", "--json").json
    assert (mended["status"], mended["notices"], mended["new"], mended["changed"]) == ("ok", 4, 1, 0)
    assert numbers_told(tbtwatch) == [4]


def test_what_never_stops_fills_no_memory(unwatched: World, wto: ScriptedServer) -> None:
    """A poll of 200 MB, plain or packed, from three sources at a time needs little more than any other."""
    for source, path in PATHS.items():
        wto.on(path, WELL[source](1))
    usual = run_measured("tbtwatch", "poll", folder=unwatched.home)
    for source, fault in (("api", "expands"), ("workbook", "never stops"), ("feed", "is too long")):
        wto.on(PATHS[source], BAD[fault](WELL[source](1)))
    bad = run_measured("tbtwatch", "poll", folder=unwatched.home)
    shown = {one["source"]: one["status"] for one in unwatched("status", "--json").json["sources"]}
    assert (bad["code"], shown) == (0, {**dict.fromkeys(PATHS, "failed"), "other": "unchanged"})
    print(f"usual {usual['peak'] / MEGABYTE:.0f} MB, bad {bad['peak'] / MEGABYTE:.0f} MB")
    assert bad["peak"] < usual["peak"] + 60 * MEGABYTE
