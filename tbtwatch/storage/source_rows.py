"""The tables of sources: what is known of each, each poll, and what their hosts asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from tbtwatch.storage.columns import BIG, Row, instant, key, long_text, plain, plain_object

#: Which polls read a list, and which brought something: conditions of partial indexes, used by queries word for word.
READ = "status = 'ok'"
NEWS = "new > 0 OR changed > 0 OR fresh > 0"


class SourceRow(Row, table=True):
    """What is known of a source between polls."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    cursor: Any = plain()
    validators: Any = plain()  # url -> {etag, last_modified, sha256}
    polled_at: datetime | None = instant(nullable=True)
    succeeded_at: datetime | None = instant(nullable=True)
    next_poll_at: datetime | None = instant(nullable=True)
    failing_since: datetime | None = instant(nullable=True)
    failures: int = 0
    status: str = ""
    error: str = long_text()
    lease_until: datetime | None = instant(nullable=True)
    settings_version: str = ""
    address: Any = plain_object()  # `watcher.moving.Address`
    rhythm: Any = plain_object()  # `watcher.source.Rhythm`, as the last document that was read has it
    ended_at: datetime | None = instant(nullable=True)
    missing_since: datetime | None = instant(nullable=True)


class SourceWordRow(Row, table=True):
    """What staff said of a source, each time all of it: the newest row of a source counts. Rows are only ever added."""

    __tablename__ = "source_word"
    id: int | None = key()
    source: str
    number: int  #: counted from 1 for each source
    deed: str  #: enable, disable, describe, restore
    enabled: bool | None = None  #: None: as the source's entry has it
    entry: str = long_text()  #: YAML; empty: as the files describe it
    base: str = long_text()  #: how the files described it when `entry` was written, without what is secret
    settings_version: str = ""  #: of the settings that came of it
    reason: str = long_text()
    made_by: str = ""
    person_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))  #: no reference, as in `audit`
    made_at: datetime = instant()
    __table_args__ = (UniqueConstraint("source", "number", name="uq_source_word_source"),)


class HostRow(Row, table=True):
    """A host that wants to be left alone, and until when."""

    __tablename__ = "host"
    name: str = Field(primary_key=True)
    resume_at: datetime | None = instant(nullable=True)
    failures: int = 0
    why: str = long_text()


class RobotsRow(Row, table=True):
    """What a host's robots.txt said. `read_at`: when it last gave one, or said that it has none."""

    __tablename__ = "robots"
    origin: str = Field(primary_key=True)
    body: str = long_text()
    read_at: datetime | None = instant(nullable=True)
    tried_at: datetime | None = instant(nullable=True)
    failing_since: datetime | None = instant(nullable=True)


class PollRow(Row, table=True):
    """One poll: what was asked, what came, how long it took."""

    __tablename__ = "poll"
    id: int | None = key()
    source: str
    started_at: datetime = instant(index=True)
    ended_at: datetime = instant()
    status: str
    requests: int = 0
    notices: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    error: str = long_text()
    settings_version: str = ""
    bytes: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    http_status: int | None = None
    cause: str = ""
    entries: int = 0
    fresh: int = 0
    # Every few minutes the watch asks for the latest polls of each source, for those that read a list and those with
    # news; of a source that answers 304 all year and has news once a month these are few among many.
    __table_args__ = (
        Index("ix_poll_source_id", "source", "id"),
        Index("ix_poll_read", "source", "id", sqlite_where=text(READ), postgresql_where=text(READ)),
        Index("ix_poll_news", "source", "id", sqlite_where=text(NEWS), postgresql_where=text(NEWS)),
    )
