"""What is recorded, read in passing: facts, classifications and news of many measures, without their notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Text, and_, cast, distinct, func, or_
from sqlalchemy import select as look_up
from sqlmodel import Session

from rules.classification import Classification
from tbtwatch.storage.rows import Row
from watcher.dates import Precision
from watcher.measure import ChangeKind, Facts, Measure, MeasureStatus
from watcher.names import is_name

_MEASURE, _THREAD, _FACET, _CLASSIFICATION, _CHANGE, _NOTICE = (
    Row.metadata.tables[name]
    for name in ("measure", "measure_thread", "measure_facet", "classification", "fact_change", "notice")
)
_FACTS, _CLASSIFIED = TypeAdapter(Facts), TypeAdapter(Classification)
#: A deadline that is stated without a day stands in the row by the first day it can mean, and is over with its last.
_COARSEST = timedelta(days=366)
_COARSE = [precision.value for precision in Precision if precision is not Precision.DAY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sift:
    """What may fit, and is worth reading: cheap to ask the database for, never too narrow."""

    since: date  #: documents of that day or later
    open_on: date  #: or comments that may still be taken on that day
    members: frozenset[str] = frozenset()  #: empty: any
    codes: frozenset[str] = frozenset()  #: one of which begins a code that is stated or inferred; or one of these areas
    areas: frozenset[str] = frozenset()  #: neither: anything


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMeasure:
    """A measure without its notices, and what it was last held to be about; None: it was never classified."""

    measure: Measure
    classification: Classification | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNews:
    """A piece of news, in short."""

    id: int
    measure: int
    kind: ChangeKind
    day: date  #: it was published, as far as that is known; else noticed
    noticed_at: datetime
    silent: bool
    alerted: bool
    held: bool  #: staff keep it back, or kept it from being told


class Recorded:
    """What is recorded, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ids(self, sift: Sift) -> list[int]:
        """The measures that may fit, oldest first."""
        measure = _MEASURE.c
        never_classified = or_(_CLASSIFICATION.c.measure_id.is_(None), _CLASSIFICATION.c.ruleset_version == 0)
        asked = (
            look_up(measure.id)
            .outerjoin_from(_MEASURE, _CLASSIFICATION, _CLASSIFICATION.c.measure_id == measure.id)
            .where(measure.merged_into.is_(None), or_(_dated(sift.since), _open(sift.open_on)))
        )
        if sift.members:
            asked = asked.where(or_(measure.id.in_(_with("member", sift.members)), never_classified))
        if sift.codes or sift.areas:
            written = [
                cast(text, Text).contains(f'"{each}', autoescape=True)
                for text in (measure.facts, _CLASSIFICATION.c.value)
                for each in sorted(sift.codes)
            ]
            in_area = measure.id.in_(_with("area", sift.areas))
            asked = asked.where(or_(never_classified, in_area, *written))
        return list(self._session.connection().execute(asked.order_by(measure.id)).scalars())

    def open_ids(self, day: date) -> list[int]:
        """The measures on which comments may be taken on that day still, oldest first."""
        asked = look_up(_MEASURE.c.id).where(_MEASURE.c.merged_into.is_(None), _open(day))
        return list(self._session.connection().execute(asked.order_by(_MEASURE.c.id)).scalars())

    def read(self, ids: Sequence[int]) -> list[RecordedMeasure]:
        """These measures, in the order of their numbers."""
        measure = _MEASURE.c
        asked = (
            look_up(measure.id, measure.issuer, cast(measure.facts, Text), cast(_CLASSIFICATION.c.value, Text))
            .outerjoin_from(_MEASURE, _CLASSIFICATION, _CLASSIFICATION.c.measure_id == measure.id)
            .where(measure.id.in_(ids))
            .order_by(measure.id)
        )
        threads: dict[int, list[str]] = {}
        named = look_up(_THREAD.c.measure_id, _THREAD.c.symbol).where(_THREAD.c.measure_id.in_(ids))
        for measure_id, symbol in self._session.connection().execute(named.order_by(_THREAD.c.symbol)):
            if not is_name(symbol):
                threads.setdefault(measure_id, []).append(symbol)
        return [
            RecordedMeasure(
                measure=Measure(
                    id=id_,
                    issuer=issuer,
                    threads=tuple(threads.get(id_, ())),
                    facts=_FACTS.validate_json(facts),
                    notices=(),
                ),
                classification=_about(about),
            )
            for id_, issuer, facts, about in self._session.connection().execute(asked)
        ]

    def news(self, ids: Sequence[int]) -> dict[int, list[RecordedNews]]:
        """All the news of these measures, oldest first, by measure."""
        change = _CHANGE.c
        asked = (
            look_up(
                change.id,
                change.measure_id,
                change.kind,
                change.value,
                change.noticed_at,
                change.silent,
                change.alerted_at,
                change.hold_id,
            )
            .where(change.measure_id.in_(ids))
            .order_by(change.id)
        )
        found: dict[int, list[RecordedNews]] = {}
        for id_, measure_id, kind, value, noticed_at, silent, alerted_at, hold in self._session.connection().execute(
            asked
        ):
            stated_on = value.get("stated_on")
            found.setdefault(measure_id, []).append(
                RecordedNews(
                    id=id_,
                    measure=measure_id,
                    kind=ChangeKind(kind),
                    day=date.fromisoformat(stated_on) if stated_on else noticed_at.date(),
                    noticed_at=noticed_at,
                    silent=silent,
                    alerted=alerted_at is not None,
                    held=hold is not None and (silent or alerted_at is None),
                )
            )
        return found

    def count(self, since: date) -> int:
        """How many measures have a document of that day or later."""
        counted = look_up(func.count()).select_from(_MEASURE)
        day, merged = _MEASURE.c.last_distributed, _MEASURE.c.merged_into
        # Each of the first two is counted in an index alone, and of the last there are few: asked in one question,
        # every measure of the year would be looked up for it. The day of the last must not be what is looked by, and
        # "is not null" is nothing that SQLite looks by.
        asked = (counted.where(day >= since), counted.where(day.is_(None)))
        gone = counted.where(merged > 0, func.coalesce(day, since) >= since)
        connection = self._session.connection()
        return sum(int(connection.execute(one).scalar_one()) for one in asked) - int(
            connection.execute(gone).scalar_one()
        )

    def count_news(self, since: date) -> int:
        """How many pieces of news are recorded from measures with a document of that day or later."""
        asked = (
            look_up(func.count(distinct(_CHANGE.c.notice_id)))
            .select_from(_CHANGE)
            .join(_NOTICE, _NOTICE.c.id == _CHANGE.c.notice_id)
            .where(_NOTICE.c.distribution_date >= since)
        )
        return int(self._session.connection().execute(asked).scalar_one())

    def days(self, since: date) -> list[date]:
        """The days since then on which any document was published."""
        asked = look_up(_NOTICE.c.distribution_date).where(_NOTICE.c.distribution_date >= since).distinct()
        return [day for day in self._session.connection().execute(asked).scalars() if day is not None]


def _about(text: str | None) -> Classification | None:
    """What was written down of a measure; None: it was left for later, or never was."""
    found = _CLASSIFIED.validate_json(text) if text is not None else None
    return found if found is not None and found.ruleset_version else None


def _open(day: date) -> Any:
    """Comments may be taken on that day still; who reads the facts knows."""
    deadline, facts = _MEASURE.c.comment_deadline, cast(_MEASURE.c.facts, Text)
    coarse = or_(*(facts.contains(f'"{precision}"') for precision in _COARSE))
    return and_(
        _MEASURE.c.status != MeasureStatus.WITHDRAWN.value,
        or_(deadline >= day, and_(deadline >= day - _COARSEST, coarse)),
    )


def _with(kind: str, values: frozenset[str]) -> Any:
    """The measures that are found by one of these."""
    return look_up(_FACET.c.measure_id).where(_FACET.c.kind == kind, _FACET.c.value.in_(sorted(values)))


def _dated(since: date) -> Any:
    """A document of that day or later; one that states no day counts."""
    return or_(_MEASURE.c.last_distributed >= since, _MEASURE.c.last_distributed.is_(None))
