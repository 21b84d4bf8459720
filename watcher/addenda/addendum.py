"""What an addendum says about its measure: read from its dates, its ticked boxes and its prose, in this order of trust.

Most addenda carry their news in prose alone: "was adopted by the Council on 25 August 2023". It is read with clues
(`watcher.addenda.words_en` and its sisters), and what is read keeps the words it rests on. What is planned,
conditional or told about another act is not taken for done.
"""

from __future__ import annotations

from datetime import date

from watcher.addenda.boxes import Box, Ticked
from watcher.addenda.clues import Says
from watcher.addenda.comments import is_left_empty, read_comments, read_deadline_in_words
from watcher.addenda.corrected import read_corrections
from watcher.addenda.reader import Reader, Reading
from watcher.dates import UNKNOWN, DateFact, DateQuality, Precision
from watcher.days import last_day
from watcher.measure import Facts, MeasureStatus
from watcher.notice import Notice

__all__ = ["Reading", "read_addendum", "read_revision", "read_text"]

_NOT_ADOPTED = (MeasureStatus.DRAFT, MeasureStatus.UNKNOWN, MeasureStatus.WITHDRAWN)


def read_addendum(notice: Notice, before: Facts, *, begun: date | None = None, textless: bool = False) -> Reading:
    """What an addendum, corrigendum or supplement says about a measure whose facts were `before`.

    `begun` is the day the measure's first text was distributed; None: it is not known. `textless`: only addenda are
    known of the measure, so what they tell of is the measure.
    """
    reader = Reader(notice, before, begun, textless=textless)
    read_comments(reader)
    _read_adoption(reader)
    _read_force(reader)
    _read_withdrawal(reader)
    _read_scope(reader)
    read_corrections(reader)
    return reader.result


def read_revision(notice: Notice, before: Facts) -> Reading:
    """What a revision says beyond its own fields: until when, and whether, it asks for comments."""
    reader = Reader(notice, before, begun=None)
    read_comments(reader)
    return reader.result


def read_text(notice: Notice) -> Reading:
    """What a first text says in words and in none of its fields: until when comments are taken."""
    if not is_left_empty(notice.comment_deadline):
        return Reading()
    reader = Reader(notice, Facts(), begun=None, until_only=True)
    read_deadline_in_words(reader)
    return reader.result


# Adoption and publication


def _read_adoption(reader: Reader) -> None:
    ticked = reader.ticked(Box.ADOPTED)
    stated = _field(reader, reader.notice.proposed_adoption, reader.before.proposed_adoption, ticked, Says.ADOPTED)
    if stated.value is None and ticked and ticked.date:
        stated = reader.read(ticked.date)
    _read_publication(reader)
    if stated.value is not None:
        name = "adopted" if _is_done(reader, stated, ticked) else "planned_adoption"
        reader.keep(name, stated, _words(ticked) or reader.quote_of(stated, Says.ADOPTED))
    elif (found := _done_in_prose(reader, Says.ADOPTED)) or ticked:
        day, words = found or (UNKNOWN, _words(ticked))
        reader.keep("adopted", day, words)
    reader.keep("is_adopted", bool(reader.result.adopted or reader.result.published))
    if not reader.result.is_adopted:
        _read_final_text(reader)


def _read_publication(reader: Reader) -> None:
    ticked = reader.ticked(Box.PUBLISHED)
    day = reader.read(ticked.date) if ticked else UNKNOWN
    if ticked and (day.value is None or reader.is_over(day.value) is not False):
        reader.keep("published", day, ticked.words)
    elif found := _done_in_prose(reader, Says.PUBLISHED):
        reader.keep("published", *found)


def _read_final_text(reader: Reader) -> None:
    """A final text is an adopted one, unless comments on it are still asked for. A plan is a plan."""
    ticked, final = reader.ticked(Box.FINAL_TEXT), reader.first(Says.FINAL)
    if (ticked or final) and not reader.result.asks_for_comments:
        reader.keep("is_adopted", True, _words(ticked) or (final.sentence if final else ""))
    elif not reader.result.planned_adoption and (found := reader.first(Says.PLANNED_ADOPTION)):
        day = reader.date_of(found)
        if day.value and reader.is_over(day.value) is not True:
            reader.keep("planned_adoption", day, found.sentence)


def _done_in_prose(reader: Reader, says: Says) -> tuple[DateFact, str] | None:
    """A completed act told in prose. One long before the measure was notified is another act; one to come is a plan."""
    for found in reader.said(says, dated_first=True):
        if reader.is_of_some(found):
            continue
        day = reader.date_of(found)
        if day.value is None:
            return UNKNOWN, found.sentence
        if reader.is_another_act(day.value):
            continue
        if reader.is_over(day.value) is False:
            if says is Says.ADOPTED:
                reader.keep("planned_adoption", day, found.sentence)
            continue
        return day, found.sentence
    return None


def _is_done(reader: Reader, stated: DateFact, ticked: Ticked | None) -> bool:
    over = reader.is_over(last_day(stated))
    if over is not None:
        return over or bool(ticked and reader.is_over(stated.value))
    return bool(ticked or reader.said(Says.ADOPTED) or reader.result.published or not reader.result.asks_for_comments)


# Entry into force


