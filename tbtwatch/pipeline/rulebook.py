"""The rules in force: installed from config/ into an empty database, published and undone by staff."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rules.ruleset import RuleSet
from rules.vocabulary import EMPTY, Vocabulary
from rules.vocabulary import load_vocabulary as vocabulary_of
from tbtwatch import configuration
from tbtwatch.reference import load_vocabulary
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.rulesets import RuleSetVersion
from tbtwatch.storage.storage import RULES_LOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What became of the rules in the folder."""

    version: RuleSetVersion
    sentence: str


class Rulebook:
    """The rule set in force, read from the database once for each version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[int, RuleSet] = {}
        self._words: dict[str, Vocabulary] = {}  # one at a time: they are some megabytes

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
            vocabulary=load_vocabulary(configuration.SHIPPED / "reference"),
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
            vocabulary=self._vocabulary(tx, version.vocabulary),
            try_examples=try_examples,
        )

    def _vocabulary(self, tx: Transaction, fingerprint: str) -> Vocabulary:
        if not fingerprint:
            return EMPTY  # of a version that an older program wrote
        if fingerprint not in self._words:
            self._words = {fingerprint: unpacked(tx.rulesets.vocabulary(fingerprint))}
        return self._words[fingerprint]

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
            versions = tx.rulesets.all()
            same = [version for version in versions if version.fingerprint == shipped.fingerprint]
            if same:
                return Installed(
                    version=same[-1],
                    sentence=f"{called} are in force as version {same[-1].version}."
                    if same[-1].state == "active"
                    else f"{called} are there already, as version {same[-1].version} ({same[-1].state}).",
                )
            tx.rulesets.keep_vocabulary(shipped.vocabulary.fingerprint, packed(shipped.vocabulary))
            draft = tx.rulesets.add_draft(
                shipped.content(),
                fingerprint=shipped.fingerprint,
                origin="staff" if self.is_own else "shipped",
                based_on=next((one.version for one in versions if one.state == "active"), None),
                vocabulary=shipped.vocabulary.fingerprint,
                by=by,
                why=why,
                now=now,
            )
            if versions:
                in_force = next((one.version for one in versions if one.state == "active"), None)
                return Installed(
                    version=draft,
                    sentence=f"{called} differ from version {in_force}, which is in force: they wait as draft "
                    f"{draft.version}. Version {in_force} stays in force until somebody runs "
                    f"`tbtwatch rules publish {draft.version}`.",
                )
            active = tx.rulesets.publish(draft.version, by=by, now=now)
        return Installed(version=active, sentence=f"{called} are in force as version {active.version}.")


def packed(vocabulary: Vocabulary) -> bytes:
    """Words as they are kept: JSON, compressed."""
    written = json.dumps(vocabulary.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(written.encode(), 9)


def unpacked(kept: bytes) -> Vocabulary:
    """Words back from `packed`."""
    return vocabulary_of(json.loads(zlib.decompress(kept)))


def publish(draft: int, *, by: str, storage: Storage, rulebook: Rulebook, now: datetime) -> RuleSetVersion:
    """Put a draft into force; the version before is retired. It is checked whole first. Raises RuleError."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        rulebook.load(tx, tx.rulesets.get(draft), try_examples=True)
        return tx.rulesets.publish(draft, by=by, now=now)


def undo(*, by: str, storage: Storage, now: datetime) -> RuleSetVersion:
    """Put the content of the version before the active one into force again, as a new version."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        active = tx.rulesets.active()
        retired = [version for version in tx.rulesets.all() if version.state == "retired"]
        if active is None or not retired:
            raise LookupError("there is no earlier version of the rules to go back to")
        before = max(retired, key=lambda version: (version.retired_at or version.made_at, version.version))
        again = tx.rulesets.add_draft(
            before.content,
            fingerprint=before.fingerprint,
            by=by,
            why=f"undo of version {active.version}: the content of version {before.version}",
            origin="undo",
            based_on=active.version,
            vocabulary=before.vocabulary,
            now=now,
        )
        return tx.rulesets.publish(again.version, by=by, now=now)
