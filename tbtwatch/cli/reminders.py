"""remind, handled: reminders of comment deadlines, and what is dealt with."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from subscriptions.reminders import DistanceError, read_distances
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline import reminder_wishes
from tbtwatch.pipeline.reminder_wishes import Coming, Reminding
from tbtwatch.storage.reminders import StoredReminder


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("remind")(remind)
    app.command("handled")(handled)


def distances(text: str, option: str) -> tuple[int, ...]:
    """The days of "30,14,3"."""
    try:
        return read_distances(text)
    except DistanceError as error:
        raise CommandError(f"{option} {error}") from error


def remind(
    subscription: Annotated[int, typer.Argument(help="The subscription's number.")],
    days: Annotated[
        str | None, typer.Option(help="Days before the act-by date: 30,14,3; none: no reminders. Left out: show.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so; default: you.")] = "",
    why: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say how far ahead a subscription is reminded of comment deadlines, or show what comes next."""
    with the_app() as app:
        if days is not None:
            asked = distances(days, "--days")
            reminder_wishes.wish(subscription, asked, by=by or the_operator(), why=why, desk=app.desk)
        found = reminder_wishes.reminding_of(subscription, desk=app.desk)
        zone = app.settings.zone_info
        if as_json:
            show_json(_shape(found))
            return
        if found.wish is None:
            say(
                f"Subscription {subscription} is not reminded; `tbtwatch remind {subscription} --days 30,14,3` does it."
            )
        else:
            say(f"Subscription {subscription} is reminded {_days(found.wish.distances)} before each act-by date.")
            show_table(
                ("measure", "comments until", "act by", "next reminder", "dealt with"),
                [
                    (
                        one.measure.threads[0] if one.measure.threads else one.measure.id,
                        one.deadline,
                        one.act_by,
                        when(one.next.at, zone) if one.next else "none left",
                        f"{when(one.handled.at, zone)} by {one.handled.by}" if one.handled else "",
                    )
                    for one in found.coming
                ],
                title="Open now",
            )
        if found.ended:
            show_table(
                ("measure", "comments until", "days before", "planned", "how it ended", "when"),
                [
                    (
                        one.symbol,
                        one.deadline,
                        one.distance,
                        when(one.planned_at, zone),
                        one.state.value,
                        when(one.settled_at, zone),
                    )
                    for one in found.ended
                ],
                title="So far",
            )


def _days(asked: tuple[int, ...]) -> str:
    return ", ".join(map(str, asked)) + " days"


def _shape(found: Reminding) -> dict[str, Any]:
    wish = found.wish
    return {
        "subscription": found.subscription.id,
        "days": list(wish.distances) if wish else [],
        "since": shapes.instant(wish.since) if wish else None,
        "by": wish.by if wish else "",
        "why": wish.why if wish else "",
        "coming": [_coming(one) for one in found.coming],
        "ended": [_ended(one) for one in found.ended],
    }


def _coming(one: Coming) -> dict[str, Any]:
    return {
        "measure": one.measure.id,
        "symbols": list(one.measure.threads),
        "comment_deadline": one.deadline.isoformat(),
        "act_by": one.act_by.isoformat(),
        "next": shapes.instant(one.next.at) if one.next else None,
        "handled": one.handled is not None,
    }


def _ended(one: StoredReminder) -> dict[str, Any]:
    return {
        "measure": one.measure_id,
        "symbol": one.symbol,
        "comment_deadline": one.deadline.isoformat(),
        "days_before": one.distance,
        "planned_at": shapes.instant(one.planned_at),
        "state": one.state.value,
        "at": shapes.instant(one.settled_at),
    }


def handled(
    symbol: Annotated[str, typer.Argument(help="A document symbol: G/TBT/N/KEN/1514.")],
    enterprise: Annotated[str, typer.Option(help="Name of the enterprise.")],
    why: Annotated[str, typer.Option(help="What was done, or why nothing is; kept with it.")],
    by: Annotated[str, typer.Option(help="Who says so; default: you.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="It is not dealt with after all.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say that an enterprise has dealt with a measure: it is not reminded of it any more, and hears all news of it."""
    if not why.strip():
        raise CommandError("--why is empty; write what was done, or why nothing is")
    with the_app() as app:
        act = reminder_wishes.take_back if undo else reminder_wishes.handle
        done = act(symbol, enterprise=enterprise, by=by or the_operator(), why=why.strip(), desk=app.desk)
    word = done.handled
    if as_json:
        show_json(
            {
                "measure": done.measure.id,
                "symbols": list(done.measure.threads),
                "enterprise": enterprise,
                "handled": word is not None,
                "at": shapes.instant(word.at) if word else None,
                "by": word.by if word else "",
                "why": word.why if word else "",
                "new": done.new,
                "dropped": done.dropped,
            }
        )
        return
    name = done.measure.threads[0] if done.measure.threads else symbol
    if word is None:
        say(f"{name} is open again for {enterprise}." if done.new else f"{enterprise} had not dealt with {name}.")
        return
    say(f"{enterprise} has dealt with {name}; it is not reminded of it any more.")
    if not done.new:
        note(f"It had said so before: {word.by}, “{word.why}”.")
    if done.dropped:
        note(f"{done.dropped} reminders that waited are not sent.")
