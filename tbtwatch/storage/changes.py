"""Fact changes: what is news, and whether those concerned were alerted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from tbtwatch.storage.held import UNDECIDED, HoldState
from tbtwatch.storage.rows import AlertRow, ConsequenceRow, FactChangeRow, HoldRow, NoticeVersionRow, Row
from tbtwatch.storage.types import from_json, written
from watcher.measure import ChangeKind, FactChange

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
# As it stands in the index of what waits: with "silent IS 0" SQLite goes through all that was ever news.
_WAITS = (col(FactChangeRow.alerted_at).is_(None), ~col(FactChangeRow.silent))


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
    hold: int | None = None  #: kept back with that hold, now or until staff decided
    in_digest: bool = False  #: staff decided that it is told in a digest, also to those who asked to hear at once


def change_columns(
    change: FactChange, *, measure_id: int, notice_id: int, now: datetime, silent: bool, hold: int | None
) -> dict[str, Any]:
    """A piece of news as it stands in its row."""
    return {
        "measure_id": measure_id,
        "notice_id": notice_id,
        "kind": change.kind.value,
        "value": written(FactChange, change),
        "noticed_at": now,
        "silent": silent,
        "hold_id": hold,
    }


class Changes:
    """Fact changes inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        measure_id: int,
        notice_id: int,
        changes: Iterable[FactChange],
        *,
        now: datetime,
        silent: bool,
        hold: int | None = None,
    ) -> None:
        """Write news down; unless silent, alerts are owed for it, once it is not kept back by that hold."""
        self.add_each(measure_id, [(notice_id, change) for change in changes], now=now, silent=silent, hold=hold)

    def add_each(
        self,
        measure_id: int,
        changes: Sequence[tuple[int, FactChange]],
        *,
        now: datetime,
        silent: bool,
        hold: int | None = None,
    ) -> None:
        """Write news of several notices down, in this order, each with the number of its notice."""
        if not changes:
            return
        self._session.connection().execute(
            _NEW,
            [
                change_columns(change, measure_id=measure_id, notice_id=notice_id, now=now, silent=silent, hold=hold)
                for notice_id, change in changes
            ],
        )

    def all_silent(self, measure_id: int) -> bool:
        """Whether nothing of this measure was ever news to anybody."""
        return self._session.connection().execute(_NOT_SILENT, {"of_measure": measure_id}).first() is None

    def forget_silent(self, measure_id: int) -> None:
        """Drop the silent history of a measure that was never news, to write it anew in reading order."""
        self._session.connection().execute(_FORGET, {"of_measure": measure_id})

    def wake(self, notice_id: int, *, recorded_since: datetime, hold: int | None = None) -> int:
        """What this notice brought in silence since then is news after all; how many changes.

        What staff discarded stays discarded.
        """
        done = self._session.exec(
            update(FactChangeRow)
            .where(
                col(FactChangeRow.notice_id) == notice_id,
                col(FactChangeRow.silent).is_(True),
                col(FactChangeRow.hold_id).is_(None),
                col(FactChangeRow.noticed_at) > recorded_since,
            )
            .values(silent=False, hold_id=hold)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def begin_to_tell(self, measure_ids: Sequence[int], *, hold: int | None = None) -> None:
        """Of these measures, of which nobody was told, it is news that there are such measures."""
        for start in range(0, len(measure_ids), 500):
            self._session.exec(
                update(FactChangeRow)
                .where(
                    col(FactChangeRow.measure_id).in_(measure_ids[start : start + 500]),
                    col(FactChangeRow.kind) == ChangeKind.NEW_MEASURE.value,
                    col(FactChangeRow.silent).is_(True),
                    col(FactChangeRow.hold_id).is_(None),
                )
                .values(silent=False, hold_id=hold)
                .execution_options(synchronize_session=False)
            )

    def never_told(self, source: str) -> list[int]:
        """The measures with a notice of this source of which nothing was ever news to anybody."""
        told = select(FactChangeRow.measure_id).where(
            or_(col(FactChangeRow.silent).is_(False), col(FactChangeRow.hold_id).is_not(None))
        )
        rows = self._session.exec(
            select(FactChangeRow.measure_id)
            .join(NoticeVersionRow, col(NoticeVersionRow.notice_id) == col(FactChangeRow.notice_id))
            .where(NoticeVersionRow.source == source, col(FactChangeRow.measure_id).not_in(told))
            .distinct()
        )
        return sorted(rows)

    def waiting(self, measure_id: int) -> list[StoredChange]:
        """The news of a measure for which no alerts were raised yet, oldest first; not what is kept back."""
        rows = self._session.exec(
            select(FactChangeRow, HoldRow.state)
            .outerjoin(HoldRow, col(HoldRow.id) == col(FactChangeRow.hold_id))
            .where(
                FactChangeRow.measure_id == measure_id,
                *_WAITS,
                _not_held(),
            )
            .order_by(col(FactChangeRow.id))
        )
        return [_stored(row, in_digest=state == HoldState.DIGEST.value) for row, state in rows]

    def gone_through(self, notice_ids: Iterable[int]) -> list[StoredChange]:
        """The news of these notices for which alerts were raised, oldest first; not what staff keep back."""
        rows = self._session.exec(
            select(FactChangeRow, HoldRow.state)
            .outerjoin(HoldRow, col(HoldRow.id) == col(FactChangeRow.hold_id))
            .where(
                col(FactChangeRow.notice_id).in_(list(notice_ids)),
                col(FactChangeRow.alerted_at).is_not(None),
                col(FactChangeRow.silent).is_(False),
                _not_held(),
            )
            .order_by(col(FactChangeRow.id))
        )
        return [_stored(row, in_digest=state == HoldState.DIGEST.value) for row, state in rows]

    def measures_waiting(self) -> list[int]:
        """The measures with news nobody was alerted of, oldest first; not what is kept back."""
        return list(
            self._session.exec(
                select(FactChangeRow.measure_id)
                .outerjoin(HoldRow, col(HoldRow.id) == col(FactChangeRow.hold_id))
                .where(*_WAITS, _not_held())
                .distinct()
                .order_by(FactChangeRow.measure_id)  # type: ignore[arg-type]
            )
        )

    def measures_told_since(self, since: datetime) -> set[int]:
        """The measures with news noticed since then that was told to whoever wanted it."""
        return set(
            self._session.exec(
                select(FactChangeRow.measure_id)
                .where(
                    FactChangeRow.noticed_at >= since,
                    col(FactChangeRow.silent).is_(False),
                    col(FactChangeRow.alerted_at).is_not(None),
                )
                .distinct()
            )
        )

    def move(self, notice_ids: Sequence[int], *, measure_id: int) -> None:
        """These notices turned out to be of another measure: their news, and what was owed for it, goes with them."""
        for start in range(0, len(notice_ids), 500):
            some = notice_ids[start : start + 500]
            of_them = select(col(FactChangeRow.id)).where(col(FactChangeRow.notice_id).in_(some))
            for table, which in (
                (AlertRow, col(AlertRow.fact_change_id).in_(of_them)),
                (ConsequenceRow, col(ConsequenceRow.fact_change_id).in_(of_them)),
                (FactChangeRow, col(FactChangeRow.notice_id).in_(some)),
            ):
                self._session.exec(
                    update(table)
                    .where(which)
                    .values(measure_id=measure_id)
                    .execution_options(synchronize_session=False)
                )

    def covered_until(self, now: datetime) -> datetime:
        """Everything noticed before that was judged for everybody who asked then; what is kept back is not."""
        oldest = self._session.exec(select(func.min(FactChangeRow.noticed_at)).where(*_WAITS)).one()
        return now if oldest is None else min(now, oldest)

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

    def told(self, measure_id: int, *, since: datetime) -> list[StoredChange]:
        """The news of a measure that was told, or is still to be, to those who asked; not silent, not kept back."""
        rows = self._session.exec(
            select(FactChangeRow)
            .outerjoin(HoldRow, col(HoldRow.id) == col(FactChangeRow.hold_id))
            .where(
                FactChangeRow.measure_id == measure_id,
                col(FactChangeRow.silent).is_(False),
                col(FactChangeRow.noticed_at) >= since,
                _not_held(),
            )
            .order_by(col(FactChangeRow.id))
        )
        return [_stored(row) for row in rows]

    def get(self, ids: Iterable[int]) -> dict[int, StoredChange]:
        """Fact changes by number."""
        rows = self._session.exec(select(FactChangeRow).where(col(FactChangeRow.id).in_(list(ids))))
        return {stored.id: stored for stored in map(_stored, rows)}


def _not_held() -> ColumnElement[bool]:
    return or_(col(FactChangeRow.hold_id).is_(None), col(HoldRow.state).not_in(UNDECIDED))


def _stored(row: FactChangeRow, *, in_digest: bool = False) -> StoredChange:
    assert row.id is not None
    return StoredChange(
        id=row.id,
        measure_id=row.measure_id,
        notice_id=row.notice_id,
        change=from_json(FactChange, row.value),
        noticed_at=row.noticed_at,
        silent=row.silent,
        alerted_at=row.alerted_at,
        hold=row.hold_id,
        in_digest=in_digest,
    )
