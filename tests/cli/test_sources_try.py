"""sources try: one fetch, what it would give, and an entry to edit."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from tests.cli.world import World
from tests.servers import Reply, ScriptedServer
from watcher.sources import make_source

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Drafts of the bureau</title>
<item><guid isPermaLink="false">n-1</guid><title>Draft rule on kettles</title><link>/drafts/1</link>
<description>Comments are welcome.</description><pubDate>Mon, 26 Oct 2026 08:00:00 GMT</pubDate></item>
<item><guid isPermaLink="false">n-2</guid><title>关于电池安全的公告</title><link>/drafts/2</link></item>
</channel></rss>"""


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A publisher on loopback."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def feed(server: ScriptedServer, tbtwatch: World) -> str:
    """The address of its feed, which may be asked."""
    tbtwatch.set(allow_addresses="127.0.0.1")
    return server.on("/feed.xml", Reply(body=RSS.encode(), headers={"Content-Type": "text/xml"}))


def test_what_it_would_give_for_scripts(tbtwatch: World, feed: str) -> None:
    """Kind, title, each notice with its id and day, what is missing in all, what to look out for; no more."""
    tried = tbtwatch("sources", "try", feed, "--json").json
    assert list(tried) == ["kind", "title", "notices", "missing", "warnings"]
    assert (tried["kind"], tried["title"]) == ("feed", "Drafts of the bureau")
    first, second = tried["notices"]
    assert first == {
        "id": "n-1",
        "symbol": "n-1",
        "title": "Draft rule on kettles",
        "link": feed.replace("feed.xml", "drafts/1"),
        "published": "2026-10-26",
        "date_quality": "stated",
        "language": "en",
    }
    assert (second["published"], second["date_quality"], second["language"]) == (None, "unknown", "zh")
    assert tried["missing"] == ["comment_deadline", "market"]
    assert any("1 of 2 notices bear no day" in warning for warning in tried["warnings"])


def test_a_feed_that_breaks_off_is_shown_with_a_warning(tbtwatch: World, server: ScriptedServer) -> None:
    """What is there is shown, and that a poll of it would fail."""
    tbtwatch.set(allow_addresses="127.0.0.1")
    cut = RSS[: RSS.index("</channel>")].encode()
    address = server.on("/cut.xml", Reply(body=cut, headers={"Content-Type": "text/xml"}))
    tried = tbtwatch("sources", "try", address, "--json").json
    assert [one["id"] for one in tried["notices"]] == ["n-1", "n-2"]
    assert any("a poll of it would fail: it breaks off behind entry 2" in warning for warning in tried["warnings"])


def test_the_same_address_twice_gives_the_same_ids(tbtwatch: World, feed: str) -> None:
    """And nothing was stored between."""
    first, second = (tbtwatch("sources", "try", feed, "--json").json for _ in range(2))
    assert first == second
    assert not (tbtwatch.home / "tbtwatch.db").exists()


def test_people_see_a_table_and_an_entry(tbtwatch: World, feed: str) -> None:
    """The entry is YAML that sources.yaml takes."""
    said = tbtwatch("sources", "try", feed)
    assert said.code == 0
    assert "Drafts of the bureau: feed, 2 notices" in said.out
    assert "Draft rule on kettles" in said.out
    entry = yaml.safe_load(said.out[said.out.index("  - name:") :])[0]
    assert make_source(entry).config.kind == "feed"


def test_an_entry_is_written_edited_and_tried_again(tbtwatch: World, feed: str, server: ScriptedServer) -> None:
    """Written to a file, its issuer changed, then tried by the file and by its name in sources.yaml."""
    file = tbtwatch.home / "mine.yaml"
    assert tbtwatch("sources", "try", feed, "--write", file).code == 0
    file.write_text(file.read_text().replace("issuer: ", "issuer: MY-"))
    tried = tbtwatch("sources", "try", feed, "--entry", file, "--json").json
    (entry,) = yaml.safe_load(file.read_text())["sources"]
    assert entry["issuer"].startswith("MY-")
    tbtwatch.sources(entry)
    by_name = tbtwatch("sources", "try", entry["name"], "--json").json
    assert by_name["notices"] == tried["notices"]
    again = tbtwatch("sources", "try", feed, "--write", file)
    assert "already" in again.sentence
    assert server.paths().count("/feed.xml") == 4


def test_an_entry_that_is_asked_by_post_is_tried(tbtwatch: World, feed: str, server: ScriptedServer) -> None:
    """With its body and its key of `source_keys`, which is sent and not shown; the next page is named."""
    rows = [{"ref": f"R-{number}", "name": "Recall of kettles", "day": "2026-10-26"} for number in range(2)]
    search = server.on("/search", Reply(body=json.dumps({"content": rows, "all": 9}).encode()))
    entry = {
        "name": "my-search",
        "kind": "json_api",
        "url": search,
        "issuer": "MY-REG",
        "method": "post",
        "body": {"page": 0},
        "items": "content",
        "total": "all",
        "fields": {"id": "ref", "title": "name", "published": "day"},
        "paging": {"by": "page", "parameter": "page", "first": 0},
        "key_header": "X-Key",
        "needs_key": True,
    }
    file = tbtwatch.home / "mine.yaml"
    file.write_text(yaml.safe_dump({"sources": [entry]}))
    assert "the key is missing" in tbtwatch("sources", "try", "my-search", "--entry", file).sentence
    tbtwatch.set(source_keys=json.dumps({"my-search": "s3cret-key"}))
    tried = tbtwatch("sources", "try", "my-search", "--entry", file, "--json")
    assert [notice["id"] for notice in tried.json["notices"]] == ["R-0", "R-1"]
    assert any(warning.endswith(f"{search}, by POST") for warning in tried.json["warnings"])
    [asked] = [asked for asked in server.asked if asked.path == "/search"]
    assert (asked.method, asked.body, asked.headers["x-key"]) == ("POST", b'{"page": 0}', "s3cret-key")
    assert "s3cret-key" not in tried.out


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=404), "404"),
        (Reply(body=b"<html><title>Page not found</title><body>Sorry</body></html>"), "error page"),
        (Reply(body=b""), "nothing at all"),
        (Reply(body=b"{}"), "without a list"),
    ],
)
def test_what_cannot_be_a_source_is_a_sentence(
    tbtwatch: World, server: ScriptedServer, feed: str, reply: Reply, words: str
) -> None:
    """Staff see what came."""
    address = server.on("/other", reply)
    assert words in tbtwatch("sources", "try", address).sentence


def test_an_address_that_may_not_be_asked_is_not(tbtwatch: World, server: ScriptedServer) -> None:
    """The guard holds for people too."""
    address = server.on("/feed.xml", Reply(body=RSS.encode()))
    assert "TBTWATCH_ALLOW_ADDRESSES" in tbtwatch("sources", "try", address).sentence
    assert server.asked == []


def test_neither_a_name_nor_an_address(tbtwatch: World) -> None:
    """It says what to write."""
    assert "https://" in tbtwatch("sources", "try", "nonsense").sentence


def test_another_kind_than_wanted(tbtwatch: World, feed: str) -> None:
    """A guess that is not the wanted kind says so."""
    assert "looks like kind feed" in tbtwatch("sources", "try", feed, "--kind", "json_api").sentence
    assert json.loads(tbtwatch("sources", "try", feed, "--kind", "feed", "--json").out)["kind"] == "feed"
