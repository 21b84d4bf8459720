"""Which columns an export has, and what stands in them: text, days, and nothing that a spreadsheet would reckon."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from notifiers.readings import dotted
from tbtwatch.web.api.models.measures import MeasureLine
from tbtwatch.web.site import clean
from tbtwatch.web.words import PageWords

Cell = str | date | None
#: What begins a formula in one of the spreadsheet programs, full-width signs included.
_BEGINS: Final = "=+-@＝＋－＠"
#: A sign behind a semicolon begins a cell where the list separator of the country is the semicolon.
_INSIDE: Final = re.compile(r"([;；]\s*[\"']*\s*)(?=[=+\-@＝＋－＠])")
_LONGEST: Final = 32_000  # characters; spreadsheets hold 32,767

#: Name of a column's wording, and what stands in it; keys are given in the words of the file's language.
COLUMNS: Final[Sequence[tuple[str, Callable[[MeasureLine, PageWords], Cell]]]] = (
    ("export.symbol", lambda one, _: "; ".join(one.symbols)),
    ("export.title", lambda one, _: one.title),
    ("export.markets", lambda one, _: "; ".join(market.name for market in one.markets)),
    ("export.codes", lambda one, _: " ".join(market.code for market in one.markets)),
    ("export.status", lambda one, words: words(f"status.{one.status}")),
    ("export.deadline", lambda one, _: one.comment_deadline.value),
    ("export.quality", lambda one, words: words(f"export.quality.{one.comment_deadline.quality}")),
    ("export.act_by", lambda one, _: one.act_by),
    ("export.hs", lambda one, _: "; ".join(dotted(code) for code in one.hs_codes)),
    ("export.inferred", lambda one, _: "; ".join(dotted(code) for code in one.inferred_hs_codes)),
    ("export.ics", lambda one, _: "; ".join(one.ics_codes)),
    ("export.areas", lambda one, _: "; ".join(area.name for area in one.areas)),
    ("export.first", lambda one, _: one.first_distributed),
    ("export.last", lambda one, _: one.last_distributed),
    ("export.page", lambda one, _: one.page),
)


def text_of(value: str) -> str:
    """A text for a cell: one line, without what cannot be seen or written."""
    seen = "".join(char if char.isprintable() else " " for char in clean(value[:_LONGEST]))
    return " ".join(seen.split())


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet would reckon it."""
    return text[:1] in _BEGINS if text else False


def as_text(value: str) -> str:
    """The same so that no spreadsheet reckons it, whatever it takes for the end of a cell: an apostrophe is put
    before."""
    text = text_of(value)
    text = _INSIDE.sub(r"\1'", text)
    return f"'{text}" if begins_formula(text.lstrip("\"' ")) else text
