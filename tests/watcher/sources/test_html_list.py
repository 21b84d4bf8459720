"""Lists in web pages: rows and fields by selectors, pages one after another, a redesign is no silence."""

from __future__ import annotations

import csv
import html
import json
from datetime import date
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.watcher.sources.answers import answer
from tests.watcher.sources.html_documents import URL, a_page, a_row, a_source, entries, only
from tests.watcher.sources.html_polls import Site, titles
from watcher.source import Cursor, Document, SourceError
from watcher.sources import SourceConfigError

# Rows and fields.


def test_a_row_becomes_a_notice() -> None:
    """Title, link and day stand where the selectors say; the link is made absolute."""
    notice = only(a_page(a_row("Toys with  <b>magnets</b>")))

    assert (notice.title, notice.page) == ("Toys with magnets", "https://reg.example/n/1")
    assert notice.distribution_date == date(2026, 11, 3)


def test_links_are_read_from_the_base_that_the_page_states() -> None:
    """Old sites move their pages and keep <base>."""
    page = a_page(a_row(href="7.html"), head='<base href="/archive/2026/">')

    assert only(page).page == "https://reg.example/archive/2026/7.html"


@pytest.mark.parametrize("href", ["#", "", "javascript:open('7')", "mailto:a@reg.example", " \n# ", "data:text/html,x"])
def test_a_link_that_leads_nowhere_is_no_link(href: str) -> None:
    """The entry is known by its title and day instead."""
    entry = next(iter(entries(a_page(a_row(href=href)), fields={"title": "a", "link": "a@href"})))

    assert entry.notice is not None
    assert entry.notice.page is None


def test_a_mistyped_anchor_is_mended() -> None:
    """An "@" in place of "#" makes an address of a page that does not exist."""
    assert only(a_page(a_row(href="commis-eng.html@cs7"))).page == "https://reg.example/notices/commis-eng.html#cs7"


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("td.no", "No. 12/2026"),
        ("td.no|(\\d+/\\d+)", "12/2026"),
        ("a@href|id=(\\d+)", "77"),
        ({"select": "a", "attribute": "href", "pattern": "id=(\\d+)"}, "77"),
        ("a[href*='id=']@data-no", "D-5"),
        ('a[title="a|b@c"]@data-no', "D-5"),
        ("@data-row", "r1"),
        ({"select": ":self", "attribute": "data-row"}, "r1"),
        ({"select": "*", "pattern": "\\d+/\\d+"}, "12/2026"),
        (["td.none", "td.no|\\d+"], "12"),
    ],
)
def test_a_field_is_a_selector_an_attribute_and_a_pattern(place: Any, number: str) -> None:
    """In the short form or as a mapping; of several places the first that gives something counts."""
    row = '<tr data-row=r1><td><a title="a|b@c" data-no="D-5" href="/d?id=77">T</a><td class=no>No. 12/2026</tr>'

    notice = only(f"<table>{row}</table>", row="tr", fields={"title": "a", "number": place})

    assert notice.symbols == (number,)


def test_headings_before_a_row_and_texts_behind_it_are_fields_of_it() -> None:
    """Gazettes put the ministry over its items; definition lists put the text under its term."""
    page = "<h1>Number 44</h1><h3>Health</h3><dl><dt>A<dd>text a<dt>B</dl><h3>Trade</h3><dl><dt>C<dd>text c</dl>"
    fields = {
        "title": {"select": ":self"},
        "agency": {"select": "h3", "in": "before"},
        "summary": {"select": "dd", "in": "after"},
        "number": {"select": "h1", "in": "page", "pattern": "\\d+"},
    }

    found = [entry.notice for entry in entries(page, row="dt", fields=fields)]

    assert [(n.title, n.responsible_agency, n.content_summary) for n in found if n] == [
        ("A", "Health", "text a"),
        ("B", "Health", ""),
        ("C", "Trade", "text c"),
    ]
    assert {n.symbols for n in found if n} == {("44",)}


def test_several_documents_are_links_of_one_entry() -> None:
    """All that a selector of `links` finds is taken."""
    row = '<li><a class=t href=/n>T</a><a href="a.pdf">EN</a><a href="b.pdf">FR</a>'

    notice = only(a_page(row), fields={"title": ".t", "link": ".t@href", "links": "a[href$='.pdf']@href"})

    assert notice.links == ("https://reg.example/notices/a.pdf", "https://reg.example/notices/b.pdf")


