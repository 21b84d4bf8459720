"""The message to staff when a poll brought so much that nobody is told of it before they decide."""

from __future__ import annotations

from dataclasses import dataclass

from notifiers.sheet import Row, language_remark
from notifiers.watch import NoticeSheet
from notifiers.wording import Words, offered
from watcher.text import one_line

_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldContent:
    """What is held of one poll."""

    number: int  #: by which staff name it in their decision
    name: str  #: of the source, in sources.yaml
    title: str
    new: int  #: notices
    changed: int
    measures: int
    allowed: int  #: how many notices it might have brought
    first: tuple[str, ...] = ()  #: symbols and titles of some of the measures


def held_sheet(content: HeldContent, language: str) -> NoticeSheet:
    """The lines of the message."""
    words = Words(offered(language))
    source = one_line(f"{content.title} ({content.name})" if content.title else content.name, 200)
    count = content.new + content.changed
    rows = [
        Row(
            label=words("staff.why"),
            lines=(words("held.counts", new=content.new, changed=content.changed, measures=content.measures),),
        )
    ]
    if content.first:
        rows.append(Row(label=words("held.first"), lines=tuple(one_line(line, _LONGEST) for line in content.first)))
    rows.append(Row(label=words("staff.do"), lines=(words("held.do", number=content.number),)))
    return NoticeSheet(
        language=words.tag,
        remarks=language_remark(language, words),
        subject=one_line(words("held.subject", n=count, source=one_line(content.title or content.name, _LONGEST)), 200),
        heading=words("held.heading", source=source, n=count, allowed=content.allowed) + words("stop"),
        rows=tuple(rows),
    )
