"""The pipeline on a real database, with fakes at the edges."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from notifiers.message import Message
from subscriptions.choices import Choices
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from tbtwatch.configuration import SHIPPED
from tbtwatch.pipeline.alert import Desk, raise_alerts
from tbtwatch.pipeline.audience import Audience
from tbtwatch.pipeline.burst import Bursts
from tbtwatch.pipeline.compose import Names
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.deliver import DeliveryReport, Notifier, deliver_due
from tbtwatch.pipeline.poll import poll
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.subscribe import start
from tbtwatch.reference import load_markets
from tbtwatch.storage import Storage
from tests.fakes import ListedSource, RememberingNotifier, StandingFetcher, TurnedClock
from tests.pipeline.small_rules import SmallRulebook
from watcher.notice import Notice
from watcher.source import Entry, SourceError

MARKETS = load_markets(SHIPPED / "reference")
LEASE = timedelta(seconds=20)


@dataclass
class SmallService:
    """A service of one source and one notifier for mail."""

    storage: Storage
    clock: TurnedClock = field(default_factory=lambda: TurnedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)))
    notifier: RememberingNotifier = field(default_factory=RememberingNotifier)
    source: ListedSource = field(default_factory=ListedSource)
    rulebook: Rulebook = field(default_factory=SmallRulebook)
    fetcher: Any = None  #: answers the polls; default: with empty documents
    zone: str = "Asia/Shanghai"
    budget: int = 0  #: messages an hour to one address; 0: no limit

    def __post_init__(self) -> None:
        self.fetcher = self.fetcher or StandingFetcher(self.clock)
        if self.rulebook.none_in_force(self.storage):
            self.rulebook.install(self.storage, now=self.clock())
        with self.storage.look() as tx:
            ruleset = self.rulebook.in_force(tx)
        self.desk = Desk(
            storage=self.storage,
            rulebook=self.rulebook,
            audience=Audience(MARKETS),
            sources=[self.source],
            names=Names(
                markets=MARKETS,
                areas=ruleset.areas,
                zone=ZoneInfo(self.zone),
                buffer_days=14,
                choices=Choices(facets=ruleset.facets),
            ),
            clock=self.clock,
            mail_domain="example.org",
            unsubscribe_address="alerts@example.org",
        )

    def poll(
        self,
        *pages: Sequence[Notice | Entry] | SourceError,
        source: ListedSource | None = None,
        alert: bool = True,
        classify_later: bool = False,
    ) -> PollReport:
        """One poll that finds these pages."""
        source = source or self.source
        source.pages = list(pages) or [[]]
        report = asyncio.run(
            poll(
                source,
                fetcher=self.fetcher,
                storage=self.storage,
                rulebook=self.rulebook,
                clock=self.clock,
                classify_later=classify_later,
            )
        )
        if alert:
            self.raise_all(report)
        return report

    def raise_all(self, report: PollReport) -> None:
        """The alerts owed for what a poll brought."""
        for measure in report.measures:
            raise_alerts(measure, desk=self.desk)

    def seeded(self, *notices: Notice) -> SmallService:
        """After a first poll that found these notices."""
        assert self.poll(list(notices)).status in ("ok", "unchanged")
        self.clock.turn(minutes=5)
        return self

    def subscribe(self, **over: Any) -> Subscription:
        """An enterprise that asks about HS 22 in Kenya, by mail, at once, in English."""
        values: dict[str, Any] = {
            "enterprise": "Ningbo Drinks",
            "name": "East African drinks",
            "criteria": Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"})),
            "frequency": Frequency.IMMEDIATE,
            "language": "en",
            "addresses": (Address(channel="email", target="drinks@example.com"),),
        }
        started = start(**{**values, **over}, desk=self.desk)
        self.clock.turn(seconds=1)
        return started.subscription

    def deliver(self, *, asking: frozenset[str] = frozenset(), **notifiers: Notifier) -> DeliveryReport:
        """Send what is due, by mail unless other notifiers are given."""
        return asyncio.run(
            deliver_due(
                storage=self.storage,
                notifiers=notifiers or {"email": self.notifier},
                clock=self.clock,
                chance=Random(1),
                lease=LEASE,
                home=ZoneInfo(self.zone),
                bursts=Bursts(desk=self.desk, budgets=dict.fromkeys(("email", "telegram"), self.budget))
                if self.budget
                else None,
                asking=asking,
            )
        )

    @property
    def sent(self) -> list[Message]:
        """What the notifier took, after sending all that is due."""
        self.deliver()
        return self.notifier.sent
