"""The staff's pages in a real browser: clean for axe, narrow enough, deaf to hostile words; and one journey through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from notifiers.outcome import Sent
from tbtwatch.pipeline.watchkeeping import Staff, keep_watch
from tbtwatch.storage import open_storage
from tbtwatch.storage.people import Role
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.web.office import FLOODING, KENYA, TROUBLED, Office, an_office
from tests.web.test_journeys import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = list(JOURNEY)

Value = TypeVar("Value")
PAGES = (
    "sources",
    f"sources/{TROUBLED}",
    f"sources/{FLOODING}",
    "deliveries",
    "deliveries/2",
    "deliveries/3",
    "support",
    f"support?enterprise=Ningbo+Drinks&symbol={KENYA}",
    f"support?enterprise=Ningbo+Tyres&symbol={KENYA}",
    "enterprises",
    "enterprises/1",
    "people",
    "audit",
    "settings",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A town with troubles."""
    return apart(lambda: an_office(open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")))


def apart(work: Callable[[], Value]) -> Value:
    """Done in a thread of its own, as the browser has taken this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


@contextmanager
def window(office: Office, browser: Browser, **options: Any) -> Iterator[tuple[Page, str]]:
    """A window of an admin's browser, and where the pages are."""
    with office.browser(Role.ADMIN) as client:
        home = str(client.base_url).rstrip("/")
        context = browser.new_context(**options)
        context.add_cookies([{"name": one.name, "value": str(one.value), "url": home} for one in client.cookies.jar])
        yield context.new_page(), home
        context.close()


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1440), ("zh", "dark", 390)])
def test_axe_finds_nothing_and_no_page_is_too_wide(
    office: Office, browser: Browser, language: str, scheme: Any, width: int
) -> None:
    """On every page, with all that can be opened open; and what others wrote does nothing."""
    with window(office, browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as (page, home):
        witness = Witness(page, home)
        for at in PAGES:
            page.goto(f"{home}/{language}/staff/{at}")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, at
            # The bar of who is signed in is every page's, and is looked at where it is made.
            found = [one for one in axe(page) if not (one["rule"] == "region" and _is_the_bar(one["where"]))]
            assert found == [], at
            page.set_viewport_size({"width": 320, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, at
            page.set_viewport_size({"width": width, "height": 900})
        assert witness.seen == []


def _is_the_bar(where: list[str]) -> bool:
    return all("@example.com" in one or "/account" in one for one in where)


def test_a_source_fails_and_those_who_rely_on_it_are_told(office: Office, browser: Browser) -> None:
    """The board shows it, its page says why, the gap notice goes out and is read as it was sent; then it is mended."""
    service = office.service
    service.notifier.answer = lambda _: Sent()
    with window(office, browser, viewport={"width": 1280, "height": 900}) as (page, home):
        witness = Witness(page, home)
        page.goto(f"{home}/en/staff/sources")
        row = page.get_by_role("row").filter(has_text="A regulator's feed")
        assert "broken" in row.inner_text()
        assert "4 what came could not be read" in (row.get_by_role("img").get_attribute("aria-label") or "")
        answered(page, row.get_by_role("link", name="A regulator's feed"))
        assert "addresses told: 4" in page.get_by_role("region", name="Gaps").inner_text()
        apart(service.deliver)
        answered(page, page.get_by_role("link", name="Deliveries", exact=True))
        page.get_by_label("Address, or a part of it").fill("tyres@")
        page.get_by_label("Kind").select_option("gap")
        answered(page, page.get_by_role("button", name="Find"))
        answered(page, page.get_by_role("link", name="Not read since"))
        assert page.get_by_role("heading", level=1).inner_text().startswith("Not read since 25 Feb")
        assert "A regulator's feed" in page.locator("pre").inner_text()
        frame = page.frame_locator("iframe")
        assert "A regulator" in frame.locator("body").inner_text()
        apart(lambda: _mended(office))
        page.goto(f"{home}/en/staff/sources")
        assert "broken" not in page.get_by_role("row").filter(has_text="A regulator's feed").inner_text()
        assert witness.seen == []


def _mended(office: Office) -> None:
    service = office.service
    service.poll([], source=service.desk.sources[1])  # type: ignore[arg-type]
    asyncio.run(keep_watch(desk=service.desk, staff=Staff()))


def test_an_angry_exporter_is_answered_and_the_message_sent_again(office: Office, browser: Browser) -> None:
    """From the question on the telephone to the message, back into the line, and to the proof; all by labels."""
    service = office.service
    service.notifier.answer = lambda _: Sent()
    with window(office, browser, viewport={"width": 1280, "height": 900}) as (page, home):
        page.goto(f"{home}/en/staff/support")
        page.get_by_label("Enterprise").fill("refused")
        page.get_by_label("Symbol").fill("KEN/1999")
        answered(page, page.get_by_role("button", name="Look"))
        assert page.get_by_role("heading", name="No: we wrote, and nobody took the message.").is_visible()
        answered(page, page.get_by_role("region", name="Messages").get_by_role("link"))
        page.get_by_label("Why, in a sentence").fill("their mail server was mended")
        answered(page, page.get_by_role("button", name="Send again"))
        assert "in the line again" in page.get_by_role("status").inner_text()
        apart(service.deliver)
        page.goto(f"{home}/en/staff/support?enterprise=Refused+Ltd&symbol={KENYA}")
        page.get_by_role("heading", name="Yes, it was told.").wait_for()
        answered(page, page.get_by_role("link", name="Proof to print"))
        assert "Refused Ltd" in page.locator("body").inner_text()
        page.goto(f"{home}/en/staff/audit?deed=delivery")
        assert "their mail server was mended" in page.locator("main").inner_text()


def test_held_news_is_decided_by_a_button(office: Office, browser: Browser) -> None:
    """The board says that something waits, the page what it is, the button that it is told."""
    with window(office, browser, viewport={"width": 390, "height": 900}) as (page, home):
        page.goto(f"{home}/en/staff/sources")
        answered(page, page.get_by_role("link", name="<script>alert(1)</script>"))
        page.get_by_label("Why, in a sentence").fill("a joint notification")
        answered(page, page.get_by_role("button", name="Tell it as ever"))
        assert "Released" in page.get_by_role("status").inner_text()
        assert page.get_by_role("button", name="Tell it as ever").count() == 0
