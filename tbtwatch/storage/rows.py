"""The tables. Promises stand here as unique keys, so that a retry needs no care.

notice_symbol (issuer, symbol): two feeds that carry one notification make one notice.
measure_thread (issuer, symbol): a base symbol belongs to one measure.
alert (subscription, fact change): nobody is owed the same news twice.
delivery (key): one message for one news and one address.
digest_run (frequency, zone, weekday, starts_at): one digest for one window.
ruleset: one active version. subscription: one live one for an enterprise and its criteria.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field

import tbtwatch.storage.contact_rows
import tbtwatch.storage.token_rows  # noqa: F401 - their tables are among the others
from tbtwatch.storage.chat_rows import ChatCodeRow, ChatRow
from tbtwatch.storage.columns import (
    BIG,
    Row,
    index_where,
    instant,
    key,
    link,
    long_text,
    plain,
    plain_list,
    plain_settings,
)
from tbtwatch.storage.document_rows import DocumentRow
from tbtwatch.storage.feed_rows import CalendarEventRow, FeedRow
from tbtwatch.storage.held_rows import ExperienceRow, WideNameRow
from tbtwatch.storage.lab_rows import BacktestRow, ConsequenceRow, OverrideRow, TrialRow, VocabularyRow
from tbtwatch.storage.leaving_rows import EndedAddressRow, ErasureRow, SuppressionRow
from tbtwatch.storage.product_rows import ProductRow, ProductSubscriptionRow
from tbtwatch.storage.reminder_rows import (
    HandledRow,
    ReminderDeliveryRow,
    ReminderRequestRow,
    ReminderRoundRow,
    ReminderRow,
    ReminderWishRow,
)
from tbtwatch.storage.source_rows import HostRow, PollRow, RobotsRow, SourceRow, SourceWordRow
from tbtwatch.storage.starter_rows import ForecastRow, StarterRow
from tbtwatch.storage.subscriber_rows import PauseRow, SubscriptionVersionRow
from tbtwatch.storage.way_rows import AlertWayRow, SubscriptionWayRow

__all__ = [
    "AlertWayRow",
    "BacktestRow",
    "CalendarEventRow",
    "ChatCodeRow",
    "ChatRow",
    "ConsequenceRow",
    "DocumentRow",
    "EndedAddressRow",
    "ErasureRow",
    "ExperienceRow",
    "FeedRow",
    "ForecastRow",
    "HandledRow",
    "HostRow",
    "OverrideRow",
    "PauseRow",
    "PollRow",
    "ProductRow",
    "ProductSubscriptionRow",
    "ReminderDeliveryRow",
    "ReminderRequestRow",
    "ReminderRoundRow",
    "ReminderRow",
    "ReminderWishRow",
    "RobotsRow",
    "Row",
    "SourceRow",
    "SourceWordRow",
    "StarterRow",
    "SubscriptionVersionRow",
    "SubscriptionWayRow",
    "SuppressionRow",
    "TrialRow",
    "VocabularyRow",
    "WideNameRow",
]


class MetaRow(Row, table=True):
    """One value the installation remembers: its secret, the chat bot's offset."""

    __tablename__ = "meta"
    name: str = Field(primary_key=True)
    value: str = long_text()


class MeasureRow(Row, table=True):
    """A measure with its current facts. `merged_into`: a joint addendum showed that it is part of another."""

    __tablename__ = "measure"
    id: int | None = key()
    issuer: str
    facts: Any = plain()
    title: str = long_text()
    search_text: str = long_text()
    status: str
    first_distributed: date | None = Field(default=None, index=True)
    last_distributed: date | None = Field(default=None, index=True)
    comment_deadline: date | None = Field(default=None, index=True)
    recorded_at: datetime = instant()
    revised_at: datetime = instant(index=True)
    merged_into: int | None = link("measure.id", nullable=True)


class MeasureThreadRow(Row, table=True):
    """A base symbol, or a marked name (`watcher.names`), and the measure it belongs to."""

    __tablename__ = "measure_thread"
    issuer: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    measure_id: int = link("measure.id")


