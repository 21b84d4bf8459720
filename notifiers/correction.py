"""The message that takes an alert back: the measure does not concern the reader after all."""

from __future__ import annotations

from notifiers.dates import Dates
from notifiers.labels import because, labelled_subject
from notifiers.message import AlertContent
from notifiers.readings import names_in, reasons, several, told_what
from notifiers.sheet import Row, ending, first_symbol, links, market_line, title
from notifiers.watch import NoticeSheet
from notifiers.wording import LANGUAGES, Words, labelled_in
from rules.classification import Grade
from watcher.text import one_line

_MOST_TOLD = 8
_MOST_LINKS = 3
_MOST_SUBSCRIPTIONS = 8


def correction_sheet(content: AlertContent, language: str, *, by_mail: bool) -> NoticeSheet:
    """The lines of a correction: which measure, what we told, what was wrong, what to do now."""
    words = Words(labelled_in(language))
    dates = Dates(words, content.written_on)
    news = content.news
    symbol = first_symbol(news)
    measure = f"{market_line(news, words)} · {title(news, words, 300)}" + (f" [{symbol}]" if symbol else "")
    found = links(news, words, most=_MOST_LINKS)
    rows = [
        Row(label=words("correction.measure"), lines=(measure,)),
        Row(label=words("correction.told"), lines=tuple(_told_lines(content, dates))),
        Row(label=words("correction.wrong"), lines=tuple(_wrong_lines(content, words))),
        Row(label=words("correction.do"), lines=_to_do(content, words)),
    ]
    if found:
        lines = tuple(f"{link.label}{words('colon')}{link.address}" for link in found)
        rows.append(Row(label=words("correction.documents"), lines=lines))
    subject = f"{one_line(market_line(news, words), 60)} | {title(news, words, 110)}" + (
        f" [{symbol}]" if symbol else ""
    )
    return NoticeSheet(
        language=words.tag,
        subject=labelled_subject(content, subject, language),
        heading=_heading(content, words),
        rows=tuple(row for row in rows if row.lines),
        ending=ending(content.unsubscribe, words, by_mail=by_mail, arranged_by=content.arranged_by),
    )


def _heading(content: AlertContent, words: Words) -> str:
    """That it does not concern the reader; where it only concerns them less surely than they ask for, that."""
    names = {why.subscription: words.quote(one_line(why.name, 80)) for why in content.news.why}
    if not names:
        return words("correction.heading.bare")
    fallen: dict[tuple[Grade, Grade], list[str]] = {}
    for below in content.below:
        if name := names.pop(below.subscription, ""):
            fallen.setdefault((below.now, below.asked), []).append(name)
    said = []
    if names:
        none = list(names.values())
        said.append(words("correction.heading", n=len(none), names=several(none, words, most=8)))
    for (now, asked), named in fallen.items():
        said.append(
            words(
                "correction.heading.below",
                n=len(named),
                names=several(named, words, most=8),
                now=words(f"correction.grade.{now}"),
                asked=words(f"correction.grade.{asked}"),
            )
        )
    return words("between").join(said)


def _to_do(content: AlertContent, words: Words) -> tuple[str, ...]:
    """Nothing, of what does not concern the reader; to look for themselves, of what may."""
    fallen = {below.subscription for below in content.below}
    whole = not content.news.why or any(why.subscription not in fallen for why in content.news.why)
    lines = [words("correction.do.nothing")] if whole else []
    lines += [words("correction.do.below")] if fallen else []
    return (*lines, words("correction.do.then"))


def _told_lines(content: AlertContent, dates: Dates) -> list[str]:
    """What was told, and when. Kinds of news have names in the languages of messages only."""
    words = dates.words
    told = sorted(content.news.told, key=lambda one: one.on)
    named = words.language in LANGUAGES
    said = [
        words(
            "correction.told.on",
            day=dates.near(one.on),
            what=told_what(one.what, words) if named else words("correction.told.news"),
        )
        for one in told[-_MOST_TOLD:]
    ]
    rest = len(told) - len(said)
    return [words("correction.told.more", n=rest), *said] if rest else said


def _wrong_lines(content: AlertContent, words: Words) -> list[str]:
    """By what we took it to fit, and why we no longer do."""
    lines = [one_line(content.correction, 500)] if content.correction.strip() else []
    if words.language in LANGUAGES:
        names = names_in(content.news)
        lines += [
            words("correction.took", name=words.quote(one_line(why.name, 80)), met=reasons(why, names, words))
            for why in content.news.why[:8]
            if why.conditions
        ]
    return [*lines, *filter(None, [because(content.label_reason, words)])]
