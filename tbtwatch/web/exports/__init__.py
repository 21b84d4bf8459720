"""Any search as a file: CSV, Excel, JSON, and as an Atom feed. What the page finds, in the page's order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from tbtwatch.pipeline.look.asked import Asked, read_asked
from tbtwatch.pipeline.look.walking import Stretch, walk
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web import headers
from tbtwatch.web.api.models.measures import MeasureLine
from tbtwatch.web.api.telling import a_line
from tbtwatch.web.exports.cells import COLUMNS, Cell
from tbtwatch.web.exports.csv_file import csv_file
from tbtwatch.web.exports.feed import ATOM, search_feed
from tbtwatch.web.exports.workbook import TYPE, workbook
from tbtwatch.web.limits import Limiter
from tbtwatch.web.site import Site, Visit, finished
from tbtwatch.web.terms import MOST_ROWS, Terms

__all__ = ["FORMS", "export_routes"]

log = structlog.get_logger()

COST: Final = 10  # requests that a file counts as
SIDE_BY_SIDE: Final = 2
FORMS: Final = {"csv": "text/csv; charset=utf-8", "xlsx": TYPE, "json": "application/json"}
_CHUNK: Final = 200
_WIDTHS: Final = (24, 60, 24, 12, 12, 14, 12, 14, 24, 20, 20, 30, 14, 14, 50)


def export_routes(site: Site, terms: Terms, limiter: Limiter) -> list[BaseRoute]:
    """The files of a search, beside its page."""
    exports = _Exports(site, terms, limiter)
    return [
        Route("/{language:language}/search.atom", exports.atom, methods=["GET"]),
        *(Route(f"/{{language:language}}/search.{form}", exports.of(form), methods=["GET"]) for form in FORMS),
    ]


class _Exports:
    def __init__(self, site: Site, terms: Terms, limiter: Limiter) -> None:
        self._site, self._terms, self._limiter = site, terms, limiter
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)

    def of(self, form: str) -> Callable[[Request], object]:
        """What answers for a form."""

        async def answered(request: Request) -> Response:
            visit = self._visit(request)
            if refused := self._refused(request, visit, COST):
                return refused
            try:
                async with self._turn:
                    asked, found = await asyncio.to_thread(self._found, visit)
            except DATABASE_TROUBLE as error:
                return self._trouble(visit, error)
            lines = self._lines(found, visit)
            pieces = self._pieces(form, lines, found, asked, visit)
            response = StreamingResponse(self._streamed(pieces), media_type=FORMS[form])
            name = f"tbt-measures-{visit.today.isoformat()}.{form}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["X-Total-Count"] = str(found.total)
            response.headers.update(headers.PAGE)
            return response

        return answered

    async def atom(self, request: Request) -> Response:
        """The newest of a search, to be followed by a feed reader."""
        visit = self._visit(request)
        if refused := self._refused(request, visit, 1):
            return refused
        try:
            async with self._turn:
                asked = self._asked(visit)
                text = await asyncio.to_thread(search_feed, self._site, visit, asked)
        except DATABASE_TROUBLE as error:
            return self._trouble(visit, error)
        response = Response(text, media_type=ATOM)
        # Without an address of its own it is told as whoever asks calls it, which nobody else need believe.
        response.headers["Cache-Control"] = f"{'public' if self._site.desk.public_url else 'private'}, max-age=300"
        response.headers["X-Robots-Tag"] = "noindex"
        return finished(response, request)

    def _visit(self, request: Request) -> Visit:
        return self._site.visit(request, str(request.path_params["language"]))

    def _asked(self, visit: Visit) -> Asked:
        names = self._site.desk.names
        pairs = visit.request.query_params.multi_items()
        return read_asked(pairs, markets=names.markets, areas=names.areas, today=visit.today)

    def _found(self, visit: Visit) -> tuple[Asked, Stretch]:
        asked = self._asked(visit)
        return asked, walk(self._site.finder, asked, order=asked.sorted_by, today=visit.today, limit=MOST_ROWS)

    def _refused(self, request: Request, visit: Visit, cost: int) -> Response | None:
        """Files are large: an address has so many a minute, also where the API is read with tokens alone."""
        per_minute = self._terms.public_per_minute or 60
        left = self._limiter.ask("address", self._terms.asker(request), per_minute, cost=cost)
        if left.allowed:
            return None
        response = self._site.render(visit, "trouble.html", status=429, text="export.too_often")
        response.headers.update(left.headers())
        return finished(response, request)

    def _trouble(self, visit: Visit, error: Exception) -> Response:
        log.warning("web_database_trouble", error=type(error).__name__)
        response = self._site.render(visit, "trouble.html", status=503, text="trouble.text")
        response.headers["Retry-After"] = "60"
        return finished(response, visit.request)

    def _lines(self, found: Stretch, visit: Visit) -> Iterator[list[MeasureLine]]:
        """Read as they are written, so that a large file costs no more memory than a small one."""
        desk, base = self._site.desk, str(visit.request.base_url).rstrip("/")
        for start in range(0, len(found.ids), _CHUNK):
            with desk.storage.look() as tx:
                briefs = tx.briefs.of(found.ids[start : start + _CHUNK])
            yield [a_line(one, desk, language=visit.language, today=visit.today, base=base) for one in briefs]

    def _pieces(
        self, form: str, lines: Iterator[list[MeasureLine]], found: Stretch, asked: Asked, visit: Visit
    ) -> Iterator[bytes]:
        if form == "json":
            return _json(lines, found, asked, visit)
        head = [visit.words(name) for name, _ in COLUMNS]
        rows: Iterator[Sequence[Sequence[Cell]]] = (
            [[read(one, visit.words) for _, read in COLUMNS] for one in chunk] for chunk in lines
        )
        if form == "csv":
            return csv_file(head, rows)
        return workbook(visit.words("search.results"), head, _WIDTHS, rows)

    async def _streamed(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        """Piece by piece; whoever reads slowly holds up nobody."""
        while True:
            async with self._turn:
                piece = await asyncio.to_thread(next, pieces, None)
            if piece is None:
                return
            yield piece


def _json(lines: Iterator[list[MeasureLine]], found: Stretch, asked: Asked, visit: Visit) -> Iterator[bytes]:
    said = {
        "question": asked.query(),
        "as_of": visit.now.isoformat(),
        "total": found.total,
        "complete": found.last is None,
    }
    yield (json.dumps(said, ensure_ascii=False)[:-1] + ', "measures": [').encode()
    comma = "\n"
    for chunk in lines:
        text = ""
        for one in chunk:
            text += comma + one.model_dump_json()
            comma = ",\n"
        yield text.encode("utf-8", "replace")
    yield b"\n]}\n"
