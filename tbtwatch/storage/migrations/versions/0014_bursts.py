"""bursts: messages gathered into one, reminders that wait for quiet hours, reminders of one measure"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("gathered_into", number, nullable=True))
        table.drop_index("ix_delivery_target")
        table.create_index("ix_delivery_target", ["channel", "target", "ended_at"])
    op.create_index(
        "ix_delivery_gathered",
        "delivery",
        ["gathered_into"],
        sqlite_where=sa.text("gathered_into IS NOT NULL"),
        postgresql_where=sa.text("gathered_into IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_held",
        "reminder",
        ["measure_id"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_table(
        "reminder_request",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("distances", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("since", instant, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_reminder_request_measure_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_reminder_request_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "measure_id", name=op.f("pk_reminder_request")),
    )
    op.create_index(op.f("ix_reminder_request_measure_id"), "reminder_request", ["measure_id"])
