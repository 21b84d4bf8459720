"""The day a publisher put on an entry: its own calendar's day, whatever zone the instant is written in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from watcher.sources.stated import DayOrder, StatedDate, day_of

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_CLOCK: Final = (
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})?(?:\.\d+)?)?"
    r"\s*(?P<zone>[A-Za-z]{1,5}|[+\-]\d{2}:?\d{2})?)?"
)
_RFC_822: Final = re.compile(
    r"\s*(?:[A-Za-z]{3,9}\.?,?\s+)?(?P<day>\d{1,2})[\s\-]+(?P<month>[A-Za-z]{3})[a-z]*\.?[\s\-]+(?P<year>\d{4}|\d{2})"
    rf"{_CLOCK}(?:\s*\(\w+\))?\s*"
)
_ISO_8601: Final = re.compile(rf"\s*(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}){_CLOCK}\s*")
_UTC_NAMES: Final = frozenset({"GMT", "UT", "UTC", "Z"})


def publisher_day(wording: str, *, zone: tzinfo | None = None, day_order: DayOrder = "dmy") -> date | None:
    """The day of a feed's date, as written; with `zone`, an instant in UTC or with an offset is brought there first.

    Zone names such as EST or JST are the publisher's own: the day beside them is its day. What is neither RFC 822 nor
    ISO 8601 is read like any date in a notification, and only a whole day is believed.
    """
    found = _RFC_822.fullmatch(wording) or _ISO_8601.fullmatch(wording)
    if found is None:
        return day_of(StatedDate(text=wording), day_order=day_order)
    month = found["month"]
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    try:
        number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        clock = (int(found["hour"] or 0), int(found["minute"] or 0))
        written = _zone(found["zone"]) if found["hour"] else None
        if zone is None or written is None:
            return date(year, number, int(found["day"]))
        return datetime(year, number, int(found["day"]), *clock, tzinfo=written).astimezone(zone).date()
    except (ValueError, KeyError, OverflowError):
        return None


def _zone(written: str | None) -> tzinfo | None:
    if written is None:
        return None
    if written.upper() in _UTC_NAMES:
        return UTC
    if written[0] not in "+-":
        return None
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if written[0] == "-" else offset)
