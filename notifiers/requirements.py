"""What must be done, and codes that are only inferred, as a message says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifiers.dates import Dates
from notifiers.message import MeasureNews, Required
from notifiers.readings import dotted, several
from notifiers.wording import Words
from watcher.text import one_line

_MOST_NAMES = 8
_MOST_INFERRED = 3
_LONGEST_NAME = 80
_NAMED = ("schemes", "duties", "standards")


def requirement_lines(news: MeasureNews, dates: Dates) -> tuple[str, ...]:
    """A line each for schemes, duties, standards and the end of a transition; none if nothing is known of them."""
    words, asked = dates.words, news.requirements
    lines = [
        words(f"must.{name}", names=several([_name(one, words) for one in values], words, most=_MOST_NAMES))
        for name in _NAMED
        if (values := getattr(asked, name))
    ]
    if asked.transition:
        days = [_probable(dates.day(date.fromisoformat(one.name)), one, words) for one in asked.transition]
        lines.append(words("must.transition", day=several(days, words, most=_MOST_NAMES)))
    return (*lines, words("must.source")) if lines else ()


def requirements_in_short(news: MeasureNews, dates: Dates) -> str:
    """What must be done on one line, for a chat: "CE marking, Factory inspection +2 · transition ends …"."""
    words, asked = dates.words, news.requirements
    named = [_name(one, words) for one in (*asked.schemes, *asked.duties, *asked.standards)]
    parts = [several(named, words, most=4)] if named else []
    if asked.transition:
        days = [_probable(dates.near(date.fromisoformat(one.name)), one, words) for one in asked.transition[:1]]
        parts.append(words("must.transition", day=days[0]))
    return words("must") + words("colon") + " · ".join(parts) if parts else ""


def inferred_lines(news: MeasureNews, words: Words) -> list[str]:
    """Codes that stand nowhere, each with the words that it was inferred from."""
    return [
        words("inferred", code=_code(one.system, one.code), words=_quoted(one.words, words))
        for one in news.inferred[:_MOST_INFERRED]
    ]


def inferred_in_short(news: MeasureNews, words: Words) -> str:
    """The same for a line of a digest or a chat: "HS 8507.60 (inferred)"; "" where nothing was inferred."""
    codes = [words("inferred.short", code=_code(one.system, one.code)) for one in news.inferred[:_MOST_INFERRED]]
    return words("pause").join(codes)


def _code(system: str, code: str) -> str:
    return f"{system} {dotted(code) if system == 'HS' else code}"


def _quoted(found: Sequence[str], words: Words) -> str:
    return words("pause").join(words.quote(one_line(one, _LONGEST_NAME)) for one in found[:_MOST_INFERRED])


def _name(one: Required, words: Words) -> str:
    return _probable(one_line(one.name, _LONGEST_NAME), one, words)


def _probable(text: str, one: Required, words: Words) -> str:
    return text if one.sure else words("must.probable", name=text)
