"""feed new, list, revoke: calendars and feeds by secret link."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tbtwatch.cli import shapes, typed
from tbtwatch.cli.context import the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import feeds
from tbtwatch.settings import Settings
from tbtwatch.storage.feeds import Feed

app = typer.Typer(help="Calendars and feeds by secret link.", no_args_is_help=True, rich_markup_mode=None)


@app.command("new")
def new(
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise.")],
    subscription: Annotated[int | None, typer.Option(help="Of this subscription alone, by its number.")] = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    name: Annotated[str, typer.Option(help="What the calendar is called; default: the enterprise.")] = "",
    by: Annotated[str, typer.Option(help="Who asks for it; default: you.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a secret link to the calendar and the feed of an enterprise. It is shown this once."""
    typed.a_language(language)
    with the_app() as service:
        made, token = feeds.make_feed(
            enterprise=enterprise.strip(),
            subscription_id=subscription,
            language=language,
            name=name.strip(),
            by=by or the_operator(),
            desk=service.desk,
        )
        settings = service.settings
    links = {form: f"{_base(settings)}/f/{token}.{form}" for form in (feeds.CALENDAR, feeds.ATOM)}
    if as_json:
        show_json({**_shape(made), "calendar": links[feeds.CALENDAR], "atom": links[feeds.ATOM]})
    else:
        say(links[feeds.CALENDAR])
        say(links[feeds.ATOM])
    note(f"Feed {made.id}. Whoever has a link sees what it shows: keep it, it cannot be shown again.")
    if settings.web_port is None:
        note("Nothing answers it yet: set TBTWATCH_WEB_PORT, and TBTWATCH_PUBLIC_URL for links from outside.")


def _base(settings: Settings) -> str:
    """Where links begin."""
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return settings.public_url or f"http://{host}:{settings.web_port or 8080}"


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the links, revoked ones too. The links themselves are not kept."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.feeds.all()
        zone = service.settings.zone_info
    if as_json:
        show_json([_shape(one) for one in found])
        return
    show_table(
        ("id", "enterprise", "subscription", "name", "language", "made", "by", "revoked"),
        [
            (
                one.id,
                one.enterprise,
                one.subscription_id or "all",
                one.name,
                one.language,
                when(one.made_at, zone),
                one.made_by,
                f"{when(one.revoked_at, zone)} by {one.revoked_by}: {one.why}" if one.revoked_at else "",
            )
            for one in found
        ],
    )


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="The feed's number.")],
    why: Annotated[str, typer.Option(help="Why; kept with it.")],
    by: Annotated[str, typer.Option(help="Who says so; default: you.")] = "",
) -> None:
    """Revoke a link: from now on it shows nothing. It is kept, with the reason."""
    with the_app() as service, service.storage.begin() as tx:
        ended = tx.feeds.revoke(number, by=by or the_operator(), why=why, now=service.clock())
    say(f"Feed {number} shows nothing any more." if ended else f"Feed {number} was revoked before.")


def _shape(feed: Feed) -> dict[str, Any]:
    return {
        "id": feed.id,
        "enterprise": feed.enterprise,
        "subscription": feed.subscription_id,
        "name": feed.name,
        "language": feed.language,
        "made_at": shapes.instant(feed.made_at),
        "made_by": feed.made_by,
        "revoked_at": shapes.instant(feed.revoked_at),
        "revoked_by": feed.revoked_by,
        "why": feed.why,
    }
