"""A process that dies where a test wants it to, and starts again on the same database.

Every place where a process can die between two effects is a point: before a transaction, in it before its commit,
after it, before and after a fetch, before and after a send. `Fate.in_points(n)` lets it die at the n-th point to
come; once dead it can write and send nothing more, whatever `finally` clauses try.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event

from notifiers.message import Message
from notifiers.outcome import Outcome
from tbtwatch.storage import Storage, Transaction, open_storage
from tbtwatch.storage.engine import make_engine
from tests.databases import Databases
from tests.fakes import RememberingNotifier, StandingFetcher, TurnedClock
from tests.pipeline.service import SmallService
from watcher.source import Document, Request


class Killed(BaseException):
    """kill -9: no `except Exception` sees it."""


@dataclass
class Fate:
    """When the process dies."""

    points_left: int | None = None  #: None: it lives on
    dead: bool = False
    died_at: str = ""
    passed: int = 0
    unrecorded: list[str] = field(default_factory=list)  #: Message-IDs sent, and not yet written down as sent
    doubled: set[str] = field(default_factory=set)  #: those that were unrecorded when a process died

    def in_points(self, number: int) -> None:
        """Die at that point to come; 0: the next."""
        self.points_left = number

    def point(self, name: str) -> None:
        """Die here, if it is time."""
        self.alive()
        self.passed += 1
        if self.points_left is None:
            return
        if self.points_left == 0:
            self.dead, self.died_at = True, name
            self.doubled.update(self.unrecorded)
            raise Killed(name)
        self.points_left -= 1

    def alive(self) -> None:
        """The dead do nothing."""
        if self.dead:
            raise Killed(self.died_at)

    def restart(self) -> None:
        """A new process."""
        self.points_left, self.dead, self.died_at = None, False, ""
        self.unrecorded.clear()


class MortalStorage(Storage):
    """The real storage, with a point at each edge of a transaction."""

    def __init__(self, engine: Any, fate: Fate) -> None:
        super().__init__(engine)
        self._fate = fate

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction of a process that may die."""
        self._fate.point("before a transaction")
        with super().begin() as tx:
            yield tx
            self._fate.point("before a commit")
        self._fate.unrecorded.clear()
        self._fate.point("after a commit")

    @contextmanager
    def look(self) -> Iterator[Transaction]:
        """The dead do not read either."""
        self._fate.alive()
        with super().look() as tx:
            yield tx


@dataclass
class MortalNotifier(RememberingNotifier):
    """Takes every message; the process may die just before or just after."""

    fate: Fate = field(default_factory=Fate)

    async def send(self, message: Message) -> Outcome:
        """Remember the message."""
        self.fate.point("before a send")
        outcome = await super().send(message)
        self.fate.unrecorded.append(message.message_id)
        self.fate.point("after a send")
        return outcome


class MortalFetcher(StandingFetcher):
    """Answers with an empty document, unless the process dies."""

    def __init__(self, clock: TurnedClock, fate: Fate) -> None:
        super().__init__(clock)
        self._fate = fate

    async def fetch(self, request: Request, **over: Any) -> Document:
        """An empty document."""
        self._fate.point("before a fetch")
        document = await super().fetch(request, **over)
        self._fate.point("after a fetch")
        return document


class Machine:
    """A machine on which the service dies and is started again: database, clock and mailbox outlive it.

    It works on a copy of the database at `original`.
    """

    def __init__(self, databases: Databases, original: str, *, now: datetime, zone: str = "Asia/Shanghai") -> None:
        self.fate = Fate()
        self.clock = TurnedClock(now)
        self.notifier = MortalNotifier(fate=self.fate)
        self._zone, self._databases, self._database = zone, databases, databases.copy(original)
        self.engine = make_engine(self._database)
        if databases.kind == "sqlite":

            @event.listens_for(self.engine, "connect")
            def _hurry(connection: Any, _record: Any) -> None:
                connection.execute("PRAGMA synchronous=OFF")  # the process dies here, not the machine

        self.service = self.start()

    def start(self) -> SmallService:
        """A new process."""
        self.fate.restart()
        self.service = SmallService(
            MortalStorage(self.engine, self.fate),
            clock=self.clock,
            notifier=self.notifier,
            fetcher=MortalFetcher(self.clock, self.fate),
            zone=self._zone,
        )
        return self.service

    def copy(self) -> str:
        """The database as it is now, in a database of its own."""
        self.engine.dispose()
        return self._databases.copy(self._database)

    def close(self) -> None:
        """Throw the database away."""
        self.engine.dispose()
        self._databases.throw_away(self._database)


def a_template(databases: Databases) -> str:
    """The address of an empty database with the schema and the small rules, to be copied."""
    url = databases.new()
    storage = open_storage(url)
    SmallService(storage)
    storage.close()
    return url
