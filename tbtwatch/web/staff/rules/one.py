"""One rule: what it says, since when, by which examples it is held, what it matches lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import yaml
from starlette.responses import Response

from rules.difference import Change, differences
from rules.kinds import KINDS
from tbtwatch.pipeline.rule_preview import NEWEST, hits_of
from tbtwatch.storage import Transaction
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.web.staff.rules.listing import by_name, gives, how, open_drafts
from tbtwatch.web.staff.rules.room import Call
from tbtwatch.web.staff.rules.spans import shown
from watcher.said import said

PAST: Final = 12  #: versions that were in force, looked through for a rule's history
_APART: Final = ("name", "kind", "areas", "gives", "why", "matches", "must_not_match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A version in which the rule became other."""

    version: int
    at: datetime | None
    by: str
    why: str
    change: Change


def in_force(call: Call) -> Response:
    """The rule of a name in force."""
    with call.desk.storage.look() as tx:
        active = tx.rulesets.active_version()
    return call.on("v", active or 0, "r", call.visit.request.path_params["name"])


def show(call: Call) -> Response:
    """The page. Raises LookupError for a rule that is not there."""
    number, name = call.number(), call.visit.request.path_params["name"]
    with call.desk.storage.look() as tx:
        version, active = call.room.version(tx, number), call.room.in_force(tx)
        rule = by_name(version).get(name)
        if rule is None:
            raise LookupError(
                said("there is no rule {name!r} in version {version} of the rules", name=name, version=number)
            )
        history, whole = _history(call, tx, name)
        drafts = [
            (one.version, becomes)
            for one in open_drafts(call.room, tx)
            if one.version != number and (becomes := how(by_name(active).get(name), by_name(one).get(name))) != "same"
        ]
        needing = sorted(
            other["name"]
            for other in version.content["rules"]
            if other["kind"] == "combination"
            and name in (*other.get("all", ()), *other.get("any", ()), *other.get("not_any", ()))
        )
    found = hits_of(name, version=number, storage=call.desk.storage)
    return call.render(
        "rule.html",
        title=name,
        rule=rule,
        known=rule["kind"] in KINDS,
        version=version,
        active=active,
        gives=gives(rule, call),
        parts=list(parts(rule)),
        text=written(rule),
        history=history,
        whole=whole,
        drafts=drafts,
        needing=needing,
        state=how(by_name(active).get(name), rule),
        found=found,
        hits=shown(found.hits, call.visit),
        newest=NEWEST,
    )


def parts(rule: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What is its own: words, codes, patterns; a name and what stands there."""
    for part, value in rule.items():
        if part not in _APART:
            yield from _flat(part, value)


def _flat(part: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{part}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        yield part, [str(each) for each in value]
    else:
        yield part, [str(value)]


def written(rule: Mapping[str, Any]) -> str:
    """A rule as staff write it in a file."""
    first = {part: rule[part] for part in ("name", "kind") if part in rule}
    text: str = yaml.safe_dump({**first, **rule}, allow_unicode=True, sort_keys=False, width=100)
    return text


def _history(call: Call, tx: Transaction, name: str) -> tuple[list[Step], bool]:
    """The versions in force in which it became other, the newest first; whether that is all its history."""
    heads = [one for one in tx.rulesets.heads(300) if one.published_at is not None]
    heads.sort(key=lambda one: (one.published_at or one.made_at, one.version), reverse=True)
    read = [call.room.version(tx, one.version) for one in heads[: PAST + 1]]
    steps = [
        _step(later, before, name)
        for later, before in zip(read, [*read[1:], None], strict=True)
        if before is not None or len(heads) <= PAST + 1
    ]
    return [step for step in steps if step is not None], len(heads) <= PAST + 1


def _step(later: RuleSetVersion, before: RuleSetVersion | None, name: str) -> Step | None:
    was, becomes = by_name(before).get(name) if before else None, by_name(later).get(name)
    if was == becomes:
        return None
    change = next(each for each in differences(_alone(was), _alone(becomes)) if each.what == "rule")
    return Step(version=later.version, at=later.published_at, by=later.published_by, why=later.why, change=change)


def _alone(rule: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"areas": {"areas": {}}, "rules": [rule] if rule else []}
