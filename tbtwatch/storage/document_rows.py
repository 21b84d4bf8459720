"""The table of the documents that new notices link: what was read of each, or why nothing was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, long_text


class DocumentRow(Row, table=True):
    """A document that an entry of a source links, once it was tried. `problem`: why there is no text or not all."""

    __tablename__ = "document"
    id: int | None = key()
    source: str
    entry: str
    url: str = Field(index=True)
    problem: str = long_text()
    pages: int = 0
    pages_read: int = 0
    text: str = long_text()
    tried_at: datetime = instant()
    __table_args__ = (UniqueConstraint("source", "entry", "url"),)
