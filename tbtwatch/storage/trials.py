"""What versions under evaluation say of measures that came, or were revised, since their evaluation began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, and_, col, delete, select

from rules.classification import Classification
from tbtwatch.storage.measures import Measures
from tbtwatch.storage.rows import MeasureRow, TrialRow
from tbtwatch.storage.types import from_json, to_json
from watcher.measure import Measure

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A measure, and what the version on trial says of it."""

    measure: Measure
    trial: Classification  #: as the rules say it; nobody's overrides are in it


class Trials:
    """Trials inside one transaction."""

    def __init__(self, session: Session, measures: Measures) -> None:
        self._session, self._measures = session, measures

    def waiting(self, version: int, *, since: datetime, after: int = 0, limit: int = _AT_ONCE) -> list[Measure]:
        """The next measures recorded or revised since then of which, as they are now, this version says nothing yet."""
        ids = self._session.exec(
            select(MeasureRow.id)
            .outerjoin(TrialRow, and_(col(TrialRow.measure_id) == col(MeasureRow.id), col(TrialRow.version) == version))
            .where(
                col(MeasureRow.id) > after,
                col(MeasureRow.merged_into).is_(None),
                col(MeasureRow.revised_at) >= since,
                or_(col(TrialRow.made_at).is_(None), col(TrialRow.made_at) < col(MeasureRow.revised_at)),
            )
            .order_by(col(MeasureRow.id))
            .limit(limit)
        ).all()
        return self._measures.several([id for id in ids if id is not None])

    def write(self, version: int, measure_id: int, classification: Classification, *, now: datetime) -> None:
        """Write down what a version says of a measure, in place of what it said before."""
        self._session.merge(
            TrialRow(version=version, measure_id=measure_id, value=to_json(Classification, classification), made_at=now)
        )

    def count(self, version: int) -> int:
        """Of how many measures a version has said something."""
        return self._session.exec(select(func.count()).select_from(TrialRow).where(TrialRow.version == version)).one()

    def all(self, version: int) -> Iterator[Tried]:
        """All that a version says, by the numbers of the measures; not of those that turned out to be of another."""
        after = 0
        while True:
            rows = self._session.exec(
                select(TrialRow)
                .join(MeasureRow, col(MeasureRow.id) == col(TrialRow.measure_id))
                .where(
                    TrialRow.version == version,
                    col(TrialRow.measure_id) > after,
                    col(MeasureRow.merged_into).is_(None),
                )
                .order_by(col(TrialRow.measure_id))
                .limit(_AT_ONCE)
            ).all()
            if not rows:
                return
            after = rows[-1].measure_id
            measures = {measure.id: measure for measure in self._measures.several([row.measure_id for row in rows])}
            for row in rows:
                yield Tried(
                    measure=measures[row.measure_id],
                    trial=from_json(Classification, row.value),
                )
            self._session.expunge_all()

    def forget(self, version: int) -> None:
        """A version is evaluated no more, or from the start."""
        self._session.exec(
            delete(TrialRow).where(col(TrialRow.version) == version).execution_options(synchronize_session=False)
        )
