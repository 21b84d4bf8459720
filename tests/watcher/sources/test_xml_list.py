"""Lists in XML by YAML alone: where things stand, what is none, and what is read next."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer, whole_poll
from watcher.source import CappedError, Cursor, Entry, Request, SourceError
from watcher.sources import SourceConfigError, make_source
from watcher.sources.xml_list import XmlListSource

URL = "https://reg.example/list.xml"
FIELDS = {"id": "number", "title": "title", "link": "@href", "published": "day"}


def source(**over: Any) -> XmlListSource:
    entry = {"name": "a", "kind": "xml_list", "url": URL, "issuer": "XX-REG", "items": "/list/entry", "fields": FIELDS}
    made = make_source({**entry, **over})
    assert isinstance(made, XmlListSource)
    return made


def entries(body: str, **over: Any) -> list[Entry]:
    made = source(**over)
    return list(made.parse(answer(made, body.encode()), Cursor()).entries)


def listing(*numbers: int, head: str = "") -> bytes:
    held = "".join(f"<entry><number>{number}</number><title>Toys</title></entry>" for number in numbers)
    return f"<list>{head}{held}</list>".encode()


def test_every_field_may_stand_anywhere() -> None:
    """In elements, attributes, deep inside, in another place of the document, or made of several."""
    body = """<list made="2026-11-01"><agency>Bureau</agency>
      <entry no="R-1" href="/r/1">
        <names><name xml:lang="fr">Bouilloires</name><name xml:lang="en">Kettles</name></names>
        <hazard>Burns</hazard><hazard>Shock</hazard><file u="/r/1.pdf"/><until>2026-12-24</until></entry></list>"""
    [entry] = entries(
        body,
        fields={
            "id": "@no",
            "number": "@no",
            "title": ["names/name[@lang='zh']", "names/name[@lang='en']"],
            "summary": "concat('Hazard: ', hazard[1], ', ', hazard[2])",
            "products": "hazard",
            "published": "/list/@made",
            "deadline": "until",
            "agency": "../agency",
            "links": ".//@u",
            "threads": "count(hazard)",
        },
        link_template="https://reg.example/recalls/{id}",
    )
    notice = entry.notice
    assert notice is not None
    assert (entry.key, notice.symbols, notice.title, notice.page) == (
        "R-1",
        ("R-1",),
        "Kettles",
        "https://reg.example/recalls/R-1",
    )
    assert (notice.content_summary, notice.products_covered) == ("Hazard: Burns, Shock", "Burns; Shock")
    assert (notice.distribution_date, notice.comment_deadline.value) == (date(2026, 11, 1), date(2026, 12, 24))
    assert (notice.responsible_agency, notice.links) == ("Bureau", ("https://reg.example/r/1.pdf",))
    assert notice.threads == ("2",)


def test_namespaces_need_not_be_told() -> None:
    """Unless two of them use one name: those that are told are written with their prefix, and only so."""
    body = """<list xmlns="urn:list" xmlns:dc="urn:dc"><entry><number>1</number><title>Picture</title>
      <dc:title>Kettles</dc:title></entry></list>"""
    assert entries(body)[0].notice.title == "Picture Kettles"  # type: ignore[union-attr]
    [told] = entries(body, namespaces={"d": "urn:dc"}, fields={"id": "number", "title": "d:title"})
    assert told.notice is not None and told.notice.title == "Kettles"


def test_a_list_that_holds_nothing_is_told_from_one_that_is_gone() -> None:
    """By the element around the entries, or by what staff say is true then."""
    assert entries("<list/>") == entries("<list>\n</list>") == []
    assert entries("<a><b/></a>", items="/a/b/c") == entries("<a><b/></a>", items="b/c") == []
    assert entries("<list><count>0</count></list>", empty="count = 0") == []
    assert entries("<a/>", items="/a/b/c") == entries("<a> </a>", items="//b") == []
    for body in ("<list><count>1</count></list>", "<other/>", "<list>Busy</list>", "<list><item/></list>"):
        with pytest.raises(SourceError, match=r"no element at 'items'"):
            entries(body, empty="count = 0")


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"items": " "}, "which elements are the entries"),
        ({"items": "a["}, "'items' is no XPath expression"),
        ({"items": "entry", "where": "foo()"}, "'where' is no XPath expression"),
        ({"fields": {"id": "dc:title"}}, "has 'id', which is no XPath expression"),
        ({"fields": {"id": "$x"}}, "is no XPath expression"),
        ({"fields": {"id": "document('/etc/passwd')"}}, "is no XPath expression"),
        ({"fields": {"id": "re:test('a', '(a+)+$')"}}, "is no XPath expression"),
        ({"fields": {"id": "//number"}}, "from the whole document: write .//number"),
        ({"fields": {"id": 3}}, "must be an XPath expression"),
        ({"fields": {"titel": "a"}}, "did you mean 'title'"),
        ({"fields": {"summary": "a"}}, "at least one of id, title, link"),
        ({"namespaces": {"xml": "urn:a"}}, "no prefix such as dc"),
        ({"namespaces": {"d": " "}}, "without the address"),
        ({"link_template": "https://reg.example/{number}"}, "'link_template' names {number}"),
        ({"parts": "a", "next": "b"}, "keep one of them"),
        ({"max_pages": 0}, "max_pages"),
    ],
)
def test_a_mistake_is_a_sentence(over: dict[str, Any], words: str) -> None:
    """At the start; and nothing that a path could open or run is there."""
    with pytest.raises(SourceConfigError) as raised:
        source(**over)
    assert words in str(raised.value)


def test_pages_are_followed_to_their_end() -> None:
    """By the link that the document gives; a page that brings nothing new is the last one."""
    made = source(next="next/@href")
    pages = {
        URL: listing(1, 2, head='<next href="?page=2"/>'),
        f"{URL}?page=2": listing(3, head='<next href="?page=3"/>'),
        f"{URL}?page=3": listing(3, head='<next href="?page=4"/>'),
    }
    found, requests = whole_poll(made, lambda request: pages[request.url])
    assert [entry.key for entry in found] == ["1", "2", "3", "3"]
    assert [(request.page, request.conditional) for request in requests] == [(1, False), (2, False), (3, False)]
    with pytest.raises(CappedError, match="'max_pages'"):
        whole_poll(source(next="next/@href", max_pages=1), lambda request: pages[request.url])


def test_a_list_of_lists_is_read_for_its_first_ones() -> None:
    """Each once, with its own links; the list of lists itself holds no entries."""
    index = b"<all><part>/b.xml</part><part/><part>/c.xml</part><part>/b.xml</part><part>/d.xml</part></all>"
    pages = {
        URL: index,
        "https://reg.example/b.xml": b'<list><entry href="x"><number>1</number></entry></list>',
        "https://reg.example/c.xml": b"<list/>",
    }
    found, requests = whole_poll(source(parts="/all/part"), lambda request: pages[request.url])
    assert [(entry.key, entry.notice and entry.notice.page) for entry in found] == [("1", "https://reg.example/x")]
    assert [request.url for request in requests] == list(pages)
    assert {request.conditional for request in requests} == {False}
    assert whole_poll(source(parts="/all/part"), lambda _: b"<all/>") == ([], [_first()])
    with pytest.raises(SourceError, match="no address at 'parts'"):
        whole_poll(source(parts="/all/part"), lambda _: b"<all><teil>/b.xml</teil></all>")


def _first() -> Request:
    return source(parts="/all/part").first_request(Cursor(), NOW)


def test_an_unchanged_list_need_not_be_read() -> None:
    """It is asked conditionally if it stands alone."""
    assert source().first_request(Cursor(), NOW).conditional


def test_it_can_be_read_in_another_thread() -> None:
    """Paths are kept ready for all sources; they belong to no thread."""
    made, found = source(), list[list[Entry]]()
    made.parse(answer(made, listing(1)), Cursor())
    thread = threading.Thread(target=lambda: found.append(list(made.parse(answer(made, listing(2)), Cursor()).entries)))
    thread.start()
    thread.join()
    assert [entry.key for entry in found[0]] == ["2"]


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)


@given(titles=st.lists(words, min_size=1, max_size=6))
def test_any_text_comes_through_as_it_would_from_json(titles: list[str]) -> None:
    """Written with its references, and as CDATA where that can hold it."""

    def held(title: str, cdata: bool) -> str:
        return f"<![CDATA[{title}]]>" if cdata and "]]>" not in title else escape(title)

    def shown(cdata: bool) -> list[str]:
        rows = "".join(
            f"<entry><number>n{number}</number><title>{held(title, cdata)}</title></entry>"
            for number, title in enumerate(titles)
        )
        return [entry.notice.title if entry.notice else entry.problem for entry in entries(f"<list>{rows}</list>")]

    assert shown(cdata=True) == shown(cdata=False)
