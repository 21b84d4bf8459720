"""How sources are, and the gaps there were, inside one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, text, union_all, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from notifiers.outcome import State as DeliveryState
from tbtwatch.storage.columns import Row
from tbtwatch.storage.health_rows import GapRow, SourceHealthRow
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import DeliveryRow
from tbtwatch.storage.source_rows import NEWS, READ, PollRow
from tbtwatch.storage.sources import Poll
from tbtwatch.storage.types import from_row
from watcher.health import Cause, Health, State
from watcher.silence import LOOKED_BACK_ON

LATEST, FILLED, WITH_NEWS = 20, 12, LOOKED_BACK_ON  # polls that are remembered of each kind

# Asked of a thousand sources in a row, so by statements made once, without an object for each row.
_POLL = Row.metadata.tables["poll"]
_FIELDS = tuple(Poll.__dataclass_fields__)
_OWN = look_up(_POLL.c.id, *(_POLL.c[name] for name in _FIELDS)).where(_POLL.c.source == bindparam("of_source"))
_NEWEST_FIRST = _OWN.order_by(_POLL.c.id.desc())
_MEMORY = union_all(
    *(
        look_up(asked.subquery())
        for asked in (
            _OWN.where(_POLL.c.status.in_(("ok", "unchanged"))).order_by(_POLL.c.id).limit(1),
            _NEWEST_FIRST.limit(LATEST),
            _NEWEST_FIRST.where(text(READ), _POLL.c.entries > 0).limit(FILLED),
            _NEWEST_FIRST.where(text(f"({NEWS})")).limit(WITH_NEWS),
        )
    )
)


_HEALTH = Row.metadata.tables["source_health"]
_SOURCES = Row.metadata.tables["source"]
_LAST_READS = look_up(_SOURCES.c.name, _SOURCES.c.succeeded_at, _SOURCES.c.next_poll_at, _SOURCES.c.failures)
_BAD_STATES = look_up(_HEALTH).where(_HEALTH.c.state.in_([state.value for state in State if state.bad]))
_STATES = look_up(_HEALTH).where(_HEALTH.c.source.in_(bindparam("of_sources", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHealth:
    """The state a source is in, as it was last written down, and what staff were told."""

    source: str
    health: Health
    noticed_at: datetime
    bad_at: datetime | None = None  #: when the trouble was noticed; it may have changed its kind since
    told_state: str = ""
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which a source was not read."""

    id: int
    source: str
    since: datetime  #: when it was last read
    opened_at: datetime
    closed_at: datetime | None = None
    found_late: int = 0
    given_up: bool = False
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRead:
    """What the last line of a message needs to know of a source, and no more."""

    succeeded_at: datetime | None = None
    next_poll_at: datetime | None = None
    failures: int = 0


