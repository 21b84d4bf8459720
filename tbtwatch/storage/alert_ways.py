"""Where alerts of subscriptions with ways are owed, and how soon: a row for each alert and address.

A row says that the address is owed the news, not that it was told: that is what the outbox says. One that is told in a
digest waits until a run has it; one that is told at once waits while no message tells it (a pause holds it back).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, update
from sqlmodel import Session, col, select

from notifiers.outcome import State
from rules.classification import Grade
from subscriptions.criteria import Address, Frequency
from tbtwatch.storage.digests import Slot, weekday_of
from tbtwatch.storage.inserting import insert_those_new
from tbtwatch.storage.pauses import not_held
from tbtwatch.storage.rows import (
    AlertRow,
    AlertWayRow,
    DeliveryAlertRow,
    DeliveryRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)

_TELLING = ("sent", "pending", "sending")
_TOLD = ("alert", "burst", "digest", "starter")  #: kinds of deliveries by which an address knows of a measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that waits at one address: for a digest, or to be told at once."""

    alert: int
    address: Address
    frequency: Frequency
    grade: Grade
    label: str


class AlertWays:
    """Rows of `alert_way`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def owe(self, owed: Mapping[int, Mapping[Address, Frequency]]) -> None:
        """These alerts are owed at these addresses, so soon; where one is owed already it stays as it is."""
        write_alert_ways(self._session, owed)
        for some in _parts(sorted(owed)):
            self._update(AlertRow, (col(AlertRow.id).in_(some),), by_way=True)

    def of(self, alerts: Iterable[int]) -> dict[int, dict[Address, Frequency]]:
        """Where these alerts are owed, and how soon; those that are owed everywhere are left out."""
        found: dict[int, dict[Address, Frequency]] = {}
        for some in _parts(sorted(set(alerts))):
            asked = select(AlertWayRow).where(col(AlertWayRow.alert_id).in_(some))
            for row in self._session.exec(asked.execution_options(populate_existing=True)):
                found.setdefault(row.alert_id, {})[_address(row)] = Frequency(row.frequency)
        return found

    def waiting(self, subscription: int) -> list[Waiting]:
        """What of a subscription waits: for a digest, or to be told at once and is in no message; oldest first."""
        asked = (
            select(AlertWayRow, AlertRow)
            .join(AlertRow, col(AlertRow.id) == col(AlertWayRow.alert_id))
            .where(
                AlertRow.subscription_id == subscription,
                col(AlertRow.withdrawn_at).is_(None),
                col(AlertWayRow.digest_run_id).is_(None),
                (col(AlertWayRow.frequency) != Frequency.IMMEDIATE.value) | ~_told_there(),
            )
            .order_by(col(AlertRow.id), AlertWayRow.channel, AlertWayRow.target)
            .execution_options(populate_existing=True)
        )
        return [
            Waiting(
                alert=way.alert_id,
                address=_address(way),
                frequency=Frequency(way.frequency),
                grade=Grade(alert.grade),
                label=alert.label,
            )
            for way, alert in self._session.exec(asked)
        ]

    def to_tell_at_once(self, subscription: int) -> dict[Address, list[int]]:
        """By address that it has: what is owed there at once, that no message tells and no pause holds back."""
        asked = (
            select(AlertWayRow)
            .join(AlertRow, col(AlertRow.id) == col(AlertWayRow.alert_id))
            .where(
                AlertRow.subscription_id == subscription,
                AlertWayRow.frequency == Frequency.IMMEDIATE.value,
                col(AlertRow.withdrawn_at).is_(None),
                _still_answered(),
                not_held(),
                ~_told_there(),
            )
            .order_by(col(AlertWayRow.alert_id))
            .execution_options(populate_existing=True)
        )
        found: dict[Address, list[int]] = {}
        for row in self._session.exec(asked):
            found.setdefault(_address(row), []).append(row.alert_id)
        return found

    def for_digest(self, slot: Slot, *, before: datetime) -> dict[int, tuple[Address, ...]]:
        """The alerts that a digest of the slot is to tell, and at which addresses; as `Alerts.for_digest`."""
        asked = (
            select(AlertWayRow)
            .join(AlertRow, col(AlertRow.id) == col(AlertWayRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                *_in_no_digest(slot.frequency),
                AlertRow.created_at < before,
                SubscriptionRow.zone == slot.zone,
                not_held(),
            )
            .order_by(col(AlertWayRow.alert_id), AlertWayRow.channel, AlertWayRow.target)
            .execution_options(populate_existing=True)
        )
        if slot.frequency is Frequency.WEEKLY:
            asked = asked.where(SubscriptionRow.weekday == slot.weekday)
        found: dict[int, list[Address]] = {}
        for row in self._session.exec(asked):
            found.setdefault(row.alert_id, []).append(_address(row))
        return {alert: tuple(several) for alert, several in found.items()}

    def put_in_digest(self, placed: Mapping[int, Sequence[Address]], run: int) -> None:
        """What is owed of these alerts at these addresses is told by that digest run."""
        by_address: dict[Address, list[int]] = {}
        for alert, addresses in placed.items():
            for address in addresses:
                by_address.setdefault(address, []).append(alert)
        for address, alerts in by_address.items():
            for some in _parts(alerts):
                self._update(AlertWayRow, (*_at(address), col(AlertWayRow.alert_id).in_(some)), digest_run_id=run)
        for some in _parts(sorted(placed)):
            self._update(AlertRow, (col(AlertRow.id).in_(some),), digest_run_id=run)

    def waits_since(self, frequency: Frequency) -> dict[tuple[str, int], datetime]:
        """Since when something waits for a digest, by zone and weekday."""
        weekday = weekday_of(frequency)
        rows = self._session.exec(
            select(SubscriptionRow.zone, weekday, func.min(AlertRow.created_at))
            .select_from(AlertWayRow)
            .join(AlertRow, col(AlertRow.id) == col(AlertWayRow.alert_id))
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(*_in_no_digest(frequency))
            .group_by(SubscriptionRow.zone, weekday)
        )
        return {(zone, day): since for zone, day, since in rows}

    def waiting_for_digest(self) -> dict[Frequency, int]:
        """How many alerts that are owed by ways wait for the next digest."""
        found = {}
        for frequency in (Frequency.DAILY, Frequency.WEEKLY):
            asked = (
                select(func.count(func.distinct(col(AlertWayRow.alert_id))))
                .select_from(AlertWayRow)
                .join(AlertRow, col(AlertRow.id) == col(AlertWayRow.alert_id))
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
                .where(*_in_no_digest(frequency))
            )
            if number := self._session.exec(asked).one():
                found[frequency] = number
        return found

    def owed_of(self, measure: int, subscriptions: Iterable[int]) -> dict[int, set[Address]]:
        """Where each of these subscriptions was told of the measure, or is owed it."""
        found: dict[int, set[Address]] = {}
        for some in _parts(sorted(set(subscriptions))):
            stands = (
                AlertRow.measure_id == measure,
                col(AlertRow.subscription_id).in_(some),
                col(AlertRow.withdrawn_at).is_(None),
            )
            owed = select(AlertRow.subscription_id, AlertWayRow.channel, AlertWayRow.target)
            told = select(AlertRow.subscription_id, DeliveryRow.channel, DeliveryRow.target)
            for asked in (
                owed.join(AlertWayRow, col(AlertWayRow.alert_id) == col(AlertRow.id)).where(*stands),
                told.join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
                .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
                .where(*stands, col(DeliveryRow.state).in_(_TELLING), col(DeliveryRow.kind).in_(_TOLD)),
            ):
                for subscription, channel, target in self._session.exec(asked.distinct()):
                    found.setdefault(subscription, set()).add(Address(channel=channel, target=target))
        return found

    def any_of(self, subscription: int) -> bool:
        """Whether the subscription had alerts that were owed by ways."""
        asked = select(AlertRow.id).where(AlertRow.subscription_id == subscription, col(AlertRow.by_way)).limit(1)
        return self._session.exec(asked).first() is not None

    # --- changes

    def place(self, alert: int, address: Address, frequency: Frequency) -> None:
        """It is owed there, so soon; it is in no digest."""
        self.owe({alert: {address: frequency}})
        which = (*_at(address), col(AlertWayRow.alert_id) == alert)
        self._update(AlertWayRow, which, frequency=frequency.value, digest_run_id=None)

    def drop(self, waiting: Iterable[Waiting]) -> None:
        """It is owed there no more."""
        for one in waiting:
            self._delete(*_at(one.address), col(AlertWayRow.alert_id) == one.alert)

    def out_of_digest(self, deliveries: Sequence[int]) -> None:
        """These messages are taken back: what they tell at their addresses is in no digest any more."""
        told = exists().where(
            col(DeliveryAlertRow.alert_id) == col(AlertWayRow.alert_id),
            col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id),
            col(DeliveryRow.id).in_(deliveries),
            col(DeliveryRow.channel) == col(AlertWayRow.channel),
            col(DeliveryRow.target) == col(AlertWayRow.target),
        )
        self._update(AlertWayRow, (col(AlertWayRow.digest_run_id).is_not(None), told), digest_run_id=None)

    def move_target(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: what is owed to the old one is the new one's."""
        there = select(AlertWayRow.alert_id).where(AlertWayRow.channel == channel, AlertWayRow.target == new)
        at_old = _at(Address(channel=channel, target=old))
        self._delete(*at_old, col(AlertWayRow.alert_id).in_(there))
        self._update(AlertWayRow, at_old, target=new)

    def forget(self, alerts: Sequence[int], address: Address | None = None) -> None:
        """These are owed at this address no more, or nowhere."""
        at = () if address is None else _at(address)
        for some in _parts(alerts):
            self._delete(*at, col(AlertWayRow.alert_id).in_(some))

    def leave(self, subscription: int, address: Address) -> None:
        """What no message to this address tells is owed to the subscription there no more."""
        its = select(AlertRow.id).where(AlertRow.subscription_id == subscription)
        self._delete(*_at(address), col(AlertWayRow.alert_id).in_(its), ~_told_there())

    def _update(self, table: type[Any], which: Sequence[Any], **values: Any) -> None:
        self._session.exec(update(table).where(*which).values(**values).execution_options(synchronize_session=False))

    def _delete(self, *which: Any) -> None:
        self._session.exec(delete(AlertWayRow).where(*which).execution_options(synchronize_session=False))


