"""subscriptions say when they changed last, so that other processes read those alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("subscription") as table:
        table.add_column(sa.Column("revision", number, nullable=False, server_default="0"))
        table.create_index(op.f("ix_subscription_revision"), ["revision"])
