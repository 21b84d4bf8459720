"""contacts: people of an enterprise, associations, and addresses whose owners agreed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import tbtwatch.storage.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Whoever is written to already goes on being written to.
IN_USE = """
INSERT INTO confirmation (enterprise_id, channel, target, language, begun_at, "by", confirmed_at, how, end_reason)
SELECT subscription.enterprise_id, subscription_address.channel, subscription_address.target,
       MIN(subscription.language), MIN(subscription.started_at), '', MIN(subscription.started_at), 'in_use', ''
FROM subscription_address JOIN subscription ON subscription.id = subscription_address.subscription_id
WHERE subscription.ended_at IS NULL
GROUP BY subscription.enterprise_id, subscription_address.channel, subscription_address.target
"""


def upgrade() -> None:
    """Bring the schema up."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = tbtwatch.storage.types.UTCDateTime(timezone=True)
    live = sa.text("ended_at IS NULL")
    op.create_table(
        "contact",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", number, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_contact_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_enterprise_id"), "contact", ["enterprise_id"])
    op.create_index(
        "uq_contact_live", "contact", ["enterprise_id", "name"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "contact_address",
        sa.Column("contact_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_address_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "channel", "target", name=op.f("pk_contact_address")),
    )
    op.create_table(
        "contact_version",
        sa.Column("contact_id", number, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("since", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_version_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "version", name=op.f("pk_contact_version")),
    )
    op.create_table(
        "subscription_contact",
        sa.Column("subscription_id", number, nullable=False),
        sa.Column("contact_id", number, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_contact_subscription_id")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_subscription_contact_contact_id")),
        sa.PrimaryKeyConstraint("subscription_id", "contact_id", name=op.f("pk_subscription_contact")),
    )
    op.create_table(
        "management",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("child_id", number, nullable=False),
        sa.Column("manager_id", number, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["enterprise.id"], name=op.f("fk_management_child_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["enterprise.id"], name=op.f("fk_management_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_management")),
    )
    for column in ("child_id", "manager_id"):
        op.create_index(op.f(f"ix_management_{column}"), "management", [column])
    op.create_index(
        "uq_management_live", "management", ["child_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "confirmation",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("enterprise_id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", instant, nullable=True),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_confirmation_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index(op.f("ix_confirmation_enterprise_id"), "confirmation", ["enterprise_id"])
    op.create_index("ix_confirmation_target", "confirmation", ["channel", "target"])
    op.create_index(
        "uq_confirmation_current",
        "confirmation",
        ["enterprise_id", "channel", "target"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    waits = sa.text("confirmed_at IS NULL AND ended_at IS NULL")
    op.create_index("ix_confirmation_open", "confirmation", ["expires_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "question",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("confirmation_id", number, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("delivery_id", number, nullable=True),
        sa.ForeignKeyConstraint(["confirmation_id"], ["confirmation.id"], name=op.f("fk_question_confirmation_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_question_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_question_token_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_question_code_hash")),
    )
    for column in ("confirmation_id", "delivery_id"):
        op.create_index(op.f(f"ix_question_{column}"), "question", [column])
    op.execute(sa.text(IN_USE))
