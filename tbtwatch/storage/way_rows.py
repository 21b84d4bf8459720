"""Tables about ways: how soon news of which grade reaches an address, and where a piece of news is owed by them."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, link


class SubscriptionWayRow(Row, table=True):
    """A way of a subscription to one of its addresses. Without any at all, its frequency counts everywhere."""

    __tablename__ = "subscription_way"
    subscription_id: int = link("subscription.id", primary_key=True)
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    grade: str = Field(primary_key=True)
    frequency: str


class AlertWayRow(Row, table=True):
    """Where an alert is owed, and how soon, of a subscription with ways. What was told is what the outbox says."""

    __tablename__ = "alert_way"
    alert_id: int = link("alert.id", primary_key=True)
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    frequency: str
    digest_run_id: int | None = link("digest_run.id", nullable=True)
    __table_args__ = (
        Index(
            "ix_alert_way_in_no_digest",
            "frequency",
            sqlite_where=text("digest_run_id IS NULL AND frequency <> 'immediate'"),
            postgresql_where=text("digest_run_id IS NULL AND frequency <> 'immediate'"),
        ),
    )
