"""The question whether somebody wants our messages, and the word that they said yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifiers.dates import Dates
from notifiers.readings import several
from notifiers.sheet import Ending, Link, Row, language_remark
from notifiers.watch import NoticeSheet
from notifiers.wording import Words, offered
from watcher.text import one_line

_LONGEST = 120
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    """What the owner of an address is asked. There is nothing in it but the question."""

    address: str
    enterprise: str
    arranged_by: str = ""  #: the association that looks after the enterprise's subscriptions
    subscriptions: tuple[str, ...] = ()  #: what each asks, in words
    expires_on: date
    written_on: date
    link: str = ""  #: where the button is; empty: there is no page
    write_to: str = ""  #: a mail address that takes answers; empty: none does
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedContent:
    """An address was confirmed: for those who look after the enterprise's subscriptions."""

    address: str
    enterprise: str


def question_sheet(content: QuestionContent, language: str) -> NoticeSheet:
    """The lines of the question."""
    words = Words(offered(language))
    enterprise = one_line(content.enterprise, _LONGEST)
    about = [words.quote(one_line(one, 300)) for one in content.subscriptions]
    rows = [
        Row(
            label=words("confirm.about"),
            lines=(several(about, words, most=_MOST) if about else words("confirm.about.contact"),),
        )
    ]
    if content.arranged_by:
        rows.insert(0, Row(label=words("confirm.by"), lines=(one_line(content.arranged_by, _LONGEST),)))
    do = [words("confirm.do.link")] if content.link else []
    if content.write_to and not content.link:
        do.append(words("confirm.do.mail", where=content.write_to, code=content.code))
    do.append(words("confirm.do.code", code=content.code))
    rows.append(Row(label=words("confirm.do"), lines=tuple(do)))
    day = Dates(words, content.written_on).day(content.expires_on)
    rows.append(Row(label=words("confirm.until"), lines=(day,)))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(words("confirm.subject", enterprise=enterprise), 200),
        heading=words("confirm.heading", enterprise=enterprise, address=one_line(content.address, _LONGEST)),
        lines=(words("confirm.no"),),
        rows=tuple(rows),
        ending=Ending(link=Link(label=words("confirm.link"), address=content.link)) if content.link else Ending(),
    )


def confirmed_sheet(content: ConfirmedContent, language: str) -> NoticeSheet:
    """The lines of the word to the enterprise's owner."""
    words = Words(offered(language))
    address, enterprise = one_line(content.address, _LONGEST), one_line(content.enterprise, _LONGEST)
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(words("confirmed.subject", address=address), 200),
        heading=words("confirmed.heading", address=address, enterprise=enterprise),
    )
