"""The markup of a feed, mended and read where its parser would give up, take its time, or look away.

One forbidden character reference, one bare "&" or one element with thousands of attributes costs all the entries or
minutes; and of what a feed says on how often to ask for it, the parser keeps the last hour and the last day alone.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Final

from watcher.source import EndedError, Rhythm, SourceError
from watcher.text import one_line, plain

_OPENING: Final = re.compile(r"<(?:[\w.\-]+:)?(?:item|entry)(?![\w.\-:])", re.IGNORECASE)
_CLOSING: Final = re.compile(r"</(?:[\w.\-]+:)?(?:item|entry)\s*>", re.IGNORECASE)

_CDATA: Final = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_REFERENCE: Final = re.compile(r"&(?:#(?P<count>\d+|[xX][0-9a-fA-F]+)(?P<end>;?)|(?P<name>[A-Za-z][\w.\-]{0,60};))?")
_MOST_ATTRIBUTES: Final = 256
_TOO_MANY_ATTRIBUTES: Final = re.compile(
    rf"<[^<>\s]+(?:\s+[^<>\s=\"']+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s<>\"']+)){{{_MOST_ATTRIBUTES + 1}}}"
)

_TTL: Final = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD: Final = re.compile(r"<(?:\w+:)?updatePeriod>\s*(\w{1,10})\s*</", re.IGNORECASE)
_FREQUENCY: Final = re.compile(r"<(?:\w+:)?updateFrequency>\s*(\d{1,4})\s*</", re.IGNORECASE)
_SKIPPED_HOUR: Final = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_SKIPPED_DAY: Final = re.compile(r"<day>\s*([a-z]{3})[a-z]*\s*</day>", re.IGNORECASE)
_SKIPPED: Final = re.compile(r"<skip(?:Hours|Days)>(.{0,3000}?)</skip(?:Hours|Days)>", re.IGNORECASE | re.DOTALL)
_PERIODS: Final = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_HEAD: Final = 100_000  # characters beside the entries that are searched

_ENDED: Final = re.compile(
    r"^\W*(?:this|the|our)\s+(?:\w+\s+)?(?:feed|rss)\b.{0,40}?\b(?:has\s+(?:now\s+)?(?:ended|been\s+(?:retired|discontinued|closed"
    r"|withdrawn|switched\s+off))|is\s+(?:no\s+longer|not)\s+(?:\w+\s+)?(?:available|updated|maintained|supported))",
    re.IGNORECASE,
)
_ERROR_PAGE: Final = re.compile(
    r"^\W*(?:http\s+)?(?:error\s+)?[45]\d\d\b(?=\D*$)|\b(?:page|feed|file|document)\s+(?:was\s+|could\s+)?not\s+(?:be\s+)?found\b"
    r"|^\W*(?:not\s+found|forbidden|access\s+denied|service\s+unavailable|bad\s+gateway|internal\s+server\s+error)\b",
    re.IGNORECASE,
)


def mended(text: str) -> str:
    """The feed with references that XML allows. Raises SourceError for an element with absurdly many attributes."""
    if text.count("=") > _MOST_ATTRIBUTES and _TOO_MANY_ATTRIBUTES.search(text):
        raise SourceError(f"has an element with more than {_MOST_ATTRIBUTES} attributes, which no feed has")
    if "&" not in text:
        return text
    pieces = _CDATA.split(text) if "<![CDATA[" in text else [text]
    return "".join(piece if piece.startswith("<![CDATA[") else _REFERENCE.sub(_allowed, piece) for piece in pieces)


def _allowed(reference: re.Match[str]) -> str:
    """A reference as it stands; nothing for a character that XML forbids; "&amp;" for what is no reference."""
    count = reference["count"]
    if count is None:
        return reference[0] if reference["name"] else "&amp;"
    digits = count[1:] if count[0] in "xX" else count
    number = int(digits, 16 if count[0] in "xX" else 10) if len(digits.lstrip("0")) <= 7 else -1
    is_allowed = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0x10FFFF
    return f"&#{count};" if is_allowed and number not in (0xFFFE, 0xFFFF) else ""


def rhythm_of(text: str) -> Rhythm | None:
    """What a feed says of how often to ask: ttl in minutes, skipHours and skipDays (RSS 2.0), sy:updatePeriod.

    What stands in an entry is not the feed's. None: it says nothing.
    """
    first, ends = _OPENING.search(text), [found.end() for found in _CLOSING.finditer(text)]
    head = text[: first.start() if first else len(text)][:_LONGEST_HEAD]
    beside = head + (text[ends[-1] :][:_LONGEST_HEAD] if first and ends else "")
    ttl = max(_ttl(beside), _period(beside))
    hours: set[int] = set()
    days: set[int] = set()
    for skipped in _SKIPPED.findall(beside):
        # In RSS 0.91 the hours are 1 to 24, and midnight is 24.
        hours.update(int(hour) % 24 for hour in _SKIPPED_HOUR.findall(skipped) if int(hour) <= 24)
        days.update(_DAYS.index(day.lower()) for day in _SKIPPED_DAY.findall(skipped) if day.lower() in _DAYS)
    if not (ttl or hours or days):
        return None
    return Rhythm(ttl=ttl or None, skip_hours=frozenset(hours), skip_days=frozenset(days))


def _ttl(beside: str) -> timedelta:
    found = _TTL.search(beside)
    return timedelta(minutes=int(found[1])) if found else timedelta(0)


def _period(beside: str) -> timedelta:
    period, frequency = _PERIOD.search(beside), _FREQUENCY.search(beside)
    hours = _PERIODS.get(period[1].lower(), 0) if period else 0
    return timedelta(hours=hours) / max(1, int(frequency[1]) if frequency else 1)


def refuse_what_is_over(feed_title: str, entry_titles: list[str]) -> None:
    """Raises SourceError for a feed that is an error, or says that it has ended: it answers 200 and holds no news."""
    if not entry_titles and _ERROR_PAGE.search(shown := one_line(plain(html.unescape(feed_title)), 120)):
        raise SourceError(f"answered with an error in the form of a feed: {shown!r}")
    if len(entry_titles) == 1 and _ENDED.search(shown := one_line(entry_titles[0], 200)):
        raise EndedError(f"says that it has ended: {shown!r}; look for the publisher's new address")
