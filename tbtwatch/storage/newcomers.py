"""Notices that touch nothing known, and the measures that each of them begins, written together.

Of ten thousand notices of a first poll nearly all are such, and of a live source's most. Statement by statement each
costs eight; here a whole chunk does. Numbers are taken beforehand, so that no row has to wait for another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlmodel import Session

from rules.classification import Classification
from tbtwatch.storage.measures import Measures, columns_of, facets_of
from tbtwatch.storage.notices import Notices
from tbtwatch.storage.rows import Row
from tbtwatch.storage.types import written
from watcher.measure import FactChange, Measure
from watcher.notice import Notice

_MEASURE, _THREAD, _FACET, _CLASSIFICATION, _NOTICE, _SYMBOL, _VERSION, _CHANGE = (
    Row.metadata.tables[name]
    for name in (
        *("measure", "measure_thread", "measure_facet", "classification"),
        *("notice", "notice_symbol", "notice_version", "fact_change"),
    )
)
_INSERT = {
    table.name: insert(table)
    for table in (_MEASURE, _THREAD, _FACET, _CLASSIFICATION, _NOTICE, _SYMBOL, _VERSION, _CHANGE)
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

    def __init__(self, session: Session, notices: Notices, measures: Measures) -> None:
        self._session = session
        self._notices = notices
        self._measures = measures

    def add(self, newcomers: Sequence[Newcomer], *, source: str, priority: int, now: datetime) -> list[tuple[int, int]]:
        """Write them down; the numbers of each one's notice and measure.

        For notices and measures that are strange to `Notices` and `Measures` and to each other, in a transaction in
        which nobody else records (`Transaction.one_at_a_time`).
        """
        if not newcomers:
            return []
        numbers = list(
            zip(self._numbers(_NOTICE, len(newcomers)), self._numbers(_MEASURE, len(newcomers)), strict=True)
        )
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _INSERT}
        for one, (notice_id, measure_id) in zip(newcomers, numbers, strict=True):
            notice, measure, value = one.notice, one.measure, written(Notice, one.notice)
            rows["measure"].append(
                {"id": measure_id, "issuer": measure.issuer, "recorded_at": now, **columns_of(measure, now)}
            )
            for thread in (*measure.threads, *measure.names):
                rows["measure_thread"].append({"issuer": measure.issuer, "symbol": thread, "measure_id": measure_id})
            rows["classification"].append(
                {
                    "measure_id": measure_id,
                    "ruleset_version": one.classification.ruleset_version,
                    "made_at": now,
                    "value": written(Classification, one.classification),
                }
            )
            for kind, found in sorted(facets_of(one.classification, measure.facts)):
                rows["measure_facet"].append({"measure_id": measure_id, "kind": kind, "value": found})
            rows["notice"].append(
                {
                    "id": notice_id,
                    "issuer": notice.issuer,
                    "measure_id": measure_id,
                    "type": notice.type.value,
                    "distribution_date": notice.distribution_date,
                    "value": value,
                    "recorded_at": now,
                    "changed_at": now,
                }
            )
            for symbol in dict.fromkeys(notice.symbols):
                rows["notice_symbol"].append({"issuer": notice.issuer, "symbol": symbol, "notice_id": notice_id})
            rows["notice_version"].append(
                {
                    "source": source,
                    "entry": one.entry,
                    "notice_id": notice_id,
                    "priority": priority,
                    "fingerprint": one.fingerprint,
                    "value": value,
                    "seen_at": now,
                }
            )
            for change in one.changes:
                rows["fact_change"].append(
                    {
                        "measure_id": measure_id,
                        "notice_id": notice_id,
                        "kind": change.kind.value,
                        "value": written(FactChange, change),
                        "noticed_at": now,
                        "silent": one.silent,
                        "hold_id": one.hold,
                    }
                )
        connection = self._session.connection()
        for name, statement in _INSERT.items():
            if rows[name]:
                connection.execute(statement, rows[name])
        for one in newcomers:
            self._notices.borne(one.notice, source=source, entry=one.entry)
            self._measures.begun(one.measure.issuer, (*one.measure.threads, *one.measure.names))
        return numbers

    def _numbers(self, table: Table, count: int) -> list[int]:
        """So many numbers of a table that nobody else gets."""
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            taken = text("SELECT nextval(pg_get_serial_sequence(:of_table, 'id')) FROM generate_series(1, :many)")
            return list(connection.execute(taken, {"of_table": table.name, "many": count}).scalars())
        last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
