"""The WTO's ePing API: every TBT and SPS notification since 1995 as JSON, in pages. Needs a free key.

The first poll reads everything. Later polls read from `overlap_days` before the latest distribution date seen, as
items appear late; and once in `full_every_days` everything is read again, so that neither a very late item nor a
silent edit of an old one is ever missed.

Address, parameters and reply are known from client programs only (docs/sources.md), so they stand here alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import Field, SecretStr, field_validator

from watcher.source import Cursor, Document, Page, Request, SourceConfig, SourceError
from watcher.sources.configuring import WebAddress
from watcher.sources.cursors import moved_on
from watcher.sources.eping_item import entries_of
from watcher.sources.stated import FindMember, no_members
from watcher.text import one_line, plain

_DOMAIN_IDS: Final[Mapping[str, str]] = {"TBT": "1", "SPS": "2"}
_LANGUAGES: Final[Mapping[str, str]] = {"en": "1", "fr": "2", "es": "3"}
_LONGEST_NUMBER = 30  # digits; no number of an item has more, and Python refuses to read very long ones


class EpingApiSource:
    """Pages of notifications, one domain after the other. Which page an answer is, its request says."""

    class Config(SourceConfig):
        """Settings of a source of kind eping_api."""

        base_url: WebAddress = "https://api.wto.org/eping"  #: with the path
        key: SecretStr | None = None  #: subscription key of the WTO's API portal
        domains: tuple[Literal["TBT", "SPS"], ...] = ("TBT",)
        language: Literal["en", "fr", "es"] = "en"  #: the language asked for
        page_size: int = Field(100, ge=1, le=1000)
        max_pages: int = Field(4000, ge=1, le=4900)  #: of one domain; 104,818 items were 1,049 pages in August 2026
        overlap_days: int = Field(90, ge=0, le=3650)
        full_every_days: int = Field(7, ge=1, le=3650)
        robots: bool = False  #: whoever has a key of the WTO's has its consent
        calls_per_second: float = Field(10.0, gt=0, le=10)  #: the WTO allows ten
        seed_from: date | None = None  #: nothing distributed earlier is asked for; None: everything

        @field_validator("key")
        @classmethod
        def _blank_is_none(cls, value: SecretStr | None) -> SecretStr | None:
            return value if value and value.get_secret_value().strip() else None

        @field_validator("domains")
        @classmethod
        def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
            if not value:
                raise ValueError("must name TBT, SPS or both")
            return tuple(domain for domain in _DOMAIN_IDS if domain in value)

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        self.config = config
        self._find_member = find_member

    def resting(self) -> str | None:
        """Without a key the WTO answers 404, as if the address were wrong; so it is not asked."""
        if self.config.rests or self.config.key is not None:
            return self.config.rests or None
        return (
            "the WTO key is missing: get a free one at https://apiportal.wto.org (product Standard) and set "
            "TBTWATCH_EPING_KEY; without it the API answers 404 to everything. The workbook source needs no key and "
            "brings the same notifications once a day."
        )

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """Page 1 of the first domain: of everything, or from the overlap on."""
        return self._request(self.config.domains[0], page=1, size=self.config.page_size, since=self._since(cursor, now))

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """One page. A first page without a single item is a fault: what was asked for is never empty."""
        asked = dict(parse_qsl(urlsplit(document.request.url).query))
        domain = next((name for name, number in _DOMAIN_IDS.items() if number == asked.get("domainIds")), "TBT")
        page, size = int(asked.get("page", 1)), int(asked.get("pageSize", self.config.page_size))
        answer = _answer(document)
        items, total = answer["items"], _count(answer.get("totalCount"))
        if not items:
            self._refuse_silence(domain, page, total, since=asked.get("distributionDateFrom"), cursor=cursor)
        following = self._following(answer, domain, page, size, asked.get("distributionDateFrom"))
        entries = entries_of(items, language=self.config.language, find_member=self._find_member)
        return Page(entries=iter(entries), next=following, total=total)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """Move on to `seen`. `now` is when the poll began: it decides whether that poll read everything."""
        return moved_on(cursor, seen=seen, now=now, full=self._is_full(cursor, now))

    def _is_full(self, cursor: Cursor, now: datetime) -> bool:
        if cursor.seeded_at is None or cursor.high_water is None or cursor.last_full is None:
            return True
        return now - cursor.last_full >= timedelta(days=self.config.full_every_days)

    def _since(self, cursor: Cursor, now: datetime) -> date | None:
        start = self.config.seed_from
        if self._is_full(cursor, now) or cursor.high_water is None:
            return start
        overlap = min(cursor.high_water, now.date()) - timedelta(days=self.config.overlap_days)
        return max(overlap, start) if start else overlap

    def _request(self, domain: str, *, page: int, size: int, since: date | str | None) -> Request:
        asked = {
            "language": _LANGUAGES[self.config.language],
            "domainIds": _DOMAIN_IDS[domain],
            **({"distributionDateFrom": str(since)} if since else {}),
            "page": str(page),
            "pageSize": str(size),
        }
        base = urlsplit(self.config.base_url)
        query = urlencode([*parse_qsl(base.query), *asked.items()])
        key = self.config.key.get_secret_value().strip() if self.config.key else ""
        hundreds = -(-size // 100)  # of items; one is seldom larger than 20 kB
        return Request(
            url=urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + "/notifications/search", query, "")),
            headers={"Ocp-Apim-Subscription-Key": key} if key else {},
            accept="application/json",
            conditional=False,  # a list that may have shifted is always read anew
            max_body=6_000_000 * hundreds,
            max_decoded=12_000_000 * hundreds,
            page=page,
            pause_seconds=1 / self.config.calls_per_second,
        )

    def _following(
        self, answer: Mapping[str, Any], domain: str, page: int, size: int, since: str | None
    ) -> Request | None:
        """The next page, the first page of the next domain, or None."""
        count, total = len(answer["items"]), _count(answer.get("totalCount"))
        # A publisher may give fewer a page than asked for: then ask for as many as it gives, or pages would be skipped.
        given = _count(answer.get("pageSize")) or (count if page == 1 and total and count < total else size)
        if page == 1 and 0 < given < size:
            size = given
        read = (page - 1) * size + count
        if count and (read < total if total is not None else count >= size):
            if page >= self.config.max_pages:
                raise SourceError(
                    f"gave {page} pages of {domain} notifications and says there are more ({total} in all): "
                    "its list has no end, or max_pages is too small for it"
                )
            return self._request(domain, page=page + 1, size=size, since=since)
        later = self.config.domains[self.config.domains.index(domain) + 1 :] if domain in self.config.domains else ()
        return self._request(later[0], page=1, size=self.config.page_size, since=since) if later else None

    def _refuse_silence(self, domain: str, page: int, total: int | None, *, since: str | None, cursor: Cursor) -> None:
        """Tell "nothing here" from "something is wrong": a silence believed would count as a complete poll."""
        if page > 1:
            # Past the end of a list that grew shorter while it was read; but it can't have vanished.
            if total == 0:
                raise SourceError(f"said on page {page} that it has no {domain} notifications, after giving some")
            return
        if domain != self.config.domains[0]:
            return  # the first domain answered; this one may have had nothing for a month
        if total:
            raise SourceError(f"gave no items, although it counts {total} {domain} notifications")
        if cursor.high_water and since and since <= cursor.high_water.isoformat():
            raise SourceError(
                f"answered with no items at all, although it had {domain} notifications up to {cursor.high_water} "
                f"and was asked for those from {since} on"
            )
        if since is None:
            raise SourceError(f"answered with no items at all, although it was asked for all {domain} notifications")


def _answer(document: Document) -> Mapping[str, Any]:
    """The JSON object of an answer, its `items` a list. Raises SourceError."""
    if document.status in (401, 403, 404):
        raise SourceError(f"answered {document.status}: the key is wrong or has expired, or base_url is not right")
    text = _body(document).decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        raise SourceError(f"answered with a web page instead of JSON: {one_line(plain(text[:5000]), 120)!r}")
    if not text.strip():
        raise SourceError("answered with nothing at all instead of JSON")
    try:
        answer = json.loads(text, parse_int=_number)
    except RecursionError:
        raise SourceError("answered with JSON that is nested too deeply to be read") from None
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        what = "breaks off" if at_end else "is not JSON"
        raise SourceError(f"gave an answer that {what} after {error.pos} characters ({error.msg})") from None
    if not isinstance(answer, Mapping):
        raise SourceError("answered with JSON that is no object with items")
    if answer.get("items") is None and _count(answer.get("totalCount")) == 0:
        return {**answer, "items": []}
    if not isinstance(answer.get("items"), list):
        told = answer.get("message") or answer.get("error") or answer.get("title")
        reason = f": {one_line(plain(told), 120)!r}" if isinstance(told, str) else ""
        raise SourceError(f"answered with JSON that has no list of items{reason}")
    return answer


def _body(document: Document) -> bytes:
    return document.file.read_bytes() if document.file is not None else document.body


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _count(value: object) -> int | None:
    """A count that may have come as text; None if it is none."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = _number(value.strip())
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


SOURCE = EpingApiSource
