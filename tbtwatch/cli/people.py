"""person, sign-in-link: who may sign in to the pages, and what they may do there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from notifiers.addresses import AddressError
from tbtwatch.cli import shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.staff_people import add_person, disable, set_roles
from tbtwatch.storage.people import Person, Role

app = typer.Typer(no_args_is_help=True, help="People who sign in to the pages, and what they may do there.")
Email = Annotated[str, typer.Argument(help="Their mail address.")]
By = Annotated[str, typer.Option(help="Who does this; default: the user of this machine.")]


def register(root: typer.Typer) -> None:
    """Add the command that stands for itself."""
    root.command("sign-in-link")(sign_in_link)


@app.command("add")
def add(
    email: Email,
    role: Annotated[list[Role] | None, typer.Option(help="What they may do; repeat it for several.")] = None,
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    by: By = "",
) -> None:
    """Let somebody of the staff sign in. Exporters need not be added: they sign in by themselves."""
    typed.a_language(language)
    with the_app() as service:
        try:
            person, new = add_person(
                email,
                roles=role or (),
                name=name.strip(),
                language=language,
                by=by.strip() or the_operator(),
                desk=service.desk,
            )
        except AddressError as error:
            raise CommandError(str(error)) from error
    note(("" if new else "They were there already. ") + _may(person))
    say(str(person.id))


@app.command("list")
def list_(
    role: Annotated[Role | None, typer.Option(help="Only those who may do this.")] = None, as_json: AsJson = False
) -> None:
    """List the people."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.people.all(role=role)
        zone = service.settings.zone_info
    if as_json:
        show_json([_shape(one) for one in found])
        return
    show_table(
        ("id", "address", "name", "roles", "language", "since", "disabled"),
        [
            (
                one.id,
                one.email,
                one.name,
                ", ".join(sorted(one.roles)),
                one.language,
                _when(one.made_at, zone),
                _when(one.disabled_at, zone),
            )
            for one in found
        ],
    )


@app.command("role")
def role_(
    email: Email,
    role: Annotated[list[Role] | None, typer.Option(help="What they may do; repeat it for several.")] = None,
    none: Annotated[bool, typer.Option("--none", help="No role at all.")] = False,
    by: By = "",
) -> None:
    """Give somebody these roles and no other."""
    if bool(role) == none:
        raise CommandError("give the roles, such as --role editor, or --none for no role at all")
    with the_app() as service:
        person = set_roles(email, role or (), by=by.strip() or the_operator(), desk=service.desk)
    note(_may(person))


@app.command("disable")
def disable_(
    email: Email, undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False, by: By = ""
) -> None:
    """Let somebody sign in no more; they are signed out everywhere at once."""
    with the_app() as service:
        person = disable(email, undo=undo, by=by.strip() or the_operator(), desk=service.desk)
    if undo:
        note(f"{person.email} may sign in again.")
    else:
        note(f"{person.email} is signed out everywhere and cannot sign in. Their subscriptions go on.")


def sign_in_link(email: Email, language: Annotated[str, typer.Option(help="zh or en.")] = "zh", by: By = "") -> None:
    """Print a link that signs somebody in, for whoever has the machine: the first admin, or while no mail goes out."""
    typed.a_language(language)
    with the_app() as service:
        try:
            link, until = operators_link(email, by=by.strip() or the_operator(), language=language, desk=service.desk)
        except AddressError as error:
            raise CommandError(str(error)) from error
        zone = service.settings.zone_info
    note(f"It works once, until {when(until, zone)}. Whoever has it is signed in as {email.strip()}.")
    if link.startswith("/"):
        note("Put the address of the pages before it, or set TBTWATCH_PUBLIC_URL.")
    say(link)


def _may(person: Person) -> str:
    if not person.roles:
        return f"{person.email} has no role."
    return f"{person.email} may: {', '.join(sorted(person.roles))}."


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return when(at, zone) if at else ""


def _shape(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "email": one.email,
        "name": one.name,
        "roles": sorted(one.roles),
        "language": one.language,
        "made_at": shapes.instant(one.made_at),
        "disabled_at": shapes.instant(one.disabled_at),
    }
