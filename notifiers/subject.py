"""Subject lines: "Market | what, by when [symbol]"."""

from __future__ import annotations

import re

from notifiers.dates import Dates
from notifiers.duties import duty
from notifiers.labels import labelled_subject
from notifiers.message import AlertContent, MeasureNews
from notifiers.readings import change_phrase, leading
from notifiers.sheet import first_symbol, market_line
from notifiers.sheet import title as title_of
from notifiers.wording import Words, offered
from watcher.measure import ChangeKind
from watcher.text import one_line

LONGEST = 200
_SHORTEST_TITLE = 30
#: What ends a title and cannot stand before a comma; the point of "U.S." is no end.
_END = re.compile(r"(?:[\s;,:；，。、：]|(?<!\.\w)\.)+$")


def alert_subject(content: AlertContent, language: str) -> str:
    """The subject of an alert. The title gives way, never the market, the news, the day or the symbol."""
    dates = Dates(Words(offered(language)), content.written_on)
    symbol = first_symbol(content.news)
    before = labelled_subject(content, one_line(market_line(content.news, dates.words), 60), language) + " | "
    after = f" [{symbol}]" if symbol else ""
    return before + what_by_when(content.news, dates, limit=LONGEST - len(before) - len(after)) + after


def what_by_when(news: MeasureNews, dates: Dates, *, limit: int) -> str:
    """The title, what is new about the measure, and by when comments are taken."""
    words = dates.words
    first = leading(news.changes)
    due = duty(news, dates)
    title = title_of(news, words, LONGEST)
    if title == words("untitled"):
        title = ""
    if first is None or first.kind is ChangeKind.NEW_MEASURE:
        said = "" if title else words("headline.new_measure" if first else "headline.other")
        if first and news.later:
            said = words.either(f"phrase.later.{news.later}", "phrase.other")
        tail = words("comma") + due.phrase if due.phrase else ""
    else:
        said = change_phrase(first, dates)
        told_in_phrase = first.kind is ChangeKind.DEADLINE_MOVED and first.field == "comment_deadline"
        wanted = due.open and due.phrase and not told_in_phrase
        tail = words("comma") + due.phrase if wanted and dates.fact(news.facts.comment_deadline)[1] else ""
        tail = "" if due.phrase == words("comments_unknown") else tail
    if not title:
        return one_line(said + tail, limit)
    joint = words("colon") if said else ""
    title = (_END.sub("", title) or title) if joint or said or tail else title
    room = max(limit - len(joint) - len(said) - len(tail), _SHORTEST_TITLE)
    return one_line(one_line(title, room) + joint + said + tail, limit)
