"""The versions of the rules, and one of them: what it changes, how it was tried, what may be done with it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from rules.difference import Change, differences
from tbtwatch.pipeline.backtest import report_for
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.pipeline.rulebook import base_of
from tbtwatch.storage.rulesets import LARGEST
from tbtwatch.web.staff.rules.deeds import SETTLE, beyond
from tbtwatch.web.staff.rules.one import written
from tbtwatch.web.staff.rules.room import Call

PAGE: Final = 30
SHOWN: Final = 60  #: changes of a diff that stand on the page; the export has all


def several(call: Call) -> Response:
    """The versions, the newest first."""
    before = call.asked_number("before") or LARGEST
    with call.desk.storage.look() as tx:
        heads = tx.rulesets.heads(PAGE + 1, before=before)
        reports = tx.backtests.all(20)
    return call.render(
        "versions.html",
        title=call.visit.words("rules.versions"),
        versions=heads[:PAGE],
        older=call.at("versions", before=heads[PAGE - 1].version) if len(heads) > PAGE else "",
        reports=reports,
    )


def show(call: Call) -> Response:
    """One version. Raises LookupError."""
    number = call.number()
    with call.desk.storage.look() as tx:
        version, active = call.room.version(tx, number), call.room.in_force(tx)
        base = base_of(tx, version) if version.is_open else None
        report = report_for(tx, number, active.version)
        heads = tx.rulesets.heads(300) if version.state == "active" else []
        left = to_do(tx) if version.state == "active" else 0
        waiting = len(tx.consequences.open_ones()) if version.state == "active" else 0
        measures = tx.measures.count()
        if version.is_open or version.state == "shipped":
            against = active
        else:
            earlier = [one for one in tx.rulesets.heads(300, before=number) if one.published_at is not None]
            if (since := version.published_at) is not None:
                earlier = [one for one in earlier if one.published_at and one.published_at < since]
            against = call.room.version(tx, earlier[0].version) if earlier else version
    changes = differences(against.content, version.content)
    return call.render(
        "version.html",
        title=call.visit.words("rules.version", n=number),
        version=version,
        active=active,
        against=against,
        changes=changes[:SHOWN],
        rule_address=lambda one: call.at("v", against.version if one.how == "removed" else number, "r", one.name),
        more=len(changes) - SHOWN,
        counted=tally(changes),
        conflicts=[(one, {side: written(one[side]) for side in ("ours", "theirs", "base") if one.get(side)})
                   for one in version.conflicts],
        behind=base is None or base.version != active.version,
        base=base,
        report=report,
        beyond=beyond(call, report) if report else False,
        limit=f"{call.room.limit:.0%}",
        measures=measures,
        left=left,
        waiting=waiting,
        undoable=any(one.state == "retired" for one in heads),
        testing=call.room.work.last(f"backtest {number}"),
        settling=call.room.work.last(SETTLE),
    )  # fmt: skip


def tally(changes: tuple[Change, ...]) -> list[tuple[str, str, int]]:
    """How many entries of each sort came, went and changed."""
    found: dict[tuple[str, str], int] = {}
    for change in changes:
        found[change.what, change.how] = found.get((change.what, change.how), 0) + 1
    return [(what, how, number) for (what, how), number in found.items()]
