"""News that is kept back: what a poll brought beyond all experience, until staff decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, case, delete, func, update
from sqlalchemy import select as look_up
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from tbtwatch.storage.columns import Row
from tbtwatch.storage.rows import FactChangeRow, HoldRow
from tbtwatch.storage.source_rows import SourceRow


class HoldState(StrEnum):
    """What became of held news."""

    COUNTING = "counting"  #: its poll is under way, or died; not yet known whether it is too much
    OPEN = "open"  #: staff have to decide
    RELEASED = "released"  #: told as ever
    DIGEST = "digest"  #: told in the next digest only
    DISCARDED = "discarded"  #: recorded and findable, told to nobody


UNDECIDED = (HoldState.COUNTING.value, HoldState.OPEN.value)

# Each poll asks and writes these; as in `notices`, by statements made once.
_HOLD, _KNOWN_SO_FAR = (Row.metadata.tables[name] for name in ("hold", "experience"))
_COUNTING = look_up(_HOLD.c.id).where(
    _HOLD.c.source == bindparam("of_source"), _HOLD.c.state == HoldState.COUNTING.value
)
_EXPERIENCE = look_up(_KNOWN_SO_FAR).where(_KNOWN_SO_FAR.c.source == bindparam("of_source"))


def _learn(insert: Any) -> Any:
    """One more poll, whether or not there were any before it."""
    new = insert(_KNOWN_SO_FAR)

    def larger(name: str) -> Any:
        known, said = _KNOWN_SO_FAR.c[name], new.excluded[name]
        return case((said > known, said), else_=known)

    total = _KNOWN_SO_FAR.c.total + new.excluded.total
    return new.on_conflict_do_update(
        index_elements=["source"], set_={"last": larger("last"), "most": larger("most"), "total": total}
    )


_LEARN = {"sqlite": _learn(sqlite.insert), "postgresql": _learn(postgresql.insert)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """News kept back."""

    id: int
    source: str
    held_at: datetime
    notices: int  #: new ones of the poll
    changed: int  #: known ones of the poll that say something new
    allowed: int  #: how many the source might have brought
    state: HoldState
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What a source's polls have brought since it is live."""

    since: datetime
    last: datetime  #: the latest successful poll
    most: int = 0  #: notices with news in one poll
    total: int = 0


