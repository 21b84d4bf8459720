"""rules override, overrides, override-end: a person's word on one measure, above the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from rules.classification import Evidence, Grade
from rules.override import Action, Override
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, show_json, show_table, when
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules.consequences import counted
from tbtwatch.pipeline import overriding
from tbtwatch.pipeline.overriding import Disputed, Overridden, OverrideError

By = Annotated[str, typer.Option(help="Who says so.")]
Reason = Annotated[str, typer.Option(help="Why; kept with it.")]


def override(
    symbol: Annotated[str, typer.Argument(help="A document symbol: G/TBT/N/KEN/1514.")],
    by: By,
    reason: Reason,
    add: Annotated[
        list[str] | None, typer.Option(help="What it is about: area:toys, scheme:ce, hs:9503. May be given again.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="What it is not about. May be given again.")] = None,
    grade: Annotated[str, typer.Option(help="How sure what is added is: direct, probable or broad.")] = "direct",
    as_json: AsJson = False,
) -> None:
    """Say what one measure is about, above the rules. It is kept when everything is classified anew."""
    try:
        sure = Grade(grade)
    except ValueError as error:
        raise CommandError(f"--grade {grade!r} is not known; write direct, probable or broad") from error
    with the_app() as app:
        try:
            done = overriding.override(
                symbol, add=add or [], remove=remove or [], grade=sure, reason=reason, by=by, desk=app.desk
            )
        except OverrideError as error:
            raise CommandError(str(error)) from error
    _show(done, as_json=as_json)


def override_end(
    number: Annotated[int, typer.Argument(help="The override's number.")],
    by: By,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """End an override: from now on the rules decide alone. It is kept, with the reason."""
    with the_app() as app:
        try:
            done = overriding.end_override(number, by=by, reason=reason, desk=app.desk)
        except OverrideError as error:
            raise CommandError(str(error)) from error
    _show(done, as_json=as_json)


def overrides(
    contradicted: Annotated[
        bool, typer.Option("--contradicted", help="Only those that later evidence speaks against.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what persons say of single measures, and what has come since that speaks against it."""
    with the_app() as app, app.storage.look() as tx:
        found = overriding.disputed(tx, app.desk)
        symbols = {one.override.measure: tx.measures.get(one.override.measure).threads[0] for one in found}
        zone = app.settings.zone_info
    if contradicted:
        found = [one for one in found if one.against]
    if as_json:
        show_json([{"symbol": symbols[one.override.measure], **a_disputed(one)} for one in found])
        return
    show_table(
        ("number", "symbol", "says", "by", "on", "why", "against it"),
        [
            (
                one.override.id,
                symbols[one.override.measure],
                in_words(one.override),
                one.override.by,
                when(one.override.at, zone),
                one.override.reason,
                quoted(one.against),
            )
            for one in found
        ],
    )
    note(f"{len(found)} overrides" + (" with later evidence against them." if contradicted else "."))


def in_words(one: Override) -> str:
    """What a person says, in few words: "is area:toys (direct)"."""
    return f"is {one.what} ({one.grade.value})" if one.action is Action.ADD else f"is not {one.what}"


def quoted(evidence: Sequence[Evidence]) -> str:
    """Evidence in one line, with its quotes."""
    return "; ".join(f"{one.rule}, {one.field}: " + ", ".join(f"“{quote}”" for quote in one.quotes) for one in evidence)


def an_override(one: Override) -> dict[str, Any]:
    """A person's word as JSON."""
    return {
        "override": one.id,
        "action": one.action.value,
        "facet": one.facet,
        "value": one.value,
        "grade": one.grade.value,
        "reason": one.reason,
        "by": one.by,
        "at": shapes.instant(one.at),
        "ended_at": shapes.instant(one.ended_at),
        "ended_by": one.ended_by or None,
        "end_reason": one.end_reason or None,
    }


def a_disputed(one: Disputed) -> dict[str, Any]:
    """A person's word with what speaks against it, as JSON."""
    return {
        **an_override(one.override),
        "against": [
            {"rule": each.rule, "field": each.field, "quotes": list(each.quotes), "grade": each.grade.value}
            for each in one.against
        ],
    }


def _show(done: Overridden, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "symbol": done.measure.threads[0],
                "overrides": [an_override(one) for one in done.overrides],
                "areas": shapes.areas(done.now),
                "consequences": counted(done.consequences),
            }
        )
        return
    for one in done.overrides:
        ended = f"; ended by {one.ended_by}: {one.end_reason}" if one.ended_at else ""
        say(f"{one.id}  {done.measure.threads[0]} {in_words(one)}, says {one.by}: {one.reason}{ended}")
    before, now = ([f"{one.area} ({one.grade.value})" for one in areas.areas] for areas in (done.before, done.now))
    say(f"Its areas are now {', '.join(now) or 'none'}; they were {', '.join(before) or 'none'}.")
    numbers = counted(done.consequences)
    if any(numbers.values()):
        said = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
        say(f"Nobody has been told yet: {said}. `tbtwatch rules consequences` shows them, `rules tell` decides.")
