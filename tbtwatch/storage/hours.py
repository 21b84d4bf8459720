"""When those a delivery is for may be written to: their quiet hours and holidays, and the pauses they asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, literal, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.rhythm import Rhythm
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    DigestRunRow,
    PauseRow,
    ReminderDeliveryRow,
    ReminderRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)
from tbtwatch.storage.types import from_json

#: Kinds that go out when they are due, at whatever hour: to staff, and what somebody asked for just now.
AT_ANY_HOUR = ("staff", "resend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One of those a delivery is for."""

    rhythm: Rhythm
    window_ends_at: datetime | None  #: of a digest
    silent_until: datetime | None  #: a pause lasts until then


class Hours:
    """Readers of deliveries, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, deliveries: Sequence[int]) -> dict[int, list[Reader]]:
        """By delivery, the live subscriptions that it is for and that are still answered at its address.

        One that tells no alert and reminds of nothing is for all who are answered there.
        """
        kept = (col(DeliveryRow.kind).not_in(AT_ANY_HOUR), col(DeliveryRow.id).in_(deliveries))
        here = and_(
            col(SubscriptionAddressRow.channel) == col(DeliveryRow.channel),
            col(SubscriptionAddressRow.target) == col(DeliveryRow.target),
        )
        asked = (
            look_up(
                col(DeliveryRow.id),
                col(DeliveryRow.measure_id),
                col(SubscriptionRow.id),
                col(SubscriptionRow.rhythm),
                col(DigestRunRow.ends_at),
            )
            .select_from(DeliveryRow)
            .outerjoin(DigestRunRow, col(DigestRunRow.id) == col(DeliveryRow.digest_run_id))
        )
        by_alert = (
            asked.join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .join(
                SubscriptionAddressRow,
                and_(here, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id)),
            )
        )
        by_reminder = (
            asked.join(ReminderDeliveryRow, col(ReminderDeliveryRow.delivery_id) == col(DeliveryRow.id))
            .join(ReminderRow, col(ReminderRow.id) == col(ReminderDeliveryRow.reminder_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(ReminderRow.subscription_id))
            .join(
                SubscriptionAddressRow,
                and_(here, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id)),
            )
        )
        tells = select(literal(1)).where(col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
        reminds = select(literal(1)).where(col(ReminderDeliveryRow.delivery_id) == col(DeliveryRow.id))
        by_address = asked.join(SubscriptionAddressRow, here).join(
            SubscriptionRow, col(SubscriptionRow.id) == col(SubscriptionAddressRow.subscription_id)
        )
        read = self._session.connection().execute
        # Asked first, as hardly a message is one of these, and to find readers by their address is to go through all.
        for_all = list(read(look_up(col(DeliveryRow.id)).where(*kept, ~tells.exists(), ~reminds.exists())).scalars())
        chosen = [by_alert.where(*kept), by_reminder.where(*kept)]
        if for_all:
            chosen.append(by_address.where(col(DeliveryRow.id).in_(for_all)))
        rows = {
            (delivery, subscription): (measure, rhythm, ends_at)
            for one in chosen
            for delivery, measure, subscription, rhythm, ends_at in read(
                one.where(col(SubscriptionRow.ended_at).is_(None))
            )
        }
        pauses = self._pauses({subscription for _, subscription in rows})
        found: dict[int, list[Reader]] = {}
        for (delivery, subscription), (measure, rhythm, ends_at) in rows.items():
            ends = [until for of, until in pauses.get(subscription, ()) if of is None or of == measure]
            one = Reader(
                rhythm=from_json(Rhythm, rhythm) if rhythm else Rhythm(),
                window_ends_at=ends_at,
                silent_until=max(ends, default=None),
            )
            found.setdefault(delivery, []).append(one)
        return found

    def put_off(self, delivery: int, *, until: datetime) -> None:
        """What was given back may not go out before then."""
        self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id) == delivery, col(DeliveryRow.state) == State.PENDING.value)
            .values(due_at=until)
            .execution_options(synchronize_session=False)
        )

    def _pauses(self, subscriptions: set[int]) -> dict[int, list[tuple[int | None, datetime]]]:
        found: dict[int, list[tuple[int | None, datetime]]] = {}
        for subscription, measure, until in self._session.exec(
            select(PauseRow.subscription_id, PauseRow.measure_id, PauseRow.until).where(
                col(PauseRow.released_at).is_(None), col(PauseRow.subscription_id).in_(subscriptions)
            )
        ):
            found.setdefault(subscription, []).append((measure, until))
        return found
