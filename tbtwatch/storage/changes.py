"""Fact changes: what is news, and whether those concerned were alerted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from tbtwatch.storage.rows import FactChangeRow, Row
from tbtwatch.storage.types import from_json, to_json
from watcher.measure import FactChange

# Made once: an import runs each of these for every notice.
_CHANGE, _ALERT = Row.metadata.tables["fact_change"], Row.metadata.tables["alert"]
_NEW = insert(_CHANGE)
_NOT_SILENT = (
    look_up(_CHANGE.c.id).where(_CHANGE.c.measure_id == bindparam("of_measure"), _CHANGE.c.silent.is_(False)).limit(1)
)
_FORGET = delete(_CHANGE).where(
    _CHANGE.c.measure_id == bindparam("of_measure"),
    _CHANGE.c.silent.is_(True),
    ~look_up(_ALERT.c.id).where(_ALERT.c.fact_change_id == _CHANGE.c.id).exists(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """A fact change as stored."""

    id: int
    measure_id: int
    notice_id: int
    change: FactChange
    noticed_at: datetime
    silent: bool
    alerted_at: datetime | None


class Changes:
    """Fact changes inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, measure_id: int, notice_id: int, changes: Iterable[FactChange], *, now: datetime, silent: bool
    ) -> None:
        """Write news down; unless silent, alerts are owed for it."""
        self.add_each(measure_id, [(notice_id, change) for change in changes], now=now, silent=silent)

    def add_each(
        self, measure_id: int, changes: Sequence[tuple[int, FactChange]], *, now: datetime, silent: bool
    ) -> None:
        """Write news of several notices down, in this order, each with the number of its notice."""
        if not changes:
            return
        self._session.connection().execute(
            _NEW,
            [
                {
                    "measure_id": measure_id,
                    "notice_id": notice_id,
                    "kind": change.kind.value,
                    "value": to_json(FactChange, change),
                    "noticed_at": now,
                    "silent": silent,
                }
                for notice_id, change in changes
            ],
        )

    def all_silent(self, measure_id: int) -> bool:
        """Whether nothing of this measure was ever news to anybody."""
        return self._session.connection().execute(_NOT_SILENT, {"of_measure": measure_id}).first() is None

    def forget_silent(self, measure_id: int) -> None:
        """Drop the silent history of a measure that was never news, to write it anew in reading order."""
        self._session.connection().execute(_FORGET, {"of_measure": measure_id})

    def wake(self, notice_id: int, *, recorded_since: datetime) -> int:
        """What this notice brought in silence since then is news after all; how many changes."""
        done = self._session.exec(
            update(FactChangeRow)
            .where(
                col(FactChangeRow.notice_id) == notice_id,
                col(FactChangeRow.silent).is_(True),
                col(FactChangeRow.noticed_at) >= recorded_since,
            )
            .values(silent=False)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def waiting(self, measure_id: int) -> list[StoredChange]:
        """The news of a measure for which no alerts were raised yet, oldest first."""
        rows = self._session.exec(
            select(FactChangeRow)
            .where(
                FactChangeRow.measure_id == measure_id,
                col(FactChangeRow.alerted_at).is_(None),
                col(FactChangeRow.silent).is_(False),
            )
            .order_by(col(FactChangeRow.id))
        )
        return [_stored(row) for row in rows]

    def measures_waiting(self) -> list[int]:
        """The measures with news nobody was alerted of, oldest first."""
        return list(
            self._session.exec(
                select(FactChangeRow.measure_id)
                .where(col(FactChangeRow.alerted_at).is_(None), col(FactChangeRow.silent).is_(False))
                .distinct()
                .order_by(FactChangeRow.measure_id)  # type: ignore[arg-type]
            )
        )

    def mark_alerted(self, ids: Sequence[int], *, now: datetime) -> None:
        """Alerts were raised for these, if anybody wanted them."""
        self._session.exec(
            update(FactChangeRow)
            .where(col(FactChangeRow.id).in_(ids))
            .values(alerted_at=now)
            .execution_options(synchronize_session=False)
        )

    def of_measure(self, measure_id: int) -> list[StoredChange]:
        """The whole history of a measure as it was noticed."""
        rows = self._session.exec(
            select(FactChangeRow).where(FactChangeRow.measure_id == measure_id).order_by(col(FactChangeRow.id))
        )
        return [_stored(row) for row in rows]

    def get(self, ids: Iterable[int]) -> dict[int, StoredChange]:
        """Fact changes by number."""
        rows = self._session.exec(select(FactChangeRow).where(col(FactChangeRow.id).in_(list(ids))))
        return {stored.id: stored for stored in map(_stored, rows)}


def _stored(row: FactChangeRow) -> StoredChange:
    assert row.id is not None
    return StoredChange(
        id=row.id,
        measure_id=row.measure_id,
        notice_id=row.notice_id,
        change=from_json(FactChange, row.value),
        noticed_at=row.noticed_at,
        silent=row.silent,
        alerted_at=row.alerted_at,
    )
