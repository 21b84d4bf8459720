"""The page that describes the API to people. No script of others draws it: it is read off the description."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tbtwatch.web.api import described
from tbtwatch.web.api.description import operations, shapes
from tbtwatch.web.api.ground import ROOT
from tbtwatch.web.site import Site, Visit
from tbtwatch.web.terms import Terms


def reference_routes(site: Site, terms: Terms) -> list[BaseRoute]:
    """The page, in each language."""
    return [Route("/{language:language}/api", site.page(partial(show, site, terms)), methods=["GET"])]


def show(site: Site, terms: Terms, visit: Visit) -> Response:
    """The page."""
    base = site.desk.public_url or str(visit.request.base_url).rstrip("/")
    return site.render(
        visit,
        "api.html",
        title=visit.words("api.title"),
        operations=list(operations(described())),
        shapes=list(shapes(described())),
        base=base,
        root=ROOT,
        per_minute=terms.per_minute,
        public_per_minute=terms.public_per_minute,
    )
