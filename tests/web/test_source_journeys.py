"""A source is switched and mended in a real browser: clean for axe, narrow enough, and to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tbtwatch.storage import open_storage
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.journeys.register import register
from tests.web.keeper import keepers_office
from tests.web.office import Office
from tests.web.test_journeys import axe
from tests.web.test_staff_journeys import _is_the_bar, apart, window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = list(JOURNEY)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with a_browser() as browser:
        yield browser


def test_history_is_read_and_the_page_follows_by_itself(tmp_path: Path, browser: Browser) -> None:
    """Begun by labels; the figure stands beside the bar; what came of it is there without a click; clean in both."""
    with register(first=date(2025, 1, 1), days=30, each_day=20) as publisher:
        publisher.stops_at = 0
        where = f"sqlite:///{tmp_path / 'tbtwatch.db'}"
        office = apart(lambda: keepers_office(open_storage(where), publisher.entry()))
        with window(office, browser, viewport={"width": 1440, "height": 900}) as (page, home):
            witness = Witness(page, home)
            page.goto(f"{home}/en/staff/sources/register")
            answered(page, page.get_by_role("link", name="Read its history"))
            looked_at(page, 1440)
            page.get_by_label("First day").fill("2025-01-01")
            page.get_by_label("Last day").fill("2025-01-30")
            page.get_by_label("Why, in a sentence").fill("for the new members")
            answered(page, page.get_by_role("button", name="Read these days"))
            assert publisher.stopped.wait(60)
            assert "0 of 30 days (0 %)" in page.locator("#now").inner_text()
            for language, width in (("en", 1440), ("zh", 390)):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{home}/{language}/staff/sources/register/backfill")
                looked_at(page, width)
            publisher.go_on.set()
            page.get_by_text("已完成。").wait_for()
            assert "30 天中的 30 天（100%）" in page.locator("#now").inner_text()
            looked_at(page, 390)
            assert witness.seen == []


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two feeds, one of them off by its entry."""
    return apart(lambda: keepers_office(open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")))


def looked_at(page: Page, width: int) -> None:
    """Nothing for axe, and no wider than the window, also than a very small one; with all open."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [one for one in axe(page) if not (one["rule"] == "region" and _is_the_bar(one["where"]))] == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_source_is_stopped_mended_and_switched_on_again(
    office: Office, browser: Browser, language: str, scheme: Any, width: int
) -> None:
    """Off with a reason, a mistake, the difference, saved, undone, on again; each page on the way is clean."""
    chinese = language == "zh"
    with window(office, browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as (page, home):
        witness = Witness(page, home)
        page.goto(f"{home}/{language}/staff/sources/kettles")
        page.locator("#reason-switch").fill("they rebuild their site")
        answered(page, page.get_by_role("button", name="停用" if chinese else "Switch it off"))
        looked_at(page, width)
        answered(page, page.get_by_role("link", name="修改设置" if chinese else "Change how it is set up"))
        looked_at(page, width)
        field, compare = page.locator("#text"), page.get_by_role("button", name="检查" if chinese else "Check it")
        good = field.input_value()
        field.fill(good + "every_minuts: 240\n")
        answered(page, compare)
        assert "every_minutes" in page.locator("#mistakes").inner_text()
        assert field.input_value() == good + "every_minuts: 240\n"
        looked_at(page, width)
        field.fill(good + "every_minutes: 240\n")
        answered(page, compare)
        assert "every_minutes: 240" in page.locator("ins").inner_text()
        looked_at(page, width)
        page.locator("#why-save").fill("as they wish")
        answered(page, page.get_by_role("button", name="保存" if chinese else "Save what is shown"))
        assert page.get_by_role("status").is_visible()
        looked_at(page, width)
        page.locator("#number").select_option("0")
        page.locator("#why-restore").fill("the files have it")
        answered(page, page.get_by_role("button", name="恢复" if chinese else "Set it up again"))
        assert page.locator("#text").input_value() == good
        page.goto(f"{home}/{language}/staff/sources/kettles")
        page.locator("#reason-switch").fill("it is there again")
        answered(page, page.get_by_role("button", name="启用" if chinese else "Switch it on"))
        assert page.locator(".badge.resting").count() == 0
        page.goto(f"{home}/{language}/staff/sources/+new")
        looked_at(page, width)
        assert witness.seen == []
