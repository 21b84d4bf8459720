"""Messages as those see them who answer for them: found by whom they went to, put back into the line, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, tuple_, update
from sqlmodel import Session, col, select

from notifiers.message import Message
from notifiers.outcome import State
from subscriptions.criteria import Address
from tbtwatch.storage.outbox import Delivery, shown_delivery
from tbtwatch.storage.proofs import RecordedAttempt
from tbtwatch.storage.rows import (
    AlertRow,
    AttemptRow,
    DeliveryAlertRow,
    DeliveryRow,
    EnterpriseRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)
from tbtwatch.storage.types import from_json, from_row

FAILED = (State.REFUSED.value, State.EXPIRED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message with all that was tried with it."""

    delivery: Delivery
    message: Message
    attempts: tuple[RecordedAttempt, ...]
    measures: tuple[int, ...]  #: it tells of
    readers: tuple[tuple[int, str, str], ...]  #: subscription, its name, its enterprise
    emptied: bool  #: its text was let go of when it had had its time


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Messages that nobody took, of one channel and for one reason."""

    channel: str
    reason: str
    number: int
    last: datetime | None


class Correspondence:
    """Messages inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def addresses(self, text: str, *, limit: int) -> list[Address]:
        """Addresses written to in which a text occurs, in alphabetical order; capitals make no difference."""
        wanted = text.strip().casefold()
        rows = self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.target)
            .where(func.lower(DeliveryRow.target).contains(wanted, autoescape=True))
            .distinct()
            .order_by(DeliveryRow.target, DeliveryRow.channel)
            .limit(limit)
        )
        return [Address(channel=channel, target=target) for channel, target in rows]

    def search(
        self,
        *,
        at: Sequence[Address] | None = None,
        measure: int | None = None,
        state: State | None = None,
        kind: str = "",
        before: int | None = None,
        limit: int = 50,
    ) -> list[Delivery]:
        """Messages, newest first: to these addresses, telling of this measure, in this state, of this kind.

        `before`: only with lower numbers, for the next page.
        """
        asked = select(DeliveryRow).order_by(col(DeliveryRow.id).desc()).limit(limit)
        if at is not None:
            pairs = [(one.channel, one.target) for one in at]
            asked = asked.where(tuple_(col(DeliveryRow.channel), col(DeliveryRow.target)).in_(pairs))
        if measure is not None:
            asked = asked.where(or_(col(DeliveryRow.measure_id) == measure, self._tells(measure)))
        if state is not None:
            asked = asked.where(DeliveryRow.state == state.value)
        if kind:
            asked = asked.where(DeliveryRow.kind == kind)
        if before is not None:
            asked = asked.where(col(DeliveryRow.id) < before)
        return [shown_delivery(row) for row in self._session.exec(asked)]

    def letter(self, id: int) -> Letter | None:
        """One message, whole; None: there is none of that number."""
        row = self._session.get(DeliveryRow, id)
        if row is None:
            return None
        attempts = self._session.exec(
            select(AttemptRow).where(AttemptRow.delivery_id == id).order_by(col(AttemptRow.id))
        ).all()
        told = self._session.exec(
            select(AlertRow.measure_id, SubscriptionRow.id, SubscriptionRow.name, EnterpriseRow.name)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(SubscriptionRow.enterprise_id))
            .where(DeliveryAlertRow.delivery_id == id)
            .order_by(col(SubscriptionRow.id), col(AlertRow.id))
        ).all()
        measures = [row.measure_id, *(measure for measure, *_ in told)]
        message = from_json(Message, row.message)
        return Letter(
            delivery=shown_delivery(row),
            message=message,
            attempts=tuple(from_row(RecordedAttempt, one) for one in attempts),
            measures=tuple(dict.fromkeys(one for one in measures if one is not None)),
            readers=tuple(dict.fromkeys((number or 0, name, whose) for _, number, name, whose in told)),
            emptied=not message.text and not message.html,
        )

    def under_way(self) -> dict[tuple[str, State], int]:
        """How many messages wait and are being sent, by channel and state."""
        rows = self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.state, func.count())
            .where(col(DeliveryRow.state).in_((State.PENDING.value, State.SENDING.value)))
            .group_by(DeliveryRow.channel, DeliveryRow.state)
        )
        return {(channel, State(state)): number for channel, state, number in rows}

    def failures(self, since: datetime) -> list[Failures]:
        """What nobody took since then, by channel and reason, the most first."""
        number = func.count()
        rows = self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.reason, number, func.max(DeliveryRow.ended_at))
            # What has ended is due when it ended: so the index leads there.
            .where(col(DeliveryRow.state).in_(FAILED), DeliveryRow.due_at >= since, col(DeliveryRow.ended_at) >= since)
            .group_by(DeliveryRow.channel, DeliveryRow.reason)
            .order_by(number.desc(), DeliveryRow.channel, DeliveryRow.reason)
        )
        return [Failures(channel=channel, reason=reason, number=n, last=last) for channel, reason, n, last in rows]

    def wanted_still(self, id: int) -> bool:
        """Whether somebody who is subscribed still is told this message at its address; true of one that tells none."""
        told = self._session.exec(select(DeliveryAlertRow.alert_id).where(DeliveryAlertRow.delivery_id == id)).all()
        if not told:
            return True
        here = and_(
            col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id),
            col(SubscriptionAddressRow.channel) == col(DeliveryRow.channel),
            col(SubscriptionAddressRow.target) == col(DeliveryRow.target),
        )
        live = (
            select(SubscriptionRow.id)
            .join(AlertRow, col(AlertRow.subscription_id) == col(SubscriptionRow.id))
            .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
            .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
            .join(SubscriptionAddressRow, here)
            .where(
                DeliveryRow.id == id,
                col(SubscriptionRow.ended_at).is_(None),
                col(AlertRow.withdrawn_at).is_(None),
            )
            .limit(1)
        )
        return self._session.exec(live).first() is not None

    def put_back(self, id: int, *, was: State, now: datetime, detail: str) -> bool:
        """It is due now; False if it is not in the state it was in."""
        done = self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id) == id, col(DeliveryRow.state) == was.value)
            .values(state=State.PENDING.value, due_at=now, lease_until=None, ended_at=None, reason="", detail=detail)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)

    @staticmethod
    def _tells(measure: int) -> ColumnElement[bool]:
        told = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(AlertRow.measure_id == measure)
        )
        return col(DeliveryRow.id).in_(told)
