"""Every page is HTML by the letter."""

from __future__ import annotations

import re

import html5lib

from tbtwatch.storage import Storage
from tests.web.markup import PAGES, pages
from tests.web.served import served
from tests.web.town import HOSTILE, a_town


def test_every_page_is_parsed_without_a_fault(sqlite: Storage) -> None:
    """By a parser that forgives nothing; also where others' words are hostile."""
    with served(a_town(sqlite).desk) as client:
        found = [*pages(client), (HOSTILE, client.get(f"/en/m/{HOSTILE}").text)]
    for address, text in found:
        try:
            html5lib.HTMLParser(strict=True).parse(text)
        except html5lib.html5parser.ParseError as error:
            raise AssertionError(f"{address}: {error}") from error
        # What a checker knows is in the language; what is a program's stands behind "data-".
        assert not re.search(r'<[a-z]+ (?:[^<>]* )?hx-[a-z-]+="', text) or address == HOSTILE, address
    assert len(found) == 2 * len(PAGES) + 1
