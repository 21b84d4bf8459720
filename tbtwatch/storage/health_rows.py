"""The tables of how sources are: the state each is in, what staff were told of it, and the gaps subscribers had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, plain_object


class SourceHealthRow(Row, table=True):
    """The state a source is in. One row for each source; the log has the transitions.

    `bad_at` is when the trouble was noticed: it stays while one bad state follows another, so that staff hear of it
    once, and once when it is over.
    """

    __tablename__ = "source_health"
    source: str = Field(primary_key=True)
    state: str
    since: datetime = instant()  # the first sign of the state
    noticed_at: datetime = instant()  # when it was written here
    cause: str
    values: Any = plain_object()  # what the cause's sentence is filled in with
    read_until: datetime | None = instant(nullable=True)
    last_new: datetime | None = instant(nullable=True)
    bad_at: datetime | None = instant(nullable=True)
    told_state: str = ""
    told_at: datetime | None = instant(nullable=True)


class GapRow(Row, table=True):
    """A time in which a source was not read for longer than its readers are kept waiting."""

    __tablename__ = "gap"
    id: int | None = key()
    source: str = Field(index=True)
    since: datetime = instant()  # when it was last read
    opened_at: datetime = instant()
    closed_at: datetime | None = instant(nullable=True)
    found_late: int = 0  # notices that were new when it was read again
    given_up: bool = False  # it closed because the source is watched no more
    told: int = 0  # addresses the gap was told to
    __table_args__ = (
        Index(
            "uq_gap_open",
            "source",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
