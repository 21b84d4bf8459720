"""Tables about the life of a subscription: how it stood before it was changed, and when it was to be silent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain, plain_list


class SubscriptionVersionRow(Row, table=True):
    """A version of a subscription that a change has ended. The one in force is the subscription's own row."""

    __tablename__ = "subscription_version"
    subscription_id: int = link("subscription.id", primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    criteria: Any = plain()
    frequency: str
    language: str
    addresses: Any = plain_list()
    ways: Any = plain_list()
    rhythm: Any = plain()
    since: datetime = instant()
    until: datetime = instant(index=True)
    why: str = long_text()  #: it was changed
    by: str = ""


class PauseRow(Row, table=True):
    """A time in which a subscription is told nothing, or nothing of one measure. `released_at`: it is over."""

    __tablename__ = "pause"
    id: int | None = key()
    subscription_id: int = link("subscription.id")
    measure_id: int | None = link("measure.id", nullable=True, index=False)
    started_at: datetime = instant()
    until: datetime = instant()
    why: str = long_text()
    by: str
    released_at: datetime | None = instant(nullable=True)
    released_by: str = ""
    news: int = 0  #: pieces that came meanwhile
    to_hear: Any = plain_list()  #: the addresses that are still to hear of it, in the first message after
    __table_args__ = (
        Index(
            "ix_pause_holding",
            "until",
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )
