"""What kind of source an address is, from one document: an entry of sources.yaml that reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from watcher.guess import Guess, guess
from watcher.guess.guess import name_of
from watcher.source import Cursor, Document, Entry, Request, SourceError
from watcher.sources import make_source

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
URL = "https://www.standards.example.org/news/list"

ROWS = "".join(
    f'<li class="row-{n}"><a href="/doc/{n}">Draft standard {n} for electric kettles</a>'
    f" <span>2026-10-{n:02}</span></li>"
    for n in range(1, 9)
)
MENU = "<li><a href='/x'>A long entry of a menu</a></li>" * 9
LIST_PAGE = f"""<html><head><title>Drafts</title></head><body><nav><ul>{MENU}</ul></nav>
<div id="drafts"><ul class="list">{ROWS}</ul></div></body></html>"""
TEXT_PAGE = f"""<html><head><title>Import alerts</title></head><body><main><h1>Import alerts</h1>
<p>{"Goods of these firms are held at the border until a laboratory has tested them. " * 12}</p></main></body></html>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>规则公告</title>
<item><guid>1</guid><title>关于电池安全技术要求的公告</title><link>https://example.org/1</link>
<pubDate>Mon, 26 Oct 2026 08:00:00 +0800</pubDate></item></channel></rss>"""
JSON = {
    "meta": {"total": 2, "facets": [{"name": "a", "count": 1}, {"name": "b", "count": 2}]},
    "data": {
        "results": [
            {
                "documentNumber": f"2026-{n}",
                "heading": f"Safety standard for toys {n}",
                "htmlUrl": f"/documents/{n}",
                "publicationDate": "2026-10-05",
                "lastModifiedDate": "2026-11-01",
                "comments_close_on": "2026-12-05",
                "author": {"name": "Somebody", "id": 7},
            }
            for n in range(3)
        ],
    },
    "links": {"next": "/documents?page=2"},
}


def document(body: str | bytes, content_type: str = "") -> Document:
    """As the fetcher gives it."""
    return Document(
        url=URL,
        status=200,
        headers={"content-type": content_type},
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=NOW,
        request=Request(url=URL),
    )


def read(came: Document) -> tuple[Guess, list[Entry]]:
    """The guess, and what its entry reads from the very document."""
    guessed = guess(came, url=URL)
    return guessed, list(make_source(guessed.entry).parse(came, Cursor()).entries)


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "count", "first"),
    [
        (RSS, "text/html", "feed", 1, "关于电池安全技术要求的公告"),
        (json.dumps(JSON), "application/json", "json_api", 3, "Safety standard for toys 0"),
        (json.dumps(JSON["data"]["results"]), "", "json_api", 3, "Safety standard for toys 0"),  # type: ignore[index]
        (LIST_PAGE, "text/html", "html_list", 8, "Draft standard 1 for electric kettles"),
        (TEXT_PAGE, "text/html", "page", 1, "Import alerts"),
        (
            "number;title;date\n1;Rule on lamps;2026-10-01\n2;Rule on fans;2026-10-02\n",
            "",
            "csv_list",
            2,
            "Rule on lamps",
        ),
        (
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "News",
                    "items": [{"id": "1", "title": "A rule", "date_published": "2026-10-01T00:00:00Z"}],
                }
            ),
            "application/feed+json",
            "json_feed",
            1,
            "A rule",
        ),
    ],
)
def test_each_kind_is_known(body: str, content_type: str, kind: str, count: int, first: str) -> None:
    """The entry is of the right kind, is accepted as it stands, and reads the document it was made from."""
    guessed, entries = read(document(body, content_type))
    assert guessed.kind == kind
    assert len(entries) == count
    assert entries[0].notice is not None
    assert entries[0].notice.title == first


def test_names_of_members_are_understood() -> None:
    """A number, a heading, an address, days, in whatever style; not the author's, nor those of the last touch."""
    guessed, entries = read(document(json.dumps(JSON)))
    notice = entries[0].notice
    assert notice is not None
    assert guessed.entry["items"] == "data.results"
    assert guessed.entry["paging"] == {"by": "next_link", "next": "links.next"}
    assert str(notice.distribution_date) == "2026-10-05"
    assert str(notice.comment_deadline.value) == "2026-12-05"
    assert notice.page == "https://www.standards.example.org/documents/0"
    assert notice.symbols == ("2026-0",)


def test_a_next_page_at_another_host_is_left_out() -> None:
    """It would not be asked; the list itself is read."""
    guessed, entries = read(document(json.dumps({**JSON, "links": {"next": "https://elsewhere.example.com/2"}})))
    assert "paging" not in guessed.entry
    assert any("another host" in warning for warning in guessed.warnings)
    assert len(entries) == 3


def test_feeds_are_named_in_the_order_of_their_use() -> None:
    """Whatever the capitals; comments last, and what is no address or no feed not at all."""
    head = "".join(
        f"<LINK REL='Alternate' TYPE='{kind}' HREF='{where}' title='{title}'>"
        for kind, where, title in (
            ("application/rss+xml", "/comments/feed/", "The bureau » Comments Feed"),
            ("application/rss+xml", "http://[", ""),
            ("application/json", "/wp-json/page/7", ""),
            ("application/atom+xml; charset=utf-8", " /atom.xml ", "The bureau"),
        )
    )
    guessed, _ = read(document(LIST_PAGE.replace("<title>", f"{head}<title>"), "text/html"))
    assert guessed.feeds == (
        "https://www.standards.example.org/atom.xml",
        "https://www.standards.example.org/comments/feed/",
    )


