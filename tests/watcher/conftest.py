"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.servers import ScriptedServer, scripted_server
from tests.watcher.recorded import AGENT, TurnedClock
from watcher.fetch import Fetcher
from watcher.fetch.addresses import AllowList


@pytest.fixture
def web() -> Iterator[ScriptedServer]:
    """A real HTTP server on loopback, closed after the test."""
    with scripted_server() as server:
        yield server


@pytest.fixture
def clock() -> TurnedClock:
    """Noon, until someone sleeps."""
    return TurnedClock()


@pytest_asyncio.fixture
async def fetcher(clock: TurnedClock) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach 127.0.0.1 and no other address that is not public."""
    async with Fetcher(allow=AllowList.parse("127.0.0.1"), agent=AGENT, clock=clock, sleep=clock.sleep) as fetcher:
        yield fetcher
