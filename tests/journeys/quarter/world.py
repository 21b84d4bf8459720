"""The service lives through the story: its own functions, real HTTP and real SMTP, and a clock that jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tbtwatch.bootstrap import App, assemble
from tbtwatch.pipeline.alert import raise_each
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.held import decide
from tbtwatch.pipeline.politeness import is_due, settings_version
from tbtwatch.pipeline.poll import poll
from tbtwatch.pipeline.recover import recover
from tbtwatch.settings import Settings
from tbtwatch.storage.held import HoldState
from tests.fakes import TurnedClock
from tests.journeys.quarter.publishers import Publisher
from tests.journeys.quarter.readers import STAFF, Reader, subscribe, the_readers
from tests.journeys.quarter.serving import StoryFetcher
from tests.journeys.quarter.story import Act, Story, fill
from tests.mailbox import Mailbox, Received
from watcher.source import Source

TICK = timedelta(hours=2)  # the watch, digests and recovery; the real ones are more frequent
DECIDED_AFTER = timedelta(hours=20)  # staff look at what is held once a day
ZONE = "Asia/Shanghai"


@dataclass
class StoryClock(TurnedClock):
    """Stands still between two jumps, but no two instants that the service notes are the same."""

    _asked: int = 0
    _since: datetime | None = None

    def __call__(self) -> datetime:
        self._asked = self._asked + 1 if self._since == self.now else 0
        self._since = self.now
        return self.now + timedelta(microseconds=self._asked)


@dataclass
class Lived:
    """What came of it, as it can be seen from outside and in the service's own tables."""

    turns: list[tuple[datetime, str, str, str]] = field(default_factory=list)  #: when, source, state, why
    mails: list[tuple[datetime, Received]] = field(default_factory=list)
    polls: list[tuple[datetime, PollReport]] = field(default_factory=list)
    holds: list[tuple[datetime, str, int, int]] = field(default_factory=list)  #: when, source, new, changed
    decided: list[tuple[datetime, str, str]] = field(default_factory=list)
    gaps: list[Any] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)


