"""A calendar of days to act by, as calendar programs read it (RFC 5545). The same events give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from watcher.text import one_line, safe_link

_LONGEST_LINE = 75  # octets, without the line's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One day of a measure."""

    uid: str  #: the same for ever
    day: date
    summary: str
    description: str = ""
    link: str = ""
    status: str = "CONFIRMED"  #: CONFIRMED, TENTATIVE: the day is not stated, CANCELLED: there is none any more
    sequence: int = 0  #: grows whenever the day or the status is another
    stamped_at: datetime  #: when this sequence was made


def calendar_text(events: Iterable[Event], *, name: str) -> str:
    """The calendar, a day for each event, which blocks nobody's time."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tbtwatch//deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    stamped = event.stamped_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{stamped}",
        f"LAST-MODIFIED:{stamped}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(one_line(event.summary, 250))}",
        f"STATUS:{event.status}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{_text(event.description)}")
    link = safe_link(event.link)
    if link and link.isascii():
        lines.append(f"URL:{link}")
    return [*lines, "END:VEVENT"]


def _text(text: str) -> str:
    """A text as a value: what has a meaning of its own is escaped, each line is cleaned of control characters."""
    lines = (one_line(line, 2000) for line in text.splitlines())
    return "\\n".join(line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)


def _folded(line: str) -> str:
    """The line cut into pieces of at most 75 octets, never inside a character."""
    pieces, piece, room = [], "", _LONGEST_LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LONGEST_LINE - 1  # a blank begins the next
        piece += char
        room -= size
    return "\r\n ".join([*pieces, piece])
