"""rules try: which rules fire on a text, and by which words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from rules.classification import Evidence
from rules.combining import evidence_in
from rules.examples import ExampleError, example_measure, nonsense
from rules.reading import TEXT_FIELDS
from rules.ruleset import RuleSet, single_rules
from tbtwatch.cli.context import CommandError, the_app
from tbtwatch.cli.output import say, show_json
from tbtwatch.cli.polling import AsJson
from tbtwatch.cli.rules.drafts import read_rules
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage.storage import Transaction
from watcher.measure import Measure


def try_(
    which: Annotated[
        str,
        typer.Argument(help="A file of rules, a rule's name, a product area, or a version's number for all its rules."),
    ],
    text: Annotated[str, typer.Argument(help="A title, or parts as in examples: hs=9503 | Toys with magnets.")],
    field: Annotated[str, typer.Option(help="The field the text stands in, instead of the title.")] = "title",
    as_json: AsJson = False,
) -> None:
    """Show which rules fire on a text, how surely, and by which words. Nothing is written down."""
    measure = _measure(text, field)
    with the_app() as service, service.storage.look() as tx:
        if wrong := list(nonsense(text, service.markets.find)):
            raise CommandError("the text cannot be tried: " + "; ".join(wrong))
        ruleset, names = _rules(which, tx, service.rulebook)
    found = {name: evidence_in(ruleset, rule, measure) for name, rule in names.items()}
    if as_json:
        show_json(
            {
                "tried": len(found),
                "fired": [
                    {"rule": name, "evidence": [_shape(each) for each in evidence]}
                    for name, evidence in found.items()
                    if evidence
                ],
            }
        )
        return
    fired = {name: evidence for name, evidence in found.items() if evidence}
    for name, evidence in fired.items():
        rule = names[name]
        gives = ", ".join(
            (*rule.areas, *(f"{facet.value}: {key}" for facet, keys in rule.gives.items() for key in keys))
        )
        say(f"{name}{f' gives {gives}' if gives else ''}")
        for each in evidence:
            quotes = ", ".join(f"“{quote}”" for quote in each.quotes)
            say(f"  {each.grade.value}, {each.field}: {quotes}{f' (by {each.through})' if each.through else ''}")
    if not fired:
        say(
            f"None of {len(found)} rules fires on this text."
            if len(found) != 1
            else "The rule does not fire on this text."
        )


def _rules(which: str, tx: Transaction, rulebook: Rulebook) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """All rules that may be needed, and those that are tried, by name."""
    if which.isdecimal():
        ruleset: RuleSet = rulebook.load(tx, tx.rulesets.get(int(which)))
        return ruleset.rules, dict(ruleset.by_name)
    active = rulebook.in_force(tx)
    if which in active.by_name:
        return active.rules, {which: active.by_name[which]}
    if of_area := active.of_area(which):
        return active.rules, {rule.name: rule for rule in of_area}
    if which != "-" and not Path(which).exists():
        raise CommandError(
            f"there is no rule, no product area and no file {which!r}; `tbtwatch rules show` lists the rules in force"
        )
    mine = {rule.name: rule for rule in single_rules(read_rules(which).rules or [])}
    others = [rule for rule in active.rules if rule.name not in mine]
    whole = RuleSet.load(
        active.areas, [*others, *mine.values()], facets=active.facets, vocabulary=active.vocabulary, try_examples=False
    )
    return whole.rules, mine


def _measure(text: str, field: str) -> Measure:
    if field not in TEXT_FIELDS:
        raise CommandError(f"{field!r} is no field with text; known are {', '.join(TEXT_FIELDS)}")
    try:
        measure = example_measure(text)
    except ExampleError as error:
        raise CommandError(f"the text cannot be read: {error}") from error
    if field == "title":
        return measure
    texts: dict[str, Any] = {"title": "", field: measure.facts.title}
    return replace(measure, facts=replace(measure.facts, **texts))


def _shape(evidence: Evidence) -> dict[str, Any]:
    return {
        "field": evidence.field,
        "quotes": list(evidence.quotes),
        "grade": evidence.grade.value,
        "through": evidence.through,
    }
