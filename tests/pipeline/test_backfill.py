"""History is asked for in parts that the publisher gives whole; broken off, it goes on; nobody is told."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tbtwatch.pipeline import coverage, lease, watchkeeping
from tbtwatch.pipeline.backfill import BackfillReport, Means, backfill
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.history import HistoryError
from tbtwatch.pipeline.poll import poll
from tbtwatch.storage import Storage
from tbtwatch.storage.health import LastRead
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from watcher.apart import Readers
from watcher.fetch import FetchError, Reason
from watcher.slices import Slice
from watcher.source import Document, Request, Source
from watcher.sources import make_source

FIRST = date(2025, 1, 1)
PAGE, CAP = 10, 40


@dataclass(eq=False)
class Publisher:
    """Publishes three documents a day for thirty days; counts all that is asked for, and gives forty at most."""

    clock: Callable[[], datetime]
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    fails_at: int | None = None  #: the number of the request that is not answered
    busy: date | None = None  #: a day with a hundred documents

    async def fetch(self, request: Request, **_: Any) -> Document:
        """A page of the days asked for."""
        if request.url.endswith("/robots.txt"):
            return self._robots(request)
        if self.fails_at == len(self.asked):
            raise FetchError(Reason.UNAVAILABLE, "answered 503 (unavailable)")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        since, until, page = asked.get("since", ""), asked.get("until", "~"), int(asked.get("page", 1))
        self.asked.append((since, until, page))
        days = [FIRST + timedelta(days=n) for n in range(30)]
        found = [
            {"id": f"{day}-{n}", "title": f"Drinks {day} {n}", "day": str(day)}
            for day in days
            if since <= str(day) <= until
            for n in range(100 if day == self.busy else 3)
        ]
        body = {"count": len(found), "results": found[(page - 1) * PAGE : page * PAGE]}
        return Document(
            url=request.url,
            status=200,
            headers={"content-type": "application/json"},
            body=json.dumps(body).encode(),
            fetched_at=self.clock(),
            request=request,
        )

    def _robots(self, request: Request) -> Document:
        text = b"User-agent: *\nDisallow: /secret\n"
        return Document(url=request.url, status=200, headers={}, body=text, fetched_at=self.clock(), request=request)


def a_source(**over: Any) -> Source:
    """A JSON list with a cap, as sources.yaml describes one."""
    return make_source(
        {
            "name": "register",
            "kind": "json_api",
            "issuer": "XX-REG",
            "url": "https://register.example/list",
            "params": {"since": "{since}", "until": "{until}"},
            "items": "results",
            "total": "count",
            "cap": CAP,
            "paging": {"by": "page", "parameter": "page"},
            "fields": {"id": "id", "number": "id", "title": "title", "published": "day"},
            **over,
        }
    )


def filled(
    service: SmallService,
    publisher: Publisher,
    *,
    days: int = 30,
    source: Source | None = None,
) -> BackfillReport:
    """A back-fill of so many days."""
    wanted = Slice(since=FIRST, until=FIRST + timedelta(days=days - 1))
    return asyncio.run(
        backfill(
            source or a_source(),
            wanted,
            means=Means(
                fetcher=publisher,  # type: ignore[arg-type]
                storage=service.storage,
                rulebook=service.rulebook,
                clock=service.clock,
            ),
        )
    )


def test_a_capped_range_is_read_in_parts(storage: Storage) -> None:
    """All ninety documents, none of them twice, nobody told, also of those who ask for everything."""
    service = SmallService(storage)
    service.subscribe()
    publisher = Publisher(service.clock)
    report = filled(service, publisher)

    assert (len(report.tally.new), report.parts, report.error, report.too_full) == (90, 4, "", [])
    assert service.sent == []
    assert publisher.asked[0] == ("2025-01-01", "2025-01-30", 1)
    with storage.look() as tx:
        assert tx.measures.count() == 90
        assert tx.changes.measures_waiting() == []


def test_a_broken_off_backfill_goes_on(storage: Storage) -> None:
    """With the parts that are left: what was read is not asked for again."""
    service = SmallService(storage)
    publisher = Publisher(service.clock, fails_at=10)
    broken = filled(service, publisher)
    assert (broken.error, broken.parts) == ("answered 503 (unavailable)", 2)
    assert 0 < len(broken.tally.new) < 90
    done = {asked[:2] for asked in publisher.asked if asked[2] == 1}

    publisher.fails_at = None
    publisher.asked.clear()
    report = filled(service, publisher)
    assert report.resumed
    assert ("2025-01-01", "2025-01-30", 1) not in publisher.asked
    assert min(asked[0] for asked in publisher.asked) > min(since for since, _ in done)
    with storage.look() as tx:
        assert tx.notices.counts()["notices"] == 90

    again = filled(service, publisher)
    assert (again.resumed, len(again.tally.new), again.tally.unchanged) == (False, 0, 90)


def test_a_day_that_is_never_given_whole_is_said(sqlite: Storage) -> None:
    """The other days are read; the report names the one."""
    service = SmallService(sqlite)
    report = filled(service, Publisher(service.clock, busy=date(2025, 1, 7)))

    assert report.too_full == [date(2025, 1, 7)]
    assert len(report.tally.new) == 87


def test_only_a_range_can_be_filled_in(sqlite: Storage) -> None:
    """A sentence for a source of another kind, one without the places for days, and one that rests."""
    service = SmallService(sqlite)
    publisher = Publisher(service.clock)
    with pytest.raises(HistoryError, match="cannot be asked for a range of days; import a file"):
        filled(service, publisher, source=ListedSource())
    assert "hold no {since} and {until}" in filled(service, publisher, source=a_source(params={})).error
    assert publisher.asked == []


def test_a_cap_is_seen_from_another_process(sqlite: Storage) -> None:
    """Where documents are read apart, as the service reads them, the range is halved all the same."""
    service = SmallService(sqlite)

    async def work() -> BackfillReport:
        readers = Readers()
        try:
            means = Means(
                fetcher=Publisher(service.clock),  # type: ignore[arg-type]
                storage=service.storage,
                rulebook=service.rulebook,
                clock=service.clock,
                readers=readers,
            )
            return await backfill(a_source(), Slice(since=FIRST, until=FIRST + timedelta(days=29)), means=means)
        finally:
            await readers.close()

    report = asyncio.run(work())
    assert (len(report.tally.new), report.error) == (90, "")


def test_what_robots_may_not_ask_is_not_asked(sqlite: Storage) -> None:
    """A back-fill is as polite as a poll."""
    service = SmallService(sqlite)
    publisher = Publisher(service.clock)
    report = filled(service, publisher, source=a_source(url="https://register.example/secret"))

    assert "robots.txt" in report.error
    assert publisher.asked == []


@dataclass(eq=False)
class Interrupted(Publisher):
    """Does something in the middle of the first answer."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def fetch(self, request: Request, **over: Any) -> Document:
        """The page, after that."""
        if self.meanwhile is not None and not request.url.endswith("/robots.txt"):
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await super().fetch(request, **over)


