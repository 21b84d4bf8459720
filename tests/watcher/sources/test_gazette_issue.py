"""A feed of issues: each issue's page is read once, and one that is not there yet is asked for again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.watcher.sources.answers import NOW
from tests.watcher.sources.html_polls import Site, problems, titles
from watcher.source import Cursor, Source, SourceError
from watcher.sources import SourceConfigError, make_source

FEED = "https://gazette.example/rss/p1-eng.xml"
SOFT_404 = (
    "<html><head><title>Error 404</title></head><body><nav><ul><li><a href=/>Home</a></ul></nav>Sorry</body></html>"
)


def a_source(**over: Any) -> Source:
    stated = {"row": "main li", "fields": {"title": "a", "link": "a@href"}, "skip_pattern": "(?i)consolidated", **over}
    return make_source({"name": "g", "kind": "gazette_issue", "url": FEED, "issuer": "CA-GAZETTE", **stated})


def a_feed(*issues: int, extra: str = "") -> str:
    items = "".join(
        f"<item><title>Number {number}</title><link>{at(number)}</link><guid>{at(number)}</guid>"
        f"<pubDate>{number:02} Nov 2026 14:00:00 GMT</pubDate></item>"
        for number in sorted(issues, reverse=True)
    )
    channel = f"<channel><title>G</title>{extra}{items}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'


def at(number: int) -> str:
    return f"https://gazette.example/p1/2026/{number}/html/index-eng.html"


def an_issue(*names: str, href: str = "{}-eng.html") -> str:
    items = "".join(f"<li><a href='{href.format(name.lower())}'>{name}</a></li>" for name in names)
    return f"<html><head><title>Gazette</title></head><body><main><h1>Issue</h1><ul>{items}</ul></main></body></html>"


def a_site(*issues: int) -> Site:
    return Site({FEED: a_feed(*issues), **{at(number): an_issue(f"Reg{number}") for number in issues}})


def test_the_items_of_the_newest_issues_are_the_notices() -> None:
    """Not the issues; an item is dated as its issue, and older issues are left alone at first."""
    site = a_site(1, 2, 3, 4)

    found, _ = site.poll(a_source())

    assert titles(found) == ["Reg4", "Reg3"]
    assert site.asked == [FEED, at(4), at(3)]
    assert found[0].notice is not None
    assert found[0].notice.distribution_date == date(2026, 11, 4)
    assert found[0].notice.page == "https://gazette.example/p1/2026/4/html/reg4-eng.html"


def test_an_issue_is_read_once() -> None:
    """Next time only what is new is asked for."""
    site = a_site(1, 2, 3)
    _, cursor = site.poll(a_source())
    assert site.poll(a_source(), cursor)[0] == []
    assert site.asked == [FEED]

    site.pages |= {FEED: a_feed(1, 2, 3, 4, 5), at(4): an_issue("Reg4"), at(5): an_issue("Reg5")}
    found, cursor = site.poll(a_source(), cursor)

    assert titles(found) == ["Reg5", "Reg4"]
    assert a_source().first_request(cursor, NOW).conditional is True


@pytest.mark.parametrize("answered", [SOFT_404, "", 404, 0, 503, an_issue(), b"%PDF-1.7", "<div>" * 50_000])
def test_an_error_page_is_no_issue_and_is_asked_for_again(answered: Any) -> None:
    """Staff see that the issue is missing; the others are read; when it comes it is read as if nothing had been."""
    site = a_site(1, 2, 3)
    _, cursor = site.poll(a_source())
    site.pages |= {FEED: a_feed(1, 2, 3, 4, 5), at(5): an_issue("Reg5"), at(4): answered}

    found, cursor = site.poll(a_source(), cursor)
    assert titles(found) == ["Reg5"]
    (problem,) = problems(found)
    assert "the issue 'Number 4'" in problem
    assert problem.endswith("it will be asked for again")
    assert a_source().first_request(cursor, NOW).conditional is False, "an unchanged feed must not hide it"

    site.pages[at(4)] = an_issue("Reg4")
    found, cursor = site.poll(a_source(), cursor)
    assert titles(found) == ["Reg4"]
    assert a_source().first_request(cursor, NOW).conditional is True


def test_an_issue_that_never_comes_is_given_up_and_still_shown() -> None:
    """It is not asked for a year long, and not forgotten either."""
    site = a_site(1, 2)
    site.pages[at(2)] = SOFT_404
    cursor = Cursor()
    for _ in range(40):
        found, cursor = site.poll(a_source(), cursor)

    assert site.asked == [FEED]
    assert "was given up" in problems(found)[0]


def test_consolidated_indexes_are_no_issues() -> None:
    """They list a quarter's items again."""
    site = a_site(1, 2, 3)
    site.pages[FEED] = a_feed(1, 2, 3).replace("Number 3", "Quarterly Consolidated Index")

    assert titles(site.poll(a_source())[0]) == ["Reg2", "Reg1"]


