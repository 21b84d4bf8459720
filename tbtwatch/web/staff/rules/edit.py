"""A rule is written: the form of its kind, or its text; tried as it is written; saved as a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from rules.classification import GIVEN_BY_RULES
from rules.examples import nonsense_in
from rules.kinds import KINDS
from rules.rule import RuleError, RuleErrors
from rules.ruleset import single_rules
from tbtwatch.pipeline import drafts
from tbtwatch.pipeline.rule_preview import NEWEST, Preview, preview
from tbtwatch.rule_files import RuleFile, rule_file
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.staff.rules import fields
from tbtwatch.web.staff.rules.listing import by_name
from tbtwatch.web.staff.rules.one import written
from tbtwatch.web.staff.rules.room import Call, refused
from tbtwatch.web.staff.rules.spans import shown
from watcher.said import said, sentences_of

LONGEST: Final = 200_000  #: characters of a rule's text
TEXT: Final = "text"


def choose(call: Call) -> Response:
    """Which kind of rule a new one is to be."""
    version = _base(call)
    return call.render(
        "kinds.html",
        title=call.visit.words("rules.new"),
        version=version,
        kinds=[(kind, (KINDS[kind].__doc__ or "").split("\n")[0]) for kind in sorted(KINDS)],
    )


def new(call: Call) -> Response:
    """The empty form of a kind."""
    kind = call.visit.request.path_params["kind"]
    if kind not in KINDS:
        raise no_such_page()
    return _form(call, _base(call), kind, {"kind": kind}, name=None)


def edit(call: Call) -> Response:
    """The form of a rule, filled in. Raises LookupError."""
    version = _base(call)
    name = call.visit.request.path_params["name"]
    rule = by_name(version).get(name)
    if rule is None:
        raise LookupError(
            said("there is no rule {name!r} in version {version} of the rules", name=name, version=version.version)
        )
    return _form(call, version, rule["kind"], rule, name=name)


def save(call: Call) -> Response:
    """What was written becomes a draft; or is tried once more and shown, if that was asked for, or if it is wrong."""
    name, kind = _named(call)
    try:
        version = _base(call)
    except RuleError as error:
        return refused(call, error, kept=written(_written(call, kind, {})))
    before = by_name(version).get(name, {}) if name else {}
    try:
        rule = _written(call, kind, before)
    except RuleError as error:
        return _form(call, version, kind, before or {"kind": kind}, name=name, mistakes=_sentences(error))
    if call.form.get("deed") == "preview":
        return _form(call, version, rule["kind"], rule, name=name, found=_tried(call, rule, name, version))
    reason = call.sent("reason", 500)
    mistakes = [] if reason else [call.visit.words("rules.reason.missing")]
    try:
        if not mistakes:
            made = _save(call, rule, name, version, reason)
            return call.on("v", made.version, "r", rule["name"], said="saved")
    except (RuleError, LookupError) as error:
        mistakes = _sentences(error)
    return _form(call, version, rule["kind"], rule, name=name, mistakes=mistakes)


def try_it(call: Call) -> Response:
    """The preview alone, as the form stands: for the browser's script, while somebody writes."""
    version = _base(call)
    name, kind = _named(call)
    before = by_name(version).get(name, {}) if name else {}
    try:
        rule = _written(call, kind, before)
    except RuleError as error:
        found = Preview(read=0, of=0, mistakes=tuple(_sentences(error)))
    else:
        found = _tried(call, rule, name, version)
    return call.render("preview.html", **_preview(call, found, name))


def remove(call: Call) -> Response:
    """A draft without the rule."""
    version = _base(call)
    name = call.visit.request.path_params["name"]
    made = drafts.change(
        _draft(version),
        remove=[name],
        by=call.by,
        why=_reason(call),
        storage=call.desk.storage,
        rulebook=call.desk.rulebook,
        now=call.now,
        seen=version.version,
    )
    call.note("rule.remove", f"rule {name}", draft=made.version, of=version.version, reason=made.why)
    return call.on("v", made.version, said="saved")


def _base(call: Call) -> RuleSetVersion:
    """The draft that goes on, or the version in force. Raises LookupError, RuleError."""
    with call.desk.storage.look() as tx:
        version = call.room.version(tx, call.number())
    if not version.is_open and version.state != "active":
        raise RuleError(call.visit.words("rules.not_open", version=version.version, state=state(call, version.state)))
    return version


def state(call: Call, key: str) -> str:
    """The state of a version, in words."""
    return call.visit.words(f"rules.state.{key}")


def _draft(version: RuleSetVersion) -> int | None:
    return version.version if version.is_open else None


def _reason(call: Call) -> str:
    reason = call.sent("reason", 500)
    if not reason:
        raise RuleError(call.visit.words("rules.reason.missing"))
    return reason


