"""rules install, list, show, publish, undo."""

from __future__ import annotations

from typing import Annotated

import typer
import yaml

from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import rulebook

app = typer.Typer(help="The classification rules and their versions.", no_args_is_help=True, rich_markup_mode=None)


@app.command("install")
def install(as_json: AsJson = False) -> None:
    """Install the shipped rules: in force in a new database, else as a draft beside yours if they differ."""
    with the_app() as service:
        installed = service.rulebook.install(service.storage, now=service.clock())
    if as_json:
        show_json(
            {"version": installed.version.version, "state": installed.version.state, "sentence": installed.sentence}
        )
        return
    say(installed.sentence)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the versions of the rules."""
    with the_app() as service:
        with service.storage.look() as tx:
            versions = tx.rulesets.all()
        zone = service.settings.zone_info
    if as_json:
        show_json(
            [
                {
                    "version": one.version,
                    "state": one.state,
                    "rules": len(one.content["rules"]),
                    "made_by": one.made_by,
                    "why": one.why,
                    "made_at": shapes.instant(one.made_at),
                    "published_at": shapes.instant(one.published_at),
                    "published_by": one.published_by,
                    "retired_at": shapes.instant(one.retired_at),
                }
                for one in versions
            ]
        )
        return
    show_table(
        ("version", "state", "rules", "made by", "made", "published", "retired", "why"),
        [
            (
                one.version,
                one.state,
                len(one.content["rules"]),
                one.made_by,
                when(one.made_at, zone),
                when(one.published_at, zone),
                when(one.retired_at, zone) if one.retired_at else "",
                one.why,
            )
            for one in versions
        ],
    )


@app.command("show")
def show(
    which: Annotated[
        str | None, typer.Argument(help="A version's number, a rule or a product area; none: the version in force.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules of a version, of an area, or one rule, as staff write them."""
    with the_app() as service, service.storage.look() as tx:
        active = tx.rulesets.active()
        version = tx.rulesets.get(int(which)) if which and which.isdecimal() else active
        assert version is not None
        rules = version.content["rules"]
        if which and not which.isdecimal():
            rules = [rule for rule in rules if rule["name"] == which or which in rule["areas"]]
            if not rules:
                raise CommandError(f"there is no rule and no product area {which!r} in version {version.version}")
    if as_json:
        show_json({"version": version.version, "state": version.state, "rules": rules})
        return
    say(f"# version {version.version}, {version.state}: {len(rules)} rules")
    say(yaml.safe_dump({"rules": rules}, allow_unicode=True, sort_keys=False, width=110))


@app.command("publish")
def publish(
    draft: Annotated[int, typer.Argument(help="The draft's version number.")],
    by: Annotated[str, typer.Option(help="Who publishes.")],
) -> None:
    """Put a draft into force. Measures are classified anew as they are next looked at."""
    with the_app() as service:
        try:
            version = rulebook.publish(draft, by=by, storage=service.storage, now=service.clock())
        except ValueError as error:
            raise CommandError(str(error)) from error
    say(f"Version {version.version} is in force.")


@app.command("undo")
def undo(by: Annotated[str, typer.Option(help="Who undoes.")]) -> None:
    """Put the version before the one in force into force again, as a new version."""
    with the_app() as service:
        version = rulebook.undo(by=by, storage=service.storage, now=service.clock())
    say(f"Version {version.version} is in force: {version.why}.")
