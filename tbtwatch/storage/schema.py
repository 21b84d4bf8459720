"""The schema's version: made, brought up to date, or refused when it is newer than this program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_261_531  # one number for all processes that migrate a PostgreSQL database


class SchemaError(Exception):
    """The database does not fit this program; the sentence says what to do."""


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def version_of(engine: Engine) -> str | None:
    """The schema's version; None: an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version this program needs."""
    head = _scripts().get_current_head()
    if head is None:
        raise SchemaError("this installation has no migrations; install tbtwatch again")
    return head


def bring_up(engine: Engine) -> bool:
    """Bring the schema to this program's version; whether anything was done. Raises SchemaError if it is newer."""
    if (version := version_of(engine)) == newest():
        return False
    known = {script.revision for script in _scripts().walk_revisions()}
    if version is not None and version not in known:
        raise SchemaError(
            f"the database is newer than this program (schema {version}, this program knows up to {newest()}); "
            "install the newer tbtwatch, or use another database"
        )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        try:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()
    return True
