"""What a publisher says back: a body within its bounds, another address, or nothing to be understood."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import cast

import anyio
import httpcore
import httpx

from watcher.fetch.addresses import AddressError
from watcher.fetch.asking import checked
from watcher.fetch.body import Body
from watcher.fetch.decoding import BodyDecoder, CutOffError, EncodingError
from watcher.fetch.errors import FetchError, Reason, shown, without_secrets
from watcher.source import Request

#: Everything that a bad network or a bad server makes the libraries below raise.
NETWORK_TROUBLE = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.StreamError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    OSError,
    EOFError,
)

_SSL_NOISE = re.compile(r"\[SSL: \w+\] |\.? ?\(_ssl\.c:\d+\)")

# The rest of an answer up to this size is read, so that the connection can be used again; a larger one is cut off.
_WORTH_READING = 16 * 1024
# Seconds: what the answer was is known by then, and must not be lost to a rest that never comes.
_WORTH_WAITING = 1.0


@asynccontextmanager
async def as_fetch_errors(request: Request, url: httpx.URL, seconds: float) -> AsyncIterator[None]:
    """Whatever goes wrong inside becomes a `FetchError`, also that it takes longer than so many seconds."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            yield
    except AddressError as error:
        raise FetchError(Reason.REFUSED_ADDRESS, f"{url.host}: {error}") from error
    except httpcore.TimeoutException as error:
        raise FetchError(Reason.TIMED_OUT, f"{url.host}: {error}; nothing to do unless it lasts") from error
    except TimeoutError as error:
        words = f"no complete answer within {request.deadline_seconds:g} seconds"
        raise FetchError(Reason.TIMED_OUT, f"{url.host}: {words}; nothing to do unless it lasts") from error
    except httpcore.ConnectError as error:
        words = _words(error)
        raise FetchError(
            Reason.UNREACHABLE, f"{url.host} cannot be reached: {words}; nothing to do unless it lasts"
        ) from error
    except httpcore.LocalProtocolError as error:
        where = without_secrets(str(url))
        raise FetchError(Reason.BAD_REQUEST, f"{where} cannot be asked in HTTP: check the address") from error
    except NETWORK_TROUBLE as error:
        words = _words(error)
        raise FetchError(
            Reason.UNREACHABLE, f"{url.host} gave no answer in HTTP ({words}); nothing to do unless it lasts"
        ) from error


@asynccontextmanager
async def spoken_within(request: Request, url: httpx.URL) -> AsyncIterator[None]:
    """A publisher that says nothing for too long is given up, long before the deadline of a large document."""
    try:
        async with asyncio.timeout(request.silence_seconds) as silence:
            yield
    except TimeoutError as error:
        if not silence.expired():
            raise
        words = f"sent nothing for {request.silence_seconds:g} seconds"
        raise FetchError(Reason.TIMED_OUT, f"{url.host} {words}; nothing to do unless it lasts") from error


class _Pace:
    """Tells a body that comes by drips from one that is large, and from one that is small and came late."""

    def __init__(self, request: Request, url: httpx.URL) -> None:
        self._request = request
        self._url = url
        self._since: float | None = None  # the body's own beginning: how long it may be waited for is another bound
        self._size = 0
        self._dripped = ""

    def came(self, size: int) -> None:
        """The next piece is here. Raises `FetchError` if those before it came by drips: then this is not the end."""
        if self._dripped:
            words = f"{self._dripped}, which is no pace to wait for; nothing to do unless it lasts"
            raise FetchError(Reason.TIMED_OUT, f"{self._url.host} {words}")
        now = asyncio.get_running_loop().time()
        self._since = now if self._since is None else self._since
        self._size += size
        seconds = now - self._since
        if seconds > self._request.patience_seconds:
            if self._size < seconds * self._request.least_per_second:
                self._dripped = f"sent {self._size:,} bytes in {seconds:.0f} seconds"
            self._since, self._size = now, 0  # a good beginning is no licence to drip ever after


