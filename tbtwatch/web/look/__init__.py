"""The visitor's pages: look, and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tbtwatch.web.look import calendar, coming, measure, search, start
from tbtwatch.web.site import Site, Visit

__all__ = ["look_routes"]

Show = Callable[[Site, Visit], Response]

_PAGES: tuple[tuple[str, Show], ...] = (
    ("/{language:language}/", start.show),
    ("/{language:language}/search", search.show),
    ("/{language:language}/m", measure.by_query),
    ("/{language:language}/m/{symbol:path}", measure.show),
    ("/{language:language}/calendar", calendar.show),
    ("/{language:language}/coming", coming.show),
    ("/", start.to_language),
    ("/m/{symbol:path}", measure.to_language),
    ("/{language:language}", start.to_language),
)


def look_routes(site: Site) -> list[BaseRoute]:
    """The pages by their addresses: a language, then the page; without a language the browser's."""
    return [Route(path, site.page(partial(show, site)), methods=["GET"]) for path, show in _PAGES]
