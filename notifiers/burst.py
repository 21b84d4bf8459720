"""A burst: much news in one message, because an address is not written to so often in an hour. What it holds, and its
lines. Each measure is named, however many there are: what does not fit as a line is named by its symbol.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifiers.dates import Dates
from notifiers.digest_sheet import brief_line, is_new
from notifiers.duties import act_by_text
from notifiers.message import Coverage, MeasureNews, PauseNote
from notifiers.pauses import pause_remarks
from notifiers.readings import several
from notifiers.sheet import Row, ending, first_symbol, freshness, language_remark, links, market_line
from notifiers.watch import NoticeSheet, Section
from notifiers.wording import Words, offered
from watcher.text import one_line, safe_link

_MOST_MARKETS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstContent:
    """News of many measures for one reader."""

    news: tuple[MeasureNews, ...]  #: each measure once
    budget: int  #: messages an hour that the reader's address is sent at most
    written_on: date
    coverage: Coverage
    link: str = ""  #: where each is shown in full; empty: nowhere
    link_until: date | None = None  #: the last day it is shown
    unsubscribe: str = ""
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions
    pauses: tuple[PauseNote, ...] = ()  #: over since the last message


def burst_sheet(content: BurstContent, language: str, *, channel: str, whole: int | None = None) -> NoticeSheet:
    """The lines of a burst, new measures first. `whole`: only so many on a line of their own, the others by symbol."""
    words = Words(offered(language))
    dates = Dates(words, content.written_on)
    ordered = sorted(content.news, key=lambda one: (not is_new(one), one.markets, one.measure))
    shown = ordered if whole is None else ordered[:whole]
    rest = ordered[len(shown) :]
    heading = words("burst.heading", n=len(ordered))
    markets = list(dict.fromkeys(market_line(one, words) for one in ordered))
    sections = [
        Section(title=words(name), rows=tuple(_row(number, one, dates, channel) for number, one in chosen))
        for name, new in (("burst.new", True), ("burst.changes", False))
        if (chosen := [(number, one) for number, one in enumerate(shown, 1) if is_new(one) is new])
    ]
    if rest:
        named = words("pause").join(first_symbol(one) or market_line(one, words) for one in rest)
        sections.append(Section(title=words("burst.rest", n=len(rest)), rows=(Row(label=_REST, lines=(named,)),)))
    fresh, gaps = freshness(content.coverage, dates)
    rows = [*_way_to_all(content, words, dates, channel), Row(label=words("fresh"), lines=(fresh,))]
    if gaps:
        rows.append(Row(label=words("gaps"), lines=gaps[:3] if channel == "telegram" else gaps))
    subject = words("burst.subject", heading=heading, markets=several(markets, words, most=_MOST_MARKETS))
    return NoticeSheet(
        language=words.tag,
        remarks=(*language_remark(language, words), *pause_remarks(content.pauses, dates)),
        subject=one_line(subject, 200),
        heading=heading,
        lines=(words("burst.why", n=content.budget),),
        sections=tuple(sections),
        rows=tuple(rows),
        ending=ending(content.unsubscribe, words, by_mail=channel == "email", arranged_by=content.arranged_by),
    )


_REST = "…"


def _row(number: int, news: MeasureNews, dates: Dates, channel: str) -> Row:
    """One measure on one line; in a mail its document's address follows."""
    act_by = act_by_text(news, dates)
    lines = [brief_line(news, dates) + (dates.words("semicolon") + act_by if act_by else "")]
    if channel != "telegram" and (found := links(news, dates.words, most=1)):
        lines.append(found[0].address)
    return Row(label=str(number), lines=tuple(lines))


def _way_to_all(content: BurstContent, words: Words, dates: Dates, channel: str) -> Sequence[Row]:
    """Where each is shown in full: never an address that leads nowhere."""
    if address := safe_link(content.link):
        until = content.link_until
        text = words("burst.list.until", address=address, day=dates.near(until)) if until else address
        return (Row(label=words("burst.list"), lines=(text,)),)
    if channel == "telegram":
        return (Row(label=words("burst.chat"), lines=(words("burst.chat.line"),)),)
    return ()
