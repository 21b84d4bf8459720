"""Notices that touch nothing known, and the measures that each of them begins, written together.

Of ten thousand notices of a first poll nearly all are such, and of a live source's most. Statement by statement each
costs eight; here a whole chunk does. Numbers are taken beforehand, so that no row has to wait for another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlmodel import Session

from rules.classification import Classification
from tbtwatch.storage.changes import change_columns
from tbtwatch.storage.measure_columns import classification_columns, columns_of, facets_of
from tbtwatch.storage.measures import Measures
from tbtwatch.storage.notices import Notices, Version, notice_columns, version_columns
from tbtwatch.storage.rows import Row
from tbtwatch.storage.search import Search
from watcher.measure import FactChange, Measure
from watcher.notice import Notice

#: By the tables' names, what is referred to before what refers to it.
_INSERT = {
    name: insert(Row.metadata.tables[name])
    for name in (
        *("measure", "measure_thread", "measure_facet", "classification", "measure_words"),
        *("notice", "notice_symbol", "notice_version", "fact_change"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A notice, and the measure that it begins."""

    notice: Notice
    measure: Measure
    classification: Classification
    changes: tuple[FactChange, ...]
    entry: str  #: that states it, of its source
    fingerprint: str
    silent: bool
    hold: int | None = None  #: what keeps its news back


class Newcomers:
    """Such notices inside one transaction."""

    def __init__(self, session: Session, notices: Notices, measures: Measures, search: Search) -> None:
        self._session = session
        self._search = search
        self._notices = notices
        self._measures = measures

    def add(self, newcomers: Sequence[Newcomer], *, source: str, priority: int, now: datetime) -> list[tuple[int, int]]:
        """Write them down; the numbers of each one's notice and measure.

        For notices and measures that are strange to `Notices` and `Measures` and to each other, in a transaction in
        which nobody else records (`Transaction.one_at_a_time`).
        """
        if not newcomers:
            return []
        many = len(newcomers)
        numbers = list(zip(self._numbers("notice", many), self._numbers("measure", many), strict=True))
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _INSERT}
        for one, (notice_id, measure_id) in zip(newcomers, numbers, strict=True):
            notice, measure = one.notice, one.measure
            version = Version(notice=notice, priority=priority, source=source, entry=one.entry, seen_at=now)
            rows["measure"].append(
                {"id": measure_id, "issuer": measure.issuer, "recorded_at": now, **columns_of(measure, now)}
            )
            for thread in (*measure.threads, *measure.names):
                rows["measure_thread"].append({"issuer": measure.issuer, "symbol": thread, "measure_id": measure_id})
            rows["classification"].append({"measure_id": measure_id, **classification_columns(one.classification, now)})
            for kind, found in sorted(facets_of(one.classification, measure.facts)):
                rows["measure_facet"].append({"measure_id": measure_id, "kind": kind, "value": found})
            says = self._search.columns(measure, one.classification)
            rows["measure_words"].append({"measure_id": measure_id, **says})
            rows["notice"].append(
                {
                    "id": notice_id,
                    "issuer": notice.issuer,
                    "recorded_at": now,
                    **notice_columns(notice, measure_id=measure_id, now=now),
                }
            )
            for symbol in dict.fromkeys(notice.symbols):
                rows["notice_symbol"].append({"issuer": notice.issuer, "symbol": symbol, "notice_id": notice_id})
            rows["notice_version"].append(
                {
                    "source": source,
                    "entry": one.entry,
                    **version_columns(version, notice_id=notice_id, fingerprint=one.fingerprint),
                }
            )
            for change in one.changes:
                rows["fact_change"].append(
                    change_columns(
                        change,
                        measure_id=measure_id,
                        notice_id=notice_id,
                        now=now,
                        silent=one.silent,
                        hold=one.hold,
                    )
                )
        connection = self._session.connection()
        for name, statement in _INSERT.items():
            if rows[name]:
                connection.execute(statement, rows[name])
        for one in newcomers:
            self._notices.borne(one.notice, source=source, entry=one.entry)
            self._measures.begun(one.measure.issuer, (*one.measure.threads, *one.measure.names))
        return numbers

    def _numbers(self, table: str, count: int) -> list[int]:
        """So many numbers of a table that nobody else gets."""
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            taken = text("SELECT nextval(pg_get_serial_sequence(:of_table, 'id')) FROM generate_series(1, :many)")
            return list(connection.execute(taken, {"of_table": table, "many": count}).scalars())
        highest = func.max(Row.metadata.tables[table].c.id)
        last = connection.execute(select(func.coalesce(highest, 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