def _named(call: Call) -> tuple[str | None, str]:
    """The rule that is edited, None for a new one; and its kind."""
    parameters = call.visit.request.path_params
    if "kind" in parameters:
        if parameters["kind"] not in KINDS:
            raise no_such_page()
        return None, parameters["kind"]
    kind = call.sent("kind", 40)
    if kind not in KINDS:
        raise no_such_page()
    return parameters["name"], kind


def _written(call: Call, kind: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as it was sent. Raises RuleError."""
    if call.form.get("as") == TEXT:
        sent = str(call.form.get("text") or "")[:LONGEST]
        found = single_rules(rule_file(sent, call.visit.words("rules.the_text")).rules or [])
        if len(found) != 1:
            raise RuleError(call.visit.words("rules.one_rule"))
        return found[0].model_dump(mode="json", exclude_defaults=True) | {"kind": found[0].kind}
    if any("\x00" in value for value in call.form.values() if isinstance(value, str)):
        raise RuleError(call.visit.words("rules.no_text"))
    return fields.read(kind, call.form, before)


def _save(call: Call, rule: dict[str, Any], name: str | None, version: RuleSetVersion, reason: str) -> RuleSetVersion:
    read = single_rules([rule])
    if wrong := [sentence for each in read for sentence in nonsense_in(each, call.desk.names.markets.find)]:
        raise RuleErrors(wrong)
    if rule["name"] != name and rule["name"] in by_name(version):
        raise RuleError(call.visit.words("rules.name_taken", name=rule["name"]))
    made = drafts.change(
        _draft(version),
        put=[RuleFile(rules=[rule])],
        remove=[name] if name and name != rule["name"] else [],
        by=call.by,
        why=reason,
        storage=call.desk.storage,
        rulebook=call.desk.rulebook,
        now=call.now,
        seen=version.version,
    )
    call.note(
        "rule.edit" if name else "rule.add", f"rule {rule['name']}", draft=made.version, of=version.version,
        reason=reason, before=name if name != rule["name"] else None,
    )  # fmt: skip
    return made


def _tried(call: Call, rule: dict[str, Any], name: str | None, version: RuleSetVersion) -> Preview:
    return preview(rule, before=name, version=version.version, storage=call.desk.storage)


def _form(
    call: Call,
    version: RuleSetVersion,
    kind: str,
    rule: Mapping[str, Any],
    *,
    name: str | None,
    mistakes: Sequence[str] = (),
    found: Preview | None = None,
) -> Response:
    as_text = call.sent("as", 10) == TEXT or not fields.fits_lines(rule)
    sent = call.form.get("text")
    return call.render(
        "edit.html",
        status=422 if mistakes else 200,
        title=call.visit.words("rules.edit.title", name=name) if name else call.visit.words("rules.new"),
        version=version,
        kind=kind,
        name=name,
        rule=rule,
        as_text=as_text,
        only_text=not fields.fits_lines(rule),
        text=sent if isinstance(sent, str) and as_text else written(rule),
        fields=() if as_text else fields.drawn(kind, rule, offered(call, version)),
        what=(KINDS[kind].__doc__ or "").strip(),
        example_is=KINDS[kind].example_is,
        reason=call.sent("reason", 500) or (version.why if version.is_open else ""),
        mistakes=mistakes,
        action=call.at("v", version.version, "r", name, "edit") if name else call.at("v", version.version, "new", kind),
        other=call.at(*(("v", version.version, "r", name, "edit") if name else ("v", version.version, "new", kind)),
                      **{"as": "" if as_text else TEXT}),
        **_preview(call, found, name),
    )  # fmt: skip


def _preview(call: Call, found: Preview | None, name: str | None) -> dict[str, Any]:
    return {
        "tried": found,
        "hits": shown(found.hits, call.visit) if found else [],
        "lost": shown(found.lost, call.visit) if found else [],
        "beside": name is not None,
        "newest": NEWEST,
    }


def offered(call: Call, version: RuleSetVersion) -> dict[str, list[tuple[str, str]]]:
    """What a rule of this version may give, by name in the reader's language."""
    language, names = call.visit.language, call.desk.names
    areas = version.content["areas"]["areas"]
    found = {
        "areas": sorted(
            (
                (key, f"{area.get('names', {}).get(language) or names.area(key, language)}")
                for key, area in areas.items()
            ),
            key=lambda one: one[1],
        )
    }
    facets = version.content.get("facets") or {}
    for facet in GIVEN_BY_RULES:
        values = facets.get(facet.value) or {}
        called = [(key, str((value.get("names") or value).get(language) or key)) for key, value in values.items()]
        if called:
            found[f"gives.{facet.value}"] = sorted(called, key=lambda one: one[1])
    return found


def _sentences(error: Exception) -> list[str]:
    return list(sentences_of(error))
