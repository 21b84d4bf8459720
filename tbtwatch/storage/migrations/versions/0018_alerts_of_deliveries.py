"""which deliveries tell an alert is found without reading all deliveries"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index("ix_delivery_alert_alert_id", "delivery_alert", ["alert_id"])
