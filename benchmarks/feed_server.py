"""Not a benchmark: publishers on loopback for the others to poll, in a process of their own.

    .venv/bin/python benchmarks/feed_server.py --feeds 50 --entries 50 --api-items 0

Each feed has a port, so that it is a host to those who are polite to hosts. The first line printed is JSON:
`{"feeds": [addresses], "api": address}`. After that it obeys lines of JSON on its input, one answer each, until that
ends: `{"validators": false}` stops answering conditional requests, `{"publish": [0, 10]}` adds an entry to these feeds,
`{"hang": {"25": 5.0}}` lets these feeds wait so many seconds before they answer, `{"fail": {"26": true}}` lets them
answer 500, `{"counts": true}` tells what was asked since it was asked last, requests for robots.txt (there is none)
apart from the others.

The API has the shape of the WTO's ePing API; its items are those of `bulk_notices`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.bulk_notices import WORDS, Bulk

FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
Answer = tuple[int, dict[str, str], bytes]


class Feed:
    """One RSS feed, newest entry first."""

    def __init__(self, number: int, entries: int) -> None:
        self.number = number
        self.hangs = 0.0
        self.fails = False
        self._length = entries
        self._made = entries  # ever
        self._write()

    def publish(self) -> None:
        """One more entry; the oldest drops out."""
        self._made += 1
        self._write()

    def answer(self, asked: dict[str, str], *, validators: bool) -> Answer:
        """The feed, or 304; or 500 if it is told to fail."""
        if self.fails:
            return 500, {"Content-Type": "text/plain"}, b"Something is broken here."
        if not validators:
            return 200, {"Content-Type": "application/rss+xml"}, self._body
        held = {"ETag": self._etag, "Content-Type": "application/rss+xml"}
        if asked.get("if-none-match") == self._etag:
            return 304, held, b""
        return 200, held, self._body

    def _write(self) -> None:
        places = range(self._made - 1, self._made - 1 - self._length, -1)
        items = "".join(self._item(place) for place in places)
        self._etag = f'"{self.number}-{self._made}"'
        self._body = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Regulator {self.number}</title><link>https://regulator{self.number}.example/</link>"
            f"<description>Made up.</description>{items}</channel></rss>"
        ).encode()

    def _item(self, place: int) -> str:
        chance = random.Random(f"feed {self.number} {place}")
        day = format_datetime(FIRST_DAY + timedelta(hours=place), usegmt=True)
        address = f"https://regulator{self.number}.example/documents/{place}"
        words = " ".join(chance.choices(WORDS, k=60))
        codes = ", ".join(f"{chance.randint(1, 97):02}{chance.randint(1, 20):02}" for _ in range(chance.randint(0, 4)))
        products = (
            f"&lt;p&gt;&lt;b&gt;Products:&lt;/b&gt; {words[:60]} (HS code(s): {codes})&lt;/p&gt;" if codes else ""
        )
        return (
            f"<item><guid>{address}</guid><link>{address}</link><pubDate>{day}</pubDate><category>TBT</category>"
            f"<title>{' '.join(chance.choices(WORDS, k=9))} {place}</title>"
            f"<description>{products}&lt;p&gt;{words}. 技术法规通报&lt;/p&gt;</description></item>"
        )


class Api:
    """Pages of one list of notifications."""

    def __init__(self, count: int, page_size: int = 100) -> None:
        self._count, self._size = count, page_size
        self._pages: list[bytes] = []
        items: list[dict[str, Any]] = []
        for one in Bulk(count).items() if count else ():
            items.append(one)
            if len(items) == page_size:
                self._add(items)
                items = []
        self._add(items)

    def _add(self, items: list[dict[str, Any]]) -> None:
        self._pages.append(json.dumps({"totalCount": self._count, "pageSize": self._size, "items": items}).encode())

    def answer(self, path: str) -> Answer:
        """The page asked for; past the end an empty one."""
        page = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
        body = self._pages[page - 1] if page <= len(self._pages) else self._pages[-1]
        return 200, {"Content-Type": "application/json"}, body


class Counts:
    """What was asked since it was told last."""

    def __init__(self) -> None:
        self.requests: dict[str, int] = {}
        self.conditional: dict[str, int] = {}
        self.not_modified = 0
        self.robots = 0
        self.answered: dict[str, float] = {}  # time.monotonic() of the last answer

    def told(self) -> dict[str, Any]:
        """The counts, by name of the publisher; and a new start."""
        told = {
            "requests": dict(self.requests),
            "conditional": dict(self.conditional),
            "not_modified": self.not_modified,
            "robots": self.robots,
            "answered": dict(self.answered),
        }
        self.__init__()  # type: ignore[misc]
        return told


class Publishers:
    """All of them, on one event loop."""

    def __init__(self, feeds: int, entries: int, api_items: int) -> None:
        self._feeds = [Feed(number, entries) for number in range(feeds)]
        self._api = Api(api_items)
        self._validators = True
        self._counts = Counts()

    async def serve(self) -> None:
        """Listen, say where, obey until the input ends."""
        servers = [await self._listen(str(feed.number), self._feed_answers(feed)) for feed in self._feeds]
        servers.append(await self._listen("api", self._api_answers))
        addresses = [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
        print(json.dumps({"feeds": [f"{one}/feed.xml" for one in addresses[:-1]], "api": addresses[-1]}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(self._obey(json.loads(line))), flush=True)

    def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        self._validators = order.get("validators", self._validators)
        for number in order.get("publish", ()):
            self._feeds[number].publish()
        for number, seconds in order.get("hang", {}).items():
            self._feeds[int(number)].hangs = seconds
        for number, fails in order.get("fail", {}).items():
            self._feeds[int(number)].fails = fails
        return self._counts.told() if order.get("counts") else {}

    def _feed_answers(self, feed: Feed) -> Callable[[str, dict[str, str]], Any]:
        async def answer(path: str, asked: dict[str, str]) -> Answer:  # noqa: ARG001
            await asyncio.sleep(feed.hangs)
            return feed.answer(asked, validators=self._validators)

        return answer

    async def _api_answers(self, path: str, asked: dict[str, str]) -> Answer:  # noqa: ARG002
        return self._api.answer(path)

    async def _listen(self, name: str, answer: Callable[[str, dict[str, str]], Any]) -> asyncio.Server:
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    first, *lines = head.decode("latin-1").split("\r\n")
                    pairs = (line.split(":", 1) for line in lines if ":" in line)
                    asked = {key.strip().lower(): value.strip() for key, value in pairs}
                    path = first.split()[1]
                    if path == "/robots.txt":  # asked for once a day and host by who is polite: not what is measured
                        self._counts.robots += 1
                        status, headers, body = 404, {}, b""
                    else:
                        self._note(name, "if-none-match" in asked)
                        status, headers, body = await answer(path, asked)
                        self._counts.answered[name] = time.monotonic()
                    self._counts.not_modified += status == 304
                    sent = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
                    length = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
                    writer.write(f"HTTP/1.1 {status} OK\r\n{sent}{length}\r\n".encode() + body)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        return await asyncio.start_server(converse, "127.0.0.1", 0)

    def _note(self, name: str, conditional: bool) -> None:
        counts = self._counts
        counts.requests[name] = counts.requests.get(name, 0) + 1
        if conditional:
            counts.conditional[name] = counts.conditional.get(name, 0) + 1


class Server:
    """The publishers' process as those who poll them see it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        where = self._read()
        self.feeds: list[str] = where["feeds"]
        self.api: str = where["api"]

    def order(self, **what: Any) -> dict[str, Any]:
        """Tell it something; its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def publishers(*, feeds: int = 0, entries: int = 0, api_items: int = 0) -> Iterator[Server]:
    """Publishers in a process of their own, for as long as this lasts."""
    numbers = {"--feeds": feeds, "--entries": entries, "--api-items": api_items}
    arguments = [part for name, number in numbers.items() for part in (name, str(number))]
    with subprocess.Popen(
        [sys.executable, __file__, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends."""
    options = argparse.ArgumentParser(description="Publishers on loopback, to be polled by benchmarks.")
    options.add_argument("--feeds", type=int, default=50)
    options.add_argument("--entries", type=int, default=50)
    options.add_argument("--api-items", type=int, default=0)
    wanted = options.parse_args(arguments)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a port and a connection for each of a thousand feeds
    asyncio.run(Publishers(wanted.feeds, wanted.entries, wanted.api_items).serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
