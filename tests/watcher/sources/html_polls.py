"""Whole polls of sources in web pages: what each page wants remembered is given back to it, as the pipeline does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tests.watcher.sources.answers import NOW
from watcher.source import Cursor, Document, Entry, Request, Source

Answer = bytes | str | int  #: a body, or a status; 0: nothing comes at all


@dataclass
class Site:
    """A publisher: its pages by address, and what it was asked for."""

    pages: dict[str, Answer]
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def poll(self, source: Source, cursor: Cursor | None = None, *, now: datetime = NOW) -> tuple[list[Entry], Cursor]:
        """All entries of one poll, and the cursor after it. An address that is not there answers 404."""
        cursor = cursor or Cursor()
        request: Request | None = source.first_request(cursor, now)
        entries: list[Entry] = []
        state: Mapping[str, Any] = cursor.state
        self.asked.clear()
        while request is not None:
            self.asked.append(request.url)
            page = source.parse(self._document(request, now), cursor)
            entries.extend(page.entries)
            state = state if page.state is None else page.state
            request = page.next
        after = source.advance(replace(cursor, state=state), seen=None, now=now)
        return entries, replace(after, seeded_at=cursor.seeded_at or now)

    def _document(self, request: Request, now: datetime) -> Document:
        answer = self.pages.get(re.sub(r"#.*", "", request.url), 404)
        status, body = (answer, b"") if isinstance(answer, int) else (200, answer)
        body = body.encode() if isinstance(body, str) else body
        assert status == 200 or status in request.accept_status or request.may_fail, request.url
        headers = {"content-type": "text/html; charset=utf-8", **self.headers}
        return Document(url=request.url, status=status, headers=headers, body=body, fetched_at=now, request=request)


def titles(entries: list[Entry]) -> list[str]:
    """Of the notices."""
    return [entry.notice.title for entry in entries if entry.notice]


def problems(entries: list[Entry]) -> list[str]:
    """Of the entries that are none."""
    return [entry.problem for entry in entries if entry.notice is None]
