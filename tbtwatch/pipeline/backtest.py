"""A draft tried on everything recorded, before it is published. It tells nobody, and is kept as a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from rules.backtest import Backtest, Comparison, Differences, Example, Sort
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.reach import Reach
from tbtwatch.storage import Transaction
from tbtwatch.storage.backtests import BacktestReport
from tbtwatch.storage.rulesets import STATES
from watcher.measure import Measure
from watcher.said import said

log = structlog.get_logger()

CHUNK = 500  # measures in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A back-test that was kept."""

    report: BacktestReport
    still: bool  #: whether the version it was made against is still in force


def run_backtest(
    draft: int,
    *,
    since: datetime,
    by: str,
    desk: Desk,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Tested:
    """Try a draft on every measure recorded, beside the rules in force, and keep the report.

    All measures are read; `since` is the day from which on news is counted for subscriptions. Raises LookupError,
    ValueError, RuleError.
    """
    with desk.storage.look() as tx:
        active = desk.rulebook.in_force(tx)
        stored = tx.rulesets.get(draft)
        if stored.state not in ("draft", "evaluation"):
            raise ValueError(
                said(
                    "version {draft} of the rules is {state}; only a draft, or a version under evaluation, "
                    "can be back-tested",
                    draft=draft,
                    state=STATES[stored.state],
                )
            )
        compare = Comparison(desk.rulebook.load(tx, stored), active)
        total = tx.measures.count()
    found, reach = Differences(), Reach(desk.audience, since=since)
    after = broken = done = 0
    while True:
        with desk.storage.look() as tx:
            chunk = tx.measures.after(after, limit=CHUNK)
            if not chunk:
                break
            for measure in chunk:
                assert measure.id is not None
                after = measure.id
                try:
                    _compare(measure, compare, found, reach, tx)
                except Exception:
                    # One measure that cannot be classified must not keep staff from knowing about the others.
                    log.exception("not_backtested", measure=after, draft=draft)
                    broken += 1
        done += len(chunk)
        progress(done, max(total, done))
    report = as_plain(found.backtest()) | {"since": since.isoformat(), "broken": broken, "messages": reach.report()}
    now = desk.clock()
    with desk.storage.begin() as tx:
        number = tx.backtests.add(draft, active.version, by=by, now=now, report=report)
        return Tested(report=tx.backtests.get(number), still=tx.rulesets.active_version() == active.version)


def _compare(measure: Measure, compare: Comparison, found: Differences, reach: Reach, tx: Transaction) -> None:
    pair = compare(measure)
    if pair is None:
        found.same()
        return
    assert measure.id is not None
    before, after = (tx.measures.effective(measure.id, each) for each in pair)
    if found.add(measure, before, after):
        reach.add(measure, before, after, tx)


def report_for(tx: Transaction, draft: int, against: int) -> BacktestReport | None:
    """The newest report of a draft against a version, None if it was never tried."""
    return tx.backtests.latest(draft, against)


def as_plain(backtest: Backtest) -> dict[str, Any]:
    """What came of a comparison, as it is kept in a report."""
    return {
        "measures": backtest.measures,
        "changed": backtest.changed,
        "gained": backtest.count(Sort.GAINED),
        "lost": backtest.count(Sort.LOST),
        "regraded": backtest.count(Sort.REGRADED),
        "tallies": [
            {
                "facet": tally.facet,
                "value": tally.value,
                "gained": tally.gained,
                "lost": tally.lost,
                "raised": tally.raised,
                "lowered": tally.lowered,
            }
            for tally in backtest.tallies
        ],
        "examples": {sort.value: [_example(one) for one in backtest.examples[sort]] for sort in Sort},
    }


def _example(example: Example) -> dict[str, Any]:
    difference = example.difference
    return {
        "measure": example.measure,
        "symbol": example.symbol,
        "title": example.title,
        "facet": difference.facet,
        "value": difference.value,
        "before": difference.before.value if difference.before else None,
        "after": difference.after.value if difference.after else None,
        "evidence": [
            {"rule": each.rule, "field": each.field, "quotes": list(each.quotes[:5]), "grade": each.grade.value}
            for each in difference.evidence[:3]
        ],
    }
