"""sources try, as a stranger uses it: whatever stands at the address, the answer says what it is and what to do."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest

from tests.cli.world import World
from tests.servers import Reply, ScriptedServer, scripted_server

RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Drafts of the bureau</title>
<item><guid isPermaLink="false">n-1</guid><title>Draft rule on kettles</title><link>/drafts/1</link>
<pubDate>Mon, 26 Oct 2026 08:00:00 GMT</pubDate></item>
<item><guid isPermaLink="false">n-2</guid><title>关于电池安全的公告</title><link>/drafts/2</link>
<pubDate>Tue, 27 Oct 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
UTF8 = RSS.format(encoding="utf-8").encode()
IDS = ["n-1", "n-2"]
ROWS = "".join(f"<li><a href='/n/{n}'>Regulation on kettles number {n}</a> 2026-10-{n + 10}</li>" for n in range(8))
TABLE = "编号,标题,链接,发布日期\n2026-1,关于电热水壶安全要求的公告,https://x.example/1,2026-10-26\n"
LIST = {
    "status": "ok",
    "data": {"total": 1, "items": [{"docId": 7, "name": "Rule on toys", "url": "https://x.example/7"}]},
}
MENU = (
    "<nav><ul>"
    + "".join(f"<li><a href='/{n}'>An entry of the menu, number {n}</a></li>" for n in range(8))
    + "</ul></nav>"
)
LOGIN = "<h1>Sign in</h1><form method=post><input name=user><input type=password name=p><button>Go</button></form>"


def page(body: str, *, title: str = "The bureau", head: str = "") -> Reply:
    """A web page."""
    whole = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return Reply(body=whole.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def names_feed(*addresses: str) -> str:
    """What a page says of its feeds."""
    return "".join(f"<link rel='alternate' type='application/rss+xml' href='{one}'>" for one in addresses)


@pytest.fixture
def server(tbtwatch: World) -> Iterator[ScriptedServer]:
    """A publisher on loopback that may be asked, with a feed."""
    tbtwatch.set(allow_addresses="127.0.0.1")
    with scripted_server() as server:
        server.on("/feed.xml", Reply(body=UTF8, headers={"Content-Type": "text/xml"}))
        yield server


@pytest.mark.parametrize(
    ("reply", "kind", "ids"),
    [
        (Reply(status=302, headers={"Location": "/feed.xml"}), "feed", IDS),
        (Reply(body=gzip.compress(UTF8), headers={"Content-Type": "application/gzip"}), "feed", IDS),
        (Reply(body=gzip.compress(UTF8), gzipped=True), "feed", IDS),
        (Reply(body=RSS.format(encoding="utf-16").encode("utf-16")), "feed", IDS),
        (Reply(body=RSS.format(encoding="UTF-16").encode("utf-16-be")), "feed", IDS),
        (Reply(body=json.dumps(LIST).encode(), headers={"Content-Type": "application/json"}), "json_api", ["7"]),
        (Reply(body=TABLE.encode("gbk"), headers={"Content-Type": "text/csv"}), "csv_list", ["2026-1"]),
        (Reply(body="Recall number;Product;Date\nR-1;Kettle;26.10.2026\n".encode("utf-8-sig")), "csv_list", ["R-1"]),
        (page(f"<ul class=news>{ROWS}</ul>"), "html_list", None),
    ],
)
def test_what_can_be_read_is(tbtwatch: World, server: ScriptedServer, reply: Reply, kind: str, ids: list[str]) -> None:
    """With the same ids each time, and the documented members alone."""
    address = server.on("/there", reply)
    tried = tbtwatch("sources", "try", address, "--json").json
    assert list(tried) == ["kind", "title", "notices", "missing", "warnings"]
    members = ["id", "symbol", "title", "link", "published", "date_quality", "language"]
    assert all(list(notice) == members for notice in tried["notices"])
    assert tried["kind"] == kind
    assert [notice["id"] for notice in tried["notices"]] == ids or (ids is None and len(tried["notices"]) == 8)
    assert "�" not in json.dumps(tried, ensure_ascii=False)
    assert tbtwatch("sources", "try", address, "--json").json == tried


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"), "is a calendar (iCalendar)"),
        (Reply(body=b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj"), "is a PDF document"),
        (Reply(body=b"PK\x03\x04\x14\x00\x06\x00"), "is a ZIP archive or an Office document"),
        (Reply(body=b"\x89PNG\r\n\x1a\n\x00\x00"), "is a picture"),
        (Reply(body=b"<?xml version='1.0'?><urlset><url><loc>https://x.example/</loc></url></urlset>"), "site map"),
        (Reply(body=b"<?xml version='1.0'?><opml version='2.0'/>"), "list of feeds (OPML)"),
        (Reply(body=b"Hello, this is a text."), "is neither a feed nor JSON"),
        (page(LOGIN, title="Sign in"), "is a page to log in at"),
        (page("<h1>Page not found</h1><p>It does not exist. Go <a href='/'>home</a>.</p>"), "error page"),
        (page(f"{MENU}<p>Sorry</p>", title="404 - Page not found", head=names_feed("/feed.xml")), "error page"),
        (Reply(body=b'{"total": 0, "items": []}'), "whose list (items) is empty just now"),
        (Reply(body=b'["a", "b"]'), "a list whose first entry is"),
        (Reply(status=404), "answered 404 (Not Found)"),
        (Reply(status=410), "given up for good"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(
    tbtwatch: World, server: ScriptedServer, reply: Reply, words: str
) -> None:
    """One sentence, which ends in advice."""
    sentence = tbtwatch("sources", "try", server.on("/there", reply)).sentence
    assert words in sentence
    advice = ("look on the publisher's site", "check", "ask the publisher", "try again", "give the source")
    assert any(one in sentence.partition(words)[2] for one in advice), sentence


def test_the_feed_that_a_page_names_is_read(tbtwatch: World, server: ScriptedServer) -> None:
    """Its notices, its entry, and a line that says so; `--kind html_list` is for who wants the page itself."""
    address = server.on("/news", page(f"<ul class=news>{ROWS}</ul>", head=names_feed("/broken.xml", "/feed.xml")))
    file = tbtwatch.home / "mine.yaml"
    tried = tbtwatch("sources", "try", address, "--json").json
    assert (tried["kind"], [notice["id"] for notice in tried["notices"]]) == ("feed", IDS)
    first, second, *_ = tried["warnings"]
    assert first.startswith(f"{address} is a page that names this feed, {server.url('/feed.xml')}, which is read")
    assert f"{server.url('/broken.xml')}, that cannot be read: " in second and "404" in second
    tbtwatch("sources", "try", address, "--write", file)
    assert f"url: {server.url('/feed.xml')}" in file.read_text()
    assert tbtwatch("sources", "try", address, "--kind", "html_list", "--json").json["kind"] == "html_list"


def test_a_page_whose_feeds_are_all_broken_is_read_itself(tbtwatch: World, server: ScriptedServer) -> None:
    """With a line about each."""
    address = server.on("/news", page(f"<ul class=news>{ROWS}</ul>", head=names_feed("/broken.xml")))
    tried = tbtwatch("sources", "try", address, "--json").json
    assert tried["kind"] == "html_list"
    assert "/broken.xml, that cannot be read" in tried["warnings"][0]


def test_robots_txt_is_kept_to(tbtwatch: World, server: ScriptedServer) -> None:
    """It would be of no use to add what no poll may ask for: here, and where a redirect leads."""
    server.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /private\n"))
    closed = server.on("/private/feed.xml", Reply(body=UTF8))
    leads_there = server.on("/open.xml", Reply(status=301, headers={"Location": "/private/feed.xml"}))
    for address in (closed, leads_there):
        assert "asks programs to stay away" in tbtwatch("sources", "try", address).sentence
    assert "/private/feed.xml" not in server.paths()
