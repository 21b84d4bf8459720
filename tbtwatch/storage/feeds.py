"""Secret links to calendars and feeds, what they show, and the events that were shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from tbtwatch.storage.alerts import StoredAlert, stored_alert
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.rows import (
    AlertRow,
    CalendarEventRow,
    EnterpriseRow,
    FeedRow,
    MeasureRow,
    SubscriptionRow,
)

_AT_ONCE = 500  # values in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A secret link."""

    id: int
    enterprise_id: int
    enterprise: str
    subscription_id: int | None  #: None: all of the enterprise
    language: str
    name: str
    made_at: datetime
    made_by: str
    revoked_at: datetime | None
    revoked_by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A day of a measure as calendars were last shown it."""

    measure_id: int
    kind: str
    day: date
    status: str
    sequence: int
    stamped_at: datetime


class Feeds:
    """Secret links inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        token: str,
        *,
        enterprise_id: int,
        subscription_id: int | None,
        language: str,
        name: str,
        by: str,
        now: datetime,
    ) -> int:
        """Remember a link by the hash of its token; its number."""
        row = FeedRow(
            token_hash=hash_of(token),
            enterprise_id=enterprise_id,
            subscription_id=subscription_id,
            language=language,
            name=name,
            made_at=now,
            made_by=by,
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def by_token(self, token: str) -> Feed | None:
        """The link of this token, revoked or not. One look for any token, whether there is one or not."""
        return self._one(col(FeedRow.token_hash) == hash_of(token))

    def get(self, id: int) -> Feed:
        """A link by its number. Raises LookupError."""
        found = self._one(col(FeedRow.id) == id) if 0 < id <= LARGEST else None
        if found is None:
            raise LookupError(f"there is no feed {id}; `tbtwatch feed list` lists them")
        return found

    def _one(self, which: ColumnElement[bool]) -> Feed | None:
        found = self._session.exec(
            select(FeedRow, EnterpriseRow.name)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(FeedRow.enterprise_id))
            .where(which)
            .execution_options(populate_existing=True)
        ).first()
        return None if found is None else _feed(*found)

    def all(self) -> list[Feed]:
        """All links, revoked ones too, the oldest first."""
        rows = self._session.exec(
            select(FeedRow, EnterpriseRow.name)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(FeedRow.enterprise_id))
            .order_by(col(FeedRow.id))
        )
        return [_feed(row, name) for row, name in rows]

    def of_subscription(self, id: int) -> list[Feed]:
        """The links of a subscription that show something, the newest first."""
        rows = self._session.exec(
            select(FeedRow, EnterpriseRow.name)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(FeedRow.enterprise_id))
            .where(FeedRow.subscription_id == id, col(FeedRow.revoked_at).is_(None))
            .order_by(col(FeedRow.id).desc())
        )
        return [_feed(row, name) for row, name in rows]

    def revoke(self, id: int, *, by: str, why: str, now: datetime) -> bool:
        """The link shows nothing more; False if it was revoked before. Raises LookupError."""
        if self.get(id).revoked_at is not None:
            return False
        row = self._session.get(FeedRow, id)
        assert row is not None
        row.revoked_at, row.revoked_by, row.why = now, by, why
        self._session.add(row)
        self._session.flush()
        return True

    # --- what it shows

    def state(self, feed: Feed) -> tuple[object, ...]:
        """What differs whenever anything that the link shows is another."""
        told = self._session.exec(
            select(
                func.count(),
                func.max(AlertRow.id),
                func.count(col(AlertRow.withdrawn_at)),
                func.max(MeasureRow.revised_at),
            )
            .select_from(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .join(MeasureRow, col(MeasureRow.id) == col(AlertRow.measure_id))
            .where(*_of(feed))
        ).one()
        return (feed.id, *told)

    def measures(self, feed: Feed, *, limit: int) -> list[int]:
        """The measures that those of the link were told of and that were not taken back; of many the newest."""
        rows = self._session.exec(
            select(AlertRow.measure_id)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(*_of(feed), col(AlertRow.withdrawn_at).is_(None))
            .group_by(col(AlertRow.measure_id))
            .order_by(func.max(AlertRow.id).desc())
            .limit(limit)
        )
        return sorted(rows)

    def alerts(self, feed: Feed, *, limit: int) -> list[StoredAlert]:
        """What those of the link were told last, newest first, not what was taken back."""
        rows = self._session.exec(
            select(AlertRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(*_of(feed), col(AlertRow.withdrawn_at).is_(None))
            .order_by(col(AlertRow.id).desc())
            .limit(limit)
        )
        return [stored_alert(row) for row in rows]

    def last_told(self, feed: Feed, measures: Sequence[int]) -> dict[int, StoredAlert]:
        """What those of the link were told last of each of these measures, and was not taken back."""
        found: dict[int, StoredAlert] = {}
        for start in range(0, len(measures), _AT_ONCE):
            newest = (
                select(func.max(AlertRow.id))
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
                .where(
                    *_of(feed),
                    col(AlertRow.withdrawn_at).is_(None),
                    col(AlertRow.measure_id).in_(measures[start : start + _AT_ONCE]),
                )
                .group_by(col(AlertRow.measure_id))
            )
            for row in self._session.exec(select(AlertRow).where(col(AlertRow.id).in_(newest))):
                found[row.measure_id] = stored_alert(row)
        return found

    def events(self, measures: Sequence[int]) -> dict[tuple[int, str], StoredEvent]:
        """The events of these measures as calendars were last shown them, by measure and kind."""
        found: dict[tuple[int, str], StoredEvent] = {}
        for start in range(0, len(measures), _AT_ONCE):
            for row in self._session.exec(
                select(CalendarEventRow)
                .where(col(CalendarEventRow.measure_id).in_(measures[start : start + _AT_ONCE]))
                .execution_options(populate_existing=True)
            ):
                found[row.measure_id, row.kind] = StoredEvent(
                    measure_id=row.measure_id,
                    kind=row.kind,
                    day=row.day,
                    status=row.status,
                    sequence=row.sequence,
                    stamped_at=row.stamped_at,
                )
        return found

    def show(self, event: StoredEvent) -> None:
        """Write down how calendars are shown an event from now on."""
        row = self._session.get(CalendarEventRow, (event.measure_id, event.kind)) or CalendarEventRow(
            measure_id=event.measure_id, kind=event.kind, day=event.day, status=event.status
        )
        row.day, row.status, row.sequence, row.stamped_at = event.day, event.status, event.sequence, event.stamped_at
        self._session.add(row)
        self._session.flush()


def hash_of(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(f"feed:{token}".encode("utf-8", "replace")).hexdigest()


def _of(feed: Feed) -> list[ColumnElement[bool]]:
    """The live subscriptions of a link."""
    live = col(SubscriptionRow.ended_at).is_(None)
    if feed.subscription_id is not None:
        return [live, col(SubscriptionRow.id) == feed.subscription_id]
    return [live, col(SubscriptionRow.enterprise_id) == feed.enterprise_id]


def _feed(row: FeedRow, enterprise: str) -> Feed:
    assert row.id is not None
    return Feed(
        id=row.id,
        enterprise_id=row.enterprise_id,
        enterprise=enterprise,
        subscription_id=row.subscription_id,
        language=row.language,
        name=row.name,
        made_at=row.made_at,
        made_by=row.made_by,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        why=row.why,
    )
