"""address: where nothing is sent to any more, whose owner is asked first, and what people write back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from notifiers.addresses import AddressError, check_address
from notifiers.bounce import NoBounceError, read_bounce
from notifiers.replies import NoReplyError, Wish, read_reply
from subscriptions.criteria import Address
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.confirm import answer, ask_by_hand
from tbtwatch.pipeline.leaving import WORDS, EndedAt, restore
from tbtwatch.pipeline.subscribe import end_named
from tbtwatch.pipeline.unsubscribe_code import read_code

app = typer.Typer(
    help="Addresses: those that nothing is sent to, and those whose owners are asked.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Which = Annotated[str, typer.Argument(help="Channel and address: email:a@example.com.")]
By = Annotated[str, typer.Option(help="Your name; kept.")]


def an_address(text: str) -> Address:
    """ "email:a@example.com". Raises CommandError."""
    channel, _, target = text.strip().partition(":")
    if not target and "@" in channel:
        channel, target = "email", channel
    if not target:
        raise CommandError(f"{text!r} is no address; write email:a@example.com, telegram:12345 or file:folder")
    try:
        return Address(channel=channel, target=check_address(channel, target))
    except AddressError as error:
        raise CommandError(str(error)) from error


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the addresses that were ended because nothing gets there, newest first."""
    with the_app() as service:
        with service.storage.look() as tx:
            found = tx.leaving.ended()
        zone = service.settings.zone_info
    if as_json:
        show_json(
            [
                {
                    "subscription": one.subscription_id,
                    "channel": one.channel,
                    "target": one.target,
                    "reason": one.reason,
                    "detail": one.detail,
                    "ended_at": shapes.instant(one.ended_at),
                    "delivery": one.delivery_id,
                }
                for one in found
            ]
        )
        return
    show_table(
        ("address", "subscription", "ended", "why", "they said"),
        [
            (
                f"{one.channel}:{one.target}",
                one.subscription_id,
                when(one.ended_at, zone),
                WORDS[one.reason],
                one.detail,
            )
            for one in found
        ],
    )


