"""A word that stands only in a notice's PDF: from the list to the mail, and staff see what was read. By the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from tbtwatch.demo.documents import Written
from tests.cli.world import World, a_world
from tests.mailbox import Mailbox, Received
from tests.servers import Reply, ScriptedServer, scripted_server
from tests.watcher.reading.documents import pdf

SEARCH, FEED, RULE = "/eping/notifications/search", "/feed.xml", "/files/notice-7.pdf"


def feed(*items: tuple[int, str]) -> Reply:
    """A regulator's list: titles, and links to PDFs."""
    now = format_datetime(datetime.now(UTC))
    entries = "".join(
        f"<item><guid>{number}</guid><title>Notice {number}</title><link>{link}</link><pubDate>{now}</pubDate></item>"
        for number, link in items
    )
    text = f"<rss version='2.0'><channel><title>Notices</title>{entries}</channel></rss>"
    return Reply(body=text.encode(), headers={"Content-Type": "application/rss+xml"})


def api(*numbers: int, link: str = "") -> Reply:
    """The WTO's API: notifications of Kenya, with their full text."""
    today = datetime.now(UTC).date()
    items = [
        {**one, "notifiedDocumentLink": link}
        for number in numbers
        for one in Written(
            symbols=(f"G/TBT/N/KEN/{number}",), day=today, title=f"Draft {number}", content="", products="", hs=()
        ).items()
    ]
    answer = {"currentPage": 1, "pageSize": 20, "totalCount": len(items), "items": items}
    return Reply(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def web() -> Iterator[ScriptedServer]:
    """A regulator and the WTO."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def tbtwatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], web: ScriptedServer
) -> World:
    """Both seeded; somebody looks for a word, whatever the market."""
    world = a_world(tmp_path / "home", monkeypatch, capsys.readouterr)
    world.sources(
        {"name": "notices", "kind": "feed", "url": web.url(FEED), "issuer": "IN-DGFT", "market": "IND",
         "read_documents": 1},
        {"name": "api", "kind": "eping_api", "base_url": web.url("/eping"), "page_size": 20, "read_documents": 1},
    )  # fmt: skip
    world.set(eping_key="secret", allow_addresses=f"127.0.0.1:{web.port}")
    web.on(FEED, feed((1, "https://regulator.example/1.html")))
    web.on(SEARCH, api(1))
    assert {one["status"] for one in world("poll", "--json").json} == {"ok"}
    ask = ("--enterprise", "N", "--email", "a@example.com", "--keyword", "roller bearings", "--language", "en")
    assert world("subscribe", *ask, "--exclude", "locomotive").code == 0
    return world


def mails(tbtwatch: World) -> list[Received]:
    """The mails that are due."""
    with Mailbox() as mailbox:
        tbtwatch.set(smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_tls="none", mail_from="alerts@example.org")
        assert tbtwatch("deliver", "--json").code == 0
        return list(mailbox.mails)


def test_a_word_in_the_document_of_a_notice_is_told(tbtwatch: World, web: ScriptedServer) -> None:
    """The mail says that it stands in the linked document; an excluded word there silences nothing."""
    pages = ("Import policy of certain goods", "Tapered roller bearings need a licence, those of locomotives too.")
    web.on(RULE, Reply(body=pdf(*pages), headers={"Content-Type": "application/pdf"}))
    web.on(FEED, feed((1, "https://regulator.example/1.html"), (7, web.url(RULE)), (8, web.url("/gone.pdf"))))

    (report,) = tbtwatch("poll", "notices", "--json").json

    assert (report["status"], report["new"]) == ("ok", 2)
    (mail,) = mails(tbtwatch)
    text = " ".join(mail.text.split())
    assert "roller bearings" in text and "occurs here: linked document; not in the title" in text
    (listed,) = tbtwatch("measures", "--text", "tapered bearings", "--json").json
    assert listed["title"] == "Notice 7"
    (read,) = tbtwatch("measure", listed["symbol"], "--json").json["documents"]
    assert (read["url"], read["pages"], read["pages_read"], read["problem"]) == (web.url(RULE), 2, 2, None)
    assert "2 of 2 pages read" in tbtwatch("measure", listed["symbol"]).out
    shown = tbtwatch("sources", "show", "notices", "--json").json["documents"]
    assert ["404" in (one["problem"] or "") for one in shown] == [True, False]
    assert "Documents linked by new notices" in tbtwatch("sources", "show", "notices").out

    (again,) = tbtwatch("poll", "notices", "--json").json
    assert (again["new"], again["changed"], mails(tbtwatch)) == (0, 0, [])
    assert [path for path in web.paths() if path.endswith(".pdf")] == [RULE, "/gone.pdf"]


def test_the_full_text_of_a_notification_is_read_where_it_is_asked_for(tbtwatch: World, web: ScriptedServer) -> None:
    """The WTO's documents come by the same way; its key is not sent along."""
    web.on(RULE, Reply(body=pdf("Annex: roller bearings"), headers={"Content-Type": "application/pdf"}))
    web.on(SEARCH, api(1, 2, link=f"{web.url(RULE)}\n{web.url('/files/notice-7-fr.pdf')}"))

    (report,) = tbtwatch("poll", "api", "--json").json

    assert (report["status"], report["new"]) == ("ok", 1)
    (mail,) = mails(tbtwatch)
    assert "G/TBT/N/KEN/2" in mail.text and "linked document" in mail.text
    (asked,) = [one for one in web.asked if one.path.endswith(".pdf")]
    assert "secret" not in str(asked.headers)
