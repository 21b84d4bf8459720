"""The only HTTP client: one polite, bounded question to a public address, and a `Document` or a `FetchError`.

Polite: one connection a host, a pause between requests where the source wants one, the stored validators sent back as
they came, an honest User-Agent. Bounded: bytes on the wire, bytes after decompression, seconds for the whole answer,
redirects. A question is a GET, or a POST where a publisher wants it in a body; then it is sent again where 307 and 308
lead, and never made a GET of. Public: see `watcher.fetch.addresses` and `watcher.fetch.connecting`; each redirect is
judged like a first request.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from watcher.fetch.addresses import AllowList
from watcher.fetch.answering import (
    NETWORK_TROUBLE,
    as_fetch_errors,
    not_stored,
    read_body,
    read_rest,
    redirected_to,
    repeated_at,
    spoken_within,
)
from watcher.fetch.asking import (
    Headers,
    Validators,
    carries_a_key,
    conditions_for,
    headers_for,
    is_header_text,
    lower_case,
    origin,
    readable,
    whose_turn,
)
from watcher.fetch.body import Body, FileBody, MemoryBody
from watcher.fetch.connecting import (
    Connector,
    GuardedBackend,
    GuardedTransport,
    Resolver,
    SystemResolver,
    connect_directly,
)
from watcher.fetch.errors import FetchError, Reason, read_retry_after, refused_by_status, without_secrets
from watcher.fetch.turns import Turns
from watcher.source import Document, Request

__all__ = ["AllowList", "Clock", "FetchError", "Fetcher", "Reason", "Validators", "validators_of", "without_secrets"]

#: What time it is, with its zone.
Clock = Callable[[], datetime]

#: Asked before a redirect is followed, with the address that it leads to: how many seconds to leave between two
#: requests there. Raises `FetchError` if the address may not be asked.
BeforeHop = Callable[[str], Awaitable[float]]

#: More redirects than this lead nowhere.
MOST_REDIRECTS = 5

_BRINGS_A_DOCUMENT = frozenset({200, 203, 226})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


def validators_of(document: Document, before: Validators | None = None) -> Validators:
    """What to store for the next time. `before` is what was sent: it stays good when nothing was modified."""
    if document.not_modified and before is not None:
        return before
    return Validators(
        etag=document.headers.get("etag") or None,
        last_modified=document.headers.get("last-modified") or None,
        url=document.url,
    )


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The answer to one request was: look there."""

    url: httpx.URL
    for_good: bool


