"""The rules in force: installed from config/ into an empty database, published and undone by staff."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rules.difference import counted, differences
from rules.merge import merge, merged_words
from rules.ruleset import RuleError, RuleErrors, RuleSet
from rules.vocabulary import EMPTY, KeptVocabulary, Vocabulary
from rules.vocabulary import load_vocabulary as vocabulary_of
from tbtwatch import configuration
from tbtwatch.reference import load_vocabulary
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.storage.storage import RULES_LOCK
from watcher.said import said

#: The share of measures that one publishing may make other, without a word of why.
MOST_RECLASSIFIED: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What became of the rules in the folder."""

    version: RuleSetVersion
    sentence: str


#: The words of the versions used last, for the whole process: some megabytes each, and a second to make ready.
_WORDS: dict[str, Vocabulary] = {}
_MOST_WORDS = 2


def _remember(vocabulary: Vocabulary) -> Vocabulary:
    """The same words as they are known already, made ready perhaps."""
    known = _WORDS.pop(vocabulary.fingerprint, vocabulary)
    _WORDS[vocabulary.fingerprint] = known
    while len(_WORDS) > _MOST_WORDS:
        del _WORDS[next(iter(_WORDS))]
    return known


class Rulebook:
    """The rule set in force, read from the database once for each version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[int, RuleSet] = {}

    @property
    def is_own(self) -> bool:
        """Whether the rules come from a folder of the operator's own, not with the program."""
        return self._folder.resolve() != configuration.SHIPPED.resolve()

    @property
    def _called(self) -> str:
        """How the rules of the folder are called, at the beginning of a sentence."""
        return f"The rules in {self._folder / 'rules'}" if self.is_own else "The shipped rules"

    def shipped(self) -> RuleSet:
        """The rules in config/. Raises RuleError, ConfigurationError."""
        return RuleSet.load(
            areas=configuration.product_areas(self._folder),
            rules=configuration.rules(self._folder),
            facets=configuration.facets(self._folder),
            vocabulary=_remember(load_vocabulary(configuration.SHIPPED / "reference")),
            version=0,
        )

    def in_force(self, tx: Transaction) -> RuleSet:
        """The active version; with none, the shipped rules are installed as version 1."""
        version = tx.rulesets.active_version()
        if version is None:
            raise LookupError("no rules are installed; run `tbtwatch rules install`")
        if version not in self._loaded:
            self._loaded = {version: self.load(tx, tx.rulesets.get(version))}
        return self._loaded[version]

    def load(self, tx: Transaction, version: RuleSetVersion, *, try_examples: bool = False) -> RuleSet:
        """A stored version as rules, with its words.

        Its examples were tried before it came into force. They are not tried again at each start: a program that reads
        a text a little differently would refuse the rules it runs on, and every command with them.
        """
        return RuleSet.load(
            version.content["areas"],
            version.content["rules"],
            version.version,
            facets=version.content.get("facets"),
            vocabulary=self.words(tx, version.vocabulary),
            try_examples=try_examples,
        )

    def words(self, tx: Transaction, fingerprint: str) -> Vocabulary:
        """The words of versions, by their fingerprint."""
        if not fingerprint:
            return EMPTY  # of a version that an older program wrote
        if fingerprint not in _WORDS:
            kept = tx.rulesets.vocabulary(fingerprint)
            # Most commands classify nothing.
            _remember(KeptVocabulary(fingerprint, lambda: unpacked(kept)))
        return _WORDS[fingerprint]

    def none_in_force(self, storage: Storage) -> bool:
        """Whether no rules were installed yet."""
        with storage.look() as tx:
            return tx.rulesets.active() is None

    def install(self, storage: Storage, *, now: datetime, by: str = "", why: str = "") -> Installed:
        """Install the rules of the folder: as version 1 of an empty database, else as a draft if they differ.

        `by` and `why` are kept with a version that is made by it; without them it says where the rules come from.
        """
        shipped, called = self.shipped(), self._called
        by = by or "tbtwatch"
        why = why or (f"rules of the folder {self._folder}" if self.is_own else "rules shipped with the program")
        with storage.begin() as tx:
            tx.one_at_a_time(RULES_LOCK)
            active = tx.rulesets.active()
            if active is not None and not self.is_own:
                return updated(tx, shipped, self, active, by=by, why=why, now=now)
            same = [
                version
                for version in tx.rulesets.all()
                if version.fingerprint == shipped.fingerprint and version.state != "discarded"
            ]
            if same:
                return Installed(
                    version=same[-1],
                    sentence=f"{called} are in force as version {same[-1].version}."
                    if same[-1].state == "active"
                    else f"{called} are there already, as version {same[-1].version} ({same[-1].state}).",
                )
            draft = kept(
                tx,
                shipped,
                origin="staff" if self.is_own else "shipped",
                based_on=None if active is None else active.version,
                by=by,
                why=why,
                now=now,
            )
            if active is not None:
                other = counted(differences(active.content, draft.content))
                return Installed(
                    version=draft,
                    sentence=f"{called} differ from version {active.version}, which is in force ({other}): they "
                    "wait as draft "
                    f"{draft.version}. Version {active.version} stays in force until somebody runs "
                    f"`tbtwatch rules publish {draft.version}`.",
                )
            made = tx.rulesets.publish(draft.version, by=by, now=now)
        return Installed(version=made, sentence=f"{called} are in force as version {made.version}.")


