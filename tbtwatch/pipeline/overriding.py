"""A person says what one measure is about: written down, heard at once, and what follows found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from rules.classification import GIVEN_BY_RULES, Classification, Evidence, Facet, Grade
from rules.classify import classify
from rules.override import AREA, Action, Override, against, seen_of
from rules.readers.markets import EVERYBODY
from rules.readers.urgency import EMERGENCY
from rules.recalls import RECALL
from rules.ruleset import RuleSet
from subscriptions.choices import ChoiceError, Choices
from subscriptions.criteria import Part
from subscriptions.standards import StandardError, parse_standard
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.consequences import open_of, weigh
from tbtwatch.pipeline.past import Past
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.storage import Transaction
from tbtwatch.storage.consequences import StoredConsequence
from watcher.codes import CodeError, parse_hs, parse_ics
from watcher.markets import MarketError, Markets
from watcher.measure import Measure
from watcher.said import said, sentence_of

log = structlog.get_logger()

_STATED = {Facet.HS: "hs_codes", Facet.ICS: "ics_codes"}
#: The facets whose values people may call by name as well, as subscribers do.
_NAMED = {
    Facet.KIND: Part.KIND,
    Facet.OBJECTIVE: Part.OBJECTIVE,
    Facet.SCHEME: Part.SCHEME,
    Facet.DUTY: Part.DUTY,
    Facet.STAGE: Part.STAGE,
}


class OverrideError(Exception):
    """A person's word that cannot be written down; the sentence says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """What came of a person's word."""

    measure: Measure
    overrides: tuple[Override, ...]
    before: Classification
    now: Classification
    consequences: tuple[StoredConsequence, ...]  #: what waits for a decision about this measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A person's word, and what has come since that speaks against it."""

    override: Override
    against: tuple[Evidence, ...] = ()


def override(
    symbol: str, *, add: Sequence[str], remove: Sequence[str], grade: Grade, reason: str, by: str, desk: Desk
) -> Overridden:
    """Say what a measure is about, and what not: "area:toys", "scheme:ce", "hs:9503".

    All of it or nothing. Raises LookupError, OverrideError.
    """
    if not add and not remove:
        raise OverrideError(said("nothing is said of the measure; write --add area:toys or --remove area:toys"))
    if not reason.strip() or not by.strip():
        raise OverrideError(said("an override needs --reason and --by; both are kept with it"))
    measure = find_measure(symbol, desk=desk)
    with desk.storage.begin() as tx:
        measure = _alone_with(measure, tx)
        ruleset = desk.rulebook.in_force(tx)
        spoken = [(Action.ADD, *_value(one, ruleset, desk.names.markets)) for one in add]
        spoken += [(Action.REMOVE, *_value(one, ruleset, desk.names.markets)) for one in remove]
        _check(spoken, measure)
        raw = classify(measure, ruleset)
        made = []
        now = desk.clock()
        before = tx.measures.effective(measure.id or 0, raw)
        for action, facet, value in spoken:
            made.append(
                tx.overrides.add(
                    measure.id or 0,
                    facet=facet,
                    value=value,
                    action=action,
                    grade=grade,
                    reason=reason.strip(),
                    by=by.strip(),
                    seen=seen_of(raw, facet),
                    now=now,
                )
            )
        result = _heard(measure, raw, before, made, tx, desk, now)
    log.info("overridden", measure=measure.id, by=by, what=[one.what for one in made])
    return result


def end_override(id: int, *, by: str, reason: str, desk: Desk) -> Overridden:
    """From now on the rules decide alone. Raises LookupError, OverrideError."""
    if not reason.strip() or not by.strip():
        raise OverrideError(said("ending an override needs --reason and --by; both are kept with it"))
    with desk.storage.begin() as tx:
        measure = _alone_with(tx.measures.get(tx.overrides.get(id).measure), tx)
        raw = classify(measure, desk.rulebook.in_force(tx))
        now = desk.clock()
        before = tx.measures.effective(measure.id or 0, raw)
        ended = tx.overrides.end(id, by=by.strip(), reason=reason.strip(), now=now)
        result = _heard(measure, raw, before, [ended], tx, desk, now)
    log.info("override_ended", override=id, measure=measure.id, by=by)
    return result


def disputed(tx: Transaction, desk: Desk, *, measure: Measure | None = None) -> list[Disputed]:
    """What persons say, of one measure with what they said once, or of all; each with later evidence against it."""
    ruleset = desk.rulebook.in_force(tx)
    spoken = tx.overrides.of_measure(measure.id or 0, ended=True) if measure else tx.overrides.live()
    raw: dict[int, Classification] = {}
    found = []
    for one in spoken:
        if one.ended_at is not None:
            found.append(Disputed(override=one))
            continue
        if one.measure not in raw:
            raw[one.measure] = classify(measure or tx.measures.get(one.measure), ruleset)
        found.append(Disputed(override=one, against=against(one, raw[one.measure])))
    return found


