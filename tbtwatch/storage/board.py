"""What staff look at of sources: how each day's polls went, and what came, as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from tbtwatch.storage.rows import NoticeRow, NoticeVersionRow, UnreadableRow
from tbtwatch.storage.source_rows import PollRow
from tbtwatch.storage.types import from_row


@dataclass(frozen=True, slots=True, kw_only=True)
class PollGroup:
    """Polls of one source that ended alike."""

    source: str
    status: str
    cause: str
    polls: int
    new: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An entry of a source as it was last received and read."""

    entry: str
    notice: int
    measure: int
    value: Any  #: what was read from it, as JSON
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An entry that could not be read, as it came."""

    entry: str
    problem: str
    raw: str
    first_seen_at: datetime
    last_seen_at: datetime
    read_at: datetime | None


class Board:
    """The board of the sources, inside one transaction. Nothing is written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def polls(self, since: datetime, until: datetime) -> list[PollGroup]:
        """The polls that began in a time, of all sources, counted by how they ended."""
        rows = self._session.exec(
            select(  # type: ignore[call-overload]
                PollRow.source,
                PollRow.status,
                PollRow.cause,
                func.count(),
                func.coalesce(func.sum(PollRow.new), 0),
                func.coalesce(func.sum(PollRow.changed), 0),
            )
            .where(PollRow.started_at >= since, PollRow.started_at < until)
            .group_by(PollRow.source, PollRow.status, PollRow.cause)
        )
        return [
            PollGroup(source=source, status=status, cause=cause, polls=polls, new=int(new), changed=int(changed))
            for source, status, cause, polls, new, changed in rows
        ]

    def first_polls(self, sources: Sequence[str]) -> dict[str, datetime]:
        """When each of these sources was first polled."""
        first = (
            select(func.min(PollRow.id)).where(col(PollRow.source).in_(sources)).group_by(PollRow.source)  # one each
        )
        rows = self._session.exec(select(PollRow.source, PollRow.started_at).where(col(PollRow.id).in_(first)))
        return dict(rows.all())

    def received(self, source: str, *, limit: int) -> list[Received]:
        """The latest entries of a source that could be read, newest first."""
        rows = self._session.exec(
            select(NoticeVersionRow, NoticeRow.measure_id)
            .join(NoticeRow, col(NoticeRow.id) == col(NoticeVersionRow.notice_id))
            .where(NoticeVersionRow.source == source)
            .order_by(col(NoticeVersionRow.id).desc())
            .limit(limit)
        )
        return [
            Received(entry=row.entry, notice=row.notice_id, measure=measure, value=row.value, seen_at=row.seen_at)
            for row, measure in rows
        ]

    def unreadable(self, source: str, *, limit: int) -> list[Unreadable]:
        """The latest entries of a source that could not be read, newest first."""
        rows = self._session.exec(
            select(UnreadableRow)
            .where(UnreadableRow.source == source)
            .order_by(col(UnreadableRow.id).desc())
            .limit(limit)
        )
        return [from_row(Unreadable, row) for row in rows]