def polled(service: SmallService, publisher: Publisher, **over: Any) -> Awaitable[PollReport]:
    """A poll of the register by the service."""
    return poll(
        a_source(cap=None),
        fetcher=publisher,  # type: ignore[arg-type]
        storage=service.storage,
        rulebook=service.rulebook,
        clock=service.clock,
        **over,
    )


def means_of(service: SmallService, publisher: Publisher, **over: Any) -> Means:
    """What a back-fill is done with."""
    return Means(
        fetcher=publisher,  # type: ignore[arg-type]
        storage=service.storage,
        rulebook=service.rulebook,
        clock=service.clock,
        **over,
    )


MONTH = Slice(since=FIRST, until=FIRST + timedelta(days=29))


def test_nobody_else_asks_the_publisher_meanwhile(sqlite: Storage) -> None:
    """A due poll rests for as long as it takes, and that is no trouble; who wants more is told who is at work."""
    service = SmallService(sqlite)
    publisher = Interrupted(service.clock)
    asyncio.run(polled(service, publisher))
    publisher.asked.clear()
    reports: list[PollReport] = []

    async def meanwhile() -> None:
        for _ in range(12):
            service.clock.turn(hours=1)
            with service.storage.begin() as tx:  # what `kept_up` does in hours that really pass
                tx.sources.extend("register", until=service.clock() + lease.LEASE)
            reports.append(await polled(service, publisher, if_due=True))
        reports.append(await polled(service, publisher, release_first=True))
        with pytest.raises(HistoryError, match=r"not asked: a back-fill of 2025-01-01 to 2025-01-30 \(begun .* by Li"):
            await backfill(a_source(), MONTH, means=means_of(service, publisher))
        assert publisher.asked == []
        with service.storage.look() as tx:
            state = tx.sources.state("register")
            is_now = watchkeeping.now_is(a_source(), tx, service.clock())
        assert (state.status, state.failures, state.failing_since) == ("resting", 0, None)
        assert not is_now.state.bad
        assert coverage.gap_of(a_source(), _last_read(service), None, service.clock()) is None

    publisher.meanwhile = meanwhile
    report = asyncio.run(backfill(a_source(), MONTH, means=means_of(service, publisher, by="Li Na")))
    assert (report.parts, report.error) == (4, "")
    assert {one.status for one in reports} == {"resting"}
    assert all("UTC by Li Na, process " in one.error for one in reports)
    service.clock.turn(minutes=6)
    assert asyncio.run(polled(service, publisher, if_due=True)).status in ("ok", "unchanged")


