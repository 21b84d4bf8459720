"""Measures as a list shows them: their facts and what they are about, without their notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session

from rules.classification import Classification
from tbtwatch.storage.rows import Row
from tbtwatch.storage.types import from_json
from watcher.measure import Facts
from watcher.names import is_name

_MEASURE, _THREAD, _CLASSIFICATION = (
    Row.metadata.tables[name] for name in ("measure", "measure_thread", "classification")
)
_AMONG: BindParameter[Any] = bindparam("of_measures", expanding=True)
_FACTS = select(_MEASURE.c.id, _MEASURE.c.facts, _MEASURE.c.recorded_at, _MEASURE.c.revised_at).where(
    _MEASURE.c.id.in_(_AMONG)
)
_SYMBOLS = (
    select(_THREAD.c.measure_id, _THREAD.c.symbol).where(_THREAD.c.measure_id.in_(_AMONG)).order_by(_THREAD.c.symbol)
)
_CLASSIFIED = select(_CLASSIFICATION.c.measure_id, _CLASSIFICATION.c.value).where(
    _CLASSIFICATION.c.measure_id.in_(_AMONG)
)
_NEWEST = (
    select(_MEASURE.c.id)
    .where(_MEASURE.c.merged_into.is_(None))
    .order_by(_MEASURE.c.id.desc())
    .limit(bindparam("many"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A measure in a list."""

    id: int
    symbols: tuple[str, ...]  #: its base symbols
    facts: Facts
    classification: Classification
    recorded_at: datetime
    revised_at: datetime  #: when a document last changed it


class Briefs:
    """Such measures, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, ids: Sequence[int]) -> list[Brief]:
        """Those of these measures that are there, in this order."""
        connection, asked = self._session.connection(), {"of_measures": list(ids)}
        symbols: dict[int, list[str]] = {}
        for id, symbol in connection.execute(_SYMBOLS, asked):
            if not is_name(symbol):
                symbols.setdefault(id, []).append(symbol)
        classified = {id: value for id, value in connection.execute(_CLASSIFIED, asked)}  # noqa: C416
        found = {
            row.id: Brief(
                id=row.id,
                symbols=tuple(symbols.get(row.id, ())),
                facts=from_json(Facts, row.facts),
                classification=from_json(Classification, classified.get(row.id, {})),
                recorded_at=row.recorded_at,
                revised_at=row.revised_at,
            )
            for row in connection.execute(_FACTS, asked)
        }
        return [found[id] for id in ids if id in found]

    def newest(self, many: int) -> list[Brief]:
        """The measures recorded last, the newest first."""
        ids = self._session.connection().execute(_NEWEST, {"many": many}).scalars()
        return self.of(list(ids))
