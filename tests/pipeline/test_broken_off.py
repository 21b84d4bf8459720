"""A feed that its publisher sends half of: what came is told, and nobody takes the rest for silence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.poll import poll
from tbtwatch.storage import Storage
from tests.pipeline.service import SmallService
from watcher.apart import Readers
from watcher.fetch import Validators
from watcher.source import Document, Request
from watcher.sources import make_source

URL = "https://reg.example/rss"
FEED = (
    '<rss version="2.0"><channel><title>T</title>'
    + "".join(f"<item><guid>urn:{n}</guid><title>Rule {n}</title></item>" for n in range(1, 8))
    + "</channel></rss>"
).encode()


class Publisher:
    """Sends what it has, with an ETag."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.body = clock, FEED
        self.asked: list[Validators | None] = []

    async def fetch(self, request: Request, *, validators: Validators | None = None, **_: Any) -> Document:
        """The document."""
        self.asked.append(validators)
        return Document(
            url=request.url,
            status=200,
            headers={"etag": f'"{len(self.body)}"'},
            body=self.body,
            fetched_at=self.clock(),
            request=request,
        )


@pytest.mark.parametrize("apart", [False, True], ids=["in this process", "in one of its own"])
def test_a_feed_that_breaks_off_is_read_and_is_broken(sqlite: Storage, apart: bool) -> None:
    """Its whole entries are recorded; the poll failed, says where, and the next one asks for everything."""
    service = SmallService(sqlite)
    source = make_source({"name": "f", "kind": "feed", "url": URL, "issuer": "US-REG", "robots": False})
    publisher = Publisher(service.clock)

    async def polls(*bodies: bytes) -> list[PollReport]:
        readers, reports = Readers() if apart else None, []
        for publisher.body in bodies:
            reports.append(
                await poll(
                    source,
                    fetcher=publisher,  # type: ignore[arg-type]
                    storage=sqlite,
                    rulebook=service.rulebook,
                    clock=service.clock,
                    readers=readers,
                )
            )
            service.clock.turn(minutes=60)
        if readers:
            await readers.close()
        return reports

    cut = FEED[: FEED.index(b"Rule 7")]
    broken, again, whole = asyncio.run(polls(cut, cut, FEED))

    assert (broken.status, broken.new) == ("failed", 6)
    assert broken.error.startswith("breaks off in entry 7")
    assert (again.status, again.new) == ("failed", 0)
    assert (whole.status, whole.new) == ("ok", 1)
    assert publisher.asked == [None, None, None]
