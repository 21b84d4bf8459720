"""What may be done with a version: tried, evaluated, published, undone, put away, made anew on top of another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from rules.rule import RuleError
from tbtwatch.pipeline import drafts, rulebook
from tbtwatch.pipeline.backtest import Tested, run_backtest
from tbtwatch.pipeline.consequences import consider
from tbtwatch.pipeline.evaluation import evaluate as begin_evaluation
from tbtwatch.pipeline.reclassify import Reclassified, reclassify, to_do
from tbtwatch.storage.backtests import BacktestReport
from tbtwatch.web.staff.rules.room import Call
from tbtwatch.web.staff.rules.work import Job, Progress

YEAR: Final = timedelta(days=365)
SETTLE: Final = "settle"  #: everything classified anew, and what follows found


def beyond(call: Call, report: BacktestReport) -> bool:
    """Whether a draft would make more measures other than may be without a word of why."""
    return int(report.report["changed"]) > call.room.limit * int(report.report["measures"])


def backtest(call: Call) -> Response:
    """Begin a back-test over everything recorded; its page is that of the version until there is a report."""
    number, desk = call.number(), call.desk
    with desk.storage.look() as tx:
        head = call.room.version(tx, number)
    if not head.is_open:
        raise RuleError(
            call.visit.words("rules.not_open", version=number, state=call.visit.words(f"rules.state.{head.state}"))
        )
    since, by = call.now - YEAR, call.by

    def run(progress: Progress) -> int:
        tested: Tested = run_backtest(number, since=since, by=by, desk=desk, progress=progress)
        return tested.report.id

    job = call.room.work.begin(
        f"backtest {number}", run, by=by, now=call.now,
        after=lambda job: call.note("rule.backtest", f"rules version {number}", report=job.result),
    )  # fmt: skip
    return _begun(call, job, number)


def evaluate(call: Call) -> Response:
    """The draft classifies what comes from now on too, and tells nobody."""
    version = begin_evaluation(call.number(), storage=call.desk.storage, rulebook=call.desk.rulebook, now=call.now)
    call.note("rule.evaluate", f"rules version {version.version}")
    return call.on("v", version.version, said="evaluating")


def publish(call: Call) -> Response:
    """The draft comes into force; then everything recorded is classified anew beside."""
    number, reason = call.number(), _reason(call)
    over = bool(call.form.get("beyond"))
    version = rulebook.publish(
        number,
        by=call.by,
        storage=call.desk.storage,
        rulebook=call.desk.rulebook,
        now=call.now,
        report=call.asked_number("report"),
        most_reclassified=call.room.limit,
        beyond_limit=reason if over else "",
        reason=reason,
    )
    call.note("rule.publish", f"rules version {number}", reason=reason, report=version.report, beyond_limit=over)
    begin_settling(call)
    return call.on("v", number, said="published")


def undo(call: Call) -> Response:
    """What was in force before comes into force again, as a new version."""
    reason = _reason(call)
    version = rulebook.undo(
        by=call.by, storage=call.desk.storage, now=call.now, reason=reason, seen=call.asked_number("seen") or 0
    )
    call.note("rule.undo", f"rules version {version.version}", reason=reason, of=version.based_on)
    begin_settling(call)
    return call.on("v", version.version, said="undone")


def discard(call: Call) -> Response:
    """The draft is put away for good."""
    version = drafts.discard(call.number(), by=call.by, why=_reason(call), storage=call.desk.storage, now=call.now)
    call.note("rule.discard", f"rules version {version.version}", reason=version.remark)
    return call.on("v", version.version, said="discarded")


def rebase(call: Call) -> Response:
    """A draft of the same changes, made to the version that is in force now."""
    number = call.number()
    version = drafts.rebase(number, by=call.by, storage=call.desk.storage, rulebook=call.desk.rulebook, now=call.now)
    call.note("rule.rebase", f"rules version {version.version}", of=number)
    return call.on("v", version.version, said="rebased")


def settle(call: Call) -> Response:
    """Classify anew what other rules classified, and find what follows, where no service does it."""
    begin_settling(call)
    return call.on(*(("v", number) if (number := call.asked_number("version")) else ()))


def begin_settling(call: Call) -> Job | None:
    """Begin it beside; where something else runs, the service's own round does it."""
    desk = call.desk

    def run(progress: Progress) -> dict[str, Any]:
        with desk.storage.look() as tx:
            total = to_do(tx)
        done: Reclassified = reclassify(
            storage=desk.storage, rulebook=desk.rulebook, clock=desk.clock,
            progress=lambda number: progress(number, max(number, total)),
        )  # fmt: skip
        consider(desk=desk)
        return {"measures": done.measures, "changed": done.changed, "broken": done.broken}

    return call.room.work.begin(SETTLE, run, by=call.by, now=call.now)


def _begun(call: Call, job: Job | None, number: int) -> Response:
    if job is None:
        raise RuleError(call.visit.words("rules.busy"))
    return call.on("v", number)


def _reason(call: Call) -> str:
    reason = call.sent("reason", 500)
    if not reason:
        raise RuleError(call.visit.words("rules.reason.missing"))
    return reason
