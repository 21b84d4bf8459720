"""Every page is HTML by the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import html5lib
import pytest

from tbtwatch.storage import Storage
from tests.web.markup import ROOMS
from tests.web.served import served
from tests.web.town import HOSTILE, a_town


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_page_is_parsed_without_a_fault(
    room: Callable[[Storage], Iterator[tuple[str, str]]], sqlite: Storage
) -> None:
    """By a parser that forgives nothing, in every room; also where others' words are hostile."""
    found = 0
    for address, text in room(sqlite):
        _faultless(address, text)
        found += 1
    assert found >= 10


def test_a_hostile_measure_is_parsed_without_a_fault(sqlite: Storage) -> None:
    """Its page is full of what others wrote."""
    with served(a_town(sqlite).desk) as client:
        _faultless(HOSTILE, client.get(f"/en/m/{HOSTILE}").text, hostile=True)


def _faultless(address: str, text: str, *, hostile: bool = False) -> None:
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except html5lib.html5parser.ParseError as error:
        raise AssertionError(f"{address}: {error}") from error
    # What a checker knows is in the language; what is a program's stands behind "data-".
    assert hostile or not re.search(r'<[a-z]+ (?:[^<>]* )?hx-[a-z-]+="', text), address
