"""Tables of people of enterprises, of who looks after their subscriptions, and of what owners of addresses said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from tbtwatch.storage.columns import Row, instant, key, link, long_text, plain_list


class ContactRow(Row, table=True):
    """A person of an enterprise, as of the version in force. `ended_at`: no longer one of it."""

    __tablename__ = "contact"
    id: int | None = key()
    version: int = 1
    enterprise_id: int = link("enterprise.id")
    name: str
    role: str = ""
    language: str = "zh"
    started_at: datetime = instant()
    since: datetime = instant()
    by: str = ""
    ended_at: datetime | None = instant(nullable=True)
    end_reason: str = long_text()
    ended_by: str = ""
    __table_args__ = (
        Index(
            "uq_contact_live",
            "enterprise_id",
            "name",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ContactAddressRow(Row, table=True):
    """Where a person is told."""

    __tablename__ = "contact_address"
    contact_id: int = link("contact.id", primary_key=True)
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)


class ContactVersionRow(Row, table=True):
    """A version of a person's entry that a change has ended."""

    __tablename__ = "contact_version"
    contact_id: int = link("contact.id", primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    role: str
    language: str
    addresses: Any = plain_list()
    since: datetime = instant()
    until: datetime = instant()
    why: str = long_text()  #: it was changed
    by: str = ""


class SubscriptionContactRow(Row, table=True):
    """A subscription is told to a person, wherever they are told."""

    __tablename__ = "subscription_contact"
    subscription_id: int = link("subscription.id", primary_key=True)
    contact_id: int = link("contact.id", primary_key=True)
    since: datetime = instant()


class ManagementRow(Row, table=True):
    """An enterprise's subscriptions are looked after by another, an association. `ended_at`: no more."""

    __tablename__ = "management"
    id: int | None = key()
    child_id: int = link("enterprise.id")
    manager_id: int = link("enterprise.id")
    since: datetime = instant()
    by: str = ""
    why: str = long_text()
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str = ""
    end_reason: str = long_text()
    __table_args__ = (
        Index(
            "uq_management_live",
            "child_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ConfirmationRow(Row, table=True):
    """That an enterprise's address is asked for its owner's consent, and what became of it."""

    __tablename__ = "confirmation"
    id: int | None = key()
    enterprise_id: int = link("enterprise.id")
    channel: str
    target: str
    language: str = "zh"
    begun_at: datetime = instant()
    by: str = ""  #: who asked that it be written to
    expires_at: datetime | None = instant(nullable=True)  #: None: not asked yet
    confirmed_at: datetime | None = instant(nullable=True)
    how: str = ""  #: link, mail, code, chat, not_asked, in_use
    ended_at: datetime | None = instant(nullable=True)
    end_reason: str = long_text()
    __table_args__ = (
        Index(
            "uq_confirmation_current",
            "enterprise_id",
            "channel",
            "target",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_confirmation_target", "channel", "target"),
        Index(
            "ix_confirmation_open",
            "expires_at",
            sqlite_where=text("confirmed_at IS NULL AND ended_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND ended_at IS NULL"),
        ),
    )


class QuestionRow(Row, table=True):
    """A question that was sent to an address. Of what answers it only hashes are kept."""

    __tablename__ = "question"
    id: int | None = key()
    confirmation_id: int = link("confirmation.id")
    token_hash: str = Field(unique=True)
    code_hash: str = Field(unique=True)
    asked_at: datetime = instant()
    delivery_id: int | None = link("delivery.id", nullable=True)
