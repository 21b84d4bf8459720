"""What persons say of single measures, above the rules; and what has come since that speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from rules.classification import GIVEN_BY_RULES, Grade
from rules.override import Action, Override
from tbtwatch.pipeline import overriding
from tbtwatch.pipeline.overriding import Disputed, OverrideError
from tbtwatch.web.site import clean
from tbtwatch.web.staff.rules.room import Call
from watcher.said import said, sentences_of

MOST: Final = 200
_FACETS: Final = ("area", *(facet.value for facet in GIVEN_BY_RULES), "hs", "ics", "standard", "stage", "affected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A person's word as a page shows it."""

    override: Override
    symbol: str
    at: str
    against: tuple[str, ...]


def show(call: Call, mistakes: tuple[str, ...] = ()) -> Response:
    """The page."""
    contradicted = call.sent("contradicted", 2) == "1"
    with call.desk.storage.look() as tx:
        found = overriding.disputed(tx, call.desk)
        total = len(found)
        found = [one for one in found if one.against or not contradicted][:MOST]
        symbols = {one.override.measure: tx.measures.get(one.override.measure).threads[0] for one in found}
    names, language = call.desk.names, call.visit.language
    return call.render(
        "overrides.html",
        status=422 if mistakes else 200,
        title=call.visit.words("rules.overrides"),
        words=[_word(one, symbols[one.override.measure], call) for one in found],
        total=total,
        contradicted=contradicted,
        facets=_FACETS,
        grades=[grade.value for grade in Grade],
        areas=sorted(((key, names.area(key, language)) for key in names.areas), key=lambda one: one[1]),
        sent={name: call.sent(name, 500) for name in ("symbol", "facet", "value", "does", "grade", "reason")},
        mistakes=mistakes,
        added=Action.ADD,
    )


def say(call: Call) -> Response:
    """Say what one measure is about, or what it is not."""
    value = f"{call.sent('facet', 40)}:{call.sent('value', 200)}"
    removes = call.sent("does", 10) == "remove"
    try:
        try:
            grade = Grade(call.sent("grade", 20) or Grade.DIRECT)
        except ValueError as error:
            raise OverrideError(
                said("{grade!r} is no grade; choose direct, probable or broad", grade=call.sent("grade", 20))
            ) from error
        done = overriding.override(
            call.sent("symbol", 200),
            add=() if removes else [value],
            remove=[value] if removes else (),
            grade=grade,
            reason=call.sent("reason", 500),
            by=call.by,
            desk=call.desk,
        )
    except (OverrideError, LookupError) as error:
        return show(call, sentences_of(error))
    call.note(
        "override.add", f"measure {done.measure.threads[0]}", overrides=[one.id for one in done.overrides],
        says=f"{'not ' if removes else ''}{value}", reason=call.sent("reason", 500),
    )  # fmt: skip
    return call.on(*(("consequences",) if done.consequences else ("overrides",)), said="overridden")


def end(call: Call) -> Response:
    """From now on the rules decide alone."""
    number = call.number("override")
    try:
        done = overriding.end_override(number, by=call.by, reason=call.sent("reason", 500), desk=call.desk)
    except (OverrideError, LookupError) as error:
        return show(call, sentences_of(error))
    call.note("override.end", f"measure {done.measure.threads[0]}", override=number, reason=call.sent("reason", 500))
    return call.on(*(("consequences",) if done.consequences else ("overrides",)), said="override_ended")


def _word(one: Disputed, symbol: str, call: Call) -> Word:
    against = tuple(
        clean(
            f"{each.rule}, {each.field.replace('_', ' ')}: "
            + ", ".join(f"“{quote[:120]}”" for quote in each.quotes[:4])
        )
        for each in one.against[:4]
    )
    return Word(override=one.override, symbol=symbol, at=call.visit.measure(symbol), against=against)
