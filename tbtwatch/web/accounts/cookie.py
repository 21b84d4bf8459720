"""The cookie of a session, and which connection may carry it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

NAME: Final = "__Host-tbtwatch"
#: On this machine without TLS browsers refuse the other one, and nobody between can read it.
PLAIN_NAME: Final = "tbtwatch"


def is_local(host: str) -> bool:
    """Whether this is the name of the machine itself."""
    return host == "localhost" or host.startswith("127.") or host in ("::1", "[::1]")


def is_plain(request: Request) -> bool:
    """Whether the browser asks this very machine without TLS.

    Not where the pages are known to stand behind TLS: a proxy may hand everything on as if it were asked for here.
    """
    public = str(request.app.state.desk.public_url)
    return request.url.scheme == "http" and is_local(_host(request)) and not public.startswith("https://")


def cannot_be_kept(request: Request) -> bool:
    """Whether browsers will refuse the cookie: it is for TLS alone, and they come without."""
    public = str(request.app.state.desk.public_url)
    return request.url.scheme == "http" and not is_local(_host(request)) and not public.startswith("https://")


def read(request: Request) -> str:
    """The secret of the session; "" if there is none."""
    secret = request.cookies.get(NAME, "")
    if not secret and is_plain(request):
        secret = request.cookies.get(PLAIN_NAME, "")
    return secret if len(secret) <= 200 else ""


def give(response: Response, request: Request, secret: str, *, seconds: int) -> None:
    """The browser is to keep it."""
    plain = is_plain(request)
    response.set_cookie(
        PLAIN_NAME if plain else NAME,
        secret,
        max_age=seconds,
        path="/",
        secure=not plain,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, request: Request) -> None:
    """The browser is to forget it."""
    plain = is_plain(request)
    response.delete_cookie(PLAIN_NAME if plain else NAME, path="/", secure=not plain, httponly=True, samesite="lax")


def _host(request: Request) -> str:
    return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
