"""rules suggest, queue: what staff might write rules for, and what they might decide first."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rules.suggest import Weighed
from subscriptions.queue import Candidate, Doubtful
from tbtwatch.cli.context import the_app, today
from tbtwatch.cli.output import progress_bars, say, show_json
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.queue import Queue
from tbtwatch.pipeline.queue import queue as queued
from tbtwatch.pipeline.suggest import suggest as suggested

_NAMED = 20  #: rules in the text; the JSON has all


def suggest(
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many words for each group.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Suggest words for rules, from measures that no rule placed or a person had to; and rules to look at."""
    with the_app() as service, progress_bars() as progress:
        found = suggested(
            desk=service.desk,
            most=limit,
            progress=lambda done, total: progress("measures read", done, total),
        )
    if as_json:
        show_json(
            {
                "measures": found.measures,
                "groups": [
                    {"what": group.what, "measures": group.measures, "terms": [_term(one) for one in group.terms]}
                    for group in found.groups
                ],
                "never": list(found.never),
                "agreeing": [
                    {"one": pair.one, "other": pair.other, "measures": pair.measures, "same_gift": pair.same_gift}
                    for pair in found.agreeing
                ],
            }
        )
        return
    shown = [group for group in found.groups if group.terms or group.measures != 1]
    for group in shown:
        say(f"{_counted(group.measures, 'measure')} {group.what}, of {found.measures}. Words that mark them out:")
        for one in group.terms:
            say(
                f"  {one.term}: in {one.there} of {one.group}, elsewhere in {one.elsewhere} of {one.others} "
                f"(weight of evidence at least {one.weight:.1f} dB)"
            )
        if not group.terms:
            say("  none that stands in two of them and is rarer elsewhere")
        say()
    if few := len(found.groups) - len(shown):
        say(f"{_counted(few, 'group')} of a single measure, too few to compare; --json has all.")
        say()
    say(f"{_counted(len(found.never), 'rule')} that match nothing recorded:")
    for name in found.never[:_NAMED]:
        say(f"  {name}")
    if len(found.never) > _NAMED:
        say(f"  … and {len(found.never) - _NAMED} more; --json has all")
    say()
    say(f"{_counted(len(found.agreeing), 'pair')} of rules matched the very same measures, five or more:")
    for pair in found.agreeing[:_NAMED]:
        gift = "and give the same: one of them can go" if pair.same_gift else "but do not give the same"
        say(f"  {pair.one} and {pair.other}: {pair.measures} measures, {gift}")
    if len(found.agreeing) > _NAMED:
        say(f"  … and {len(found.agreeing) - _NAMED} more; --json has all")


def queue(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many measures.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the measures to decide about first: in no area or doubtful, by who waits and how soon it matters."""
    with the_app() as service, progress_bars() as progress:
        found = queued(
            desk=service.desk,
            today=today(service),
            limit=limit,
            progress=lambda done, total: progress("measures read", done, total),
        )
    if as_json:
        show_json(
            {
                "measures": found.measures,
                "doubtful": dict(found.doubtful),
                "first": [_doubtful(one, found) for one in found.first],
            }
        )
        return
    counts = ", ".join(f"{count} {doubt}" for doubt, count in sorted(found.doubtful.items()))
    say(f"Of {found.measures} measures {counts}." if counts else f"None of {found.measures} measures is doubtful.")
    for one in found.first:
        say()
        when = f"{one.days_left} days to {one.day}" if one.day else "no day to come"
        waiting = _counted(one.waiting, "subscription")
        say(f"{one.symbol} {one.title[:90]}: {one.doubt}, {when}, {waiting} may wait for it")
        for candidate in one.candidates:
            say(f"  {_decision(candidate, found)}")


def _decision(candidate: Candidate, found: Queue) -> str:
    names = [f"{one.enterprise} ({one.name})" for id in candidate.examples if (one := found.names.get(id))]
    told = f", as {', '.join(names)}" if names else ""
    because = f" ({candidate.because})" if candidate.because else ""
    return f"{candidate.what}{because} would reach {_counted(candidate.releases, 'subscription')}{told}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _term(one: Weighed) -> dict[str, Any]:
    return {
        "term": one.term,
        "there": one.there,
        "elsewhere": one.elsewhere,
        "others": one.others,
        "weight": round(one.weight, 2),
        "measures": list(one.measures),
    }


def _doubtful(one: Doubtful, found: Queue) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "symbol": one.symbol,
        "title": one.title,
        "doubt": one.doubt,
        "day": one.day.isoformat() if one.day else None,
        "days_left": one.days_left,
        "waiting": one.waiting,
        "weight": round(one.weight, 2),
        "candidates": [
            {
                "what": candidate.what,
                "because": candidate.because,
                "releases": candidate.releases,
                "examples": [
                    {"subscription": id, "enterprise": known.enterprise, "name": known.name}
                    for id in candidate.examples
                    if (known := found.names.get(id))
                ],
            }
            for candidate in one.candidates
        ],
    }
