"""Drafts of the rules: changed, imported, rebased, discarded. Each is a version of its own; none is ever edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rules.combining import firing
from rules.contents import Entries, Entry, content_of, entries
from rules.difference import differences
from rules.facets import load_facets
from rules.merge import merge, merged_words
from rules.product_areas import load_areas
from rules.rule import RuleError, RuleErrors
from rules.ruleset import RuleSet, single_rules, written_rule
from tbtwatch.pipeline.rulebook import Rulebook, base_of, unpacked
from tbtwatch.rule_files import RuleFile, written
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.rulesets import STATES, RuleSetVersion
from tbtwatch.storage.storage import RULES_LOCK
from watcher.said import said

#: A rule is tried on so many measures when it is saved, if so many are recorded.
TRIED_ON, FEWEST_TRIED_ON = 500, 200


def change(
    draft: int | None,
    *,
    put: Sequence[RuleFile] = (),
    remove: Sequence[str] = (),
    by: str,
    why: str,
    storage: Storage,
    rulebook: Rulebook,
    now: datetime,
    seen: int | None = None,
) -> RuleSetVersion:
    """A new draft: this one, or the version in force, with rules put in and taken out.

    What is put replaces what has its name. `remove` names rules, and other entries as `area:toys`, `scheme:ce`. The
    draft it was made from is discarded. `seen`: the version that was in force when the rules were written; if another
    is by now, nothing is saved, for it may hold a colleague's work on the same rule. Raises RuleError, LookupError.
    """
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        before = _open_or_active(tx, draft)
        if draft is None and seen is not None and before.version != seen:
            raise RuleError(
                said(
                    "version {version} is in force by now, and you wrote this when version {seen} was: look "
                    "at the rule in version {version} and make your change there",
                    version=before.version,
                    seen=seen,
                )
            )
        found = entries(before.content)
        for entry in map(_entry, remove):
            if entry not in found:
                raise LookupError(
                    said("there is no {entry} in version {version} of the rules", entry=entry, version=before.version)
                )
            del found[entry]
        for file in put:
            found |= _put(file, before)
        made = _saved(
            tx,
            rulebook,
            content_of(found),
            before.vocabulary,
            before=before,
            based_on=before.version if before.state == "active" else before.based_on,
            origin="staff" if before.state == "active" else before.origin,
            # What did not hold together does now, or nothing is saved.
            conflicts=[each for each in before.conflicts if each["what"] != "set"] if before.is_open else [],
            by=by,
            why=why,
            now=now,
        )
        _replace(tx, before, made, by=by, now=now)
        return made


def import_file(
    file: RuleFile, *, by: str, why: str, storage: Storage, rulebook: Rulebook, now: datetime
) -> RuleSetVersion:
    """A draft of what a file holds; areas, facets and words that it lacks are those in force. Raises RuleError."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        active = _open_or_active(tx, None)
        if file.rules is None:
            raise RuleError(said("the file has no rules; write rules: and a list under it"))
        words = active.vocabulary
        if file.words is not None:
            words = unpacked(file.words).fingerprint
            tx.rulesets.keep_vocabulary(words, file.words)
        elif file.vocabulary and tx.rulesets.has_vocabulary(file.vocabulary):
            words = file.vocabulary
        content = {
            "areas": active.content["areas"] if file.areas is None else file.areas,
            "facets": active.content.get("facets") if file.facets is None else file.facets,
            "rules": file.rules,
        }
        return _saved(
            tx,
            rulebook,
            content,
            words,
            before=active,
            based_on=active.version,
            origin="import",
            by=by,
            why=why,
            now=now,
        )


def exported(version: int | None, *, words: bool, storage: Storage) -> str:
    """A version as a file, by default the one in force; with its words where the other side may lack them."""
    with storage.look() as tx:
        one = tx.rulesets.active() if version is None else tx.rulesets.get(version)
        if one is None:
            raise LookupError(said("no rules are installed; run `tbtwatch rules install`"))
        packed = tx.rulesets.vocabulary(one.vocabulary) if words and one.vocabulary else None
    return written(one.content, fingerprint=one.fingerprint, vocabulary=one.vocabulary, words=packed)


