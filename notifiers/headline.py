"""What happened to what, in a few words: the head line of a measure."""

from __future__ import annotations

from notifiers.duties import is_publishers_own
from notifiers.message import MeasureNews
from notifiers.readings import leading
from notifiers.wording import Words
from watcher.measure import ChangeKind
from watcher.text import one_line

_MOST_KINDS = 3


def head(news: MeasureNews, words: Words) -> str:
    """What happened, in a few words: "New measure · technical regulation, draft"."""
    first = leading(news.changes)
    what = words.either(f"headline.{first.kind}" if first else "headline.other", "headline.other")
    if first is not None and first.kind is ChangeKind.NEW_MEASURE and news.later:
        what = words.either(f"headline.later.{news.later}", "headline.other")
    said_already = first is not None and str(first.kind) == str(news.facts.status)
    rest = kind(news, words) if said_already else kind_and_status(news, words)
    return f"{what} · {rest}" if rest else what


def kind_and_status(news: MeasureNews, words: Words) -> str:
    """What the measure is and how far it has come: "technical regulation, draft"."""
    if is_publishers_own(news):
        return words.note(words("kind.publisher"), _classed(news, words))
    name, status = kind(news, words), status_text(news, words)
    return words("kind_status", kind=name, status=status) if name else status


def status_text(news: MeasureNews, words: Words) -> str:
    """How far it has come; that it is recalled stands in no status of a notification."""
    return words("status.recalled" if news.stage == "recalled" else f"status.{news.facts.status}")


def kind(news: MeasureNews, words: Words) -> str:
    """What the measure is: what its words show, the narrowest first, then the articles it is notified under; or ""."""
    names = [
        words(f"kind.{name}") if words.knows(f"kind.{name}") else one_line(name.replace("_", " "), 60)
        for name in news.kinds
    ]
    if not names and news.facts.area == "SPS":
        names = [words("kind.sps")]
    return words("pause").join(filter(None, (_classed(news, words), *names)))


def _classed(news: MeasureNews, words: Words) -> str:
    """The kinds that the words of a measure show, in running text."""
    names = [one_line(name, 60) for name in news.classed_kinds[:_MOST_KINDS]]
    return words("pause").join(name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in names)
