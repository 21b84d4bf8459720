"""The staff's pages by their addresses, and who may ask for each."""

from __future__ import annotations

from functools import partial

from starlette.routing import BaseRoute, Route

from tbtwatch.pipeline.oversight.board import Board
from tbtwatch.storage.people import Role
from tbtwatch.web.site import Site
from tbtwatch.web.staff import (
    deliveries,
    offices,
    people,
    source,
    source_deeds,
    source_entry,
    source_filling,
    sources,
    support,
)
from tbtwatch.web.staff.means import Means
from tbtwatch.web.staff.room import Room


def staff_routes(site: Site, means: Means | None = None) -> list[BaseRoute]:
    """The pages. Without `means` nothing is tried and no setting is shown."""
    room, kept = Room(site, means), Board(site.desk)
    fillings = source_filling.Fillings(room)
    base = "/{language:language}/staff"
    pages = (
        ("sources", Role.SOURCE_KEEPER, partial(sources.board, room, kept)),
        (f"sources/{source_entry.NEW}", Role.SOURCE_KEEPER, partial(source_entry.new_page, room)),
        ("sources/{name}", Role.SOURCE_KEEPER, partial(source.source, room, kept)),
        ("sources/{name}/entry", Role.SOURCE_KEEPER, partial(source_entry.page, room)),
        ("sources/{name}/backfill", Role.SOURCE_KEEPER, fillings.page),
        ("sources/{name}/backfill/now", Role.SOURCE_KEEPER, fillings.part),
        ("deliveries", Role.SUPPORT, partial(deliveries.deliveries, room)),
        ("deliveries/{id}", Role.SUPPORT, partial(deliveries.delivery, room)),
        ("deliveries/{id}/html", Role.SUPPORT, partial(deliveries.html, room)),
        ("support", Role.SUPPORT, partial(support.screen, room)),
        ("support/proof", Role.SUPPORT, partial(support.printed, room)),
        ("enterprises", Role.SUPPORT, partial(offices.enterprises, room)),
        ("enterprises/{id}", Role.SUPPORT, partial(offices.enterprise, room)),
        ("people", Role.ADMIN, partial(people.people, room)),
        ("audit", Role.ADMIN, partial(offices.audit, room)),
        ("settings", Role.ADMIN, partial(offices.settings, room)),
    )
    deeds = (
        ("sources/{name}/decide", Role.SOURCE_KEEPER, partial(source_deeds.decide_hold, room, kept)),
        (f"sources/{source_entry.NEW}/entry", Role.SOURCE_KEEPER, partial(source_entry.add, room)),
        ("sources/{name}/entry", Role.SOURCE_KEEPER, partial(source_entry.save, room)),
        ("sources/{name}/backfill", Role.SOURCE_KEEPER, fillings.begin),
        ("sources/{name}/backfill/stop", Role.SOURCE_KEEPER, fillings.cancel),
        ("sources/{name}/backfill/forget", Role.SOURCE_KEEPER, fillings.forget),
        ("sources/{name}/switch", Role.SOURCE_KEEPER, partial(source_entry.switched, room, kept)),
        ("sources/{name}/restore", Role.SOURCE_KEEPER, partial(source_entry.restored, room)),
        ("deliveries/resume", Role.SUPPORT, partial(deliveries.resume, room)),
        ("deliveries/{id}/again", Role.SUPPORT, partial(deliveries.again, room)),
        ("deliveries/{id}/cancel", Role.SUPPORT, partial(deliveries.stop, room)),
        ("people", Role.ADMIN, partial(people.add, room)),
        ("people/{id}", Role.ADMIN, partial(people.change, room)),
    )
    routes: list[BaseRoute] = [
        Route(base, room.first, methods=["GET"]),
        Route("/staff", room.first, methods=["GET"]),
        *(Route(f"{base}/{path}", room.page(role, answer), methods=["GET"]) for path, role, answer in pages),
        *(Route(f"{base}/{path}", room.deed(role, act), methods=["POST"]) for path, role, act in deeds),
        Route("/staff/{rest:path}", room.to_language, methods=["GET"]),
    ]
    if means is not None:
        routes.append(Route(f"{base}/try", source_deeds.Trials(room).answered, methods=["POST"]))
    return routes
