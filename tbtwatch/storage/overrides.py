"""What persons say of single measures, above the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from rules.classification import Grade
from rules.override import Action, Override
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.rows import OverrideRow
from watcher.said import said


class Overrides:
    """Overrides inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        measure_id: int,
        *,
        facet: str,
        value: str,
        action: Action,
        grade: Grade,
        reason: str,
        by: str,
        seen: str,
        now: datetime,
    ) -> Override:
        """Write a person's word down. An earlier one on the same value ends by it."""
        for row in self._live(measure_id, facet, value):
            self._end(row, by=by, reason=f"said anew: {reason}", now=now)
        row = OverrideRow(
            measure_id=measure_id,
            facet=facet,
            value=value,
            action=action.value,
            grade=grade.value,
            reason=reason,
            made_by=by,
            made_at=now,
            seen=seen,
        )
        self._session.add(row)
        self._session.flush()
        return _override(row)

    def get(self, id: int) -> Override:
        """A person's word by its number. Raises LookupError."""
        row = self._session.get(OverrideRow, id) if 0 < id <= LARGEST else None
        if row is None:
            raise LookupError(said("there is no override {id}; `tbtwatch rules overrides` lists them", id=id))
        return _override(row)

    def end(self, id: int, *, by: str, reason: str, now: datetime) -> Override:
        """From now on the rules decide alone. Raises LookupError, also if it has ended."""
        row = self._session.get(OverrideRow, id, with_for_update=True) if 0 < id <= LARGEST else None
        if row is None or row.ended_at is not None:
            if row is not None:
                raise LookupError(
                    said(
                        "{by} has ended override {id}; `tbtwatch rules overrides` lists those in force",
                        by=row.ended_by,
                        id=id,
                    )
                )
            raise LookupError(said("there is no override {id}; `tbtwatch rules overrides` lists those in force", id=id))
        self._end(row, by=by, reason=reason, now=now)
        return _override(row)

    def of_measure(self, measure_id: int, *, ended: bool = False) -> list[Override]:
        """What persons say of a measure, oldest first; with `ended` also what they said once."""
        asked = select(OverrideRow).where(OverrideRow.measure_id == measure_id).order_by(col(OverrideRow.id))
        if not ended:
            asked = asked.where(col(OverrideRow.ended_at).is_(None))
        return [_override(row) for row in self._session.exec(asked)]

    def live(self) -> list[Override]:
        """All that is in force, oldest first."""
        asked = select(OverrideRow).where(col(OverrideRow.ended_at).is_(None)).order_by(col(OverrideRow.id))
        return [_override(row) for row in self._session.exec(asked)]

    def measures(self) -> set[int]:
        """The measures of which persons say anything."""
        return set(self._session.exec(select(OverrideRow.measure_id).where(col(OverrideRow.ended_at).is_(None))))

    def merge(self, keep: int, others: Sequence[int]) -> None:
        """Several measures are one: what was said of each is said of the one. On one value the newest word stands."""
        rows = self._session.exec(
            select(OverrideRow)
            .where(col(OverrideRow.measure_id).in_([keep, *others]), col(OverrideRow.ended_at).is_(None))
            .order_by(col(OverrideRow.made_at).desc(), col(OverrideRow.id).desc())
        ).all()
        stands: dict[tuple[str, str], OverrideRow] = {}
        for row in rows:
            newest = stands.setdefault((row.facet, row.value), row)
            if newest is not row:
                reason = (
                    f"the measure turned out to be one with another, of which {newest.made_by} said: {newest.reason}"
                )
                self._end(row, by="tbtwatch", reason=reason, now=newest.made_at)
        for row in self._session.exec(select(OverrideRow).where(col(OverrideRow.measure_id).in_(others))).all():
            row.measure_id = keep
            self._session.add(row)
        self._session.flush()

    def _live(self, measure_id: int, facet: str, value: str) -> Sequence[OverrideRow]:
        return self._session.exec(
            select(OverrideRow).where(
                OverrideRow.measure_id == measure_id,
                OverrideRow.facet == facet,
                OverrideRow.value == value,
                col(OverrideRow.ended_at).is_(None),
            )
        ).all()

    def _end(self, row: OverrideRow, *, by: str, reason: str, now: datetime) -> None:
        row.ended_at, row.ended_by, row.end_reason = now, by, reason
        self._session.add(row)
        self._session.flush()


def _override(row: OverrideRow) -> Override:
    assert row.id is not None
    return Override(
        id=row.id,
        measure=row.measure_id,
        facet=row.facet,
        value=row.value,
        action=Action(row.action),
        grade=Grade(row.grade),
        reason=row.reason,
        by=row.made_by,
        at=row.made_at,
        seen=row.seen,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
    )
