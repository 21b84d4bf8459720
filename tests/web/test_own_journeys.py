"""An exporter's journey in a real browser, with a real mail server: from signing up to unsubscribing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from notifiers.channels.email import EmailConfig, EmailNotifier
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.storage import open_storage
from tbtwatch.web.server import listen
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.builders import a_notice
from tests.mailbox import Mailbox
from tests.pipeline.service import LEASE, SmallService
from tests.web.served import served
from tests.web.test_journeys import axe
from tests.web.test_sign_in import signed_in, token
from tests.web.town import notices

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = list(JOURNEY)
ANNA = "anna@example.com"
PAGES = (
    "sign-in",
    "sign-in/sent",
    "sign-in/" + "x" * 43,
    "account",
    "mine",
    "mine/new",
    "mine/new?find=toys%2C+nothing-is-called-so&hs=22&market=KEN&open=85",
    "mine/1",
    "mine/1/edit",
    "mine/1/why?symbol=KEN/1999",
    "mine/1/why?symbol=nonsense",
    "mine/products",
    "mine/chats",
    "mine/data",
)


def apart(work: Callable[[], object]) -> None:
    """In a thread of its own: the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SmallService]:
    """A town where owners of addresses are asked before anything is sent there."""
    storage = open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")
    service = SmallService(storage).seeded(*notices())
    service.desk = replace(
        service.desk, opt_in=OptIn(channels=frozenset({"email"})), sign_in=SignInRules(base="https://own.example.org")
    )
    yield service
    storage.close()


@pytest.fixture
def browser(service: SmallService) -> Iterator[Browser]:
    """The browser. It brings a loop of its own, so the town is made before."""
    with a_browser() as browser:
        yield browser


def sign_in_page(email: str, *, language: str, home: str, service: SmallService) -> str:
    """Where somebody signs in who was given a link."""
    link, _ = operators_link(email, by="test", language=language, desk=service.desk)
    return home + urlsplit(link).path


def test_from_signing_up_to_unsubscribing(browser: Browser, service: SmallService) -> None:
    """The link arrives by mail, a product is found by its name, the alert arrives, its receipt says why, and the link
    in the mail ends it."""
    listening = listen("127.0.0.1", 0)
    home = f"http://127.0.0.1:{listening.getsockname()[1]}"
    service.desk = replace(service.desk, sign_in=SignInRules(base=home), public_url=home)
    with Mailbox() as mailbox, served(service.desk, listening=listening):

        def send() -> None:
            notifier = EmailNotifier(
                EmailConfig(host=mailbox.host, port=mailbox.port, tls="none", sender="alerts@example.org")
            )

            async def work() -> None:
                await deliver_due(
                    storage=service.storage,
                    notifiers={"email": notifier},
                    clock=service.clock,
                    chance=Random(1),
                    lease=LEASE,
                    asking=frozenset({"email"}),
                )
                await notifier.close()

            apart(lambda: asyncio.run(work()))

        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        witness = Witness(page, home)
        page.goto(f"{home}/en/")
        page.get_by_role("link", name="My subscriptions").click()
        page.get_by_label("E-mail address").fill(ANNA)
        answered(page, page.get_by_role("button", name="Send me the link"))
        assert page.url == f"{home}/en/sign-in/sent"
        send()
        link = re.search(rf"{re.escape(home)}/en/sign-in/\S+", mailbox.mails[0].text)
        assert link is not None
        page.goto(link[0])
        answered(page, page.get_by_role("button", name="Sign in"))
        assert page.url == f"{home}/en/mine"
        page.get_by_role("link", name="New subscription").click()
        page.get_by_label("In everyday words").fill("food")
        page.get_by_role("button", name="Look it up").click()
        page.get_by_role("group", name="It may be one of these").get_by_label("Food").check()
        page.get_by_text("Africa", exact=True).click()
        page.get_by_label("Kenya", exact=True).check()
        # What was chosen last is what is saved: until the preview shows it, the button waits.
        page.route("**/mine/new?*often=immediate*", lambda route: (page.wait_for_timeout(400), route.continue_()))
        page.get_by_role("button", name="Save this subscription").wait_for()
        page.get_by_label("How often").select_option("immediate")
        assert page.get_by_role("button", name="Save this subscription").is_disabled()
        page.get_by_role("region", name="What it would have brought").get_by_text("G/TBT/N/KEN/1514").wait_for()
        page.get_by_label("What you call it").fill("juices")
        page.get_by_label("Your enterprise").fill("Anna & Co")
        page.get_by_role("button", name="Save this subscription").click()
        page.wait_for_url("**/en/mine/1")
        page.get_by_role("heading", name="juices").wait_for()
        apart(lambda: service.poll([a_notice(symbol="G/TBT/N/KEN/1999")]))
        send()
        alert = next(one for one in mailbox.mails if "G/TBT/N/KEN/1999" in one["Subject"])
        page.reload()
        page.get_by_role("link", name="Receipt G/TBT/N/KEN/1999").click()
        page.get_by_text("Fits", exact=False).first.wait_for()
        unsubscribe = re.search(rf"{re.escape(home)}/u/[^\s>]+", alert["List-Unsubscribe"])
        assert unsubscribe is not None
        page.goto(unsubscribe[0])
        answered(page, page.get_by_role("button"))
        page.goto(f"{home}/en/mine/1")
        page.get_by_text("ended on").first.wait_for()
        answered(page, page.get_by_role("button", name="Sign out"))
        page.goto(f"{home}/en/mine/1")
        page.get_by_role("heading", name="Sign in").wait_for()
        assert witness.seen == []
        context.close()


