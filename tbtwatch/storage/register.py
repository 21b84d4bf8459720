"""The enterprises and associations, for those who look them up by a part of their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.contact_rows import ManagementRow
from tbtwatch.storage.rows import EnterpriseRow, SubscriptionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An enterprise in the list."""

    id: int
    name: str
    started_at: datetime
    live: int  #: subscriptions
    ended: int
    members: int  #: enterprises whose subscriptions it looks after now


class Register:
    """Enterprises inside one transaction. Nothing is written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enterprises(
        self, text: str = "", *, after: str = "", associations: bool = False, limit: int = 50
    ) -> list[Registered]:
        """Those in whose name a text occurs, by name; `after`: behind that name, `associations`: with members only."""
        asked = select(EnterpriseRow).order_by(EnterpriseRow.name).limit(limit)
        if text.strip():
            asked = asked.where(func.lower(EnterpriseRow.name).contains(text.strip().lower(), autoescape=True))
        if after:
            asked = asked.where(col(EnterpriseRow.name) > after)
        managed = select(ManagementRow.manager_id).where(col(ManagementRow.ended_at).is_(None))
        if associations:
            asked = asked.where(col(EnterpriseRow.id).in_(managed))
        rows = self._session.exec(asked).all()
        shown = [row.id for row in rows]
        members = dict(
            self._session.exec(
                select(ManagementRow.manager_id, func.count())
                .where(col(ManagementRow.ended_at).is_(None), col(ManagementRow.manager_id).in_(shown))
                .group_by(col(ManagementRow.manager_id))
            ).all()
        )
        # Of those that are shown alone: to count for all of them first would read every subscription there is.
        live = func.count().filter(col(SubscriptionRow.ended_at).is_(None))
        counted = {
            id: (alive, all_)
            for id, alive, all_ in self._session.exec(
                select(SubscriptionRow.enterprise_id, live, func.count())
                .where(col(SubscriptionRow.enterprise_id).in_(shown))
                .group_by(col(SubscriptionRow.enterprise_id))
            ).all()
        }
        return [
            Registered(
                id=row.id or 0,
                name=row.name,
                started_at=row.started_at,
                live=alive,
                ended=all_ - alive,
                members=members.get(row.id or 0, 0),
            )
            for row in rows
            for alive, all_ in (counted.get(row.id or 0, (0, 0)),)
        ]

    def name(self, id: int) -> str | None:
        """The name of an enterprise by number."""
        row = self._session.get(EnterpriseRow, id) if 0 < id <= LARGEST else None
        return None if row is None else row.name
