"""A small service whose source is watched over: polls that fail as a test says, and the rounds of the watch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from subscriptions.criteria import Address
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.watchkeeping import Staff, WatchReport, keep_watch
from tbtwatch.storage import Storage
from tbtwatch.storage.outbox import Delivery
from tests.builders import a_notice
from tests.fakes import ListedSource, StandingFetcher
from tests.pipeline.service import SmallService
from watcher.fetch import FetchError, Reason
from watcher.notice import Notice
from watcher.source import Document, Request, SourceError

KEEPER = Address(channel="email", target="ops@example.org")
STAFF = Staff(address=KEEPER, language="en", after=timedelta(minutes=60))


class Line(StandingFetcher):
    """The network: it answers, until it is cut."""

    cut: FetchError | None = None

    async def fetch(self, request: Request, **_: Any) -> Document:
        """An empty document, or what is wrong."""
        if self.cut is not None:
            raise self.cut
        return await super().fetch(request)


@dataclass
class Watched(SmallService):
    """With staff, and a network that can be cut."""

    source: ListedSource = field(
        default_factory=lambda: ListedSource(
            "saso", title="SASO", market="SAU", every_minutes=60, gap_hours=24, expected_per_week=10.0
        )
    )
    staff: Staff = STAFF

    def __post_init__(self) -> None:
        self.fetcher = Line(self.clock)
        super().__post_init__()
        self.numbers = iter(range(1, 10_000))

    def watch(self) -> WatchReport:
        """One round of the watch."""
        return asyncio.run(keep_watch(desk=self.desk, staff=self.staff))

    def well(self, new: int = 0) -> PollReport:
        """A poll that finds ten notices known before, and so many new ones. Then a round of the watch."""
        self.fetcher.cut = None
        report = self.poll([*self.known, *(self.a_new_notice() for _ in range(new))])
        self.watch()
        return report

    def unreached(self, reason: Reason = Reason.UNAVAILABLE) -> None:
        """A poll that brings nothing, and a round of the watch."""
        self.fetcher.cut = FetchError(reason, f"answered with {reason.value}")
        assert self.poll([]).status == "failed"
        self.watch()

    def broken(self, sentence: str = "gave a page instead of a feed") -> None:
        """A poll that brings something else, and a round of the watch."""
        self.fetcher.cut = None
        assert self.poll(SourceError(sentence)).status == "failed"
        self.watch()

    def hours(self, count: float, then: str = "") -> None:
        """So many hours pass, each with a poll of this kind, a round of the watch and one of the outbox."""
        while count > 0:
            self.clock.turn(hours=min(count, 1))
            if then:
                getattr(self, then)()
            else:
                self.watch()
            self.deliver()
            count -= 1

    @property
    def known(self) -> Sequence[Notice]:
        """What the list always holds."""
        return [a_notice(symbol=f"G/TBT/N/SAU/{number}", notifying_members=("SAU",)) for number in range(1, 11)]

    def a_new_notice(self) -> Notice:
        """One that was not on the list before."""
        day = self.clock().date()
        return a_notice(
            symbol=f"G/TBT/N/SAU/{1000 + next(self.numbers)}", notifying_members=("SAU",), distribution_date=day
        )

    def owed(self, kind: str) -> list[Delivery]:
        """The messages of a kind, oldest first, whatever became of them."""
        with self.storage.look() as tx:
            return [one for one in reversed(tx.outbox.list(limit=500)) if one.kind == kind]

    def subjects(self, kind: str) -> list[str]:
        """What they are about."""
        return [one.subject for one in self.owed(kind)]


def watched(storage: Storage, **over: Any) -> Watched:
    """After a first poll at eight in the morning in Shanghai."""
    service = Watched(storage=storage, **over)
    service.well()
    return service
