"""Real hosts on loopback, one port each, answering in the event loop of the story; and the fetcher that asks them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from watcher.fetch import Fetcher
from watcher.fetch.addresses import AllowList
from watcher.source import Document, Request

#: How long is waited for a host that says nothing: a time-out is a time-out, however short.
PATIENCE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a host says."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    promised: int = 0  #: so many octets more are promised than come
    silent: bool = False  #: nothing is said at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as a host got it."""

    path: str
    headers: Mapping[str, str]

    @property
    def conditional(self) -> bool:
        """Whether it came with validators."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Host:
    """One port of 127.0.0.1, kept for this host even while it refuses connections."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self._answer = answer
        # Bound and never listening: the port stays ours while nobody listens, and connections are refused.
        self._kept = self._bound(0)
        self.port = int(self._kept.getsockname()[1])
        self._server: asyncio.Server | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def listen(self, on: bool) -> None:
        """Take connections, or refuse them."""
        if on and self._server is None:
            self._server = await asyncio.start_server(self._converse, sock=self._bound(self.port))
        elif not on and self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def close(self) -> None:
        """Give the port back."""
        await self.listen(False)
        self._kept.close()

    @staticmethod
    def _bound(port: int) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(("127.0.0.1", port))
        return made

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            pairs = (line.partition(":") for line in head[1:] if line)
            asked = Asked(path=path, headers={name.strip().lower(): value.strip() for name, _, value in pairs})
            answer = self._answer(asked)
            if answer.silent:
                await reader.read()  # until the other side has had enough
            else:
                writer.write(_written(answer))
                await writer.drain()
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()


def _written(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Connection: close"]
    if answer.status != 304:
        lines += [f"Content-Length: {len(answer.body) + answer.promised}", f"Content-Type: {answer.kind}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + answer.body


async def at_once(_: float) -> None:
    """Wait for nothing: pauses between requests are counted, not sat out."""


class StoryFetcher(Fetcher):
    """The service's own fetcher, on a clock that stands still during a poll."""

    def __init__(self, *, clock: Callable[[], datetime], says_nothing: Callable[[str], bool]) -> None:
        sleep: Callable[[float], Awaitable[object]] = at_once
        agent = "tbtwatch/test (+mailto:keeper@example.org)"
        super().__init__(allow=AllowList.parse("127.0.0.1"), agent=agent, clock=clock, sleep=sleep)
        self._says_nothing = says_nothing

    async def fetch(self, request: Request, **over: Any) -> Document:
        """As ever, but a host that says nothing is not waited for long."""
        if self._says_nothing(request.url):
            request = replace(request, silence_seconds=PATIENCE, deadline_seconds=2 * PATIENCE)
        return await super().fetch(request, **over)
