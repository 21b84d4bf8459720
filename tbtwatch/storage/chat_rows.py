"""Tables of chats that speak for enterprises."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, link


class ChatRow(Row, table=True):
    """A chat that speaks for an enterprise."""

    __tablename__ = "chat"
    channel: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    enterprise_id: int | None = link("enterprise.id", nullable=True)
    language: str = "zh"
    name: str = ""  #: as the chat program shows it: a group's title, a person's name; "": not known
    started_at: datetime = instant()


class ChatCodeRow(Row, table=True):
    """A code, good once and for a short time, that links a chat to an enterprise. Only its hash is kept."""

    __tablename__ = "chat_code"
    code_hash: str = Field(primary_key=True)
    enterprise_id: int = link("enterprise.id")
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    chat: str = ""
