"""First texts without a year or a number of days are not looked through: no deadline is written without."""

from __future__ import annotations

import re
from datetime import date
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_notice
from watcher.addenda import prose, reader
from watcher.addenda.addendum import read_text
from watcher.addenda.clues import Clue
from watcher.addenda.prose import DATE
from watcher.dates import UNKNOWN

#: What a wording that counts days is known by.
A_NUMBER_OF_DAYS = ("days?", "天|日")


def needs_a_date(parsed: Any) -> bool:
    """Whether whatever a pattern fits holds a covered date, in each of its alternatives."""
    return any(_needs(code, value) for code, value in parsed)


def _needs(code: Any, value: Any) -> bool:
    match code:
        case codes.LITERAL:
            return chr(value) == DATE
        case codes.BRANCH:
            return all(map(needs_a_date, value[1]))
        case codes.SUBPATTERN:
            return needs_a_date(value[3])
        case codes.MAX_REPEAT | codes.MIN_REPEAT:
            least, _, repeated = value
            return least > 0 and needs_a_date(repeated)
    return False


@pytest.mark.parametrize("clue", [*reader._LATIN_UNTIL, *reader._HAN_UNTIL], ids=lambda clue: clue.wording.pattern[:40])
def test_no_deadline_without_a_date_or_a_number_of_days(clue: Clue) -> None:
    """Whatever it is written as: a new wording that needs neither must be looked for in every text."""
    pattern = clue.wording.pattern
    counted = "(?P<w>" in pattern and any(days in pattern for days in A_NUMBER_OF_DAYS)
    assert counted or needs_a_date(parser.parse(pattern, re.IGNORECASE))
    assert not needs_a_date(parser.parse(rf"a{DATE}?|b{DATE}"))


@given(st.from_regex(re.compile(prose._DATES.pattern, re.IGNORECASE)))
def test_no_date_without_a_year(words: str) -> None:
    """So a text without one has no covered date either."""
    assert prose._YEAR.search(words)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Comments may be sent until 12 May 2026.", date(2026, 5, 12)),
        ("Los comentarios se recibirán hasta el 12 de mayo de 2026.", date(2026, 5, 12)),
        ("评议截止日期为２０２６年５月１２日。", date(2026, 5, 12)),  # full-width figures
        ("Comments are accepted within 30 days from the circulation of this notification.", date(2026, 4, 1)),
        ("评议期为自通报之日起30天。", date(2026, 4, 1)),
        ("Comments are welcome.", None),
    ],
)
def test_a_deadline_that_stands_in_words_is_read(words: str, day: date | None) -> None:
    """Whatever figures it is written in, also where it is counted."""
    notice = a_notice(content_summary=words, distribution_date=date(2026, 3, 2), comment_deadline=UNKNOWN)
    told = read_text(notice).deadline
    assert (told and told.value) == day
