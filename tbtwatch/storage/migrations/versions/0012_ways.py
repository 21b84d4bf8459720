"""ways: how soon news of which grade reaches an address of a subscription"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("subscription_version") as table:
        table.add_column(sa.Column("ways", sa.JSON(), nullable=False, server_default="[]"))
    # Not rebuilt: on SQLite that takes minutes with many alerts, and a column with a default can be added as it is.
    op.add_column("alert", sa.Column("by_way", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        "subscription_way",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_way_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "channel", "target", "grade", name=op.f("pk_subscription_way")),
    )
    op.create_table(
        "alert_way",
        sa.Column("alert_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("digest_run_id", number, nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_way_alert_id")),
        sa.ForeignKeyConstraint(["digest_run_id"], ["digest_run.id"], name=op.f("fk_alert_way_digest_run_id")),
        sa.PrimaryKeyConstraint("alert_id", "channel", "target", name=op.f("pk_alert_way")),
    )
    op.create_index(op.f("ix_alert_way_digest_run_id"), "alert_way", ["digest_run_id"])
    op.create_index(
        "ix_alert_way_in_no_digest",
        "alert_way",
        ["frequency"],
        sqlite_where=sa.text("digest_run_id IS NULL AND frequency <> 'immediate'"),
        postgresql_where=sa.text("digest_run_id IS NULL AND frequency <> 'immediate'"),
    )
