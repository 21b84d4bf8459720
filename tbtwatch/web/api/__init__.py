"""The API for programs: read, and change nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from tbtwatch import __version__
from tbtwatch.storage.own import NotOwnError
from tbtwatch.web.api import measures, own, service
from tbtwatch.web.api.description import completed
from tbtwatch.web.api.ground import ROOT
from tbtwatch.web.api.guard import Guard
from tbtwatch.web.api.problems import ProblemError, known_only, of_own, of_problem, of_status, of_validation
from tbtwatch.web.bare import bare_app
from tbtwatch.web.limits import Limiter
from tbtwatch.web.site import Site
from tbtwatch.web.terms import Terms

__all__ = ["api_routes", "described"]

_ABOUT = """\
Measures of the WTO's Members and their regulators, read-only. What anybody may look at on the pages anybody may ask
here, a few times a minute; with a token (`Authorization: Bearer tbtw_…`) more often, and what belongs to the token's
enterprise. Lists go on by `next` and the `Link` header. Answers carry an `ETag`; ask again with `If-None-Match`.
Mistakes are answered with `application/problem+json` and a sentence. Texts are as their issuers wrote them: text, never
markup.
"""


def api_routes(site: Site, terms: Terms, limiter: Limiter) -> list[Mount]:
    """The API at its address."""
    mounted = Mount(ROOT, app=Guard(_api(site), site.desk, terms, limiter))
    # What stands behind it may be anything, a line break too: it is the API that says that there is no such thing.
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    return [mounted]


@cache
def described() -> dict[str, Any]:
    """The API as OpenAPI describes it."""
    return completed(_api(None).openapi())


def _api(site: Site | None) -> FastAPI:
    api = bare_app(
        title="tbtwatch",
        version=__version__,
        description=_ABOUT,
        root_path_in_servers=False,
        servers=[{"url": ROOT}],
        redirect_slashes=False,
        separate_input_output_schemas=False,
        dependencies=[Depends(known_only)],
    )
    api.state.site = site
    for routes in (service.about, measures.routes, own.subscriptions, own.deliveries, service.sources, service.rules):
        api.include_router(routes)
    api.add_exception_handler(ProblemError, of_problem)
    api.add_exception_handler(NotOwnError, of_own)
    api.add_exception_handler(HTTPException, of_status)
    api.add_exception_handler(RequestValidationError, of_validation)

    @api.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:  # noqa: ARG001
        """This API, described for programs."""
        return JSONResponse(described(), media_type="application/vnd.oai.openapi+json;version=3.1")

    return api
