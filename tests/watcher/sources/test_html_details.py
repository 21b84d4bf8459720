"""Entries' own pages: asked for once, a few in each poll, and whatever they are the entry is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.watcher.sources.answers import NOW
from tests.watcher.sources.html_documents import URL, a_page, a_row, a_source
from tests.watcher.sources.html_polls import Site, titles
from watcher.source import Cursor, Source


def a_detailed(**over: Any) -> Source:
    detail = {"fields": {"deadline": ".until", "summary": "article", "links": ".pdf@href"}, **over.pop("detail", {})}
    return a_source(detail=detail, **over)


def a_detail(text: str = "On toys.", until: str = "1 February 2027") -> str:
    link = "<a class=pdf href=t.pdf>PDF</a>"
    return f"<html><h1>Notice</h1><article>{text}</article><p class=until>{until}</p>{link}</html>"


def test_an_entry_is_completed_from_its_own_page_once() -> None:
    """Later polls neither ask for that page again nor tell the entry without it."""
    site = Site({URL: a_page(a_row("A", "/1"), a_row("B", "/2")), "https://reg.example/1": a_detail()})
    site.pages["https://reg.example/2"] = a_detail("On lamps.")
    source = a_detailed()

    found, cursor = site.poll(source)
    notices = [entry.notice for entry in found if entry.notice]
    assert [notice.content_summary for notice in notices] == ["On toys.", "On lamps."]
    assert notices[0].comment_deadline.value == date(2027, 2, 1)
    assert notices[0].links == ("https://reg.example/t.pdf",)

    found, cursor = site.poll(source, cursor)
    assert (found, site.asked) == ([], [URL])


def test_an_entry_whose_page_fails_stands_as_the_list_has_it() -> None:
    """And the page is tried again, three polls long."""
    site = Site({URL: a_page(a_row("A", "/1"))})
    source, cursor = a_detailed(), Cursor()
    for _ in range(5):
        found, cursor = site.poll(source, cursor)
        if len(site.asked) == 1:
            break
        assert titles(found) == ["A"]
    assert site.asked == [URL]

    site.pages[URL] = a_page(a_row("A, corrected", "/1"))
    site.pages["https://reg.example/1"] = a_detail()
    found, _ = site.poll(source, cursor)
    assert [entry.notice.content_summary for entry in found if entry.notice] == ["On toys."], "worded anew, read anew"


@pytest.mark.parametrize("answered", [404, 500, 0, "<html><h1>Page not found</h1></html>", b"%PDF-1.4", ""])
def test_whatever_an_entry_s_page_is_the_entry_is_told(answered: Any) -> None:
    """Missing, broken, not coming at all, an error page with status 200."""
    site = Site({URL: a_page(a_row("A", "/1"), a_row("B", "/2")), "https://reg.example/1": answered})
    site.pages["https://reg.example/2"] = a_detail()

    assert sorted(titles(site.poll(a_detailed())[0])) == ["A", "B"]


def test_a_publisher_in_trouble_is_not_asked_for_all_pages() -> None:
    """One 500 is enough for this poll; the pages are asked for again in the next."""
    site = Site({URL: a_page(*[a_row(f"T{n}", f"/{n}") for n in range(9)])})
    site.pages["https://reg.example/0"] = 500
    source = a_detailed()

    found, cursor = site.poll(source)
    assert (len(found), len(site.asked)) == (9, 2)

    for n in range(9):
        site.pages[f"https://reg.example/{n}"] = a_detail()
    found, _ = site.poll(source, cursor)
    assert len(site.asked) == 10


def test_so_many_pages_are_asked_for_in_a_poll_and_no_more() -> None:
    """The others' entries are told at once; what their pages tell later of old ones is no news."""
    site = Site({URL: a_page(*[a_row(f"T{n}", f"/{n}") for n in range(5)])})
    for n in range(5):
        site.pages[f"https://reg.example/{n}"] = a_detail(f"Text {n}")
    source = a_detailed(detail={"max_details": 2})

    found, cursor = site.poll(source)
    assert (len(found), len(site.asked)) == (5, 3)
    assert source.first_request(cursor, NOW).conditional is False, "an unchanged list must not stop the rest"

    found, cursor = site.poll(source, cursor)
    assert len(found) == 2
    assert not any(entry.news for entry in found)
    found, cursor = site.poll(source, cursor)
    assert len(found) == 1
    assert source.first_request(cursor, NOW).conditional is True

    site.pages[URL] = a_page(a_row("New", "/9"), *[a_row(f"T{n}", f"/{n}") for n in range(5)])
    site.pages["https://reg.example/9"] = a_detail()
    found, _ = site.poll(source, cursor)
    assert [entry.news for entry in found] == [True]


def test_pages_on_other_hosts_and_files_are_not_asked_for() -> None:
    """Unless staff name the host."""
    rows = [a_row("A", "https://other.example/1"), a_row("B", "/b.PDF"), a_row("C", "https://docs.example/1")]
    site = Site({URL: a_page(*rows), "https://docs.example/1": a_detail()})

    found, _ = site.poll(a_detailed(detail={"hosts": ["docs.example"]}))

    assert site.asked == [URL, "https://docs.example/1"]
    assert len(found) == 3
