"""Reminders wanted, reminders told, and what somebody has dealt with.

reminder_wish: one live wish of a subscription. reminder_round: one round for a measure, its deadline and a distance.
reminder_request: one of a subscription for a measure.
reminder: nobody is told the same reminder twice. handled: one live word of an enterprise on a measure.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from tbtwatch.storage.columns import BIG, Row, index_where, instant, key, link, long_text, plain_list


class ReminderWishRow(Row, table=True):
    """How many days before an act-by date a subscription is reminded. It ends; the next one is another row."""

    __tablename__ = "reminder_wish"
    id: int | None = key()
    subscription_id: int = link("subscription.id")
    distances: Any = plain_list()
    since: datetime = instant()
    wished_by: str = ""
    why: str = long_text()
    ended_at: datetime | None = instant(nullable=True)
    __table_args__ = (
        Index(
            "uq_reminder_wish_live",
            "subscription_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ReminderRequestRow(Row, table=True):
    """How many days before the act-by date of one measure a subscription is reminded, beside what it wishes of all."""

    __tablename__ = "reminder_request"
    subscription_id: int = link("subscription.id", primary_key=True)
    measure_id: int = Field(sa_column=Column(BIG, ForeignKey("measure.id"), primary_key=True, index=True))
    distances: Any = plain_list()
    since: datetime = instant()
    asked_by: str = ""


class ReminderRoundRow(Row, table=True):
    """All who were to be reminded of a measure's deadline at this distance have been, or are not any more."""

    __tablename__ = "reminder_round"
    measure_id: int = link("measure.id", primary_key=True)
    deadline: date = Field(primary_key=True)
    distance: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ran_at: datetime = instant()


class ReminderRow(Row, table=True):
    """One reminder of one subscription, and how it ended."""

    __tablename__ = "reminder"
    id: int | None = key()
    subscription_id: int = link("subscription.id")
    measure_id: int = link("measure.id")
    deadline: date
    distance: int
    planned_at: datetime = instant()
    state: str
    settled_at: datetime = instant()
    __table_args__ = (
        UniqueConstraint("subscription_id", "measure_id", "deadline", "distance"),
        index_where("ix_reminder_held", "measure_id", where="state = 'held'"),
    )


class ReminderDeliveryRow(Row, table=True):
    """Which reminders a message tells."""

    __tablename__ = "reminder_delivery"
    delivery_id: int = link("delivery.id", primary_key=True)
    reminder_id: int = link("reminder.id", primary_key=True)


class HandledRow(Row, table=True):
    """An enterprise has dealt with a measure: nobody of it is reminded any more."""

    __tablename__ = "handled"
    id: int | None = key()
    enterprise_id: int = link("enterprise.id")
    measure_id: int = link("measure.id")
    handled_at: datetime = instant()
    handled_by: str
    why: str = long_text()
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str = ""
    end_reason: str = long_text()
    __table_args__ = (
        Index(
            "uq_handled_live",
            "enterprise_id",
            "measure_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
