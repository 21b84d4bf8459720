"""The tables of people who sign in, of what they may do, and of who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field

from tbtwatch.storage.columns import BIG, Row, instant, key, link, long_text, plain_object


class PersonRow(Row, table=True):
    """Somebody who signs in by a mail address."""

    __tablename__ = "person"
    id: int | None = key()
    email: str = Field(unique=True)  #: in small letters
    name: str = ""
    language: str = "zh"
    made_at: datetime = instant()
    disabled_at: datetime | None = instant(nullable=True)


class PersonRoleRow(Row, table=True):
    """What a person may do beside looking after their own."""

    __tablename__ = "person_role"
    person_id: int = link("person.id", primary_key=True)
    role: str = Field(primary_key=True)


class WebSessionRow(Row, table=True):
    """A browser that is signed in. Of its cookie only a hash is kept."""

    __tablename__ = "web_session"
    hash: str = Field(primary_key=True)
    person_id: int = link("person.id")
    made_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant(index=True)
    signed_in_by: str = ""  #: "mail", "operator", "passkey" or "provider"


class SignInLinkRow(Row, table=True):
    """A link that signs in once. Of its secret only a hash is kept."""

    __tablename__ = "sign_in_link"
    hash: str = Field(primary_key=True)
    email: str
    purpose: str = ""  #: "mail", "operator", or "refused" for one that is never sent
    language: str = "zh"
    next: str = long_text()  #: the page that was asked for
    network: str = ""  #: where it was asked from; empty: on this machine
    made_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    delivery_id: int | None = link("delivery.id", nullable=True)
    __table_args__ = (
        Index("ix_sign_in_link_email_made_at", "email", "made_at"),
        Index("ix_sign_in_link_network_made_at", "network", "made_at"),
        Index("ix_sign_in_link_made_at", "made_at"),
    )


class AuditRow(Row, table=True):
    """A deed that counts, and who did it. Rows are only ever added."""

    __tablename__ = "audit"
    id: int | None = key()
    at: datetime = instant(index=True)
    #: No reference: the record outlives the person.
    person_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True, index=True))
    by: str = ""
    deed: str = Field(index=True)
    about: str = long_text()
    detail: Any = plain_object()
