"""Inserts that give way: what another transaction has written already is left as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_if_new(
    session: Session,
    table: type[SQLModel],
    values: Mapping[str, Any],
    *,
    unique: Sequence[str],
    where: TextClause | None = None,
    returning: Any,
) -> Any:
    """Insert a row and give back that column of it; None if these unique columns are taken already.

    `where` is the condition of a partial unique index. On PostgreSQL a row of another transaction that is still open
    is waited for; an ordinary look before the insert would not see it.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=list(unique), index_where=where)
        .returning(returning)
    )
    return session.exec(statement).scalar_one_or_none()
