"""what is known of hosts, of addresses that moved, and why a poll brought nothing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up. Every new column has a default, so that rows written before stay as they are."""
    op.create_table(
        "host",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("resume_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("read_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("tried_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("failing_since", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settings_version", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("address", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column("rhythm", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(
            sa.Column("ended_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        )
        batch_op.add_column(
            sa.Column("missing_since", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settings_version", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("bytes", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("http_status", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cause", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("entries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """A database is never taken back: restore the copy made before the upgrade."""
    raise NotImplementedError
