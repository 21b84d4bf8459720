"""Rules go out as a file and come in as a draft; what is exported is imported as it was."""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from rules.examples import nonsense_in
from rules.rule import RuleError, RuleErrors
from rules.ruleset import single_rules
from tbtwatch.pipeline import drafts
from tbtwatch.rule_files import LARGEST, rule_file
from tbtwatch.web.staff.rules.room import Call
from watcher.said import sentences_of

ROOM: Final = LARGEST + 100_000  #: bytes of the form that brings a file
WHOLE: Final = "whole"


def export(call: Call) -> Response:
    """A version as a file, to be kept, or brought to another place. Raises LookupError."""
    number = call.number()
    words = call.sent("words", 5) == "1"
    text = drafts.exported(number, words=words, storage=call.desk.storage)
    response = Response(text, media_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rules-{number}.yaml"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def show(call: Call, mistakes: tuple[str, ...] = (), sent: str = "") -> Response:
    """The page to bring rules in on."""
    with call.desk.storage.look() as tx:
        active = tx.rulesets.active_version()
        heads = [one for one in tx.rulesets.heads(40) if one.is_open or one.version == active]
    return call.render(
        "carry.html",
        status=422 if mistakes else 200,
        title=call.visit.words("rules.carry"),
        versions=heads,
        active=active,
        text=sent[:50_000],
        reason=call.sent("reason", 500),
        mistakes=mistakes,
    )


def bring(call: Call) -> Response:
    """A draft of a whole set, or of the version in force with these rules put in."""
    file = call.form.get("file")
    try:
        text = str(call.form.get("text") or "")
        if isinstance(file, UploadFile) and file.filename:
            text = file.file.read(LARGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        return show(call, (call.visit.words("rules.carry.not_text"),))
    finally:
        if isinstance(file, UploadFile):
            file.file.close()
    reason = call.sent("reason", 500)
    if not reason:
        return show(call, (call.visit.words("rules.reason.missing"),), text)
    desk = call.desk
    try:
        read = rule_file(text, call.visit.words("rules.the_text"))
        how: dict[str, Any] = {
            "by": call.by,
            "why": reason,
            "storage": desk.storage,
            "rulebook": desk.rulebook,
            "now": call.now,
        }
        if call.sent("how", 10) == WHOLE:
            made = drafts.import_file(read, **how)
        else:
            rules = single_rules(read.rules or [])
            if wrong := [one for rule in rules for one in nonsense_in(rule, desk.names.markets.find)]:
                raise RuleErrors(wrong)
            made = drafts.change(None, put=[read], **how)
    except (RuleError, LookupError) as error:
        return show(call, sentences_of(error), text)
    call.note("rule.import", f"rules version {made.version}", reason=reason, whole=call.sent("how", 10) == WHOLE)
    return call.on("v", made.version, said="saved")
