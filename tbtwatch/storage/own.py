"""What belongs to one enterprise, and nothing else: the one place where objects are looked up for whoever asks as it.

Whatever number is asked for, what is another's is not there, and cannot be told from what was never there.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.criteria import Subscription
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.belongings import Belongings
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.outbox import Delivery, shown_delivery
from tbtwatch.storage.rows import DeliveryRow, SubscriptionRow
from tbtwatch.storage.subscriptions import Subscriptions
from tbtwatch.storage.told import Told


class NotOwnError(LookupError):
    """There is no such thing, or it is another's."""


class Own:
    """The belongings of an enterprise as it may read them, inside one transaction."""

    def __init__(self, session: Session, enterprise_id: int) -> None:
        self._session, self._enterprise = session, enterprise_id
        self._subscriptions = Subscriptions(session)

    def subscriptions(self, *, after: int = 0, limit: int, ended: bool = False) -> list[Subscription]:
        """Its subscriptions behind a number, in the order in which they were begun; ended ones only if asked for."""
        asked = (
            select(SubscriptionRow.id)
            .where(SubscriptionRow.enterprise_id == self._enterprise, col(SubscriptionRow.id) > after)
            .order_by(col(SubscriptionRow.id))
            .limit(limit)
        )
        if not ended:
            asked = asked.where(col(SubscriptionRow.ended_at).is_(None))
        ids = [id for id in self._session.exec(asked) if id is not None]
        found = self._subscriptions.some(ids)
        return [found[id] for id in ids if id in found]

    def subscription(self, id: int) -> Subscription:
        """One of them, ended or not. Raises NotOwnError."""
        if 0 < id <= LARGEST:
            row = self._session.get(SubscriptionRow, id)
            if row is not None and row.enterprise_id == self._enterprise:
                return self._subscriptions.get(id)
        raise NotOwnError(f"There is no subscription {id} here.")

    def told(self, subscription: int, *, before: int = LARGEST, limit: int) -> list[StoredAlert]:
        """What one of them was told, the newest first. Raises NotOwnError."""
        self.subscription(subscription)
        return Told(self._session).newest(subscription, before=before, limit=limit)

    def deliveries(self, *, before: int = LARGEST, limit: int, state: State | None = None) -> list[Delivery]:
        """The messages that tell its news, the newest first."""
        which = [col(DeliveryRow.id) < before]
        if state is not None:
            which.append(col(DeliveryRow.state) == state.value)
        return self._messages(*which, limit=limit)

    def delivery(self, id: int) -> Delivery:
        """One of them. Raises NotOwnError."""
        found = self._messages(col(DeliveryRow.id) == id, limit=1) if 0 < id <= LARGEST else []
        if not found:
            raise NotOwnError(f"There is no delivery {id} here.")
        return found[0]

    def _messages(self, *which: ColumnElement[bool], limit: int) -> list[Delivery]:
        belongings = Belongings(self._session, self._enterprise)
        rows = self._session.exec(
            select(DeliveryRow).where(belongings.told_in(), *which).order_by(col(DeliveryRow.id).desc()).limit(limit)
        )
        found = [shown_delivery(row) for row in rows]
        # Whoever is told for several enterprises at one address gets one message: its subject is not this one's alone.
        others = belongings.telling_others([one.id for one in found])
        return [replace(one, subject="") if one.id in others else one for one in found]