async def read_body(response: httpx.Response, request: Request, url: httpx.URL, body: Body) -> None:
    """Put the whole body, decompressed, into `body`. Raises `FetchError`."""
    declared = response.headers.get("content-length", "")
    try:
        decoder = BodyDecoder(response.headers.get("content-encoding", ""), unpack=True)
        if request.whole and declared.isascii() and declared.isdigit():
            _bound(int(declared[:20]), request.max_body, url, "the body")
        raw = decoded = 0
        pace = _Pace(request, url)
        async with aclosing(_pieces(response, request, url)) as pieces:
            async for piece in pieces:
                raw += len(piece)
                pace.came(len(piece))
                if request.whole:
                    _bound(raw, request.max_body, url, "the body")
                for step in decoder.feed(piece):
                    decoded += len(step)
                    if not request.whole and decoded >= request.max_decoded:
                        _store(step[: len(step) - (decoded - request.max_decoded)], body, url)
                        return
                    _bound(decoded, request.max_decoded, url, "the decompressed body")
                    _store(step, body, url)
                if raw >= request.max_body and not request.whole:
                    return
        decoder.finish()
    except EncodingError as error:
        raise FetchError(Reason.BAD_ENCODING, f"{url.host}: {shown(str(error), 200)}; tell the publisher") from error
    except CutOffError as error:
        raise FetchError(
            Reason.TRUNCATED, f"{url.host}: the compressed body was cut off; nothing to do unless it lasts"
        ) from error


async def read_rest(response: httpx.Response) -> None:
    """Use up a short body that nobody wants, for the connection's sake."""
    declared = response.headers.get("content-length", "")
    short = declared.isascii() and declared.isdigit() and len(declared) < 8 and int(declared) <= _WORTH_READING
    if response.status_code == 304 or short:
        with suppress(*NETWORK_TROUBLE):
            async with asyncio.timeout(_WORTH_WAITING), aclosing(_raw(response)) as pieces:
                async for _ in pieces:
                    pass


def redirected_to(response: httpx.Response, url: httpx.URL) -> httpx.URL:
    """Where the answer sends us. Raises `FetchError` if that is nowhere, unreadable, or not as safe as before."""
    location = b"".join(value for name, value in response.headers.raw if name.lower() == b"location")
    if not location.strip():
        raise _bad_redirect(url, "to nowhere")
    try:
        target = url.join(location.decode("utf-8", "replace").strip())
    except (httpx.InvalidURL, ValueError):
        raise _bad_redirect(url, "to an address that cannot be read") from None
    if target.scheme not in ("http", "https"):
        raise _bad_redirect(url, f"to {without_secrets(str(target))}, which is not on the web")
    if url.scheme == "https" and target.scheme == "http":
        raise _bad_redirect(url, f"out of https to {without_secrets(str(target))}")
    try:
        return checked(target)
    except FetchError as error:
        if error.reason is not Reason.BAD_REQUEST:
            raise
        raise _bad_redirect(url, "to an address that cannot be asked") from None


def repeated_at(response: httpx.Response, url: httpx.URL) -> httpx.URL:
    """Where the answer to a POST wants it sent again. Raises `FetchError` for any redirect but 307 and 308.

    301, 302 and 303 make a GET of it, as browsers do (RFC 9110, 15.4): that would be another question, and a login or
    a search page that answers it would be taken for the list.
    """
    target = redirected_to(response, url)
    if response.status_code not in (307, 308):
        where = without_secrets(str(target))
        raise _bad_redirect(
            url, f"what is sent to it by POST to {where} with {response.status_code}, which would ask there for a page"
        )
    return target


def not_stored(url: httpx.URL, error: OSError) -> FetchError:
    """The error for a disk that does not take a body."""
    words = error.strerror or type(error).__name__
    return FetchError(
        Reason.NOT_STORED,
        f"what {url.host} sent could not be put into a file ({words}): make room, or correct the folder",
    )


async def _pieces(response: httpx.Response, request: Request, url: httpx.URL) -> AsyncGenerator[bytes, None]:
    """The body as it comes; a connection lost in the middle of it is a truncated body, a silent one is given up."""
    try:
        async with aclosing(_raw(response)) as pieces:
            while True:
                async with spoken_within(request, url):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                yield piece
    except NETWORK_TROUBLE as error:
        words = _words(error)
        raise FetchError(Reason.TRUNCATED, f"{url.host} broke off ({words}); nothing to do unless it lasts") from error


def _words(error: Exception) -> str:
    """What the library says, as far as it helps the source's keeper."""
    return shown(_SSL_NOISE.sub("", str(error)), 160) or "the connection was lost"


def _raw(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """httpx's pieces as they are on the wire: a generator, which its signature does not tell."""
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())


def _store(step: bytes, body: Body, url: httpx.URL) -> None:
    try:
        body.write(step)
    except OSError as error:
        raise not_stored(url, error) from error


def _bound(count: int, most: int, url: httpx.URL, what: str) -> None:
    if count > most:
        raise FetchError(
            Reason.TOO_LARGE,
            f"{url.host}: {what} is too large, over the {most:,} bytes allowed; "
            "if it must be so large, raise the source's limit",
        )


def _bad_redirect(url: httpx.URL, words: str) -> FetchError:
    return FetchError(
        Reason.BAD_REDIRECT, f"{url.host} redirects {words}: give the source the address where the document is now"
    )
