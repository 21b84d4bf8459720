"""Back into the line: whatever a crash left between two steps is found in the database and finished."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import structlog

from tbtwatch.pipeline.alert import Desk, raise_or_fail
from tbtwatch.pipeline.change import forward_strays
from tbtwatch.pipeline.consequences import considering
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.evaluation import evaluating
from tbtwatch.pipeline.held import settle_forsaken
from tbtwatch.pipeline.look.filling import filling
from tbtwatch.pipeline.reclassify import reclassifying
from tbtwatch.pipeline.remind import remind_due
from tbtwatch.pipeline.starter import writing_starters
from tbtwatch.pipeline.stepwise import at_one_go, unspoken

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverReport:
    """What had been left lying."""

    measures: int  #: with news nobody had been alerted of
    alerts: int  #: raised for them
    leases: int  #: deliveries that a dead worker had in hand
    windows: int  #: digest windows that had not been run
    broken: int = 0  #: measures whose alerts still cannot be raised; the log says why
    reclassified: int = 0  #: measures that other rules than those in force had classified
    tried: int = 0  #: measures that versions under evaluation classified, telling nobody
    reminders: int = 0  #: messages written that remind of a deadline
    starters: int = 0  #: messages that tell new subscribers what is open for comment


def recover(*, desk: Desk) -> RecoverReport:
    """Finish what was begun: alerts for recorded news, deliveries of dead workers, digest windows missed."""
    return replace(at_one_go(recovering(desk=desk)), reminders=remind_due(desk=desk))


def recovering(*, desk: Desk) -> Generator[None, None, RecoverReport]:
    """The same, measure by measure: between two of them the rest of the program may go on, or end."""
    with desk.storage.begin() as tx:
        leases = tx.outbox.free_expired(now=desk.clock())
    settle_forsaken([source.config for source in desk.sources], storage=desk.storage, now=desk.clock())
    with desk.storage.look() as tx:
        waiting = sorted({*tx.changes.measures_waiting(), *tx.carried.measures_waiting()})
    alerts, broken = 0, 0
    for measure_id in waiting:
        yield
        try:
            alerts += raise_or_fail(measure_id, desk=desk)
        except Exception:
            # One measure that cannot be written about must not keep the others from being told.
            log.exception("alerts_not_raised", measure=measure_id)
            broken += 1
    yield
    starters = yield from writing_starters(desk=desk)
    forward_strays(desk=desk)
    windows = run_due_digests(desk=desk)
    yield
    again = yield from unspoken(reclassifying(storage=desk.storage, rulebook=desk.rulebook, clock=desk.clock))
    yield from unspoken(filling(desk.storage))
    # A publishing that was broken off: what follows from it for those who subscribe is found, and waits for staff.
    yield from considering(desk=desk)
    tried = yield from evaluating(desk=desk)
    return RecoverReport(
        measures=len(waiting),
        alerts=alerts,
        leases=leases,
        windows=len(windows),
        broken=broken,
        reclassified=again.measures,
        tried=tried,
        starters=starters,
    )
