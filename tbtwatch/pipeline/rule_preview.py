"""A rule as it is being written, tried on the measures recorded last. Nothing is kept of it, and nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rules.classification import Evidence
from rules.rule import Rule, RuleError, RuleErrors
from rules.ruleset import single_rules
from rules.trial import Trial
from tbtwatch.storage import Storage
from watcher.measure import Measure
from watcher.said import said, sentences_of

#: So many of the measures recorded last are read: what takes half a second at most, however many there are.
NEWEST: Final = 300
SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A measure that the rule matches, and the words."""

    measure: Measure
    evidence: tuple[Evidence, ...]
    new: bool = False  #: the rule as it stands does not match it


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rule does as it is written now."""

    read: int  #: measures
    of: int  #: recorded in all
    matched: int = 0
    hits: tuple[Hit, ...] = ()  #: the newest of them; what is new first
    lost: tuple[Hit, ...] = ()  #: what the rule as it stands matches, and this does not
    came: int = 0  #: how many of the matched are new
    went: int = 0
    mistakes: tuple[str, ...] = ()  #: sentences; what is wrong with the rule or its examples


def preview(
    written: Mapping[str, Any],
    *,
    before: str | None,
    version: int,
    storage: Storage,
    newest: int = NEWEST,
    shown: int = SHOWN,
) -> Preview:
    """Try a rule as it is written, beside the rule `before` of that version. Raises LookupError, nothing else."""
    with storage.look() as tx:
        stored = tx.rulesets.get(version)
        try:
            rule = _read(written)
            others = _needed(rule, before, stored.content["rules"])
            trial = Trial(rule, others)
            mistakes = _mistakes(rule, trial)
        except RuleError as error:
            return Preview(read=0, of=tx.measures.count(), mistakes=sentences_of(error))
        standing = _standing(before, stored.content["rules"]) if before else None
        measures, total = tx.measures.newest(newest), tx.measures.count()
    hits: list[Hit] = []
    lost: list[Hit] = []
    for measure in measures:
        was = standing(measure) if standing else ()
        if now := trial(measure):
            hits.append(Hit(measure=measure, evidence=now, new=standing is not None and not was))
        elif was:
            lost.append(Hit(measure=measure, evidence=was))
    return Preview(
        read=len(measures),
        of=total,
        matched=len(hits),
        hits=tuple(sorted(hits, key=lambda hit: not hit.new)[:shown]),
        lost=tuple(lost[:shown]),
        came=sum(hit.new for hit in hits),
        went=len(lost),
        mistakes=mistakes,
    )


def hits_of(name: str, *, version: int, storage: Storage, newest: int = NEWEST) -> Preview:
    """What a rule of a version matches among the measures recorded last. Raises LookupError."""
    with storage.look() as tx:
        standing = _standing(name, tx.rulesets.get(version).content["rules"])
        if standing is None:
            raise LookupError(
                said("there is no rule {name!r} in version {version} of the rules", name=name, version=version)
            )
        measures, total = tx.measures.newest(newest), tx.measures.count()
    hits = [Hit(measure=measure, evidence=found) for measure in measures if (found := standing(measure))]
    return Preview(read=len(measures), of=total, matched=len(hits), hits=tuple(hits[:SHOWN]))


def _read(written: Mapping[str, Any]) -> Rule:
    (rule,) = single_rules([dict(written)])
    if problems := list(rule.problems()):
        raise RuleErrors(said("{whose} {problem}", whose=_called(rule), problem=problem) for problem in problems)
    return rule


def _called(rule: Rule) -> str:
    return said("rule {name!r}", name=rule.name)


def _mistakes(rule: Rule, trial: Trial) -> tuple[str, ...]:
    return tuple(said("{whose} {problem}", whose=_called(rule), problem=failure) for failure in rule.failing(trial))


def _needed(rule: Rule, before: str | None, content: list[dict[str, Any]]) -> list[Rule]:
    """The rules that this one names, and those they name. Raises RuleError for one that is not there."""
    by_name = {each["name"]: each for each in content if each["name"] not in (before, rule.name)}
    found: dict[str, Rule] = {}
    waiting = list(rule.needs())
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if name == rule.name:
            raise RuleError(said("rule {name!r} rests on itself; take it out of its combination", name=rule.name))
        if name not in by_name:
            raise RuleError(
                said("rule {name!r} names the rule {missing!r}, which is not in the set", name=rule.name, missing=name)
            )
        (found[name],) = single_rules([by_name[name]])
        waiting.extend(found[name].needs())
    return list(found.values())


def _standing(name: str, content: list[dict[str, Any]]) -> Trial | None:
    """The rule of that name as it stands there; None: it is not there."""
    mine = next((each for each in content if each["name"] == name), None)
    if mine is None:
        return None
    (rule,) = single_rules([mine])
    return Trial(rule, _needed(rule, None, content))
