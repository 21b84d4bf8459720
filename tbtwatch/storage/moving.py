"""What waits is moved: taken back before it went out, to be told otherwise, elsewhere or later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, text, tuple_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from notifiers.message import Message
from notifiers.outcome import State
from subscriptions.criteria import Address, Frequency
from tbtwatch.storage.alert_ways import AlertWays
from tbtwatch.storage.inserting import insert_if_new, insert_those_new
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    SubscriptionRow,
)
from tbtwatch.storage.types import from_json, to_json

AT_ONCE = ("alert", "burst")  #: kinds of deliveries that tell news to those who hear it at once
NEWS = (*AT_ONCE, "digest")  #: and those that tell news at all
_GIVEN_UP = (State.REFUSED.value, State.EXPIRED.value)
_UNTOLD = (State.PENDING.value, *_GIVEN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A message of a digest run as it was written."""

    id: int
    channel: str
    target: str
    state: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A message that did not reach an address its reader has left since."""

    delivery: int
    address: Address
    state: str
    alerts: tuple[int, ...]


class Moving:
    """Deliveries and alerts that change their way, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take_back(
        self, subscription: int, *, kinds: Sequence[str], measure: int | None, now: datetime, why: str
    ) -> list[int]:
        """Cancel what waits for this subscription alone, or of it about that measure alone; the alerts it told.

        What lies in a digest that is taken back is in no digest any more.
        """
        ids = self.alone(subscription, kinds=kinds, measure=measure)
        return self.take_back_these(ids, subscription, now=now, why=why) if ids else []

    def alone(self, subscription: int, *, kinds: Sequence[str], measure: int | None = None) -> list[int]:
        """The deliveries that wait and are for this subscription alone, or for it about that measure alone."""
        told = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
        )
        others: ColumnElement[bool] = and_(
            col(AlertRow.subscription_id) != subscription, col(SubscriptionRow.ended_at).is_(None)
        )
        if measure is not None:
            others = or_(others, col(AlertRow.measure_id) != measure)
        return self._numbers(
            select(DeliveryRow.id).where(
                col(DeliveryRow.kind).in_(kinds),
                col(DeliveryRow.state) == State.PENDING.value,
                col(DeliveryRow.id).in_(told.where(AlertRow.subscription_id == subscription)),
                col(DeliveryRow.id).not_in(told.where(others)),
            )
        )

    def take_back_these(self, ids: Sequence[int], subscription: int, *, now: datetime, why: str) -> list[int]:
        """Cancel these deliveries; the alerts of the subscription that they told. They are in no digest any more."""
        self._cancel(ids, now=now, why=why)
        alerts = list(
            self._session.exec(
                select(DeliveryAlertRow.alert_id)
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .where(col(DeliveryAlertRow.delivery_id).in_(ids), AlertRow.subscription_id == subscription)
                .distinct()
            )
        )
        self._session.exec(
            update(AlertRow)
            .where(col(AlertRow.id).in_(alerts))
            .values(digest_run_id=None)
            .execution_options(synchronize_session=False)
        )
        AlertWays(self._session).out_of_digest(ids)
        return alerts

    def waiting_for_digest(self, subscription: int, *, late: bool = False) -> list[int]:
        """Its alerts that wait for a digest, oldest first; those that staff or the rules told late only if `late`.

        Not those that are owed by ways.
        """
        asked = select(AlertRow.id).where(
            AlertRow.subscription_id == subscription,
            AlertRow.frequency != Frequency.IMMEDIATE.value,
            ~col(AlertRow.by_way),
            col(AlertRow.digest_run_id).is_(None),
            col(AlertRow.withdrawn_at).is_(None),
        )
        if not late:
            asked = asked.where(AlertRow.label == "")
        return self._numbers(asked.order_by(col(AlertRow.id)))

    def places(self, deliveries: Sequence[int], subscription: int) -> list[tuple[int, Address, int]]:
        """What these deliveries tell this subscription: delivery, its address, alert."""
        rows = self._session.exec(
            select(DeliveryRow.id, DeliveryRow.channel, DeliveryRow.target, DeliveryAlertRow.alert_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(col(DeliveryRow.id).in_(deliveries), AlertRow.subscription_id == subscription)
            .order_by(col(DeliveryRow.id), col(DeliveryAlertRow.alert_id))
        )
        return [(id or 0, Address(channel=channel, target=target), alert) for id, channel, target, alert in rows]

    def written_to(self, alerts: Sequence[int]) -> dict[int, set[Address]]:
        """By alert, the addresses that messages with that news were ever written to."""
        found: dict[int, set[Address]] = {}
        for channel, target, alert in self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.target, DeliveryAlertRow.alert_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .where(col(DeliveryAlertRow.alert_id).in_(alerts), col(DeliveryRow.kind).in_(NEWS))
        ):
            found.setdefault(alert, set()).add(Address(channel=channel, target=target))
        return found

    def lean_on_what_waits(self, address: Address, alerts: Mapping[int, int]) -> None:
        """These alerts, by number and change, are not written to an address that has their news in a message already.

        Each such message that has not gone out is kept as telling them too: whoever it was written for may leave, and
        it still goes out while one of those is owed it.
        """
        if not alerts:
            return
        waiting = self._session.exec(
            select(DeliveryRow.id, AlertRow.fact_change_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(
                DeliveryRow.channel == address.channel,
                DeliveryRow.target == address.target,
                col(DeliveryRow.kind).in_(NEWS),
                col(DeliveryRow.state).in_((State.PENDING.value, State.SENDING.value)),
                col(AlertRow.fact_change_id).in_(set(alerts.values())),
            )
        ).all()
        told: dict[int, set[int | None]] = {}
        for delivery, change in waiting:
            told.setdefault(change, set()).add(delivery)
        insert_those_new(
            self._session,
            DeliveryAlertRow,
            [
                {"delivery_id": delivery, "alert_id": alert}
                for alert, change in sorted(alerts.items())
                for delivery in told.get(change, ())
            ],
            unique=("delivery_id", "alert_id"),
            returning=(col(DeliveryAlertRow.alert_id),),
        )

    def untold(self, subscription: int) -> list[int]:
        """Its alerts that were to be told at once and are in no message: a pause holds them back."""
        telling = (
            select(DeliveryAlertRow.alert_id)
            .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
            .where(col(DeliveryRow.state) != State.CANCELLED.value, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
        )
        return self._numbers(
            select(AlertRow.id).where(
                AlertRow.subscription_id == subscription,
                AlertRow.frequency == Frequency.IMMEDIATE.value,
                ~col(AlertRow.by_way),
                col(AlertRow.withdrawn_at).is_(None),
                ~telling.exists(),
            )
        )

    def set_frequency(self, alerts: Iterable[int], frequency: Frequency) -> None:
        """These are told in that rhythm."""
        self._session.exec(
            update(AlertRow)
            .where(col(AlertRow.id).in_(list(alerts)))
            .values(frequency=frequency.value)
            .execution_options(synchronize_session=False)
        )

    def late_ones_to(self, subscription: int, frequency: Frequency) -> None:
        """What is told late in a digest is told in the subscription's own, if it has one."""
        self._session.exec(
            update(AlertRow)
            .where(
                col(AlertRow.subscription_id) == subscription,
                col(AlertRow.frequency) != Frequency.IMMEDIATE.value,
                col(AlertRow.digest_run_id).is_(None),
                col(AlertRow.label) != "",
            )
            .values(frequency=frequency.value)
            .execution_options(synchronize_session=False)
        )

    def move_target(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: what is owed to the old one, and what it was told, is the new one's."""
        self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.channel) == channel,
                col(DeliveryRow.target) == old,
                col(DeliveryRow.state).in_((State.PENDING.value, State.SENDING.value, State.SENT.value)),
            )
            .values(target=new)
            .execution_options(synchronize_session=False)
        )
        AlertWays(self._session).move_target(channel, old, new)

    def leave_address(
        self, subscription: int, address: Address, *, since: datetime, others: Sequence[Address] = ()
    ) -> None:
        """What has not reached the address that this subscription leaves is to be told at its new one.

        Of what was given up, only what was written since then. What is being sent just now may still arrive; only if
        it does not is it told again. `others`: the addresses that it has kept, if it gets no new one: only what was
        written to none of them, as they came later than the news; what is owed by ways is owed at its place alone.
        """
        its = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(AlertRow.subscription_id == subscription, col(AlertRow.withdrawn_at).is_(None))
        )
        if others:
            there, tells = aliased(DeliveryRow), aliased(DeliveryAlertRow)
            its = its.where(
                ~col(AlertRow.by_way),
                ~exists().where(
                    col(tells.alert_id) == col(AlertRow.id),
                    col(there.id) == col(tells.delivery_id),
                    col(there.state) != State.CANCELLED.value,
                    tuple_(col(there.channel), col(there.target)).in_([(one.channel, one.target) for one in others]),
                ),
            )
        self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.channel) == address.channel,
                col(DeliveryRow.target) == address.target,
                col(DeliveryRow.kind).in_(NEWS),
                or_(
                    col(DeliveryRow.state).in_((State.PENDING.value, State.SENDING.value)),
                    and_(col(DeliveryRow.state).in_(_GIVEN_UP), col(DeliveryRow.created_at) >= since),
                ),
                col(DeliveryRow.id).in_(its),
            )
            .values(forward=True)
            .execution_options(synchronize_session=False)
        )

    def strays(self) -> list[Stray]:
        """What did not reach an address that was left, and is not being sent, oldest first."""
        rows = self._session.exec(
            select(DeliveryRow)
            .where(text("delivery.forward"), col(DeliveryRow.state).in_(_UNTOLD))  # as it stands in the index
            .order_by(col(DeliveryRow.id))
            .execution_options(populate_existing=True)
        ).all()
        told: dict[int, list[int]] = {}
        for delivery, alert in self._session.exec(
            select(DeliveryAlertRow.delivery_id, DeliveryAlertRow.alert_id)
            .where(col(DeliveryAlertRow.delivery_id).in_([row.id for row in rows]))
            .order_by(col(DeliveryAlertRow.alert_id))
        ):
            told.setdefault(delivery, []).append(alert)
        return [
            Stray(
                delivery=row.id or 0,
                address=Address(channel=row.channel, target=row.target),
                state=row.state,
                alerts=tuple(told.get(row.id or 0, ())),
            )
            for row in rows
        ]

    def settle_stray(self, stray: Stray, *, cancel: bool, now: datetime, why: str) -> None:
        """It is told elsewhere; `cancel`: nobody at the old address is owed it any more."""
        if cancel and stray.state == State.PENDING.value:
            self._cancel([stray.delivery], now=now, why=why)
        self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id) == stray.delivery)
            .values(forward=False)
            .execution_options(synchronize_session=False)
        )

    def hurry(self, subscription: int, *, now: datetime) -> None:
        """Look again at what waits for this subscription and was not tried yet: when it may go out has changed."""
        its = (
            select(DeliveryAlertRow.delivery_id)
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(AlertRow.subscription_id == subscription)
        )
        self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.id).in_(its),
                col(DeliveryRow.state) == State.PENDING.value,
                col(DeliveryRow.attempts) == 0,
            )
            .values(due_at=now)
            .execution_options(synchronize_session=False)
        )

    def ledger(self, subscription: int) -> dict[tuple[Address, str], int]:
        """How many facts it was told, or is to be, by address and state; of what was cancelled nothing."""
        rows = self._session.exec(
            select(
                DeliveryRow.channel,
                DeliveryRow.target,
                DeliveryRow.state,
                func.count(func.distinct(col(AlertRow.fact_change_id))),
            )
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(
                AlertRow.subscription_id == subscription,
                col(DeliveryRow.kind).in_(NEWS),
                DeliveryRow.state != State.CANCELLED.value,
            )
            .group_by(DeliveryRow.channel, DeliveryRow.target, DeliveryRow.state)
            .order_by(DeliveryRow.channel, DeliveryRow.target, DeliveryRow.state)
        )
        return {(Address(channel=channel, target=target), state): facts for channel, target, state, facts in rows}

    def of_run(self, run: int) -> list[Frozen]:
        """The messages of a digest run as they were written."""
        rows = self._session.exec(
            select(DeliveryRow)
            .where(DeliveryRow.digest_run_id == run, DeliveryRow.kind == "digest")
            .order_by(col(DeliveryRow.id))
        )
        return [
            Frozen(
                id=row.id or 0,
                channel=row.channel,
                target=row.target,
                state=row.state,
                message=from_json(Message, row.message),
            )
            for row in rows
        ]

    def send_again(self, frozen: Frozen, *, now: datetime) -> int:
        """Owe the very same message once more; the number of the delivery."""
        row = self._session.get(DeliveryRow, frozen.id)
        assert row is not None
        before = self._session.exec(
            select(func.count()).select_from(DeliveryRow).where(col(DeliveryRow.key).startswith(f"again:{frozen.id}:"))
        ).one()
        made: int | None = insert_if_new(
            self._session,
            DeliveryRow,
            {
                "key": f"again:{frozen.id}:{before + 1}",
                "kind": "resend",
                "channel": row.channel,
                "target": row.target,
                "message": to_json(Message, frozen.message),
                "state": State.PENDING.value,
                "due_at": now,
                "attempts": 0,
                "reason": "",
                "detail": "",
                "created_at": now,
                "digest_run_id": row.digest_run_id,
            },
            unique=("key",),
            returning=col(DeliveryRow.id),
        )
        assert made is not None, "subscribers are held still"
        return made

    def _numbers(self, asked: Any) -> list[int]:
        return [number for number in self._session.exec(asked) if number is not None]

    def _cancel(self, ids: Sequence[int], *, now: datetime, why: str) -> None:
        self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(ids))
            .values(state=State.CANCELLED.value, detail=why, ended_at=now)
            .execution_options(synchronize_session=False)
        )