def _last_read(service: SmallService) -> LastRead:
    with service.storage.look() as tx:
        return tx.health.last_reads()["register"]


def test_a_poll_is_not_disturbed(sqlite: Storage) -> None:
    """While one is under way a back-fill waits for another time, with a sentence."""
    service = SmallService(sqlite)
    publisher = Interrupted(service.clock)

    async def meanwhile() -> None:
        with pytest.raises(HistoryError, match="another process is polling this source now"):
            await backfill(a_source(), MONTH, means=means_of(service, publisher))

    publisher.meanwhile = meanwhile
    assert asyncio.run(polled(service, publisher)).status == "ok"


@pytest.mark.parametrize(("host", "waits"), [(socket.gethostname(), False), ("another-host", True)])
def test_a_dead_backfill_is_not_waited_for(sqlite: Storage, host: str, waits: bool) -> None:
    """One of this host is known to be dead at once; of another host it is believed after a minute."""
    service = SmallService(sqlite)
    publisher = Publisher(service.clock)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    dead = replace(
        lease.this_process("a back-fill of 2025", by="Li Na", now=service.clock()), host=host, pid=process.pid
    )
    with sqlite.begin() as tx:
        assert lease.claim("register", tx, now=service.clock(), holder=dead) == ""
    if waits:
        assert "a back-fill of 2025" in asyncio.run(polled(service, publisher)).error
        with pytest.raises(HistoryError, match="by Li Na, process"):
            filled(service, publisher)
        service.clock.turn(seconds=61)
    assert filled(service, publisher).error == ""
    with sqlite.look() as tx:
        assert lease.held_by("register", tx) is None
    assert asyncio.run(polled(service, publisher)).status == "ok"


def test_a_broken_backfill_gives_its_lease_back(sqlite: Storage) -> None:
    """Also after a fault of our own."""
    service = SmallService(sqlite)
    publisher = Interrupted(service.clock)

    async def breaks() -> None:
        raise RuntimeError("of our own")

    publisher.meanwhile = breaks
    with pytest.raises(RuntimeError, match="of our own"):
        asyncio.run(backfill(a_source(), MONTH, means=means_of(service, publisher)))
    assert asyncio.run(polled(service, publisher)).status == "ok"


@pytest.mark.parametrize(("asked_for", "goes_on"), [(timedelta(minutes=2), True), (timedelta(hours=2), False)])
def test_a_publisher_that_asks_for_patience_gets_it(sqlite: Storage, asked_for: timedelta, goes_on: bool) -> None:
    """Minutes are waited for, exactly; hours break it off. Every source of the host keeps away as long."""
    service = SmallService(sqlite)
    publisher, slept = Interrupted(service.clock), []

    async def sleep(seconds: float) -> None:
        with sqlite.look() as tx:
            assert tx.hosts.state("register.example").resume_at == service.clock() + timedelta(seconds=seconds)
        slept.append(seconds)
        service.clock.turn(seconds=seconds)

    async def busy() -> None:
        raise FetchError(Reason.RATE_LIMITED, "answered 429", asked_for, status=429)

    publisher.meanwhile = busy
    report = asyncio.run(backfill(a_source(), MONTH, means=means_of(service, publisher, sleep=sleep)))
    assert (report.error == "", report.waited) == (goes_on, 120.0 if goes_on else 0.0)
    assert slept == ([120.0] if goes_on else [])
    if not goes_on:
        again = asyncio.run(backfill(a_source(), MONTH, means=means_of(service, publisher, sleep=sleep)))
        assert "asked to be left alone until" in again.error
        assert publisher.asked == []
        service.clock.turn(hours=3)
        assert filled(service, publisher).error == ""
