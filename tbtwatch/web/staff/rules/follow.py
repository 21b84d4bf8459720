"""What publishing, undoing or a person's word would newly tell or correct; nobody is told before staff decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from notifiers.titles import title_of
from tbtwatch.pipeline.consequences import consider, review
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.pipeline.subscribe import find_measure
from tbtwatch.pipeline.telling import Told
from tbtwatch.pipeline.telling import tell as carry_out
from tbtwatch.storage import Transaction
from tbtwatch.storage.consequences import Consequence, Decision, StoredConsequence
from tbtwatch.web.site import clean
from tbtwatch.web.staff.rules.room import Call
from watcher.said import sentences_of

LISTED: Final = 100
TALLIED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody who should hear, or should not have heard."""

    kind: str
    version: int
    symbol: str
    at: str
    title: str
    subscription: int
    name: str
    enterprise: str
    news: str
    because: str


def show(call: Call, mistakes: tuple[str, ...] = ()) -> Response:
    """What waits for a decision, as it was found."""
    version = call.asked_number("version")
    with call.desk.storage.look() as tx:
        found = tx.consequences.open_ones(version)
        left = to_do(tx)
        lines = [_line(one, tx, call) for one in found[:LISTED]]
        markets, areas = _tallies(found, tx, call)
        decided = sorted(tx.consequences.decided(version).items()) if version is not None else []
    kinds = Counter(one.kind.value for one in found)
    return call.render(
        "consequences.html",
        status=422 if mistakes else 200,
        title=call.visit.words("rules.consequences"),
        lines=lines,
        total=len(found),
        kinds=[(kind.value, kinds[kind.value]) for kind in Consequence],
        markets=markets,
        areas=areas,
        left=left,
        version=version,
        decisions=[decision.value for decision in Decision],
        decided=[(kind.value, decision, number) for (kind, decision), number in decided],
        measure=call.sent("measure", 200),
        told=_in_words(call.sent("told", 300), call),
        mistakes=mistakes,
    )


def look_again(call: Call) -> Response:
    """What holds no more is closed, what has come is found. Nobody is told."""
    consider(desk=call.desk)
    review(desk=call.desk)
    return call.on("consequences", said="looked")


def tell(call: Call) -> Response:
    """Tell them now, with the next digest, or never."""
    late, correction = (_decision(call.sent(name, 10)) for name in ("late", "correction"))
    if late is None and correction is None:
        return show(call, (call.visit.words("rules.tell.nothing"),))
    version, symbol = call.asked_number("version"), call.sent("measure", 200)
    try:
        consider(desk=call.desk)
        only = find_measure(symbol, desk=call.desk).id if symbol else None
        told = carry_out(desk=call.desk, by=call.by, version=version, late=late, correction=correction, measure_id=only)
    except LookupError as error:
        return show(call, sentences_of(error))
    figures = {name: getattr(told, name) for name in Told.__dataclass_fields__}
    call.note(
        "rule.tell", f"rules version {version}" if version is not None else "rules", late=late and late.value,
        correction=correction and correction.value, measure=symbol, told=figures,
    )  # fmt: skip
    told_now = ",".join(f"{name}:{number}" for name, number in figures.items() if number)
    return call.on("consequences", version=version, said="told", told=told_now)


def _in_words(written: str, call: Call) -> str:
    """What a decision came to, from the address: names that are known and their numbers, nothing else."""
    found = dict(part.split(":", 1) for part in written.split(",") if part.count(":") == 1)
    words = call.visit.words
    said = [
        words(f"rules.told.{name}", n=int(found[name]))
        for name in Told.__dataclass_fields__
        if found.get(name, "").isdecimal() and len(found[name]) < 10
    ]
    return words("semicolon").join(said)


def _decision(written: str) -> Decision | None:
    return Decision(written) if written in {one.value for one in Decision} else None


def _line(one: StoredConsequence, tx: Transaction, call: Call) -> Line:
    measure, subscription = tx.measures.get(one.measure_id), tx.subscriptions.get(one.subscription_id)
    change = tx.changes.get([one.fact_change_id])[one.fact_change_id].change
    symbol = measure.threads[0]
    return Line(
        kind=one.kind.value,
        version=one.ruleset_version,
        symbol=symbol,
        at=call.visit.measure(symbol),
        title=clean(title_of(measure.facts) or symbol)[:300],
        subscription=one.subscription_id,
        name=clean(subscription.name),
        enterprise=clean(subscription.enterprise),
        news=change.kind.value.replace("_", " "),
        because=clean(one.because),
    )


def _tallies(
    found: Sequence[StoredConsequence], tx: Transaction, call: Call
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """How many by market and by area, the most first."""
    names, language = call.desk.names, call.visit.language
    ids = sorted({one.measure_id for one in found})
    members = {measure.id: measure.facts.notifying_members for measure in tx.measures.several(ids)}
    about = tx.measures.classifications(ids)
    markets: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    for one in found:
        markets.update(members.get(one.measure_id, ()))
        if one.measure_id in about:
            areas.update(each.area for each in about[one.measure_id].areas)
    return (
        [(names.markets.name(code, language), number) for code, number in markets.most_common(TALLIED)],
        [(names.area(key, language), number) for key, number in areas.most_common(TALLIED)],
    )
