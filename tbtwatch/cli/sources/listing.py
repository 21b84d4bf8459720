"""sources: how they all are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import typer

from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import the_app
from tbtwatch.cli.output import say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.politeness import moved
from tbtwatch.pipeline.watchkeeping import as_known
from tbtwatch.storage import Transaction
from watcher.fetch import without_secrets
from watcher.health import Health
from watcher.source import Source


def register(app: typer.Typer) -> None:
    """What the command does when no other is named."""
    app.callback(invoke_without_command=True)(sources)


def sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List the sources, and how they are; or do something with one of them."""
    if context.invoked_subcommand is not None:
        return
    with the_app() as app:
        now = app.clock()
        with app.storage.look() as tx:
            known = [(source, as_known(source, tx, now)) for source in app.sources]
            listed = [a_source(source, is_now, tx, now) for source, is_now in known]
        zone = app.settings.zone_info
    if as_json:
        show_json(listed)
        return
    show_table(
        ("source", "state", "since", "last new", "a week", "why"),
        [
            (
                source.config.name,
                is_now.state.value,
                when(is_now.since, zone),
                when(is_now.last_new, zone),
                "" if source.config.expected_per_week is None else f"{source.config.expected_per_week:g}",
                is_now.sentence,
            )
            for source, is_now in known
        ],
    )
    for one in listed:
        if one["moved"]:
            say(moved_sentence(one["source"], one["moved"]))


def moved_sentence(name: str, to: dict[str, Any]) -> str:
    """Where a source has moved to, since when, and what to do about it."""
    since = f" since {to['since'][:10]}" if to["since"] else ""
    if not to["used"]:
        return (
            f"{name}: its publisher says{since} that {to['from']} has moved for good to {to['to']}, which will be "
            "asked instead if it goes on saying so."
        )
    return (
        f"{name}: moved{since}: {to['from']} → {to['to']}, which is asked instead; write the new address into the "
        "source's entry in sources.yaml."
    )


def _moved(source: Source, tx: Transaction, now: datetime) -> dict[str, Any] | None:
    """Old address, new address and since when, for a script; None: it is where its settings say."""
    address = moved(source, tx.sources.state(source.config.name), now)
    if address is None:
        return None
    return {
        "from": without_secrets(address.of),
        "to": without_secrets(address.used or address.told),
        "since": shapes.instant(address.used_since if address.used else address.since),
        "used": bool(address.used),
    }


def a_source(source: Source, is_now: Health, tx: Transaction, now: datetime) -> dict[str, Any]:
    """A source for a script: what it is, how it is, and when it is polled."""
    config, state = source.config, tx.sources.state(source.config.name)
    resting = source.resting() if config.enabled else "not enabled"
    return {
        "source": config.name,
        "kind": config.kind,
        "title": config.title,
        "market": config.market,
        "enabled": config.enabled,
        "state": is_now.state.value,
        "since": shapes.instant(is_now.since),
        "why": is_now.sentence,
        "last_new": shapes.instant(is_now.last_new),
        "expected_per_week": config.expected_per_week,
        "status": "resting" if resting else state.status or "never polled",
        "error": resting or state.error or None,
        "every_minutes": config.every_minutes,
        "polled_at": shapes.instant(state.polled_at),
        "succeeded_at": shapes.instant(state.succeeded_at),
        "next_poll_at": shapes.instant(state.next_poll_at),
        "failures": state.failures,
        "high_water": shapes.day(state.cursor.high_water),
        "seeded": state.cursor.seeded_at is not None,
        "moved": _moved(source, tx, now),
    }


def how_it_is(app: App, source: Source, now: datetime) -> tuple[Health, dict[str, Any]]:
    """One source, for people and for a script."""
    with app.storage.look() as tx:
        is_now = as_known(source, tx, now)
        return is_now, a_source(source, is_now, tx, now)