def test_a_page_that_names_its_feed_says_so() -> None:
    """A feed is steadier than selectors."""
    page = LIST_PAGE.replace("<title>", '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><title>')
    guessed, _ = read(document(page, "text/html"))
    assert guessed.feeds == ("https://www.standards.example.org/feed.xml",)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "nothing at all"),
        ("   \n\ufeff", "nothing at all"),
        ("<html><head><title>404 Not Found</title></head><body>Sorry.</body></html>", "error page"),
        ('{"message": "quota exceeded"}', "without a list"),
        ("{broken", "begins like JSON"),
        ("just some words", "neither a feed nor"),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title><entry><id>x/feed-ended</id>'
            "<title>This feed has ended</title></entry></feed>",
            "has ended",
        ),
    ],
)
def test_what_is_no_source_is_refused_with_a_reason(body: str, words: str) -> None:
    """Staff see what came instead of an entry that would never bring anything."""
    with pytest.raises(SourceError, match=words):
        guess(document(body), url=URL)


def test_languages_of_one_zone_bring_it() -> None:
    """A Japanese midnight written in UTC would else be the day before."""
    rss = RSS.replace("关于电池安全技术要求的公告", "電気用品の技術上の基準を定める省令の解釈について")
    guessed, _ = read(document(rss))
    assert (guessed.entry["language"], guessed.entry["time_zone"]) == ("ja", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.kebs.org/news/feed", "kebs-news-feed"),
        ("https://www.gov.uk/alerts.atom", "gov-alerts"),
        ("http://127.0.0.1:8080/", "0-1"),
        ("https://例え.jp/お知らせ.xml", "source"),
    ],
)
def test_a_name_is_made_of_the_address(url: str, name: str) -> None:
    """One that sources.yaml accepts."""
    assert name_of(url) == name


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
            max_leaves=20,
        ).map(json.dumps),
        st.lists(
            st.sampled_from(["<li>", "</li>", "<a href='/x'>", "</a>", "<ul>", "words enough for a title", "<td>"])
        ).map("".join),
    )
)
def test_whatever_comes_is_guessed_or_refused(body: str) -> None:
    """Nothing breaks it, and what it makes of it is accepted."""
    try:
        guessed = guess(document(body.encode("utf-8", "replace")), url=URL)
    except SourceError:
        return
    make_source(guessed.entry)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded samples are not beside the project")
@pytest.mark.parametrize(
    ("sample", "kind", "count"),
    [
        ("us-fda/recalls_rss_2026_trimmed.xml", "feed", 4),
        ("us-federal-register/documents_search_2026.json", "json_api", 5),
        ("us-cpsc/recalls_api_2026.json", "json_api", 2),
        ("us-cpsc/recalls_export_toys_2023-12_2026-04.csv", "csv_list", 95),
        ("us-regulations-gov/documents_v4.json", "json_api", 25),
        ("uk-legislation/new_latest.feed", "feed", 20),
        ("au-frl/titles_open_for_disallowance_2026.json", "json_api", 6),
        ("jp-kanpo/feed.xml", "feed", 12),
        ("ca-recalls/HCRSAMOpenData_head_2026.json", "json_api", 4),
    ],
)
def test_recorded_documents_are_known(sample: str, kind: str, count: int) -> None:
    """Of real publishers: every entry becomes a notice with a title and a day."""
    body = (SHARED / "data" / "regulators" / sample).read_bytes()
    guessed, entries = read(document(body))
    notices: list[Any] = [entry.notice for entry in entries if entry.notice is not None]
    assert (guessed.kind, len(notices)) == (kind, count)
    assert all(notice.title and notice.distribution_date for notice in notices)


XML_LIST = """<?xml version="1.0"?><x:report xmlns:x="urn:x" made="2026-10-30">
<head><title>Alerts of the week</title></head><alerts>{}</alerts></x:report>""".format(
    "".join(
        f'<alert nr="{n}"><reference>SR/{n}/26</reference><name>Recall of kettles {n}</name>'
        f'<link href="/alerts/{n}"/><publicationDate>2026-10-{n:02}</publicationDate></alert>'
        for n in range(1, 5)
    )
)
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>""".format(
    "".join(f"<url><loc>https://example.org/n/{n}</loc><lastmod>2026-10-0{n}</lastmod></url>" for n in range(1, 4))
)


def read_by(made: Guess, body: str) -> list[Entry]:
    source = make_source(made.entry)
    return list(source.parse(document(body, "text/xml"), Cursor()).entries)


def test_a_list_in_xml_is_found() -> None:
    """Which elements are the entries, and what stands in them; the entry reads what it was made from."""
    made = guess(document(XML_LIST, "application/xml"), url=URL)
    assert (made.kind, made.entry["items"]) == ("xml_list", "/report/alerts/alert")
    assert made.entry["language"] == "en"
    first = read_by(made, XML_LIST)[0].notice
    assert first is not None
    assert (first.symbols, first.title) == (("SR/1/26",), "Recall of kettles 1")
    assert (first.page, str(first.distribution_date)) == ("https://www.standards.example.org/alerts/1", "2026-10-01")


def test_a_sitemap_is_no_list_of_documents() -> None:
    """It gives addresses without a title: whoever tries one is told to look for something better."""
    with pytest.raises(SourceError, match=r"site map, which says nothing of its pages.*look on the publisher's site"):
        guess(document(SITEMAP, "text/xml"), url=URL)


def test_a_page_in_xhtml_is_a_page() -> None:
    """It is good XML, and no list in XML."""
    page = LIST_PAGE.replace("<html>", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">')
    assert guess(document(page, "application/xhtml+xml"), url=URL).kind == "html_list"


def test_xml_without_entries_is_no_list() -> None:
    """Settings, an error in good XML: a page to watch, or a sentence."""
    note = f"<?xml version='1.0'?><note>{'A text of some length. ' * 20}</note>"
    assert guess(document(note), url=URL).kind == "page"
