"""What subscriptions were told of late, and by which messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tbtwatch.storage.alerts import Alerts, StoredAlert, Telling, stored_alert
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.rows import AlertRow

_AT_ONCE = 500


class Told:
    """What was told, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self, subscriptions: Sequence[int], *, since: datetime) -> dict[int, int]:
        """How many pieces of news each of these had since then, without what was taken back."""
        found: dict[int, int] = {}
        for start in range(0, len(subscriptions), _AT_ONCE):
            rows = self._session.exec(
                select(AlertRow.subscription_id, func.count())
                .where(
                    col(AlertRow.subscription_id).in_(subscriptions[start : start + _AT_ONCE]),
                    col(AlertRow.created_at) >= since,
                    col(AlertRow.withdrawn_at).is_(None),
                )
                .group_by(col(AlertRow.subscription_id))
            )
            found.update((id_, number) for id_, number in rows)
        return found

    def newest(self, subscription: int, *, before: int = LARGEST, limit: int) -> list[StoredAlert]:
        """The news that a subscription was owed last, newest first, also what was taken back; with lower numbers than
        `before`."""
        rows = self._session.exec(
            select(AlertRow)
            .where(AlertRow.subscription_id == subscription, col(AlertRow.id) < before)
            .order_by(col(AlertRow.id).desc())
            .limit(limit)
        )
        return [stored_alert(row) for row in rows]

    def carried(self, alerts: Sequence[int]) -> dict[int, list[Telling]]:
        """The messages that tell these alerts, by alert, oldest first."""
        found: dict[int, list[Telling]] = {}
        for one in Alerts(self._session).tellings(alerts):
            found.setdefault(one.alert, []).append(one)
        return found
