"""A back-test or an evaluation as a page: what differs, in figures, in a chart and in examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from tbtwatch.pipeline.evaluation import evaluation as read_evaluation
from tbtwatch.web.site import clean
from tbtwatch.web.staff.rules.chart import Balance, balances
from tbtwatch.web.staff.rules.room import Call

BARS: Final = 20
LISTED: Final = 200  #: values in the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An example of what would become other."""

    symbol: str
    at: str
    title: str
    what: str
    before: str
    after: str
    reasons: tuple[tuple[str, tuple[str, ...]], ...]  #: the rule and the field, the words


def show(call: Call) -> Response:
    """The report of a back-test. Raises LookupError."""
    with call.desk.storage.look() as tx:
        found = tx.backtests.get(call.number("report"))
        draft = call.room.version(tx, found.draft)
        active = tx.rulesets.active_version()
    return call.render(
        "report.html",
        title=call.visit.words("rules.report.title", n=found.id),
        found=found,
        version=draft,
        current=active == found.against and draft.is_open,
        **filled(call, found.report),
    )


def evaluation(call: Call) -> Response:
    """What a version under evaluation would have done so far. Raises LookupError."""
    found = read_evaluation(call.number(), desk=call.desk)
    return call.render(
        "report.html",
        title=call.visit.words("rules.evaluation.title", n=found.version.version),
        found=None,
        version=found.version,
        waiting=found.waiting,
        current=found.version.is_open,
        **filled(call, found.report),
    )


def filled(call: Call, report: Mapping[str, Any]) -> dict[str, Any]:
    """What both show."""
    tallies = report["tallies"]
    most = sorted(tallies, key=lambda one: (-_size(one), one["facet"], one["value"]))[:BARS]
    return {
        "report": report,
        "tallies": [(_named(one, call), one) for one in tallies[:LISTED]],
        "more_tallies": len(tallies) - LISTED,
        "chart": chart([(_named(one, call), one) for one in most], call) if most else Markup(""),
        "examples": [(sort, [_example(one, call) for one in several]) for sort, several in report["examples"].items()],
        "messages": report["messages"],
        "share": f"{100 * report['changed'] / report['measures']:.1f}" if report["measures"] else "0",
        "since": report["since"][:10],
    }


def chart(most: Sequence[tuple[str, Mapping[str, Any]]], call: Call) -> Markup:
    """The values that differ most: to the right what is gained, to the left what is lost."""
    words = call.visit.words
    rows = [
        Balance(
            label=name,
            more=(one["gained"], one["raised"]),
            less=(one["lost"], one["lowered"]),
            said=words("rules.report.bar", gained=one["gained"], lost=one["lost"], raised=one["raised"],
                       lowered=one["lowered"]),
        )
        for name, one in most
    ]  # fmt: skip
    return balances("most", words("rules.report.chart"), words("rules.report.chart.desc", n=len(rows)), rows)


def _named(one: Mapping[str, Any], call: Call) -> str:
    names, facet, value = call.desk.names, one["facet"], one["value"]
    if facet == "area":
        return clean(names.area(value, call.visit.language) if value in names.areas else value)
    messages = call.visit.words
    return clean(f"{messages(f'facet_name.{facet}')}{messages('colon')}{value}")


def _size(one: Mapping[str, Any]) -> int:
    return int(one["gained"] + one["lost"] + one["raised"] + one["lowered"])


def _example(one: Mapping[str, Any], call: Call) -> Difference:
    said = call.visit.words.messages
    return Difference(
        symbol=one["symbol"],
        at=call.visit.measure(one["symbol"]),
        title=clean(one["title"])[:300],
        what=_named(one, call),
        before=said(f"grade.{one['before']}.short") if one["before"] else "",
        after=said(f"grade.{one['after']}.short") if one["after"] else "",
        reasons=tuple(_reasons(one["evidence"])),
    )


def _reasons(several: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for one in several:
        field = one.get("field", "").replace("_", " ")
        yield (
            clean(f"{one['rule']}, {field}" if field else one["rule"]),
            tuple(clean(quote)[:200] for quote in one["quotes"]),
        )
