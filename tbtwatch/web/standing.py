"""What stands at addresses that everybody knows: for crawlers, for finders of holes, for watchers of the service."""

from __future__ import annotations

import asyncio
import json
import time as clocks
from datetime import datetime, time

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.heartbeat import Beat, beat_of, schema_is_current
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web.headers import API
from tbtwatch.web.site import Site
from tbtwatch.web.terms import Terms

log = structlog.get_logger()

KEPT_FOR = 2.0  # seconds for which one answer serves all who ask whether we are ready
#: Pages may be found; what is counted out by filters, files, secret links and programs' answers is not for crawlers.
ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /*/search?
Disallow: /*/search.
Disallow: /c/
Disallow: /f/
Disallow: /l/
Disallow: /u/
"""


def standing_routes(site: Site, terms: Terms) -> list[BaseRoute]:
    """These addresses."""
    standing = _Standing(site, terms)
    return [
        Route("/robots.txt", standing.robots, methods=["GET"]),
        Route("/.well-known/security.txt", standing.security, methods=["GET"]),
        Route("/health", standing.health, methods=["GET"]),
        Route("/ready", standing.ready, methods=["GET"]),
    ]


class _Standing:
    def __init__(self, site: Site, terms: Terms) -> None:
        self._site, self._desk, self._terms = site, site.desk, terms
        self._known: tuple[float, dict[str, str]] | None = None
        self._asking = asyncio.Lock()

    async def robots(self, request: Request) -> Response:  # noqa: ARG002 - all are called alike
        """What crawlers may fetch."""
        return _text(ROBOTS)

    async def security(self, request: Request) -> Response:
        """Whom to tell of a hole (RFC 9116); nothing unless an operator has said so and until when."""
        terms = self._terms
        if not terms.security_contact or terms.security_expires is None:
            return await self._site.lost(request, LookupError())
        expires = datetime.combine(terms.security_expires, time(23, 59, 59), self._desk.names.zone)
        lines = [f"Contact: {terms.security_contact}", f"Expires: {expires.isoformat()}", "Preferred-Languages: zh, en"]
        if self._desk.public_url:
            lines.append(f"Canonical: {self._desk.public_url}/.well-known/security.txt")
        return _text("\n".join(lines) + "\n")

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """The process answers."""
        return _said({"status": "ok"}, 200)

    async def ready(self, request: Request) -> Response:  # noqa: ARG002
        """It can do its work: its database answers and is of its version, and somebody watches."""
        async with self._asking:
            if self._known is None or clocks.monotonic() - self._known[0] >= KEPT_FOR:
                self._known = clocks.monotonic(), await asyncio.to_thread(how_it_stands, self._desk)
        said = self._known[1]
        good = {"ok", Beat.NEVER.value}
        ready = all(value in good for value in said.values())
        return _said({"status": "ready" if ready else "not ready", **said}, 200 if ready else 503)


def how_it_stands(desk: Desk) -> dict[str, str]:
    """Each part in a word. Nothing of what went wrong: whoever may know it reads the log."""
    try:
        with desk.storage.look() as tx:
            watch = beat_of(tx, desk.clock()).value
        schema = "ok" if schema_is_current(desk.storage) else "other version"
    except DATABASE_TROUBLE as error:
        log.warning("web_database_trouble", error=type(error).__name__)
        return {"database": "no answer", "schema": "unknown", "watch": "unknown"}
    return {"database": "ok", "schema": schema, "watch": watch}


def _said(what: dict[str, str], status: int) -> Response:
    response = Response(json.dumps(what), status_code=status, media_type="application/json")
    response.headers.update({**API, "Cache-Control": "no-store"})
    return response


def _text(text: str) -> Response:
    response = Response(text, media_type="text/plain")
    response.headers.update({**API, "Cache-Control": "public, max-age=3600"})
    return response
