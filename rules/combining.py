"""Rules that rest on other rules: in which order they are read, and what is wrong with how they hang together."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from rules.classification import Evidence
from rules.patterns import Patterns
from rules.reading import Reading
from rules.rule import Rule
from rules.terms import Terms
from watcher.measure import Measure
from watcher.said import either, said


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that rest on others, each behind those it rests on. Asks for rules without mistakes."""
    by_name = {rule.name: rule for rule in rules}
    names = TopologicalSorter({name: sorted(by_name[name].needs()) for name in sorted(by_name)}).static_order()
    return tuple(by_name[name] for name in names if by_name[name].needs())


def mistakes_of_combinations(rules: Sequence[Rule]) -> Iterator[str]:
    """Names that no rule has, and rules that rest on themselves, as sentences."""
    by_name = {rule.name: rule for rule in rules}
    whole = True
    for rule in rules:
        for name in rule.needs():
            if name not in by_name:
                whole = False
                near = difflib.get_close_matches(name, by_name, n=2, cutoff=0.5)
                helps = (
                    said("did you mean {several}?", several=either(near))
                    if near
                    else said("add that rule, or take the name out")
                )
                yield said(
                    "rule {name!r} names the rule {missing!r}, which is not in the set; {helps}",
                    name=rule.name,
                    missing=name,
                    helps=helps,
                )
    if not whole:
        return
    try:
        TopologicalSorter({rule.name: rule.needs() for rule in rules}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        rests = " needs ".join(circle)
        yield said(
            "rule {name!r} rests on itself ({rests}); take one of these names out of its combination",
            name=circle[0],
            rests=rests,
        )


def closure(rules: Mapping[str, Rule], rule: Rule) -> tuple[Rule, ...]:
    """A rule with all it rests on, each behind those it rests on."""
    found: dict[str, Rule] = {}

    waiting = [rule]
    while waiting:
        each = waiting.pop()
        if each.name not in found:
            found[each.name] = each
            waiting.extend(rules[name] for name in each.needs())
    order = TopologicalSorter({name: sorted(found[name].needs()) for name in sorted(found)}).static_order()
    return tuple(found[name] for name in order)


def evidence_in(rules: Iterable[Rule], rule: Rule, measure: Measure) -> tuple[Evidence, ...]:
    """What a rule says of a measure, with those it rests on. Asks for rules without mistakes."""
    chain = closure({each.name: each for each in rules}, rule)
    reading = Reading(
        measure,
        Terms(pair for each in chain for pair in each.phrases()),
        Patterns(pair for each in chain for pair in each.regexes()),
    )
    for each in chain:
        if evidence := each.read(reading):
            reading.said[each.name] = evidence
    return reading.said.get(rule.name, ())


def firing(rules: Iterable[Rule], names: Iterable[str], measures: Iterable[Measure]) -> Counter[str]:
    """How many of these measures each of the rules of these names matches."""
    by_name = {rule.name: rule for rule in rules}
    wanted = set(names)
    chain = {each.name: each for name in sorted(wanted) for each in closure(by_name, by_name[name])}
    index = Terms(pair for each in chain.values() for pair in each.phrases())
    patterns = Patterns(pair for each in chain.values() for pair in each.regexes())
    order = (*(each for each in chain.values() if not each.needs()), *in_order(chain.values()))
    found: Counter[str] = Counter()
    for measure in measures:
        reading = Reading(measure, index, patterns)
        for each in order:
            if evidence := each.read(reading):
                reading.said[each.name] = evidence
        found.update(wanted & reading.said.keys())
    return found