class SourceHealth:
    """Sources' states and gaps, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def memory(self, source: str) -> list[Poll]:
        """The polls that say how a source is: the first good one, the latest, and the latest that brought something."""
        found = {row.id: row for row in self._session.connection().execute(_MEMORY, {"of_source": source})}
        return [Poll(**{name: getattr(found[id_], name) for name in _FIELDS}) for id_ in sorted(found)]

    def last_reads(self) -> dict[str, LastRead]:
        """When each source was last read. Read for every message, so without the rest of what is known of them."""
        return {
            name: LastRead(succeeded_at=succeeded_at, next_poll_at=next_poll_at, failures=failures)
            for name, succeeded_at, next_poll_at, failures in self._session.connection().execute(_LAST_READS)
        }

    def of(self, source: str) -> StoredHealth | None:
        """How a source is, as it was last written down."""
        return self.of_several([source]).get(source)

    def of_several(self, sources: Sequence[str]) -> dict[str, StoredHealth]:
        """How some sources are, as it was last written down."""
        rows = self._session.connection().execute(_STATES, {"of_sources": list(sources)})
        return {row.source: _stored(row) for row in rows}

    def bad_ones(self) -> dict[str, StoredHealth]:
        """Those that somebody has to look after. Read for every message."""
        return {row.source: _stored(row) for row in self._session.connection().execute(_BAD_STATES)}

    def all(self) -> dict[str, StoredHealth]:
        """How all sources are, as it was last written down."""
        return {row.source: _stored(row) for row in self._session.exec(select(SourceHealthRow))}

    def save(self, stored: StoredHealth) -> None:
        """Write a state down."""
        health = stored.health
        row = self._session.get(SourceHealthRow, stored.source) or SourceHealthRow(
            source=stored.source, state=health.state.value, cause=health.cause.value
        )
        row.state, row.since, row.cause = health.state.value, health.since, health.cause.value
        row.values, row.read_until, row.last_new = dict(health.values), health.read_until, health.last_new
        row.noticed_at, row.bad_at = stored.noticed_at, stored.bad_at
        row.told_state, row.told_at = stored.told_state, stored.told_at
        self._session.add(row)
        self._session.flush()

    # --- gaps

    def open_gaps(self) -> dict[str, Gap]:
        """The gaps that are open, by source."""
        asked = select(GapRow).where(col(GapRow.closed_at).is_(None))
        return {row.source: _gap(row) for row in self._session.exec(asked)}

    def gaps(self, source: str, *, limit: int = 20) -> list[Gap]:
        """The gaps of a source, newest first."""
        asked = select(GapRow).where(GapRow.source == source).order_by(col(GapRow.id).desc()).limit(limit)
        return [_gap(row) for row in self._session.exec(asked)]

    def open_gap(self, source: str, *, since: datetime, now: datetime) -> Gap | None:
        """Open a gap; None if one is open."""
        values = {
            "source": source,
            "since": since,
            "opened_at": now,
            "found_late": 0,
            "given_up": False,
            "told": 0,
        }
        id_: int | None = insert_if_new(
            self._session,
            GapRow,
            values,
            unique=("source",),
            where=text("closed_at IS NULL"),
            returning=col(GapRow.id),
        )
        return None if id_ is None else Gap(id=id_, source=source, since=since, opened_at=now)

    def told_of_gap(self, gap: Gap, *, told: int) -> Gap:
        """To how many addresses the gap was told."""
        self._session.exec(update(GapRow).where(col(GapRow.id) == gap.id).values(told=told))
        return replace(gap, told=told)

    def close_gap(self, gap: Gap, *, found_late: int, given_up: bool, now: datetime) -> bool:
        """Close a gap; False if it is closed already."""
        done = self._session.exec(
            update(GapRow)
            .where(col(GapRow.id) == gap.id, col(GapRow.closed_at).is_(None))
            .values(closed_at=now, found_late=found_late, given_up=given_up)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)

    def found_since(self, source: str, since: datetime) -> int:
        """How many notices were new in the polls of a source that began after this."""
        asked = select(func.coalesce(func.sum(PollRow.new), 0)).where(
            PollRow.source == source, col(PollRow.started_at) > since
        )
        return int(self._session.exec(asked).one())

    def withdraw(self, key_begins: str, *, now: datetime) -> list[tuple[str, str]]:
        """Cancel the messages whose key begins so and that still wait; to whom the others went, channel and target."""
        its = col(DeliveryRow.key).startswith(key_begins, autoescape=True)
        waiting = (DeliveryState.PENDING.value,)
        self._session.exec(
            update(DeliveryRow)
            .where(its, col(DeliveryRow.state).in_(waiting))
            .values(state=DeliveryState.CANCELLED.value, detail="it was over before it was told", ended_at=now)
            .execution_options(synchronize_session=False)
        )
        gone = (DeliveryState.SENT.value, DeliveryState.SENDING.value)
        asked = select(DeliveryRow.channel, DeliveryRow.target).where(its, col(DeliveryRow.state).in_(gone))
        return [(channel, target) for channel, target in self._session.exec(asked.order_by(DeliveryRow.key))]


def _stored(row: Any) -> StoredHealth:
    values: Mapping[str, str] = row.values or {}
    return StoredHealth(
        source=row.source,
        health=Health(
            state=State(row.state),
            since=row.since,
            cause=Cause(row.cause),
            values=values,
            read_until=row.read_until,
            last_new=row.last_new,
        ),
        noticed_at=row.noticed_at,
        bad_at=row.bad_at,
        told_state=row.told_state,
        told_at=row.told_at,
    )


def _gap(row: GapRow) -> Gap:
    return from_row(Gap, row)
