"""The tables of passkeys: keys with which people sign in, and what they were asked to sign."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from tbtwatch.storage.columns import BIG, Row, instant, key, link, long_text


class PasskeyUserRow(Row, table=True):
    """As whom passkeys know a person: made by chance, so that a lost key tells no address."""

    __tablename__ = "passkey_user"
    person_id: int = link("person.id", primary_key=True)
    handle: str = Field(unique=True)


class PasskeyRow(Row, table=True):
    """A passkey: its public half, and how often it says it was used."""

    __tablename__ = "passkey"
    id: int | None = key()
    person_id: int = link("person.id")
    credential: str = Field(unique=True)  #: its own number, as base64url
    public_key: str = long_text()  #: COSE, as base64url
    #: Up to 2**32 - 1; 0 where it does not count.
    sign_count: int = Field(default=0, sa_column=Column(BIG, nullable=False))
    name: str = ""
    made_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class PasskeyChallengeRow(Row, table=True):
    """What a browser was asked to sign. Only a hash is kept, and no longer than until it is answered."""

    __tablename__ = "passkey_challenge"
    hash: str = Field(primary_key=True)
    purpose: str  #: "add" or "sign-in"
    person_id: int | None = link("person.id", nullable=True)  #: who adds one
    session: str = ""  #: the hash of the browser's session that adds one
    network: str = Field(default="", index=True)  #: where it was asked from; empty: on this machine
    expires_at: datetime = instant(index=True)
