"""The table that searching goes by: a row for each measure, beside which the database keeps its own index."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column
from sqlmodel import Field

from tbtwatch.storage.columns import BIG, Row, long_text


class MeasureWordsRow(Row, table=True):
    """A measure as it is searched for. `stamp` grows with each transaction that writes; `cut`: how it was cut."""

    __tablename__ = "measure_words"
    measure_id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True, autoincrement=False))
    stamp: int = Field(sa_column=Column(BIG, nullable=False, index=True))
    cut: int
    status: str
    distributed: date | None = None
    deadline: date | None = None
    adoption: date | None = None
    force: date | None = None
    in_force_from: date | None = None
    facets: str = long_text()
    title: str = long_text()
    words: str = long_text()


#: What the database itself keeps of it, which no row describes: tables of FTS5, a column and an index of PostgreSQL.
MADE_BY_THE_DATABASE = frozenset(
    {f"measure_fts{end}" for end in ("", "_data", "_idx", "_config", "_docsize", "_content")}
    | {"vector", "ix_measure_words_vector"}
)
