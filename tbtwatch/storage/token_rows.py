"""Tokens of programs that ask the API: kept by their hash alone, revoked and not deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain_list


class ApiTokenRow(Row, table=True):
    """A token: what it may read, of which enterprise, until when, and when it was used last."""

    __tablename__ = "api_token"
    id: int | None = key()
    token_hash: str = Field(unique=True)
    name: str
    enterprise_id: int | None = link("enterprise.id", nullable=True)
    scopes: Any = plain_list()
    made_at: datetime = instant()
    made_by: str = ""
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str = ""
    why: str = long_text()
