"""lives of subscriptions: versions, rhythms, pauses, digests by zone and weekday"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    with op.batch_alter_table("subscription") as table:
        table.add_column(sa.Column("version_since", instant, nullable=True))
        table.add_column(sa.Column("rhythm", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("zone", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("weekday", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("nothing_new", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index(
        "ix_subscription_nothing_new",
        "subscription",
        ["frequency"],
        sqlite_where=sa.text("nothing_new AND ended_at IS NULL"),
        postgresql_where=sa.text("nothing_new AND ended_at IS NULL"),
    )
    with op.batch_alter_table("digest_run") as table:
        table.add_column(sa.Column("zone", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("weekday", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(op.f("uq_digest_run_frequency_starts_at"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_digest_run_frequency_zone_weekday_starts_at"), ["frequency", "zone", "weekday", "starts_at"]
        )
    op.create_index(
        "ix_alert_in_no_digest",
        "alert",
        ["frequency"],
        sqlite_where=sa.text("digest_run_id IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("digest_run_id IS NULL AND withdrawn_at IS NULL"),
    )
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("forward", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index(
        "ix_delivery_forward",
        "delivery",
        ["state"],
        sqlite_where=sa.text("forward"),
        postgresql_where=sa.text("forward"),
    )
    op.create_table(
        "subscription_version",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("rhythm", sa.JSON(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_version_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "version", name=op.f("pk_subscription_version")),
    )
    op.create_index(op.f("ix_subscription_version_until"), "subscription_version", ["until"])
    op.create_table(
        "pause",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("measure_id", number, nullable=True),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("released_at", instant, nullable=True),
        sa.Column("released_by", sa.String(), nullable=False),
        sa.Column("news", sa.Integer(), nullable=False),
        sa.Column("to_hear", sa.JSON(), nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_pause_measure_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_pause_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_subscription_id"), "pause", ["subscription_id"])
    op.create_index(
        "ix_pause_holding",
        "pause",
        ["until"],
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