def write_alert_ways(session: Session, owed: Mapping[int, Mapping[Address, Frequency]]) -> None:
    """Write where these alerts are owed, and how soon."""
    rows = [
        {
            "alert_id": alert,
            "channel": address.channel,
            "target": address.target,
            "frequency": frequency.value,
            "digest_run_id": None,
        }
        for alert, places in owed.items()
        for address, frequency in places.items()
    ]
    unique = ("alert_id", "channel", "target")
    insert_those_new(session, AlertWayRow, rows, unique=unique, returning=(col(AlertWayRow.alert_id),))


def _told_there() -> Any:
    """Of rows: whether a message to their address tells their alert, or was given up."""
    return exists().where(
        col(DeliveryAlertRow.alert_id) == col(AlertWayRow.alert_id),
        col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id),
        col(DeliveryRow.channel) == col(AlertWayRow.channel),
        col(DeliveryRow.target) == col(AlertWayRow.target),
        col(DeliveryRow.state) != State.CANCELLED.value,
    )


def _still_answered() -> Any:
    """Of rows and their alerts: whether the subscription is answered at the address."""
    return exists().where(
        col(SubscriptionAddressRow.subscription_id) == col(AlertRow.subscription_id),
        col(SubscriptionAddressRow.channel) == col(AlertWayRow.channel),
        col(SubscriptionAddressRow.target) == col(AlertWayRow.target),
    )


def _in_no_digest(frequency: Frequency) -> tuple[Any, ...]:
    """Of rows, their alerts and subscriptions: whether they wait for a digest of that frequency."""
    return (
        col(AlertWayRow.frequency) == frequency.value,
        col(AlertWayRow.frequency) != Frequency.IMMEDIATE.value,
        col(AlertWayRow.digest_run_id).is_(None),
        col(AlertRow.withdrawn_at).is_(None),
        col(SubscriptionRow.ended_at).is_(None),
        _still_answered(),
    )


def _at(address: Address) -> tuple[Any, ...]:
    return col(AlertWayRow.channel) == address.channel, col(AlertWayRow.target) == address.target


def _address(row: AlertWayRow) -> Address:
    return Address(channel=row.channel, target=row.target)


def _parts(several: Sequence[int]) -> Iterable[Sequence[int]]:
    return (several[start : start + 500] for start in range(0, len(several), 500))
