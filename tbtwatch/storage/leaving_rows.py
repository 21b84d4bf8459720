"""The tables of those who go: addresses that take nothing any more, and what is left of those who were erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain


class EndedAddressRow(Row, table=True):
    """A subscription's address that was ended because nothing gets there, or because its owner complained."""

    __tablename__ = "ended_address"
    id: int | None = key()
    subscription_id: int = link("subscription.id")
    channel: str
    target: str
    reason: str
    detail: str = long_text()
    ended_at: datetime = instant(index=True)
    delivery_id: int | None = link("delivery.id", nullable=True)
    restored_at: datetime | None = instant(nullable=True)
    restored_by: str = ""
    __table_args__ = (Index("ix_ended_address_target", "channel", "target"),)


class SuppressionRow(Row, table=True):
    """An address that is not written to, known by its hash alone. `lifted_at`: it may be written to again."""

    __tablename__ = "suppression"
    address_hash: str = Field(primary_key=True)
    since: datetime = instant()
    why: str
    lifted_at: datetime | None = instant(nullable=True)
    lifted_by: str = ""
    lift_reason: str = long_text()


class ErasureRow(Row, table=True):
    """That somebody was erased, who did it and why, and how many rows there were: no person."""

    __tablename__ = "erasure"
    id: int | None = key()
    erased_at: datetime = instant()
    erased_by: str
    why: str = long_text()
    counts: Any = plain()