def _alone_with(measure: Measure, tx: Transaction) -> Measure:
    """The measure as it stands, with nobody joining, classifying or telling it meanwhile."""
    assert measure.id is not None
    tx.one_at_a_time()
    measure = tx.measures.get(measure.id)
    assert measure.id is not None
    tx.measures.lock(measure.id)
    return measure


def _heard(
    measure: Measure,
    raw: Classification,
    before: Classification,
    made: Sequence[Override],
    tx: Transaction,
    desk: Desk,
    now: datetime,
) -> Overridden:
    assert measure.id is not None
    tx.measures.overridden_anew()
    effective = tx.measures.classify(measure.id, raw, measure.facts, now=now)
    consequences: tuple[StoredConsequence, ...] = ()
    if not to_do(tx):  # else they are found once everything is classified anew
        situation = weigh(measure.id, past=Past(desk.rulebook), tx=tx, desk=desk, now=now)
        consequences = tuple(open_of(situation, tx))
    return Overridden(measure=measure, overrides=tuple(made), before=before, now=effective, consequences=consequences)


def _value(written: str, ruleset: RuleSet, markets: Markets) -> tuple[str, str]:
    """Facet and value from "area:toys"; checked against what the rules in force know."""
    facet, colon, value = written.strip().partition(":")
    facet, value = facet.strip().lower(), value.strip()
    known = [AREA, *(one.value for one in Facet if one is not Facet.MARKET)]
    if not colon or not value or facet not in known:
        raise OverrideError(
            said(
                "{written!r} is not a facet and a value; write area:toys, scheme:ce or hs:9503; known "
                "facets: {several}",
                written=written,
                several=", ".join(known),
            )
        )
    if facet == AREA:
        if value not in ruleset.areas.areas:
            raise OverrideError(
                said("there is no product area {value!r}{near}", value=value, near=ruleset.areas.nearest(value))
            )
        return facet, value
    return facet, _as_stored(Facet(facet), value, ruleset, markets)


def _as_stored(facet: Facet, value: str, ruleset: RuleSet, markets: Markets) -> str:
    """A value in the form in which what reads measures gives it."""
    try:
        match facet:
            case Facet.HS:
                return parse_hs(value)
            case Facet.ICS:
                return parse_ics(value)
            case Facet.STANDARD:
                return parse_standard(value)
            case Facet.AFFECTED:
                return EVERYBODY if value.lower() == EVERYBODY else markets.resolve(value)
            case Facet.TRANSITION:
                return date.fromisoformat(value).isoformat()
            case Facet.URGENCY if value not in (EMERGENCY, RECALL):
                raise OverrideError(
                    said(
                        "there is no urgency {value!r}; write {emergency} or {recall}",
                        value=value,
                        emergency=EMERGENCY,
                        recall=RECALL,
                    )
                )
    except (CodeError, StandardError, MarketError) as error:
        raise OverrideError(sentence_of(error)) from error
    except ValueError as error:
        raise OverrideError(
            said("{value!r} is no day on which a transition ends; write it as 2026-03-01", value=value)
        ) from error
    if facet not in _NAMED or value in ruleset.facets.of(facet):
        return value
    try:
        found = Choices(facets=ruleset.facets).find(_NAMED[facet], value)
    except ChoiceError as error:
        if facet is Facet.STAGE:
            raise OverrideError(sentence_of(error)) from error
        found = ""
    if facet in GIVEN_BY_RULES and found not in ruleset.facets.of(facet):
        raise OverrideError(
            said(
                "there is no {facet} {value!r}{near}",
                facet=facet,
                value=value,
                near=ruleset.facets.nearest(facet, value),
            )
        )
    return found


def _check(spoken: Sequence[tuple[Action, str, str]], measure: Measure) -> None:
    pairs = [(facet, value) for _, facet, value in spoken]
    for facet, value in pairs:
        if pairs.count((facet, value)) > 1:
            raise OverrideError(
                said("{facet}:{value} is said twice; say once whether it is added or removed", facet=facet, value=value)
            )
    for action, facet, value in spoken:
        field = _STATED.get(Facet(facet)) if facet != AREA else None
        if action is not Action.REMOVE or not field:
            continue
        stated = [code for code in getattr(measure.facts, field) if code.startswith(value)]
        if stated:
            within = "" if value in stated else said(", as {code},", code=stated[0])
            raise OverrideError(
                said(
                    "{facet} {value} is stated by the document itself{within} and cannot be removed; remove "
                    "what the rules conclude from it, for example --remove area:toys",
                    facet=facet.upper(),
                    value=value,
                    within=within,
                )
            )
