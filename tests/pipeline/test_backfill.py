"""History is asked for in parts that the publisher gives whole; broken off, it goes on; nobody is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tbtwatch.pipeline.backfill import BackfillReport, Means, backfill
from tbtwatch.pipeline.history import HistoryError
from tbtwatch.storage import Storage
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
        since, until, page = asked["since"], asked["until"], int(asked.get("page", 1))
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
