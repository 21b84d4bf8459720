"""Reading what a Member wrote for a date: stated, counted, to be determined, or none at all.

A wording is folded (`watcher.dates.fold`), its stated days are found (`watcher.dates.days`), then its counted ones
(`watcher.dates.counts`); what is left over is weighed here. The wording itself is never changed, and no day is ever
moved by a time zone: "2026-07-02T23:30:00-05:00" is 2 July.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from types import MappingProxyType

from watcher.dates import Anchor, DateFact, DateQuality, Precision
from watcher.dates.calendar import DayOrder, Reckoned, add, doubt_about
from watcher.dates.counts import Count, Length, mask
from watcher.dates.counts_han import han_counts
from watcher.dates.counts_latin import latin_counts
from watcher.dates.days import find_days
from watcher.dates.days_numbers import read_number
from watcher.dates.events import own_day_of_event
from watcher.dates.fold import fold
from watcher.dates.instants import read_instant
from watcher.dates.patterns import Context, Day
from watcher.dates.words import CLOSED, FILLERS, NOT_APPLICABLE, TO_BE_DETERMINED

_NO_ANCHORS: Mapping[Anchor, date] = MappingProxyType({})

_NOT_APPLICABLE = re.compile(rf"(?<![a-z])(?:{NOT_APPLICABLE})")
_CLOSED = re.compile(rf"(?<![a-z])(?:{CLOSED})")
_TO_BE_DETERMINED = re.compile(rf"(?<![a-z])(?:{TO_BE_DETERMINED})")
_FILLERS = re.compile(FILLERS)
_LABEL = re.compile(r"^[^\d:;,.\x01]{2,60}: ?(?=\S)")
_EMPTY_BOX = r"(?:\[ ?\]|\( ?\)|☐|□|▢|◻)"
_TICKED_BOX = r"(?:\[ ?[x✓✔√v] ?\]|\( ?[x✓✔√] ?\)|☒|☑|■|▣|✓|✔|✅|√)"
_BOX = re.compile(rf"({_TICKED_BOX})|{_EMPTY_BOX}")
_AWAITS = re.compile(r"after|following|upon|once|depending|ending|despues|apres|apos|sau khi|之后|以后|后")
_WORD = re.compile(r"\w")
_SHORT = 120  #: characters; what is longer is prose, in which a single word decides nothing
_LONGEST = 12 * 100  #: months; more is a year ("2023年"), not a length of time


def read_date(
    wording: str | None,
    *,
    anchors: Mapping[Anchor, date] = _NO_ANCHORS,
    day_order: DayOrder = "dmy",
    stated_in: date | None = None,
    counted_from: Anchor | None = None,
    zone: tzinfo | None = None,
    language: str = "",
) -> DateFact:
    """What `wording` says, in English, Chinese, French, Spanish, Portuguese or Vietnamese. Never raises.

    `anchors` are the days of events that are known already. A wording that counts from another event keeps its
    `rule` and stays unknown; read it again when the event's day is known. `day_order` decides 3/5/2005 and nothing
    else: "22/04/2018" has one reading. `stated_in` is the day the document was distributed; a day 20 years behind
    it is doubted, not believed. `counted_from` is the event that a bare "60 days" runs from, if the field has one.
    A day is read as it is written; with `zone`, a wording that is an instant is brought there first. `language` is
    the writer's, if it is known.
    """
    given = wording or ""
    known = {anchor: _plain_day(day) for anchor, day in anchors.items()}
    context = Context(day_order, _plain_day(stated_in) if stated_in else None, language)
    text = fold(given)
    if instant := read_instant(text, context):
        value = instant.day_in(zone)
        reckoned = replace(instant.reckoned, value=value) if value else instant.reckoned
        return replace(_stated(Day(0, len(text), reckoned)), wording=given)
    return replace(_read(text, known, context, counted_from), wording=given)


def same_news(a: DateFact, b: DateFact) -> bool:
    """Would a reader learn nothing from `b` after `a`? The same day is no news, however it was come by.

    Where neither gives a day, another quality is news ("to be determined" → "not applicable"), and so is another rule
    ("6 months after publication" → "12 months after publication").
    """
    if a.value is not None or b.value is not None:
        return a.value == b.value
    return a.quality == b.quality and a.rule == b.rule


def _plain_day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _read(text: str, anchors: Mapping[Anchor, date], context: Context, counted_from: Anchor | None) -> DateFact:
    text = _LABEL.sub("", _ticked(text)).strip()
    if not _WORD.search(text):
        return DateFact()
    if number := next(read_number(text.rstrip(".。 "), context), None):
        return _stated(number)
    if _NOT_APPLICABLE.match(text.lstrip(" -[(.:*")):
        return DateFact(quality=DateQuality.NOT_APPLICABLE)
    days = find_days(text, context)
    datable = [day for day in days if day.precision is not Precision.YEAR]
    counts = _counts(text, datable)
    counted = next((count for count in counts if count.anchor or count.base), None)
    if stated := _stated_day(text, days, counts, counted, anchors):
        return _stated(stated)
    if counted:
        return _computed(counted, anchors, context)
    return _without_a_date(text, mask(text, datable), counts, anchors, context, counted_from)


def _ticked(text: str) -> str:
    """Of a form with tick boxes, what stands in front of them and behind the ticked ones."""
    boxes = list(_BOX.finditer(text))
    if not boxes:
        return text
    kept = [text[: boxes[0].start()]]
    for box, following in zip(boxes, [*boxes[1:], None], strict=True):
        if box[1]:
            kept.append(text[box.end() : following.start() if following else None])
    if not _WORD.search("".join(kept)):
        return ""
    if any(box[1] for box in boxes) and _NOT_APPLICABLE.match(kept[0].strip()) and _WORD.search("".join(kept[1:])):
        kept = kept[1:]  # "Not applicable [ ] 60 days [X]": the printed choice in front is not the one taken
    return "; ".join(part.strip() for part in kept if part.strip())


def _counts(text: str, days: Sequence[Day]) -> list[Count]:
    masked = mask(text, days)
    counts = [*latin_counts(masked, days), *han_counts(masked, days)]
    return sorted((count for count in counts if count.length.months <= _LONGEST), key=lambda count: count.start)


def _stated_day(
    text: str,
    days: Sequence[Day],
    counts: Sequence[Count],
    counted: Count | None,
    anchors: Mapping[Anchor, date],
) -> Day | None:
    """The day that the wording states, unless it only serves a count or names another text."""
    taken = {day for count in counts for day in (count.base, *count.spoken_for) if day}
    free = [day for day in days if day not in taken and (day.firm or _stands_alone(text, day))]
    free = [day for day in free if day.reckoned.value or day.reckoned.doubt] or free
    believed = [day for day in free if not day.reckoned.other_calendar] or free
    if not believed:
        return None
    first = believed[0]
    awaited = _TO_BE_DETERMINED.match(text)
    if awaited and _AWAITS.search(text, awaited.end(), first.start):
        return None  # "to be determined after the consultation of 3 May 2026"
    if counted and counted.start < first.start and _only_explains(first, counted, anchors):
        return None
    return first


def _only_explains(day: Day, counted: Count, anchors: Mapping[Anchor, date]) -> bool:
    """Is a day behind a count the event's own, "60 days from notification (9 January 2026)", or no day at all?"""
    value, known = day.reckoned.value, anchors.get(counted.anchor) if counted.anchor else None
    return value is None or (known is not None and value <= known and not counted.back)


