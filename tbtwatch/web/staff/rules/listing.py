"""The list of rules of a version, searched and filtered; and what open drafts make of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from rules.kinds import KINDS
from tbtwatch.pipeline.reclassify import to_do
from tbtwatch.storage import Transaction
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.web.staff.rules.room import Call, Room

PAGE: Final = 50
DRAFTS: Final = 3  #: the newest open drafts that each rule is compared with
STATES: Final = ("changed", "added", "removed", "same", "bare", "part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A rule in the list."""

    name: str
    kind: str
    gives: str
    why: str
    examples: int
    state: str  #: same, changed, added, removed: beside the version in force
    drafts: tuple[tuple[int, str], ...]  #: open drafts that have it otherwise, and how
    at: str


def show(call: Call) -> Response:
    """The page."""
    asked = call.asked_number("of")
    with call.desk.storage.look() as tx:
        active = call.room.in_force(tx)
        version = active if asked is None else call.room.version(tx, asked)
        drafts = [one for one in open_drafts(call.room, tx) if one.version != version.version]
        left = to_do(tx)
    lines = list(_lines(call, version, active, drafts))
    total = len(lines)
    text, kind, area, state = call.sent("q", 200), call.sent("kind", 40), call.sent("area", 80), call.sent("state", 20)
    wanted = [one for one, rule in lines if _wanted(one, rule, text, kind, area, state)]
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, call.asked_number("page") or 1), pages)
    names = call.desk.names
    return call.render(
        "list.html",
        title=call.visit.words("rules.title"),
        version=version,
        active=active,
        drafts=drafts,
        left=left,
        lines=wanted[(page - 1) * PAGE : page * PAGE],
        found=len(wanted),
        total=total,
        page=page,
        pages=pages,
        text=text,
        kind=kind,
        area=area,
        state=state,
        kinds=[(each, kind_name(each, call)) for each in sorted(KINDS)],
        states=STATES,
        areas=sorted(((key, names.area(key, call.visit.language)) for key in names.areas), key=lambda one: one[1]),
        turn=lambda number: call.at(q=text, kind=kind, area=area, state=state, of=asked, page=number),
    )


def kind_name(kind: str, call: Call) -> str:
    """What a kind of rule is called."""
    words = call.visit.words
    return words(f"rules.kind.{kind}") if words.knows(f"rules.kind.{kind}") else kind


def open_drafts(room: Room, tx: Transaction) -> list[RuleSetVersion]:
    """The newest drafts that can still be published, the newest first."""
    heads = [one for one in tx.rulesets.heads(50) if one.is_open]
    return [room.version(tx, one.version) for one in heads[:DRAFTS]]


def by_name(version: RuleSetVersion) -> dict[str, dict[str, Any]]:
    """The rules of a version."""
    return {rule["name"]: rule for rule in version.content["rules"]}


def how(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """What became of a rule."""
    if before == after:
        return "same"
    return "added" if before is None else "removed" if after is None else "changed"


def gives(rule: Mapping[str, Any], call: Call) -> str:
    """What a rule gives, by its names."""
    names, language, words = call.desk.names, call.visit.language, call.visit.words
    said = [names.area(key, language) if key in names.areas else key for key in rule.get("areas", ())]
    for facet, keys in rule.get("gives", {}).items():
        said += [f"{words(f'facet_name.{facet}')} {key}" for key in keys]
    return words("pause").join(said)


def _lines(
    call: Call, version: RuleSetVersion, active: RuleSetVersion, drafts: Sequence[RuleSetVersion]
) -> Iterator[tuple[Line, Mapping[str, Any]]]:
    here, now = by_name(version), by_name(active)
    others = [(one.version, by_name(one)) for one in drafts]
    new = {name for _, rules in others for name in rules if name not in here} if version is active else set()
    gone = {name for name in now if name not in here}
    for name in sorted({*here, *new, *gone}):
        rule = here.get(name) or now.get(name) or next(rules[name] for _, rules in others if name in rules)
        at_version = version.version if name in here else active.version if name in now else None
        elsewhere = [
            (number, becomes) for number, rules in others if (becomes := how(now.get(name), rules.get(name))) != "same"
        ]
        if at_version is None:
            at_version = elsewhere[0][0]
        yield (
            Line(
                name=name,
                kind=rule["kind"],
                gives=gives(rule, call),
                why=rule["why"],
                examples=len(rule.get("matches", ())) + len(rule.get("must_not_match", ())),
                state=how(now.get(name), here.get(name)),
                drafts=tuple(elsewhere),
                at=call.at("v", at_version, "r", name),
            ),
            rule,
        )


def _wanted(line: Line, rule: Mapping[str, Any], text: str, kind: str, area: str, state: str) -> bool:
    if kind and line.kind != kind:
        return False
    if area and area not in rule.get("areas", ()):
        return False
    match state:
        case "bare" if rule.get("matches"):
            return False
        case "part" if not rule.get("part"):
            return False
        case "changed" | "added" | "removed" if state not in (line.state, *(how for _, how in line.drafts)):
            return False
        case "same" if line.state != "same" or line.drafts:
            return False
    if not text:
        return True
    whole = " ".join(_texts(rule)).casefold()
    return all(word in whole for word in text.casefold().split())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)