class World:
    """Publishers, readers, the service, and the time."""

    def __init__(self, story: Story, *, folder: Path, seed: int, mailbox: Mailbox) -> None:
        self.story, self.mailbox = story, mailbox
        self.clock = StoryClock(story.start)
        self.publishers = {nature.name: Publisher(nature, lambda: self.clock.now) for nature in story.natures}
        for publisher in self.publishers.values():
            fill(publisher, story, Random(f"{seed} {publisher.name}"))
        self._share(Random(f"{seed} joint"))
        self.entries = {name: publisher.entry() for name, publisher in self.publishers.items()}
        self.settings = Settings(
            database_url=f"sqlite:///{folder / 'quarter.db'}",
            receipts_folder=folder / "receipts",
            outbox_folder=folder / "messages",
            allow_addresses="127.0.0.1",
            zone=ZONE,
            contact="mailto:keeper@example.org",
            smtp_host=mailbox.host,
            smtp_port=mailbox.port,
            smtp_tls="none",
            mail_from="alerts@example.org",
            staff_address=f"email:{STAFF}",
            starter=False,  # the quarter counts news
        )
        self._versions: dict[str, str] = {}
        self._chance = Random(f"{seed} service")
        self.app = self._assembled(None)
        self.readers: tuple[Reader, ...] = the_readers(frozenset(nature.market for nature in story.natures))
        subscribe(self.readers, self.app)
        self.lived = Lived()
        self._to_come = list(story.acts)
        self._open_holds: dict[int, datetime] = {}

    def _share(self, chance: Random) -> None:
        """What the United States' list shows, its API shows too, some of it."""
        listed, api = self.publishers.get("us-recalls"), self.publishers.get("us-recalls-api")
        if listed is None or api is None:
            return
        for paper in listed.papers:
            if chance.random() < 0.4:
                paper.also_in = api.name
                api.papers.append(paper)

    def _assembled(self, before: App | None) -> App:
        app = assemble(
            self.settings,
            clock=self.clock,
            chance=self._chance,
            storage=before.storage if before else None,
            entries=list(self.entries.values()),
        )
        self._versions = {source.config.name: settings_version(source.config) for source in app.sources}
        return app

    # --- living

    async def live(self, progress: Callable[[datetime], None] = lambda now: None) -> Lived:
        """From the first day to the last."""
        for publisher in self.publishers.values():
            await publisher.host.listen(True)
            await publisher.second.listen(True)
        next_tick = self.clock.now
        try:
            async with StoryFetcher(clock=self.clock, says_nothing=self._says_nothing) as fetcher:
                while self.clock.now < self.story.end:
                    await self._happen()
                    for source in self._due():
                        await self._poll(source, fetcher)
                    if self.clock.now >= next_tick:
                        await self._tick()
                        next_tick += TICK
                        progress(self.clock.now)
                    await self._deliver()
                    self.clock.now = self._next(next_tick)
        finally:
            for publisher in self.publishers.values():
                await publisher.host.close()
                await publisher.second.close()
        self._look_back()
        await self.app.close()
        return self.lived

    def _says_nothing(self, url: str) -> bool:
        port = urlsplit(url).port
        return any(one.mode == "silent" and one.host.port == port for one in self.publishers.values())

    async def _happen(self) -> None:
        """What the script has for this hour."""
        while self._to_come and self._to_come[0].at <= self.clock.now:
            act = self._to_come.pop(0)
            publisher = self.publishers[act.source]
            act.do(publisher)
            if act.listen is not None:
                await publisher.host.listen(act.listen)
            if act.settings:
                self.entries[act.source] |= act.settings
                for notifier in self.app.notifiers.values():
                    await notifier.close()
                self.app = self._assembled(self.app)
            self.lived.acts.append(act)

    def _due(self) -> list[Source]:
        with self.app.storage.look() as tx:
            states = {state.name: state for state in tx.sources.states()}
        now = self.clock.now
        return [
            source
            for source in self.app.sources
            if is_due(states.get(source.config.name), self._versions[source.config.name], now)
        ]

    async def _poll(self, source: Source, fetcher: StoryFetcher) -> None:
        """As the service does it."""
        app = self.app
        report = await poll(
            source,
            fetcher=fetcher,
            storage=app.storage,
            rulebook=app.rulebook,
            clock=self.clock,
            if_due=True,
            chance=app.chance,
        )
        self.lived.polls.append((self.clock.now, report))
        if report.held is not None:
            self._open_holds[report.held.id] = self.clock.now
            held = report.held
            self.lived.holds.append((self.clock.now, held.source, held.notices, held.changed))
        await self._watch([source.config.name])
        await raise_each(report.measures, desk=app.desk)

    async def _tick(self) -> None:
        await self._watch(None)
        if self.clock.now.hour % 6 == 0:
            recover(desk=self.app.desk)
        run_due_digests(desk=self.app.desk)
        for number, since in list(self._open_holds.items()):
            if self.clock.now - since >= DECIDED_AFTER:
                del self._open_holds[number]
                await self._decide(number)

    async def _watch(self, only: list[str] | None) -> None:
        report = await self.app.keep_watch(only)
        if not report.turned:
            return
        with self.app.storage.look() as tx:
            for name, state in report.turned:
                stored = tx.health.of(name)
                why = stored.health.sentence if stored else ""
                self.lived.turns.append((self.clock.now, name, state.value, why))

    async def _decide(self, number: int) -> None:
        with self.app.storage.look() as tx:
            hold = tx.holds.get(number)
        wanted = [one for one in self.story.decisions if one.source == hold.source and one.at <= hold.held_at]
        becomes = wanted[-1].becomes if wanted else "released"
        _, measures = decide(
            str(number),
            HoldState(becomes),
            by="the keeper",
            reason="as the script says",
            storage=self.app.storage,
            now=self.clock.now,
        )
        self.lived.decided.append((self.clock.now, hold.source, becomes))
        await raise_each(measures, desk=self.app.desk)

    async def _deliver(self) -> None:
        before = len(self.mailbox.mails)
        await self.app.deliver()
        self.lived.mails += [(self.clock.now, mail) for mail in self.mailbox.mails[before:]]

    def _next(self, next_tick: datetime) -> datetime:
        """When something happens again."""
        with self.app.storage.look() as tx:
            ahead = [state.next_poll_at for state in tx.sources.states() if state.ended_at is None]
        times = [next_tick, *(when for when in ahead if when is not None)]
        if self._to_come:
            times.append(self._to_come[0].at)
        return max(min(times), self.clock.now + timedelta(seconds=1))

    def _look_back(self) -> None:
        with self.app.storage.look() as tx:
            for name in self.publishers:
                self.lived.gaps += tx.health.gaps(name, limit=100)
                stored = tx.health.of(name)
                self.lived.states[name] = stored.health.state.value if stored else ""
