"""Visitors' journeys in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tbtwatch.storage import open_storage
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.web.served import served
from tests.web.town import BATTERY, HOSTILE, JELLY, PAYLOADS, a_town

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = list(JOURNEY)

PAGES = (
    "",
    "search",
    "api",
    "search?q=battery&open=1",
    "search?q=nothing-at-all",
    f"m/{BATTERY}",
    f"m/{HOSTILE}",
    "calendar?month=2026-03",
    "coming",
    "m/G/TBT/N/KEN/1541",
    "nothing",
)
LANGUAGES = ("zh", "en", "fr", "es")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The town's address."""
    storage = open_storage(f"sqlite:///{tmp_path_factory.mktemp('town') / 'tbtwatch.db'}")
    with served(a_town(storage).desk) as client:
        yield str(client.base_url).rstrip("/")
    storage.close()


@pytest.fixture(scope="module")
def browser(home: str) -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new window."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def axe(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds wrong with a page, by the rules of WCAG 2.2 A and AA and its own best practices."""
    import axe_playwright_python

    (script,) = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    page.evaluate(script.read_text(encoding="utf-8"))  # beside the page's policy, as a browser's own tools are
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        {"rule": one["id"], "help": one["help"], "where": [node["html"][:200] for node in one["nodes"]][:4]}
        for one in found["violations"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, home: str, language: str, scheme: Any, width: int) -> None:
    """On every page: on a desk in light colours, on a telephone in dark ones. Of a bad page it does find something."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_content("<img src=x><p style='color:#bbb;background:#fff'>pale")
    assert {"image-alt", "color-contrast", "document-title"} <= {one["rule"] for one in axe(page)}
    for at in PAGES:
        page.goto(f"{home}/{language}/{at}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert axe(page) == [], at
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_a_telephone(browser: Browser, home: str, language: str) -> None:
    """At 390 and at 320 pixels nothing has to be scrolled sideways, and at 1440 neither."""
    for width in (390, 320, 1440):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        for at in PAGES:
            page.goto(f"{home}/{language}/{at}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (at, width)
        context.close()


def test_a_visitor_searches_narrows_down_and_reads(page: Page, home: str) -> None:
    """From the start page to a measure and its history; found anew without loading the page, and back again."""
    witness = Witness(page, home)
    page.goto(f"{home}/en/")
    page.get_by_role("searchbox").fill("battery")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/en/search?q=battery")
    page.evaluate("window.kept = true")
    page.get_by_role("checkbox", name="Open for comments").check()
    page.wait_for_url("**open=1**")
    page.locator("#market-EU").click()
    page.wait_for_url("**market=EU**")
    page.get_by_role("status").get_by_text(re.compile("^1 measure")).wait_for()
    assert page.evaluate("window.kept") is True
    page.go_back()
    page.wait_for_url(lambda url: "market=EU" not in url)
    page.goto(f"{home}/en/search?q=battery&market=EU")
    page.get_by_role("link", name="Draft regulation on the labelling").click()
    page.wait_for_url(f"**/m/{BATTERY}")
    page.get_by_role("heading", name="What happened").wait_for()
    page.get_by_role("link", name="中文").click()
    page.wait_for_url(f"**/zh/m/{BATTERY}")
    page.get_by_role("heading", name="变更历程").wait_for()
    assert witness.seen == []


def test_everything_works_without_script(browser: Browser, home: str) -> None:
    """Searching, narrowing down, turning pages and months."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/zh/search")
    page.get_by_role("searchbox").fill("电池")
    answered(page, page.get_by_role("button", name="检索"))
    assert "q=%E7%94%B5%E6%B1%A0" in page.url
    answered(page, page.locator("#market-EU"))
    assert "market=EU" in page.url
    page.goto(f"{home}/zh/calendar?month=2026-03")
    answered(page, page.get_by_role("link", name="下个月"))
    assert "month=2026-04" in page.url
    context.close()


def test_the_keyboard_alone_suffices(page: Page, home: str) -> None:
    """First comes the way past the head; the search is asked by Enter; what has the focus is seen to have it."""
    page.goto(f"{home}/en/search")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type("jelly")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=jelly**")
    page.goto(f"{home}/en/m/{JELLY}")
    for _ in range(60):
        page.keyboard.press("Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().width")
        assert box > 0


def test_hostile_words_do_nothing_in_a_browser(page: Page, home: str) -> None:
    """In a measure, in a list, in a question and in a symbol: no dialog, no breach of the policy, no call elsewhere."""
    witness = Witness(page, home)
    for language in LANGUAGES:
        for at in (f"m/{HOSTILE}", "search", "", "calendar?month=2026-03", "coming"):
            page.goto(f"{home}/{language}/{at}")
    from urllib.parse import quote

    for payload in PAYLOADS:
        page.goto(f"{home}/en/search?q={quote(payload)}")
        page.goto(f"{home}/en/m/{quote(payload, safe='')}")
        page.goto(f"{home}/en/search")
        page.get_by_role("searchbox").fill(payload)
        page.get_by_role("searchbox").press("Enter")
        page.wait_for_load_state("networkidle")
    assert page.url.startswith(home)
    assert witness.seen == []
