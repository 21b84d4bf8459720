"""The day a publisher put on an entry: its own calendar's day, whatever zone the instant is written in."""

from __future__ import annotations

import re
from datetime import date, timedelta, tzinfo
from typing import Final

from watcher.dates import Precision
from watcher.dates.clock import Clock, clock_of, day_in
from watcher.dates.days import find_days
from watcher.dates.days_numbers import read_number
from watcher.dates.fold import fold
from watcher.dates.instants import read_instant
from watcher.dates.patterns import Context, Day
from watcher.source import DayOrder

_LONGEST: Final = 300  # characters; what is longer is no date field
_WORDS: Final = 80  # letters beside the day: "Thursday", "Published on", "Veröffentlicht am"

_CLOCK: Final = re.compile(
    r"(?P<half>上午|下午|午前|午后|凌晨|早上|中午|晚上|오전|오후)? ?(?<![\d.:])(?P<hour>\d{1,2})"
    r"(?:(?::|h| ?[时点시] ?)(?P<minute>\d{2}(?!\d))(?::(?P<second>\d{2}))?(?:[.,]\d{1,12})?(?:[分분](?: ?\d{1,2}秒)?)?"
    r"|[时点시]|(?= ?[ap]\.?m\.?(?![a-z])))(?: ?(?P<latin_half>[ap])\.?m\.?(?![a-z]))?"
    r"(?: ?\(?(?P<zone>(?:gmt|utc?) ?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|z|[a-z]{2,5})(?![a-z\d])\)?)?"
)
#: A time with a dot, as Germans, Finns and Indonesians write it; only where nothing else is left.
_DOTTED_CLOCK: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])\.[0-5]\d(?:\.[0-5]\d)?(?![\d.]*\d)")
_VIETNAMESE_WEEKDAY: Final = re.compile(r"(?<![a-z])(?:thu|t) ?[2-7](?!\d)")
#: Beside one of these a day is not of the calendar that it looks to be of.
_OTHER_CALENDAR: Final = re.compile(
    r"[农農阴陰旧舊][历曆暦]|음력|佛历|昭和|大正|明治|檀|단기|黄帝|(?<![a-z])(?:bc|b\.c|bce|ah|a\.h|saka|shaka|hijri|jalali)(?![a-z])"
    r"|هجري|شمسي|(?<![\u0620-\u064a])ه(?![\u0620-\u064a])|พ\.ศ|民国|令和|平成"
)
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")
#: The end of a day that was read together with its time (`watcher.dates.patterns.TIME`).
_TIME_OF_DAY: Final = re.compile(r"(?<=[t ,])\d{1,2}[:h]\d{2}")
_NEARLY: Final = timedelta(days=2)  # by which a day of the Hijri calendar depends on who saw the moon


def publisher_day(
    wording: str, *, zone: tzinfo | None = None, day_order: DayOrder = "dmy", language: str = ""
) -> date | None:
    """The day of a feed's date, as written; with `zone`, an instant in UTC or with an offset is brought there first.

    All of the wording must be understood: one day and nothing else that has digits, but a time. A wording that is
    ambiguous, that names two days, a month only, or no believable day gives None. `language` is the publisher's, if
    it is known; "17. listopada" is November in Polish and October in Croatian.
    """
    context = Context(day_order, None, language)
    if wording.isascii() and (instant := read_instant(" ".join(wording.lower().split()), context)):
        return instant.day_in(zone)
    text = fold(wording)
    if not 0 < len(text) <= _LONGEST or len(wording) > 4 * _LONGEST:
        return None
    if instant := read_instant(text, context):
        return instant.day_in(zone)
    if number := next(read_number(text, context), None):
        return number.reckoned.value if number.precision is Precision.DAY else None
    return _worded(text, context, zone)


def _worded(text: str, context: Context, zone: tzinfo | None) -> date | None:
    found = [day for day in find_days(text, context) if day.precision is Precision.DAY]
    day = _the_one(found)
    if day is None:
        return None
    rest = _without(text, found)
    clocks = list(_CLOCK.finditer(rest))
    clock = clock_of(clocks[0]) if len(clocks) == 1 else Clock()
    rest = _VIETNAMESE_WEEKDAY.sub(" ", _CLOCK.sub(" ", rest))
    if _DIGIT.search(rest):
        rest = _DOTTED_CLOCK.sub(" ", rest, count=1)
    if clock is None or _DIGIT.search(rest) or _OTHER_CALENDAR.search(rest) or len(_LETTER.findall(rest)) > _WORDS:
        return None
    return day_in(day, clock, zone)


def _the_one(found: list[Day]) -> date | None:
    """The day that all the days of a wording are."""
    if not found or any(day.reckoned.value is None for day in found):
        return None
    common = {day.reckoned.value for day in found if not day.reckoned.other_calendar}
    others = {day.reckoned.value for day in found if day.reckoned.other_calendar}
    if len(common or others) != 1:
        return None
    (day,) = common or others
    assert day is not None
    return day if all(other and abs(other - day) <= _NEARLY for other in others) else None


def _without(text: str, found: list[Day]) -> str:
    """The text without its days; a time that was read with a day stays."""
    for day in found:
        time = _TIME_OF_DAY.search(text, day.start, day.end)
        end = time.start() if time else day.end
        text = text[: day.start] + " " * (end - day.start) + text[end:]
    return text
