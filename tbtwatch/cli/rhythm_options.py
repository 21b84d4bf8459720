"""When a subscriber may be written to, as it is given on the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from subscriptions.rhythm import Rhythm, clock_time, quiet_hours, weekday

NONE = ("", "none")

ZoneOption = Annotated[
    str | None, typer.Option("--zone", help="Zone the subscriber reads days in: Europe/Paris. none: ours.")
]
WeekdayOption = Annotated[str | None, typer.Option("--weekday", help="Day on which the weekly digest comes: monday …")]
DigestAtOption = Annotated[
    str | None, typer.Option("--digest-at", help="Hour at which digests go out: 09:00. none: when a window ends.")
]
QuietOption = Annotated[
    str | None, typer.Option("--quiet", help="Hours in which nothing is sent: 22:00-07:00. none: at any hour.")
]
HolidaysOption = Annotated[
    str | None, typer.Option("--holidays", help="Country whose public holidays are kept: CN. none: no holidays.")
]
NothingNewOption = Annotated[
    bool | None, typer.Option("--tell-nothing-new/--no-tell-nothing-new", help="A digest also when nothing is new.")
]


def rhythm_of(
    before: Rhythm,
    *,
    zone: str | None,
    on: str | None,
    digest_at: str | None,
    quiet: str | None,
    holidays: str | None,
    nothing_new: bool | None,
) -> Rhythm:
    """The rhythm with what was given. Raises RhythmError."""
    given: dict[str, Any] = {}
    if zone is not None:
        given["zone"] = "" if zone.strip().lower() in NONE else zone.strip()
    if on is not None:
        given["weekday"] = weekday(on)
    if digest_at is not None:
        given["digest_at"] = None if digest_at.strip().lower() in NONE else clock_time(digest_at)
    if quiet is not None:
        none = quiet.strip().lower() in NONE
        given["quiet_from"], given["quiet_until"] = (None, None) if none else quiet_hours(quiet)
    if holidays is not None:
        given["holidays"] = "" if holidays.strip().lower() in NONE else holidays.strip().upper()
    if nothing_new is not None:
        given["tell_nothing_new"] = nothing_new
    return replace(before, **given)
