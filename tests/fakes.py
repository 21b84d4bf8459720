"""Hand-written stand-ins for the edges: a clock to turn, a notifier that remembers, a source that lists entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from notifiers.message import Message
from notifiers.outcome import Outcome, Sent
from watcher.notice import Notice
from watcher.source import Cursor, Document, Entry, Page, Request, SourceConfig, SourceError


@dataclass
class TurnedClock:
    """Stands still until a test turns it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: Any) -> None:
        """Go on by a timedelta's arguments."""
        self.now += timedelta(**by)


@dataclass
class RememberingNotifier:
    """Takes every message; `answer` may say otherwise."""

    answer: Callable[[Message], Outcome] = lambda message: Sent()
    sent: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> Outcome:
        """Remember the message if it is taken."""
        outcome = self.answer(message)
        if isinstance(outcome, Sent):
            self.sent.append(message)
        return outcome

    async def close(self) -> None:
        """Nothing to close."""


class StandingFetcher:
    """Answers every request with an empty document; the source knows the rest."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def fetch(self, request: Request, **_: Any) -> Document:
        """An empty document."""
        return Document(url=request.url, status=200, headers={}, body=b"", fetched_at=self._clock(), request=request)


class ListedSource:
    """A source whose pages a test sets: lists of notices, entries, or an error to raise."""

    def __init__(self, name: str = "listed", **over: Any) -> None:
        self.config = SourceConfig(name=name, kind="listed", **over)
        self.pages: list[Sequence[Notice | Entry] | SourceError] = [[]]

    def resting(self) -> str | None:
        """Never rests."""
        return None

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """The first page."""
        return Request(url="http://listed.example/", conditional=False, page=1)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """The page the test set."""
        number = document.request.page
        page = self.pages[number - 1]
        if isinstance(page, SourceError):
            raise page
        entries = [one if isinstance(one, Entry) else Entry(key=one.key, notice=one) for one in page]
        following = (
            Request(url="http://listed.example/", conditional=False, page=number + 1)
            if number < len(self.pages)
            else None
        )
        return Page(entries=iter(entries), next=following, total=None)

    def advance(self, cursor: Cursor, *, seen: date | None, now: datetime) -> Cursor:
        """The latest day seen."""
        return Cursor(high_water=seen or cursor.high_water, last_full=now, seeded_at=cursor.seeded_at)
