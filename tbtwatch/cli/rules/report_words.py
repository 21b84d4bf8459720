"""A report of a back-test or an evaluation, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Report = dict[str, Any]

_SHOWN = 20  #: values in the text; the JSON and the page have all
_QUOTED = 4


def summary(report: Report, *, whose: str, read: str) -> str:
    """What it comes to, in two sentences. `whose`: "draft 4"; `read`: "recorded"."""
    if not report["measures"]:
        return f"No measure is {read} yet: there is nothing that {whose} could change."
    if not report["changed"]:
        return f"{whose} changes nothing: of {report['measures']} measures {read} all stay as they are."
    share = 100 * report["changed"] / report["measures"]
    areas = {"gained": 0, "lost": 0, "regraded": 0}
    for tally in report["tallies"]:
        if tally["facet"] == "area":
            areas["gained"] += tally["gained"]
            areas["lost"] += tally["lost"]
            areas["regraded"] += tally["raised"] + tally["lowered"]
    others = len([tally for tally in report["tallies"] if tally["facet"] != "area"])
    besides = f", and changes {others} other values" if others else ""
    return (
        f"Of {report['measures']} measures {read}, {whose} changes {report['changed']} ({share:.1f} %): it gains "
        f"{areas['gained']} places in product areas, loses {areas['lost']} and grades {areas['regraded']} "
        f"otherwise{besides}. {reach(report)}"
    )


def reach(report: Report) -> str:
    """Whom it would have reached."""
    messages, since = report["messages"], report["since"][:10]
    if not messages["subscriptions"]:
        return f"By the news since {since} no subscription would have had a message more or less."
    return (
        f"By the news since {since}, {_number(messages['enterprises'], 'enterprise')} with "
        f"{_number(messages['subscriptions'], 'subscription')} would have had {messages['more']} more messages and "
        f"{messages['fewer']} fewer."
    )


def lines(report: Report) -> Iterator[str]:
    """Everything besides the summary: values, examples with their words, subscriptions."""
    tallies = report["tallies"]
    if tallies:
        yield ""
        yield "What differs, in measures (surer and less sure: by another grade)"
        for tally in tallies[:_SHOWN]:
            yield (
                f"  {tally['facet']} {tally['value']}: +{tally['gained']} gained, -{tally['lost']} lost, "
                f"{tally['raised']} surer, {tally['lowered']} less sure"
            )
        if len(tallies) > _SHOWN:
            yield f"  … and {len(tallies) - _SHOWN} more; --json and --html have all"
    for sort, several in report["examples"].items():
        if several:
            yield ""
            yield f"{sort.capitalize()}, for example"
            yield from (f"  {example(one)}" for one in several)
    messages = report["messages"]
    if messages["each"]:
        yield ""
        yield "Subscriptions that would have heard more or less"
        for one in messages["each"][:_SHOWN]:
            yield f"  {one['subscription']} {one['enterprise']}, {one['name']}: +{one['more']} -{one['fewer']}"
        if messages["subscriptions"] > _SHOWN:
            yield f"  … and {messages['subscriptions'] - _SHOWN} more"
    for which, several in messages["examples"].items():
        if several:
            yield ""
            yield f"Messages {'more' if which == 'more' else 'fewer'}, for example"
            for one in several:
                yield f"  to {one['enterprise']} ({one['name']}): {one['symbol']} {_cut(one['title'])}"
    if report["broken"]:
        yield ""
        yield f"{report['broken']} measures could not be read; the log says why."


def example(one: dict[str, Any]) -> str:
    """One difference with its words: "G/TBT/N/KEN/1 Jelly: area food (direct), by food-by-hs, hs_codes: "2202""."""
    grades = " → ".join(grade for grade in (one["before"], one["after"]) if grade)
    return f"{one['symbol']} {_cut(one['title'])}: {one['facet']} {one['value']} ({grades}){because(one)}"


def because(one: dict[str, Any]) -> str:
    """The rules and the words."""
    said = []
    for evidence in one["evidence"]:
        quotes = ", ".join(f'"{_cut(quote)}"' for quote in evidence["quotes"][:_QUOTED])
        where = f", {evidence['field']}" if evidence.get("field") else ""
        said.append(f"{evidence['rule']}{where}: {quotes}" if quotes else str(evidence["rule"]))
    return f", by {'; '.join(said)}" if said else ""


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _cut(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