class Fetcher:
    """Fetches documents; see the module. One per event loop, to be closed: `async with Fetcher(...) as fetcher`."""

    def __init__(
        self,
        *,
        allow: AllowList,
        agent: str,
        clock: Clock,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        resolve: Resolver | None = None,
        connect: Connector = connect_directly,
        tls: ssl.SSLContext | None = None,
        spool: Path | None = None,
        connect_seconds: float = 10.0,
        connections: int = 100,
        connections_per_host: int = 1,
    ) -> None:
        """`agent` names us and how to reach us: "tbtwatch/0.1 (+mailto:staff@example.org)".

        `spool` is the folder for bodies that are asked for in a file without saying which (None: the system's own).
        `connections` are those in use at one time. Raises ValueError for an agent that HTTP cannot carry.
        """
        if not agent.strip() or not is_header_text(agent):
            raise ValueError(f"the agent {agent!r} cannot be sent: give a name and a contact in printable ASCII")
        self._agent = agent.strip()
        self._clock = clock
        self._spool = spool
        self._turns = Turns(per_host=connections_per_host, in_all=connections, clock=clock, sleep=sleep)
        backend = GuardedBackend(
            allow=allow, resolve=resolve or SystemResolver(), connect=connect, connect_seconds=connect_seconds
        )
        self._transport = GuardedTransport(backend, tls=tls)

    @property
    def agent(self) -> str:
        """What it calls itself."""
        return self._agent

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        with suppress(*NETWORK_TROUBLE):
            await self._transport.aclose()

    async def fetch(
        self,
        request: Request,
        *,
        validators: Validators | None = None,
        into: Path | None = None,
        before_hop: BeforeHop | None = None,
    ) -> Document:
        """Ask for one document. Raises `FetchError`; nothing else comes of a network, a publisher or a full disk.

        The validators are sent if the request is conditional, and only to the address that gave them. The body is
        put into the file `into` if that is given, and into a new file of its own if the request wants a file and
        `into` is not given: whole and decompressed, or not at all. The deadline counts from when our turn at the
        host has come. Who may be asked for the request itself is the caller's to know; `before_hop` says so of each
        address that a redirect leads to.
        """
        url = readable(request.url)
        trusted = only_for_good = True
        moved_to: str | None = None
        left, pause_seconds = request.deadline_seconds, request.pause_seconds
        for hop in range(MOST_REDIRECTS + 1):
            conditions = conditions_for(request, validators, url, first=hop == 0)
            headers = headers_for(request, url, agent=self._agent, trusted=trusted, conditions=conditions)
            async with self._turns.turn(whose_turn(url), pause_seconds=pause_seconds):
                started = asyncio.get_running_loop().time()
                async with as_fetch_errors(request, url, left):
                    answer = await self._ask(request, url, headers, conditional=bool(conditions), into=into)
                left -= asyncio.get_running_loop().time() - started
            if isinstance(answer, Document):
                return replace(answer, moved_to=moved_to)
            # A secret does not come back with a redirect that returns: it was sent for, not asked for.
            trusted = trusted and origin(answer.url) == origin(url)
            only_for_good = only_for_good and answer.for_good
            url = answer.url
            moved_to = str(url) if only_for_good else moved_to
            if before_hop is not None and hop < MOST_REDIRECTS:
                pause_seconds = await before_hop(str(url))
        raise FetchError(
            Reason.BAD_REDIRECT,
            f"{url.host}: more than {MOST_REDIRECTS} redirects, the last to {without_secrets(str(url))}; "
            "give the source the address at the end of them",
        )

    async def _ask(
        self, request: Request, url: httpx.URL, headers: Headers, *, conditional: bool, into: Path | None
    ) -> Document | _Elsewhere:
        """One request and its answer, redirects not followed."""
        async with spoken_within(request, url):
            response = await self._send(request, url, headers)
        try:
            status = response.status_code
            if status in _BRINGS_A_DOCUMENT or status in request.accept_status:
                content, file = await self._received(request, url, response, into)
                return self._document(request, url, response, body=content, file=file)
            if status in _REDIRECTS:
                target = redirected_to(response, url) if request.body is None else repeated_at(response, url)
                elsewhere = _Elsewhere(target, for_good=status in _FOR_GOOD)
                await read_rest(response)
                return elsewhere
            retry_after = read_retry_after(response.headers.get("retry-after"), self._clock())
            await read_rest(response)
            if status == 304 and conditional:
                return self._document(request, url, response, not_modified=True)
            raise refused_by_status(
                status,
                str(url),
                retry_after=retry_after,
                key_was_sent=carries_a_key(request),
                body_was_sent=request.body is not None,
            )
        finally:
            with suppress(*NETWORK_TROUBLE):
                await response.aclose()

    async def _received(
        self, request: Request, url: httpx.URL, response: httpx.Response, into: Path | None
    ) -> tuple[bytes, Path | None]:
        """The body, or the file that it was put into."""
        body: Body
        try:
            body = FileBody(into, self._spool) if into or request.into_file else MemoryBody()
        except OSError as error:
            raise not_stored(url, error) from error
        try:
            await read_body(response, request, url, body)
            return body.keep()
        except OSError as error:
            raise not_stored(url, error) from error
        finally:
            body.discard()

    async def _send(self, request: Request, url: httpx.URL, headers: Headers) -> httpx.Response:
        """The head of the answer. A kept connection that turns out to be closed is replaced once.

        Also for a POST: what a source asks changes nothing at its publisher's (RFC 9110, 9.2.2).
        """
        connected = False

        async def note(event: str, _: Mapping[str, Any]) -> None:
            nonlocal connected
            connected = connected or event == "connection.connect_tcp.started"

        method = "GET" if request.body is None else "POST"
        asked = httpx.Request(method, url, headers=headers, content=request.body, extensions={"trace": note})
        try:
            return await self._transport.handle_async_request(asked)
        except (httpcore.ReadError, httpcore.RemoteProtocolError, httpcore.WriteError):
            if connected:
                raise
        again = httpx.Request(method, url, headers=headers, content=request.body)
        return await self._transport.handle_async_request(again)

    def _document(
        self,
        request: Request,
        url: httpx.URL,
        response: httpx.Response,
        *,
        body: bytes = b"",
        file: Path | None = None,
        not_modified: bool = False,
    ) -> Document:
        return Document(
            url=str(url),
            status=response.status_code,
            headers=lower_case(response.headers),
            body=body,
            file=file,
            fetched_at=self._clock(),
            not_modified=not_modified,
            request=request,
        )
