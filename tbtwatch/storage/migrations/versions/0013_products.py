"""product lists, and the subscriptions derived from them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    op.create_table(
        "product",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("enterprise_id", number, nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("product", sa.JSON(), nullable=False),
        sa.Column("chapters", sa.String(), nullable=False),
        sa.Column("has_standards", sa.Boolean(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("gone_at", instant, nullable=True),
        sa.Column("gone_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_product_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_index(op.f("ix_product_enterprise_id"), "product", ["enterprise_id"])
    op.create_index(
        "uq_product_live",
        "product",
        ["enterprise_id", "sku"],
        unique=True,
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "product_subscription",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_product_subscription_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_product_subscription")),
    )
