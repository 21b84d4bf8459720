"""What is remembered of hosts: that one wants rest, and what its robots.txt says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col

from tbtwatch.storage.columns import Row
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.source_rows import HostRow, RobotsRow

# Each poll looks here; as in `notices`, by statements made once, without an object for a row.
_HOSTS, _ROBOTS_TXT = (Row.metadata.tables[name] for name in ("host", "robots"))
_HOST = look_up(_HOSTS).where(_HOSTS.c.name == bindparam("of_host"))
_CHANGE_HOST = update(_HOSTS).where(_HOSTS.c.name == bindparam("of_host"))
_ROBOTS = look_up(_ROBOTS_TXT).where(_ROBOTS_TXT.c.origin == bindparam("of_origin"))
_CHANGE_ROBOTS = update(_ROBOTS_TXT).where(_ROBOTS_TXT.c.origin == bindparam("of_origin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """A host, and whether it may be asked. All its sources wait together."""

    name: str
    resume_at: datetime | None = None  #: not before then; None: whenever a source is due
    failures: int = 0  #: so many times in a row it said that it is too much
    why: str = ""  #: a sentence

    def rests(self, now: datetime) -> bool:
        """Whether it is to be left alone now."""
        return self.resume_at is not None and self.resume_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsState:
    """A robots.txt as it was last given."""

    origin: str
    body: str = ""  #: empty also where there is none
    read_at: datetime | None = None  #: when the host last gave one, or said that it has none; None: never
    tried_at: datetime | None = None  #: when it was last asked for
    failing_since: datetime | None = None  #: since when the host answers neither


class Hosts:
    """Hosts, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self, name: str) -> HostState:
        """What is known of a host; that of one never met if it is unknown."""
        row = self._session.connection().execute(_HOST, {"of_host": name}).first()
        if row is None:
            return HostState(name=name)
        return HostState(name=name, resume_at=row.resume_at, failures=row.failures, why=row.why)

    def save(self, state: HostState) -> None:
        """Write it down."""
        blank = {"name": state.name, "failures": 0, "why": ""}
        insert_if_new(self._session, HostRow, blank, unique=("name",), returning=col(HostRow.name))
        says = {"resume_at": state.resume_at, "failures": state.failures, "why": state.why}
        self._session.connection().execute(_CHANGE_HOST, {"of_host": state.name, **says})

    def robots(self, origin: str) -> RobotsState:
        """The robots.txt of an origin such as "https://regulator.example"; one never asked for if it is unknown."""
        row = self._session.connection().execute(_ROBOTS, {"of_origin": origin}).first()
        if row is None:
            return RobotsState(origin=origin)
        return RobotsState(
            origin=origin,
            body=row.body,
            read_at=row.read_at,
            tried_at=row.tried_at,
            failing_since=row.failing_since,
        )

    def save_robots(self, state: RobotsState) -> None:
        """Write it down."""
        blank = {"origin": state.origin, "body": ""}
        insert_if_new(self._session, RobotsRow, blank, unique=("origin",), returning=col(RobotsRow.origin))
        says = {name: getattr(state, name) for name in ("body", "read_at", "tried_at", "failing_since")}
        self._session.connection().execute(_CHANGE_ROBOTS, {"of_origin": state.origin, **says})