def test_typing_errors_in_anchors_are_mended() -> None:
    """An item may stand inside another document; French documents in an English index are read too."""
    site = a_site(1)
    site.pages[at(1)] = an_issue("commis", href="{}-eng.html@cs7").replace(
        "</ul>", "<li><a href=/fra/r.html>Règlement</a></ul>"
    )

    found, _ = site.poll(a_source())

    assert [entry.notice.page for entry in found if entry.notice] == [
        "https://gazette.example/p1/2026/1/html/commis-eng.html#cs7",
        "https://gazette.example/fra/r.html",
    ]


def test_old_pages_in_windows_1252_that_say_utf_8_are_read() -> None:
    """Header and page both say so."""
    site = a_site(1)
    page = an_issue("Règlement modifiant le Règlement sur l’énergie", href="r.html")
    site.pages[at(1)] = page.replace("<head>", "<head><meta charset=utf-8>").encode("windows-1252")

    assert titles(site.poll(a_source())[0]) == ["Règlement modifiant le Règlement sur l’énergie"]


def test_few_issues_are_asked_for_in_a_poll() -> None:
    """After a long outage they come one poll after another, none is lost."""
    site = a_site(1, 2)
    _, cursor = site.poll(a_source())
    site.pages |= a_site(*range(1, 12)).pages
    told: list[str] = []
    for _ in range(3):
        found, cursor = site.poll(a_source(max_issues=4), cursor)
        told += titles(found)
        assert len(site.asked) <= 5

    assert sorted(told) == sorted(f"Reg{number}" for number in range(3, 12))


def test_issues_are_taken_newest_first_whatever_their_order_in_the_feed() -> None:
    """Some feeds begin with the oldest."""
    site = a_site(1, 2, 3)
    items = a_feed(1, 2, 3).split("<item>")
    site.pages[FEED] = "<item>".join([items[0], items[3].split("</channel>")[0], *items[1:3]]) + "</channel></rss>"

    assert titles(site.poll(a_source(first_issues=1))[0]) == ["Reg3"]


def test_headings_over_the_items_are_their_ministry() -> None:
    """In an issue's page as in any list."""
    site = a_site(1)
    items = "<h3>Health</h3><p><a href=a.html>Toys</a></p><h3>Trade</h3><p><a href=b.html>Lamps</a></p>"
    site.pages[at(1)] = f"<main><h1>I</h1>{items}</main>"
    fields = {"title": "a", "link": "a@href", "agency": {"select": "h3", "in": "before"}}

    found, _ = site.poll(a_source(row="main p", fields=fields))

    assert [entry.notice.responsible_agency for entry in found if entry.notice] == ["Health", "Trade"]


def test_the_feed_tells_how_often_to_ask() -> None:
    """As any feed does."""
    source = a_source()
    site = a_site(1)
    document = site._document(source.first_request(Cursor(), NOW), NOW)
    body = a_feed(1, extra="<ttl>720</ttl>").encode()

    page = source.parse(
        type(document)(url=FEED, status=200, headers={}, body=body, fetched_at=NOW, request=document.request), Cursor()
    )

    assert page.rhythm is not None
    assert page.rhythm.ttl is not None
    assert page.total == 1


def test_what_is_no_feed_is_refused() -> None:
    """And a feed whose issues have no address."""
    with pytest.raises(SourceError, match="is not a feed"):
        Site({FEED: SOFT_404}).poll(a_source())
    without_links = a_feed(1).replace(f"<link>{at(1)}</link><guid>{at(1)}</guid>", "")
    with pytest.raises(SourceError, match="no link in any of them"):
        Site({FEED: without_links}).poll(a_source())


@pytest.mark.parametrize("state", [{"issues": []}, {"issues": {"a": "b"}}, {"issues": None}, {"rows": {}}])
def test_what_was_remembered_wrongly_does_no_harm(state: dict[str, Any]) -> None:
    """A state of another making is as good as none."""
    assert titles(a_site(1).poll(a_source(), Cursor(state=state))[0]) == ["Reg1"]


def test_a_mistake_in_the_settings_is_a_sentence() -> None:
    """Staff read it as it is."""
    with pytest.raises(SourceConfigError, match="must be a regular expression"):
        a_source(skip_pattern="(")