def _stands_alone(text: str, day: Day) -> bool:
    return len(text) <= _SHORT and not _WORD.search(_FILLERS.sub(" ", f"{text[: day.start]} {text[day.end :]}"))


def _stated(day: Day) -> DateFact:
    reckoned = day.reckoned
    if reckoned.value is None:
        return DateFact(doubt=reckoned.doubt)
    return DateFact(value=reckoned.value, quality=DateQuality.STATED, precision=day.precision, rule=reckoned.rule)


def _computed(count: Count, anchors: Mapping[Anchor, date], context: Context) -> DateFact:
    sign = " - " if count.back else " + "
    precision = Precision.DAY
    if count.base:
        start = count.base.reckoned.value
        if start is None:
            return DateFact(doubt=count.base.reckoned.doubt)
        name, precision = start.isoformat(), count.base.precision
    elif count.anchor:
        start, name = anchors.get(count.anchor), count.anchor.value.replace("_", " ")
    else:
        start, name = None, "?"
    rule = f"{name}{sign}{count.length.words}" if count.length.words else name
    return _fact_by_rule(start, rule, count, precision, context)


def _fact_by_rule(start: date | None, rule: str, count: Count, precision: Precision, context: Context) -> DateFact:
    if start is None:
        return DateFact(rule=rule)
    if count.length.working_days:
        return DateFact(
            rule=rule, doubt="It counts working days, and the market's holidays are not known here; count them."
        )
    sign = -1 if count.back else 1
    try:
        value = add(start, months=sign * count.length.months, days=sign * count.length.days)
    except OverflowError:
        return DateFact(rule=rule, doubt=f"{rule} lies outside the calendar; look it up in the document.")
    if doubt := doubt_about(value, context.stated_in):
        return DateFact(rule=rule, doubt=doubt)
    return DateFact(value=value, quality=DateQuality.COMPUTED, precision=precision, rule=rule)


def _without_a_date(
    text: str,
    masked: str,
    counts: Sequence[Count],
    anchors: Mapping[Anchor, date],
    context: Context,
    counted_from: Anchor | None,
) -> DateFact:
    if len(text) <= _SHORT and (_NOT_APPLICABLE.search(text) or (_CLOSED.search(text) and not _AWAITS.search(text))):
        return DateFact(quality=DateQuality.NOT_APPLICABLE)
    if _TO_BE_DETERMINED.search(text):
        return DateFact()
    if counts and (counts[0].linked or _stands_alone(text, _span(counts[0]))):
        anchor = None if counts[0].linked else counted_from
        return _computed(replace(counts[0], anchor=anchor), anchors, context)
    if event := own_day_of_event(masked):
        anchor, months, days = event
        return _event_s_day(anchor, months, days, anchors, context)
    return DateFact()


def _event_s_day(anchor: Anchor, months: int, days: int, anchors: Mapping[Anchor, date], context: Context) -> DateFact:
    start = anchors.get(anchor)
    if months:
        name = anchor.value.replace("_", " ")
        rule = f"{name} + {months} month{'' if months == 1 else 's'}, first day of that month"
        length = Length(months=months)
        count = Count(start=0, end=0, length=length)
        return _fact_by_rule(start.replace(day=1) if start else None, rule, count, Precision.DAY, context)
    length = Length("1 day" if days else "", days=days)
    return _computed(Count(start=0, end=0, length=length, anchor=anchor), anchors, context)


def _span(count: Count) -> Day:
    return Day(count.start, count.end, Reckoned())
