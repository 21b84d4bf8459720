"""What all tables share: the names of their constraints, and the few kinds of columns there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, MetaData, Text, text
from sqlmodel import Field, SQLModel

from tbtwatch.storage.types import UTCDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What all tables share: their own MetaData, with every constraint named so that migrations can name it."""

    metadata = MetaData(naming_convention=NAMING)


# 64-bit on PostgreSQL; on SQLite only INTEGER counts up by itself.
BIG = BigInteger().with_variant(Integer, "sqlite")
LARGEST = 2**63 - 1  # databases refuse a larger number with an error of their own


def key() -> Any:
    """A number the database gives."""
    return Field(default=None, sa_column=Column(BIG, primary_key=True, autoincrement=True))


def link(target: str, *, nullable: bool = False, primary_key: bool = False, index: bool = True) -> Any:
    """A reference to another table's number."""
    column = Column(
        BIG, ForeignKey(target), nullable=nullable, primary_key=primary_key, index=index and not primary_key
    )
    return Field(default=None, sa_column=column)


def instant(*, nullable: bool = False, index: bool = False) -> Any:
    """An instant in UTC."""
    return Field(default=None, sa_column=Column(UTCDateTime, nullable=nullable, index=index))


def plain() -> Any:
    """A value as JSON (`tbtwatch.storage.types.to_json`)."""
    return Field(default=None, sa_column=Column(JSON, nullable=False))


def plain_object() -> Any:
    """A JSON object, empty unless something is known."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def plain_settings() -> Any:
    """A JSON object of settings, all as usual in the rows that were there before it."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))


def plain_list() -> Any:
    """A JSON list, empty unless something is known."""
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))


def long_text() -> Any:
    """Text of any length."""
    return Field(default="", sa_column=Column(Text, nullable=False))


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of some rows alone."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
