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
    statement = _giving_way(session, table, unique, where).values(**values).returning(returning)
    return session.exec(statement).scalar_one_or_none()


def insert_those_new(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str],
    returning: Sequence[Any],
) -> list[Any]:
    """The same for many rows, in a few statements; these columns of those that were inserted, in any order."""
    if not rows:
        return []
    statement = _giving_way(session, table, unique, None).returning(*returning)
    return list(session.connection().execute(statement, [dict(row) for row in rows]))


def _giving_way(session: Session, table: type[SQLModel], unique: Sequence[str], where: TextClause | None) -> Any:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing(index_elements=list(unique), index_where=where)
