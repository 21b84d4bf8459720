"""What became of an enterprise's subscriptions in a time: for the association that looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from notifiers.outcome import State
from tbtwatch.storage.leaving_rows import EndedAddressRow
from tbtwatch.storage.reminder_rows import HandledRow
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    EnterpriseRow,
    MeasureRow,
    SubscriptionRow,
)

FAILED = (State.REFUSED.value, State.EXPIRED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReport:
    """An enterprise in a time."""

    enterprise: str
    subscriptions: int  #: live
    accepted: int  #: messages with news that were taken in that time
    failed: int  #: messages with news that were not
    channels_ended: int  #: addresses that were ended in that time and not taken back
    unconfirmed: int  #: addresses whose owners have not agreed yet
    deadlines: int  #: measures it was told of whose comment deadline is near
    unhandled: int  #: of these, those it has not dealt with


class Members:
    """Reports inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enterprises(self) -> list[tuple[int, str, int]]:
        """All enterprises by name: number, name, live subscriptions."""
        live = (
            select(func.count())
            .where(SubscriptionRow.enterprise_id == EnterpriseRow.id, col(SubscriptionRow.ended_at).is_(None))
            .correlate(EnterpriseRow)
            .scalar_subquery()
        )
        rows = self._session.exec(select(EnterpriseRow.id, EnterpriseRow.name, live).order_by(EnterpriseRow.name))
        return [(id or 0, name, number) for id, name, number in rows]

    def report(
        self,
        enterprise_id: int,
        name: str,
        *,
        start: datetime,
        end: datetime,
        today: date,
        until: date,
        unconfirmed: int,
    ) -> MemberReport:
        """What became of it from `start` to before `end`, and the deadlines from today until that day."""
        live = self._session.exec(
            select(func.count())
            .select_from(SubscriptionRow)
            .where(SubscriptionRow.enterprise_id == enterprise_id, col(SubscriptionRow.ended_at).is_(None))
        ).one()
        states = dict(
            self._session.exec(
                select(DeliveryRow.state, func.count(func.distinct(col(DeliveryRow.id))))
                .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
                .where(
                    SubscriptionRow.enterprise_id == enterprise_id,
                    col(DeliveryRow.ended_at) >= start,
                    col(DeliveryRow.ended_at) < end,
                )
                .group_by(DeliveryRow.state)
            ).all()
        )
        ended = (
            select(EndedAddressRow.channel, EndedAddressRow.target)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(EndedAddressRow.subscription_id))
            .where(
                SubscriptionRow.enterprise_id == enterprise_id,
                col(EndedAddressRow.ended_at) >= start,
                col(EndedAddressRow.ended_at) < end,
                col(EndedAddressRow.restored_at).is_(None),
            )
        )
        channels = self._session.exec(select(func.count()).select_from(ended.distinct().subquery())).one()
        near = set(
            self._session.exec(
                select(MeasureRow.id)
                .join(AlertRow, col(AlertRow.measure_id) == col(MeasureRow.id))
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
                .where(
                    SubscriptionRow.enterprise_id == enterprise_id,
                    col(SubscriptionRow.ended_at).is_(None),
                    col(AlertRow.withdrawn_at).is_(None),
                    MeasureRow.status == "draft",
                    col(MeasureRow.comment_deadline) >= today,
                    col(MeasureRow.comment_deadline) <= until,
                )
            )
        )
        done = set(
            self._session.exec(
                select(HandledRow.measure_id).where(
                    HandledRow.enterprise_id == enterprise_id, col(HandledRow.ended_at).is_(None)
                )
            )
        )
        return MemberReport(
            enterprise=name,
            subscriptions=live,
            accepted=states.get(State.SENT.value, 0),
            failed=sum(states.get(state, 0) for state in FAILED),
            channels_ended=channels,
            unconfirmed=unconfirmed,
            deadlines=len(near),
            unhandled=len(near - done),
        )
