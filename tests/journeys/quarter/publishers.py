"""A publisher: its documents, the form it shows them in, and whatever is wrong with it at the moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.journeys.quarter import writing
from tests.journeys.quarter.papers import Paper
from tests.journeys.quarter.serving import Answer, Asked, Host

TOKEN = re.compile(r"Q\d{6}")
PAGE = 20  # entries on a page of a paged list

_TYPES = {
    **{"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"},
    **{"gazette": "application/rss+xml", "json_feed": "application/feed+json", "json_api": "application/json"},
    **{"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8", "page": "text/html; charset=utf-8"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """What a publisher is, for the whole quarter."""

    number: int
    name: str
    form: str  #: rss, atom, rdf, json_feed, json_api, csv, html, page, gazette
    market: str
    zone: str
    per_week: float
    every: int  #: minutes between two polls, as its source is configured
    window: int = 40  #: how many documents its list shows
    language: str = "en"
    quiet: tuple[tuple[date, date], ...] = ()  #: closed, besides weekends and holidays
    settings: Mapping[str, Any] = field(default_factory=dict)  #: of its source, besides
    channel: str = ""  #: in the head of its feed: ttl, skipDays
    headers: Mapping[str, str] = field(default_factory=dict)
    floor_hours: float = 0.0  #: it wants to be left alone so long after each answer
    issuer: str = ""


class Publisher:
    """One publisher on the story's clock."""

    def __init__(self, nature: Nature, clock: Callable[[], datetime]) -> None:
        self.nature, self.name = nature, nature.name
        self.zone = ZoneInfo(nature.zone)
        self.title = f"The {nature.name} list"
        self._clock = clock
        self.papers: list[Paper] = []
        self.numbered = 0  #: the number of its latest document
        self.issues: list[datetime] = []
        self.window = nature.window
        self.mode, self.detail = "", ""  #: what is wrong with it
        self.robots = ""
        self.host, self.second = Host(self._first), Host(self._own)
        self.asked: list[tuple[datetime, str, bool, int]] = []  #: when, path, conditional, answer's status
        self.shown: dict[str, datetime] = {}  #: when each document was first shown whole
        self.changed: dict[tuple[str, int], datetime] = {}  #: and each later version of one shown before
        self._version: dict[str, int] = {}
        self.last_good: datetime | None = None
        self.missing_issue: datetime | None = None  #: its page is not there yet

    @property
    def now(self) -> datetime:
        """The story's time."""
        return self._clock()

    def listing(self) -> list[Paper]:
        """What is on its list now, newest first."""
        now = self._clock()
        there = [paper for paper in self.papers if paper.at <= now and not paper.hidden]
        return sorted(there, key=lambda paper: (paper.stamped, paper.token), reverse=True)[: self.window]

    # --- answering

    def _first(self, asked: Asked) -> Answer:
        """At the address in the settings."""
        if self.mode == "moved":
            answer = Answer(status=301, headers={"Location": f"{self.second.base}{asked.path}"})
            self.asked.append((self._clock(), asked.path, asked.conditional, 301))
            return answer
        return self._own(asked)

    def _own(self, asked: Asked) -> Answer:
        answer = self._answer(asked)
        status = 0 if answer.silent else answer.status
        self.asked.append((self._clock(), asked.path, asked.conditional, status))
        return answer

    def _answer(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        if self.mode == "silent":
            return Answer(silent=True)
        if self.mode == "status":
            status, _, after = self.detail.partition(" ")
            return Answer(status=int(status), headers={"Retry-After": after} if after else {})
        if path == "/robots.txt":
            return Answer(body=self.robots.encode(), kind="text/plain") if self.robots else Answer(status=404)
        if self.mode == "soft 404":
            return Answer(body=writing.error_page())
        if self.mode == "a page":
            return Answer(body=writing.some_page())
        body, shown = self._body(asked.path)
        if body is None:
            return Answer(body=writing.error_page())
        kind = "text/html; charset=utf-8" if path.startswith("/issue/") else _TYPES[self.nature.form]
        if self.mode == "broken off":
            return Answer(body=body[: len(body) // 2], kind=kind, promised=len(body) - len(body) // 2)
        if self.mode == "cut":
            body = body[: len(body) * 2 // 3]
            whole = body[: body.rfind(b"</item>") + 1] + body[: body.rfind(b"</entry>") + 1]
            told = set(TOKEN.findall(whole.decode("utf-8", "replace")))
            shown = [paper for paper in shown if paper.token in told]
        tag = '"the same as ever"' if self.mode == "lying" else f'"{hashlib.sha1(body).hexdigest()[:16]}"'
        headers = {**self.nature.headers, "ETag": tag}
        sent = asked.headers.get("if-none-match", "")
        if sent and (self.mode == "lying" or sent == tag):
            return Answer(status=304, headers=headers)
        if self.mode not in ("empty", "redesigned"):
            self._show(shown)
        return Answer(body=body, headers=headers, kind=kind)

    def _show(self, papers: list[Paper]) -> None:
        now = self._clock()
        self.last_good = now
        for paper in papers:
            count = sum(when <= now for when, _ in paper.versions)
            if paper.token not in self.shown:
                self.shown[paper.token] = now
            elif count > self._version.get(paper.token, 0):
                self.changed[paper.token, count] = now
            self._version[paper.token] = count

    def _body(self, path: str) -> tuple[bytes | None, list[Paper]]:
        """The list as it stands, and the documents in it; None: there is nothing at this path."""
        form, title = self.nature.form, self.title
        papers = [] if self.mode == "empty" else self.listing()
        at: dict[str, Any] = {"base": self.host.base, "zone": self.zone}
        if form == "gazette":
            return self._gazette(path)
        if form == "json_api":
            asked = parse_qs(urlsplit(path).query)
            start = (
                (int(asked.get("page", ["1"])[0]) - 1) * PAGE if "page" in asked else int(asked.get("from", ["0"])[0])
            )
            size = PAGE if "page" in asked or "from" in asked else len(papers)
            return writing.json_page(papers, start=start, size=size, **at), papers[start : start + size]
        if form == "csv":
            return writing.table(papers, **at), papers
        if form == "html":
            return writing.page_of_rows(
                papers, title=title, redesigned=self.mode in ("redesigned", "new design"), **at
            ), papers
        if form == "page":
            return writing.page_in_place(papers[::-1], title=title), papers
        if form == "rss":
            return writing.rss(papers, title=title, channel=self.nature.channel, **at), papers
        written = {"atom": writing.atom, "rdf": writing.rdf, "json_feed": writing.json_feed}[form]
        return written(papers, title=title, **at), papers

    def _gazette(self, path: str) -> tuple[bytes | None, list[Paper]]:
        now = self._clock()
        out = [at for at in self.issues if at <= now][::-1][:10]
        if not path.startswith("/issue/"):
            return writing.feed_of_issues(out, base=self.host.base, title=self.title, zone=self.zone), []
        for at in out:
            if path == f"/issue/{at:%Y%m%d}" and at != self.missing_issue:
                papers = [paper for paper in self.papers if paper.at == at]
                title = f"Issue of {at:%d %B %Y}"
                return writing.page_of_rows(papers, base=self.host.base, title=title, zone=self.zone), papers
        return None, []

    # --- as staff configure it

    def entry(self) -> dict[str, Any]:
        """Its entry in sources.yaml."""
        nature = self.nature
        kinds = {"rss": "feed", "atom": "feed", "rdf": "feed", "csv": "csv_list", "html": "html_list"}
        entry: dict[str, Any] = {
            "name": nature.name,
            "kind": kinds.get(nature.form, "gazette_issue" if nature.form == "gazette" else nature.form),
            "title": self.title,
            "url": f"{self.host.base}/list",
            "issuer": nature.issuer or nature.name.upper(),
            "market": nature.market,
            "language": nature.language,
            "time_zone": nature.zone,
            "every_minutes": nature.every,
            "expected_per_week": nature.per_week,
        }
        if nature.quiet:
            entry["quiet_days"] = [f"{first:%m-%d}/{last:%m-%d}" for first, last in nature.quiet]
        if nature.form in ("html", "gazette"):
            entry |= {"row": "tr.n", "fields": {"title": "td.t a", "link": "td.t a@href", "published": "td.d"}}
        elif nature.form == "csv":
            fields = {"number": "Number", "title": "Heading", "published": "Published", "link": "Link"}
            entry |= {"fields": fields}
        elif nature.form == "json_api":
            fields = {"id": "number", "title": "name", "link": "href", "published": "day", "deadline": "until"}
            entry |= {"items": "results", "total": "count", "fields": {**fields, "original": "first"}}
        return {**entry, **nature.settings}
