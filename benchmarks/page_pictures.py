"""What a page looks like, and what axe finds wrong with it: one of each sort, in a real browser, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import httpx

from tests.browser import a_browser
from tests.web.test_journeys import axe

WIDTHS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))


def pictures(client: httpx.Client, sorts: Mapping[str, Sequence[str]], folder: Path) -> dict[str, int]:
    """How many faults each sort of page has, in two languages and at two widths; pictures of them in the folder.

    `client`: whose cookies the browser shows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    home, found = str(client.base_url).rstrip("/"), dict.fromkeys(sorts, 0)
    with a_browser() as browser:
        for width, scheme in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.add_cookies(
                [{"name": one.name, "value": str(one.value), "url": home} for one in client.cookies.jar]
            )
            page = context.new_page()
            for sort, addresses in sorts.items():
                for language in ("zh", "en"):
                    page.goto(home + re.sub(r"^/(?:zh|en)/", f"/{language}/", addresses[0]))
                    faults = axe(page) + (
                        ["wide"] if page.evaluate("document.documentElement.scrollWidth") > width else []
                    )
                    found[sort] += len(faults)
                    name = re.sub(r"\W+", "-", sort)
                    page.screenshot(path=folder / f"{name}-{language}-{width}.png", full_page=True)
            context.close()
    return found
