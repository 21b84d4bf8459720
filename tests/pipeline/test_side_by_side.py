"""Many sources in one process: so many at once, one at a host, the longest due first, and none left behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tbtwatch.bootstrap import App, assemble
from tbtwatch.scheduler import Service
from tbtwatch.settings import Settings
from tests.pipeline.neighbours import feed
from tests.servers import Reply, ScriptedServer, scripted_server


def service(folder: Path, servers: list[ScriptedServer], *, sources: int, polls_at_once: int = 20) -> App:
    """An installation whose sources are spread over these servers, the server being the number's remainder."""
    entries = []
    for number in range(sources):
        server = servers[number % len(servers)]
        server.on(f"/{number}.xml", feed(number))
        entries.append(
            {
                "name": f"source-{number:03}",
                "kind": "feed",
                "url": server.url(f"/{number}.xml"),
                "issuer": f"ISSUER-{number}",
                "market": "USA",
                "robots": False,
            }
        )
    settings = Settings(
        database_url=f"sqlite:///{folder / 'many.db'}", allow_addresses="127.0.0.1", polls_at_once=polls_at_once
    )
    return assemble(settings, entries=entries)


def run(app: App, until: Callable[[], bool]) -> None:
    """The service's own ticks, close together, until something is so."""

    async def work() -> None:
        running = Service(app)
        async with app.fetcher() as fetcher, asyncio.timeout(60):
            while not until():
                await running._poll_due(fetcher)
                await asyncio.sleep(0.05)
            running.stop()
            await running._finish()
        await app.close()

    asyncio.run(work())


def test_so_many_are_polled_at_once(tmp_path: Path) -> None:
    """Sixty sources of ten hosts with four at once: never more, never two at one host, and each polled once."""
    servers = [ScriptedServer() for _ in range(10)]
    try:
        app = service(tmp_path, servers, sources=60, polls_at_once=4)
        most = 0

        def done() -> bool:
            nonlocal most
            most = max(most, len(under_way(app)))
            return sum(len(server.asked) for server in servers) >= 60 and not under_way(app)

        run(app, done)
        asked = Counter(path for server in servers for path in server.paths())
        assert len(asked) == 60 and set(asked.values()) == {1}
        assert 1 < most <= 4
        assert {server.most_at_once for server in servers} == {1}
    finally:
        for server in servers:
            server.close()


def under_way(app: App) -> list[str]:
    """The sources that are being polled, as the database knows."""
    with app.storage.engine.connect() as connection:
        return [
            name
            for (name,) in connection.exec_driver_sql(
                "SELECT name FROM source WHERE lease_until IS NOT NULL"
            ).fetchall()
        ]


def test_the_longest_due_comes_first(tmp_path: Path) -> None:
    """Whatever their order in the configuration; new ones wait their turn and do not push others back."""
    with scripted_server() as server:
        app = service(tmp_path, [server], sources=12, polls_at_once=1)
        order = [7, 3, 11, 0, 5, 8]
        now = app.clock()
        with app.storage.begin() as tx:
            for place, number in enumerate(order):
                state = tx.sources.state(f"source-{number:03}")
                late = now - timedelta(hours=1) + timedelta(minutes=place)
                tx.sources.save(type(state)(name=state.name, next_poll_at=late))
        run(app, lambda: len(server.asked) >= 12 and not under_way(app))
        assert server.paths()[:6] == [f"/{number}.xml" for number in order]
        assert sorted(server.paths()) == sorted(f"/{number}.xml" for number in range(12))


def test_a_host_that_hangs_holds_up_its_own_sources_only(tmp_path: Path) -> None:
    """It takes one of the places, however many sources it has; the others are all polled meanwhile."""
    with scripted_server() as slow, scripted_server() as quick:
        app = service(tmp_path, [slow, quick], sources=40, polls_at_once=3)
        for number in range(0, 40, 2):
            slow.on(f"/{number}.xml", Reply(first_byte_after=60))
        run(app, lambda: len(quick.asked) >= 20)
        assert len(slow.asked) == 1


def test_the_next_polls_are_spread(tmp_path: Path) -> None:
    """After all were polled in one go, no two are due at the same second, and they fill the hour."""
    with scripted_server() as one, scripted_server() as two:
        app = service(tmp_path, [one, two], sources=40)
        run(app, lambda: len(one.asked) + len(two.asked) >= 40 and not under_way(app))
        with app.storage.look() as tx:
            due = sorted(state.next_poll_at for state in tx.sources.states() if state.next_poll_at)
        assert len(due) == 40
        assert len({when.replace(microsecond=0) for when in due}) >= 39
        assert due[-1] - due[0] >= timedelta(minutes=40)
        assert due[0] - app.clock() >= timedelta(minutes=40)
