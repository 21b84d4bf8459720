"""A draft under evaluation classifies what comes by it too. What it says is kept apart, and tells nobody anything.

A pass of the service, a few measures in each transaction; where it stands, the database knows, so whatever is broken
off is gone on with by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from rules.backtest import Differences
from rules.classify import classify
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.backtest import as_plain
from tbtwatch.pipeline.reach import Reach
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Storage
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.storage.storage import RULES_LOCK
from watcher.said import said

log = structlog.get_logger()

CHUNK = 50  # measures in one transaction: some tenths of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a version under evaluation would have done so far."""

    version: RuleSetVersion
    waiting: bool  #: there is more that it has not read yet
    report: dict[str, Any]  #: as of a back-test, over the measures that came since it began


def evaluate(draft: int, *, storage: Storage, rulebook: Rulebook, now: datetime) -> RuleSetVersion:
    """Put a draft under evaluation. It is checked whole first. Raises LookupError, ValueError, RuleError."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        rulebook.load(tx, tx.rulesets.get(draft), try_examples=True)
        tx.trials.forget(draft)
        return tx.rulesets.evaluate(draft, now=now)


def evaluating(*, desk: Desk) -> Generator[None, None, int]:
    """Classify what came since by every version under evaluation, chunk by chunk; how many were classified."""
    made = 0
    with desk.storage.look() as tx:
        versions = tx.rulesets.under_evaluation()
    for version in versions:
        ruleset, after = None, 0
        while version.evaluated_since is not None:
            yield
            # The moment before the measures are read: one that is revised meanwhile is read again.
            now = desk.clock()
            with desk.storage.look() as tx:
                chunk = tx.trials.waiting(version.version, since=version.evaluated_since, after=after, limit=CHUNK)
                if chunk and ruleset is None:
                    ruleset = desk.rulebook.load(tx, version)
            if not chunk or ruleset is None:
                break
            said = []
            for measure in chunk:
                assert measure.id is not None
                after = measure.id
                try:
                    said.append((measure.id, classify(measure, ruleset)))
                except Exception:
                    # One measure that cannot be classified must not keep the others from it.
                    log.exception("not_tried", measure=measure.id, version=version.version)
            with desk.storage.begin() as tx:
                tx.one_at_a_time(RULES_LOCK)
                if tx.rulesets.get(version.version).state != "evaluation":
                    break  # published or discarded meanwhile
                for measure_id, classification in said:
                    tx.trials.write(version.version, measure_id, classification, now=now)
            made += len(said)
    return made


def evaluation(version: int, *, desk: Desk) -> Evaluation:
    """What a version would have added and removed since its evaluation began. Raises LookupError, ValueError."""
    with desk.storage.look() as tx:
        stored = tx.rulesets.get(version)
        if stored.evaluated_since is None:
            raise ValueError(
                said(
                    "version {version} of the rules was never under evaluation; `tbtwatch rules evaluate "
                    "{version}` begins it",
                    version=version,
                )
            )
        in_force = desk.rulebook.in_force(tx)
        found, reach = Differences(), Reach(desk.audience, since=stored.evaluated_since)
        for tried in tx.trials.all(version):
            assert tried.measure.id is not None
            before = as_of_now(tried.measure, tx, in_force)
            after = tx.measures.effective(tried.measure.id, tried.trial)
            if found.add(tried.measure, before, after):
                reach.add(tried.measure, before, after, tx)
        waiting = stored.state == "evaluation" and bool(
            tx.trials.waiting(version, since=stored.evaluated_since, limit=1)
        )
    report = as_plain(found.backtest()) | {
        "since": stored.evaluated_since.isoformat(),
        "broken": 0,
        "messages": reach.report(),
    }
    return Evaluation(version=stored, waiting=waiting, report=report)
