"""What a measure would have been held to be about at an earlier moment, as it stands today.

By the rules and the persons' words in force then, on today's facts: what differs from now differs by them alone, not
by what the measure has said since.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.classification import Classification
from rules.classify import classify
from rules.override import Override, apply
from rules.ruleset import RuleSet
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Transaction
from tbtwatch.storage.rulesets import RuleSetVersion
from watcher.measure import Measure

_KEPT = 3  # rule sets held at once: each is some megabytes
_MOST = 5  # differences in one line


class Past:
    """The versions of the rules by the time they were in force; rule sets are read once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._loaded: dict[int, RuleSet] = {}
        self._active: int | None = None
        self._published: list[RuleSetVersion] = []  #: those ever in force, in their order, as of that active one

    def version_at(self, instant: datetime, tx: Transaction) -> RuleSetVersion | None:
        """The version in force at that moment; None: there was none."""
        self._follow(tx)
        return next((one for one in reversed(self._published) if (one.published_at or one.made_at) <= instant), None)

    def _follow(self, tx: Transaction) -> None:
        """The versions are read again only when another is in force: each holds all its rules."""
        active = tx.rulesets.active_version()
        if active != self._active:
            published = [one for one in tx.rulesets.all() if one.published_at is not None]
            self._published = sorted(published, key=lambda one: (one.published_at or one.made_at, one.version))
            self._active = active

    def reading(
        self, measure: Measure, now: Classification, instant: datetime, overrides: list[Override], tx: Transaction
    ) -> Classification:
        """What it would have been held to be about then. `now`: what it is; `overrides`: all, also ended ones."""
        then = self.version_at(instant, tx)
        active = next((one for one in self._published if one.version == self._active), None)
        if then is None or active is None:
            return now
        words = [one for one in overrides if one.live_at(instant)]
        if then.fingerprint == active.fingerprint and words == [one for one in overrides if one.ended_at is None]:
            return now
        ruleset = self._loaded.get(then.version)
        if ruleset is None:
            ruleset = self._rulebook.load(tx, then)
            for oldest in list(self._loaded)[: len(self._loaded) + 1 - _KEPT]:
                del self._loaded[oldest]
            self._loaded[then.version] = ruleset
        heard = [replace(one, ended_at=None) for one in words]
        return apply(classify(measure, ruleset), heard)


def difference(then: Classification, now: Classification) -> str:
    """What came and what went, for staff: "area toys came (toys-by-name: “doll”); area food went"."""
    before, after = _grades(then), _grades(now)
    said = [f"{what} came{_quoted(what, now)}" for what in after if what not in before]
    said += [f"{what} went{_quoted(what, then)}" for what in before if what not in after]
    said += [
        f"{what} is {after[what]} now, was {before[what]}"
        for what in after
        if before.get(what, after[what]) != after[what]
    ]
    return "; ".join(said[:_MOST]) + (f"; and {len(said) - _MOST} more" if len(said) > _MOST else "")


def _grades(classification: Classification) -> dict[str, str]:
    areas = {f"area {found.area}": found.grade.value for found in classification.areas}
    return areas | {f"{found.facet.value} {found.value}": found.grade.value for found in classification.findings}


def _quoted(what: str, classification: Classification) -> str:
    """By what it is there, as far as one line holds."""
    facet, _, value = what.partition(" ")
    found = (
        [one.evidence for one in classification.areas if one.area == value]
        if facet == "area"
        else [one.evidence for one in classification.findings if (one.facet.value, one.value) == (facet, value)]
    )
    first = next((evidence for several in found for evidence in several), None)
    if first is None:
        return ""
    quote = f": “{first.quotes[0][:60]}”" if first.quotes else ""
    return f" ({first.rule}{quote})"
