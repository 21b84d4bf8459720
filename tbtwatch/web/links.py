"""Calendars, feeds and lists of news by secret link, and the page to unsubscribe on.

A link is a secret: it stands in no log line, no page that is shown links anywhere, and nobody is told which address a
reader came from. A link that is none of ours costs one look in the database, whatever it looks like. GET changes
nothing: mail programs and scanners fetch every link they see.
"""

from __future__ import annotations

import asyncio
import hashlib
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from notifiers.wording import Words, offered
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.burst import read_list
from tbtwatch.pipeline.confirm import answer, asked_by, is_over
from tbtwatch.pipeline.feeds import ATOM, CALENDAR, Shown, show
from tbtwatch.pipeline.subscribe import Ended, end_named, named_now
from tbtwatch.pipeline.unsubscribe_code import Named, read_link
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web import headers, pages, question_page
from tbtwatch.web.lists import list_page, no_list

log = structlog.get_logger()

SIDE_BY_SIDE = 2  # requests at the database; the service has other work
MOST_KEPT = 64  # texts kept in memory
TYPES = {CALENDAR: "text/calendar; charset=utf-8", ATOM: "application/atom+xml; charset=utf-8"}
Answer = TypeVar("Answer")


def link_routes(desk: Desk, list_days: int) -> list[Route]:
    """What is behind the links. `list_days`: how long the list of a message that tells much can be read."""
    links = _Links(desk, list_days)
    return [
        Route("/f/{token}.ics", links.guarded(links.calendar), methods=["GET"]),
        Route("/f/{token}.atom", links.guarded(links.atom), methods=["GET"]),
        Route("/l/{token}", links.guarded(links.news), methods=["GET"]),
        Route("/c/{token}", links.guarded(links.confirm), methods=["GET", "POST"]),
        Route("/u/{token}", links.guarded(links.unsubscribe), methods=["GET", "POST"]),
    ]


class _Links:
    """What is behind the links."""

    def __init__(self, desk: Desk, list_days: int) -> None:
        self._desk, self._list_days = desk, list_days
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)
        self._kept: OrderedDict[tuple[str, str], Shown] = OrderedDict()

    def guarded(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """An answer in any case; what went wrong is logged without the link."""

        async def answered(request: Request) -> Response:
            try:
                response = await answer(request)
            except DATABASE_TROUBLE as error:
                log.warning("web_database_trouble", error=type(error).__name__)
                response = Response(status_code=503, headers={"Retry-After": "60"})
            except Exception as error:
                # Neither the error's own words nor the values it was made from: the link may stand in them.
                where = traceback.extract_tb(error.__traceback__)[-1]
                log.error("web_failed", error=type(error).__name__, file=where.filename, line=where.lineno)
                response = Response(status_code=500)
            for name, value in headers.SECRET.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return answered

    async def calendar(self, request: Request) -> Response:
        """The calendar of a link."""
        return await self._feed(request, CALENDAR)

    async def atom(self, request: Request) -> Response:
        """The feed of a link."""
        return await self._feed(request, ATOM)

    async def _feed(self, request: Request, form: str) -> Response:
        token = request.path_params["token"]
        asked = (hashlib.sha256(token.encode("utf-8", "replace")).hexdigest(), form)
        kept = self._kept.get(asked)
        shown = await self._at_database(lambda: show(token, form, known=kept.version if kept else "", desk=self._desk))
        if shown.feed is None:
            return Response("There is nothing here.\n", status_code=404, media_type="text/plain")
        if shown.feed.revoked_at is not None:
            self._kept.pop(asked, None)
            return Response("This link was revoked.\n", status_code=410, media_type="text/plain")
        if shown.text is None and kept is not None:
            shown = kept
        self._keep(asked, shown)
        headers = {"ETag": f'"{shown.version}"', "Cache-Control": "private, max-age=300"}
        if shown.version in _known(request):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = f'inline; filename="tbtwatch.{form}"'
        return Response(shown.text, media_type=TYPES[form], headers=headers)

    def _keep(self, asked: tuple[str, str], shown: Shown) -> None:
        self._kept[asked] = shown
        self._kept.move_to_end(asked)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    async def news(self, request: Request) -> Response:
        """The list of a message that tells much."""
        token, days = request.path_params["token"], self._list_days
        page = await self._at_database(lambda: read_list(token, list_days=days, desk=self._desk))
        if page is None:
            return _html(no_list(), 404)
        return _html(list_page(page, self._desk.names.zone), 200)

    async def unsubscribe(self, request: Request) -> Response:
        """GET asks, POST ends (RFC 8058: without a cookie, a redirect or another question)."""
        token = request.path_params["token"]
        if request.method == "POST":
            return _html(*await self._at_database(lambda: self._end(token)))
        return _html(*await self._at_database(lambda: self._ask(token)))

    async def confirm(self, request: Request) -> Response:
        """GET asks, POST agrees; nothing else does."""
        token = request.path_params["token"][:200]
        if request.method == "POST":
            return _html(*await self._at_database(lambda: self._agree(token)))
        return _html(*await self._at_database(lambda: self._question(token)))

    def _question(self, token: str) -> tuple[str, int]:
        with self._desk.storage.look() as tx:
            one = asked_by(token, tx, self._desk.clock())
        if one is None:
            return question_page.unknown(), 404
        words = Words(offered(one.language))
        if one.confirmed_at is not None and one.ended_at is None:
            return question_page.done(one.address.target, one.enterprise, words), 200
        if is_over(one, self._desk.clock()):
            return question_page.over(words), 410
        return question_page.asks(one.address.target, one.enterprise, words), 200

    def _agree(self, token: str) -> tuple[str, int]:
        answered = answer(token, how="link", desk=self._desk)
        if answered is None:
            return question_page.unknown(), 404
        one = answered.confirmation
        words = Words(offered(one.language))
        if answered.over:
            return question_page.over(words), 410
        return question_page.done(one.address.target, one.enterprise, words), 200

    def _ask(self, token: str) -> tuple[str, int]:
        with self._desk.storage.look() as tx:
            named = read_link(token, tx)
            if named is None:
                return pages.unknown(), 404
            live = named_now(named, tx)
            words = self._words(named, live[0].language if live else "")
        return pages.asks(named.address.target, [one.name for one in live], words), 200

    def _end(self, token: str) -> tuple[str, int]:
        with self._desk.storage.look() as tx:
            named = read_link(token, tx)
            if named is None:
                return pages.unknown(), 404
            live = named_now(named, tx)
        ended: Ended = end_named(named, reason="unsubscribed by link", desk=self._desk)
        words = self._words(named, live[0].language if live else "")
        log.info("unsubscribed_by_link", subscriptions=[one.id for one in live])
        going_on = [one.name for one in ended.going_on]
        return pages.done(named.address.target, [one.name for one in live], going_on, words), 200

    def _words(self, named: Named, language: str) -> Words:
        """In the language of what is subscribed to; of what is over, as far as it is remembered."""
        if not language and named.subscriptions:
            with self._desk.storage.look() as tx:
                language = tx.subscriptions.get(named.subscriptions[0]).language
        return Words(offered(language or "zh"))

    async def _at_database(self, work: Callable[[], Answer]) -> Answer:
        async with self._turn:
            return await asyncio.to_thread(work)


def _html(page: str, status: int) -> Response:
    return Response(page, status_code=status, media_type="text/html")


def _known(request: Request) -> set[str]:
    """The versions that the asker has."""
    stated = request.headers.get("if-none-match", "")
    return {one.strip().removeprefix("W/").strip('"') for one in stated[:2000].split(",")}
