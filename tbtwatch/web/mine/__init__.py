"""The pages of whoever is signed in: their subscriptions, a new one, what they were told, their data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tbtwatch.pipeline.own_list import LARGEST
from tbtwatch.web.mine import belongings, builder, chats, deeds, editing, listing, one, product_list, receipts
from tbtwatch.web.mine.forecasts import Forecasts
from tbtwatch.web.site import Site, Visit

__all__ = ["mine_routes"]

Show = Callable[[Site, Visit], Response]
Take = Callable[[Site, Visit, FormData], Response]

_HERE = "/{language:language}/mine"
_SHOWN: tuple[tuple[str, Show], ...] = (
    ("", listing.show),
    ("/products", product_list.show),
    ("/chats", chats.show),
    ("/data", belongings.show),
    ("/data/{enterprise:int}.json", belongings.export_it),
    ("/{id:int}", one.show),
    ("/{id:int}/why", receipts.why),
    ("/{id:int}/proof", receipts.proof),
)
_TAKEN: tuple[tuple[str, Take], ...] = (
    ("/data/{enterprise:int}/erase", belongings.erase_it),
    ("/chats", chats.make_code),
    ("/chats/{enterprise:int}/unlink", chats.unlink_it),
    ("/{id:int}/pause", deeds.pause_it),
    ("/{id:int}/resume", deeds.resume_it),
    ("/{id:int}/end", deeds.end_it),
    ("/{id:int}/feed", deeds.new_feed),
    ("/{id:int}/feed/{feed:int}/revoke", deeds.revoke_feed),
)


def mine_routes(site: Site) -> list[BaseRoute]:
    """These pages by their addresses. GET changes nothing."""
    forecasts = Forecasts(site)
    build, edit = builder.Builder(site, forecasts), editing.Editing(site, forecasts)
    routes: list[BaseRoute] = [
        Route(f"{_HERE}/new", site.page(build.show), methods=["GET"]),
        Route(f"{_HERE}/new", site.form(build.save), methods=["POST"]),
        Route(f"{_HERE}/{{id:int}}/edit", site.page(edit.show), methods=["GET"]),
        Route(f"{_HERE}/{{id:int}}/edit", site.form(edit.save), methods=["POST"]),
    ]
    upload = site.form(partial(product_list.take, site), largest=LARGEST + 1_000_000)
    routes.append(Route(f"{_HERE}/products", upload, methods=["POST"]))
    routes += [Route(_HERE + path, site.page(partial(show, site)), methods=["GET"]) for path, show in _SHOWN]
    routes += [Route(_HERE + path, site.form(partial(take, site)), methods=["POST"]) for path, take in _TAKEN]
    return routes
