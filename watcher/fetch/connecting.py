"""How the fetcher gets onto the network: resolve a name once, judge each address, connect to that very address.

There is no other way out: no proxy, no environment variable and no Unix socket is looked at. Name resolution and
connecting are arguments, so that tests can give any answer and see every attempt without making one.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from typing import NoReturn

import httpcore
import httpx

from watcher.fetch.addresses import AddressError, AllowList, check_address

#: The numeric addresses of a host, in the order to be tried; raises OSError if there is none.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

#: A connection to a numeric address and port within that many seconds; raises httpcore's ConnectError, ConnectTimeout.
Connector = Callable[[str, int, float], Awaitable[httpcore.AsyncNetworkStream]]

#: More addresses of one host than this are not tried.
MOST_ADDRESSES = 4


class SystemResolver:
    """Names as the operating system resolves them, each look-up in a thread of its own that nobody waits for.

    Not the event loop's own threads: those are few, and a dead name server would hold them all for half a minute,
    while other sources wait, and would hold up the end of the program as well.
    """

    def __init__(self, most: int = 32) -> None:
        self._places = asyncio.Semaphore(most)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        with suppress(ValueError):
            return [str(ip_address(host))]  # it is one already
        await self._places.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def settle(addresses: list[str], error: Exception | None) -> None:
            self._places.release()
            if answer.done():
                return  # the asker did not wait
            if error is None:
                answer.set_result(addresses)
            else:
                answer.set_exception(error)

        def look_up() -> None:
            addresses: list[str] = []
            failed: Exception | None = None
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
            except (OSError, UnicodeError) as error:
                failed = error
            with suppress(RuntimeError):  # the loop is closed: the program ended meanwhile
                loop.call_soon_threadsafe(settle, addresses, failed)

        try:
            threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
        except RuntimeError as error:
            self._places.release()
            raise OSError(str(error)) from error
        return await answer


async def connect_directly(address: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
    """A TCP connection to a numeric address."""
    return await httpcore.AnyIOBackend().connect_tcp(address, port, timeout=seconds)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Lets httpcore connect only to addresses that passed `check_address`."""

    def __init__(self, *, allow: AllowList, resolve: Resolver, connect: Connector, connect_seconds: float) -> None:
        self._allow = allow
        self._resolve = resolve
        self._connect = connect
        self._connect_seconds = connect_seconds

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  httpcore's; ours is `connect_seconds`
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that is permitted and answers. Raises `AddressError` if none is permitted."""
        until = asyncio.get_running_loop().time() + self._connect_seconds
        try:
            async with asyncio.timeout_at(until):
                addresses = await self._permitted(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(
                f"the name was not resolved within {self._connect_seconds:g} seconds"
            ) from None
        problem: Exception | None = None
        for attempt, address in enumerate(addresses):
            # An address that swallows packets (broken IPv6) gets its share of the time, not all of it.
            share = (until - asyncio.get_running_loop().time()) / (len(addresses) - attempt)
            try:
                async with asyncio.timeout(share):
                    return await self._connect(address, port, share)
            except TimeoutError:
                problem = httpcore.ConnectTimeout()
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
                problem = error
        if isinstance(problem, httpcore.ConnectTimeout):
            raise httpcore.ConnectTimeout(f"no connection within {self._connect_seconds:g} seconds") from problem
        raise httpcore.ConnectError(_cause(problem)) from problem

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> NoReturn:
        """Never."""
        raise AddressError(f"{path!r} is a Unix socket, and only public network addresses are fetched from")

    async def sleep(self, seconds: float) -> None:
        """httpcore's own retries are switched off, so that it never asks for this."""
        await asyncio.sleep(seconds)

    async def _permitted(self, host: str, port: int) -> list[str]:
        """The addresses that may be connected to, from one single look-up."""
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name does not resolve ({_cause(error)})") from error
        permitted: list[str] = []
        refusal: AddressError | None = None
        for address in found:
            try:
                permitted.append(str(check_address(address, port, self._allow)))
            except AddressError as error:
                refusal = refusal or error
        if not permitted:
            raise refusal or httpcore.ConnectError("the name has no address")
        return permitted[:MOST_ADDRESSES]


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's requests and answers over a `GuardedBackend`; HTTP/1.1, connections kept for a while.

    httpx.AsyncClient is not used on top of it: it logs each address with its query, where some publishers want
    their key, and it keeps cookies.
    """

    def __init__(
        self, backend: GuardedBackend, *, tls: ssl.SSLContext | None = None, keep_seconds: float = 15.0
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or trusted_tls(),
            max_connections=None,  # the fetcher counts
            max_keepalive_connections=20,
            keepalive_expiry=keep_seconds,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the answer's body is still to be read. Raises httpcore's errors and `AddressError`."""
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.content,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as httpx wants it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


@cache
def trusted_tls() -> ssl.SSLContext:
    """Host names and certificates are checked, against the authorities that come with httpx, not the environment's."""
    return httpx.create_ssl_context(trust_env=False)


def _cause(error: BaseException | None) -> str:
    """The words of the innermost error that has any: "All connection attempts failed" helps nobody."""
    words = ""
    while error is not None:
        said = str(error)
        if isinstance(error, OSError) and error.strerror:
            # asyncio puts the address in the place of the system's words.
            vague = error.strerror.startswith("Connect call failed")
            said = os.strerror(error.errno) if vague and error.errno else error.strerror
        words = said or words
        error = error.__cause__ or error.__context__
    return words or "no reason given"
