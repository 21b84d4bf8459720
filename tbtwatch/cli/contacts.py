"""contact: the people of an enterprise, and what they are told."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from subscriptions.criteria import Address
from tbtwatch.cli import shapes, typed
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import note, say, several, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.contacts import ContactEdit, Moved, change_contact, end_contact, tell
from tbtwatch.pipeline.contacts import add as add_contact
from tbtwatch.pipeline.starter import write_starters
from tbtwatch.storage.contacts import Contact

app = typer.Typer(help="The people of an enterprise.", no_args_is_help=True, rich_markup_mode=None)

Id = Annotated[int, typer.Argument(help="The contact's number.")]
Why = Annotated[str, typer.Option("--why", help="The reason; kept.")]
By = Annotated[str, typer.Option("--by", help="Who wants it; default: who is logged in.")]
Email = Annotated[list[str] | None, typer.Option(help="Mail address. May be given again.")]
Telegram = Annotated[list[str] | None, typer.Option(help="Telegram chat id. May be given again.")]
Folder = Annotated[list[str] | None, typer.Option(help="Name of a folder for the file channel.")]


@app.command("add")
def add(
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="owner, compliance, regulatory, sales, quality, or your own word.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    email: Email = None,
    telegram: Telegram = None,
    file: Folder = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Add a person and print their number. Who is `owner` hears of ended addresses and of what brings nothing."""
    typed.a_language(language)
    enterprise = typed.a_name(enterprise)
    with the_app() as service:
        done = add_contact(
            enterprise=enterprise,
            name=name,
            role=role,
            language=language,
            addresses=typed.addresses(email, telegram, file),
            by=by.strip() or the_operator(),
            desk=service.desk,
        )
    if as_json:
        show_json(_shape(done.contact, done))
        return
    say(str(done.contact.id))
    _asked(done)


