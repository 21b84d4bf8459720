"""Why a fetch gave no document, as a reason to count and a sentence for the source's keeper."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import unquote_plus, urlsplit, urlunsplit

#: Nobody is waited for longer than this, whatever a Retry-After says.
LONGEST_RETRY_AFTER = timedelta(days=7)
_ABSURD_RETRY_AFTER = timedelta(days=366)

_SECRET_NAME = re.compile(r"key|token|secret|sig|hmac|pass|pwd|auth|cred|session|cookie", re.IGNORECASE)
_QUERY_PART = re.compile(r"([^&;=]*)=([^&;]*)")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Reason(StrEnum):
    """Why a fetch gave no document; logged and counted."""

    RATE_LIMITED = "rate_limited"  #: 429
    UNAVAILABLE = "unavailable"  #: 5xx
    GONE = "gone"  #: 410: for good
    MISSING = "missing"  #: 404
    FORBIDDEN = "forbidden"  #: 401, 403, 451
    RESTING = "resting"  #: the host asked, some time ago, to be left alone until later
    ROBOTS = "robots"  #: the host's robots.txt asks programs like ours to stay away from it
    OTHER_STATUS = "other_status"  #: any other status that brings no document
    REFUSED_ADDRESS = "refused_address"  #: not a public address, not a web port, or not http(s)
    BAD_REDIRECT = "bad_redirect"  #: round in circles, to nowhere, or out of https
    TOO_LARGE = "too_large"  #: on the wire or after decompression
    TIMED_OUT = "timed_out"  #: no connection, or not the whole answer, in time
    TRUNCATED = "truncated"  #: the answer ended before its end
    UNREACHABLE = "unreachable"  #: name unknown, connection refused or lost, certificate not trusted, not HTTP
    BAD_ENCODING = "bad_encoding"  #: compressed in a way that was not offered, or wrongly
    BAD_REQUEST = "bad_request"  #: what we were told to ask for cannot be asked
    NOT_STORED = "not_stored"  #: the document came and could not be written to its file


class FetchError(Exception):
    """No document. `str()` is a sentence for the source's keeper and never holds a key."""

    def __init__(
        self,
        reason: Reason,
        sentence: str,
        retry_after: timedelta | None = None,
        *,
        status: int | None = None,
        asked: str = "",
    ) -> None:
        super().__init__(reason, sentence, retry_after)
        self.reason = reason
        self.sentence = sentence
        self.retry_after = retry_after  #: how long the publisher asked to be left alone; at most 7 days
        self.status = status  #: the HTTP status, if there was one
        self.asked = asked  #: the address that answered so, without its keys, redirects followed; empty: none did

    def __str__(self) -> str:
        return self.sentence


_BY_STATUS = {
    401: (Reason.FORBIDDEN, "check the key in the source's settings"),
    403: (
        Reason.FORBIDDEN,
        "check the source's key; if it has none, the publisher does not let programs in: write to it and ask",
    ),
    404: (Reason.MISSING, "check the address in the source's settings"),
    410: (Reason.GONE, "it was given up for good; give the source its new address or switch it off"),
    429: (Reason.RATE_LIMITED, "it wants to be asked less often"),
    451: (Reason.FORBIDDEN, "the publisher may not show it here"),
}
_SOME_MISSING_KEYS = (
    "check the address and the key in the source's settings, for some publishers answer so to a wrong key"
)

_SOME_MISSING_MEMBERS = "check the address and the source's 'body', for some answer so to one that lacks something"


def refused_by_status(
    status: int,
    url: str,
    *,
    retry_after: timedelta | None = None,
    key_was_sent: bool = False,
    body_was_sent: bool = False,
) -> FetchError:
    """The error for an answer whose status brings no document."""
    reason, advice = _BY_STATUS.get(status, (Reason.OTHER_STATUS, "no document comes with that; check the address"))
    if status >= 500:
        reason, advice = Reason.UNAVAILABLE, "the publisher has trouble of its own; nothing to do unless it lasts"
    if body_was_sent and reason is Reason.OTHER_STATUS and 400 <= status < 500:
        advice = _SOME_MISSING_MEMBERS
    if status == 404 and key_was_sent:
        advice = _SOME_MISSING_KEYS
    if retry_after is not None and reason in (Reason.RATE_LIMITED, Reason.UNAVAILABLE):
        advice = f"it asks to be left alone for {_spoken(retry_after)}"
    try:
        meaning = f" ({HTTPStatus(status).phrase})"
    except ValueError:
        meaning = ""
    sentence = f"{host_of(url)} answered {status}{meaning} for {without_secrets(url)}: {advice}"
    return FetchError(reason, sentence, retry_after, status=status, asked=without_secrets(url))


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); at most 7 days.

    None if there is none, if it is no such thing, if it lies in the past or more than a year ahead.
    """
    text = (value or "").strip()
    if not text.isascii():
        return None
    if text.isdigit():
        wait = timedelta(seconds=int(text)) if len(text) < 12 else timedelta.max
    else:
        try:
            when = parsedate_to_datetime(text)
            wait = (when if when.tzinfo else when.replace(tzinfo=UTC)) - now
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
    if wait < timedelta(0) or wait > _ABSURD_RETRY_AFTER:
        return None
    return min(wait, LONGEST_RETRY_AFTER)


def host_of(url: str) -> str:
    """The host of an address as it may be shown; never empty."""
    try:
        return shown(urlsplit(url).hostname or "", 100) or "the publisher"
    except ValueError:
        return "the publisher"


def without_secrets(url: str) -> str:
    """An address as it may be shown: no user, no fragment, and no value of a parameter that smells of a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an unreadable address"
    query = _QUERY_PART.sub(lambda part: f"{part[1]}=***" if _is_secret(part[1]) else part[0], parts.query)
    netloc = parts.netloc.rpartition("@")[2]
    return shown(urlunsplit((parts.scheme, netloc, parts.path, query, "")), 200)


def shown(text: str, limit: int) -> str:
    """Without control characters, cut."""
    tidy = _CONTROL.sub(" ", text).strip()
    return tidy if len(tidy) <= limit else tidy[: limit - 1] + "…"


def _is_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(unquote_plus(name)))


def _spoken(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds" if seconds != 1 else "1 second"
