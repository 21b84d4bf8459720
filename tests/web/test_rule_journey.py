"""Staff at rules in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from rules.classification import Grade
from subscriptions.criteria import Criteria
from tbtwatch.storage import open_storage
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.pipeline.service import SmallService
from tests.web.rule_desk import PUBLISHER, Member, a_desk, members
from tests.web.test_journeys import LANGUAGES, axe
from tests.web.test_rule_deeds import some_news
from tests.web.test_rule_pages import NAME, saved, tried
from tests.web.town import BATTERY, JOINT, PAYLOADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = list(JOURNEY)


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallService]:
    """The town, with somebody who waits for toys."""
    storage = open_storage(f"sqlite:///{tmp_path_factory.mktemp('rules') / 'tbtwatch.db'}")
    service = a_desk(storage)
    service.subscribe(enterprise="Yiwu Toys", name=PAYLOADS[0], criteria=Criteria(areas=frozenset({"toys"})))
    some_news(service)
    yield service
    storage.close()


@pytest.fixture
def publisher(service: SmallService) -> Iterator[Member]:
    """Somebody who may do all of it."""
    with members(service, PUBLISHER) as (found,):
        yield found


@pytest.fixture
def browser(publisher: Member) -> Iterator[Browser]:
    """The browser. It brings a loop of its own, so the town is made before."""
    with a_browser() as browser:
        yield browser


def entered(browser: Browser, member: Member, **how: Any) -> tuple[BrowserContext, str]:
    """A window of somebody who is signed in, and where the pages are."""
    home = str(member.client.base_url).rstrip("/")
    context = browser.new_context(**how)
    context.add_cookies([{"name": name, "value": value, "url": home} for name, value in member.client.cookies.items()])
    return context, home


def test_a_rule_is_edited_tried_published_and_undone(
    browser: Browser, service: SmallService, publisher: Member
) -> None:
    """From the list to the form; the preview marks words while they are typed; back-test, evaluation, publishing, who
    should hear of it, and undoing."""
    context, home = entered(browser, publisher, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    witness = Witness(page, home)
    page.goto(f"{home}/en/staff/rules")
    page.get_by_role("searchbox").fill("doll")
    answered(page, page.get_by_role("button", name="Search"))
    answered(page, page.get_by_role("link", name=NAME))
    answered(page, page.get_by_role("link", name="Edit, as a draft"))
    preview = page.locator("#preview")
    preview.get_by_text("Matches 1 measure", exact=True).wait_for()
    page.get_by_label("English").first.press("Control+End")
    page.get_by_label("English").first.press_sequentially("\nlithium")
    preview.get_by_text("Matches 3 measures", exact=True).wait_for()
    assert preview.locator("mark", has_text="lithium").first.is_visible()
    page.get_by_label("Must not match").fill("Lithium cells")
    preview.get_by_text("which it must not").wait_for()
    page.get_by_label("Must not match").fill("Rubber tyres")
    page.get_by_label("Reason").fill("lithium in toys")
    answered(page, page.get_by_role("button", name="Save as a draft"))
    assert "/v/2/r/" in page.url
    answered(page, page.get_by_role("link", name="Version 2").first)
    page.locator("ins", has_text="lithium").wait_for()
    answered(page, page.get_by_role("button", name="Begin the back-test"))
    publisher.wait()
    page.reload()
    answered(page, page.get_by_role("link", name="Report 1"))
    page.locator("svg.chart").wait_for()
    answered(page, page.get_by_role("link", name="On to version 2"))
    answered(page, page.get_by_role("button", name="Begin the evaluation"))
    answered(page, page.get_by_role("link", name="What it would have done"))
    page.get_by_text("Nothing came since it began").wait_for()
    answered(page, page.get_by_role("link", name="Version 2").first)
    form = page.locator("form", has=page.get_by_role("button", name="Publish version 2"))
    form.get_by_label("Reason", exact=True).fill("asked for by Yiwu")
    if (beyond := form.get_by_role("checkbox")).count():
        beyond.check()
    answered(page, form.get_by_role("button"))
    page.get_by_text("Published.").wait_for()
    publisher.wait()
    with service.storage.look() as tx:
        (battery,) = tx.measures.by_any_symbol(BATTERY)
        assert tx.measures.classification(battery).grade_of("toys") is Grade.DIRECT
    page.reload()
    answered(page, page.get_by_role("link", name="1 decision waits"))
    page.get_by_text("toys-by-name: “Lithium”").wait_for()
    page.goto(f"{home}/en/staff/rules/v/2")
    page.get_by_label("Reason", exact=True).fill("it was a mistake")
    answered(page, page.get_by_role("button", name="Undo version 2"))
    page.get_by_text("Undone.").wait_for()
    publisher.wait()
    with service.storage.look() as tx:
        assert tx.rulesets.active_version() == 3
        assert tx.measures.classification(battery).grade_of("toys") is None
    assert witness.seen == []
    context.close()


def test_a_rule_is_tried_and_saved_without_script(browser: Browser, publisher: Member) -> None:
    """By the buttons alone."""
    context, home = entered(browser, publisher, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/en/staff/rules/v/1/r/{NAME}/edit")
    page.get_by_label("English").first.fill("doll\nlithium")
    answered(page, page.get_by_role("button", name="Preview"))
    page.locator("mark", has_text="lithium").first.wait_for()
    page.get_by_label("Reason").fill("by buttons")
    answered(page, page.get_by_role("button", name="Save as a draft"))
    page.get_by_text("Saved.").wait_for()
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_and_no_page_is_too_wide(
    browser: Browser, service: SmallService, publisher: Member, scheme: Any, width: int
) -> None:
    """On every page in both languages, filled: a draft with payloads, a report, a queue, a word on a measure."""
    lines = "\r\n".join(PAYLOADS)
    draft = saved(publisher, **{"f.any.en": f"lithium\r\n{lines}", "f.matches": lines, "f.why": " ".join(PAYLOADS)})
    report = tried(publisher, draft, service)
    for begun in ("queue", "suggestions"):
        publisher.post(begun, page=begun)
        publisher.wait()
    said = {"symbol": JOINT[0], "facet": "area", "value": "food", "reason": PAYLOADS[1]}
    assert publisher.post("overrides", page="overrides", **said).status_code == 303
    context, home = entered(browser, publisher, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    witness = Witness(page, home)
    for language in LANGUAGES:
        for at in (
            "", "/versions", f"/v/{draft}", f"/reports/{report}", f"/v/{draft}/r/{NAME}", f"/v/{draft}/r/{NAME}/edit",
            f"/v/{draft}/r/{NAME}/edit?as=text", "/v/1/new", "/v/1/new/combination", "/import", "/overrides",
            "/consequences", "/queue", "/suggestions", "/v/1/evaluation",
        ):  # fmt: skip
            page.goto(f"{home}/{language}/staff/rules{at}")
            if "/edit" in at:
                page.locator("#preview > *").first.wait_for()
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert axe(page) == [], (language, at)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, at)
            page.set_viewport_size({"width": 320, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (language, at)
            page.set_viewport_size({"width": width, "height": 900})
    assert witness.seen == []
    context.close()
