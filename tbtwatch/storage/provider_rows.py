"""The tables of accounts that people have elsewhere, and of whoever is on the way there."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, link, long_text


class IdentityRow(Row, table=True):
    """Somebody as a provider of accounts knows them."""

    __tablename__ = "identity"
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    person_id: int = link("person.id")
    made_at: datetime = instant()
    used_at: datetime = instant()


class ProviderVisitRow(Row, table=True):
    """Somebody who was sent to the provider and has not come back. Of what they bring back only a hash is kept."""

    __tablename__ = "provider_visit"
    hash: str = Field(primary_key=True)
    language: str = "zh"
    next: str = long_text()  #: the page that was asked for
    network: str = Field(default="", index=True)  #: where it was asked from; empty: on this machine
    expires_at: datetime = instant(index=True)
