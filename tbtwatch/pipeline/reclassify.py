"""Everything recorded, classified anew after other rules came into force. Nobody is told anything by it.

What a first poll recorded and nobody is told of is classified here for the first time: the service reads all sources
before it does.

A few measures in each transaction, so that nobody waits for it; each remembers by which version of the rules it was
classified, so that what is broken off is gone on with, by whoever comes next: the same command, or `recover`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime

import structlog

from rules.classification import Classification
from rules.classify import ENGINE, classify
from rules.ruleset import RuleSet
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.stepwise import at_one_go
from tbtwatch.storage import Storage, Transaction
from watcher.measure import Measure

log = structlog.get_logger()

CHUNK = 50  # measures in one transaction: some tenths of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """What classifying anew came to."""

    version: int  #: of the rules in force
    measures: int = 0  #: classified anew
    changed: int = 0  #: of these, how many are now in other product areas, or there by another grade
    broken: int = 0  #: that could not be classified; the log says why


def reclassify(
    *,
    storage: Storage,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] | None = None,
) -> Reclassified:
    """Classify anew whatever an earlier version of the rules classified. `progress` is told how many are done."""
    return at_one_go(reclassifying(storage=storage, rulebook=rulebook, clock=clock), progress)


def reclassifying(
    *, storage: Storage, rulebook: Rulebook, clock: Callable[[], datetime]
) -> Generator[int, None, Reclassified]:
    """The same, chunk by chunk: between two of them the rest of the program may go on, or end."""
    version, after = 0, 0
    measures = changed = broken = 0
    while True:
        with storage.look() as tx:
            ruleset = rulebook.in_force(tx)
            if ruleset.version != version:
                # Somebody published meanwhile: what was done by the rules before is done again, by those in force.
                version, after = ruleset.version, 0
            waiting = bool(tx.measures.not_classified_by(version, after=after, limit=1))
        if not waiting:
            return Reclassified(version=version, measures=measures, changed=changed, broken=broken)
        with storage.begin() as tx:
            tx.one_at_a_time()  # nobody joins two measures meanwhile
            chunk = tx.measures.not_classified_by(version, after=after, limit=CHUNK)
            for measure in chunk:
                assert measure.id is not None
                after = measure.id
                made = _made(measure, ruleset)
                if made is None:
                    broken += 1
                    continue
                known = tx.measures.classification(after)
                now = tx.measures.classify(after, made, measure.facts, now=clock())
                changed += bool(known.ruleset_version) and _grades(known) != _grades(now)
                measures += 1
        yield measures + broken


def to_do(tx: Transaction) -> int:
    """How many measures are still to be classified by the rules in force."""
    active = tx.rulesets.active()
    return 0 if active is None else tx.measures.count_not_classified_by(active.version)


def current_classification(measure: Measure, tx: Transaction, rulebook: Rulebook, now: datetime) -> Classification:
    """What the measure is about under the rules in force; made anew and written down if an earlier version made it."""
    assert measure.id is not None
    known, ruleset = tx.measures.classification(measure.id), rulebook.in_force(tx)
    if is_fresh(known, ruleset):
        return known
    return tx.measures.classify(measure.id, classify(measure, ruleset), measure.facts, now=now)


def as_of_now(measure: Measure, tx: Transaction, ruleset: RuleSet) -> Classification:
    """What is written down of the measure if these rules or later ones made it; else what these make of it."""
    assert measure.id is not None
    known = tx.measures.classification(measure.id)
    return known if is_fresh(known, ruleset) else tx.measures.effective(measure.id, classify(measure, ruleset))


def is_fresh(known: Classification | None, ruleset: RuleSet) -> bool:
    """Whether these rules or later ones, read as now, made it."""
    return known is not None and known.ruleset_version >= ruleset.version and known.engine >= ENGINE


def _made(measure: Measure, ruleset: RuleSet) -> Classification | None:
    try:
        return classify(measure, ruleset)
    except Exception:
        # One measure that cannot be classified must not keep the others from it.
        log.exception("not_classified", measure=measure.id, ruleset=ruleset.version)
        return None


def _grades(classification: Classification) -> dict[str, str]:
    return {found.area: found.grade.value for found in classification.areas}
