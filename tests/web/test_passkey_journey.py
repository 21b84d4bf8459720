"""Passkeys in a real browser, with an authenticator of its own: adding one, signing in by it, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.storage import open_storage
from tbtwatch.web.server import listen
from tests.browser import JOURNEY, Witness, a_browser, answered
from tests.pipeline.service import SmallService
from tests.web.served import served
from tests.web.test_journeys import axe
from tests.web.test_own_journeys import apart
from tests.web.test_sign_in import ANNA

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

pytestmark = list(JOURNEY)
INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SmallService]:
    """A service on this machine."""
    storage = open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")
    yield SmallService(storage)
    storage.close()


@pytest.fixture
def browser(service: SmallService) -> Iterator[Browser]:
    """The browser. It brings a loop of its own, so the service is made before."""
    with a_browser() as browser:
        yield browser


@contextmanager
def reached(service: SmallService) -> Iterator[str]:
    """Served by a name, as a number is no place for passkeys: the address."""
    listening = listen("127.0.0.1", 0)
    home = f"http://localhost:{listening.getsockname()[1]}"
    service.desk = replace(service.desk, sign_in=SignInRules(base=home), public_url=home)
    with served(service.desk, listening=listening):
        yield home


def with_key(page: Page, **over: Any) -> tuple[CDPSession, str]:
    """The browser has a key of its own from now on: how to speak of it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**INTERNAL, **over}})
    return session, made["authenticatorId"]


def enter(page: Page, service: SmallService, *, language: str = "en") -> None:
    """By a link."""
    link, _ = operators_link(ANNA, by="test", language=language, desk=service.desk)
    page.goto(link)
    answered(page, page.locator("main button"))
    assert urlsplit(page.url).path == f"/{language}/mine"


def leave(page: Page, home: str) -> None:
    """Signed out in this browser."""
    page.goto(f"{home}/en/account")
    answered(page, page.get_by_role("button", name="Sign out", exact=True))


def test_a_passkey_is_added_and_signs_in_by_one_button(browser: Browser, service: SmallService) -> None:
    """From the account page to a browser that was signed out, back to the page that was asked for, without an address;
    then it is removed and signs nobody in. No breach of the pages' policy, no fault of accessibility."""
    with reached(service) as home:
        page = browser.new_page()
        witness = Witness(page, home)
        with_key(page)
        enter(page, service)
        page.goto(f"{home}/en/account")
        assert page.get_by_text("must be allowed to run script").is_hidden()
        page.get_by_label("Name, so that you know it again").fill("desk <b>")
        assert axe(page) == []
        answered(page, page.get_by_role("button", name="Add a passkey"))
        row = page.get_by_role("row").filter(has_text="desk <b>")
        assert page.url == f"{home}/en/account#passkeys" and "never" in row.inner_text()
        assert axe(page) == []
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_text("This device has a passkey for your account already.").wait_for()
        leave(page, home)
        page.goto(f"{home}/en/account")
        button = page.get_by_role("button", name="Sign in with a passkey")
        assert urlsplit(page.url).path == "/en/sign-in" and axe(page) == []
        answered(page, button)
        assert page.url == f"{home}/en/account" and "never" not in page.get_by_role("main").inner_text()
        answered(page, page.get_by_role("button", name=re.compile("Remove.*desk <b>")))
        assert page.get_by_text("desk <b>").count() == 0
        leave(page, home)
        page.goto(f"{home}/en/sign-in")
        answered(page, button)
        page.get_by_text("This passkey was not accepted").wait_for()
        assert page.get_by_label("E-mail address").is_visible() and axe(page) == []
        assert witness.seen == []


def test_a_copied_key_is_refused_in_the_browser(browser: Browser, service: SmallService) -> None:
    """The authenticator's count goes back, as a copy's would: the page says no, and it is written down."""
    with reached(service) as home:
        page = browser.new_page()
        session, key = with_key(page)
        enter(page, service)
        page.goto(f"{home}/en/account")
        answered(page, page.get_by_role("button", name="Add a passkey"))
        for _ in range(2):
            leave(page, home)
            page.goto(f"{home}/en/sign-in")
            answered(page, page.get_by_role("button", name="Sign in with a passkey"))
        (one,) = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
        session.send("WebAuthn.removeCredential", {"authenticatorId": key, "credentialId": one["credentialId"]})
        session.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": {**one, "signCount": 0}})
        leave(page, home)
        page.goto(f"{home}/en/sign-in")
        answered(page, page.get_by_role("button", name="Sign in with a passkey"))
        page.get_by_text("This passkey was not accepted").wait_for()

        def noted() -> None:
            with service.storage.look() as tx:
                assert [one.detail["why"] for one in tx.audit.list(deed="passkey.refused")] == ["sign count"]

        apart(noted)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Your device answered nothing"),
        ("zh", "设备未作应答"),
        ("fr", "Votre appareil n’a rien répondu"),
        ("es", "Su dispositivo no respondió"),
    ],
)
def test_a_device_that_says_no_is_told_of_in_the_readers_language(
    browser: Browser, service: SmallService, language: str, said: str
) -> None:
    """Nobody was verified: the browser gives up, the page says what to do, and the button works again."""
    with reached(service) as home:
        page = browser.new_page()
        with_key(page, isUserVerified=False)
        page.goto(f"{home}/{language}/sign-in")
        button = page.locator("form[data-passkey] button")
        button.click()
        page.get_by_text(said).wait_for()
        assert button.is_enabled() and axe(page) == []
        enter(page, service, language=language)
        page.goto(f"{home}/{language}/account")
        button.click()
        page.get_by_text(said).wait_for()
        assert axe(page) == []


def test_without_script_or_elsewhere_the_mailed_link_stands(browser: Browser, service: SmallService) -> None:
    """No script, or pages reached by another address than passkeys are kept for: no button that would do nothing."""
    with reached(service) as home:
        for without, where in ((True, home), (False, home.replace("localhost", "127.0.0.1"))):
            context = browser.new_context(java_script_enabled=not without)
            page = context.new_page()
            page.goto(f"{where}/en/sign-in")
            assert page.get_by_role("button", name="Send me the link").is_visible()
            assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
            context.close()


def test_what_was_over_is_said_by_the_page(browser: Browser, service: SmallService) -> None:
    """The account page was left open for more than an hour: the button says to sign in again."""
    with reached(service) as home:
        page = browser.new_page()
        with_key(page)
        enter(page, service)
        page.goto(f"{home}/en/account")
        service.clock.turn(minutes=61)
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_text("more than an hour ago").wait_for()
        page.reload()
        answered(page, page.get_by_role("link", name="Sign in again"))
        assert page.get_by_role("button", name="Sign in with a passkey").is_visible()