def kept(tx: Transaction, ruleset: RuleSet, **how: Any) -> RuleSetVersion:
    """Write a set down as a version, with its words. `how`: as `RuleSets.add_draft` takes it."""
    tx.rulesets.keep_vocabulary(ruleset.vocabulary.fingerprint, packed(ruleset.vocabulary))
    return tx.rulesets.add_draft(
        ruleset.content(), fingerprint=ruleset.fingerprint, vocabulary=ruleset.vocabulary.fingerprint, **how
    )


def updated(
    tx: Transaction,
    shipped: RuleSet,
    rulebook: Rulebook,
    active: RuleSetVersion,
    *,
    by: str,
    why: str,
    now: datetime,
) -> Installed:
    """The shipped rules of this release beside what is in force: kept as they are, and merged into a draft.

    The base of the merge are the rules shipped last. What staff changed stands, what only the release changed is taken.
    The same content is never drafted twice, also not after its draft was discarded.
    """
    before = [version for version in tx.rulesets.all() if version.origin == "shipped"]
    for known in reversed(before):
        if known.fingerprint == shipped.fingerprint:
            how = "in force" if known.state == "active" else "there already,"
            return Installed(version=known, sentence=f"The shipped rules are {how} as version {known.version}.")
    base = before[-1] if before else active
    mine = kept(tx, shipped, origin="shipped", state="shipped", based_on=base.version, by=by, why=why, now=now)
    merged = merge(base.content, active.content, mine.content)
    words = merged_words(base.vocabulary, active.vocabulary, mine.vocabulary)
    conflicts = [asdict(conflict) for conflict in merged.conflicts]
    try:
        content = RuleSet.load(**merged.content, vocabulary=rulebook.words(tx, words))
    except RuleErrors as error:
        # Two sides that hold alone need not hold together. Staff mend the draft; until then it cannot be published.
        conflicts += ({"what": "set", "name": "", "why": sentence} for sentence in error.sentences)
        plain, fingerprint = merged.content, "unsound"
    else:
        plain, fingerprint = content.content(), content.fingerprint
    if fingerprint == active.fingerprint:
        clash = (
            f"; what it changes was changed by you too and stays yours, `tbtwatch rules diff {active.version} "
            f"{mine.version}` shows them"
            if conflicts
            else ""
        )
        return Installed(
            version=active,
            sentence=f"The shipped rules bring nothing that version {active.version}, which is in force, lacks: they "
            f"are kept as version {mine.version}{clash}.",
        )
    draft = tx.rulesets.add_draft(
        plain,
        fingerprint=fingerprint,
        origin="merge",
        based_on=active.version,
        vocabulary=words,
        conflicts=conflicts,
        by=by,
        why=f"{why}: version {mine.version} merged into version {active.version}",
        now=now,
    )
    clash = (
        f" {len(conflicts)} entries were changed on both sides or hang together: yours stand, `tbtwatch rules show "
        f"{draft.version}` shows both."
        if conflicts
        else ""
    )
    return Installed(
        version=draft,
        sentence=f"The shipped rules of this release are kept as version {mine.version}; merged into version "
        f"{active.version}, "
        f"which is in force, they wait as draft {draft.version} "
        f"({counted(differences(active.content, plain))}).{clash} "
        f"Version {active.version} stays in force until somebody runs `tbtwatch rules publish {draft.version}`.",
    )


def base_of(tx: Transaction, draft: RuleSetVersion) -> RuleSetVersion | None:
    """The version a draft was made from; of one that an older program wrote, the version in force then."""
    if draft.based_on is not None:
        return tx.rulesets.get(draft.based_on)
    before = [one for one in tx.rulesets.all() if one.published_at is not None and one.published_at <= draft.made_at]
    return max(before, key=lambda one: (one.published_at or one.made_at, one.version), default=None)


