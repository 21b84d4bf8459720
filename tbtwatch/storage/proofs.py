"""What is on record of one measure and one enterprise: what it was owed, each message, each attempt, and the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from subscriptions.criteria import Subscription
from tbtwatch.storage.alerts import Alerts, StoredAlert
from tbtwatch.storage.health import Gap
from tbtwatch.storage.health_rows import GapRow
from tbtwatch.storage.rows import (
    AttemptRow,
    DeliveryAlertRow,
    DeliveryRow,
    DigestRunRow,
    EnterpriseRow,
    HoldRow,
    NoticeRow,
    NoticeVersionRow,
    SubscriptionRow,
)
from tbtwatch.storage.subscriptions import Subscriptions
from tbtwatch.storage.types import from_row


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAttempt:
    """One attempt to send, as it was written down."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMessage:
    """One message, all that was tried with it, and which alerts it tells."""

    id: int
    kind: str
    channel: str
    target: str
    subject: str
    message_id: str
    state: str
    reason: str
    detail: str
    written_at: datetime
    due_at: datetime
    ended_at: datetime | None
    digest: int | None  #: the number of the digest it is
    alerts: tuple[int, ...]
    attempts: tuple[RecordedAttempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNotice:
    """When a document was first held here, and which sources carry it."""

    id: int
    recorded_at: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHold:
    """A decision of staff that kept news back."""

    id: int
    held_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str
    reason: str


class Proofs:
    """The records of one measure and one enterprise, inside one transaction. Nothing is written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def names(self) -> list[str]:
        """The names of all enterprises."""
        return list(self._session.exec(select(EnterpriseRow.name).order_by(EnterpriseRow.name)))

    def subscriptions(self, enterprise_id: int) -> list[Subscription]:
        """All that an enterprise asks or asked, ended ones too, oldest first."""
        ids = self._session.exec(
            select(SubscriptionRow.id)
            .where(SubscriptionRow.enterprise_id == enterprise_id)
            .order_by(col(SubscriptionRow.id))
        ).all()
        subscriptions = Subscriptions(self._session)
        return [subscriptions.get(id_) for id_ in ids if id_ is not None]

    def alerts(self, subscriptions: Sequence[int], measure_id: int) -> list[StoredAlert]:
        """What these subscriptions were owed of a measure, oldest first."""
        alerts = Alerts(self._session)
        found = [alert for subscription in subscriptions for alert in alerts.of_subscription(subscription, measure_id)]
        return sorted(found, key=lambda alert: alert.id)

    def messages(self, alerts: Sequence[int]) -> list[RecordedMessage]:
        """The messages that tell these alerts, or speak of what they told, in the order in which they were written."""
        told: dict[int, list[int]] = {}
        for delivery, alert in self._session.exec(
            select(DeliveryAlertRow.delivery_id, DeliveryAlertRow.alert_id)
            .where(col(DeliveryAlertRow.alert_id).in_(alerts))
            .order_by(col(DeliveryAlertRow.alert_id))
        ):
            told.setdefault(delivery, []).append(alert)
        attempts: dict[int, list[RecordedAttempt]] = {}
        for row in self._session.exec(
            select(AttemptRow).where(col(AttemptRow.delivery_id).in_(told)).order_by(col(AttemptRow.id))
        ):
            attempts.setdefault(row.delivery_id, []).append(from_row(RecordedAttempt, row))
        rows = self._session.exec(
            select(DeliveryRow, DigestRunRow.number)
            .outerjoin(DigestRunRow, col(DigestRunRow.id) == col(DeliveryRow.digest_run_id))
            .where(col(DeliveryRow.id).in_(told))
            .order_by(col(DeliveryRow.id))
        )
        return [
            RecordedMessage(
                id=row.id or 0,
                kind=row.kind,
                channel=row.channel,
                target=row.target,
                subject=row.message.get("subject", ""),
                message_id=row.message.get("message_id", ""),
                state=row.state,
                reason=row.reason,
                detail=row.detail,
                written_at=row.created_at,
                due_at=row.due_at,
                ended_at=row.ended_at,
                digest=number,
                alerts=tuple(told[row.id or 0]),
                attempts=tuple(attempts.get(row.id or 0, ())),
            )
            for row, number in rows
        ]

    def notices(self, measure_id: int) -> dict[int, RecordedNotice]:
        """When each document of a measure was recorded, and from where."""
        sources: dict[int, list[str]] = {}
        for notice, source in self._session.exec(
            select(NoticeVersionRow.notice_id, NoticeVersionRow.source)
            .join(NoticeRow, col(NoticeRow.id) == col(NoticeVersionRow.notice_id))
            .where(NoticeRow.measure_id == measure_id)
            .order_by(NoticeVersionRow.source)
        ):
            if source not in sources.setdefault(notice, []):
                sources[notice].append(source)
        rows = self._session.exec(select(NoticeRow.id, NoticeRow.recorded_at).where(NoticeRow.measure_id == measure_id))
        return {
            id_: RecordedNotice(id=id_, recorded_at=recorded_at, sources=tuple(sources.get(id_, ())))
            for id_, recorded_at in rows
            if id_ is not None
        }

    def holds(self, ids: Sequence[int]) -> dict[int, RecordedHold]:
        """What kept news back, by number."""
        rows = self._session.exec(select(HoldRow).where(col(HoldRow.id).in_(ids)))
        return {row.id or 0: from_row(RecordedHold, row) for row in rows}

    def gaps(self, sources: Sequence[str], *, since: datetime, until: datetime) -> list[Gap]:
        """The times in which these sources were not read, as far as they lie between two instants."""
        rows = self._session.exec(
            select(GapRow)
            .where(
                col(GapRow.source).in_(sources),
                GapRow.since <= until,
                or_(col(GapRow.closed_at).is_(None), col(GapRow.closed_at) >= since),
            )
            .order_by(col(GapRow.since), col(GapRow.id))
        )
        return [from_row(Gap, row) for row in rows]
