"""Databases of one kind that a test can copy and throw away: files on SQLite, databases of one server on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


class Databases(ABC):
    """Addresses of databases. Whoever opens one closes it before it is copied or thrown away."""

    kind: str  #: sqlite or postgresql

    @abstractmethod
    def new(self) -> str:
        """The address of an empty database, without a schema."""

    @abstractmethod
    def copy(self, url: str) -> str:
        """The address of a copy. Nobody may be connected to the original."""

    @abstractmethod
    def throw_away(self, url: str) -> None:
        """It is not needed any more."""

    @abstractmethod
    def close(self) -> None:
        """None is needed any more."""


class SQLiteDatabases(Databases):
    """Files in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def new(self) -> str:
        """A file that is not there yet."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def copy(self, url: str) -> str:
        """A file like it."""
        original, made = self._file(url), self.new()
        # The last connection to close writes the log into the file; while one is open the file is only half of it.
        assert not Path(f"{original}-wal").exists(), f"{original} is still open; close it before it is copied"
        shutil.copy(original, self._file(made))
        return made

    def throw_away(self, url: str) -> None:
        """Delete the file."""
        self._file(url).unlink()

    def close(self) -> None:
        """The folder is pytest's."""

    def _file(self, url: str) -> Path:
        return Path(str(make_url(url).database))


class PostgresDatabases(Databases):
    """Databases of a running server, of which this object is the only user of its own."""

    kind = "postgresql"

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._engine = create_engine(self._server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        self._made: set[str] = set()

    def new(self) -> str:
        """A database made by the server from its own template."""
        return self._make("template1")

    def copy(self, url: str) -> str:
        """A database made by the server from this one; the server refuses, after 5 s, while somebody is connected."""
        return self._make(str(make_url(url).database))

    def throw_away(self, url: str) -> None:
        """Drop it; a connection that a dead process left does not keep it."""
        self._drop(str(make_url(url).database))

    def close(self) -> None:
        """Drop what was made here, and give the connections back."""
        for name in sorted(self._made):
            self._drop(name)
        self._engine.dispose()

    def _make(self, template: str) -> str:
        # Test processes may share the server.
        name = f"test_{os.getpid()}_{uuid4().hex[:12]}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.add(name)
        return self._server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._say(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._made.discard(name)

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))
