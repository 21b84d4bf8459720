"""A page rewritten in place: its text is one notice, and what changed is told as a person would."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.watcher.sources.answers import NOW
from tests.watcher.sources.html_polls import Site
from watcher.measure import ChangeKind
from watcher.revise import revise
from watcher.source import Cursor, Source, SourceError
from watcher.sources import SourceConfigError, make_source

URL = "https://reg.example/alerts/99-07"
RULES = (
    "Importers of electric kettles must hold a certificate of a notified body before the goods arrive at a port.",
    "The following firms are subject to detention without examination of their goods at every port of entry.",
    "Comments on this page are taken by the office for product safety at the address that is given below.",
)


def a_source(**over: Any) -> Source:
    return make_source({"name": "p", "kind": "page", "url": URL, "issuer": "US-REG", "symbol": "IA-99-07", **over})


def a_page(*paragraphs: str, banner: str = "", title: str = "Import Alert", visits: int = 1) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or RULES)
    menu = "<nav><a href=/>Home</a><a href=/about>About us</a></nav>"
    head = f"<head><title>{title}</title><script>var visits={visits}</script></head>"
    footer = f"<footer>Visitors: {visits}. Printed on day {visits}</footer>"
    main = f"<main><h1>{title}</h1>{text}</main>"
    return f"<html>{head}<body><header>{banner}</header>{menu}{main}{footer}</body></html>"


def two_polls(before: str, after: str, **over: Any) -> tuple[list[Any], list[Any]]:
    source, site = a_source(**over), Site({URL: before})
    first, cursor = site.poll(source)
    site.pages[URL] = after
    second, _ = site.poll(source, cursor, now=NOW + timedelta(days=1))
    return first, second


def test_the_page_is_one_notice_with_its_main_text() -> None:
    """Menus, banners and scripts are no part of it; its key is its address."""
    (entry,), _ = two_polls(a_page(banner="<b>We are moving!</b>"), a_page())

    assert entry.key == URL
    assert entry.notice.symbols == ("IA-99-07",)
    assert entry.notice.title == "Import Alert"
    assert entry.notice.content_summary == "\n".join(("Import Alert", *RULES))
    assert entry.notice.page == URL


def test_without_a_symbol_the_page_is_known_by_its_address() -> None:
    """The address is its name."""
    (entry,), _ = two_polls(a_page(), a_page(), symbol="")

    assert entry.notice.symbols == (URL,)


def test_a_banner_a_counter_or_a_script_is_no_change() -> None:
    """The notice is the very same value, so nothing is stored or told."""
    (before,), (after,) = two_polls(a_page(), a_page(banner="<p>Closed on Friday, 27 November!", visits=77))

    assert before.notice == after.notice


def test_a_change_is_a_further_notice_that_says_what_changed() -> None:
    """The page keeps its symbol and key; the change has a key of its own and the difference as its text."""
    _, (page, change) = two_polls(
        a_page(), a_page(RULES[0], RULES[1].replace("every port", "any port"), "New firm: Acme.")
    )

    assert page.notice.symbols == ("IA-99-07",)
    assert "New firm: Acme." in page.notice.content_summary
    assert change.key != page.key
    assert change.notice.title == "Import Alert: changed"
    assert change.notice.content_summary.split("\n") == [
        f"Changed: “{RULES[1]}” → “{RULES[1].replace('every port', 'any port')}”",
        f"Removed: {RULES[2]}",
        "Added: New firm: Acme.",
    ]
    assert change.notice.distribution_date == date(2026, 11, 21)


def test_a_change_is_news_of_the_page_s_measure() -> None:
    """Whoever watches the page's measure is told the first words of the difference; a rewording alone tells nobody."""
    (page,), (again, change) = two_polls(a_page(), a_page(*RULES, "New firm: Acme Lamps of Ningbo."))
    measure = revise(None, page.notice).measure

    reworded = revise(measure, again.notice)
    told = revise(reworded.measure, change.notice)

    assert reworded.changes == ()
    assert [one.kind for one in told.changes] == [ChangeKind.FURTHER_INFORMATION]
    assert told.changes[0].quote == "Added: New firm: Acme Lamps of Ningbo."


def test_a_change_is_told_once() -> None:
    """The text of the last poll is remembered, whatever came before."""
    source, site = a_source(), Site({URL: a_page()})
    _, cursor = site.poll(source)
    site.pages[URL] = a_page("Another text stands here now, and it is long enough to be one.")
    _, cursor = site.poll(source, cursor)

    assert len(site.poll(source, cursor)[0]) == 1


