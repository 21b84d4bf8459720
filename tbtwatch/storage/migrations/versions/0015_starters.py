"""beginnings of subscriptions: what they were expected to bring, and the starters they are owed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    op.create_table(
        "starter",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("owed_at", instant, nullable=False),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("delivery_id", number, nullable=True),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_starter_subscription_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_starter_delivery_id")),
        sa.PrimaryKeyConstraint("subscription_id", "channel", "target", name=op.f("pk_starter")),
    )
    op.create_index(op.f("ix_starter_delivery_id"), "starter", ["delivery_id"])
    op.create_index(
        "ix_starter_owed",
        "starter",
        ["subscription_id"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "forecast",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("anyway", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_forecast_subscription_id")),
        sa.PrimaryKeyConstraint("subscription_id", "version", name=op.f("pk_forecast")),
    )