class MeasureFacetRow(Row, table=True):
    """What a measure is found by: market, hs, ics, area."""

    __tablename__ = "measure_facet"
    measure_id: int = link("measure.id", primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    __table_args__ = (Index("ix_measure_facet_kind_value", "kind", "value"),)


class NoticeRow(Row, table=True):
    """A notice as all sources together state it."""

    __tablename__ = "notice"
    id: int | None = key()
    issuer: str
    measure_id: int = link("measure.id")
    type: str
    distribution_date: date | None = Field(default=None, index=True)
    value: Any = plain()
    recorded_at: datetime = instant()
    changed_at: datetime = instant()


class NoticeSymbolRow(Row, table=True):
    """A symbol and the notice that bears it."""

    __tablename__ = "notice_symbol"
    issuer: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    notice_id: int = link("notice.id")


class NoticeVersionRow(Row, table=True):
    """A notice as one entry of one source last stated it."""

    __tablename__ = "notice_version"
    id: int | None = key()
    source: str
    entry: str
    notice_id: int = link("notice.id")
    priority: int
    fingerprint: str
    value: Any = plain()
    seen_at: datetime = instant()
    __table_args__ = (UniqueConstraint("source", "entry"),)


class UnreadableRow(Row, table=True):
    """An entry that could not be read, kept as it came. `read_at`: a later poll could read it."""

    __tablename__ = "unreadable"
    id: int | None = key()
    source: str
    entry: str
    problem: str = long_text()
    raw: str = long_text()
    first_seen_at: datetime = instant()
    last_seen_at: datetime = instant()
    read_at: datetime | None = instant(nullable=True)
    __table_args__ = (UniqueConstraint("source", "entry"),)


class HoldRow(Row, table=True):
    """What one poll brought beyond all measure, kept back until staff decide. `counting`: that poll is not over."""

    __tablename__ = "hold"
    id: int | None = key()
    source: str
    held_at: datetime = instant()
    notices: int = 0
    changed: int = 0
    allowed: int = 0
    state: str
    decided_at: datetime | None = instant(nullable=True)
    decided_by: str = ""
    reason: str = long_text()
    __table_args__ = (
        Index(
            "uq_hold_counting",
            "source",
            unique=True,
            sqlite_where=text("state = 'counting'"),
            postgresql_where=text("state = 'counting'"),
        ),
    )


class FactChangeRow(Row, table=True):
    """News of a measure. `silent`: recorded while a source was seeded or history imported; nobody is told."""

    __tablename__ = "fact_change"
    id: int | None = key()
    measure_id: int = link("measure.id")
    notice_id: int = link("notice.id")
    kind: str
    value: Any = plain()
    noticed_at: datetime = instant(index=True)
    silent: bool = False
    alerted_at: datetime | None = instant(nullable=True)
    hold_id: int | None = link("hold.id", nullable=True, index=False)
    __table_args__ = (
        index_where("ix_fact_change_hold_id", "hold_id", where="hold_id IS NOT NULL"),
        Index(
            "ix_fact_change_waiting",
            "measure_id",
            sqlite_where=text("alerted_at IS NULL AND silent = 0"),
            postgresql_where=text("alerted_at IS NULL AND NOT silent"),
        ),
    )


class ClassificationRow(Row, table=True):
    """What the measure is about, under one version of the rules."""

    __tablename__ = "classification"
    measure_id: int = link("measure.id", primary_key=True)
    ruleset_version: int
    engine: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    value: Any = plain()
    made_at: datetime = instant()


class RuleSetRow(Row, table=True):
    """A version of the rules. Never edited: a change is a new version."""

    __tablename__ = "ruleset"
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    content: Any = plain()
    fingerprint: str
    made_by: str
    why: str = long_text()
    made_at: datetime = instant()
    published_at: datetime | None = instant(nullable=True)
    published_by: str = ""
    retired_at: datetime | None = instant(nullable=True)
    origin: str = "staff"  #: shipped, staff, import, merge, undo
    based_on: int | None = Field(default=None, nullable=True)  #: the version it was made from
    conflicts: Any = plain_list()  #: of a merge, what both sides changed: ours stands, theirs is written here
    vocabulary: str = ""  #: fingerprint in the table vocabulary
    report: int | None = Field(default=None, nullable=True)  #: the back-test it was published by
    retired_by: str = ""  #: who discarded it
    remark: str = long_text()  #: why it was published beyond the limit, or discarded
    evaluated_since: datetime | None = instant(nullable=True)
    __table_args__ = (
        Index(
            "uq_ruleset_active",
            "state",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )


class EnterpriseRow(Row, table=True):
    """An enterprise that subscribes."""

    __tablename__ = "enterprise"
    id: int | None = key()
    name: str = Field(unique=True)
    started_at: datetime = instant()


class SubscriptionRow(Row, table=True):
    """A standing question. It ends with a reason; it is not deleted."""

    __tablename__ = "subscription"
    id: int | None = key()
    version: int = 1
    enterprise_id: int = link("enterprise.id")
    name: str
    criteria: Any = plain()
    criteria_key: str
    frequency: str
    language: str
    started_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    end_reason: str = ""
    token: str = Field(unique=True)
    revision: int = Field(default=0, sa_column=Column(BIG, nullable=False, index=True))  #: as of its last change
    version_since: datetime | None = instant(nullable=True)  #: None: the version it started with
    rhythm: Any = plain_settings()
    zone: str = Field(default="", sa_column_kwargs={"server_default": ""})  #: of the rhythm, by which digests are cut
    weekday: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    nothing_new: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    __table_args__ = (
        Index(
            "ix_subscription_nothing_new",
            "frequency",
            sqlite_where=text("nothing_new AND ended_at IS NULL"),
            postgresql_where=text("nothing_new AND ended_at IS NULL"),
        ),
        Index(
            "uq_subscription_live",
            "enterprise_id",
            "criteria_key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class SubscriptionAddressRow(Row, table=True):
    """Where a subscription is answered."""

    __tablename__ = "subscription_address"
    subscription_id: int = link("subscription.id", primary_key=True)
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    __table_args__ = (Index("ix_subscription_address_place", "channel", "target"),)


class AlertRow(Row, table=True):
    """News owed to a subscription, with the receipt of why."""

    __tablename__ = "alert"
    id: int | None = key()
    subscription_id: int = link("subscription.id")
    subscription_version: int
    fact_change_id: int = link("fact_change.id")
    measure_id: int = link("measure.id")
    frequency: str
    grade: str
    receipt: Any = plain()
    ruleset_version: int
    created_at: datetime = instant(index=True)
    digest_run_id: int | None = link("digest_run.id", nullable=True)
    label: str = ""  #: "late", "starter"; empty: told in time
    withdrawn_at: datetime | None = instant(nullable=True)  #: taken back: corrected, or not sent for being wrong
    by_way: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  #: see alert_way
    __table_args__ = (
        UniqueConstraint("subscription_id", "fact_change_id"),
        index_where("ix_alert_in_no_digest", "frequency", where="digest_run_id IS NULL AND withdrawn_at IS NULL"),
    )


class DigestRunRow(Row, table=True):
    """One window whose digests were written, for those who want weeks from that weekday in that zone."""

    __tablename__ = "digest_run"
    id: int | None = key()
    frequency: str
    zone: str = Field(default="", sa_column_kwargs={"server_default": ""})  #: empty: the installation's
    weekday: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    number: int
    ran_at: datetime = instant()
    __table_args__ = (UniqueConstraint("frequency", "zone", "weekday", "starts_at"),)


class DeliveryRow(Row, table=True):
    """The outbox: one message to one address. Written where the alert is written."""

    __tablename__ = "delivery"
    id: int | None = key()
    key: str = Field(unique=True)
    kind: str
    channel: str
    target: str
    message: Any = plain()
    state: str
    due_at: datetime = instant()
    attempts: int = 0
    lease_until: datetime | None = instant(nullable=True)
    reason: str = ""
    detail: str = long_text()
    created_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    measure_id: int | None = link("measure.id", nullable=True)
    digest_run_id: int | None = link("digest_run.id", nullable=True)
    forward: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  #: its address was left
    gathered_into: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))  #: the burst that tells it
    __table_args__ = (
        index_where("ix_delivery_forward", "state", where="forward"),
        index_where("ix_delivery_gathered", "gathered_into", where="gathered_into IS NOT NULL"),
        Index("ix_delivery_due", "state", "due_at"),
        Index("ix_delivery_target", "channel", "target", "ended_at"),
    )


class DeliveryAlertRow(Row, table=True):
    """Which alerts a delivery tells."""

    __tablename__ = "delivery_alert"
    delivery_id: int = link("delivery.id", primary_key=True)
    alert_id: int = link("alert.id", primary_key=True)
    __table_args__ = (Index("ix_delivery_alert_alert_id", "alert_id"),)


class AttemptRow(Row, table=True):
    """One attempt to send, and how it ended."""

    __tablename__ = "attempt"
    id: int | None = key()
    delivery_id: int = link("delivery.id")
    number: int
    started_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    outcome: str = ""
    reason: str = ""
    detail: str = long_text()


class ChannelRow(Row, table=True):
    """A channel that stopped through our own fault, and since when."""

    __tablename__ = "channel"
    name: str = Field(primary_key=True)
    stopped_at: datetime | None = instant(nullable=True)
    resume_at: datetime | None = instant(nullable=True)
    detail: str = long_text()