@app.command("list")
def list_(
    enterprise: Annotated[str, typer.Option(help="Only this enterprise's.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Also who has left.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the people."""
    with the_app() as service:
        with service.storage.look() as tx:
            if enterprise:
                id_ = tx.subscriptions.find_enterprise(enterprise.strip())
                if id_ is None:
                    raise CommandError(f"there is no enterprise {enterprise!r}; `tbtwatch enterprise list` shows them")
                found = tx.contacts.of_enterprise(id_, ended=all_)
            else:
                found = tx.contacts.all(ended=all_)
        zone = service.settings.zone_info
    if as_json:
        show_json([_shape(one) for one in found])
        return
    show_table(
        ("id", "enterprise", "name", "role", "language", "told at", "since", "left"),
        [
            (
                one.id,
                one.enterprise,
                one.name,
                one.role,
                one.language,
                ", ".join(str(address) for address in one.addresses),
                when(one.started_at, zone),
                f"{when(one.ended_at, zone)} ({one.end_reason})" if one.ended_at else "",
            )
            for one in found
        ],
    )


@app.command("show")
def show(contact: Id, as_json: AsJson = False) -> None:
    """Show a person: where they are told, whether they agreed, their subscriptions, how the entry stood before."""
    with the_app() as service:
        with service.storage.look() as tx:
            one = tx.contacts.get(contact)
            states = tx.confirmations.current(one.enterprise_id, one.addresses)
            versions = tx.contacts.versions(contact)
            told = [tx.subscriptions.get(number) for number in tx.contacts.subscriptions(contact)]
        zone = service.settings.zone_info
    if as_json:
        show_json(
            {
                **_shape(one),
                "subscriptions": [each.id for each in told],
                "confirmed": [shapes.a_confirmation(state) for state in states.values()],
                "versions": [
                    {
                        "version": each.version,
                        "name": each.name,
                        "role": each.role,
                        "language": each.language,
                        "addresses": [{"channel": a.channel, "target": a.target} for a in each.addresses],
                        "since": shapes.instant(each.since),
                        "until": shapes.instant(each.until),
                        "why": each.why,
                        "by": each.by,
                    }
                    for each in versions
                ],
            }
        )
        return
    left = f"; left {when(one.ended_at, zone)}: {one.end_reason} ({one.ended_by})" if one.ended_at else ""
    say(f"{one.name}, {one.role or 'no role'}, {one.enterprise}; version {one.version}{left}")
    for address in one.addresses:
        state = states.get(address)
        say(f"  {address}: {shapes.consent(state, zone) if state else 'not used yet'}")
    for each in told:
        say(f"  told subscription {each.id} “{each.name}”")
    for version in versions:
        at = ", ".join(str(address) for address in version.addresses)
        say(f"  version {version.version} until {when(version.until, zone)}: {at}; {version.why} ({version.by})")


@app.command("change")
def change(
    contact: Id,
    why: Why,
    by: By = "",
    name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
    role: Annotated[str | None, typer.Option(help="Their role.")] = None,
    language: Annotated[str | None, typer.Option(help="zh or en.")] = None,
    email: Email = None,
    telegram: Telegram = None,
    file: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Change a person's entry; where they are told moves in all their subscriptions, and what waits goes along.

    A channel that is named has these addresses, the others keep theirs; given empty (--email "") it has none.
    """
    if language is not None:
        typed.a_language(language)
    named = {"email": email, "telegram": telegram, "file": file}
    given = {channel: [one for one in values if one.strip()] for channel, values in named.items() if values is not None}
    with the_app() as service:
        with service.storage.look() as tx:
            before = tx.contacts.get(contact)
        addresses: tuple[Address, ...] | None = None
        if given:
            addresses = tuple(one for one in before.addresses if one.channel not in given)
            if any(given.values()):
                new = typed.addresses(given.get("email", []), given.get("telegram", []), given.get("file", []))
                addresses = (*addresses, *new)
        edit = ContactEdit(name=name, role=role, language=language, addresses=addresses)
        done = change_contact(contact, edit, why=why, by=by.strip() or the_operator(), desk=service.desk)
        write_starters(desk=service.desk)
    if as_json:
        show_json(_shape(done.contact, done))
        return
    follow = several(len(done.changed), "subscription follows", "subscriptions follow")
    say(f"{done.contact.name} is now version {done.contact.version}; {follow}.")
    _asked(done)
    if done.messages:
        note(f"{done.messages} messages that had not arrived go to the new address.")


@app.command("tell")
def tell_(
    contact: Id,
    subscription: Annotated[int, typer.Argument(help="The subscription's number.")],
    why: Why,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Tell a subscription to a person too, wherever they are told, now and later."""
    with the_app() as service:
        done = tell(contact, subscription, why=why, by=by.strip() or the_operator(), desk=service.desk)
        write_starters(desk=service.desk, subscription=subscription)
    if as_json:
        show_json(_shape(done.contact, done))
        return
    say(f"Subscription {subscription} is told to {done.contact.name}.")


@app.command("end")
def end(
    contact: Id,
    why: Why,
    by: By = "",
    to: Annotated[int | None, typer.Option("--to", help="The contact who takes over what they were told.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="End the subscriptions that nobody else is told.")] = False,
    as_json: AsJson = False,
) -> None:
    """A person has left: nothing is sent to them any more, and what waits goes to who takes over."""
    with the_app() as service:
        done = end_contact(contact, why=why, by=by.strip() or the_operator(), desk=service.desk, to=to, anyway=anyway)
    if as_json:
        show_json(_shape(done.contact, done))
        return
    say(f"{done.contact.name} of {done.contact.enterprise} is told nothing more.")
    for one in done.changed:
        say(f"Subscription {one.id} “{one.name}” goes on at {', '.join(str(each) for each in one.addresses)}.")
    for one in done.ended:
        say(f"Subscription {one.id} “{one.name}” has ended: {one.end_reason}.")
    if done.messages:
        note(f"{done.messages} messages that had not arrived go to who takes over.")


def _asked(done: Moved) -> None:
    for address in done.waiting:
        note(f"{address}: its owner is asked first; until the answer news waits.")


def _shape(one: Contact, done: Moved | None = None) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": one.id,
        "version": one.version,
        "enterprise": one.enterprise,
        "name": one.name,
        "role": one.role,
        "language": one.language,
        "addresses": [{"channel": each.channel, "target": each.target} for each in one.addresses],
        "started_at": shapes.instant(one.started_at),
        "since": shapes.instant(one.since),
        "by": one.by,
        "ended_at": shapes.instant(one.ended_at),
        "end_reason": one.end_reason,
    }
    if done is not None:
        shape |= {
            "changed": [each.id for each in done.changed],
            "ended": [each.id for each in done.ended],
            "messages": done.messages,
            "waiting": [str(each) for each in done.waiting],
        }
    return shape
