"""What is said to a publisher: which address, which headers, and what of it may be said to another publisher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from watcher.fetch.decoding import ACCEPT_ENCODING
from watcher.fetch.errors import FetchError, Reason, host_of, shown, without_secrets
from watcher.source import Request

Headers = list[tuple[bytes, bytes]]

# A name as the resolver takes it, after IDNA, or a number; httpx lets any punctuation through.
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")
# What goes along to another origin; anything else may be a secret.
_HARMLESS = frozenset({"a-im", "accept", "accept-language", "content-type"})
# What the fetcher says for itself, so that no source can change how it behaves.
_OWN = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to recognise a document by, kept as it came and never read."""

    etag: str | None = None
    last_modified: str | None = None
    url: str = ""  #: the address that gave them, for they mean nothing to another; empty: the request's own


def readable(url: str) -> httpx.URL:
    """An address that can be asked. Raises `FetchError`."""
    try:
        read = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise FetchError(
            Reason.BAD_REQUEST,
            f"{without_secrets(url)} is not a readable address ({shown(str(error), 100)}): correct it",
        ) from None
    return checked(read)


def checked(url: httpx.URL) -> httpx.URL:
    """The address, if it may be asked at all: http or https, a host, no user in it. Raises `FetchError`."""
    if url.scheme not in ("http", "https"):
        raise FetchError(
            Reason.REFUSED_ADDRESS,
            f"{without_secrets(str(url))} is neither http nor https: write the whole address, https://…",
        )
    if not _HOST.fullmatch(url.raw_host) or (url.port is not None and not 1 <= url.port <= 65535):
        missing = "no possible port" if _HOST.fullmatch(url.raw_host) else "no possible host"
        raise FetchError(Reason.BAD_REQUEST, f"{without_secrets(str(url))} names {missing}: write the whole address")
    if url.userinfo:
        raise FetchError(
            Reason.REFUSED_ADDRESS,
            f"{host_of(str(url))}: a user or password in the address itself is not sent; give it as a header",
        )
    return url.copy_with(fragment=None)


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Whom a secret was meant for: scheme, host and port."""
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def whose_turn(url: httpx.URL) -> str:
    """Which requests wait for each other: those to one host, or to one server of it at a port of its own."""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def headers_for(
    request: Request, url: httpx.URL, *, agent: str, trusted: bool, conditions: Headers | tuple[()] = ()
) -> Headers:
    """The headers to send; the request's own, which may hold a key, only to a `trusted` one. Raises `FetchError`.

    `conditions` go with them. `A-IM`, the wish for what is new only (RFC 3229), means something only beside an ETag.
    """
    said = {
        "user-agent": ("User-Agent", agent),
        "accept": ("Accept", request.accept),
        "accept-encoding": ("Accept-Encoding", ACCEPT_ENCODING),
    }
    if request.body is not None:
        said["content-type"] = ("Content-Type", request.body_type)
    for name, value in request.headers.items():
        if name.lower() in _OWN:
            raise FetchError(
                Reason.BAD_REQUEST, f"{url.host}: the header {name} is the fetcher's own; take it out of the source"
            )
        if name.lower() == "a-im" and not any(given == b"if-none-match" for given, _ in conditions):
            continue
        if trusted or name.lower() in _HARMLESS:
            said[name.lower()] = (name, value)
    for name, value in said.values():
        if not is_header_text(value) or not name.replace("-", "").isalnum() or not name.isascii():
            raise FetchError(
                Reason.BAD_REQUEST,
                f"{url.host}: the header {shown(name, 40)} holds a character that HTTP cannot carry, "
                "a line break perhaps: enter it again",
            )
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in said.values()] + list(conditions)


def conditions_for(request: Request, validators: Validators | None, url: httpx.URL, *, first: bool) -> Headers:
    """The stored validators, for the one address that they belong to; they speak of what a GET brings."""
    if not request.conditional or request.body is not None or validators is None:
        return []
    if not (_same(validators.url, url) if validators.url else first):
        return []
    named = ((b"if-none-match", validators.etag), (b"if-modified-since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in named if value and _is_field_value(value)]


def carries_a_key(request: Request) -> bool:
    """Whether the request says more than what it accepts, or names a key in its address."""
    return any(name.lower() not in _HARMLESS for name in request.headers) or "=***" in without_secrets(request.url)


def is_header_text(text: str) -> bool:
    """Whether HTTP can carry it: printable ASCII."""
    return text.isascii() and text.isprintable()


def lower_case(headers: httpx.Headers) -> Mapping[str, str]:
    """Headers by name in lower case, each octet one character, so that they can be sent back as they came."""
    found: dict[str, str] = {}
    for name, value in headers.raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _same(stored: str, url: httpx.URL) -> bool:
    try:
        return httpx.URL(stored).copy_with(fragment=None) == url
    except (httpx.InvalidURL, ValueError):
        return False


def _is_field_value(text: str) -> bool:
    return all(character == "\t" or " " <= character <= "~" or "\x80" <= character <= "\xff" for character in text)
