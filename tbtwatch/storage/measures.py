"""Measures, what they are found by, and what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from rules.classification import Classification, Facet
from rules.classify import ENGINE
from rules.override import apply
from tbtwatch.storage.measure_columns import classification_columns, columns_of, facets_of
from tbtwatch.storage.notices import Notices
from tbtwatch.storage.overrides import Overrides
from tbtwatch.storage.rows import (
    AlertRow,
    ClassificationRow,
    ConsequenceRow,
    DeliveryRow,
    FactChangeRow,
    MeasureFacetRow,
    MeasureRow,
    MeasureThreadRow,
    NoticeRow,
    NoticeSymbolRow,
    PauseRow,
    Row,
    TrialRow,
)
from tbtwatch.storage.search import Search
from tbtwatch.storage.types import from_json, made_number
from watcher.measure import Facts, Measure, MeasureStatus
from watcher.names import is_name
from watcher.notice import Notice
from watcher.revise import reading_order

_AT_ONCE = 500  # values in one statement

# As in `notices`: statements made once, no object for a row.
_MEASURE, _THREAD, _FACET, _CLASSIFICATION = (
    Row.metadata.tables[name] for name in ("measure", "measure_thread", "measure_facet", "classification")
)
_THREADS_AMONG = look_up(_THREAD.c.symbol, _THREAD.c.measure_id).where(
    _THREAD.c.issuer == bindparam("of_issuer"), _THREAD.c.symbol.in_(bindparam("of_symbols", expanding=True))
)
_THREADS = (
    look_up(_THREAD.c.measure_id, _THREAD.c.symbol)
    .where(_THREAD.c.measure_id.in_(bindparam("of_measures", expanding=True)))
    .order_by(_THREAD.c.symbol)
)
_BY_ID = look_up(
    _MEASURE.c.id, _MEASURE.c.issuer, _MEASURE.c.facts, _MEASURE.c.recorded_at, _MEASURE.c.merged_into
).where(_MEASURE.c.id.in_(bindparam("of_measures", expanding=True)))
_CLASSIFIED = look_up(_CLASSIFICATION.c.measure_id, _CLASSIFICATION.c.value).where(
    _CLASSIFICATION.c.measure_id.in_(bindparam("of_measures", expanding=True))
)
_FACETS = look_up(_FACET.c.kind, _FACET.c.value).where(_FACET.c.measure_id == bindparam("of_measure"))
_NEW_MEASURE, _NEW_THREAD, _NEW_FACET = insert(_MEASURE), insert(_THREAD), insert(_FACET)
_NEW_CLASSIFICATION = insert(_CLASSIFICATION)
_CHANGE_MEASURE = update(_MEASURE).where(_MEASURE.c.id == bindparam("of_measure"))
_CHANGE_CLASSIFICATION = update(_CLASSIFICATION).where(_CLASSIFICATION.c.measure_id == bindparam("of_measure"))
_NO_FACET = delete(_FACET).where(
    _FACET.c.measure_id == bindparam("of_measure"),
    _FACET.c.kind == bindparam("of_kind"),
    _FACET.c.value == bindparam("of_value"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to list. Fields that are empty ask nothing; `hs` and `ics` are prefixes."""

    members: frozenset[str] = frozenset()
    hs: str = ""
    ics: str = ""
    area: str = ""
    scheme: str = ""
    since: date | None = None  #: some notice distributed on or after that day
    text: str = ""  #: all these words, anywhere
    open_on: date | None = None  #: a draft, with comments still possible on that day
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A measure in a list, with what it is about."""

    measure: Measure
    classification: Classification
    recorded_at: datetime


class Measures:
    """Measures inside one transaction."""

    def __init__(self, session: Session, search: Search | None = None) -> None:
        self._session = session
        self._search = search or Search(session)
        self._looked_up: set[tuple[str, str]] = set()  # issuers and base symbols, by `expect`
        self._begun: set[tuple[str, str]] = set()
        self._new: set[int] = set()  # measures made in this transaction and not classified yet
        self._overridden: set[int] | None = None  # measures of which persons say anything, once somebody asked

    def expect(self, issuer: str, threads: Sequence[str]) -> None:
        """Look up at once which of these base symbols belong to a measure; `of_threads` then asks only where one does.

        For the one transaction, in which nobody else records measures (`Transaction.one_at_a_time`).
        """
        for start in range(0, len(threads), _AT_ONCE):
            asked = {"of_issuer": issuer, "of_symbols": threads[start : start + _AT_ONCE]}
            self._begun.update(
                (issuer, symbol) for symbol, _ in self._session.connection().execute(_THREADS_AMONG, asked)
            )
        self._looked_up.update((issuer, symbol) for symbol in threads)

    def of_threads(self, issuer: str, threads: Iterable[str]) -> list[int]:
        """The measures these base symbols belong to, oldest first."""
        threads = set(threads)
        if self.is_strange(issuer, threads):
            return []
        asked = {"of_issuer": issuer, "of_symbols": list(threads)}
        return sorted({measure_id for _, measure_id in self._session.connection().execute(_THREADS_AMONG, asked)})

    def is_strange(self, issuer: str, threads: Iterable[str]) -> bool:
        """Whether all of these were looked up, by `expect`, and belong to no measure."""
        pairs = {(issuer, symbol) for symbol in threads}
        return pairs <= self._looked_up and pairs.isdisjoint(self._begun)

    def begun(self, issuer: str, threads: Iterable[str]) -> None:
        """These now belong to a measure."""
        self._begun.update((issuer, symbol) for symbol in threads)

    def by_any_symbol(self, symbol: str) -> list[int]:
        """The measures with a thread or notice of this symbol, whoever issued it."""
        threads = self._session.exec(select(MeasureThreadRow.measure_id).where(MeasureThreadRow.symbol == symbol)).all()
        notices = self._session.exec(
            select(NoticeRow.measure_id)
            .join(NoticeSymbolRow, col(NoticeSymbolRow.notice_id) == col(NoticeRow.id))
            .where(NoticeSymbolRow.symbol == symbol)
        ).all()
        return sorted({*threads, *notices})

    def get(self, id: int) -> Measure:
        """A measure with its notices. Raises LookupError."""
        row = self._row(id)
        if row.merged_into is not None:
            return self.get(row.merged_into)
        return self._measures([row])[0]

    def _row(self, id: int) -> Any:
        row = self._session.connection().execute(_BY_ID, {"of_measures": [id]}).first()
        if row is None:
            raise LookupError(f"there is no measure {id}")
        return row

    def _measures(self, rows: Sequence[Any]) -> list[Measure]:
        """Measures with their notices and threads, in the order of their rows."""
        asked = {"of_measures": [row.id for row in rows]}
        threads: dict[int, list[str]] = {}
        names: dict[int, list[str]] = {}
        for measure_id, symbol in self._session.connection().execute(_THREADS, asked):
            (names if is_name(symbol) else threads).setdefault(measure_id, []).append(symbol)
        notices: dict[int, list[Notice]] = {}
        for stored in Notices(self._session).of_measures(asked["of_measures"]):
            notices.setdefault(stored.measure_id, []).append(stored.notice)
        sources = Notices(self._session).sources_of(asked["of_measures"])
        return [
            Measure(
                id=row.id,
                issuer=row.issuer,
                threads=tuple(threads.get(row.id, ())),
                names=tuple(names.get(row.id, ())),
                facts=from_json(Facts, row.facts),
                notices=reading_order(notices.get(row.id, ())),
                sources=sources.get(row.id, ()),
            )
            for row in rows
        ]

    def recorded_at(self, id: int) -> datetime:
        """When the measure was first recorded."""
        recorded_at: datetime = self._row(id).recorded_at
        return recorded_at

    def lock(self, id: int) -> None:
        """Keep other processes from deciding about this measure until the transaction ends."""
        self._session.exec(select(MeasureRow.id).where(MeasureRow.id == id).with_for_update()).first()

    def save(self, measure: Measure, *, now: datetime) -> int:
        """Write the measure's facts and threads; its number. Its notices are written by `Notices`."""
        connection, says = self._session.connection(), columns_of(measure, now)
        had: set[str] = set()
        if measure.id is not None:
            id = measure.id
            connection.execute(_CHANGE_MEASURE, {"of_measure": id, **says})
            had.update(symbol for _, symbol in connection.execute(_THREADS, {"of_measures": [id]}))
        else:
            made = connection.execute(_NEW_MEASURE, {"issuer": measure.issuer, "recorded_at": now, **says})
            id = made_number(made)
            self._new.add(id)
        if new := [thread for thread in (*measure.threads, *measure.names) if thread not in had]:
            connection.execute(
                _NEW_THREAD, [{"issuer": measure.issuer, "symbol": thread, "measure_id": id} for thread in new]
            )
            self._begun.update((measure.issuer, thread) for thread in new)
        self._search.write(measure, id)
        return id

    def forget_threads(self, id: int) -> None:
        """What belongs to the measure is about to be sorted out anew."""
        self._session.exec(
            delete(MeasureThreadRow)
            .where(col(MeasureThreadRow.measure_id) == id)
            .execution_options(synchronize_session=False)
        )

    def merge(self, keep: int, others: Sequence[int]) -> None:
        """A joint notice showed that these measures are one: all that hangs on the others hangs on the one kept."""
        Overrides(self._session).merge(keep, others)
        self.overridden_anew()
        for table in (MeasureThreadRow, NoticeRow, FactChangeRow, AlertRow, DeliveryRow, ConsequenceRow, PauseRow):
            self._session.exec(
                update(table)
                .where(col(table.measure_id).in_(others))
                .values(measure_id=keep)
                .execution_options(synchronize_session=False)
            )
        for gone in (MeasureFacetRow, ClassificationRow, TrialRow):
            self._session.exec(
                delete(gone).where(col(gone.measure_id).in_(others)).execution_options(synchronize_session=False)
            )
        self._session.exec(
            update(MeasureRow)
            .where(col(MeasureRow.id).in_(others))
            .values(merged_into=keep)
            .execution_options(synchronize_session=False)
        )
        self._search.merged(others)

    def overridden_anew(self) -> None:
        """What persons say of measures has changed in this transaction."""
        self._overridden = None

    def effective(self, id: int, classification: Classification) -> Classification:
        """What the rules say of a measure, with what persons say of it heard above them."""
        if self._overridden is None:
            self._overridden = Overrides(self._session).measures()
        if id not in self._overridden:
            return classification
        return apply(classification, Overrides(self._session).of_measure(id))

    def classify(self, id: int, classification: Classification, facts: Facts, *, now: datetime) -> Classification:
        """Write down what the measure is about, and what it is found by; gives what was written.

        `classification`: what the rules say. Here, and nowhere else, what persons say is heard above them: whoever
        classifies, what stands in the database is what is in force.
        """
        connection, is_new = self._session.connection(), id in self._new
        self._new.discard(id)
        if not is_new:
            classification = self.effective(id, classification)
        says = classification_columns(classification, now)
        if is_new or not connection.execute(_CHANGE_CLASSIFICATION, {"of_measure": id, **says}).rowcount:
            connection.execute(_NEW_CLASSIFICATION, {"measure_id": id, **says})
        facets = facets_of(classification, facts)
        had = set[tuple[str, str]]()
        if not is_new:
            had.update((kind, value) for kind, value in connection.execute(_FACETS, {"of_measure": id}))
        for kind, value in had - facets:
            connection.execute(_NO_FACET, {"of_measure": id, "of_kind": kind, "of_value": value})
        if new := sorted(facets - had):
            connection.execute(_NEW_FACET, [{"measure_id": id, "kind": kind, "value": value} for kind, value in new])
        self._search.classified(id, classification, facts)
        return classification

    def open_on(self, day: date, *, among: Sequence[int]) -> list[int]:
        """Those of these measures on which comments are possible on that day still: drafts only."""
        found: list[int] = []
        for start in range(0, len(among), _AT_ONCE):
            found.extend(
                self._session.connection()
                .execute(
                    look_up(_MEASURE.c.id).where(
                        _MEASURE.c.id.in_(among[start : start + _AT_ONCE]),
                        _MEASURE.c.comment_deadline >= day,
                        _MEASURE.c.status == MeasureStatus.DRAFT.value,
                    )
                )
                .scalars()
            )
        return sorted(found)

    def several(self, ids: Sequence[int]) -> list[Measure]:
        """Those of these measures that are there, with their notices, in the order of their numbers."""
        rows = self._session.connection().execute(_BY_ID.order_by(_MEASURE.c.id), {"of_measures": list(ids)})
        return self._measures(rows.all())

    def standing(self, ids: Sequence[int]) -> dict[int, Measure]:
        """By number, those of these measures that have not become part of another."""
        rows = self._session.connection().execute(_BY_ID, {"of_measures": list(ids)})
        return {one.id: one for one in self._measures([row for row in rows if row.merged_into is None]) if one.id}

    def after(self, id: int, *, limit: int, without_area: bool = False) -> list[Measure]:
        """The next measures in the order of their numbers, to go through all; or only those in no product area."""
        asked = [_MEASURE.c.id > id, _MEASURE.c.merged_into.is_(None)]
        if without_area:
            in_area = and_(_FACET.c.measure_id == _MEASURE.c.id, _FACET.c.kind == "area")
            asked.append(~look_up(_FACET.c.measure_id).where(in_area).exists())
        rows = self._session.connection().execute(
            look_up(_MEASURE.c.id, _MEASURE.c.issuer, _MEASURE.c.facts)
            .where(*asked)
            .order_by(_MEASURE.c.id)
            .limit(limit)
        )
        return self._measures(rows.all())

    def classification(self, id: int) -> Classification:
        """What the measure is about; empty if it was never classified."""
        return self._classifications([id]).get(id, Classification())

    def classifications(self, ids: Sequence[int]) -> dict[int, Classification]:
        """What these measures are about, by number; those never classified are left out."""
        return self._classifications(ids)

    def _classifications(self, ids: Sequence[int]) -> dict[int, Classification]:
        rows = self._session.connection().execute(_CLASSIFIED, {"of_measures": list(ids)})
        return {measure_id: from_json(Classification, value) for measure_id, value in rows}

    def not_classified_by(self, version: int, *, after: int = 0, limit: int | None = None) -> list[Measure]:
        """The next measures, in the order of their numbers, that an earlier version of the rules classified or none."""
        rows = self._session.connection().execute(
            look_up(_MEASURE.c.id, _MEASURE.c.issuer, _MEASURE.c.facts)
            .outerjoin(_CLASSIFICATION, _CLASSIFICATION.c.measure_id == _MEASURE.c.id)
            .where(_MEASURE.c.id > after, *_earlier_than(version))
            .order_by(_MEASURE.c.id)
            .limit(limit)
        )
        return self._measures(rows.all())

    def count_not_classified_by(self, version: int) -> int:
        """How many measures an earlier version of the rules classified, or none."""
        counted = (
            look_up(func.count())
            .select_from(_MEASURE)
            .outerjoin(_CLASSIFICATION, _CLASSIFICATION.c.measure_id == _MEASURE.c.id)
            .where(*_earlier_than(version))
        )
        return int(self._session.connection().execute(counted).scalar_one())

    def search(self, wanted: Wanted) -> tuple[int, list[Listed]]:
        """How many measures fit in all, and those of the page asked for, newest first."""
        facet = MeasureFacetRow

        def has(kind: str, *which: Any) -> Any:
            return exists().where(and_(col(facet.measure_id) == col(MeasureRow.id), col(facet.kind) == kind, *which))

        asked: list[Any] = [col(MeasureRow.merged_into).is_(None)]
        if wanted.members:
            asked.append(has("member", col(facet.value).in_(wanted.members)))
        if wanted.hs:
            asked.append(has("hs", col(facet.value).startswith(wanted.hs, autoescape=True)))
        if wanted.ics:
            dotted = or_(col(facet.value) == wanted.ics, col(facet.value).startswith(wanted.ics + ".", autoescape=True))
            asked.append(has("ics", dotted))
        if wanted.area:
            asked.append(has("area", col(facet.value) == wanted.area))
        if wanted.scheme:
            asked.append(has(Facet.SCHEME.value, col(facet.value) == wanted.scheme))
        if wanted.since:
            asked.append(col(MeasureRow.last_distributed) >= wanted.since)
        if wanted.open_on:
            asked.append(col(MeasureRow.comment_deadline) >= wanted.open_on)
            asked.append(col(MeasureRow.status) == MeasureStatus.DRAFT.value)
        asked.extend(
            col(MeasureRow.search_text).contains(word, autoescape=True) for word in wanted.text.casefold().split()
        )
        total = self._session.exec(select(func.count()).select_from(MeasureRow).where(*asked)).one()
        ids = self._session.exec(
            select(col(MeasureRow.id))
            .where(*asked)
            .order_by(
                col(MeasureRow.last_distributed).is_(None),
                col(MeasureRow.last_distributed).desc(),
                col(MeasureRow.id).desc(),
            )
            .limit(wanted.limit)
            .offset(wanted.offset)
        ).all()
        listed: list[Listed] = []
        for start in range(0, len(ids), _AT_ONCE):
            listed.extend(self._listed([id for id in ids[start : start + _AT_ONCE] if id is not None]))
        return total, listed

    def _listed(self, ids: Sequence[int]) -> list[Listed]:
        found = {row.id: row for row in self._session.connection().execute(_BY_ID, {"of_measures": list(ids)})}
        rows = [found[id] for id in ids]
        classifications = self._classifications(ids)
        return [
            Listed(
                measure=measure,
                classification=classifications.get(row.id, Classification()),
                recorded_at=row.recorded_at,
            )
            for row, measure in zip(rows, self._measures(rows), strict=True)
        ]

    def newest(self, limit: int) -> list[Measure]:
        """The measures recorded last, the newest first."""
        ids = self._session.exec(
            select(MeasureRow.id)
            .where(col(MeasureRow.merged_into).is_(None))
            .order_by(col(MeasureRow.id).desc())
            .limit(limit)
        )
        rows = self._session.connection().execute(_BY_ID, {"of_measures": list(ids)}).all()
        return sorted(self._measures(rows), key=lambda measure: -(measure.id or 0))

    def count(self) -> int:
        """How many measures there are."""
        return self._session.exec(
            select(func.count()).select_from(MeasureRow).where(col(MeasureRow.merged_into).is_(None))
        ).one()


def _earlier_than(version: int) -> tuple[Any, ...]:
    """Measures that this version of the rules, read as now, did not classify.

    Versions only grow: an undo is a version too.
    """
    made_by, engine = _CLASSIFICATION.c.ruleset_version, _CLASSIFICATION.c.engine
    return _MEASURE.c.merged_into.is_(None), or_(made_by.is_(None), made_by < version, engine < ENGINE)
