"""The schema's version: made, brought up to date, or refused when it is newer than this program."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_261_531  # one number for all processes that migrate a PostgreSQL database


class SchemaError(Exception):
    """The database does not fit this program; the sentence says what to do."""


def version_of(engine: Engine) -> str | None:
    """The schema's version; None: an empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        return version


def versions() -> list[str]:
    """All versions there ever were, oldest first: what the files of the migrations are called by."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def newest() -> str:
    """The version this program needs."""
    known = versions()
    if not known:
        raise SchemaError("this installation has no migrations; install tbtwatch again")
    return known[-1]


def bring_up(engine: Engine) -> bool:
    """Bring the schema to this program's version; whether anything was done. Raises SchemaError if it is newer."""
    if (version := version_of(engine)) == newest():
        return False
    if version is not None and version not in versions():
        raise SchemaError(
            f"the database is newer than this program (schema {version}, this program knows up to {newest()}); "
            "install the newer tbtwatch, or use another database"
        )
    # Loaded here alone: it is large, and a database is brought up once.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        else:
            # One transaction for all steps: between two of them another process would begin with the second.
            connection.begin()
        try:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()
    return True
