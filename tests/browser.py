"""A real browser: Debian's Chromium, or whichever is found; no journey goes with another one's program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

#: Set where journeys must run: without a browser they fail then.
REQUIRED = "BROWSER_REQUIRED"
HOW = "apt-get install chromium fonts-noto-cjk, or set CHROMIUM=/path/to/it"


def chromium() -> str | None:
    """Where one is; None: nowhere."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


#: What holds for every file of journeys. Browsers are one worker's: two at once would wait for each other's processor.
JOURNEY = (
    pytest.mark.journey,
    pytest.mark.xdist_group("browser"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.skipif(chromium() is None and not os.environ.get(REQUIRED), reason=f"no Chromium is found; {HOW}"),
)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The browser, started."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Its sandbox needs what a container does not give; only pages of our own on loopback are visited.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def answered(page: Page, button: Locator) -> None:
    """Press it and wait until the page that it leads to stands.

    A click returns before its form is sent: what is asked for next would overtake the answer or come in between.
    """
    with page.expect_navigation():
        button.click()


class Witness:
    """What happens in a page that must not: dialogs, faults, breaches of its policy, calls to others."""

    def __init__(self, page: Page, home: str) -> None:
        self.seen: list[str] = []
        page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.seen.append(f"fault {error}"))
        page.on("request", lambda asked: None if asked.url.startswith(home) else self.seen.append(f"call {asked.url}"))
        page.on("console", self._heard)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', breach => "
            "console.error('policy ' + breach.violatedDirective + ' ' + breach.blockedURI))"
        )

    def _heard(self, message: object) -> None:
        said = str(getattr(message, "text", ""))
        if "policy" in said.lower() or "Refused" in said:
            self.seen.append(said)
