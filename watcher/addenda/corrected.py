"""What a document corrects of its measure's facts: codes, and days that were mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from watcher.addenda.corrections import (
    DateCorrection,
    code_corrections,
    codes_spoken_of,
    date_corrections,
    unread_correction,
)
from watcher.addenda.reader import Reader
from watcher.later import later
from watcher.notice import NoticeType
from watcher.reading_order import type_of

_COMMENTS: Final = later(
    r"\bcomment|\bdeadline|\btime[- ]limit|\bobservation|\bcommentaire|\bcomentario|\bdate\s+limite"
    r"|\bfecha\s+límite|\bplazo\b|\bdélai\b|评议|评论|意见|截止",
    re.IGNORECASE,
)
_FORCE: Final = later(
    r"\bforce\b|\beffective\b|\bimplementation\b|\bvigueur\b|\bvigor\b|\bvigencia\b|生效|实施|施行", re.IGNORECASE
)
_ADOPTION: Final = later(r"\badopt|\bapprov|\badopc|\baprob|\bapprob|批准|通过|采纳", re.IGNORECASE)


def read_corrections(reader: Reader) -> None:
    """Read which codes and days are corrected. Other news has been read before."""
    text = "\n".join(filter(None, (reader.notice.title, reader.notice.content_summary)))[:_LONGEST_TEXT]
    _read_codes(reader, text)
    if type_of(reader.notice) is NoticeType.CORRIGENDUM:
        for correction in date_corrections(text):
            _read_date(reader, correction)


_LONGEST_TEXT: Final = 10_000  #: characters; corrections are short


def _read_codes(reader: Reader, text: str) -> None:
    before, notice = reader.before, reader.notice
    known = {*before.hs_codes, *before.ics_codes, *notice.hs_codes, *notice.ics_codes}
    corrections = code_corrections(text, known)
    if corrections:
        reader.keep("codes", corrections, corrections[0].words)
    if type_of(notice) is not NoticeType.CORRIGENDUM:
        return
    if not corrections and (words := unread_correction(text)):
        reader.keep("codes_unclear", True, words)
    read = {code for correction in corrections for code in (*correction.wrong, *correction.right)}
    for codes, words in codes_spoken_of(text):
        if not {*codes} <= known | read:
            reader.keep("codes_unclear", True, words)
            return


def _read_date(reader: Reader, correction: DateCorrection) -> None:
    """Take a corrected day for the fact that the words name, or that held the wrong day."""
    right, wrong = reader.read(correction.right), reader.read(correction.wrong)
    if right.value is None:
        return
    facts, name = reader.before, next(iter(_named(correction.before)), "")
    if not name and wrong.value is not None:
        held = {
            "deadline": facts.comment_deadline,
            "moved_force": facts.in_force_on if facts.in_force_on.value else facts.proposed_entry_into_force,
            "adopted": facts.adopted_on,
            "planned_adoption": facts.proposed_adoption,
        }
        name = next((field for field, fact in held.items() if fact.value == wrong.value), "")
    if name == "planned_adoption" and facts.adopted_on.value is not None:
        name = "adopted"
    read = getattr(reader.result, name) if name else None
    if name and (read is None or (wrong.value is not None and read.value == wrong.value)):
        reader.keep(name, right, correction.words)


def _named(words: str) -> Iterator[str]:
    """The fields that the words before a day name, the nearest first."""
    found = [
        (place.end(), name)
        for name, pattern in (("deadline", _COMMENTS), ("moved_force", _FORCE), ("planned_adoption", _ADOPTION))
        for place in pattern.finditer(words)
    ]
    yield from (name for _, name in sorted(found, reverse=True))