def test_a_table_s_head_is_no_entry() -> None:
    """It is a row like the others, without a title."""
    page = "<table><tr><th>Date<th>Title<tr><td>1.2.2026<td><a href=x>Toys</a></table>"

    assert len(entries(page, row="tr", fields={"title": "a", "link": "a@href", "published": "td"})) == 1


def test_scripts_are_no_text() -> None:
    """A script inside a row is not read to anybody."""
    assert only(a_page("<li><a href=/1>Toys<script>alert('x<b>')</script></a>"), fields={"title": "a"}).title == "Toys"


# Silence and redesigns.


def test_a_redesign_is_an_error_and_not_silence() -> None:
    """No row where rows should be is never "nothing new"."""
    with pytest.raises(SourceError, match=r"found no row with selector 'ul.list > li'.*redesigned"):
        entries("<html><body><div class=card><a href=/1>" + "Toys and games " * 20 + "</a></div></body></html>")


@pytest.mark.parametrize("empty", ["No notices today", {"select": ".none"}, [{"select": "p", "text": "no NOTICES"}]])
def test_an_empty_list_may_say_so(empty: Any) -> None:
    """A text or an element says "nothing today"; then nothing it is."""
    page = "<html><body><p class=none>No  notices today.</p></body></html>"

    assert entries(page, empty=empty) == []


def test_the_words_for_nothing_hidden_in_a_script_are_not_on_the_page() -> None:
    """Every page of some sites carries them for its script."""
    with pytest.raises(SourceError, match="found no row"):
        entries("<html><body><p>x<script>var t='No notices today'</script></body></html>", empty="No notices today")


@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("title", "<li><b data-id={n}>T{n}</b><time>1 May 2026</time>"),
        ("link", "<li><a>T{n}</a><time>1 May 2026</time>"),
        ("published", "<li><a href=/{n}>T{n}</a>"),
    ],
)
def test_a_field_that_no_row_has_any_more_is_a_redesign(field: str, row: str) -> None:
    """Half a redesign would make notices without a day or a link."""
    page = a_page(*[row.replace("{n}", str(n)) for n in range(4)])
    fields = {"title": "a", "link": "a@href", "published": "time", "id": "b@data-id"}
    fields = {name: where for name, where in fields.items() if name != ("link" if field == "title" else "id")}

    with pytest.raises(SourceError, match=f"4 rows, but no '{field}' in any of them"):
        entries(page, fields=fields)


def test_rows_without_anything_are_a_redesign() -> None:
    """They are still rows, and none of the selectors finds a thing in them."""
    with pytest.raises(SourceError, match="found 4 rows, but no title, link or id in any of them"):
        entries(a_page(*["<li><h3>T</h3>"] * 4), fields={"title": "a", "link": "a@href"})


def test_an_error_page_is_told_as_one() -> None:
    """Status 200 and "Page not found" in the heading."""
    with pytest.raises(SourceError, match="it is an error page: 'Error 404'"):
        entries("<html><title>Error 404</title><body><h1>We couldn't find that Web page</h1></body></html>")


def test_an_error_page_that_looks_like_a_list_is_known_by_its_marker() -> None:
    """Soft errors keep the site's menus, which may look like rows."""
    page = a_page(a_row(), before="<div id=err>The page you asked for has moved</div>")

    with pytest.raises(SourceError, match="shows 'the page you asked'"):
        entries(page, soft_404=["the page you asked"])
    with pytest.raises(SourceError, match="shows '#err'"):
        entries(page, soft_404=[{"select": "#err"}])


@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [
        (b"", "text/html", "nothing at all"),
        (b"  \n ", "text/html", "nothing at all"),
        (b"%PDF-1.7 ...", "text/html", "a PDF"),
        (b"PK\x03\x04abc", "application/zip", "a file"),
        (b'{"a": 1}', "application/json", "JSON instead of a page"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "text/xml", "is a feed"),
        (b"Service temporarily out of order", "text/plain", "is no page"),
        (b"<html><body><script src=app.js></script><div id=root></div></body></html>", "text/html", "drawn by script"),
    ],
)
def test_what_is_no_list_is_refused_by_name(body: bytes, content_type: str, told: str) -> None:
    """The sentence says what came instead."""
    with pytest.raises(SourceError, match=told):
        entries(body, content_type=content_type)


# JSON in a page.


def a_json_page(rows: Any, *, wrap: str = "{}") -> str:
    return (
        f"<html><body><script id=params>{wrap.format(json.dumps({'jsonArray': rows}))}</script><p>x</p></body></html>"
    )


JSON_LIST = {
    "row": "",
    "embedded_json": "script#params",
    "items": "jsonArray",
    "fields": {"id": "urlTitle", "title": "title", "published": "pubDate"},
    "link_template": "https://reg.example/dou/-/{id}",
}


