"""token make, list, revoke: what programs show to the API."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.tokens import MOST_DAYS, Scope, make_token, revoke_token
from tbtwatch.storage.tokens import ApiToken

app = typer.Typer(help="Tokens for programs that ask the API.", no_args_is_help=True, rich_markup_mode=None)


@app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="What the token is for: the program that will use it.")],
    scope: Annotated[list[str], typer.Option(help=f"{', '.join(Scope)}. May be given again.")],
    enterprise: Annotated[str, typer.Option(help="Whose subscriptions and deliveries it may read.")] = "",
    days: Annotated[int, typer.Option(help=f"How long it is good for: 1 to {MOST_DAYS}.")] = 365,
    by: Annotated[str, typer.Option(help="Who asks for it; default: you.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown this once."""
    if wrong := [one for one in scope if one not in list(Scope)]:
        raise CommandError(f"--scope {wrong[0]!r} is none; write {', '.join(Scope)}")
    with the_app() as service:
        made, text = make_token(
            name=name,
            scopes=[Scope(one) for one in scope],
            enterprise=enterprise.strip(),
            days=days,
            by=by or the_operator(),
            desk=service.desk,
        )
        until = when(made.expires_at, service.settings.zone_info)
        served = service.settings.web_port is not None
    if as_json:
        show_json({**_shape(made), "token": text})
    else:
        say(text)
    note(f"Token {made.id}, good until {until}. Keep it like a password: it cannot be shown again.")
    if not served:
        note("Nothing answers it yet: set TBTWATCH_WEB_PORT, or try it with `tbtwatch web`.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the tokens, revoked and expired ones too. The tokens themselves are not kept."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.tokens.all()
        zone = service.settings.zone_info
    if as_json:
        show_json([_shape(one) for one in found])
        return
    show_table(
        ("id", "name", "enterprise", "may", "made", "by", "until", "last used", "revoked"),
        [
            (
                one.id,
                one.name,
                one.enterprise,
                " ".join(sorted(one.scopes)),
                when(one.made_at, zone),
                one.made_by,
                when(one.expires_at, zone),
                when(one.used_at, zone),
                f"{when(one.revoked_at, zone)} by {one.revoked_by}: {one.why}" if one.revoked_at else "",
            )
            for one in found
        ],
    )


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="The token's number.")],
    why: Annotated[str, typer.Option(help="Why; kept with it.")],
    by: Annotated[str, typer.Option(help="Who says so; default: you.")] = "",
) -> None:
    """Revoke a token: from now on it opens nothing. It is kept, with the reason."""
    with the_app() as service:
        ended = revoke_token(number, by=by or the_operator(), why=why, desk=service.desk)
    say(f"Token {number} opens nothing any more." if ended else f"Token {number} was revoked before.")


def _shape(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "enterprise": token.enterprise or None,
        "scopes": sorted(token.scopes),
        "made_at": shapes.instant(token.made_at),
        "made_by": token.made_by,
        "expires_at": shapes.instant(token.expires_at),
        "used_at": shapes.instant(token.used_at),
        "revoked_at": shapes.instant(token.revoked_at),
        "revoked_by": token.revoked_by,
        "why": token.why,
    }
