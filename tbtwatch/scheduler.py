"""The tick. APScheduler only wakes; what is due, the database knows. A missed tick is caught by the next."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tbtwatch.bootstrap import App
from tbtwatch.pipeline.alert import raise_each
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.heartbeat import beat
from tbtwatch.pipeline.politeness import host_of_source, is_due
from tbtwatch.pipeline.poll import poll
from tbtwatch.pipeline.recover import recovering
from tbtwatch.pipeline.remind import reminding
from tbtwatch.pipeline.together import Together
from watcher.fetch import Fetcher
from watcher.source import Source

log = structlog.get_logger()

GRACE = timedelta(seconds=3)  # for what is under way when the service is told to end
POLL_TICK, DELIVER_TICK, DIGEST_TICK, RECOVER_TICK = 10, 2, 60, 120  # seconds
WATCH_TICK, HOUSE_TICK, REMIND_TICK = 300, 900, 60


class Service:
    """The running service: polls, alerts, deliveries, digests and the bot in one process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = asyncio.Event()
        self._readers = app.readers()
        self._together = Together(app.storage)
        self._under_way: set[asyncio.Task[None]] = set()
        self._polling: dict[str, str] = {}  # the sources under way, and the host of each
        self._waiting: list[tuple[datetime, str, Source]] = []  # those due, since when, the longest first
        self._delivering = False
        self._due_since: dict[str, datetime] = {}

    def stop(self) -> None:
        """End soon: nothing new is begun."""
        self._stop.set()

    async def run(self, *beside: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Run until told to end, and beside it the bot and whatever else goes on until then."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop)
        async with self._app.fetcher() as fetcher:
            scheduler = AsyncIOScheduler(timezone="UTC")
            ticks: tuple[tuple[Callable[..., Awaitable[None]], int, list[object]], ...] = (
                (self._poll_due, POLL_TICK, [fetcher]),
                (self._deliver, DELIVER_TICK, []),
                (self._digest, DIGEST_TICK, []),
                (self._recover, RECOVER_TICK, []),
                (self._watch, WATCH_TICK, []),
                (self._keep_house, HOUSE_TICK, []),
                (self._remind, REMIND_TICK, []),
            )
            for tick, seconds, arguments in ticks:
                scheduler.add_job(
                    tick,
                    "interval",
                    seconds=seconds,
                    args=arguments,
                    coalesce=True,
                    max_instances=1,
                    misfire_grace_time=None,
                )
            await self._recover()
            await self._poll_due(fetcher)
            beat(self._app.storage, self._app.clock())
            scheduler.start()
            for one in beside:
                self._begin(one(self._stop))
            await self._stop.wait()
            log.info("stopping")
            # A tick of this very moment begins, sees that all is to end, and ends; cancelled unbegun it would be logged
            # as a fault.
            scheduler.pause()
            await asyncio.sleep(0)
            scheduler.shutdown(wait=False)
            await self._finish()
            await self._readers.close()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)

    async def _finish(self) -> None:
        """Let what is being sent end; what cannot end in time goes on after the next start, from its lease."""
        tasks = list(self._under_way)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=GRACE.total_seconds() / 2)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=GRACE.total_seconds() / 2)

    def _begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception:
                # The next tick tries again; one fault must not end the service.
                log.exception("tick_failed")

        task = asyncio.create_task(guarded())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _poll_due(self, fetcher: Fetcher) -> None:
        """Find the sources that are due and begin with as many as may be polled side by side."""
        if self._stop.is_set():
            return
        now, sources = self._app.clock(), self._app.sources
        if sources.refresh():
            log.info("sources_read_anew", sources=len(sources))
        with self._app.storage.look() as tx:
            states = {state.name: state for state in tx.sources.states()}
        waiting: list[tuple[datetime, str, Source]] = []
        for source in sources:
            name, state = source.config.name, states.get(source.config.name)
            if not source.config.enabled or name in self._polling or source.resting():
                continue
            if not is_due(state, sources.version(name), now):
                self._due_since.pop(name, None)
                continue
            # One that was never polled waits from when it was first seen here, so that it cannot push others back.
            stated = state.next_poll_at if state else None
            since = self._due_since.setdefault(name, min(stated, now) if stated else now)
            waiting.append((since, host_of_source(source, state, now), source))
        # The clock decides, then the name, so that the order is the same whatever the configuration's.
        self._waiting = sorted(waiting, key=lambda one: (one[0], one[2].config.name))
        self._begin_polls(fetcher)

    def _begin_polls(self, fetcher: Fetcher) -> None:
        """Begin what may begin: the longest due first, one at a host, and a slow source is not waited for."""
        while not self._stop.is_set() and len(self._polling) < self._app.settings.polls_at_once:
            busy = set(self._polling.values()) - {""}
            following = next((one for one in self._waiting if one[1] not in busy), None)
            if following is None:
                return
            self._waiting.remove(following)
            _, host, source = following
            self._polling[source.config.name] = host
            self._due_since.pop(source.config.name, None)
            self._begin(self._poll(source, fetcher))

    async def _poll(self, source: Source, fetcher: Fetcher) -> None:
        try:
            report = await poll(
                source,
                fetcher=fetcher,
                storage=self._app.storage,
                rulebook=self._app.rulebook,
                clock=self._app.clock,
                if_due=True,
                chance=self._app.chance,
                readers=self._readers,
                together=self._together,
                classify_later=True,
            )
            await self._app.keep_watch([source.config.name], stop=self._stop.is_set)
            if await raise_each(report.measures, desk=self._app.desk, stop=self._stop.is_set):
                self._begin(self._send_what_is_due())  # not only at the next tick
        finally:
            self._polling.pop(source.config.name, None)
            self._begin_polls(fetcher)

    async def _deliver(self) -> None:
        await self._tick(self._send_what_is_due())

    async def _send_what_is_due(self) -> None:
        """Unless that is under way: it goes on until nothing is due."""
        if self._delivering or self._stop.is_set():
            return
        self._delivering = True
        try:
            await self._app.deliver(stop=self._stop.is_set)
        finally:
            self._delivering = False

    async def _digest(self) -> None:
        async def work() -> None:
            run_due_digests(desk=self._app.desk)

        await self._tick(work())

    async def _recover(self) -> None:
        async def work() -> None:
            for _ in recovering(desk=self._app.desk):
                await asyncio.sleep(0)
                if self._stop.is_set():
                    return

        await self._tick(work())

    async def _remind(self) -> None:
        async def work() -> None:
            for _ in reminding(desk=self._app.desk):
                await asyncio.sleep(0)
                if self._stop.is_set():
                    return

        await self._tick(work())

    async def _watch(self) -> None:
        async def work() -> None:
            await self._app.keep_watch(stop=self._stop.is_set)
            beat(self._app.storage, self._app.clock())

        await self._tick(work())

    async def _keep_house(self) -> None:
        async def work() -> None:
            await asyncio.to_thread(self._app.settle_questions)
            await asyncio.to_thread(self._app.housekeeping)

        await self._tick(work())

    async def _tick(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it and wait for it. The scheduler cancels its waiting ticks when it ends, but not what they began."""
        if self._stop.is_set():
            work.close()
        else:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._begin(work))
