"""What staff might write rules for: words of measures that no rule placed or a person had to, and rules to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.override import Action
from rules.suggest import Agreeing, Firing, Terms, Weighed, terms_of
from tbtwatch.pipeline.alert import Desk
from tbtwatch.storage import Transaction
from watcher.measure import Measure

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words of some measures against all others."""

    what: str  #: "in no area", "added area:toys", "removed area:toys"
    measures: int
    terms: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What might be done about the rules."""

    measures: int
    groups: tuple[Group, ...]
    never: tuple[str, ...]  #: rules of the version in force that match nothing recorded
    agreeing: tuple[Agreeing, ...]


def suggest(*, desk: Desk, most: int = 20, progress: Callable[[int, int], None] = lambda *_: None) -> Suggestions:
    """Read all that is recorded twice: for the words of those measures, then for how common they are elsewhere."""
    groups: dict[str, Terms] = {"in no area": Terms()}
    members: dict[str, set[int]] = {"in no area": set()}
    with desk.storage.look() as tx:
        ruleset, total = desk.rulebook.in_force(tx), tx.measures.count()
        for override in tx.overrides.live():
            said = "added" if override.action is Action.ADD else "removed"
            members.setdefault(f"{said} {override.what}", set()).add(override.measure)
    with desk.storage.look() as tx:
        for what, ids in members.items():
            terms = groups.setdefault(what, Terms())
            if what == "in no area":
                for measure in _each(tx, without_area=True):
                    terms.add(measure.id or 0, measure.facts)
                    ids.add(measure.id or 0)
            else:
                for measure in tx.measures.several(sorted(ids)):
                    terms.add(measure.id or 0, measure.facts)
    firing, done, after = Firing(), 0, 0
    while True:
        with desk.storage.look() as tx:
            chunk = tx.measures.after(after, limit=CHUNK)
            if not chunk:
                break
            after = chunk[-1].id or 0
            stored = tx.measures.classifications([measure.id or 0 for measure in chunk])
        for measure in chunk:
            words = terms_of(measure.facts)
            for what, terms in groups.items():
                if measure.id not in members[what]:
                    terms.compare(words)
            if measure.id in stored:
                firing.add(measure.id or 0, stored[measure.id])
        done += len(chunk)
        progress(done, max(done, total))
    return Suggestions(
        measures=done,
        groups=tuple(
            Group(what=what, measures=terms.size, terms=tuple(terms.ranked(most))) for what, terms in groups.items()
        ),
        never=tuple(firing.never(ruleset)) if done else (),
        agreeing=tuple(firing.agreeing(ruleset)),
    )


def _each(tx: Transaction, *, without_area: bool) -> Iterator[Measure]:
    after = 0
    while chunk := tx.measures.after(after, limit=CHUNK, without_area=without_area):
        yield from chunk
        after = chunk[-1].id or 0
