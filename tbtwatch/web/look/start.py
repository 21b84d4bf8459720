"""The first page: what is new, what closes soon, and where to begin."""

from __future__ import annotations

from starlette.responses import Response

from tbtwatch.pipeline.look.asked import DEADLINE, NEWEST, Asked
from tbtwatch.web.look.lists import lines
from tbtwatch.web.site import Site, Visit, moved

_MANY = 8


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    newest, closing = Asked(sort=NEWEST), Asked(open=True, sort=DEADLINE)
    new = site.finder.find(newest, today=visit.today, most=_MANY)
    soon = site.finder.find(closing, today=visit.today, most=_MANY)
    areas = [
        (site.desk.names.area(key, visit.language), number, visit.path("search?" + Asked(areas=(key,)).query()))
        for key, number in new.counts["area"].items()
    ]
    return site.render(
        visit,
        "start.html",
        title=visit.words("start.title"),
        new=lines(new.rows, site, visit),
        closing=lines(soon.rows, site, visit),
        all_new=visit.path("search?" + newest.query()),
        all_closing=visit.path("search?" + closing.query()),
        areas=areas[:24],
        measures=new.total,
        open=soon.total,
        sources=sum(1 for source in site.desk.sources if source.config.enabled and source.resting() is None),
        filling=site.missing(visit),
    )


def to_language(site: Site, visit: Visit) -> Response:  # noqa: ARG001 - all pages are asked alike
    """From an address without a language to the page in the browser's."""
    response = moved(visit.path())
    response.headers["Vary"] = "Accept-Language"
    return response
