"""A reminder of a comment deadline: what it holds, and its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifiers.dates import Dates
from notifiers.duties import deadline_text, duty
from notifiers.message import Coverage, MeasureNews
from notifiers.readings import several
from notifiers.sheet import Row, ending, first_symbol, freshness, language_remark, links, market_line, title
from notifiers.watch import NoticeSheet
from notifiers.wording import Words, offered
from notifiers.your_products import your_products
from watcher.dates import DateQuality, Precision
from watcher.text import one_line

_MOST_LINKS = 3
_MOST_SUBSCRIPTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderContent:
    """A reminder for one reader. Its days are those of the reader's zone."""

    news: MeasureNews  #: the measure; `act_by` and the deadline's day are known
    written_on: date
    due_on: date  #: the day it was to be told; before `written_on`: it is late
    overtaken: int = 0  #: earlier reminders that were missed with it
    next_on: date | None = None  #: the day of the next reminder; None: it is the last
    handled_on: date | None = None  #: the reader had dealt with it then, before comments were opened anew
    handled_by: str = ""
    coverage: Coverage
    unsubscribe: str = ""
    arranged_by: str = ""  #: the association that looks after the reader's subscriptions


def reminder_sheet(content: ReminderContent, language: str, *, channel: str) -> NoticeSheet:
    """The lines of a reminder: how long there is, which measure, what to do, and how sure the day is."""
    words = Words(offered(language))
    dates = Dates(words, content.written_on)
    news = content.news
    act_by, deadline = news.act_by, news.facts.comment_deadline
    assert act_by is not None and deadline.value is not None, "a reminder is of a deadline that has a day"
    left = (act_by - content.written_on).days
    kind = "left" if left > 0 else "passed" if left < 0 else "today"
    symbol = first_symbol(news)
    measure = f"{market_line(news, words)} · {title(news, words, 300)}"
    short = f"{market_line(news, words)} · {title(news, words, 90)}" + (f" [{symbol}]" if symbol else "")
    remarks = language_remark(language, words)
    lines = []
    if late := (content.written_on - content.due_on).days:
        lines.append(words("remind.late", n=late, day=dates.near(content.due_on)))
        if content.overtaken:
            lines.append(words("remind.overtaken", n=content.overtaken))
    if deadline.precision is not Precision.DAY:
        lines.append(words("remind.coarse"))
    elif deadline.quality is DateQuality.COMPUTED:
        lines.append(words("remind.computed"))
    if content.handled_on is not None:
        by = one_line(content.handled_by, 80)
        lines.append(words("remind.again", day=dates.near(content.handled_on), by=by))
    rows = [
        Row(label=words("remind.measure"), lines=(measure + (f" [{symbol}]" if symbol else ""),)),
        Row(label=words("remind.deadline"), lines=(deadline_text(news, dates),)),
    ]
    rows += [Row(label=label, lines=lines) for label, lines in your_products(news, words)]
    rows.append(Row(label=words("remind.do"), lines=(duty(news, dates).text(words),)))
    if found := links(news, words, most=_MOST_LINKS):
        addresses = tuple(f"{link.label}{words('colon')}{link.address}" for link in found)
        rows.append(Row(label=words("remind.documents"), lines=addresses))
    names = [words.quote(one_line(why.name, 80)) for why in news.why]
    why = words("why.subscription", name=several(names, words, most=_MOST_SUBSCRIPTIONS))
    rows.append(Row(label=words("why"), lines=(why,)))
    then = dates.near(content.next_on) if content.next_on else words("remind.next.none")
    rows.append(Row(label=words("remind.next"), lines=(then,)))
    in_chat = channel == "telegram" and news.thread_symbols
    stop = words("remind.stop.chat", symbol=news.thread_symbols[0]) if in_chat else words("remind.stop.line")
    rows.append(Row(label=words("remind.stop"), lines=(stop,)))
    fresh, gaps = freshness(content.coverage, dates)
    rows.append(Row(label=words("fresh"), lines=(fresh,)))
    if gaps:
        rows.append(Row(label=words("gaps"), lines=gaps))
    subject = words(f"remind.subject.{kind}", n=left, day=dates.short(deadline.value), measure=short)
    return NoticeSheet(
        language=words.tag,
        remarks=remarks,
        subject=one_line(subject, 200),
        heading=words(f"remind.heading.{kind}", n=left, act_by=dates.near(act_by)) + words("stop"),
        lines=tuple(lines),
        rows=tuple(rows),
        ending=ending(content.unsubscribe, words, by_mail=channel == "email", arranged_by=content.arranged_by),
    )
