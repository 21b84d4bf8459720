"""A feed of issues, each of which is a page that lists the items: a gazette.

Each issue is read once. One that does not come, or comes as an error page with status 200, is no issue yet: it is
asked for again at the next polls, and staff see that it is missing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field, field_validator

from watcher.source import Cursor, Document, Entry, Page, Request, SourceError
from watcher.sources.feed import broken_off, whole_feed
from watcher.sources.feed_dates import publisher_day
from watcher.sources.html_list import ACCEPT, MISSING
from watcher.sources.html_memory import as_json, of_json
from watcher.sources.html_page import OpenPage
from watcher.sources.html_rows import HtmlRows
from watcher.sources.html_settings import HtmlRowsConfig
from watcher.sources.listed import Listed, ListSource
from watcher.sources.listed.identity import identity
from watcher.sources.stated import FindMember, no_members
from watcher.text import one_line

_MOST_TRIES: Final = 30  # polls in which an issue that does not come is asked for
_KEPT: Final = 1_000  # issues that are remembered after they left the feed
_READ: Final = -1


class GazetteIssueConfig(HtmlRowsConfig):
    """Settings of a source of kind gazette_issue. `url` is the feed's; `row` and `fields` are of an issue's page."""

    first_issues: int = Field(2, ge=1, le=50)  #: at first only so many of the newest issues are read
    max_issues: int = Field(5, ge=1, le=50)  #: in one poll
    #: The publisher never closes the feed of issues: that its end is missing is no fault.
    unclosed: bool = False
    skip_pattern: str = ""  #: an issue whose title or address holds it is none: a consolidated index

    @field_validator("skip_pattern")
    @classmethod
    def _readable_pattern_of_skipped(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"must be a regular expression ({error})") from None
        return value


class GazetteIssueSource(ListSource[GazetteIssueConfig]):
    """One gazette of one issuer."""

    class Config(GazetteIssueConfig):
        """Settings of a source of kind gazette_issue."""

    accept = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"

    def __init__(self, config: Config, *, find_member: FindMember = no_members) -> None:
        super().__init__(config, find_member=find_member)
        self._rows = HtmlRows(config)
        self._skipped = re.compile(config.skip_pattern) if config.skip_pattern else None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:  # noqa: ARG002
        """The feed, if it changed. While an issue is missing, also if it did not."""
        missing = any(tries != _READ for tries in _issues(cursor.state).values())
        return self._request(self.config.url, conditional=not missing)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """The feed, which tells what issues there are, or one issue's page."""
        if document.not_modified:
            return Page(entries=iter(()))
        if document.request.memory.get("waiting"):
            return self._issue(document)
        return self._feed(document, cursor)

    def _feed(self, document: Document, cursor: Cursor) -> Page:
        body = document.file.read_bytes() if document.file is not None else document.body
        feed = whole_feed(body, document.headers, url=document.url, language=self.config.language, max_entries=10_000)
        if feed.breaks_off and not self.config.unclosed:
            raise broken_off(feed.breaks_off)
        issues = self._in_order([entry for entry in feed.entries if not self._is_skipped(entry)])
        if feed.entries and not any(entry.link for entry in feed.entries):
            raise SourceError(f"has {len(feed.entries)} issues and no link in any of them")
        issues = [issue for issue in issues if issue.link]
        known = _issues(cursor.state)
        if not known:
            # What came before the source was set up is not read.
            known = {_key(issue): _READ for issue in issues[self.config.first_issues :]}
        wanted = [issue for issue in issues if 0 <= known.get(_key(issue), 0) < _MOST_TRIES]
        given_up = [issue for issue in issues if known.get(_key(issue), 0) >= _MOST_TRIES]
        for issue in wanted:
            known.setdefault(_key(issue), 0)
        on_list = {_key(issue) for issue in issues}
        known = {key: tries if key in on_list else _READ for key, tries in known.items()}
        state = _state(known, len(issues))
        asked = [as_json(issue) for issue in wanted[: self.config.max_issues]]
        problems = [_missing(issue, "was given up: it did not come as an issue in many polls") for issue in given_up]
        return Page(
            entries=iter(problems),
            next=self._issue_request(asked, state) if asked else None,
            total=len(issues),
            rhythm=feed.rhythm,
            state=state,
        )

    def _issue(self, document: Document) -> Page:
        """The items of one issue. What is wrong with it is a problem of its own, and the next one is read."""
        memory = document.request.memory
        issue, left = of_json(memory["waiting"][0]), list(memory["waiting"])[1:]
        known = _issues(memory["known"])
        entries: Sequence[Entry] = ()
        try:
            entries = self._items(document, issue)
        except SourceError as error:
            known[_key(issue)] = known.get(_key(issue), 0) + 1
            entries = [_missing(issue, f"{error}; it will be asked for again")]
            if document.status >= 500:
                left = []  # a publisher in trouble is not asked for more now
        else:
            known[_key(issue)] = _READ
        state = _state(known, len(known))
        following = self._issue_request(left, state, page=document.request.page + 1) if left else None
        return Page(entries=iter(entries), next=following, state=state)

    def _items(self, document: Document, issue: Listed) -> list[Entry]:
        if document.status in MISSING or not document.status:
            raise SourceError(f"answered {document.status}" if document.status else "did not come")
        page = self._rows.open(document)
        page.refuse_errors()
        rows = self._own(self._rows.read(page, document), page, issue)
        if not rows:
            raise SourceError("lists no items")
        return list(self._reader.entries(rows, fetched_at=document.fetched_at))

    def _own(self, rows: Sequence[Listed], page: OpenPage, issue: Listed) -> list[Listed]:
        """The items, each dated as the issue unless it says otherwise; what leads back to the issue itself is none."""
        return [
            replace(row, published=row.published or issue.published)
            for row in rows
            if not row.link or row.link not in (page.url, issue.link, self.config.url)
        ]

    def _is_skipped(self, issue: Listed) -> bool:
        searched = f"{issue.title[:1_000]}\n{issue.link or ''}"
        return self._skipped is not None and self._skipped.search(searched) is not None

    def _in_order(self, issues: Sequence[Listed]) -> list[Listed]:
        """Each once, the newest first; in the feed's order where not all are dated."""
        once = list({_key(issue): issue for issue in reversed(issues)}.values())[::-1]
        days = [publisher_day(issue.published, zone=self._zone, day_order=self.config.day_order) for issue in once]
        if not all(days):
            return once
        dated = sorted(enumerate(once), key=lambda one: (days[one[0]] or date.min, -one[0]), reverse=True)
        return [issue for _, issue in dated]

    def _issue_request(
        self, waiting: Sequence[Mapping[str, Any]], state: Mapping[str, Any], *, page: int = 2
    ) -> Request:
        link = of_json(waiting[0]).link
        assert link is not None
        memory = {"waiting": list(waiting), "known": state}
        request = self._request(link, accept=ACCEPT, conditional=False, page=page, memory=memory)
        return replace(request, accept_status=MISSING, may_fail=True)


def _key(issue: Listed) -> str:
    stated = identity(replace(issue, id=""), None) if issue.link else identity(issue, None)
    return hashlib.sha256(stated.encode("utf-8", "replace")).hexdigest()[:16]


def _issues(state: Mapping[str, Any]) -> dict[str, int]:
    """The issues that are known, by key: how often each was asked for in vain, or that it was read."""
    stated = state.get("issues")
    if not isinstance(stated, Mapping):
        return {}
    return {str(key): tries for key, tries in stated.items() if isinstance(tries, int)}


def _state(known: Mapping[str, int], listed: int) -> dict[str, Any]:
    return {"issues": dict(list(known.items())[-(listed + _KEPT) :])}


def _missing(issue: Listed, why: str) -> Entry:
    name = one_line(issue.title, 80) or issue.link or ""
    return Entry(
        key=f"issue {_key(issue)}", notice=None, problem=one_line(f"the issue {name!r} {why}", 400), raw=issue.raw
    )


SOURCE = GazetteIssueSource
