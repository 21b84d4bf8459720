"""The schema: made from nothing, left alone when it is right, refused when it is newer."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text

from tbtwatch.storage import Storage, StorageError, open_storage
from tbtwatch.storage.engine import make_engine
from tbtwatch.storage.rows import Row
from tbtwatch.storage.schema import bring_up
from tbtwatch.storage.search_rows import MADE_BY_THE_DATABASE


def _ours(_object: object, name: str | None, *_: object) -> bool:
    return name not in MADE_BY_THE_DATABASE


def test_the_migrations_make_the_tables_the_program_uses(storage: Storage) -> None:
    """A database made by the migrations differs in nothing from what the rows say."""
    with storage.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True, "include_object": _ours}
        )
        differences = compare_metadata(context, Row.metadata)
    assert differences == []


def test_opening_again_changes_nothing(storage: Storage, database_url: str) -> None:
    """What is stored is there after the database was opened anew."""
    with storage.begin() as tx:
        tx.meta.set("kept", "yes")
    again = open_storage(database_url)
    with again.look() as tx:
        assert tx.meta.get("kept") == "yes"
    again.close()


def test_a_newer_database_is_refused(storage: Storage, database_url: str) -> None:
    """A program that does not know the schema must not touch it."""
    with storage.begin() as tx:
        tx._session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer than this program"):
        open_storage(database_url)


def test_an_unknown_database_is_refused_with_a_sentence() -> None:
    """Only SQLite and PostgreSQL are served."""
    with pytest.raises(StorageError, match="not supported"):
        open_storage("mysql://somewhere/x")
    with pytest.raises(StorageError, match="not a database address"):
        open_storage("nonsense")


def test_all_steps_are_one_transaction(tmp_path: Path) -> None:
    """Between two steps of a migration nobody else can begin with the second: SQLite commits once, at the end."""
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert bring_up(engine)
    assert len(commits) == 1
    engine.dispose()
