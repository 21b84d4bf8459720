"""All that is reached by a browser, a calendar program or a feed reader, put together."""

from __future__ import annotations

import time
from functools import partial

import structlog
from fastapi import FastAPI

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.look.asked import Asked
from tbtwatch.pipeline.provider_rules import Provider
from tbtwatch.pipeline.rulebook import MOST_RECLASSIFIED
from tbtwatch.storage import DATABASE_TROUBLE
from tbtwatch.web.accounts.pages import account_routes, refused_form, to_sign_in
from tbtwatch.web.accounts.provider import provider_routes
from tbtwatch.web.api import api_routes
from tbtwatch.web.api.reference import reference_routes
from tbtwatch.web.bare import bare_app
from tbtwatch.web.exports import export_routes
from tbtwatch.web.limits import Limiter
from tbtwatch.web.links import link_routes
from tbtwatch.web.look import look_routes
from tbtwatch.web.mine import mine_routes
from tbtwatch.web.mine.goods_words import get_ready
from tbtwatch.web.refusals import FormRefusedError, SignInNeededError
from tbtwatch.web.site import Site
from tbtwatch.web.staff.means import Means
from tbtwatch.web.staff.routes import staff_routes
from tbtwatch.web.staff.rules import Room, rule_routes
from tbtwatch.web.standing import standing_routes
from tbtwatch.web.terms import Terms

log = structlog.get_logger()


def make_app(
    desk: Desk,
    *,
    list_days: int = 30,
    terms: Terms = Terms(),
    means: Means | None = None,
    most_reclassified: float = MOST_RECLASSIFIED,
    provider: Provider | None = None,
) -> FastAPI:
    """The application. `list_days`: how long the list of a message that tells much can be read; `means`: for staff;
    `most_reclassified`: the share of measures that one publishing of rules may make other without a word of why;
    `provider`: by whose accounts people sign in too."""
    site, limiter = Site(desk), Limiter(time.monotonic)
    app = bare_app()
    app.state.warm = partial(_warm, site)
    app.state.desk = desk
    app.router.routes.extend(link_routes(desk, list_days))
    app.router.routes.extend(site.file_routes())
    app.state.provider_name = provider.name if provider else ""
    if provider is not None:
        app.router.routes.extend(provider_routes(site, provider))
    app.router.routes.extend(account_routes(site))
    app.router.routes.extend(mine_routes(site))
    app.router.routes.extend(staff_routes(site, means))
    room = Room(site, limit=most_reclassified)
    app.state.rule_work = room.work
    app.router.routes.extend(rule_routes(room))
    app.router.routes.extend(look_routes(site))
    app.router.routes.extend(standing_routes(site, terms))
    app.router.routes.extend(export_routes(site, terms, limiter))
    app.router.routes.extend(api_routes(site, terms, limiter))
    app.router.routes.extend(reference_routes(site, terms))
    app.add_exception_handler(404, site.lost)
    app.add_exception_handler(405, site.lost)
    app.add_exception_handler(SignInNeededError, to_sign_in)
    app.add_exception_handler(FormRefusedError, refused_form(site))
    return app


def _warm(site: Site) -> None:
    """Make beforehand what the first visitor would wait for: the measures in memory, the words for goods."""
    desk = site.desk
    try:
        site.finder.find(Asked(text="?warm"), today=desk.clock().astimezone(desk.names.zone).date())
        get_ready(site)
    except DATABASE_TROUBLE as error:
        log.warning("web_database_trouble", error=type(error).__name__)
