"""Taking turns at a host: so many connections at a time, and no request sooner after the last one than asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class _Host:
    """What is known of one host."""

    places: asyncio.Semaphore
    last_start: datetime | None = None


class Turns:
    """Who may ask which host now. One per fetcher, on one event loop."""

    def __init__(
        self,
        *,
        per_host: int,
        in_all: int,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._per_host = per_host
        self._everywhere = asyncio.Semaphore(in_all)
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, pause_seconds: float) -> AsyncIterator[None]:
        """Wait for a place at the host, until `pause_seconds` after the last start there, then for one among all."""
        known = self._hosts.setdefault(host, _Host(places=asyncio.Semaphore(self._per_host)))
        async with known.places:
            wait = self._reserve(known, pause_seconds)
            if wait > 0:
                await self._sleep(wait)
            async with self._everywhere:
                yield

    def _reserve(self, host: _Host, pause_seconds: float) -> float:
        """Write down the next start at this host; returns the seconds until then."""
        now = self._clock()
        start = now
        if host.last_start is not None and pause_seconds > 0:
            pause = timedelta(seconds=pause_seconds)
            # A clock that was put back must not make anyone wait for its old time to come again.
            start = min(max(now, host.last_start + pause), now + pause * self._per_host)
        host.last_start = start
        return (start - now).total_seconds()
