"""The rules in force: installed from config/ into an empty database, published and undone by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rules.ruleset import RuleSet
from tbtwatch import configuration
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
            areas=configuration.product_areas(self._folder), rules=configuration.rules(self._folder), version=0
        )

    def in_force(self, tx: Transaction) -> RuleSet:
        """The active version; with none, the shipped rules are installed as version 1."""
        version = tx.rulesets.active_version()
        if version is None:
            raise LookupError("no rules are installed; run `tbtwatch rules install`")
        if version not in self._loaded:
            self._loaded = {version: load(tx.rulesets.get(version))}
        return self._loaded[version]

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
            draft = tx.rulesets.add_draft(
                shipped.content(),
                fingerprint=shipped.fingerprint,
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


def load(version: RuleSetVersion, *, try_examples: bool = False) -> RuleSet:
    """A stored version as rules.

    Its examples were tried before it came into force. They are not tried again at each start: a program that reads a
    text a little differently would refuse the rules it runs on, and every command with them.
    """
    content = version.content
    return RuleSet.load(content["areas"], content["rules"], version.version, try_examples=try_examples)


def publish(draft: int, *, by: str, storage: Storage, now: datetime) -> RuleSetVersion:
    """Put a draft into force; the version before is retired. It is checked whole first. Raises RuleError."""
    with storage.begin() as tx:
        tx.one_at_a_time(RULES_LOCK)
        load(tx.rulesets.get(draft), try_examples=True)
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
            now=now,
        )
        return tx.rulesets.publish(again.version, by=by, now=now)
