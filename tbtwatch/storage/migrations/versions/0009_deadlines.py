"""reminders and what is dealt with; secret links to calendars and feeds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    live = sa.text("ended_at IS NULL")
    op.create_table(
        "reminder_wish",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("distances", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("since", instant, nullable=False),
        sa.Column("wished_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_reminder_wish_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_wish")),
    )
    op.create_index(op.f("ix_reminder_wish_subscription_id"), "reminder_wish", ["subscription_id"])
    op.create_index(
        "uq_reminder_wish_live",
        "reminder_wish",
        ["subscription_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_table(
        "reminder_round",
        sa.Column("measure_id", number, nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("ran_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_reminder_round_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "deadline", "distance", name=op.f("pk_reminder_round")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("planned_at", instant, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_reminder_measure_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_reminder_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "subscription_id",
            "measure_id",
            "deadline",
            "distance",
            name=op.f("uq_reminder_subscription_id_measure_id_deadline_distance"),
        ),
    )
    for column in ("subscription_id", "measure_id"):
        op.create_index(op.f(f"ix_reminder_{column}"), "reminder", [column])
    op.create_table(
        "reminder_delivery",
        sa.Column("delivery_id", number, nullable=False),
        sa.Column("reminder_id", number, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_reminder_delivery_delivery_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"], name=op.f("fk_reminder_delivery_reminder_id")),
        sa.PrimaryKeyConstraint("delivery_id", "reminder_id", name=op.f("pk_reminder_delivery")),
    )
    op.create_table(
        "handled",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("enterprise_id", number, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("handled_at", instant, nullable=False),
        sa.Column("handled_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_handled_enterprise_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_handled_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handled")),
    )
    for column in ("enterprise_id", "measure_id"):
        op.create_index(op.f(f"ix_handled_{column}"), "handled", [column])
    op.create_index(
        "uq_handled_live",
        "handled",
        ["enterprise_id", "measure_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_table(
        "feed",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("enterprise_id", number, nullable=False),
        sa.Column("subscription_id", number, nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("revoked_at", instant, nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_feed_enterprise_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_feed_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    for column in ("enterprise_id", "subscription_id"):
        op.create_index(op.f(f"ix_feed_{column}"), "feed", [column])
    op.create_table(
        "calendar_event",
        sa.Column("measure_id", number, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamped_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_calendar_event_measure_id")),
        sa.PrimaryKeyConstraint("measure_id", "kind", name=op.f("pk_calendar_event")),
    )
