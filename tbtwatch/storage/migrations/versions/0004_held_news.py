"""held news, what sources ordinarily bring, names that are too wide"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    op.create_table(
        "hold",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("held_at", instant, nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(
        "uq_hold_counting",
        "hold",
        ["source"],
        unique=True,
        sqlite_where=sa.text("state = 'counting'"),
        postgresql_where=sa.text("state = 'counting'"),
    )
    op.create_table(
        "experience",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("last", instant, nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_experience")),
    )
    op.create_table(
        "wide_name",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("found_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "name", name=op.f("pk_wide_name")),
    )
    # In place, on SQLite too, where Alembic would write the table anew for the constraint: it holds years of history.
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE fact_change ADD COLUMN hold_id {kind} CONSTRAINT fk_fact_change_hold_id_hold REFERENCES hold (id)"
    )
    op.create_index(
        "ix_fact_change_hold_id",
        "fact_change",
        ["hold_id"],
        sqlite_where=sa.text("hold_id IS NOT NULL"),
        postgresql_where=sa.text("hold_id IS NOT NULL"),
    )
