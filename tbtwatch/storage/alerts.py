"""Alerts: news owed to subscriptions, with the receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from rules.classification import Classification
from subscriptions.criteria import Address, Frequency, Match
from tbtwatch.storage.alert_ways import write_alert_ways
from tbtwatch.storage.digests import Slot
from tbtwatch.storage.inserting import insert_those_new
from tbtwatch.storage.pauses import not_held
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    FactChangeRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)
from tbtwatch.storage.types import from_json, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Why an alert was raised: the conditions met, and what the measure was held to be about then."""

    match: Match
    classification: Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """News that is to be owed to a subscription."""

    subscription_id: int
    frequency: Frequency
    fact_change_id: int
    measure_id: int
    receipt: Receipt
    label: str = ""
    ways: Mapping[Address, Frequency] | None = None  #: where it is owed, and how soon; None: everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert as stored."""

    id: int
    subscription_id: int
    fact_change_id: int
    measure_id: int
    frequency: Frequency
    receipt: Receipt
    created_at: datetime
    digest_run_id: int | None
    label: str = ""  #: "late"; empty: told in time
    withdrawn_at: datetime | None = None  #: taken back: corrected, or not sent for being wrong
    by_way: bool = False  #: where it is owed, and how soon, stands in `alert_way`


#: Kinds of deliveries that tell no fact, but speak of what was told.
SECOND_THOUGHTS = ("correction", "reinstated")
TELLING = ("sent", "pending", "sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A message that tells an alert, or was to."""

    delivery: int
    alert: int
    kind: str
    channel: str
    target: str
    state: str
    at: datetime  #: when it was sent; of one that was not, when it was written


class Alerts:
    """Alerts inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        subscription_id: int,
        frequency: Frequency,
        fact_change_id: int,
        measure_id: int,
        receipt: Receipt,
        now: datetime,
        label: str = "",
        ways: Mapping[Address, Frequency] | None = None,
    ) -> int | None:
        """Owe the news to the subscription; None if it is owed already."""
        new = NewAlert(
            subscription_id=subscription_id,
            frequency=frequency,
            fact_change_id=fact_change_id,
            measure_id=measure_id,
            receipt=receipt,
            label=label,
            ways=ways,
        )
        return self.add_all([new], now=now)[0]

    def add_all(self, several: Sequence[NewAlert], *, now: datetime) -> list[int | None]:
        """Owe much news at once: the number of each in turn, None for what is owed already."""
        about: dict[int, Any] = {}  # many receipts are of one classification, which is written down once
        rows = []
        for one in several:
            classification = one.receipt.classification
            if id(classification) not in about:
                about[id(classification)] = to_json(Classification, classification)
            match = one.receipt.match
            rows.append(
                {
                    "subscription_id": one.subscription_id,
                    "subscription_version": match.version,
                    "fact_change_id": one.fact_change_id,
                    "measure_id": one.measure_id,
                    "frequency": one.frequency.value,
                    "grade": match.grade.value,
                    "receipt": {"match": to_json(Match, match), "classification": about[id(classification)]},
                    "ruleset_version": classification.ruleset_version,
                    "created_at": now,
                    "label": one.label,
                    "by_way": one.ways is not None,
                }
            )
        unique = (AlertRow.subscription_id, AlertRow.fact_change_id)
        made = insert_those_new(
            self._session,
            AlertRow,
            rows,
            unique=("subscription_id", "fact_change_id"),
            returning=(col(AlertRow.id), *unique),
        )
        numbers = {(subscription, change): id for id, subscription, change in made}
        found = [numbers.pop((one.subscription_id, one.fact_change_id), None) for one in several]
        by_way = {id: one.ways for id, one in zip(found, several, strict=True) if id is not None and one.ways}
        write_alert_ways(self._session, by_way)
        return found

    def told_of(self, measure_id: int) -> dict[int, Match]:
        """The live subscriptions that were owed news of this measure before, with their latest receipt.

        Not those whose news was taken back: they have been told that it does not concern them.
        """
        rows = self._session.exec(
            select(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                AlertRow.measure_id == measure_id,
                col(AlertRow.withdrawn_at).is_(None),
                col(SubscriptionRow.ended_at).is_(None),
            )
            .order_by(col(AlertRow.id))
        )
        return {row.subscription_id: from_json(Receipt, row.receipt).match for row in rows}

    def told_to(self, channel: str, target: str, measure_id: int) -> list[tuple[datetime, str]]:
        """When this address was told of the measure, and what: (when the message was written, change kind)."""
        rows = self._session.exec(
            select(DeliveryRow.created_at, FactChangeRow.kind)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(FactChangeRow, col(FactChangeRow.id) == col(AlertRow.fact_change_id))
            .where(
                DeliveryRow.channel == channel,
                DeliveryRow.target == target,
                AlertRow.measure_id == measure_id,
                col(DeliveryRow.state).in_(TELLING),
                col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
            )
            .distinct()
            .order_by(DeliveryRow.created_at)  # type: ignore[arg-type]
        )
        return [(when, kind) for when, kind in rows]

    def told_to_each(self, measure_id: int) -> dict[tuple[str, str], list[tuple[datetime, str]]]:
        """As `told_to`, for every address that was told of the measure: by channel and target."""
        told: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        for channel, target, when, kind in self._session.exec(
            select(DeliveryRow.channel, DeliveryRow.target, DeliveryRow.created_at, FactChangeRow.kind)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .join(FactChangeRow, col(FactChangeRow.id) == col(AlertRow.fact_change_id))
            .where(
                AlertRow.measure_id == measure_id,
                col(DeliveryRow.state).in_(TELLING),
                col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
            )
            .distinct()
            .order_by(DeliveryRow.created_at)  # type: ignore[arg-type]
        ):
            told.setdefault((channel, target), []).append((when, kind))
        return told

    def changes_told(self, channel: str, target: str, changes: Sequence[int]) -> set[int]:
        """Which of these changes a message to this address tells already."""
        rows = self._session.exec(
            select(AlertRow.fact_change_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
            .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
            .where(
                DeliveryRow.channel == channel,
                DeliveryRow.target == target,
                col(AlertRow.fact_change_id).in_(changes),
                col(DeliveryRow.state).in_(TELLING),
                col(DeliveryRow.kind).not_in(SECOND_THOUGHTS),
            )
        )
        return set(rows)

    def of_measure(self, measure_id: int) -> list[StoredAlert]:
        """What live subscriptions were owed of a measure, oldest first; also what was taken back."""
        rows = self._session.exec(
            select(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(AlertRow.measure_id == measure_id, col(SubscriptionRow.ended_at).is_(None))
            .order_by(col(AlertRow.id))
        )
        return [stored_alert(row) for row in rows]

    def measures_since(self, since: datetime) -> set[int]:
        """The measures of which anybody was owed news since then."""
        return set(self._session.exec(select(AlertRow.measure_id).where(AlertRow.created_at >= since).distinct()))

    def tellings(self, ids: Sequence[int]) -> list[Telling]:
        """The messages that tell these alerts, or were to, oldest first; not those that speak of what was told."""
        rows = self._session.exec(
            select(DeliveryRow, DeliveryAlertRow.alert_id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .where(col(DeliveryAlertRow.alert_id).in_(ids), col(DeliveryRow.kind).not_in(SECOND_THOUGHTS))
            .order_by(col(DeliveryRow.id))
            .execution_options(populate_existing=True)
        )
        return [
            Telling(
                delivery=row.id or 0,
                alert=alert,
                kind=row.kind,
                channel=row.channel,
                target=row.target,
                state=row.state,
                at=row.ended_at or row.created_at,
            )
            for row, alert in rows
        ]

    def last_word(self, channel: str, target: str, measure_id: int) -> str:
        """The kind of the last message about a measure that this address has or will have; "": it has none."""
        found = self._session.exec(
            select(DeliveryRow.kind)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .where(
                DeliveryRow.channel == channel,
                DeliveryRow.target == target,
                AlertRow.measure_id == measure_id,
                col(DeliveryRow.state).in_(TELLING),
            )
            .order_by(col(DeliveryRow.id).desc())
            .limit(1)
        ).first()
        return found or ""

    def withdraw(self, ids: Sequence[int], *, now: datetime | None) -> None:
        """Take these back; with None, they are owed again as they were."""
        self._session.exec(
            update(AlertRow)
            .where(col(AlertRow.id).in_(ids))
            .values(withdrawn_at=now)
            .execution_options(synchronize_session=False)
        )

    def owe_again(
        self, id: int, *, frequency: Frequency, receipt: Receipt, now: datetime, label: str, by_way: bool = False
    ) -> None:
        """What was taken back before it was sent is owed after all."""
        self._session.exec(
            update(AlertRow)
            .where(col(AlertRow.id) == id)
            .values(
                withdrawn_at=None,
                digest_run_id=None,
                frequency=frequency.value,
                grade=receipt.match.grade.value,
                subscription_version=receipt.match.version,
                receipt=to_json(Receipt, receipt),
                ruleset_version=receipt.classification.ruleset_version,
                created_at=now,
                label=label,
                by_way=by_way,
            )
            .execution_options(synchronize_session=False)
        )

    def for_digest(self, slot: Slot, *, before: datetime) -> list[StoredAlert]:
        """The alerts of a slot that no digest holds yet and no pause, raised before that instant for subscriptions that
        are still live."""
        asked = (
            select(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                AlertRow.frequency == slot.frequency.value,
                ~col(AlertRow.by_way),
                col(AlertRow.digest_run_id).is_(None),
                col(AlertRow.withdrawn_at).is_(None),
                AlertRow.created_at < before,
                col(SubscriptionRow.ended_at).is_(None),
                SubscriptionRow.zone == slot.zone,
                not_held(),
            )
            .order_by(col(AlertRow.id))
        )
        if slot.frequency is Frequency.WEEKLY:
            asked = asked.where(SubscriptionRow.weekday == slot.weekday)
        return [stored_alert(row) for row in self._session.exec(asked)]

    def put_in_digest(self, ids: Sequence[int], run_id: int) -> None:
        """These alerts are told by that digest run."""
        for start in range(0, len(ids), 500):
            self._session.exec(
                update(AlertRow)
                .where(col(AlertRow.id).in_(ids[start : start + 500]))
                .values(digest_run_id=run_id)
                .execution_options(synchronize_session=False)
            )

    def waiting_for_digest(self) -> dict[Frequency, int]:
        """How many alerts wait for the next digest; not those that are owed by ways."""
        rows = self._session.exec(
            select(AlertRow.frequency, func.count())
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                ~col(AlertRow.by_way),
                col(AlertRow.digest_run_id).is_(None),
                col(AlertRow.withdrawn_at).is_(None),
                AlertRow.frequency != Frequency.IMMEDIATE.value,
                col(SubscriptionRow.ended_at).is_(None),
            )
            .group_by(AlertRow.frequency)
        )
        return {Frequency(frequency): number for frequency, number in rows}

    def some(self, ids: Sequence[int]) -> list[StoredAlert]:
        """Alerts by number."""
        return [stored_alert(row) for row in self._session.exec(select(AlertRow).where(col(AlertRow.id).in_(ids)))]

    def of_subscription(self, subscription_id: int, measure_id: int) -> list[StoredAlert]:
        """The alerts a subscription had for a measure."""
        rows = self._session.exec(
            select(AlertRow)
            .where(AlertRow.subscription_id == subscription_id, AlertRow.measure_id == measure_id)
            .order_by(col(AlertRow.id))
        )
        return [stored_alert(row) for row in rows]

    def without_delivery(self, *, subscription: int | None = None, limit: int = 1000) -> list[StoredAlert]:
        """Immediate alerts of live subscriptions with an address that no delivery tells: of no pause there are none."""
        telling = (
            select(DeliveryAlertRow.alert_id)
            .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
            .where(col(DeliveryRow.state) != "cancelled", col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
        )
        asked = (
            select(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                AlertRow.frequency == Frequency.IMMEDIATE.value,
                ~col(AlertRow.by_way),
                ~telling.exists(),
                col(AlertRow.withdrawn_at).is_(None),
                col(SubscriptionRow.ended_at).is_(None),
                col(AlertRow.subscription_id).in_(select(SubscriptionAddressRow.subscription_id)),
                not_held(),
            )
            .order_by(col(AlertRow.id))
            .limit(limit)
        )
        if subscription is not None:
            asked = asked.where(AlertRow.subscription_id == subscription)
        return [stored_alert(row) for row in self._session.exec(asked)]

    def quiet_since(self, since: datetime) -> list[tuple[int, datetime | None]]:
        """The live subscriptions from before then that were owed nothing since; each with when it last was."""
        last = func.max(AlertRow.created_at)
        rows = self._session.exec(
            select(SubscriptionRow.id, last)
            .outerjoin(AlertRow, col(AlertRow.subscription_id) == col(SubscriptionRow.id))
            .where(col(SubscriptionRow.ended_at).is_(None), SubscriptionRow.started_at < since)
            .group_by(col(SubscriptionRow.id))
            .having(or_(last.is_(None), last < since))
            .order_by(col(SubscriptionRow.id))
        )
        return [(id_, at) for id_, at in rows if id_ is not None]

    def count(self) -> int:
        """How many alerts there are."""
        return self._session.exec(select(func.count()).select_from(AlertRow)).one()


def stored_alert(row: AlertRow) -> StoredAlert:
    """The alert of a row."""
    assert row.id is not None
    return StoredAlert(
        id=row.id,
        subscription_id=row.subscription_id,
        fact_change_id=row.fact_change_id,
        measure_id=row.measure_id,
        frequency=Frequency(row.frequency),
        receipt=from_json(Receipt, row.receipt),
        created_at=row.created_at,
        digest_run_id=row.digest_run_id,
        label=row.label,
        withdrawn_at=row.withdrawn_at,
        by_way=row.by_way,
    )
