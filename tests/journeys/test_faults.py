"""Each fault a publisher can have ends as a failed poll with its reason; when it is gone nothing is lost or doubled."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tbtwatch.demo.documents import Written
from tests.cli.world import World, a_world
from tests.mailbox import Mailbox
from tests.servers import Reply, ScriptedServer, scripted_server

SEARCH = "/eping/notifications/search"


def drink(number: int) -> list[dict[str, Any]]:
    """A notification of Kenya about a drink, distributed today."""
    return Written(
        symbols=(f"G/TBT/N/KEN/{number}",),
        day=datetime.now(UTC).date(),
        title=f"Drink number {number}",
        content="Requirements and test methods.",
        products="Drinks",
        hs=("2202",),
    ).items()


def page(items: list[dict[str, Any]], total: int | None = None, number: int = 1) -> Reply:
    """A page of the API."""
    answer = {"currentPage": number, "pageSize": 2, "totalCount": total or len(items), "items": items}
    return Reply(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})


FIRST = page([*drink(2), *drink(3)], total=3)
FAULTS = {
    "429": (Reply(status=429, headers={"Retry-After": "7200"}), "429"),
    "429 without a word": (Reply(status=429), "429"),
    "500": (Reply(status=500, body=b"oops"), "500"),
    "503": (Reply(status=503, headers={"Retry-After": "1"}), "503"),
    "a web page": (Reply(body=b"<!doctype html><h1>Service unavailable</h1>"), "web page"),
    "truncated JSON": (Reply(body=FIRST.body[:-40]), "breaks off"),
    "a body that breaks off": (Reply(body=FIRST.body, cut_after=100), ""),
    "a bomb": (Reply(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}), "too large"),
    "nothing": (page([]), " no "),
    "empty": (Reply(body=b""), "nothing at all"),
    "a redirect inwards": (Reply(status=302, headers={"Location": "http://127.0.0.2:1/private"}), "127.0.0.2"),
    "not HTTP": (Reply(raw=b"SSH-2.0-OpenSSH\r\n"), ""),
    "a list": (Reply(body=b"[1, 2]"), "no object"),
}


@pytest.fixture
def wto() -> Iterator[ScriptedServer]:
    """The WTO."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def tbtwatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wto: ScriptedServer
) -> World:
    """Seeded with one notification; somebody asks for drinks in Kenya; another source works all the time."""
    world = a_world(tmp_path / "home", monkeypatch, capsys.readouterr)
    world.sources(
        {"name": "api", "kind": "eping_api", "base_url": wto.url("/eping"), "page_size": 2},
        {"name": "feed", "kind": "feed", "url": wto.url("/feed.xml"), "issuer": "US-FDA", "market": "USA"},
    )
    world.set(eping_key="secret", allow_addresses=f"127.0.0.1:{wto.port}")
    item = b"<item><guid>a1</guid><title>Juice</title></item>"
    feed = b"<rss version='2.0'><channel><title>Recalls</title>" + item + b"</channel></rss>"
    wto.on("/feed.xml", Reply(body=feed, headers={"Content-Type": "application/rss+xml"}))
    wto.on(SEARCH, page(drink(1)))
    assert [one["status"] for one in world("poll", "--json").json] == ["ok", "ok"]
    ask = ("--enterprise", "N", "--email", "a@example.com", "--market", "KEN", "--hs", "22", "--language", "en")
    assert world("subscribe", *ask).code == 0
    return world


@pytest.mark.parametrize(
    ("fault", "on_page"),
    [*((fault, 1) for fault in FAULTS), *((fault, 2) for fault in ("500", "truncated JSON", "a bomb", "nothing"))],
)
def test_a_fault_costs_nothing(tbtwatch: World, wto: ScriptedServer, fault: str, on_page: int) -> None:
    """On the first page or in the middle: the reason is shown, the other source is on time, then all is told, once."""
    reply, reason = FAULTS[fault]
    wto.on(SEARCH, *([reply] if on_page == 1 else [FIRST, reply]))
    said = tbtwatch("poll", "--json")
    assert said.code == 0
    failed, other = json.loads(said.out)
    assert (failed["source"], failed["status"], other["status"]) == ("api", "failed", "unchanged")
    assert reason in failed["error"] and "secret" not in failed["error"]
    assert failed["new"] == (0 if on_page == 1 else 2)
    (shown,) = [one for one in tbtwatch("status", "--json").json["sources"] if one["source"] == "api"]
    assert (shown["status"], shown["error"], shown["failures"]) == ("failed", failed["error"], 1)
    assert shown["failing_since"] is not None

    wto.on(SEARCH, FIRST, page(drink(1), total=3, number=2))
    (mended,) = tbtwatch("poll", "api", "--json").json
    assert (mended["status"], mended["notices"], mended["error"]) == ("ok", 3, None)
    with Mailbox() as mailbox:
        tbtwatch.set(smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_tls="none", mail_from="alerts@example.org")
        assert tbtwatch("deliver", "--json").json["sent"] == 2
        assert sorted(number for mail in mailbox.mails for number in (1, 2, 3) if f"KEN/{number}" in mail.text) == [
            2,
            3,
        ]
    (shown,) = [one for one in tbtwatch("status", "--json").json["sources"] if one["source"] == "api"]
    assert (shown["status"], shown["failures"], shown["failing_since"]) == ("ok", 0, None)