@app.command()
def end(
    which: Which,
    complaint: Annotated[bool, typer.Option("--complaint", help="Its owner complained.")] = False,
    why: Annotated[str, typer.Option(help="What is known; kept, and told to the other addresses.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send nothing to an address any more; its subscriptions go on at their others, which are told, as staff are."""
    address = an_address(which)
    with the_app() as service, service.storage.begin() as tx:
        reason = "complaint" if complaint else "staff"
        done = service.endings().end(address, reason=reason, detail=why, tx=tx, now=service.clock())
    if done is None:
        raise CommandError(f"nothing is subscribed to at {address}")
    _show(done, as_json)


@app.command()
def bounce(
    file: Annotated[str, typer.Argument(help="A report as it came, .eml; -: standard input.")], as_json: AsJson = False
) -> None:
    """Read a mail that came back, or a complaint; end the address if it says that nothing gets there.

    For a mail server's pipe: `|tbtwatch address bounce -`. A report that is not about a mail of ours ends nothing.
    """
    _bounce(_raw(file), as_json)


@app.command("read-mail")
def read_mail(
    file: Annotated[str, typer.Argument(help="A mail as it came, .eml; -: standard input.")], as_json: AsJson = False
) -> None:
    """Act on a mail that came to us: a report of a mail that came back, “unsubscribe CODE”, or “confirm CODE”.

    For a mail server's pipe: `|tbtwatch address read-mail -`. A mail that a program wrote by itself says nothing.
    """
    raw = _raw(file)
    try:
        reply = read_reply(raw)
    except NoReplyError as error:
        try:
            read_bounce(raw)
        except NoBounceError:
            raise CommandError(str(error)) from error
        _bounce(raw, as_json)
        return
    if reply.wish is Wish.CONFIRM:
        _confirm(reply.code, "mail", as_json)
        return
    with the_app() as service:
        with service.storage.look() as tx:
            named = read_code(reply.code, tx)
        if named is None:
            raise CommandError(f"{reply.code!r} is no code from one of our mails; nothing was ended")
        done = end_named(named, reason="unsubscribed by mail", desk=service.desk)
    gone = (*done.ended, *done.left)
    if as_json:
        show_json({"wish": reply.wish.value, "subscriptions": [one.id for one in gone]})
        return
    for one in gone:
        say(f"Subscription {one.id} “{one.name}” of {one.enterprise} has ended for {named.address.target}.")


@app.command("confirm")
def confirm(
    code: Annotated[str, typer.Argument(help="The code in the question, as the address's owner tells it.")],
    as_json: AsJson = False,
) -> None:
    """Enter the code by which the owner of an address agrees to be written to; what waited goes out."""
    _confirm(code, "code", as_json)


@app.command("ask")
def ask_again(which: Which, as_json: AsJson = False) -> None:
    """Ask the owner of an address once more. Not within a day, three times at most, and few questions a day."""
    address = an_address(which)
    with the_app() as service:
        asked, waiting = ask_by_hand(address, desk=service.desk)
    if as_json:
        show_json({"address": str(address), "waiting": waiting, "asked": asked})
        return
    if not waiting:
        raise CommandError(f"{address} waits for no answer; `tbtwatch status` shows who does")
    if asked:
        say(f"{address} is asked again.")
    else:
        say(f"{address} was asked often enough, or within a day: no question was sent.")


def _confirm(code: str, how: str, as_json: bool) -> None:
    with the_app() as service:
        done = answer(code, how=how, desk=service.desk)
    if done is None:
        raise CommandError(f"{code!r} is no code of a question; it has twelve letters and digits, as in ABCD-EFGH-JKLM")
    one = done.confirmation
    if done.over:
        raise CommandError(
            f"the question to {one.address.target} is over: {one.end_reason or 'it was not answered in time'}"
        )
    if as_json:
        show_json({**shapes.a_confirmation(one), "enterprise": one.enterprise, "told": done.told})
        return
    what = "was confirmed already" if not done.new else f"is confirmed for {one.enterprise}"
    say(f"{one.address} {what}.")
    if done.told:
        note(f"{done.told} pieces of news that had waited go out.")


def _raw(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error


def _bounce(raw: bytes, as_json: bool) -> None:
    try:
        found = read_bounce(raw)
    except NoBounceError as error:
        raise CommandError(str(error)) from error
    done = None
    with the_app() as service, service.storage.begin() as tx:
        known = None
        for target in found.recipients:
            address = Address(channel="email", target=target)
            if (known := tx.leaving.message(address, found.message_id)) is not None:
                break
        if known is None:
            raise CommandError(f"{found.message_id} is no message that was sent from here to {found.recipients or '?'}")
        if found.ends:
            done = service.endings().end(
                address, reason=found.ends, detail=found.said, delivery=known, tx=tx, now=service.clock()
            )
    if done is not None:
        _show(done, as_json)
    elif as_json:
        show_json({"address": f"email:{address.target}", "ended": 0, "nobody_left": 0, "told": 0})
    else:
        why = (
            "nothing is subscribed to there any more" if found.ends else f"{found.status or found.said or 'no failure'}"
        )
        say(f"email:{address.target} is not ended: {why}.")


@app.command("restore")
def restore_(which: Which, by: By, as_json: AsJson = False) -> None:
    """An address takes messages again: its live subscriptions are answered there, and what was refused goes out."""
    address = an_address(which)
    with the_app() as service:
        done = restore(address, by=by, desk=service.desk)
    if as_json:
        show_json(
            {
                "subscriptions": [one.id for one in done.subscriptions],
                "sent_again": done.sent_again,
                "in_digest": done.in_digest,
            }
        )
        return
    say(
        f"{address} is answered again for {len(done.subscriptions)} subscriptions; "
        f"{done.sent_again} messages are in the line again, "
        f"{done.in_digest} pieces of news stand in the next digest."
    )


@app.command()
def lift(
    which: Which, by: By, reason: Annotated[str, typer.Option(help="Why it may be written to again; kept.")]
) -> None:
    """Take an erased address off the list of those that are never written to: its owner asks for messages again."""
    address = an_address(which)
    with the_app() as service, service.storage.begin() as tx:
        lifted = tx.leaving.lift(address, by=by, reason=reason, now=service.clock())
    if not lifted:
        raise CommandError(f"{address} is not suppressed")
    say(f"{address} may be subscribed with again.")


def _show(done: EndedAt, as_json: bool) -> None:
    shown = str(done.address)
    if as_json:
        result: dict[str, Any] = {
            "address": shown,
            "ended": len(done.subscriptions),
            "nobody_left": done.nobody_left,
            "told": done.told,
        }
        show_json(result)
        return
    say(f"{shown} was ended for {len(done.subscriptions)} subscriptions; {done.told} other addresses are told.")
    for one in done.subscriptions:
        if not one.addresses:
            note(f"Nobody is told of subscription {one.id} “{one.name}” of {one.enterprise} now.")
