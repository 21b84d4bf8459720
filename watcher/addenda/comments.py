"""Until when an addendum or a revision asks for comments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from watcher.addenda.boxes import Box
from watcher.addenda.clues import Found, Says
from watcher.addenda.lengths import later
from watcher.addenda.reader import Reader
from watcher.dates import IN_TEXT, DateFact, DateQuality, Precision
from watcher.measure import Facts
from watcher.plausible import BEFORE_CIRCULATION, LONGEST_COMMENTS
from watcher.text import one_line

_LONGEST_SENTENCE: Final = 200


def read_comments(reader: Reader) -> None:
    """Read the new deadline, and whether comments are asked for: from the field, the ticked box, then the prose."""
    stated = reader.own(reader.notice.comment_deadline)
    box = reader.ticked(Box.COMMENTS) or reader.ticked(Box.SCOPE)
    # Portals copy the first text's deadline into an addendum that does not change it: its prose may know better.
    repeated = stated.value is not None and stated.value == reader.before.comment_deadline.value
    if stated.value is not None and not repeated:
        vague = reader.first(Says.COMMENTS_EXTENDED) or reader.first(Says.COMMENTS_REOPENED)
        words = reader.quote_of(stated, Says.COMMENTS_UNTIL) or (vague.sentence if vague else "")
        reader.keep("deadline", stated, words)
    elif box and box.date and (day := reader.read(box.date, to_come=True)).value:
        reader.keep("deadline", day, box.words)
    else:
        _from_prose(reader)
        if repeated and reader.result.deadline is None:
            reader.keep("deadline", stated)
    if reopened := reader.first(Says.COMMENTS_REOPENED):
        reader.keep("reopened", True, reopened.sentence)
    reader.keep("extended", bool(reader.said(Says.COMMENTS_EXTENDED)))
    reader.keep("asks_for_comments", _are_asked(reader))


def read_deadline_in_words(reader: Reader) -> None:
    """Read the deadline that the prose states; where none is open, one that had just passed: it was told late."""
    found = _latest_open(reader) or _latest_over(reader)
    if found:
        reader.keep("deadline", _in_text(reader.date_of(found[1]), found[1].sentence), found[1].sentence)


def is_left_empty(stated: DateFact) -> bool:
    """Whether a field says nothing at all: neither a day nor words, nor that there is none."""
    words = any(character.isalpha() or character in "123456789" for character in stated.wording)
    return stated.value is None and stated.quality is DateQuality.UNKNOWN and not words and not stated.doubt


def _are_asked(reader: Reader) -> bool:
    result = reader.result
    if result.deadline and result.deadline.value:
        return result.reopened or not reader.is_over(result.deadline.value)
    return bool(result.reopened or result.deadline or reader.said(Says.COMMENTS_ASKED))


def _from_prose(reader: Reader) -> None:
    new = _latest_open(reader)
    extended = reader.said(Says.COMMENTS_EXTENDED)
    length = next((found for found in extended if found.length), None)
    if length and length.length:
        old = _old_deadline(reader, than=new[0] if new else None)
        if new is None or (old and new[0] <= old):
            counted = later(old, length.length) if old else None
            if counted is None or reader.is_over(counted.value):  # from which day, it does not say
                counted = DateFact(wording=one_line(length.sentence))
            reader.keep("deadline", counted, length.sentence)
            return
    if new is None and reader.textless and reader.before == Facts():
        new = _latest_over(reader)  # nothing else is known of the measure
    if new:
        reader.keep("deadline", _in_text(reader.date_of(new[1]), new[1].sentence), new[1].sentence)
    elif vague := next(iter(extended), None) or reader.first(Says.COMMENTS_REOPENED):
        reader.keep("deadline", DateFact(wording=one_line(vague.sentence)), vague.sentence)


def _latest_open(reader: Reader) -> tuple[date, Found] | None:
    """The latest day until which comments are taken. A day that had passed is no new deadline."""
    still_open = [entry for entry in _until(reader) if not reader.is_over(entry[0])]
    return max(still_open, key=lambda entry: entry[0], default=None)


def _latest_over(reader: Reader) -> tuple[date, Found] | None:
    """The latest day until which comments were taken when the document was circulated late, by weeks and no more."""
    told = reader.notice.distribution_date
    late = [entry for entry in _until(reader) if told is None or entry[0] >= told - BEFORE_CIRCULATION]
    return max(late, key=lambda entry: entry[0], default=None)


def _until(reader: Reader) -> list[tuple[date, Found]]:
    """The days until which comments are taken. None lies years ahead: that is a slip, or another day."""
    told = reader.notice.distribution_date
    return [
        (day, found)
        for found in reader.said(Says.COMMENTS_UNTIL)
        if (day := reader.date_of(found).value) and not (told and day > told + LONGEST_COMMENTS)
    ]


def _in_text(day: DateFact, sentence: str) -> DateFact:
    """A day with the words of the text that it was read from, and that it stands in no field."""
    if day.quality is not DateQuality.STATED or day.precision is not Precision.DAY or day.rule:
        return day
    return replace(day, wording=one_line(sentence, _LONGEST_SENTENCE), rule=IN_TEXT)


def _old_deadline(reader: Reader, than: date | None) -> date | None:
    """The deadline that is extended: the one the text tells of, else the one known."""
    told = [
        reader.date_of(found).value
        for says in (Says.COMMENTS_WERE_UNTIL, Says.COMMENTS_UNTIL)
        for found in reader.said(says)
    ]
    in_text = max((day for day in told if day and day != than), default=None)
    return in_text or reader.before.comment_deadline.value