def test_what_moves_or_is_spaced_anew_is_no_change() -> None:
    """The same sentences in another order say the same."""
    _, second = two_polls(a_page(), a_page(RULES[1], RULES[0].replace(" a ", "  a\n"), RULES[2]))

    assert len(second) == 1


def test_staff_say_what_to_leave_out() -> None:
    """By selector and by line."""
    counted = [f"<p class=n>{n} visits</p><p>Printed on {n} May</p>" for n in (1, 2)]
    before, after = (a_page().replace("</main>", f"{extra}</main>") for extra in counted)

    assert len(two_polls(before, after)[1]) == 2
    assert len(two_polls(before, after, ignore=["p.n"], ignore_lines=["^Printed on"])[1]) == 1


def test_staff_say_where_the_text_stands() -> None:
    """A selector of their own, for pages that mark nothing."""
    page = "<body><div id=a>Advertisement of a kind</div><div id=b>The text that matters here.</div></body>"
    source, site = a_source(main="#b"), Site({URL: page})

    (entry,), _ = site.poll(source)

    assert entry.notice is not None
    assert entry.notice.content_summary == "The text that matters here."
    site.pages[URL] = page.replace("id=b", "id=c")
    with pytest.raises(SourceError, match="found no text with 'main' '#b'; "):
        site.poll(source)


def test_the_page_may_say_of_which_day_it_is() -> None:
    """Where staff say that it does."""
    page = a_page().replace("</main>", "<p class=d>Last updated: 2 November 2026</p></main>")
    (entry,), _ = two_polls(page, page, published=".d|updated: (.*)", ignore=[".d"])

    assert entry.notice.distribution_date == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("", "nothing at all"),
        ("<html><title>404 - Page not found</title><body><h1>Oops</h1>" + "<p>Menu of the site" * 30, "an error page"),
        ("<html><body><h1>Service Unavailable</h1>", "an error page"),
        ("<html><body><h1>Just a moment...</h1>", "an error page"),
        ("<html><body><div id=root></div><script src=a.js></script></body></html>", "drawn by script"),
        ("<html><body><main></main></body></html>", "no text that could be watched"),
        (a_page().replace("Import Alert", "Alerte périmée"), "shows 'périmée'"),
        ("<div>" * 100_000, "nests more than"),
    ],
)
def test_an_error_page_is_not_the_page(page: str, told: str) -> None:
    """Else the whole text would be told as removed, and as added again a day later."""
    with pytest.raises(SourceError, match=told):
        Site({URL: page}).poll(a_source(soft_404="périmée"))


def test_the_difference_is_told_in_the_source_s_language() -> None:
    """Chinese words around Chinese text."""
    texts = ["进口电热水壶须在到港前取得认证机构的证书。" * 3, "下列企业的货物在所有口岸不经检验即予扣留。" * 3]
    _, (_, change) = two_polls(a_page(*texts), a_page(*texts, "新增一家企业。"), language="zh")

    assert change.notice.content_summary == "新增：新增一家企业。"


def test_a_recorded_page_before_and_after_a_rewrite() -> None:
    """One page of the US EPA: menus and scripts differ too, and only the text is told."""
    folder = SHARED / "data/regulators/us-epa"
    if not folder.exists():
        pytest.skip("the recorded samples are not beside the project")
    before, after = ((folder / f"page_version_{one}.html").read_text(encoding="utf-8") for one in "ab")
    (page,), (again, change) = two_polls(before, after)

    assert page.notice.symbols == again.notice.symbols
    assert "“Federal Partner Collaboration” → “EPA Adaptation Collaboration”" in change.notice.content_summary
    assert "<" not in change.notice.content_summary
    assert two_polls(before, before)[1] == [page]


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"main": "p["}, "no CSS selector"),
        ({"ignore": ["p["]}, "no CSS selector"),
        ({"ignore_lines": ["("]}, "no regular expression"),
        ({"published": {"in": "page"}}, "without a selector"),
        ({"soft_404": [7]}, "must be texts of the page"),
    ],
)
def test_a_mistake_in_the_settings_is_a_sentence(over: dict[str, Any], told: str) -> None:
    """Staff read it as it is."""
    with pytest.raises(SourceConfigError, match=told):
        a_source(**over)


def test_what_was_remembered_wrongly_does_no_harm() -> None:
    """A state of another making is as good as none."""
    states: tuple[dict[str, Any], ...] = ({"text": 7}, {"text": None}, {"rows": {}})
    for state in states:
        assert len(Site({URL: a_page()}).poll(a_source(), Cursor(state=state))[0]) == 1
