"""The tables of product lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain


class ProductRow(Row, table=True):
    """A product of an enterprise as its list had it. One that changes is gone, and comes anew."""

    __tablename__ = "product"
    id: int | None = key()
    enterprise_id: int = link("enterprise.id")
    sku: str
    product: Any = plain()  #: `subscriptions.product.Product`
    chapters: str  #: of all codes it is watched by: "|22|85|"
    has_standards: bool = False
    since: datetime = instant()
    gone_at: datetime | None = instant(nullable=True)
    gone_why: str = long_text()
    __table_args__ = (
        Index(
            "uq_product_live",
            "enterprise_id",
            "sku",
            unique=True,
            sqlite_where=text("gone_at IS NULL"),
            postgresql_where=text("gone_at IS NULL"),
        ),
    )


class ProductSubscriptionRow(Row, table=True):
    """A subscription that was derived from its enterprise's product list, and follows it."""

    __tablename__ = "product_subscription"
    subscription_id: int = link("subscription.id", primary_key=True)
    by: str = Field()  #: "codes" or "standards"