def _read_force(reader: Reader) -> None:
    ticked = reader.ticked(Box.IN_FORCE)
    own, known = reader.notice.proposed_entry_into_force, reader.before.proposed_entry_into_force
    stated = _field(reader, own, known, ticked, Says.WILL_BE_IN_FORCE, Says.IN_FORCE)
    if stated.value is None and reader.is_over(last_day(own)) and _is_adopted_by_now(reader):
        stated = own  # the plan of the first text, restated of an adopted measure when its day has come
    if stated.value is None and ticked:
        stated = reader.read(ticked.date or ticked.after_label)
    if (moved := _moved_force(reader)) and _gives_way(stated, known, moved[0], ticked):
        reader.keep("moved_force", *moved)
        if ticked:
            reader.keep("is_adopted", True, ticked.words)
    elif stated.value is not None or (stated.rule and (ticked or reader.result.is_adopted)):
        words = _words(ticked) or reader.quote_of(stated, Says.WILL_BE_IN_FORCE, Says.IN_FORCE)
        _settle(reader, stated, words, reader.is_over(last_day(stated)), tentative=False)
    else:
        if ticked:
            reader.keep("is_adopted", True, ticked.words)
        _read_force_in_prose(reader)


def _is_adopted_by_now(reader: Reader) -> bool:
    return reader.result.is_adopted or reader.before.status is MeasureStatus.ADOPTED


def _moved_force(reader: Reader) -> tuple[DateFact, str] | None:
    """The day to which entry into force was put, with the words; a day before "until further notice"."""
    told = [(reader.date_of(found), found.sentence) for found in reader.said(Says.FORCE_MOVED)]
    return next((one for one in told if one[0].value), None) or next(iter(told), None)


def _gives_way(stated: DateFact, known: DateFact, moved: DateFact, ticked: Ticked | None) -> bool:
    """Whether a field holds less than the prose that moves its day: it is counted, copied, or says the same."""
    if ticked and ticked.date:
        return False
    return stated.quality is not DateQuality.STATED or stated.value in (None, known.value, moved.value)


def _read_force_in_prose(reader: Reader) -> None:
    for found in reader.said(Says.IN_FORCE, dated_first=True):
        if reader.is_of_some(found):
            continue
        day = reader.date_of(found)
        if not (day.value and reader.is_another_act(day.value, in_force=True)):
            reader.keep("in_force", day, found.sentence)
            reader.keep("is_in_force", day.value is None or reader.is_over(day.value) is not False)
            reader.keep("is_adopted", True)
            return
    for found in sorted(reader.said(Says.WILL_BE_IN_FORCE, dated_first=True), key=lambda one: one.tentative):
        day = reader.date_of(found)
        if reader.is_of_some(found):
            continue
        if (day.value or day.rule) and not (day.value and reader.is_another_act(day.value, in_force=True)):
            _settle(
                reader,
                day,
                found.sentence,
                reader.is_over(day.value),
                tentative=found.tentative,
                announced=found.to_come,
            )
            return
    for found in reader.said(Says.PLANNED_FORCE):
        if (day := reader.date_of(found)).value and reader.is_over(day.value) is not True:
            reader.keep("planned_force", day, found.sentence)


def _settle(
    reader: Reader, day: DateFact, words: str, over: bool | None, *, tentative: bool, announced: bool = False
) -> None:
    """A day of entry into force is settled if the measure is adopted; of a draft it is a plan.

    `announced`: it is only said that the measure will enter into force then. That does not say that it is adopted.
    """
    result = reader.result
    if not (result.is_adopted or over) and _is_another_reason(reader):
        reader.keep("planned_force", day, words)
        return
    planned = result.planned_adoption is not None or (result.asks_for_comments and not over)
    draft = reader.before.status in _NOT_ADOPTED or result.asks_for_comments
    if not result.is_adopted and (planned or (tentative and draft)):
        reader.keep("planned_force", day, words)
        return
    reader.keep("in_force", day, words)
    if not announced or over:
        reader.keep("is_adopted", True)
    reader.keep("is_in_force", bool(over))


def _is_another_reason(reader: Reader) -> bool:
    """Whether the form says that something else than the end of the drafting is the reason for the addendum."""
    ended = (Box.ADOPTED, Box.PUBLISHED, Box.IN_FORCE, Box.FINAL_TEXT)
    return any(map(reader.ticked, (Box.SCOPE, Box.COMMENTS))) and not any(map(reader.ticked, ended))


# Withdrawal and scope


def _read_withdrawal(reader: Reader) -> None:
    if ticked := reader.ticked(Box.WITHDRAWN):
        reader.keep("withdrawn", True, ticked.words)
        return
    for found in reader.said(Says.WITHDRAWN):
        if reader.is_of_this_thread(found.sentence):
            reader.keep("withdrawn", True, found.sentence)
            return
    for found in reader.said(Says.WITHDRAWN_ACT):
        day = reader.date_of(found).value
        if reader.textless or (day and day in (reader.before.published_on.value, reader.before.adopted_on.value)):
            reader.keep("withdrawn", True, found.sentence)
            return


def _read_scope(reader: Reader) -> None:
    ticked, found = reader.ticked(Box.SCOPE), reader.first(Says.SCOPE_CHANGED)
    if ticked or found:
        reader.keep("scope_changed", True, _words(ticked) or (found.sentence if found else ""))


# What they share


def _field(reader: Reader, stated: DateFact, known: DateFact, ticked: Ticked | None, *events: Says) -> DateFact:
    """A date field of the addendum; unknown if a portal may only have copied the plan of the first text into it."""
    stated = reader.own(stated)
    copied = stated.value is not None and stated.value == known.value and stated.precision is Precision.DAY
    return UNKNOWN if copied and not ticked and not any(reader.said(says) for says in events) else stated


def _words(ticked: Ticked | None) -> str:
    return ticked.words if ticked else ""
