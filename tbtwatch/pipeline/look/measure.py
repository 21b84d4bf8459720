"""One measure as anybody may see it: its facts, how they came to be, what they rest on, and when that was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notifiers.message import MeasureNews
from rules.classification import Classification, Grade
from rules.facets import Facets
from subscriptions.deadlines import act_by, days_left
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.compose import first_recorded, kinds_of
from tbtwatch.pipeline.demands import classed_kinds, inferred_codes, requirements, stage
from tbtwatch.pipeline.reclassify import as_of_now
from tbtwatch.pipeline.symbols import Unknown, find, not_recorded
from tbtwatch.storage import Transaction
from tbtwatch.storage.documents import TriedDocument
from watcher.facts import facts_on, steps
from watcher.measure import FactChange, Facts, Measure
from watcher.notice import Notice
from watcher.revise import history


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A notice, and what it changed."""

    notice: Notice
    changes: tuple[FactChange, ...]
    before: Facts
    after: Facts
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A source that states a notice of the measure."""

    name: str
    title: str
    stated_at: datetime  #: when it was last seen to state it otherwise than before
    checked_at: datetime | None  #: when the source was last read


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """A measure as it stands on a day."""

    measure: Measure
    facts: Facts
    news: MeasureNews  #: for the wording of duties: with no reader and no change
    classification: Classification
    facets: Facets
    happenings: tuple[Happening, ...]  #: the newest first
    documents: tuple[TriedDocument, ...]
    checked: tuple[Checked, ...]
    missing: str  #: the document that was asked for and is not recorded; "": it is
    act_by: date | None

    @property
    def symbol(self) -> str:
        """What the measure is called in addresses."""
        return symbol_of(self.measure)


def symbol_of(measure: Measure) -> str:
    """The symbol a measure's page has: its first; a notice's own where it has none."""
    return measure.threads[0] if measure.threads else measure.notices[0].symbols[0]


def look_at(text: str, *, desk: Desk, language: str, today: date) -> LookedAt | Unknown:
    """The measure that a symbol means, however it is written."""
    measure = find(text, desk)
    if isinstance(measure, Unknown):
        return measure
    missing = not_recorded(text, measure, desk.names.markets)
    return look_at_it(measure, desk=desk, language=language, today=today, missing=missing)


def look_at_it(measure: Measure, *, desk: Desk, language: str, today: date, missing: str = "") -> LookedAt:
    """A measure that was found already."""
    assert measure.id is not None
    with desk.storage.look() as tx:
        ruleset = desk.rulebook.in_force(tx)
        classification = as_of_now(measure, tx, ruleset)
        documents = tx.documents.of_measure(measure.id)
        checked = _checked(measure.id, tx, desk)
    facts = facts_on(measure.facts, today)
    return LookedAt(
        measure=measure,
        facts=facts,
        news=_news(measure, facts, classification, desk, language, today),
        classification=classification,
        facets=ruleset.facets,
        happenings=tuple(reversed(_happenings(measure.notices))),
        documents=tuple({one.url: one for one in documents}.values()),
        checked=checked,
        missing=missing,
        act_by=act_by(facts.comment_deadline, desk.names.buffers.of(facts.notifying_members)),
    )


def _happenings(notices: Sequence[Notice]) -> list[Happening]:
    changes: dict[tuple[str, ...], list[FactChange]] = {}
    for change in history(notices):
        changes.setdefault(change.symbols, []).append(change)
    return [
        Happening(
            notice=step.notice,
            changes=tuple(changes.pop(step.notice.symbols, ())),
            before=step.before,
            after=step.after,
            first=number == 0,
        )
        for number, step in enumerate(steps(notices))
    ]


def _checked(measure_id: int, tx: Transaction, desk: Desk) -> tuple[Checked, ...]:
    notices = [stored.id for stored in tx.notices.of_measure(measure_id)]
    stated: dict[str, datetime] = {}
    for version in tx.notices.versions(notices):
        stated[version.source] = max(stated.get(version.source, version.seen_at), version.seen_at)
    states = tx.sources.states_of(sorted(stated))
    titles = {source.config.name: source.config.title for source in desk.sources}
    return tuple(
        Checked(
            name=name,
            title=titles.get(name, ""),
            stated_at=seen,
            checked_at=states[name].succeeded_at if name in states else None,
        )
        for name, seen in sorted(stated.items())
    )


def _news(
    measure: Measure, facts: Facts, classification: Classification, desk: Desk, language: str, today: date
) -> MeasureNews:
    names = desk.names
    return MeasureNews(
        measure=measure.id or 0,
        symbols=measure.notices[-1].symbols if measure.notices else measure.threads,
        thread_symbols=measure.threads,
        facts=facts,
        markets=tuple(names.markets.name(member, language) for member in facts.notifying_members),
        areas=(),
        kinds=kinds_of(facts.legal_basis),
        classed_kinds=classed_kinds(classification, names.choices, language),
        stage=stage(classification),
        requirements=requirements(classification, names.choices, language),
        inferred=inferred_codes(classification),
        changes=(),
        grade=Grade.DIRECT,
        why=(),
        act_by=act_by(facts.comment_deadline, names.buffers.of(facts.notifying_members)),
        days_left=days_left(facts.comment_deadline, today),
        later=first_recorded(measure),
    )
