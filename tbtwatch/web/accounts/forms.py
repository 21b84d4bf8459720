"""Whether a form came from a page of ours, and from who is signed in.

Two guards that fail apart: the browser says where the form stood (`Sec-Fetch-Site`, `Origin`), and the form brings a
token that only a page of this very session holds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from tbtwatch.web.accounts import cookie
from tbtwatch.web.accounts.who import desk_of, who
from tbtwatch.web.refusals import FormRefusedError, SignInNeededError

FIELD: Final = "csrf"
LARGEST: Final = 1_000_000  # bytes of an ordinary form
MOST_FIELDS: Final = 3000


def csrf(request: Request) -> str:
    """The token for the hidden field `csrf` of a form; "" while nobody is signed in."""
    secret = cookie.read(request)
    return _token(secret, secrets.token_hex(8)) if secret else ""


def _token(secret: str, salt: str) -> str:
    """Another one in each page, as packed pages of equal tokens would let it be guessed by their lengths."""
    sealed = hmac.digest(secret.encode("utf-8", "replace"), f"csrf\n{salt}".encode("utf-8", "replace"), hashlib.sha256)
    return f"{salt}.{sealed.hex()}"


async def checked_form(request: Request, *, largest: int = LARGEST, token: bool = True) -> FormData:
    """The fields of a form that came from a page of ours. `token`: of who is signed in. Raises `FormRefusedError`,
    `SignInNeededError`."""
    check_origin(request)
    form = await _read(request, largest)
    try:
        if token:
            await _check_token(form, request)
    except (FormRefusedError, SignInNeededError):
        await form.close()
        raise
    return form


async def _check_token(form: FormData, request: Request) -> None:
    if await asyncio.to_thread(who, request) is None:
        raise SignInNeededError
    given = str(form.get(FIELD, ""))[:200]
    expected = _token(cookie.read(request), given.partition(".")[0])
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")):
        raise FormRefusedError("form.token")


def check_origin(request: Request) -> None:
    """Raises `FormRefusedError` unless the browser says that the form stood on a page of ours."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        raise FormRefusedError("form.origin")
    if site is not None and site != "same-origin":
        raise FormRefusedError("form.origin")
    # "null": a page that tells nobody where it is; then the browser's other word has to do.
    if origin is not None and not (origin == "null" and site is not None) and not _is_ours(origin, request):
        raise FormRefusedError("form.origin")


def _is_ours(origin: str, request: Request) -> bool:
    given = urlsplit(origin)
    if given.scheme not in ("http", "https") or not given.netloc:
        return False
    public = desk_of(request).public_url
    if public and (given.scheme, given.netloc) == urlsplit(public)[:2]:
        return True
    return given.netloc == request.headers.get("host")


async def _read(request: Request, largest: int) -> FormData:
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > largest:
        raise FormRefusedError("form.large", 413)
    body = b""
    async for some in request.stream():
        body += some
        if len(body) > largest:
            raise FormRefusedError("form.large", 413)
    request._body = body
    try:
        return await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=largest)
    except (MultiPartException, ValueError) as error:
        raise FormRefusedError("form.broken", 400) from error
