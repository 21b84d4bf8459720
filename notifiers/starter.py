"""The first message to a new subscriber: what is still open for comment, or that nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from notifiers.dates import Dates
from notifiers.message import Coverage, MeasureNews
from notifiers.readings import names_in, reasons
from notifiers.sheet import Row, by_when, ending, first_symbol, freshness, language_remark, links, market_line, title
from notifiers.watch import NoticeSheet, Section
from notifiers.wording import Words, offered
from subscriptions.criteria import Frequency
from watcher.text import one_line

#: How many measures a message names, by channel; "" for every other.
MOST: Mapping[str, int] = {"": 20, "telegram": 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterContent:
    """A starter of one subscription for one address."""

    name: str  #: of the subscription
    asks: str  #: the question in words
    frequency: Frequency
    news: tuple[MeasureNews, ...]  #: what is open, the first to act on first
    more: int = 0  #: that are open and have no room
    before: int = 0  #: that are open and that the reader was told of before
    expected: Mapping[str, Any] = field(default_factory=dict)  #: "per_week", "messages": of the forecast; empty: none
    written_on: date
    coverage: Coverage
    unsubscribe: str = ""
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions


def starter_sheet(content: StarterContent, language: str, *, channel: str) -> NoticeSheet:
    """The lines of a starter: what is open by when to act, what was asked, and what is to be expected."""
    words = Words(offered(language))
    dates = Dates(words, content.written_on)
    name, count = words.quote(one_line(content.name, 80)), len(content.news) + content.more
    kind = "open" if count else "known" if content.before else "none"
    heading = words(f"starter.heading.{kind}", n=count or content.before)
    lines = [words("starter.then", how=words(f"starter.how.{content.frequency.value}"))]
    if content.before and count:
        lines.append(words("starter.before", n=content.before))
    sections = tuple(
        _section(place, news, dates, brief=channel == "telegram") for place, news in enumerate(content.news, 1)
    )
    rows = []
    if content.more:
        rows.append(Row(label=words("starter.more.label"), lines=(words("starter.more", n=content.more),)))
    rows.append(Row(label=words("starter.asked"), lines=(f"{name}{words('colon')}{one_line(content.asks, 600)}",)))
    rows.append(Row(label=words("starter.expected"), lines=(expected(content, words),)))
    fresh, gaps = freshness(content.coverage, dates)
    rows.append(Row(label=words("fresh"), lines=(fresh,)))
    if gaps:
        rows.append(Row(label=words("gaps"), lines=gaps))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(words(f"starter.subject.{kind}", n=count or content.before, name=content.name), 200),
        heading=heading,
        lines=tuple(lines),
        sections=sections,
        rows=tuple(rows),
        ending=ending(content.unsubscribe, words, by_mail=channel == "email", arranged_by=content.arranged_by),
    )


def expected(content: StarterContent, words: Words) -> str:
    """How much is to be expected, as the forecast of the day it was saved says."""
    per_week = content.expected.get("per_week")
    if per_week is None:
        return words("starter.expected.none")
    if per_week >= 1:
        return words("starter.expected.week", n=round(per_week))
    a_year = round(per_week * 52)
    return words("starter.expected.year", n=a_year) if a_year else words("starter.expected.rare")


def _section(place: int, news: MeasureNews, dates: Dates, *, brief: bool) -> Section:
    words = dates.words
    symbol = first_symbol(news)
    heading = f"{place}. {market_line(news, words)} · {title(news, words, 90 if brief else 240)}"
    rows = [Row(label=words("starter.by"), lines=(by_when(news, dates),))]
    names = names_in(news)
    why = [words(f"starter.grade.{news.grade.value}") + words("colon") + reasons(one, names, words) for one in news.why]
    rows.append(Row(label=words("why"), lines=(one_line(why[0], 200 if brief else 600),)))
    if not brief and (found := links(news, words, most=2)):
        addresses = tuple(f"{link.label}{words('colon')}{link.address}" for link in found)
        rows.append(Row(label=words("documents"), lines=addresses))
    return Section(title=heading + (f" [{symbol}]" if symbol else ""), rows=tuple(rows))
