"""leaving: ended addresses, suppressions, erasures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    op.create_table(
        "ended_address",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=False),
        sa.Column("delivery_id", number, nullable=True),
        sa.Column("restored_at", instant, nullable=True),
        sa.Column("restored_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_ended_address_delivery_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_ended_address_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_address")),
    )
    op.create_index("ix_ended_address_target", "ended_address", ["channel", "target"])
    for column in ("subscription_id", "delivery_id", "ended_at"):
        op.create_index(op.f(f"ix_ended_address_{column}"), "ended_address", [column])
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("lifted_at", instant, nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppression")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("erased_at", instant, nullable=False),
        sa.Column("erased_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
