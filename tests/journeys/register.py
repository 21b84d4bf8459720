"""A register on loopback that answers as the US Federal Register does: it counts to 10,000 and gives no more."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

CAP = 10_000
EACH = 10  #: one document of so many is a rule; the others are counted, given and not wanted
PATH = "/api/v1/documents.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for documents."""

    since: str
    until: str
    page: int
    at: float  #: seconds of a clock that only goes on


@dataclass
class Register:
    """`each_day` documents a day from `first` on."""

    first: date
    days: int
    each_day: int
    asked: list[Asked] = field(default_factory=list)
    robots: int = 0  #: times that its robots.txt was asked for
    busy: dict[int, str] = field(default_factory=dict)  #: the number of the request → 429 with this Retry-After
    stops_at: int | None = None  #: the number of the request that is kept waiting until `go_on`
    stopped: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def entry(self, **over: Any) -> dict[str, Any]:
        """The source, as sources.yaml describes the real one."""
        return {
            "name": "register",
            "kind": "json_api",
            "url": self.url + PATH,
            "issuer": "US-FR",
            "market": "USA",
            "params": {
                "conditions[type][]": ["RULE", "PRORULE"],
                "conditions[publication_date][gte]": "{since}",
                "conditions[publication_date][lte]": "{until}",
                "order": "newest",
                "per_page": "1000",
            },
            "items": "results",
            "where": "type == 'Proposed Rule'",
            "total": "count",
            "cap": CAP,
            "paging": {"by": "next_link", "next": "next_page_url", "max_pages": 60},
            "fields": {
                "id": "document_number",
                "number": "document_number",
                "title": "title",
                "link": "html_url",
                "published": "publication_date",
                "deadline": "comments_close_on",
            },
            **over,
        }

    def answer(self, query: str) -> dict[str, Any]:
        """One page of what was asked for."""
        asked = dict(parse_qsl(query))
        since, until = _range(asked)
        page, size = int(asked.get("page", 1)), int(asked["per_page"])
        days = [self.first + timedelta(days=number) for number in range(self.days)]
        wanted = [day for day in reversed(days) if since <= str(day) <= until]
        found = [(day, number) for day in wanted for number in range(self.each_day)]
        given = found[(page - 1) * size : min(page * size, CAP)]
        following = f"{self.url}{PATH}?{urlencode({**asked, 'page': page + 1})}"
        return {
            "count": min(len(found), CAP),
            "total_pages": -(-min(len(found), CAP) // size),
            **({"next_page_url": following} if page * size < min(len(found), CAP) else {}),
            "results": [
                {
                    "document_number": f"{day:%Y-%m%d}{number:03}",
                    "title": f"Energy conservation standards for kettles of size {number}",
                    "html_url": f"{self.url}/documents/{day}/{number}",
                    "publication_date": str(day),
                    "comments_close_on": str(day + timedelta(days=60)),
                    "type": "Notice" if number % EACH else "Proposed Rule",
                }
                for day, number in given
            ],
        }


def _range(asked: dict[str, str]) -> tuple[str, str]:
    return (
        asked.get("conditions[publication_date][gte]", "0000-00-00"),
        asked.get("conditions[publication_date][lte]", "9999-99-99"),
    )


@contextmanager
def register(*, first: date, days: int, each_day: int) -> Iterator[Register]:
    """A register for one test."""
    publisher = Register(first=first, days=days, each_day=each_day)
    handler = type("_Bound", (_Conversation,), {"publisher": publisher})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    publisher.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Conversation(BaseHTTPRequestHandler):
    publisher: Register
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """A page, or what is wrong."""
        publisher, parts = self.publisher, urlsplit(self.path)
        if parts.path != PATH:
            publisher.robots += 1
            self._send(404, b"")
            return
        asked = dict(parse_qsl(parts.query))
        number = len(publisher.asked)
        publisher.asked.append(
            Asked(since=_range(asked)[0], until=_range(asked)[1], page=int(asked.get("page", 1)), at=time.monotonic())
        )
        if number in publisher.busy:
            self._send(429, b"slow down", {"Retry-After": publisher.busy[number]})
            return
        if number == publisher.stops_at:
            publisher.stopped.set()
            publisher.go_on.wait(60)
        self._send(200, json.dumps(publisher.answer(parts.query)).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
