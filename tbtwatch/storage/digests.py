"""Digest runs: one row for one window of those who want their weeks from one weekday in one zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, literal, text
from sqlmodel import Session, col, select

from subscriptions.criteria import Frequency
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.locks import SUBSCRIPTIONS_LOCK, hold
from tbtwatch.storage.rows import AlertRow, DeliveryRow, DigestRunRow, SubscriptionRow
from tbtwatch.storage.ways import tells_by


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """Those whose digests are cut alike."""

    frequency: Frequency
    zone: str = ""  #: IANA name; empty: the installation's
    weekday: int = 0  #: with which a week begins; of a day always 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRun:
    """A window whose digests were written."""

    id: int
    frequency: Frequency
    starts_at: datetime
    ends_at: datetime
    number: int
    ran_at: datetime
    zone: str = ""
    weekday: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """How far the digests of a slot are."""

    slot: Slot
    last_ends_at: datetime | None  #: where the window that was run last ends
    waits_since: datetime | None  #: when the oldest alert that no digest holds was raised
    asked_since: datetime | None  #: since when somebody wants a digest also when nothing is new


class Digests:
    """Digest runs inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self,
        *,
        frequency: Frequency,
        starts_at: datetime,
        ends_at: datetime,
        number: int,
        now: datetime,
        zone: str = "",
        weekday: int = 0,
    ) -> int | None:
        """Claim a window; None if it was run already. No subscription starts or ends until this transaction is over."""
        hold(self._session, SUBSCRIPTIONS_LOCK, shared=True)
        values = {
            "frequency": frequency.value,
            "zone": zone,
            "weekday": weekday,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "number": number,
            "ran_at": now,
        }
        id_: int | None = insert_if_new(
            self._session,
            DigestRunRow,
            values,
            unique=("frequency", "zone", "weekday", "starts_at"),
            returning=col(DigestRunRow.id),
        )
        return id_

    def slots(
        self, frequency: Frequency, *, by_way: Mapping[tuple[str, int], datetime] = MappingProxyType({})
    ) -> list[SlotState]:
        """How far all slots of a frequency are: where a digest was written, one is owed, or one is wanted.

        `by_way`: since when something waits that is owed by ways, by zone and weekday.
        """
        day = weekday_of(frequency)
        ran = {
            (zone, weekday): ends_at
            for zone, weekday, ends_at in self._session.exec(
                select(DigestRunRow.zone, DigestRunRow.weekday, func.max(DigestRunRow.ends_at))
                .where(DigestRunRow.frequency == frequency.value)
                .group_by(DigestRunRow.zone, col(DigestRunRow.weekday))
            )
        }
        waits = {
            (zone, weekday): since
            for zone, weekday, since in self._session.exec(
                select(SubscriptionRow.zone, day, func.min(AlertRow.created_at))
                .select_from(AlertRow)
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
                .where(
                    AlertRow.frequency == frequency.value,
                    ~col(AlertRow.by_way),
                    col(AlertRow.digest_run_id).is_(None),
                    col(AlertRow.withdrawn_at).is_(None),
                    col(SubscriptionRow.ended_at).is_(None),
                )
                .group_by(SubscriptionRow.zone, day)
            )
        }
        for place, first in by_way.items():
            waits[place] = min(first, waits.get(place, first))
        since = func.coalesce(col(SubscriptionRow.version_since), col(SubscriptionRow.started_at))
        asked = {
            (zone, weekday): first
            for zone, weekday, first in self._session.exec(
                select(SubscriptionRow.zone, day, func.min(since))
                .where(
                    tells_by(frequency),
                    text("subscription.nothing_new"),  # as it stands in the index
                    col(SubscriptionRow.ended_at).is_(None),
                )
                .group_by(SubscriptionRow.zone, day)
            )
        }
        return [
            SlotState(
                slot=Slot(frequency=frequency, zone=zone, weekday=weekday),
                last_ends_at=ran.get((zone, weekday)),
                waits_since=waits.get((zone, weekday)),
                asked_since=asked.get((zone, weekday)),
            )
            for zone, weekday in sorted(ran.keys() | waits.keys() | asked.keys())
        ]

    def last(self, slot: Slot) -> DigestRun | None:
        """The run of a slot whose window ends last."""
        row = self._session.exec(
            select(DigestRunRow)
            .where(
                DigestRunRow.frequency == slot.frequency.value,
                DigestRunRow.zone == slot.zone,
                DigestRunRow.weekday == slot.weekday,
            )
            .order_by(col(DigestRunRow.ends_at).desc())
            .limit(1)
        ).first()
        return None if row is None else _run(row)

    def get(self, id: int) -> DigestRun | None:
        """A run by its number."""
        row = self._session.get(DigestRunRow, id) if 0 < id <= LARGEST else None
        return None if row is None else _run(row)

    def recent(self, *, limit: int) -> list[tuple[DigestRun, int]]:
        """The runs in which anybody was written to, newest first, and how many were."""
        rows = self._session.exec(
            select(DigestRunRow, func.count())
            .join(DeliveryRow, col(DeliveryRow.digest_run_id) == col(DigestRunRow.id))
            .where(DeliveryRow.kind == "digest")
            .group_by(col(DigestRunRow.id))
            .order_by(col(DigestRunRow.id).desc())
            .limit(limit)
        )
        return [(_run(row), number) for row, number in rows]


def weekday_of(frequency: Frequency) -> Any:
    """The weekday that a subscription's digests are cut by: of days it does not matter."""
    return col(SubscriptionRow.weekday) if frequency is Frequency.WEEKLY else literal(0)


def _run(row: DigestRunRow) -> DigestRun:
    assert row.id is not None
    return DigestRun(
        id=row.id,
        frequency=Frequency(row.frequency),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        number=row.number,
        ran_at=row.ran_at,
        zone=row.zone,
        weekday=row.weekday,
    )
