"""how each source is, what was told of it, and the gaps there were"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "source_health",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("read_until", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_new", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("bad_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("told_state", sa.String(), nullable=False),
        sa.Column("told_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_health")),
    )
    op.create_table(
        "gap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", tbtwatch.storage.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("found_late", sa.Integer(), nullable=False),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fresh", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index(batch_op.f("ix_poll_source"))
    read, news = sa.text("status = 'ok'"), sa.text("new > 0 OR changed > 0 OR fresh > 0")
    op.create_index("ix_poll_source_id", "poll", ["source", "id"], unique=False)
    op.create_index("ix_poll_read", "poll", ["source", "id"], unique=False, sqlite_where=read, postgresql_where=read)
    op.create_index("ix_poll_news", "poll", ["source", "id"], unique=False, sqlite_where=news, postgresql_where=news)
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_source"), ["source"], unique=False)
        batch_op.create_index(
            "uq_gap_open",
            ["source"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )


def downgrade() -> None:
    """A database is never taken back: restore the copy made before the upgrade."""
    raise NotImplementedError
