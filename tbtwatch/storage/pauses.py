"""Times in which a subscription is told nothing, or nothing of one measure. What comes meanwhile waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, exists, func, or_
from sqlmodel import Session, col, select

from subscriptions.criteria import Address
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow, PauseRow, SubscriptionRow

FEW = 4  # messages in a transaction, for each of which is asked what it mentions; then for all that come after at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which a subscription is silent."""

    id: int
    subscription: int
    measure: int | None  #: None: it is told nothing at all
    started_at: datetime
    until: datetime
    why: str
    by: str
    released_at: datetime | None  #: when it was over: at its end, or earlier if somebody said so
    released_by: str
    news: int  #: pieces that came meanwhile


class Pauses:
    """Pauses inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked = 0  #: how often it was asked what is to be mentioned
        self._over: set[int] | None = None  #: whose pause is over and to be mentioned, asked once for many messages

    def begin(
        self, subscription: int, *, measure: int | None, until: datetime, why: str, by: str, now: datetime
    ) -> Pause:
        """Tell this subscription nothing until then, or nothing of that measure."""
        row = PauseRow(
            subscription_id=subscription, measure_id=measure, started_at=now, until=until, why=why, by=by, to_hear=[]
        )
        self._session.add(row)
        self._session.flush()
        return _pause(row)

    def get(self, id: int) -> Pause:
        """A pause by its number, as it is now."""
        row = self._session.get(PauseRow, id, populate_existing=True)
        assert row is not None
        return _pause(row)

    def of(self, subscription: int) -> list[Pause]:
        """All pauses of a subscription, oldest first."""
        rows = self._session.exec(
            select(PauseRow).where(PauseRow.subscription_id == subscription).order_by(col(PauseRow.id))
        )
        return [_pause(row) for row in rows]

    def holding(self, *, subscription: int | None = None, over_at: datetime | None = None) -> list[Pause]:
        """Those that hold news back: of one subscription; only those whose time is over by then."""
        asked = (
            select(PauseRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(PauseRow.subscription_id))
            .where(col(PauseRow.released_at).is_(None), col(SubscriptionRow.ended_at).is_(None))
        )
        if subscription is not None:
            asked = asked.where(PauseRow.subscription_id == subscription)
        if over_at is not None:
            asked = asked.where(PauseRow.until <= over_at)
        # Put in order here: asked for in order, SQLite goes through all pauses there ever were.
        return sorted(map(_pause, self._session.exec(asked)), key=lambda one: one.id)

    def held(self, measure: int) -> set[int]:
        """The subscriptions that are told nothing of this measure now."""
        return set(
            self._session.exec(
                select(PauseRow.subscription_id).where(
                    col(PauseRow.released_at).is_(None),
                    or_(col(PauseRow.measure_id).is_(None), col(PauseRow.measure_id) == measure),
                )
            )
        )

    def release(self, pause: Pause, *, addresses: Sequence[Address], now: datetime, by: str) -> Pause:
        """It is over; these addresses are to hear of it, and the news that came meanwhile is counted."""
        row = self._session.get(PauseRow, pause.id)
        assert row is not None
        came = select(func.count()).where(
            AlertRow.subscription_id == pause.subscription,
            AlertRow.created_at >= pause.started_at,
            col(AlertRow.withdrawn_at).is_(None),
        )
        if pause.measure is not None:
            came = came.where(AlertRow.measure_id == pause.measure)
        row.released_at, row.released_by, row.news = now, by, self._session.exec(came).one()
        if self._over is not None and addresses:
            self._over.add(pause.subscription)
        row.to_hear = [[address.channel, address.target] for address in addresses]
        self._session.add(row)
        self._session.flush()
        return _pause(row)

    def mention_again(self, subscriptions: Sequence[int], address: Address, *, but: Sequence[int]) -> None:
        """Those that only these messages mention, which are not sent by themselves: the next one is to do it."""
        here = [address.channel, address.target]
        for row in self._session.exec(
            select(PauseRow).where(
                col(PauseRow.subscription_id).in_(subscriptions), col(PauseRow.released_at).is_not(None)
            )
        ).all():
            told = (
                select(DeliveryRow.id)
                .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .where(
                    AlertRow.subscription_id == row.subscription_id,
                    DeliveryRow.channel == address.channel,
                    DeliveryRow.target == address.target,
                    col(DeliveryRow.created_at) >= row.released_at,
                )
            )
            lost = self._session.exec(told.where(col(DeliveryRow.id).in_(but)).limit(1)).first()
            heard = told.where(col(DeliveryRow.id).not_in(but), col(DeliveryRow.state) != "cancelled").limit(1)
            if lost is not None and here not in row.to_hear and self._session.exec(heard).first() is None:
                row.to_hear = [*row.to_hear, here]
                if self._over is not None:
                    self._over.add(row.subscription_id)
                self._session.add(row)
        self._session.flush()

    def to_mention(self, subscriptions: Sequence[int], address: Address) -> list[Pause]:
        """Those that are over and that this address has not heard of yet; it hears of them now."""
        self._asked += 1
        if self._over is None and self._asked > FEW:
            unheard = (col(PauseRow.released_at).is_not(None), cast(col(PauseRow.to_hear), Text) != "[]")
            self._over = set(self._session.exec(select(PauseRow.subscription_id).where(*unheard)))
        if self._over is not None and self._over.isdisjoint(subscriptions):
            return []
        rows = self._session.exec(
            select(PauseRow)
            .where(col(PauseRow.subscription_id).in_(subscriptions), col(PauseRow.released_at).is_not(None))
            .order_by(col(PauseRow.id))
        ).all()
        here = [address.channel, address.target]
        found = [row for row in rows if here in row.to_hear]
        for row in found:
            row.to_hear = [one for one in row.to_hear if one != here]
            self._session.add(row)
        self._session.flush()
        return [_pause(row) for row in found]


def not_held() -> ColumnElement[bool]:
    """Of alerts: whether no pause holds them back."""
    return ~exists().where(
        col(PauseRow.subscription_id) == col(AlertRow.subscription_id),
        col(PauseRow.released_at).is_(None),
        or_(col(PauseRow.measure_id).is_(None), col(PauseRow.measure_id) == col(AlertRow.measure_id)),
    )


def _pause(row: PauseRow) -> Pause:
    assert row.id is not None
    return Pause(
        id=row.id,
        subscription=row.subscription_id,
        measure=row.measure_id,
        started_at=row.started_at,
        until=row.until,
        why=row.why,
        by=row.by,
        released_at=row.released_at,
        released_by=row.released_by,
        news=row.news,
    )
