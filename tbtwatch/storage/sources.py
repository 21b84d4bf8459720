"""What is remembered of sources between polls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.source_rows import PollRow, SourceRow
from tbtwatch.storage.types import from_json, to_json
from watcher.moving import Address
from watcher.source import Cursor, Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source between polls."""

    name: str
    cursor: Cursor = field(default_factory=Cursor)
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: by URL, see `tbtwatch.pipeline.asking`
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_poll_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  #: in a row
    status: str = ""  #: that of the last poll, or "ended", "suspended", "resting"
    error: str = ""
    settings_version: str = ""  #: of the settings that it was last polled with
    address: Address = field(default_factory=Address)  #: where its publisher says that it has moved to
    rhythm: Rhythm | None = None  #: what the last document that was read says of how often to ask
    ended_at: datetime | None = None  #: when the publisher said that it is gone for good (410); it is not asked again
    missing_since: datetime | None = None  #: since when there is nothing at its address (404)


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
    settings_version: str = ""  #: of the source's settings, so that it is known with which of them it was read
    bytes: int = 0  #: of the documents, unpacked
    http_status: int | None = None  #: of the last answer; None: there was none
    cause: str = ""  #: why it brought nothing new, in a word or two: "304", "same bytes", "no entries", "all known"
    entries: int = 0  #: in the documents, readable or not
    fresh: int = 0  #: of those, never listed by this source before


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
            "settings_version": "",
            "address": {},
            "rhythm": {},
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
        row.address = to_json(Address, state.address)
        row.rhythm = to_json(Rhythm, state.rhythm) if state.rhythm else {}
        for name in _PLAIN:
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


#: What is in the row as it is in the value.
_PLAIN = (
    *("polled_at", "succeeded_at", "next_poll_at", "failing_since", "failures", "status", "error"),
    *("settings_version", "ended_at", "missing_since"),
)


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        name=row.name,
        cursor=from_json(Cursor, row.cursor),
        validators=row.validators or {},
        address=from_json(Address, row.address or {}),
        rhythm=from_json(Rhythm, row.rhythm) if row.rhythm else None,
        **{name: getattr(row, name) for name in _PLAIN},
    )
