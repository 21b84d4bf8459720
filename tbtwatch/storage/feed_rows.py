"""Secret links to a calendar and a feed, and the events that calendars show.

feed: a token is kept by its hash alone. calendar_event: one event of a measure and kind, whoever looks at it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text


class FeedRow(Row, table=True):
    """A secret link: what an enterprise, or one of its subscriptions, was told of. It is revoked, not deleted."""

    __tablename__ = "feed"
    id: int | None = key()
    token_hash: str = Field(unique=True)
    enterprise_id: int = link("enterprise.id")
    subscription_id: int | None = link("subscription.id", nullable=True)
    language: str
    name: str
    made_at: datetime = instant()
    made_by: str = ""
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str = ""
    why: str = long_text()


class CalendarEventRow(Row, table=True):
    """A day of a measure as calendars were last shown it. `sequence` grows when the day or the status is another."""

    __tablename__ = "calendar_event"
    measure_id: int = link("measure.id", primary_key=True)
    kind: str = Field(primary_key=True)
    day: date
    status: str
    sequence: int = 0
    stamped_at: datetime = instant()
