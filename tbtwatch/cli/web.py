"""web: the pages alone."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from tbtwatch.cli import context
from tbtwatch.cli.context import a_day, the_app, today
from tbtwatch.cli.output import note, progress_bars
from tbtwatch.pipeline.look.filling import fill
from tbtwatch.settings import Settings, load_settings
from tbtwatch.storage import DATABASE_TROUBLE

if TYPE_CHECKING:
    from tbtwatch.bootstrap import App
    from tbtwatch.pipeline.alert import Desk
    from tbtwatch.pipeline.watched import Watched
    from tbtwatch.web.staff.means import Means

log = structlog.get_logger()

PORT = 8080
FOLLOW = 10.0  # seconds


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("web")(web)


def web(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help=f"Default: TBTWATCH_WEB_PORT, or {PORT}.")] = None,
    as_of: Annotated[str, typer.Option(help="Show them as they are on that day: 2026-01-28. Default: today.")] = "",
) -> None:
    """Show the pages in a browser: nothing is polled and nothing is sent. Ended by Ctrl-C."""
    settings = load_settings()
    context.LEVEL["now"] = logging.INFO
    with the_app(settings) as app:
        desk = app.desk
        if as_of:
            noon = datetime.combine(a_day(as_of, today=today(app)), time(12), settings.zone_info).astimezone(UTC)
            desk = replace(desk, clock=lambda: noon)
        with progress_bars() as progress:
            fill(app.storage, lambda done, total: progress("search", done, total))
        taken = port or settings.web_port or PORT
        asyncio.run(_serve(serving(desk, settings, taken, means=means_of(app)), app.sources))


def means_of(app: App) -> Means:
    """What the staff's pages need besides the desk."""
    from tbtwatch.web.staff.means import Means

    settings = app.settings
    return Means(
        settings=settings,
        channels=frozenset(app.notifiers),
        budgets={"email": settings.email_budget, "telegram": settings.telegram_budget},
        fetcher=app.fetcher,
        watched=app.sources,
    )


def serving(
    desk: Desk, settings: Settings, port: int, *, means: Means | None = None
) -> Callable[[asyncio.Event], Awaitable[None]]:
    """What serves the pages until an event is set; the port is taken at once. Raises SettingsError."""
    # Loaded here alone: no other command needs it.
    from tbtwatch.bootstrap import provider_of
    from tbtwatch.web.app import make_app
    from tbtwatch.web.server import listen, serve
    from tbtwatch.web.terms import Terms

    host = settings.web_host
    listening = listen(host, port)
    app = make_app(
        desk,
        list_days=settings.list_days,
        terms=Terms.of(settings),
        means=means,
        most_reclassified=settings.most_reclassified,
        provider=provider_of(settings, desk.clock),
    )
    shown = f"[{host}]" if ":" in host else host
    note(f"Pages, calendars, feeds and unsubscribing at http://{shown}:{port}/")

    async def serve_it(stop: asyncio.Event) -> None:
        warming = asyncio.create_task(asyncio.to_thread(app.state.warm))
        await serve(app, listening, stop)
        await warming

    return serve_it


async def _serve(serve_it: Callable[[asyncio.Event], Awaitable[None]], sources: Watched) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    following = asyncio.create_task(_follow(sources, stop))
    try:
        await serve_it(stop)
    finally:
        stop.set()
        await following


async def _follow(sources: Watched, stop: asyncio.Event) -> None:
    """Take in what staff say of sources elsewhere, as the service does before each round of polls."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), FOLLOW)
        try:
            await asyncio.to_thread(sources.refresh)
        except DATABASE_TROUBLE as error:
            log.warning("sources_not_read_anew", error=type(error).__name__)
