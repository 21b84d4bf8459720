"""What a draft would make of measures beside the rules in force: gained, lost, graded otherwise, with the words.

Bounded in memory however many measures there are: counts for each value, and ten examples of each sort. Which ten is
settled by the measures themselves, so the same measures show the same ones in whatever order they come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Any, Generic, TypeVar

from rules.classification import Classification, Evidence, Grade
from rules.classify import classify
from rules.ruleset import RuleSet
from watcher.measure import Measure

AREA = "area"  #: the facet of product areas, where values of facets are counted
EXAMPLES = 10  #: of each sort

Kept = TypeVar("Kept")


class Sort(StrEnum):
    """What becomes of one value of one measure."""

    GAINED = "gained"
    LOST = "lost"
    REGRADED = "regraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of one measure that a draft would decide otherwise."""

    facet: str  #: "area", or a `rules.classification.Facet`
    value: str
    before: Grade | None  #: None: it was not there
    after: Grade | None
    evidence: tuple[Evidence, ...]  #: that speaks for it, or of a lost one, that spoke for it

    @property
    def sort(self) -> Sort:
        """Gained, lost or regraded."""
        if self.before is None:
            return Sort.GAINED
        return Sort.LOST if self.after is None else Sort.REGRADED


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A difference, and the measure it is in."""

    measure: int
    symbol: str
    title: str  #: or the products, or the beginning of the summary, of a measure without one
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many measures gain a value, lose it, or have it by a surer or less sure grade."""

    facet: str
    value: str
    gained: int = 0
    lost: int = 0
    raised: int = 0
    lowered: int = 0

    @property
    def all(self) -> int:
        """All measures that differ in it."""
        return self.gained + self.lost + self.raised + self.lowered


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What came of it."""

    measures: int  #: read
    changed: int  #: of these, how many would differ in anything
    tallies: tuple[Tally, ...]  #: areas first, then by facet; the most different first
    examples: Mapping[Sort, tuple[Example, ...]]

    def count(self, sort: Sort, facet: str | None = None) -> int:
        """How many values are gained, lost or regraded, in one facet or in all."""
        of = [tally for tally in self.tallies if facet is None or tally.facet == facet]
        match sort:
            case Sort.GAINED:
                return sum(tally.gained for tally in of)
            case Sort.LOST:
                return sum(tally.lost for tally in of)
            case _:
                return sum(tally.raised + tally.lowered for tally in of)


def backtest(draft: RuleSet, active: RuleSet, measures: Iterable[Measure]) -> Backtest:
    """What a draft would make of these measures, beside the rules in force. They are read once, one at a time."""
    compare, found = Comparison(draft, active), Differences()
    for measure in measures:
        pair = compare(measure)
        if pair is None:
            found.same()
        else:
            found.add(measure, *pair)
    return found.backtest()


class Comparison:
    """Two rule sets, ready to be asked where they differ.

    Rules that are equal in both are not read where none of the others says anything new. Where one does, the whole is
    read twice: what is inferred from words goes by the product areas that all rules found.
    """

    def __init__(self, draft: RuleSet, active: RuleSet) -> None:
        self._draft, self._active = draft, active
        shared = [
            (whole.vocabulary.fingerprint, whole.facets.content(), whole.areas.content()) for whole in (active, draft)
        ]
        names = differing(draft, active)
        # Where most rules differ, reading those first only adds to the work.
        self._narrow = shared[0] == shared[1] and 2 * len(names) <= len(active.rules)
        self._few = tuple(
            replace(whole, rules=tuple(rule for rule in whole.rules if rule.name in names)) for whole in (active, draft)
        )

    def __call__(self, measure: Measure) -> tuple[Classification, Classification] | None:
        """What the rules in force and the draft say of a measure; None: the same."""
        if self._narrow:
            before, after = (classify(measure, few, readers=()) for few in self._few)
            if _same(before, after):
                return None
        before, after = classify(measure, self._active), classify(measure, self._draft)
        return None if _same(before, after) else (before, after)


def differing(draft: RuleSet, active: RuleSet) -> frozenset[str]:
    """Names of the rules that are in one set only or not the same in both, and of all they need and are needed by."""
    ours, theirs = _written(draft), _written(active)
    names = {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}
    needs: dict[str, set[str]] = {}
    for rule in (*draft.rules, *active.rules):
        needs.setdefault(rule.name, set()).update(rule.needs())
    while True:
        more = {name for name, needed in needs.items() if needed & names} - names
        if not more:
            break
        names |= more
    while more := {needed for name in names for needed in needs.get(name, ())} - names:
        names |= more
    return frozenset(names)


class Differences:
    """Counts and examples of what differs, measure by measure."""

    def __init__(self) -> None:
        self._measures = self._changed = 0
        self._tallies: dict[tuple[str, str], list[int]] = {}
        self._examples: dict[Sort, Sample[Example]] = {sort: Sample(EXAMPLES) for sort in Sort}

    def same(self, count: int = 1) -> None:
        """So many measures do not differ."""
        self._measures += count

    def add(self, measure: Measure, before: Classification, after: Classification) -> bool:
        """What one measure is about by two rule sets; whether that differs."""
        self._measures += 1
        different = False
        for difference in differences(before, after):
            different = True
            counts = self._tallies.setdefault((difference.facet, difference.value), [0, 0, 0, 0])
            counts[_column(difference)] += 1
            self._examples[difference.sort].offer(
                f"{measure.id}\0{difference.facet}\0{difference.value}",
                lambda one=difference: Example(
                    measure=measure.id or 0,
                    symbol=symbol_of(measure),
                    title=_named(measure),
                    difference=one,
                ),
            )
        self._changed += different
        return different

    def backtest(self) -> Backtest:
        """What came of it so far."""
        tallies = [
            Tally(facet=facet, value=value, gained=gained, lost=lost, raised=raised, lowered=lowered)
            for (facet, value), (gained, lost, raised, lowered) in self._tallies.items()
        ]
        return Backtest(
            measures=self._measures,
            changed=self._changed,
            tallies=tuple(sorted(tallies, key=lambda one: (one.facet != AREA, one.facet, -one.all, one.value))),
            examples={sort: tuple(sample) for sort, sample in self._examples.items()},
        )


@dataclass
class Sample(Generic[Kept]):
    """A few of many, the same few in whatever order they are offered."""

    size: int
    _heap: list[tuple[int, str, Any]] = field(default_factory=list)

    def offer(self, key: str, make: Any) -> None:
        """One more, by its own name; `make` makes it, if it is kept."""
        place = -int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
        if len(self._heap) < self.size:
            heappush(self._heap, (place, key, make()))
        elif place > self._heap[0][0]:
            heappushpop(self._heap, (place, key, make()))

    def __iter__(self) -> Iterator[Kept]:
        return (kept for _, _, kept in sorted(self._heap, key=lambda each: (-each[0], each[1])))


def differences(before: Classification, after: Classification) -> Iterator[Difference]:
    """Every value that is there in one of two classifications only, or by another grade."""
    was, becomes = _values(before), _values(after)
    for key in sorted(was.keys() | becomes.keys()):
        old, new = was.get(key), becomes.get(key)
        if (old and old[0]) != (new and new[0]):
            facet, value = key
            shown = new or old
            assert shown is not None
            yield Difference(
                facet=facet,
                value=value,
                before=old[0] if old else None,
                after=new[0] if new else None,
                evidence=shown[1],
            )


def symbol_of(measure: Measure) -> str:
    """What a measure is called in a list: its first symbol."""
    if measure.threads:
        return measure.threads[0]
    return measure.notices[0].symbols[0] if measure.notices else str(measure.id)


def _values(classification: Classification) -> dict[tuple[str, str], tuple[Grade, tuple[Evidence, ...]]]:
    values = {(AREA, found.area): (found.grade, found.evidence) for found in classification.areas}
    values.update(
        ((found.facet.value, found.value), (found.grade, found.evidence)) for found in classification.findings
    )
    return values


def _same(before: Classification, after: Classification) -> bool:
    return next(differences(before, after), None) is None


def _named(measure: Measure) -> str:
    texts = (measure.facts.title, measure.facts.products_covered, measure.facts.content_summary[:200])
    return next((text for text in texts if text.strip()), "")


def _column(difference: Difference) -> int:
    if difference.before is None:
        return 0
    if difference.after is None:
        return 1
    return 2 if difference.after.rank < difference.before.rank else 3


def _written(whole: RuleSet) -> dict[str, Any]:
    return {rule.name: rule for rule in whole.rules}
