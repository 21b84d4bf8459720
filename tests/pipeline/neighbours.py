"""Sources of kind feed, polled through the real fetcher from a real server on loopback, on a clock that tests turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.poll import poll
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.storage import Storage
from tbtwatch.storage.sources import Poll, SourceState
from tests.fakes import TurnedClock
from tests.pipeline.small_rules import SmallRulebook
from tests.servers import Asked, Reply, ScriptedServer, scripted_server
from watcher.fetch import AllowList, Fetcher
from watcher.source import Source
from watcher.sources import make_source

START = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
FEED = "/feed.xml"


def rss(*numbers: int, head: str = "") -> bytes:
    """A feed with these entries; `head` stands before them."""
    entries = "".join(
        f"<item><guid>entry-{number}</guid><title>Rule {number} for kettles</title>"
        f"<link>https://regulator.example/{number}</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
        for number in numbers
    )
    return f"<rss version='2.0'><channel><title>Rules</title>{head}{entries}</channel></rss>".encode()


def feed(*numbers: int, head: str = "", status: int = 200, **headers: str) -> Reply:
    """The feed as an answer; names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=rss(*numbers, head=head), headers=named)


@dataclass
class Neighbourhood:
    """Publishers, and us who poll them."""

    storage: Storage
    server: ScriptedServer
    clock: TurnedClock = field(default_factory=lambda: TurnedClock(START))
    rulebook: Rulebook = field(default_factory=SmallRulebook)
    paused: list[float] = field(default_factory=list)
    chance: Random | None = None

    def __post_init__(self) -> None:
        if self.rulebook.none_in_force(self.storage):
            self.rulebook.install(self.storage, now=self.clock())

    def source(self, name: str = "kettles", path: str = FEED, **over: Any) -> Source:
        """A feed of this server."""
        entry = {"name": name, "kind": "feed", "url": self.server.url(path), "issuer": "US-KETTLES", "market": "USA"}
        return make_source({**entry, **over})

    def poll(self, source: Source | None = None, *, by_hand: bool = False, **over: Any) -> PollReport:
        """One poll, over the network."""

        async def sleep(seconds: float) -> None:
            self.paused.append(seconds)
            self.clock.turn(seconds=seconds)

        async def run() -> PollReport:
            agent = "tbtwatch/1 (+mailto:staff@example.org)"
            async with Fetcher(
                allow=AllowList.parse("127.0.0.1"), agent=agent, clock=self.clock, sleep=sleep
            ) as fetcher:
                return await poll(
                    source or self.source(),
                    fetcher=fetcher,
                    storage=self.storage,
                    rulebook=self.rulebook,
                    clock=self.clock,
                    release_first=by_hand,
                    chance=self.chance,
                    **over,
                )

        return asyncio.run(run())

    def asked(self, path: str = FEED) -> list[Asked]:
        """The requests for a path."""
        return [one for one in self.server.asked if one.path == path]

    def state(self, name: str = "kettles") -> SourceState:
        """What is remembered of the source."""
        with self.storage.look() as tx:
            return tx.sources.state(name)

    def last(self, name: str = "kettles") -> Poll:
        """The row of the last poll."""
        with self.storage.look() as tx:
            return tx.sources.polls(name, limit=1)[0]

    def wait(self, name: str = "kettles") -> timedelta:
        """How long until the next poll."""
        next_poll_at = self.state(name).next_poll_at
        assert next_poll_at is not None
        return next_poll_at - self.clock()


@contextmanager
def neighbourhood(storage: Storage, **over: Any) -> Iterator[Neighbourhood]:
    """For one test."""
    with scripted_server() as server:
        yield Neighbourhood(storage, server, **over)
