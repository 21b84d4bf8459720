"""What has had its time: texts of messages, polls, codes, enterprises of long ago."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_
from sqlmodel import Session, col, select

from notifiers.outcome import State
from tbtwatch.storage.contact_rows import ManagementRow
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.rows import ChatCodeRow, DeliveryRow, EnterpriseRow, PollRow, SubscriptionRow

EMPTIED_UNTIL = "messages_emptied_until"  # in the installation's own values: "instant number"
_AT_ONCE = 500
_UNDER_WAY = (State.PENDING.value, State.SENDING.value)


class Expiring:
    """What has had its time, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def empty_messages(self, *, before: datetime, dry_run: bool) -> int:
        """Take the text out of some messages that ended before then; how many. Those dealt with are not seen again."""
        meta = Meta(self._session)
        since, _, number = (meta.get(EMPTIED_UNTIL) or "").partition(" ")
        asked = select(DeliveryRow).where(col(DeliveryRow.ended_at) < before, col(DeliveryRow.state).not_in(_UNDER_WAY))
        if since:
            last = datetime.fromisoformat(since)
            later = col(DeliveryRow.ended_at) > last
            asked = asked.where(or_(later, (col(DeliveryRow.ended_at) == last) & (col(DeliveryRow.id) > int(number))))
        if dry_run:
            return self._session.exec(select(func.count()).select_from(asked.subquery())).one()
        rows = self._session.exec(asked.order_by(col(DeliveryRow.ended_at), col(DeliveryRow.id)).limit(_AT_ONCE)).all()
        for row in rows:
            row.message = {**row.message, "text": "", "html": "", "headers": {}, "buttons": [], "deeds": []}
            self._session.add(row)
        if rows:
            assert rows[-1].ended_at is not None
            meta.set(EMPTIED_UNTIL, f"{rows[-1].ended_at.isoformat()} {rows[-1].id}")
        self._session.flush()
        return len(rows)

    def forget_polls(self, *, before: datetime, dry_run: bool) -> int:
        """Polls that began before then and brought nothing, but for the first and the last of each source; how many."""
        ends = select(func.min(PollRow.id)).group_by(PollRow.source)
        latest = select(func.max(PollRow.id)).group_by(PollRow.source)
        where = (
            col(PollRow.started_at) < before,
            col(PollRow.new) == 0,
            col(PollRow.changed) == 0,
            col(PollRow.fresh) == 0,
            col(PollRow.id).not_in(ends),
            col(PollRow.id).not_in(latest),
        )
        return self._gone(PollRow, where, dry_run)

    def forget_codes(self, *, before: datetime, dry_run: bool) -> int:
        """Codes for chats that were good until before then; how many."""
        return self._gone(ChatCodeRow, (col(ChatCodeRow.expires_at) < before,), dry_run)

    def former(self, *, before: datetime) -> list[str]:
        """The enterprises whose subscriptions all ended before then; one that never had any is kept, and an association
        while it has members."""
        members = exists().where(
            col(ManagementRow.manager_id) == col(EnterpriseRow.id), col(ManagementRow.ended_at).is_(None)
        )
        rows = self._session.exec(
            select(EnterpriseRow.name)
            .join(SubscriptionRow, col(SubscriptionRow.enterprise_id) == col(EnterpriseRow.id))
            .where(~members)
            .group_by(EnterpriseRow.name)
            .having(
                func.count() == func.count(col(SubscriptionRow.ended_at)),
                func.max(SubscriptionRow.ended_at) < before,
            )
            .order_by(EnterpriseRow.name)
        )
        return list(rows)

    def _gone(self, table: Any, where: tuple[Any, ...], dry_run: bool) -> int:
        if dry_run:
            return int(self._session.exec(select(func.count()).select_from(table).where(*where)).one())
        done = self._session.exec(delete(table).where(*where).execution_options(synchronize_session=False))
        return int(done.rowcount)
