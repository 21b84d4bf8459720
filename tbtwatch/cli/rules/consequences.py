"""rules consequences, tell: who should be told after the rules have changed, who was told wrongly, and the decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from notifiers.titles import title_of
from tbtwatch.bootstrap import App
from tbtwatch.cli import shapes
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import note, say, several, show_json, show_table
from tbtwatch.cli.polling import AsJson
from tbtwatch.pipeline.consequences import consider, review
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.pipeline.telling import Told
from tbtwatch.pipeline.telling import tell as carry_out
from tbtwatch.storage import Transaction
from tbtwatch.storage.consequences import Consequence, Decision, StoredConsequence

EXAMPLES = 10


def consequences(
    version: Annotated[int | None, typer.Argument(help="Of one version of the rules; none: all that waits.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who should be told after the rules have changed, and who was told wrongly. Nobody is told by it."""
    with the_app() as app:
        if version is not None:
            with app.storage.look() as tx:
                tx.rulesets.get(version)
        consider(desk=app.desk)
        found = review(desk=app.desk, version=version)
        with app.storage.look() as tx:
            left = to_do(tx)
            lines = [_line(one, tx) for one in found]
            decided = tx.consequences.decided(version) if version is not None else {}
    if as_json:
        show_json(
            {
                "version": version,
                "still_to_classify": left,
                "open": counted(found),
                "by_market": _tally(lines, "markets"),
                "by_area": _tally(lines, "areas"),
                "decided": [
                    {"kind": kind.value, "decision": decision, "number": number}
                    for (kind, decision), number in sorted(decided.items())
                ],
                "consequences": lines,
            }
        )
        return
    numbers = counted(found)
    say(
        f"{numbers['late']} should have been told (late), "
        f"{several(numbers['correction'], 'was', 'were')} told wrongly (correction), "
        f"{several(numbers['reinstated'], 'was', 'were')} corrected wrongly (reinstated). "
        "A fact and a subscription count as one."
    )
    for name, title in (("markets", "By market"), ("areas", "By area")):
        if tally := _tally(lines, name):
            said = [
                f"{key} " + ", ".join(f"{number} {kind}" for kind, number in kinds.items())
                for key, kinds in tally.items()
            ]
            say(f"{title}: {'; '.join(said)}")
    if lines:
        show_table(
            ("what", "symbol", "title", "subscription", "news", "because"),
            [
                (one["kind"], one["symbol"], one["title"][:60], one["subscription_name"], one["news"], one["because"])
                for one in lines[:EXAMPLES]
            ],
        )
        if len(lines) > EXAMPLES:
            note(f"{EXAMPLES} of {len(lines)} are shown; --json shows all.")
        note(
            "`tbtwatch rules tell --late now --correction now --by NAME` tells them; digest and never are possible too."
        )
    for (kind, decision), number in sorted(decided.items()):
        note(f"Decided: {number} {kind.value}, {decision}.")
    if left:
        note(f"{left} measures are still being classified anew; what follows from them is found after that.")


def tell(
    by: Annotated[str, typer.Option(help="Who decides.")],
    version: Annotated[int | None, typer.Argument(help="Of one version of the rules; none: all that waits.")] = None,
    late: Annotated[str, typer.Option(help="What should have been told: now, digest or never. None: left open.")] = "",
    correction: Annotated[
        str, typer.Option(help="What was told, or corrected, wrongly: now, digest or never. None: left open.")
    ] = "",
    measure: Annotated[str, typer.Option(help="Only of this measure: a document symbol.")] = "",
    as_json: AsJson = False,
) -> None:
    """Decide who is told late and who is told that it was wrong: now, with the next digest, or never."""
    if not by.strip():
        raise CommandError("--by is empty; write who decides")
    if not late and not correction:
        raise CommandError(
            "nothing is decided; write --late now, digest or never, --correction now, digest or never, or both"
        )
    choices = _decision(late, "--late"), _decision(correction, "--correction")
    with the_app() as app:
        consider(desk=app.desk)
        only = find_measure(measure, desk=app.desk).id if measure else None
        told = carry_out(
            desk=app.desk, by=by.strip(), version=version, late=choices[0], correction=choices[1], measure_id=only
        )
    if as_json:
        show_json({name: getattr(told, name) for name in Told.__dataclass_fields__})
        return
    say(_in_words(told))


