"""sources show: one source, its last polls with why each brought what it brought, its gaps, its linked documents."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tbtwatch.cli import shapes
from tbtwatch.cli.context import the_app
from tbtwatch.cli.output import say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.sources.listing import how_it_is, moved_sentence
from tbtwatch.storage.health import Gap
from tbtwatch.storage.sources import Poll


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many polls, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show how a source is, its last polls and what came of each, the gaps it had, and the documents it linked."""
    with the_app() as app:
        is_now, shown = how_it_is(app, app.source(name), app.clock())
        with app.storage.look() as tx:
            polls, gaps = tx.sources.polls(name, limit=limit), tx.health.gaps(name)
            documents = tx.documents.of_source(name, limit=limit)
        zone = app.settings.zone_info
    if as_json:
        show_json(
            {
                **shown,
                "polls": [_a_poll(poll) for poll in polls],
                "gaps": [_a_gap(gap) for gap in gaps],
                "documents": [shapes.a_document(tried) for tried in documents],
            }
        )
        return
    say(f"{shown['title'] or name}: {is_now.state.value} since {when(is_now.since, zone)}: {is_now.sentence}.")
    if shown["moved"]:
        say(moved_sentence(name, shown["moved"]))
    show_table(
        ("began", "took", "status", "http", "bytes", "entries", "new", "changed", "why"),
        [
            (
                when(poll.started_at, zone),
                f"{(poll.ended_at - poll.started_at).total_seconds():.1f} s",
                poll.status,
                poll.http_status or "",
                f"{poll.bytes:,}",
                poll.entries,
                poll.new,
                poll.changed,
                poll.error or poll.cause,
            )
            for poll in polls
        ],
    )
    if gaps:
        show_table(
            ("not read from", "until", "found late", "addresses told"),
            [(when(gap.since, zone), _until(gap, when(gap.closed_at, zone)), gap.found_late, gap.told) for gap in gaps],
            title="Gaps",
        )
    if documents:
        show_table(
            ("tried", "entry", "document", "what came of it"),
            [(when(one.tried_at, zone), one.entry, one.url, shapes.document_in_words(one)) for one in documents],
            title="Documents linked by new notices",
        )


def _until(gap: Gap, closed: str) -> str:
    if gap.closed_at is None:
        return "now"
    return f"{closed} (given up)" if gap.given_up else closed


def _a_poll(poll: Poll) -> dict[str, Any]:
    return {
        "started_at": shapes.instant(poll.started_at),
        "seconds": (poll.ended_at - poll.started_at).total_seconds(),
        "status": poll.status,
        "cause": poll.cause or None,
        "error": poll.error or None,
        "http_status": poll.http_status,
        "requests": poll.requests,
        "bytes": poll.bytes,
        "entries": poll.entries,
        "notices": poll.notices,
        "new": poll.new,
        "changed": poll.changed,
        "unchanged": poll.unchanged,
        "unreadable": poll.unreadable,
        "settings_version": poll.settings_version or None,
    }


def _a_gap(gap: Gap) -> dict[str, Any]:
    return {
        "since": shapes.instant(gap.since),
        "opened_at": shapes.instant(gap.opened_at),
        "closed_at": shapes.instant(gap.closed_at),
        "found_late": gap.found_late,
        "given_up": gap.given_up,
        "told": gap.told,
    }