class Holds:
    """Held news inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counting(self, source: str, *, now: datetime) -> int:
        """The hold of the source's poll under way. One that a dead poll left is gone on with: its news was not told."""
        known = self.left_counting(source)
        if known is not None:
            return known
        made = HoldRow(source=source, held_at=now, state=HoldState.COUNTING.value)
        self._session.add(made)
        self._session.flush()
        assert made.id is not None
        return made.id

    def left_counting(self, source: str) -> int | None:
        """The hold of the source's poll that is under way or died; None: there is none."""
        found: int | None = self._session.connection().execute(_COUNTING, {"of_source": source}).scalars().first()
        return found

    def counting_since(self, before: datetime) -> list[str]:
        """The sources whose poll began to record before that instant and was never concluded."""
        return list(
            self._session.exec(
                select(HoldRow.source)
                .where(HoldRow.state == HoldState.COUNTING.value, HoldRow.held_at < before)
                .order_by(HoldRow.source)
            )
        )

    def is_polled(self, source: str, *, now: datetime) -> bool:
        """Whether some process polls the source now."""
        until = self._session.exec(select(SourceRow.lease_until).where(SourceRow.name == source)).first()
        return until is not None and until > now

    def of_measure(self, measure_id: int) -> int | None:
        """The undecided hold that keeps news of this measure back: what comes next is told with it, not before it."""
        return self._session.exec(
            select(FactChangeRow.hold_id)
            .join(HoldRow, col(HoldRow.id) == col(FactChangeRow.hold_id))
            .where(
                FactChangeRow.measure_id == measure_id,
                col(FactChangeRow.hold_id).is_not(None),
                col(HoldRow.state).in_(UNDECIDED),
            )
            .order_by(col(FactChangeRow.hold_id))
            .limit(1)
        ).first()

    def notices(self, hold: int) -> set[int]:
        """The notices whose news is held."""
        return set(self._session.exec(select(FactChangeRow.notice_id).where(FactChangeRow.hold_id == hold).distinct()))

    def measures(self, hold: int) -> list[int]:
        """The measures whose news is held."""
        rows = self._session.exec(select(FactChangeRow.measure_id).where(FactChangeRow.hold_id == hold).distinct())
        return sorted(rows)

    def changes(self, hold: int) -> int:
        """How many pieces of news are held."""
        return self._session.exec(
            select(func.count()).select_from(FactChangeRow).where(FactChangeRow.hold_id == hold)
        ).one()

    def let_go(self, hold: int) -> None:
        """It was no more than usual: its news is news as any other."""
        self._session.exec(
            update(FactChangeRow)
            .where(col(FactChangeRow.hold_id) == hold)
            .values(hold_id=None)
            .execution_options(synchronize_session=False)
        )
        self._session.exec(delete(HoldRow).where(col(HoldRow.id) == hold).execution_options(synchronize_session=False))

    def keep(self, hold: int, *, notices: int, changed: int, allowed: int, now: datetime) -> Hold:
        """It is too much: staff decide."""
        row = self._session.get(HoldRow, hold)
        assert row is not None
        row.state, row.held_at = HoldState.OPEN.value, now
        row.notices, row.changed, row.allowed = notices, changed, allowed
        self._session.add(row)
        self._session.flush()
        return _hold(row)

    def decide(self, hold: int, state: HoldState, *, by: str, reason: str, now: datetime) -> Hold:
        """Staff's decision. Raises LookupError if there is nothing to decide."""
        row = self._session.get(HoldRow, hold, with_for_update=True, populate_existing=True)
        if row is None or row.state != HoldState.OPEN.value:
            became = "is not there" if row is None else f"was {row.state} by {row.decided_by}"
            raise LookupError(f"the held news {hold} {became}; `tbtwatch sources held` lists what waits for a decision")
        row.state, row.decided_at, row.decided_by, row.reason = state.value, now, by, reason
        self._session.add(row)
        if state is HoldState.DISCARDED:
            self._session.exec(
                update(FactChangeRow)
                .where(col(FactChangeRow.hold_id) == hold, col(FactChangeRow.alerted_at).is_(None))
                .values(silent=True)
                .execution_options(synchronize_session=False)
            )
        self._session.flush()
        return _hold(row)

    def open_ones(self) -> list[Hold]:
        """What staff have to decide, oldest first."""
        rows = self._session.exec(
            select(HoldRow).where(HoldRow.state == HoldState.OPEN.value).order_by(col(HoldRow.id))
        )
        return [_hold(row) for row in rows]

    def decided(self, *, limit: int = 20) -> list[Hold]:
        """What staff decided last, newest first."""
        rows = self._session.exec(
            select(HoldRow)
            .where(col(HoldRow.decided_at).is_not(None))
            .order_by(col(HoldRow.decided_at).desc(), col(HoldRow.id).desc())
            .limit(limit)
        )
        return [_hold(row) for row in rows]

    def get(self, hold: int) -> Hold:
        """Held news by its number. Raises LookupError."""
        row = self._session.get(HoldRow, hold)
        if row is None:
            raise LookupError(f"there is no held news {hold}; `tbtwatch sources held` lists what waits for a decision")
        return _hold(row)

    def experience(self, source: str) -> Experience | None:
        """What the source's polls have brought; None: it has had none since it is live."""
        row = self._session.connection().execute(_EXPERIENCE, {"of_source": source}).first()
        return None if row is None else Experience(since=row.since, last=row.last, most=row.most, total=row.total)

    def learn(self, source: str, brought: int, *, now: datetime) -> None:
        """A successful poll brought that many notices with news, and they were told."""
        connection = self._session.connection()
        says = {"source": source, "since": now, "last": now, "most": brought, "total": brought}
        connection.execute(_LEARN[connection.dialect.name], says)


def _hold(row: HoldRow) -> Hold:
    assert row.id is not None
    return Hold(
        id=row.id,
        source=row.source,
        held_at=row.held_at,
        notices=row.notices,
        changed=row.changed,
        allowed=row.allowed,
        state=HoldState(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
    )