def test_axe_finds_nothing_and_no_page_is_too_wide(browser: Browser, service: SmallService) -> None:
    """In both languages, on a desk and on a telephone; a subscription stands there, and what it brought."""
    with served(service.desk) as client:
        home = str(client.base_url).rstrip("/")
        client.headers["sec-fetch-site"] = "same-origin"
        signed_in(client, service, ANNA)
        wanted = {
            "hs": "22",
            "market": "KEN",
            "often": "immediate",
            "lang": "en",
            "firm": "Anna & Co",
            "name": "juices",
        }
        csrf = token(client, "/en/mine/new")
        assert client.post("/en/mine/new", data={**wanted, "csrf": csrf}).headers["location"] == "/en/mine/1"
        apart(lambda: service.poll([a_notice(symbol="G/TBT/N/KEN/1999")]))
        for language, scheme, width in (("zh", "light", 1440), ("en", "dark", 390)):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(sign_in_page(ANNA, language=language, home=home, service=service))
            assert axe(page) == []
            answered(page, page.locator("main button"))
            for at in PAGES:
                page.goto(f"{home}/{language}/{at}")
                page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
                assert axe(page) == [], (language, at)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, at)
            context.close()


def test_a_subscription_is_made_without_script(browser: Browser, service: SmallService) -> None:
    """By plain forms alone: what is chosen stays chosen from page to page."""
    with served(service.desk) as client:
        home = str(client.base_url).rstrip("/")
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(sign_in_page("ben@example.com", language="zh", home=home, service=service))
        answered(page, page.locator("main button"))
        page.goto(f"{home}/zh/mine/new")
        page.locator("#find").fill("玩具")
        answered(page, page.locator("#look"))
        page.locator("#area-toys").check()
        page.locator("#market-EAC").check()
        page.locator("#find").fill("食品")
        answered(page, page.locator("#look"))
        assert page.locator("#area-toys").is_checked() and page.locator("#market-EAC").is_checked()
        page.locator("details#tree summary").click()
        answered(page, page.locator("details#tree button[value='85']"))
        page.locator("#tree-8507").check()
        answered(page, page.get_by_role("button", name="查看会收到什么"))
        answered(page, page.get_by_role("button", name="保存订阅"))
        assert re.search(r"/zh/mine/\d+$", page.url)
        assert "玩具" in page.locator("main").inner_text() and "8507" in page.locator("main").inner_text()
        context.close()
