"""the rule lab: vocabularies, overrides, back-tests, trials, consequences"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    with op.batch_alter_table("ruleset") as table:
        table.add_column(sa.Column("origin", sa.String(), nullable=False, server_default="staff"))
        table.add_column(sa.Column("based_on", sa.Integer(), nullable=True))
        table.add_column(sa.Column("conflicts", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("vocabulary", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("report", sa.Integer(), nullable=True))
        table.add_column(sa.Column("retired_by", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("remark", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("evaluated_since", instant, nullable=True))
    with op.batch_alter_table("classification") as table:
        table.add_column(sa.Column("engine", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("alert") as table:
        table.add_column(sa.Column("label", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("withdrawn_at", instant, nullable=True))
    op.create_table(
        "vocabulary",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_vocabulary")),
    )
    op.create_table(
        "override",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_override_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
    )
    op.create_index(op.f("ix_override_measure_id"), "override", ["measure_id"])
    op.create_index(
        "uq_override_live",
        "override",
        ["measure_id", "facet", "value"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "backtest",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtest")),
    )
    op.create_table(
        "trial",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_trial_measure_id")),
        sa.PrimaryKeyConstraint("version", "measure_id", name=op.f("pk_trial")),
    )
    op.create_table(
        "consequence",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("measure_id", number, nullable=False),
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("fact_change_id", number, nullable=False),
        sa.Column("alert_id", number, nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("found_at", instant, nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("told_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_consequence_alert_id")),
        sa.ForeignKeyConstraint(["fact_change_id"], ["fact_change.id"], name=op.f("fk_consequence_fact_change_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_consequence_measure_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_consequence_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consequence")),
    )
    op.create_index(
        "uq_consequence_open",
        "consequence",
        ["subscription_id", "fact_change_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    for column in ("measure_id", "subscription_id", "fact_change_id"):
        op.create_index(op.f(f"ix_consequence_{column}"), "consequence", [column])