def packed(vocabulary: Vocabulary) -> bytes:
    """Words as they are kept: JSON, compressed."""
    written = json.dumps(vocabulary.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(written.encode(), 6)


def unpacked(kept: bytes) -> Vocabulary:
    """Words back from `packed`."""
    return vocabulary_of(json.loads(zlib.decompress(kept)))


def publish(
    draft: int,
    *,
    by: str,
    storage: Storage,
    rulebook: Rulebook,
    now: datetime,
    report: int | None = None,
    most_reclassified: float = MOST_RECLASSIFIED,
    beyond_limit: str = "",
    reason: str = "",
) -> RuleSetVersion:
    """Put a draft into force; the version before is retired. `reason`: why, kept as the version's remark.

    It must be made from the version in force, hold whole, and, once measures are recorded, have been back-tested
    against that version: `report` is that back-test. One that would make more than a share of them other is refused,
    but for a reason (`beyond_limit`), which is kept. Raises RuleError, LookupError, ValueError.
    """
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        version, active = tx.rulesets.get(draft), tx.rulesets.active_version()
        if version.is_open:
            base = base_of(tx, version)
            if active is not None and (base is None or base.version != active):
                made_from = said("version {version}", version=base.version) if base else said("no version")
                raise RuleError(
                    said(
                        "draft {draft} was made from {made_from}, and version {active} is in force since: "
                        "publishing it would undo what came between; run `tbtwatch rules rebase {draft} --by "
                        "NAME`, which makes a draft of both",
                        draft=draft,
                        made_from=made_from,
                        active=active,
                    )
                )
            rulebook.load(tx, version, try_examples=True)
            if active is not None:
                check_report(tx, draft, active, report, most_reclassified, beyond_limit)
        return tx.rulesets.publish(draft, by=by, now=now, report=report, remark=beyond_limit or reason)


def check_report(tx: Transaction, draft: int, active: int, report: int | None, most: float, beyond: str) -> None:
    """Refuse a draft that was not back-tested against the version in force, or would make too much other. RuleError."""
    if not tx.measures.count():
        return
    if report is None:
        newest = tx.backtests.latest(draft, active)
        raise RuleError(
            said(
                "draft {draft} was not back-tested against version {active}, which is in force; run "
                "`tbtwatch rules backtest {draft}`, look at its report, and publish with --report and "
                "its number",
                draft=draft,
                active=active,
            )
            if newest is None
            else said(
                "say which back-test of draft {draft} you looked at: the newest is report {id}; look at "
                "it with `tbtwatch rules report {id}`, and publish with --report {id}",
                draft=draft,
                id=newest.id,
            )
        )
    found = tx.backtests.get(report)
    if (found.draft, found.against) != (draft, active):
        raise RuleError(
            said(
                "report {report} is of draft {draft} against version {against}, not of draft {asked} "
                "against version {active}; run `tbtwatch rules backtest {asked}`",
                report=report,
                draft=found.draft,
                against=found.against,
                asked=draft,
                active=active,
            )
        )
    measures, changed = int(found.report["measures"]), int(found.report["changed"])
    if changed > most * measures and not beyond.strip():
        raise RuleError(
            said(
                "draft {draft} would make {changed} of {measures} measures other, more than the limit of "
                "{most:.0%} (TBTWATCH_MOST_RECLASSIFIED); publish a smaller change, or give a reason "
                "with --beyond-limit",
                draft=draft,
                changed=changed,
                measures=measures,
                most=most,
            )
        )


def undo(*, by: str, storage: Storage, now: datetime, reason: str = "", seen: int | None = None) -> RuleSetVersion:
    """Put the content of the version before the active one into force again, as a new version.

    `reason` is kept with it. `seen`: the version that is to be undone; if another is in force by now, nothing is.
    Raises LookupError, RuleError.
    """
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        active = tx.rulesets.active()
        retired = [version for version in tx.rulesets.all() if version.state == "retired"]
        if active is None or not retired:
            raise LookupError(said("there is no earlier version of the rules to go back to"))
        if seen is not None and active.version != seen:
            raise RuleError(
                said(
                    "version {version} is in force by now, not version {seen}: look at what it changes, then "
                    "undo it if it is to be undone",
                    version=active.version,
                    seen=seen,
                )
            )
        before = max(retired, key=lambda version: (version.retired_at or version.made_at, version.version))
        again = tx.rulesets.add_draft(
            before.content,
            fingerprint=before.fingerprint,
            by=by,
            why=f"undo of version {active.version}: the content of version {before.version}"
            + (f"; {reason}" if reason else ""),
            origin="undo",
            based_on=active.version,
            vocabulary=before.vocabulary,
            now=now,
        )
        return tx.rulesets.publish(again.version, by=by, now=now)
