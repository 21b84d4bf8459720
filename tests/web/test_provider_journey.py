"""An association's own account in a real browser: out by a button, there, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tbtwatch.bootstrap import provider_of
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.settings import Settings
from tbtwatch.storage import open_storage
from tbtwatch.web.app import make_app
from tbtwatch.web.server import listen
from tests.browser import JOURNEY, Witness, a_browser
from tests.pipeline.service import SmallService
from tests.web.a_provider import CLIENT, SECRET, AProvider, a_provider
from tests.web.served import served
from tests.web.test_journeys import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = list(JOURNEY)


@pytest.fixture
def provider() -> Iterator[AProvider]:
    """Accounts elsewhere."""
    with a_provider() as provider:
        yield provider


@pytest.fixture
def home(tmp_path: Path, provider: AProvider) -> Iterator[str]:
    """The pages on this machine: their address."""
    storage = open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")
    service = SmallService(storage)
    provider.clock = lambda: service.clock().timestamp()
    listening = listen("127.0.0.1", 0)
    home = f"http://localhost:{listening.getsockname()[1]}"
    service.desk = replace(service.desk, sign_in=SignInRules(base=home), public_url=home)
    settings = Settings(
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Chamber",
        allow_addresses=f"127.0.0.1:{provider.port}",
    )
    app = make_app(service.desk, provider=provider_of(settings, service.clock))
    with served(service.desk, app=app, listening=listening):
        yield home
    storage.close()


@pytest.fixture
def browser(home: str) -> Iterator[Browser]:
    """The browser. It brings a loop of its own, so the pages are served before."""
    with a_browser() as browser:
        yield browser


@pytest.mark.parametrize("script", [True, False])
def test_out_by_a_button_and_back_to_the_page_that_was_asked_for(browser: Browser, home: str, script: bool) -> None:
    """With script and without: the policy of the pages lets the browser go, and nothing breaks it."""
    page = browser.new_context(java_script_enabled=script).new_page()
    page.goto(f"{home}/en/account")
    page.get_by_role("button", name="Sign in with Chamber").click()
    page.wait_for_url(f"{home}/en/account")
    assert "anna@example.com" in page.get_by_role("main").inner_text()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "You did not let that account be used"),
        ("zh", "您未允许使用该账户"),
        ("fr", "Vous n’avez pas autorisé l’usage de ce compte"),
        ("es", "No permitió usar esa cuenta"),
    ],
)
def test_who_says_no_there_is_back_on_the_page_to_sign_in_on(
    browser: Browser, home: str, provider: AProvider, language: str, said: str
) -> None:
    """It says so in their language, with the mailed link beside it; nothing is wrong with the page for anybody."""
    provider.refuses = "access_denied"
    page = browser.new_page()
    witness = Witness(page, home)
    page.goto(f"{home}/{language}/sign-in")
    assert axe(page) == []
    page.locator("form[action$='/sign-in/provider'] button").click()
    page.get_by_role("alert").filter(has_text=said).wait_for()
    assert page.locator("#email").is_visible() and axe(page) == []
    assert [one for one in witness.seen if not one.startswith(f"call {provider.issuer}/authorize")] == []


def test_the_page_that_leads_on_can_be_used_by_anybody(browser: Browser, home: str, provider: AProvider) -> None:
    """A browser that does not go on by itself has a link, on a page without a fault."""
    page = browser.new_page()
    held: list[str] = []
    page.route(f"{provider.issuer}/authorize*", lambda route: (held.append(route.request.url), route.abort()))
    page.goto(f"{home}/en/sign-in")
    text = page.request.post(
        f"{home}/en/sign-in/provider", headers={"sec-fetch-site": "same-origin", "origin": home}
    ).text()
    page.set_content(text.replace("<head>", f'<head><base href="{home}/">'))
    page.get_by_role("link", name="Go on").wait_for()
    assert axe(page) == []