@pytest.mark.parametrize("wrap", ["{}", "var list = {};", "\n window.x={}\n"])
def test_a_list_that_a_script_draws_is_read_from_its_json(wrap: str) -> None:
    """The visible page never changes: the rows are JSON in a script."""
    page = a_json_page([{"urlTitle": "portaria-1", "title": "Portaria", "pubDate": "22/11/2026"}], wrap=wrap)

    notice = only(page, **JSON_LIST)

    assert (notice.page, notice.distribution_date) == ("https://reg.example/dou/-/portaria-1", date(2026, 11, 22))


def test_an_empty_json_list_is_a_day_without_acts() -> None:
    """It is there and says so; a list that is gone is a redesign."""
    assert entries(a_json_page([]), **JSON_LIST) == []
    with pytest.raises(SourceError, match="no list at 'jsonArray'"):
        entries(a_json_page([]).replace("jsonArray", "rows"), **JSON_LIST)
    with pytest.raises(SourceError, match="no element 'script#params'"):
        entries(a_json_page([]).replace("params", "state"), **JSON_LIST)


# Encodings.


@pytest.mark.parametrize(
    ("encoding", "meta", "header", "text", "language"),
    [
        ("windows-1252", "utf-8", "text/html; charset=utf-8", "Règlement sur l’énergie électrique", "fr"),
        ("gb18030", "gb2312", "text/html", "关于玩具安全的公告", "zh"),
        ("shift_jis", "Shift_JIS", "text/html; charset=ISO-8859-1", "玩具の安全に関する告示について", "ja"),
        ("euc-kr", "euc-kr", "text/html; charset=utf-8", "완구 안전 기준 개정 고시", "ko"),
        ("iso-8859-9", "windows-1254", "text/html", "Oyuncak güvenliği yönetmeliği şartları", "tr"),
        ("windows-1251", "windows-1251", "text/html", "О безопасности игрушек", "ru"),
        ("utf-8", "iso-8859-1", "text/html; charset=iso-8859-1", "Sûreté des jouets – n° 5", "fr"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_is_in(
    encoding: str, meta: str, header: str, text: str, language: str
) -> None:
    """The header, the page's own statement, or neither is right."""
    page = a_page(a_row(text), head=f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">')

    assert only(page.encode(encoding), content_type=header, language=language).title == text


# Pages one after another.


def test_the_next_page_is_followed_on_the_same_host_only() -> None:
    """A link to elsewhere, to itself or round in circles is not followed."""
    pages: dict[str, Any] = {
        URL: a_page(a_row("A", "/1"), after="<a rel=next href='?page=2'>more</a>"),
        f"{URL}?page=2": a_page(a_row("B", "/2"), after="<a rel=next href='?page=3'>more</a>"),
        f"{URL}?page=3": a_page(a_row("C", "/3"), after="<a rel=next href='https://evil.example/'>more</a>"),
    }
    site = Site(pages)

    found, _ = site.poll(a_source(next="a[rel=next]", max_pages=9))
    assert titles(found) == ["A", "B", "C"]

    pages[f"{URL}?page=3"] = a_page(a_row("C", "/3"), after=f"<a rel=next href='{URL}'>more</a>")
    assert titles(site.poll(a_source(next="a[rel=next]", max_pages=9))[0]) == ["A", "B", "C"]


def test_pages_are_counted_as_the_publisher_does() -> None:
    """By rows from 0 in steps of ten, until a page holds nothing or comes again."""
    pages: dict[str, Any] = {
        URL: a_page(a_row("A", "/1")),
        f"{URL}?start=10": a_page(a_row("B", "/2")),
        f"{URL}?start=20": a_page("", before="<p>Nothing here"),
    }
    source = a_source(page_parameter={"name": "start", "first": 0, "step": 10}, max_pages=9)

    site = Site(pages)
    assert titles(site.poll(source)[0]) == ["A", "B"]
    assert len(site.asked) == 3

    pages[f"{URL}?start=10"] = pages[URL]
    site.poll(source)
    assert len(site.asked) == 2, "the first page came again: the parameter has no effect"


def test_later_pages_are_asked_for_only_when_something_is_new() -> None:
    """A list of twenty pages is not read through every hour."""
    pages: dict[str, Any] = {
        URL: a_page(a_row("A", "/1")),
        f"{URL}?page=2": a_page(a_row("B", "/2")),
        f"{URL}?page=3": a_page(a_row("C", "/3")),
    }
    source = a_source(page_parameter="page", max_pages=3)
    site = Site(pages)
    _, cursor = site.poll(source)
    assert len(site.asked) == 3

    _, cursor = site.poll(source, cursor)
    assert len(site.asked) == 1

    pages[URL] = a_page(a_row("D", "/4"), a_row("A", "/1"))
    found, _ = site.poll(source, cursor)
    assert len(site.asked) == 2
    assert titles(found) == ["D", "A", "B"]


def test_the_publisher_s_day_stands_in_the_address() -> None:
    """A gazette has an address a day; yesterday's is asked again, as an extra issue may have come late."""
    source = a_source(
        url="https://reg.example/d?data={today:%d-%m-%Y}", time_zone="Asia/Tokyo", days=2, empty="nothing"
    )
    site = Site(
        {
            "https://reg.example/d?data=20-11-2026": a_page(a_row("A")),
            "https://reg.example/d?data=19-11-2026": "<p>nothing</p>",
        }
    )

    assert titles(site.poll(source)[0]) == ["A"]
    assert len(site.asked) == 2


# Settings.


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"row": "li["}, "no CSS selector"),
        ({"row": ""}, "'row' or 'embedded_json'"),
        ({"fields": {"titel": "a"}}, "did you mean 'title'"),
        ({"fields": {"title": "a|("}}, "no regular expression"),
        ({"fields": {"title": {"selector": "a"}}}, "unknown key 'selector'"),
        ({"fields": {"title": "a", "agency": {"select": "h3", "in": "above"}}}, "it is one of row, before"),
        ({"fields": {"summary": "a"}}, "at least one of id, title, link"),
        ({"max_pages": 3}, "'next' or 'page_parameter'"),
        ({"next": "a", "page_parameter": "p"}, "keep one of them"),
        ({"page_parameter": {"name": "p", "from": 1}}, "unknown setting 'from'"),
        ({"days": 2}, "'url' must hold the day"),
        ({"detail": {}}, "needs 'fields' or 'main_text"),
        ({"detail": {"fields": {"deadline": "p["}}}, "no CSS selector"),
        ({"detail": {"main_text": True, "maximum": 3}}, "unknown setting 'maximum'"),
        ({"link_template": "https://reg.example/{code}"}, "names {code}"),
        ({"empty": {"text": ""}}, "without select and text"),
    ],
)
def test_a_mistake_in_the_settings_is_a_sentence(over: dict[str, Any], told: str) -> None:
    """Staff read it as it is."""
    with pytest.raises(SourceConfigError, match=told.replace("(", r"\(").replace("{", r"\{").replace("}", r"\}")):
        a_source(**over)