def rebase(draft: int, *, by: str, storage: Storage, rulebook: Rulebook, now: datetime) -> RuleSetVersion:
    """A new draft with this one's changes made to the version in force; where both changed a rule, the draft's stands.

    The old draft is discarded. Raises RuleError, LookupError.
    """
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        old, active = _open_or_active(tx, draft), _open_or_active(tx, None)
        base = base_of(tx, old)
        if base is None or base.version == active.version:
            raise RuleError(
                said(
                    "draft {draft} is made from version {version}, which is in force; publish it as it is",
                    draft=draft,
                    version=active.version,
                )
            )
        merged = merge(base.content, old.content, active.content)
        made = _saved(
            tx,
            rulebook,
            merged.content,
            merged_words(base.vocabulary, old.vocabulary, active.vocabulary),
            before=active,
            based_on=active.version,
            origin="merge",
            conflicts=[*old.conflicts, *(asdict(conflict) for conflict in merged.conflicts)],
            by=by,
            why=f"{old.why} (draft {old.version} of version {base.version}, on top of version {active.version})",
            now=now,
        )
        _replace(tx, old, made, by=by, now=now)
        return made


def discard(draft: int, *, by: str, why: str, storage: Storage, now: datetime) -> RuleSetVersion:
    """Put a draft away for good. Raises LookupError, ValueError."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        return tx.rulesets.discard(draft, by=by, why=why, now=now)


def too_wide(ruleset: RuleSet, names: Iterable[str], tx: Transaction) -> list[str]:
    """A sentence for each of these rules that matches more than half of what is recorded and does not say it should."""
    asked = [name for name in names if not (rule := ruleset.by_name[name]).wide and not rule.part]
    if not asked or tx.measures.count() < FEWEST_TRIED_ON:
        return []
    measures = tx.measures.newest(TRIED_ON)
    return [
        said(
            "rule {name!r} matches {matched} of the {n} measures recorded last, so it tells nothing "
            "apart; narrow it, or write wide: true if that is meant",
            name=name,
            matched=number,
            n=len(measures),
        )
        for name, number in sorted(firing(ruleset.rules, asked, measures).items())
        if number * 2 > len(measures)
    ]


def _saved(
    tx: Transaction,
    rulebook: Rulebook,
    content: Mapping[str, Any],
    words: str,
    *,
    before: RuleSetVersion,
    based_on: int | None,
    origin: str,
    by: str,
    why: str,
    now: datetime,
    conflicts: Sequence[Mapping[str, Any]] = (),
) -> RuleSetVersion:
    """Check the content whole, and write it down as a draft; nothing of it is kept if anything is wrong."""
    ruleset = RuleSet.load(
        content["areas"], content["rules"], facets=content["facets"], vocabulary=rulebook.words(tx, words)
    )
    if ruleset.fingerprint == before.fingerprint and not conflicts:
        raise RuleError(
            said("nothing is other than in version {version}, so no draft was made", version=before.version)
        )
    plain = ruleset.content()
    other = [each.name for each in differences(before.content, plain) if each.what == "rule" and each.how != "removed"]
    if mistakes := too_wide(ruleset, other, tx):
        raise RuleErrors(mistakes)
    return tx.rulesets.add_draft(
        plain,
        fingerprint=ruleset.fingerprint,
        origin=origin,
        based_on=based_on,
        vocabulary=words,
        conflicts=[dict(conflict) for conflict in conflicts],
        by=by,
        why=why,
        now=now,
    )


def _open_or_active(tx: Transaction, draft: int | None) -> RuleSetVersion:
    if draft is None:
        if (active := tx.rulesets.active()) is None:
            raise LookupError(said("no rules are installed; run `tbtwatch rules install`"))
        return active
    found = tx.rulesets.get(draft)
    if not found.is_open:
        raise RuleError(
            said(
                "version {draft} of the rules is {state}, and only drafts go on; `tbtwatch rules change "
                "new` makes one from the version in force",
                draft=draft,
                state=STATES[found.state],
            )
        )
    return found


def _replace(tx: Transaction, old: RuleSetVersion, made: RuleSetVersion, *, by: str, now: datetime) -> None:
    if old.is_open:
        tx.rulesets.discard(old.version, by=by, why=f"replaced by draft {made.version}", now=now)


def _entry(name: str) -> Entry:
    what, colon, key = name.partition(":")
    return Entry(what.strip(), key.strip()) if colon else Entry("rule", name.strip())


def _put(file: RuleFile, before: RuleSetVersion) -> Entries:
    """The entries of a file. What they give and rest on is looked at when all of it stands together."""
    known = before.content["areas"].get("sectors", {})
    areas: dict[str, Any] = {"sectors": {}, "areas": {}}
    if isinstance(file.areas, Mapping):
        stated = file.areas if "areas" in file.areas else {"areas": file.areas}
        sectors = stated.get("sectors") or {}
        areas = load_areas({**stated, "sectors": {**known, **sectors}}).content()
    elif file.areas is not None:
        load_areas(file.areas)
    facets = load_facets(file.facets).content()
    return entries({"areas": areas, "facets": facets, "rules": list(map(written_rule, single_rules(file.rules)))})
