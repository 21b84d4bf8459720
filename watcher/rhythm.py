"""When to ask a source again. Pure: what came, what it said of itself, the time and chance in; an instant out.

A source has its own place in its interval, taken from its name, so that a thousand sources do not ask in one second
and each asks at about the same minutes of every hour. What the publisher says can only make it ask later:
`Cache-Control`, `Expires` (RFC 9111), `ttl`, `skipHours` and `skipDays` (RSS 2.0), `Retry-After` (RFC 9110, 10.2.3).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

from watcher.source import Rhythm

#: What a document says of how often to ask is believed up to so many of the source's intervals, and in any case up to
#: a day, for whoever asks once a day is polite to anybody; more is a mistake of its server, and readers would go blind.
MOST_INTERVALS = 24
AT_LEAST_BELIEVED = timedelta(days=1)
MOST_BELIEVED = timedelta(days=7)

#: The first wait after a failure; each further one doubles it.
FIRST_RETRY = timedelta(minutes=5)
#: A failing source is asked at least so often, if its own interval is no longer.
SLOWEST_RETRY = timedelta(hours=1)
#: One that is refused, or not there, is asked at least so often, if its own interval is no longer.
SLOWEST_REFUSED = timedelta(days=1)
#: A document that is not there is looked for so long, then once in `SUSPENDED_EVERY`.
MISSED_FOR = timedelta(days=7)
SUSPENDED_EVERY = timedelta(days=7)
#: "Too many requests" without a time: some publishers count by the hour and let in nobody before it has passed.
RATE_WINDOW = timedelta(hours=1)

_MOST_DOUBLINGS = 12
_JITTER = 0.02  # of the interval, to either side
_MOST_JITTER = timedelta(minutes=1)
_RETRY_JITTER = 0.25  # of the wait, later only
_SPREAD_AFTER_REST = timedelta(minutes=5)

_DIRECTIVE = re.compile(r"""([A-Za-z0-9!#$%&'*.^_`|~+-]+)\s*(?:=\s*("[^"]*"|[^\s,;"]*))?""")
_LONGEST_HEADER = 2_000


def lifetime(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long an answer stays as it is, by its own headers (names in lower case); None: it does not say.

    `max-age` less `Age`, or `Expires`. `no-store` and `no-cache` are no reason to wait, `private` is said to shared
    caches, and so is `s-maxage`: we are none. What is stated and cannot be read is over already (RFC 9111, 4.2.1).
    """
    stated = headers.get("cache-control", "")[:_LONGEST_HEADER]
    directives: dict[str, list[str]] = {}
    for name, value in _DIRECTIVE.findall(stated):
        directives.setdefault(name.lower(), []).append(value.strip('" '))
    if "no-store" in directives or ("no-cache" in directives and not any(directives["no-cache"])):
        return timedelta(0)
    if ages := directives.get("max-age"):
        return max(timedelta(0), min(map(_seconds, ages)) - _seconds(headers.get("age", "")))
    if (expires := headers.get("expires")) is not None:
        end, date = _instant(expires), _instant(headers.get("date", ""))
        return max(timedelta(0), end - (date or now)) if end else timedelta(0)
    return None


def believed(wait: timedelta, every: timedelta) -> timedelta:
    """What a publisher asks for, as far as it is sense for a source asked so often; see `MOST_INTERVALS`."""
    return min(wait, max(AT_LEAST_BELIEVED, min(every * MOST_INTERVALS, MOST_BELIEVED)))


def next_poll(
    *,
    name: str,
    every: timedelta,
    began: datetime,
    now: datetime,
    lives: timedelta | None = None,
    rhythm: Rhythm | None = None,
    chance: Random | None = None,
) -> datetime:
    """When to poll a source again after a good poll that began at `began` and ended `now`.

    `lives` is the answer's `lifetime`, `rhythm` what the document says. Without `chance` nothing is spread: exactly
    one interval later. Otherwise at the source's own place in its interval: once a little sooner or later than an
    interval (three quarters to seven quarters of it), ever after one interval later.
    """
    _aware(began, now)
    next_at = now + every
    if chance is not None:
        earliest = max(began + every * 3 / 4, now + every / 4)
        next_at = earliest + (_place(name, every) - _since_epoch(earliest)) % every
        next_at += min(every * _JITTER, _MOST_JITTER) * chance.uniform(-1, 1)
    floor = max(lives or timedelta(0), (rhythm and rhythm.ttl) or timedelta(0))
    next_at = max(next_at, now + believed(floor, every))
    return allowed(next_at, rhythm)


def allowed(when: datetime, rhythm: Rhythm | None) -> datetime:
    """The first instant from `when` on that lies in none of the hours and days to be left out (UTC).

    Minutes are kept, so that not everybody asks on the hour. A document that leaves out every hour or day is in error
    and left out itself.
    """
    if rhythm is None:
        return when
    hours = rhythm.skip_hours if not rhythm.skip_hours >= frozenset(range(24)) else frozenset()
    days = rhythm.skip_days if not rhythm.skip_days >= frozenset(range(7)) else frozenset()
    for _ in range(24 * 8):
        there = when.astimezone(UTC)
        if there.hour not in hours and there.weekday() not in days:
            return when
        when += timedelta(hours=1)
    return when


def next_try(
    *,
    every: timedelta,
    failures: int,
    now: datetime,
    retry_after: timedelta | None = None,
    refused: bool = False,
    missing_since: datetime | None = None,
    chance: Random | None = None,
) -> datetime:
    """When to ask again after so many failed polls in a row, at least one.

    Ordinarily after five minutes, then after twice as long each time, up to the interval or an hour. `refused` (a
    status that says no): never sooner than usual, for it will not change by asking, up to a day. `missing_since`:
    since when the document is not there: after a week it is looked for once a week. Never before `retry_after`.
    """
    _aware(now)
    times = 1 << min(max(failures, 1) - 1, _MOST_DOUBLINGS)
    if missing_since is not None and now - missing_since >= MISSED_FOR:
        wait = max(SUSPENDED_EVERY, every)
    elif refused:
        wait = min(every * times, max(every, SLOWEST_REFUSED))
    elif missing_since is not None:
        wait = min(min(FIRST_RETRY, every) * times, max(every, SLOWEST_REFUSED))
    else:
        wait = min(min(FIRST_RETRY, every) * times, max(every, SLOWEST_RETRY))
    if chance is not None:
        wait += wait * _RETRY_JITTER * chance.random()
    return now + max(wait, retry_after or timedelta(0))


def host_rests(
    *,
    failures: int,
    now: datetime,
    retry_after: timedelta | None = None,
    rate_limited: bool = False,
    chance: Random | None = None,
) -> datetime:
    """Until when to leave a host alone, all its sources, after it said so many times in a row that it is too much.

    `rate_limited`: it said 429; without a `Retry-After` an hour is waited at least. Otherwise (503) five minutes at
    first, twice as long each time, up to an hour.
    """
    _aware(now)
    wait = min(FIRST_RETRY * (1 << min(max(failures, 1) - 1, _MOST_DOUBLINGS)), SLOWEST_RETRY)
    if rate_limited and retry_after is None:
        wait = RATE_WINDOW
    if chance is not None:
        wait += wait * _RETRY_JITTER * chance.random()
    return now + max(wait, retry_after or timedelta(0))


def after_rest(name: str, resume_at: datetime, *, chance: Random | None = None) -> datetime:
    """When a source of a host that rested until `resume_at` may ask: its sources do not all come at once."""
    return resume_at if chance is None else resume_at + _place(name, _SPREAD_AFTER_REST)


def _place(name: str, every: timedelta) -> timedelta:
    """A source's own place in an interval: always the same, and no other source's but by chance."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return timedelta(seconds=every.total_seconds() * (number / 2**64))


def _since_epoch(when: datetime) -> timedelta:
    return when - datetime(1970, 1, 1, tzinfo=UTC)


def _seconds(text: str) -> timedelta:
    """A number of seconds; nothing if it is none. An absurd one is as good as a year."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return timedelta(0)
    return timedelta(seconds=min(int(text), 366 * 86_400)) if len(text) < 12 else timedelta(days=366)


def _instant(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text[:100].strip())
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return when.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _aware(*instants: datetime) -> None:
    for one in instants:
        if one.tzinfo is None:
            raise ValueError(f"{one!r} has no time zone; pass an aware datetime")
