"""What is remembered of sources between polls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from tbtwatch.storage.columns import Row
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.source_rows import PollRow, SourceRow
from tbtwatch.storage.types import from_json, from_row, to_json
from watcher.moving import Address
from watcher.source import Cursor, Rhythm

# Each poll reads and writes these; as in `notices`, by statements made once, without an object for a row.
_SOURCE, _POLL = (Row.metadata.tables[name] for name in ("source", "poll"))
_BY_NAME = look_up(_SOURCE).where(_SOURCE.c.name == bindparam("of_source"))
_BY_ALL_NAMES = look_up(_SOURCE).order_by(_SOURCE.c.name)
_BY_NAMES = look_up(_SOURCE).where(_SOURCE.c.name.in_(bindparam("of_sources", expanding=True)))
_CHANGE = update(_SOURCE).where(_SOURCE.c.name == bindparam("of_source"))
_LEASE = _CHANGE.values(lease_until=bindparam("until"))
_CLAIM = _LEASE.where(or_(_SOURCE.c.lease_until.is_(None), _SOURCE.c.lease_until <= bindparam("now")))
_NEW, _NEW_POLL = insert(_SOURCE), insert(_POLL)


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
        row = self._session.connection().execute(_BY_NAME, {"of_source": name}).first()
        return SourceState(name=name) if row is None else _state(row)

    def states(self) -> list[SourceState]:
        """All states, by name."""
        return [_state(row) for row in self._session.connection().execute(_BY_ALL_NAMES)]

    def states_of(self, names: Sequence[str]) -> dict[str, SourceState]:
        """Those of some sources, as far as they are known."""
        rows = self._session.connection().execute(_BY_NAMES, {"of_sources": list(names)})
        return {row.name: _state(row) for row in rows}

    def claim(self, name: str, *, now: datetime, lease: timedelta) -> bool:
        """Whether this process may poll the source now; no other can until the lease ends or `release`."""
        asked = {"of_source": name, "now": now, "until": now + lease}
        if self._session.connection().execute(_CLAIM, asked).rowcount:
            return True
        blank = {"name": name, **_columns(SourceState(name=name))}
        made = insert_if_new(self._session, SourceRow, blank, unique=("name",), returning=col(SourceRow.name))
        return made is not None and bool(self._session.connection().execute(_CLAIM, asked).rowcount)

    def extend(self, name: str, *, until: datetime) -> None:
        """This process still polls the source."""
        self._session.connection().execute(_LEASE, {"of_source": name, "until": until})

    def release(self, name: str) -> None:
        """Let others poll the source."""
        self._session.connection().execute(_LEASE, {"of_source": name, "until": None})

    def save(self, state: SourceState, *, release: bool = False) -> None:
        """Write the state down. `release`: and let others poll the source."""
        connection, says = self._session.connection(), _columns(state)
        if release:
            says["lease_until"] = None
        if not connection.execute(_CHANGE, {"of_source": state.name, **says}).rowcount:
            connection.execute(_NEW, {"name": state.name, **says})

    def add_poll(self, poll: Poll) -> None:
        """Write a poll down."""
        says = {name: getattr(poll, name) for name in poll.__dataclass_fields__}
        self._session.connection().execute(_NEW_POLL, says)

    def polls(self, source: str | None = None, *, limit: int = 50) -> list[Poll]:
        """The latest polls, newest first."""
        asked = select(PollRow).order_by(col(PollRow.id).desc()).limit(limit)
        if source:
            asked = asked.where(PollRow.source == source)
        return [from_row(Poll, row) for row in self._session.exec(asked)]


#: What is in the row as it is in the value.
_PLAIN = (
    *("polled_at", "succeeded_at", "next_poll_at", "failing_since", "failures", "status", "error"),
    *("settings_version", "ended_at", "missing_since"),
)


def _columns(state: SourceState) -> dict[str, Any]:
    return {
        "cursor": to_json(Cursor, state.cursor),
        "validators": {url: dict(values) for url, values in state.validators.items()},
        "address": to_json(Address, state.address),
        "rhythm": to_json(Rhythm, state.rhythm) if state.rhythm else {},
        **{name: getattr(state, name) for name in _PLAIN},
    }


def _state(row: Any) -> SourceState:
    return SourceState(
        name=row.name,
        cursor=from_json(Cursor, row.cursor),
        validators=row.validators or {},
        address=from_json(Address, row.address or {}),
        rhythm=from_json(Rhythm, row.rhythm) if row.rhythm else None,
        **{name: getattr(row, name) for name in _PLAIN},
    )
