"""What stands before every answer of the API: who asks, whether they may, how often; and what every answer carries."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import traceback
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.tokens import RefusedTokenError, read_token
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.storage.tokens import ApiToken
from tbtwatch.web.api.problems import ProblemError, answered
from tbtwatch.web.headers import API
from tbtwatch.web.limits import Allowance, Limiter
from tbtwatch.web.terms import Terms

log = structlog.get_logger()

SIDE_BY_SIDE: Final = 4  # answers made at once; the service has other work
FAILED_PER_MINUTE: Final = 30  # tokens that open nothing, of one address
_WORTH_PACKING: Final = 1000
_LONGEST: Final = 16_384  # of an address with its parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    address: str
    token: ApiToken | None  #: None: anybody


class Guard:
    """Before the API and behind it."""

    def __init__(self, api: ASGIApp, desk: Desk, terms: Terms, limiter: Limiter) -> None:
        self._api, self._desk, self._terms, self._limiter = api, desk, terms, limiter
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        said: dict[str, str] = {}
        caller: Caller | None = None
        try:
            caller = await self._caller(request)
            said = self._allowed(caller).headers()
            response = await self._answer(scope, receive, caller)
        except ProblemError as problem:
            response = answered(problem)
        except DATABASE_TROUBLE as error:
            log.warning("web_database_trouble", error=type(error).__name__)
            response = answered(
                ProblemError(
                    503, "The database does not answer just now. Ask again in a minute.", headers={"Retry-After": "60"}
                )
            )
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error(
                "web_failed", error=type(error).__name__, file=where.filename, line=where.lineno,
                path=request.url.path[:300],
            )  # fmt: skip
            response = answered(ProblemError(500, "A fault of ours. It is written down; ask again later."))
        for name, value in said.items():
            response.headers.setdefault(name, value)
        await _finished(response, request, known=caller is not None and caller.token is not None)(scope, receive, send)

    async def _caller(self, request: Request) -> Caller:
        """Who asks. Raises ProblemError: the token opens nothing."""
        address = self._terms.asker(request)
        stated = request.headers.get("authorization")
        if len(request.url.path) + len(request.url.query) > _LONGEST:
            raise ProblemError(414, f"The address is longer than {_LONGEST} signs. Ask for less at once.")
        if stated is None:
            return Caller(address=address, token=None)
        if failed := self._limiter.exhausted("failed", address, FAILED_PER_MINUTE):
            raise ProblemError(429, _too_many(failed), headers=failed.headers())
        scheme, _, text = stated.partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise RefusedTokenError(
                    "Show a token in the header Authorization, after Bearer. Nothing else opens this."
                )
            token = await asyncio.to_thread(read_token, text.strip()[:200], self._desk)
        except RefusedTokenError as error:
            self._limiter.ask("failed", address, FAILED_PER_MINUTE)
            raise _unknown(str(error), 'error="invalid_token"') from error
        return Caller(address=address, token=token)

    def _allowed(self, caller: Caller) -> Allowance:
        """What is left to who asks. Raises ProblemError: nothing."""
        if caller.token is not None:
            left = self._limiter.ask("token", str(caller.token.id), self._terms.per_minute)
        elif self._terms.public_per_minute:
            left = self._limiter.ask("address", caller.address, self._terms.public_per_minute)
        else:
            raise _unknown("Here the API is read with a token alone. Ask whoever runs this service for one.")
        if not left.allowed:
            more = "" if caller.token else " With a token more is allowed."
            raise ProblemError(429, _too_many(left) + more, headers=left.headers())
        return left

    async def _answer(self, scope: Scope, receive: Receive, caller: Caller) -> Response:
        """What the API says, whole."""
        start: Message = {}
        body = bytearray()

        async def gather(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        state: dict[str, object] = {**scope.get("state", {}), "caller": caller}
        asked = {**scope, "state": state}
        if scope["method"] == "HEAD":
            asked["method"] = "GET"
        async with self._turn:
            await self._api(asked, receive, gather)
        response = Response(bytes(body), status_code=start["status"])
        headers = MutableHeaders(raw=[pair for pair in start["headers"] if pair[0] != b"content-length"])
        response.raw_headers = [*headers.raw, (b"content-length", str(len(body)).encode())]
        if further := state.get("next"):
            response.headers["Link"] = f'<{further}>; rel="next"'
        return response


def _finished(response: Response, request: Request, *, known: bool) -> Response:
    """With its safety headers, its tag, and packed; or only that it is as the asker has it."""
    for name, value in API.items():
        response.headers.setdefault(name, value)
    response.headers["Vary"] = "Authorization, Accept-Encoding"
    if response.status_code >= 300:
        response.headers["Cache-Control"] = "no-store"
        return response
    body = bytes(response.body)
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    response.headers["ETag"] = tag
    # What a token opens is nobody else's; what anybody may read may be kept on the way.
    response.headers["Cache-Control"] = "private, no-cache" if known else "public, max-age=60"
    if has_it(request, tag):
        kept = {name: value for name, value in response.headers.items() if not name.startswith("content-l")}
        kept.pop("content-type", None)
        return Response(status_code=304, headers=kept)
    if len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        response.body = gzip.compress(body, 5, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def has_it(request: Request, tag: str) -> bool:
    """Whether the asker has what bears this tag."""
    stated = request.headers.get("if-none-match", "")[:2000]
    return any(one.strip() in ("*", tag, tag.removeprefix("W/")) for one in stated.split(",")) if stated else False


def _too_many(left: Allowance) -> str:
    return f"Too many requests: {left.limit} a minute are allowed. Ask again in {left.wait} s."


def _unknown(detail: str, further: str = "") -> ProblemError:
    challenge = 'Bearer realm="tbtwatch"' + (f", {further}" if further else "")
    return ProblemError(401, detail, headers={"WWW-Authenticate": challenge})
