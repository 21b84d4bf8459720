"""What tells that something is too much: what a source ordinarily brings, and names that issuers use too widely."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant


class ExperienceRow(Row, table=True):
    """How much news a source's polls have brought since it is live, those that were held and not released left out."""

    __tablename__ = "experience"
    source: str = Field(primary_key=True)
    since: datetime = instant()
    last: datetime = instant()
    most: int = 0
    total: int = 0


class WideNameRow(Row, table=True):
    """A docket or number that an issuer gives to too many documents to be one measure."""

    __tablename__ = "wide_name"
    issuer: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    found_at: datetime = instant()