# Recorded and transcribed material.


def test_recorded_recalls_are_found_in_a_page_of_our_own() -> None:
    """Of a New Zealand list: noon and midnight with an offset stay the publisher's own day."""
    sample = SHARED / "data/regulators/nz-mbie/product_safety_recalls_2026.json"
    if not sample.exists():
        pytest.skip("the recorded samples are not beside the project")
    recorded = json.loads(sample.read_text(encoding="utf-8"))
    rows = recorded if isinstance(recorded, list) else next(v for v in recorded.values() if isinstance(v, list))
    texts = [{k: v for k, v in row.items() if isinstance(v, str)} for row in rows]
    page = a_page(
        *[a_row(html.escape(row.get("title", row.get("name", ""))), f"/r/{n}") for n, row in enumerate(texts)]
    )

    assert len(entries(page)) == len(rows)


def test_recorded_titles_in_five_languages_are_kept_as_written() -> None:
    """Notices of China, Japan, Viet Nam and Australia, put into a page of our own."""
    folder = SHARED / "data/regulators/kotra-notices"
    if not folder.exists():
        pytest.skip("the recorded samples are not beside the project")
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as opened:
            recorded = list(csv.DictReader(opened))
        column = next(name for name in recorded[0] if "title" in name.lower() or "제목" in name)
        wanted = [" ".join(row[column].split()) for row in recorded if row[column].strip()]
        page = a_page(*[a_row(html.escape(title), f"/n/{n}") for n, title in enumerate(wanted)])
        assert [title[:60] for title in titles(entries(page))] == [title[:60] for title in wanted]


def test_a_document_in_a_file_is_read_like_one_in_memory(tmp_path: Any) -> None:
    """Large bodies come in files."""
    path = tmp_path / "page.html"
    path.write_text(a_page(a_row()), encoding="utf-8")
    source = a_source()
    document: Document = answer(source, b"", headers={"content-type": "text/html"}, file=path)

    assert len(list(source.parse(document, Cursor()).entries)) == 1
