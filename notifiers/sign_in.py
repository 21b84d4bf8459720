"""The mail with the link to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifiers.dates import Dates
from notifiers.sheet import Ending, Link, Row, language_remark
from notifiers.watch import NoticeSheet
from notifiers.wording import Words, offered
from watcher.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContent:
    """What somebody who wants to sign in is sent."""

    address: str
    link: str
    expires_at: datetime  #: in the place's zone
    written_at: datetime


def sign_in_sheet(content: SignInContent, language: str) -> NoticeSheet:
    """The lines of the mail."""
    words = Words(offered(language))
    moment = Dates(words, content.written_at.date()).moment(content.expires_at)
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=words("sign_in.subject"),
        heading=words("sign_in.heading", address=one_line(content.address, 120)),
        lines=(words("sign_in.no"),),
        rows=(
            Row(label=words("sign_in.do"), lines=(words("sign_in.do.link"),)),
            Row(label=words("sign_in.until"), lines=(words("sign_in.once", moment=moment),)),
        ),
        ending=Ending(link=Link(label=words("sign_in.link"), address=content.link)),
    )
