"""Reports of back-tests: what a draft would have done with the measures recorded then. They are kept as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.rows import BacktestRow
from tbtwatch.storage.types import from_row
from watcher.said import said


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestReport:
    """A back-test of a draft against the version that was in force, as stored."""

    id: int
    draft: int
    against: int  #: the version in force then
    made_at: datetime
    made_by: str
    report: Any  #: plain values; the key "measures" says how many were read, "changed" how many would be other


class Backtests:
    """Reports inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, draft: int, against: int, *, by: str, now: datetime, report: Any) -> int:
        """Keep a report; its number."""
        row = BacktestRow(draft=draft, against=against, made_by=by, made_at=now, report=report)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def get(self, number: int) -> BacktestReport:
        """A report. Raises LookupError."""
        row = self._session.get(BacktestRow, number) if 0 <= number <= LARGEST else None
        if row is None:
            raise LookupError(
                said("there is no back-test report {number}; `tbtwatch rules reports` lists them", number=number)
            )
        return _report(row)

    def latest(self, draft: int, against: int) -> BacktestReport | None:
        """The newest report of this draft against that version."""
        row = self._session.exec(
            select(BacktestRow)
            .where(BacktestRow.draft == draft, BacktestRow.against == against)
            .order_by(col(BacktestRow.id).desc())
            .limit(1)
        ).first()
        return None if row is None else _report(row)

    def all(self, limit: int = 100) -> list[BacktestReport]:
        """The newest reports, the newest first."""
        rows = self._session.exec(select(BacktestRow).order_by(col(BacktestRow.id).desc()).limit(limit))
        return [_report(row) for row in rows]


def _report(row: BacktestRow) -> BacktestReport:
    return from_row(BacktestReport, row)
