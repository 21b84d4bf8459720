"""sources held, release, digest, discard: news that one poll brought beyond all measure."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.context import the_app, the_operator
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.alert import raise_each
from tbtwatch.pipeline.held import decide
from tbtwatch.storage.held import Hold, HoldState

Which = Annotated[str, typer.Argument(help="The source's name, or the number that `tbtwatch sources held` shows.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence; it is kept with the decision.")]
Who = Annotated[str, typer.Option(help="Who decides. Default: the name you are logged in by.")]

DONE = {
    HoldState.RELEASED: "Released: {alerts} alerts raised",
    HoldState.DIGEST: "In the next digest: {alerts} alerts wait for it",
    HoldState.DISCARDED: "Discarded: recorded and findable, told to nobody",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("held")(held)
    app.command("release")(release)
    app.command("digest")(digest)
    app.command("discard")(discard)


def held(as_json: AsJson = False) -> None:
    """List what waits for a decision because one poll brought more than its source may, with the first titles."""
    with the_app() as app:
        with app.storage.look() as tx:
            listed = []
            for hold in tx.holds.open_ones():
                measures = tx.holds.measures(hold.id)
                first = [tx.measures.get(measure) for measure in measures[:3]]
                listed.append(
                    {
                        **a_hold(hold),
                        "measures": len(measures),
                        "changes": tx.holds.changes(hold.id),
                        "first": [
                            {"symbol": one.threads[0], "title": one.facts.title or one.facts.content_summary}
                            for one in first
                        ],
                    }
                )
            waiting = tx.holds.open_ones()
        zone = app.settings.zone_info
    if as_json:
        show_json(listed)
        return
    show_table(
        ("number", "source", "since", "new", "changed", "allowed", "measures", "for instance"),
        [
            (
                hold.id,
                hold.source,
                when(hold.held_at, zone),
                hold.notices,
                hold.changed,
                hold.allowed,
                one["measures"],
                "; ".join(f"{first['symbol']} {first['title'][:60]}" for first in one["first"]),  # type: ignore[attr-defined]
            )
            for hold, one in zip(waiting, listed, strict=True)
        ],
    )
    note(
        "Decide with `tbtwatch sources release`, `digest` or `discard`." if listed else "Nothing waits for a decision."
    )


def release(which: Which, reason: Why, by: Who = "", as_json: AsJson = False) -> None:
    """Tell of it as ever: the source was right, so much came."""
    _decide(which, HoldState.RELEASED, by, reason, as_json)


def digest(which: Which, reason: Why, by: Who = "", as_json: AsJson = False) -> None:
    """Tell of it in the next digest only; who asks to hear at once gets it in one weekly digest too."""
    _decide(which, HoldState.DIGEST, by, reason, as_json)


def discard(which: Which, reason: Why, by: Who = "", as_json: AsJson = False) -> None:
    """Tell nobody: it was no news. It stays recorded and findable."""
    _decide(which, HoldState.DISCARDED, by, reason, as_json)


def _decide(which: str, state: HoldState, by: str, reason: str, as_json: bool) -> None:
    with the_app() as app:
        hold, measures = decide(
            which, state, by=by or the_operator(), reason=reason, storage=app.storage, now=app.clock()
        )
        # What a crash leaves of them, `recover` raises.
        alerts = asyncio.run(raise_each(measures, desk=app.desk))
    if as_json:
        show_json({**a_hold(hold), "measures": len(measures), "alerts": alerts})
        return
    say(f"{hold.source}, number {hold.id}: {hold.notices} new and {hold.changed} changed notices.")
    say(f"{DONE[state].format(alerts=alerts)}.")


def a_hold(hold: Hold) -> dict[str, object]:
    """Held news, for a script."""
    return {
        "id": hold.id,
        "source": hold.source,
        "held_at": shapes.instant(hold.held_at),
        "notices": hold.notices,
        "changed": hold.changed,
        "allowed": hold.allowed,
        "state": hold.state.value,
        "decided_at": shapes.instant(hold.decided_at),
        "decided_by": hold.decided_by,
        "reason": hold.reason,
    }
