"""What is remembered of sources between polls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import PollRow, SourceRow
from tbtwatch.storage.types import from_json, to_json
from watcher.source import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source between polls."""

    name: str
    cursor: Cursor = field(default_factory=Cursor)
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: by URL: etag, last_modified, sha256
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_poll_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  #: in a row
    status: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of one source."""

    source: str
    started_at: datetime
    ended_at: datetime
    status: str
    requests: int = 0
    notices: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    error: str = ""


class Sources:
    """Sources' states and polls, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self, name: str) -> SourceState:
        """The state of a source; that of one never polled if it is unknown."""
        row = self._session.get(SourceRow, name)
        return SourceState(name=name) if row is None else _state(row)

    def states(self) -> list[SourceState]:
        """All states, by name."""
        return [_state(row) for row in self._session.exec(select(SourceRow).order_by(SourceRow.name))]

    def claim(self, name: str, *, now: datetime, lease: timedelta) -> bool:
        """Whether this process may poll the source now; no other can until the lease ends or `release`."""
        blank = {
            "name": name,
            "cursor": to_json(Cursor, Cursor()),
            "validators": {},
            "failures": 0,
            "status": "",
            "error": "",
        }
        insert_if_new(self._session, SourceRow, blank, unique=("name",), returning=col(SourceRow.name))
        done = self._session.exec(
            update(SourceRow)
            .where(
                col(SourceRow.name) == name,
                or_(col(SourceRow.lease_until).is_(None), col(SourceRow.lease_until) <= now),
            )
            .values(lease_until=now + lease)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)

    def extend(self, name: str, *, until: datetime) -> None:
        """This process still polls the source."""
        self._session.exec(
            update(SourceRow)
            .where(col(SourceRow.name) == name)
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )

    def release(self, name: str) -> None:
        """Let others poll the source."""
        self._session.exec(
            update(SourceRow)
            .where(col(SourceRow.name) == name)
            .values(lease_until=None)
            .execution_options(synchronize_session=False)
        )

    def save(self, state: SourceState) -> None:
        """Write the state down."""
        row = self._session.get(SourceRow, state.name) or SourceRow(name=state.name)
        row.cursor = to_json(Cursor, state.cursor)
        row.validators = {url: dict(values) for url, values in state.validators.items()}
        for name in ("polled_at", "succeeded_at", "next_poll_at", "failing_since", "failures", "status", "error"):
            setattr(row, name, getattr(state, name))
        self._session.add(row)

    def add_poll(self, poll: Poll) -> None:
        """Write a poll down."""
        self._session.add(PollRow(**{name: getattr(poll, name) for name in poll.__dataclass_fields__}))

    def polls(self, source: str | None = None, *, limit: int = 50) -> list[Poll]:
        """The latest polls, newest first."""
        asked = select(PollRow).order_by(col(PollRow.id).desc()).limit(limit)
        if source:
            asked = asked.where(PollRow.source == source)
        return [
            Poll(**{name: getattr(row, name) for name in Poll.__dataclass_fields__})
            for row in self._session.exec(asked)
        ]


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        name=row.name,
        cursor=from_json(Cursor, row.cursor),
        validators=row.validators or {},
        polled_at=row.polled_at,
        succeeded_at=row.succeeded_at,
        next_poll_at=row.next_poll_at,
        failing_since=row.failing_since,
        failures=row.failures,
        status=row.status,
        error=row.error,
    )
