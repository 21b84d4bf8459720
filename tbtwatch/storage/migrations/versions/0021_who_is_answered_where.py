"""whom an address answers for is found without reading all addresses"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index("ix_subscription_address_place", "subscription_address", ["channel", "target"])