def a_consequence(one: StoredConsequence) -> dict[str, Any]:
    """What followed for a subscription, and what was decided of it, as JSON."""
    return {
        "kind": one.kind.value,
        "version": one.ruleset_version,
        "because": one.because,
        "found_at": shapes.instant(one.found_at),
        "decision": one.decision or None,
        "decided_by": one.decided_by or None,
        "decided_at": shapes.instant(one.decided_at),
        "told_at": shapes.instant(one.told_at),
    }


def counted(found: Iterable[StoredConsequence]) -> dict[str, int]:
    """How many of each kind wait."""
    numbers = Counter(one.kind.value for one in found)
    return {kind.value: numbers[kind.value] for kind in Consequence}


def what_follows(app: App) -> str:
    """After a version came into force: what waits for a decision, and how to decide."""
    consider(desk=app.desk)
    with app.storage.look() as tx:
        active = tx.rulesets.active_version()
        numbers = counted(tx.consequences.open_ones())
    if not any(numbers.values()):
        return "Nobody would have to be told anything for it."
    said = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
    return (
        f"Somebody should hear of it: {said}. `tbtwatch rules consequences {active}` shows who, `rules tell` decides."
    )


def _line(one: StoredConsequence, tx: Transaction) -> dict[str, Any]:
    measure = tx.measures.get(one.measure_id)
    subscription = tx.subscriptions.get(one.subscription_id)
    change = tx.changes.get([one.fact_change_id])[one.fact_change_id].change
    return {
        "id": one.id,
        "kind": one.kind.value,
        "version": one.ruleset_version,
        "symbol": measure.threads[0],
        "title": title_of(measure.facts) or measure.threads[0],
        "markets": list(measure.facts.notifying_members),
        "areas": [found.area for found in tx.measures.classification(one.measure_id).areas],
        "subscription": one.subscription_id,
        "subscription_name": subscription.name,
        "enterprise": subscription.enterprise,
        "news": change.kind.value,
        "alert": one.alert_id,
        "because": one.because,
        "found_at": shapes.instant(one.found_at),
    }


def _tally(lines: Sequence[dict[str, Any]], name: str) -> dict[str, dict[str, int]]:
    """How many of each kind there are for each market or area, the most first."""
    numbers: dict[str, Counter[str]] = {}
    for line in lines:
        for key in line[name]:
            numbers.setdefault(key, Counter())[line["kind"]] += 1
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return {key: dict(sorted(kinds.items())) for key, kinds in ordered}


def _decision(written: str, option: str) -> Decision | None:
    if not written:
        return None
    try:
        return Decision(written)
    except ValueError as error:
        raise CommandError(f"{option} {written!r} is not known; write now, digest or never") from error


_LATER = "the message to correct is being sent, or waits in a digest; decide again later"


def _in_words(told: Told) -> str:
    parts = (
        (told.late, "late message was written", "late messages were written"),
        (told.in_digest, "piece of news waits for the next digest", "pieces of news wait for the next digest"),
        (told.corrections, "correction was written", "corrections were written"),
        (
            told.reinstated,
            "message that it does concern them after all was written",
            "messages that it does concern them after all were written",
        ),
        (told.withdrawn, "message that still waited is not sent", "messages that still waited are not sent"),
        (told.never, "is told to nobody", "are told to nobody"),
        (told.moot, "held no more or was known to all already", "held no more or were known to all already"),
        (told.waiting, f"stays open: {_LATER}", f"stay open: {_LATER}"),
    )
    said = [several(number, one, many) for number, one, many in parts if number]
    return "; ".join(said) + "." if said else "Nothing waited for this decision."
