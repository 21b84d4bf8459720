"""Which enterprise looks after the subscriptions of which, now and before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tbtwatch.storage.contact_rows import ManagementRow
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import EnterpriseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """An enterprise's subscriptions are looked after by another."""

    id: int
    child_id: int
    child: str
    manager_id: int
    manager: str
    since: datetime
    by: str
    why: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


class Managements:
    """Managements inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, child: int, manager: int, *, by: str, why: str, now: datetime) -> bool:
        """From now on the manager looks after it; False if somebody does already."""
        values = {"child_id": child, "manager_id": manager, "since": now, "by": by, "why": why}
        made: int | None = insert_if_new(
            self._session,
            ManagementRow,
            {**values, "ended_by": "", "end_reason": ""},
            unique=("child_id",),
            where=text("ended_at IS NULL"),
            returning=col(ManagementRow.id),
        )
        return made is not None

    def end(self, id: int, *, by: str, reason: str, now: datetime) -> None:
        """It is over."""
        self._session.exec(
            update(ManagementRow)
            .where(col(ManagementRow.id) == id)
            .values(ended_at=now, ended_by=by, end_reason=reason)
            .execution_options(synchronize_session=False)
        )

    def manager_of(self, child: int) -> Management | None:
        """Who looks after an enterprise now."""
        child_is = (col(ManagementRow.child_id) == child, col(ManagementRow.ended_at).is_(None))
        return next(iter(self._all(*child_is)), None)

    def members(self, manager: int, *, ended: bool = False) -> list[Management]:
        """The enterprises that one looks after, by name; `ended`: also those it did."""
        of = col(ManagementRow.manager_id) == manager
        return self._all(of) if ended else self._all(of, col(ManagementRow.ended_at).is_(None))

    def of_enterprise(self, id: int) -> list[Management]:
        """All in which an enterprise has a part, also what is over."""
        return self._all(or_(col(ManagementRow.child_id) == id, col(ManagementRow.manager_id) == id))

    def managers(self, enterprises: Iterable[str]) -> dict[str, str]:
        """Who looks after each of these enterprises, by name; one that looks after itself is left out."""
        wanted = sorted(set(enterprises))
        if not wanted or self._session.exec(select(ManagementRow.id).limit(1)).first() is None:
            return {}
        found: dict[str, str] = {}
        child, manager = aliased(EnterpriseRow), aliased(EnterpriseRow)
        for start in range(0, len(wanted), 500):
            rows = self._session.exec(
                select(child.name, manager.name)
                .select_from(ManagementRow)
                .join(child, child.id == ManagementRow.child_id)  # type: ignore[arg-type]
                .join(manager, manager.id == ManagementRow.manager_id)  # type: ignore[arg-type]
                .where(col(ManagementRow.ended_at).is_(None), child.name.in_(wanted[start : start + 500]))  # type: ignore[attr-defined]
            )
            found.update((name, by) for name, by in rows)
        return found

    def _all(self, *where: object) -> list[Management]:
        child, manager = aliased(EnterpriseRow), aliased(EnterpriseRow)
        rows = self._session.exec(
            select(ManagementRow, child.name, manager.name)
            .join(child, child.id == ManagementRow.child_id)  # type: ignore[arg-type]
            .join(manager, manager.id == ManagementRow.manager_id)  # type: ignore[arg-type]
            .where(*where)  # type: ignore[arg-type]
            .order_by(child.name, col(ManagementRow.id))
            .execution_options(populate_existing=True)
        )
        return [
            Management(
                id=row.id or 0,
                child_id=row.child_id,
                child=child_name,
                manager_id=row.manager_id,
                manager=manager_name,
                since=row.since,
                by=row.by,
                why=row.why,
                ended_at=row.ended_at,
                ended_by=row.ended_by,
                end_reason=row.end_reason,
            )
            for row, child_name, manager_name in rows
        ]
