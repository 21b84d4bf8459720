"""Messages about addresses that were ended, and about subscriptions that bring nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifiers.dates import Dates
from notifiers.readings import several
from notifiers.sheet import Ending, Row, ending, language_remark
from notifiers.watch import NoticeSheet
from notifiers.wording import Words, offered
from watcher.text import one_line

_LONGEST = 120
_MOST = 12
_OTHERWISE = ("complaint", "unconfirmed")  # what staff do about it differs


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedContent:
    """An address that is not written to any more."""

    address: str  #: "email:a@example.com"
    why: str  #: "recipient_unknown", "blocked", "bounce", "complaint", "staff"
    said: str = ""  #: what the other side said
    subscriptions: tuple[str, ...]
    nobody_left: int = 0  #: of how many of them nobody is told now
    to_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyEndedContent:
    """So many addresses refuse at once that no more are ended."""

    channel: str
    ended: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """A subscription that brought nothing for long."""

    name: str
    asks: str
    since: date
    last: date | None = None  #: when it last brought something


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingContent:
    """All of one reader's that brought nothing for long."""

    months: int
    several: tuple[Ageing, ...]
    written_on: date
    unsubscribe: str = ""


def ended_sheet(content: EndedContent, language: str) -> NoticeSheet:
    """The lines of the message to the other addresses, or to staff."""
    words = Words(offered(language))
    address = one_line(content.address, _LONGEST)
    rows = []
    if content.said:
        rows.append(Row(label=words("ended.said"), lines=(words.quote(one_line(content.said, 300)),)))
    names = [words.quote(one_line(name, 80)) for name in content.subscriptions]
    rows.append(Row(label=words("ended.concerns"), lines=(several(names, words, most=_MOST),)))
    if content.to_staff:
        do = f"ended.do.{content.why}" if content.why in _OTHERWISE else "ended.do.line"
        left = words("ended.left.none", n=content.nobody_left) if content.nobody_left else words("ended.left.some")
        rows.append(Row(label=words("ended.left"), lines=(left,)))
        rows.append(Row(label=words("staff.do"), lines=(words(do, address=address),)))
    else:
        rows.append(Row(label=words("ended.you"), lines=(words("ended.you.line"),)))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(words("ended.subject", address=address), 200),
        heading=words("ended.heading", address=address, why=words(f"ended.why.{content.why}")),
        rows=tuple(rows),
    )


def many_ended_sheet(content: ManyEndedContent, language: str) -> NoticeSheet:
    """The lines of the message to staff."""
    words = Words(offered(language))
    said = words.quote(one_line(content.said, 300))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=words("ended.many.subject"),
        heading=words("ended.many.heading", n=content.ended, channel=content.channel),
        rows=(
            Row(label=words("staff.why"), lines=(words("ended.many.why", said=said),)),
            Row(label=words("staff.do"), lines=(words("ended.many.do"),)),
        ),
    )


def ageing_sheet(content: AgeingContent, language: str, *, by_mail: bool) -> NoticeSheet:
    """The lines of the message to one reader."""
    words = Words(offered(language))
    dates, count = Dates(words, content.written_on), len(content.several)
    rows = []
    for one in content.several[: 2 * _MOST]:
        name = "ageing.last" if one.last else "ageing.since"
        last = dates.day(one.last) if one.last else ""
        since = words(name, day=dates.day(one.since), last=last)
        rows.append(Row(label=one_line(one.name, 80), lines=(one_line(one.asks, 400), since)))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=words("ageing.subject", n=count, months=content.months),
        heading=words("ageing.heading", n=count, months=content.months),
        lines=(words("ageing.do"),),
        rows=tuple(rows),
        ending=ending(content.unsubscribe, words, by_mail=by_mail) if content.unsubscribe else Ending(),
    )
