"""deliveries again, cancel: a message is put back into the line, or taken out, as by the staff's pages."""

from __future__ import annotations

from typing import Annotated

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import say, show_json, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.oversight.second_try import SecondTryError, Why, cancel, send_again
from tbtwatch.storage.outbox import Delivery

Number = Annotated[int, typer.Argument(min=1, help="As `tbtwatch deliveries` numbers it.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it is kept in the record.")]
Who = Annotated[str, typer.Option(help="Who wants it. Default: the name you are logged in by.")]

WHY_NOT = {
    Why.TAKEN: "the other side took it, and would have it twice",
    Why.UNDER_WAY: "it is being sent just now; look again in a minute",
    Why.CANCELLED: "it was cancelled for a reason: {detail}",
    Why.EMPTIED: "its text was let go of, as messages are kept for a time only",
    Why.SUPPRESSED: "its address is never written to: its owner was erased, or asked for that",
    Why.ENDED: "its address was ended because it refused messages; `tbtwatch address restore {detail}` sends them",
    Why.UNWANTED: "nobody who is subscribed still is told it at this address, or its news was taken back",
    Why.OVER: "it does not wait any more",
    Why.CHANGED: "it has changed meanwhile; look at it again with `tbtwatch deliveries`",
    Why.UNKNOWN: "there is no such message; `tbtwatch deliveries` lists them",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("again")(again)
    app.command("cancel")(stop)


def again(number: Number, reason: Reason, by: Who = "", as_json: AsJson = False) -> None:
    """Put a refused, given up or waiting message back into the line; it goes out within its reader's hours."""
    _done(number, reason, by, as_json, back=True)


def stop(number: Number, reason: Reason, by: Who = "", as_json: AsJson = False) -> None:
    """Do not send a message that waits. You may take that back with `deliveries again`."""
    _done(number, reason, by, as_json, back=False)


def _done(number: int, reason: str, by: str, as_json: bool, *, back: bool) -> None:
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise CommandError("say why, in a sentence, with --reason; nothing was changed")
    with the_app() as app:
        deed = send_again if back else cancel
        try:
            deed(number, by=by or the_operator(), reason=reason, desk=app.desk)
        except SecondTryError as error:
            why = WHY_NOT[error.hindrance.why].format(detail=error.hindrance.detail)
            raise CommandError(f"message {number}: nothing was changed: {why}") from error
        now_is, zone = _letter(app, number), app.settings.zone_info
    if as_json:
        show_json(shapes.a_delivery(now_is))
    elif back:
        say(f"Message {number} to {now_is.target} is in the line again; it is due {when(now_is.due_at, zone)}.")
    else:
        say(f"Message {number} to {now_is.target} is cancelled. `tbtwatch deliveries again {number}` takes that back.")


def _letter(app: App, number: int) -> Delivery:
    with app.storage.look() as tx:
        letter = tx.correspondence.letter(number)
    assert letter is not None, "something was done with it just now"
    return letter.delivery
