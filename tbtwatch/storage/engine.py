"""Connections that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tbtwatch.storage.types import Written

BUSY_TIMEOUT_MS = 30_000  # a writer waits this long for another before it gives up


def as_json(value: Any) -> str:
    """JSON as it is stored: Chinese as Chinese, not as six signs for one."""
    return value if isinstance(value, Written) else json.dumps(value, ensure_ascii=False)


_DISK = ("disk i/o error", "disk is full", "no space left", "could not extend file", "disk image is malformed")


def is_disk_trouble(error: DBAPIError) -> bool:
    """Whether it is the disk that fails: full, broken, or what stands on it is damaged."""
    said = str(error.orig).casefold()
    return any(sign in said for sign in _DISK)


def trouble(error: DBAPIError) -> str:
    """What the database itself says is wrong, in one line."""
    return str(error.orig).strip().splitlines()[0] if error.orig else "no answer"


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`. Raises ValueError with a sentence for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError(
            f"{url!r} is not a database address; write sqlite:///var/tbtwatch.db or postgresql://user@host/name"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        # Without pre-ping the first use after a server restart fails.
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=10, json_serializer=as_json
        )
    raise ValueError(f"{parsed.get_backend_name()} is not supported; use sqlite:///… or postgresql://…")


def write_ahead(
    connection: sqlite3.Connection,
    *,
    patience_s: float = BUSY_TIMEOUT_MS / 1000,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Have the database write ahead, so that readers and the writer do not wait for each other.

    SQLite waits for nobody here: while another process that opens the same new file is at its first write, the answer
    is "database is locked" at once, whatever the busy timeout. So the waiting is done here. Raises
    `sqlite3.OperationalError` after `patience_s`.
    """
    give_up = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= give_up:
                raise
            pause(0.02)


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        json_serializer=as_json,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: `_on_begin` does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        # A plain BEGIN that reads first and writes later loses against another writer whatever the busy timeout is.
        read_only = connection.get_execution_options().get("tbtwatch_read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
