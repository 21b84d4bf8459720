"""The enterprises and associations, for those who look them up by a part of their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

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
        live = func.count().filter(col(SubscriptionRow.ended_at).is_(None), col(SubscriptionRow.id).is_not(None))
        asked = (
            select(EnterpriseRow, live, func.count(col(SubscriptionRow.id)))
            .outerjoin(SubscriptionRow, col(SubscriptionRow.enterprise_id) == col(EnterpriseRow.id))
            .group_by(col(EnterpriseRow.id))
            .order_by(EnterpriseRow.name)
            .limit(limit)
        )
        if text.strip():
            asked = asked.where(func.lower(EnterpriseRow.name).contains(text.strip().lower(), autoescape=True))
        if after:
            asked = asked.where(col(EnterpriseRow.name) > after)
        managed = select(ManagementRow.manager_id).where(col(ManagementRow.ended_at).is_(None))
        if associations:
            asked = asked.where(col(EnterpriseRow.id).in_(managed))
        rows = self._session.exec(asked).all()
        members = dict(
            self._session.exec(
                select(ManagementRow.manager_id, func.count())
                .where(
                    col(ManagementRow.ended_at).is_(None),
                    col(ManagementRow.manager_id).in_([row.id for row, *_ in rows]),
                )
                .group_by(col(ManagementRow.manager_id))
            ).all()
        )
        return [
            Registered(
                id=row.id or 0,
                name=row.name,
                started_at=row.started_at,
                live=live,
                ended=all_ - live,
                members=members.get(row.id or 0, 0),
            )
            for row, live, all_ in rows
        ]

    def name(self, id: int) -> str | None:
        """The name of an enterprise by number."""
        row = self._session.get(EnterpriseRow, id) if 0 < id < 2**63 else None
        return None if row is None else row.name
