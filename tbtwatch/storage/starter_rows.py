"""Tables about the beginning of a subscription: what it was expected to bring, and the starter it is owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, link, long_text, plain


class StarterRow(Row, table=True):
    """A starter that an address of a subscription is or was owed. `settled_at`: it was written, or is not wanted."""

    __tablename__ = "starter"
    subscription_id: int = link("subscription.id", primary_key=True)
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    owed_at: datetime = instant()
    settled_at: datetime | None = instant(nullable=True)
    outcome: str = ""  #: "written", or why it was not
    told: int = 0  #: measures in it
    more: int = 0  #: that fitted and had no room
    before: int = 0  #: that fitted and that this address knew already
    delivery_id: int | None = link("delivery.id", nullable=True)
    __table_args__ = (
        Index(
            "ix_starter_owed",
            "subscription_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )


class ForecastRow(Row, table=True):
    """What a version of a subscription was expected to bring when it was saved. `anyway`: why beyond the limit."""

    __tablename__ = "forecast"
    subscription_id: int = link("subscription.id", primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    made_at: datetime = instant()
    value: Any = plain()
    anyway: str = long_text()
    by: str = ""
