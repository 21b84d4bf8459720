"""How a page comes about: its language, its template, its headers, and what is said when something is wrong."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notifiers.dates import Dates
from tbtwatch.configuration import SHIPPED
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.look.searching import Finder
from tbtwatch.reference import Titles, load_hs, load_ics
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web import headers
from tbtwatch.web.accounts.forms import LARGEST, checked_form, csrf
from tbtwatch.web.refusals import FormRefusedError, SignInNeededError
from tbtwatch.web.words import LANGUAGES, NAMES, TAGS, PageWords, preferred

log = structlog.get_logger()

HERE: Final = Path(__file__).parent
TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
SIDE_BY_SIDE: Final = 4  # pages made at once; the service has other work
FRESH_FOR: Final = 60  # seconds for which a page may be shown again without asking
_WORTH_PACKING: Final = 1000
#: Signs that turn the direction of what stands behind them, or show nothing: no text of others may bring them.
_UNSEEN: Final = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x061C, 0x00AD), None
)


class _Language(Convertor[str]):
    """A language in an address."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _Language())


@dataclass(frozen=True, slots=True)
class File:
    """A file of ours as it is sent."""

    body: bytes
    packed: bytes
    type: str
    mark: str  #: of its content; it stands in its address


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is asked for, in which language, on which day."""

    request: Request
    words: PageWords
    today: date
    now: datetime  #: in the place's own zone

    @property
    def language(self) -> str:
        """Of the page."""
        return self.words.language

    @property
    def dates(self) -> Dates:
        """How days are written."""
        return Dates(self.words.messages, self.today)

    def path(self, rest: str = "") -> str:
        """The address of a page in this language."""
        return f"/{self.language}/{rest}"

    def measure(self, symbol: str) -> str:
        """The address of a measure's page."""
        return measure_path(self.language, symbol)


Handler = Callable[[Visit], Response]
FormHandler = Callable[[Visit, FormData], Response]


class Site:
    """The pages' common ground."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.finder = Finder(storage=desk.storage, markets=desk.names.markets, rules=desk.rulebook.in_force)
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)
        self._missing: tuple[datetime, int] | None = None

    @cached_property
    def files(self) -> Mapping[str, File]:
        """All files that pages refer to, by name."""
        found = {}
        for path in sorted((HERE / "static").iterdir()):
            if path.suffix in TYPES:
                body = path.read_bytes()
                mark = hashlib.sha256(body).hexdigest()[:12]
                found[path.name] = File(body, gzip.compress(body, 9, mtime=0), TYPES[path.suffix], mark)
        return found

    @cached_property
    def templates(self) -> Environment:
        """The templates. Everything that is filled in is escaped; a name that is missing is a fault."""
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["clean"] = clean
        environment.globals["file"] = lambda name: f"/static/{self.files[name].mark}/{name}"
        return environment

    @cached_property
    def _titles(self) -> Mapping[str, Titles]:
        folder = SHIPPED / "reference"
        return {"hs": load_hs(folder), "ics": load_ics(folder)}

    def titles(self, system: str) -> Titles:
        """The titles of HS or ICS codes."""
        return self._titles[system]

    def title(self, system: str, code: str, language: str) -> str:
        """The title of an HS or ICS code in a language, else in English; "" if it has none."""
        known = self._titles[system].get(code, {})
        return known.get(language) or known.get("en") or ""

    def missing(self, visit: Visit) -> int:
        """How many measures cannot be searched for yet; counted once a minute, as it takes a look at all."""
        if self._missing is None or visit.now - self._missing[0] >= timedelta(minutes=1):
            with self.desk.storage.look() as tx:
                self._missing = visit.now, tx.search.count_not_written()
        return self._missing[1]

    def page(self, answer: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A page in the language of its address. GET and HEAD; what it shows is the same for all who ask."""

        async def answered(request: Request) -> Response:
            visit = self.visit(request, request.path_params.get("language", ""))
            return await self._made(visit, lambda: answer(visit))

        return answered

    def form(
        self, answer: FormHandler, *, largest: int = LARGEST, token: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """What becomes of a form of ours: its origin and its token are checked before. POST."""

        async def answered(request: Request) -> Response:
            visit = self.visit(request, request.path_params.get("language", ""))
            form = await checked_form(request, largest=largest, token=token)
            try:
                return await self._made(visit, lambda: answer(visit, form))
            finally:
                await form.close()

        return answered

    async def _made(self, visit: Visit, work: Callable[[], Response]) -> Response:
        """A page, or one that says what is wrong."""
        request = visit.request
        try:
            async with self._turn:
                response = await asyncio.to_thread(work)
        except (HTTPException, SignInNeededError, FormRefusedError):
            raise
        except DATABASE_TROUBLE as error:
            log.warning("web_database_trouble", error=type(error).__name__)
            response = self.render(visit, "trouble.html", status=503, text="trouble.text")
            response.headers["Retry-After"] = "60"
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error(
                "web_failed", error=type(error).__name__, file=where.filename, line=where.lineno,
                path=without_secrets(request.url.path)[:300],
            )  # fmt: skip
            response = self.render(visit, "trouble.html", status=500, text="fault.text")
        return finished(response, request)

    def visit(self, request: Request, language: str) -> Visit:
        """Who asks for what; without a language in the address the browser's."""
        if language not in LANGUAGES:
            language = preferred(request.headers.get("accept-language", ""))
        now = self.desk.clock().astimezone(self.desk.names.zone)
        return Visit(request=request, words=PageWords(language), today=now.date(), now=now)

    def render(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page by its template."""
        rest = visit.request.url.path.partition(f"/{visit.language}/")[2]
        query = visit.request.url.query
        known = visit.request.url.path.startswith(f"/{visit.language}/") and status < 400
        same = f"{quote(rest, safe='/')}{'?' + query if query else ''}" if known else ""
        others = [(code, TAGS[code], NAMES[code], f"/{code}/{same}") for code in LANGUAGES]
        text = self.templates.get_template(template).render(
            w=visit.words,
            language=visit.language,
            tag=visit.words.tag,
            languages=others,
            at=rest.partition("/")[0] if known else None,
            path=visit.path,
            moment=visit.dates.moment(visit.now),
            person=getattr(visit.request.state, "person", None),
            csrf=lambda: csrf(visit.request),
            **values,
        )
        response = Response(text, status_code=status, media_type="text/html")
        own = hasattr(visit.request.state, "person")  # it was asked who it is for
        response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}" if status == 200 and not own else "no-store"
        if own:
            response.headers["Referrer-Policy"] = "same-origin"  # else its forms could not say where they stood
        if status >= 400:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    async def lost(self, request: Request, error: Exception) -> Response:
        """There is no such page, or it is not asked for in this way."""
        status = int(getattr(error, "status_code", 404))
        if hasattr(request.state, "person"):
            del request.state.person  # what is not theirs looks as what there is not
        if request.url.path.startswith(("/f/", "/u/")):
            response = Response("Not Found" if status == 404 else "Method Not Allowed", status_code=status)
            response.headers.update({**headers.SECRET, "Cache-Control": "no-store"})
        else:
            first = request.url.path[1:].partition("/")[0]
            visit = self.visit(request, first if first in LANGUAGES else "")
            response = finished(self.render(visit, "lost.html", status=status), request)
        if allowed := (getattr(error, "headers", None) or {}).get("Allow"):
            response.headers["Allow"] = allowed
        return response

    def file_routes(self) -> list[Route]:
        """The files, under addresses that change with them."""

        async def answered(request: Request) -> Response:
            found = self.files.get(request.path_params["name"])
            if found is None or found.mark != request.path_params["mark"]:
                return finished(Response("Not Found", status_code=404, media_type="text/plain"), request)
            packed = "gzip" in request.headers.get("accept-encoding", "")
            response = Response(found.packed if packed else found.body, media_type=found.type)
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.headers["Vary"] = "Accept-Encoding"
            if packed:
                response.headers["Content-Encoding"] = "gzip"
            return finished(response, request, pack=False)

        return [Route("/static/{mark}/{name}", answered, methods=["GET"])]


def finished(response: Response, request: Request, *, pack: bool = True) -> Response:
    """With the headers of a page, its tag, and packed; or only that it is as the asker has it."""
    for name, value in headers.PAGE.items():
        response.headers.setdefault(name, value)
    body = bytes(response.body)
    if response.status_code == 200:
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        if tag.removeprefix("W/") in request.headers.get("if-none-match", "")[:2000]:
            kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
            kept["content-security-policy"] = headers.PAGE["Content-Security-Policy"]
            return Response(status_code=304, headers={**kept, "etag": tag})
        response.headers["ETag"] = tag
    if pack and len(body) > _WORTH_PACKING:
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            response.body = gzip.compress(body, 5, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.body))
    return response


def without_secrets(path: str) -> str:
    """An address as it may stand in a log."""
    before, mark, _ = path.partition("/sign-in/")
    return f"{before}{mark}…" if mark else path


def moved(where: str) -> Response:
    """It stands elsewhere just now."""
    return RedirectResponse(where, status_code=302, headers={"Cache-Control": "no-store"})


def measure_path(language: str, symbol: str) -> str:
    """The address of a measure's page. A browser would shorten dots and empty parts: those go behind a mark."""
    parts = symbol.split("/")
    if all(part not in ("", ".", "..") for part in parts):
        return f"/{language}/m/{quote(symbol, safe='/')}"
    return f"/{language}/m?symbol={quote(symbol, safe='')}"


def clean(text: object) -> str:
    """A text of others without signs that turn its direction or cannot be seen."""
    return str(text).translate(_UNSEEN)
