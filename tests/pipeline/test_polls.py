"""Polls: what is asked again, what is news, and when the next one is due."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.poll import poll
from tbtwatch.storage import Storage
from tbtwatch.storage.sources import SourceState
from tests.builders import a_notice, stated
from tests.fakes import ListedSource, StandingFetcher, TurnedClock
from tests.pipeline.service import SmallService
from watcher.fetch import FetchError, Validators
from watcher.fetch.errors import Reason
from watcher.notice import Notice
from watcher.revise import revise
from watcher.source import Cursor, Document, Entry, Page, Request, SourceError


def another(number: int, **over: Any) -> Notice:
    """Another measure about drinks."""
    return a_notice(symbol=f"G/TBT/N/KEN/{number}", title=f"Drink {number}", **over)


def state_of(storage: Storage, source: str = "listed") -> SourceState:
    """What is remembered of the source."""
    with storage.look() as tx:
        return tx.sources.state(source)


class GoingClock(TurnedClock):
    """Goes on by itself: no two instants are the same."""

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def test_what_a_first_poll_found_is_no_news_when_its_ids_change(storage: Storage) -> None:
    """It was there before the source went live, however long the poll took to be written down."""
    service = SmallService(storage, clock=GoingClock(datetime(2026, 3, 2, 12, tzinfo=UTC)))
    of_yesterday = [another(number, distribution_date=date(2026, 3, 1)) for number in (1, 2)]
    service.seeded(*of_yesterday)
    service.subscribe()
    report = service.poll([Entry(key=f"new id of {notice.key}", notice=notice) for notice in of_yesterday])
    assert (report.status, report.new, report.changed, report.measures) == ("ok", 0, 0, ())
    assert service.sent == []


def test_a_first_poll_that_failed_goes_on_silently(storage: Storage) -> None:
    """Until a poll was complete all is history: the rest of it tells nobody either; then news is news."""
    service = SmallService(storage)
    service.subscribe()
    failed = service.poll([another(1)], SourceError("cut off"))
    assert (failed.status, failed.seeding, failed.new) == ("failed", True, 1)
    assert state_of(storage).cursor.seeded_at is None
    rest = service.poll([another(1)], [another(2)])
    assert (rest.status, rest.seeding, rest.new, rest.unchanged) == ("ok", True, 1, 1)
    assert service.sent == []
    service.clock.turn(minutes=1)
    service.poll([another(1)], [another(2), another(3)])
    assert ["Drink 3" in message.text for message in service.sent] == [True]


def test_an_item_that_appears_late_is_told(storage: Storage) -> None:
    """Distributed before the newest one known, listed after it: inside the overlap it is read, and it is news."""
    service = SmallService(storage).seeded(another(1, distribution_date=date(2026, 3, 1)))
    service.subscribe()
    report = service.poll(
        [another(1, distribution_date=date(2026, 3, 1)), another(2, distribution_date=date(2026, 2, 9))]
    )

    assert report.new == 1
    assert len(service.sent) == 1
    assert state_of(storage).cursor.high_water == date(2026, 3, 1)


def test_an_edited_item_tells_what_moved(storage: Storage) -> None:
    """The Secretariat corrects a deadline in place: those who asked are told old and new."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe()
    report = service.poll([a_notice(comment_deadline=date(2026, 4, 20))])

    assert (report.new, report.changed) == (0, 1)
    (message,) = service.sent
    assert "10 March 2026" in message.text and "20 April 2026" in message.text


def test_a_richer_source_wakes_what_a_poorer_one_recorded_in_silence(storage: Storage) -> None:
    """The workbook's silent first poll a minute before must not swallow the API's news, though the API says more."""
    service = SmallService(storage).seeded()
    service.subscribe()
    full = a_notice(distribution_date=date(2026, 3, 2), responsible_agency="KEBS", legal_basis=("2.9.2",))
    poor = replace(full, responsible_agency="", legal_basis=(), content_summary="")
    workbook = ListedSource("workbook", priority=90)
    assert service.poll([poor], source=workbook).seeding
    service.clock.turn(minutes=1)
    service.poll([full])
    service.poll([poor], source=workbook)

    (message,) = service.sent
    assert "1514" in message.subject


def test_history_is_not_woken(storage: Storage) -> None:
    """What an import recorded years after its distribution stays silent when a live source lists it again."""
    service = SmallService(storage).seeded()
    service.subscribe()
    workbook = ListedSource("workbook", priority=90)
    service.poll([a_notice(distribution_date=date(2019, 5, 6))], source=workbook)
    service.clock.turn(minutes=1)
    service.poll([a_notice(distribution_date=date(2019, 5, 6), responsible_agency="KEBS")])

    assert service.sent == []


def test_a_notice_we_stumble_over_stops_nothing(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept and shown, the others are told; and it is told itself once we can read it."""
    service = SmallService(storage).seeded()
    service.subscribe()

    def stumbling(measure: Any, notice: Notice) -> Any:
        if notice.symbols == ("G/TBT/N/KEN/2",):
            raise ZeroDivisionError("a wording nobody thought of")
        return revise(measure, notice)

    monkeypatch.setattr("tbtwatch.pipeline.ingest.revise", stumbling)
    monkeypatch.setattr("tbtwatch.pipeline.strangers.revise", stumbling)
    report = service.poll([another(1), another(2), another(3)])
    assert (report.status, report.new, report.unreadable) == ("ok", 2, 1)
    assert len(service.sent) == 2
    with storage.look() as tx:
        (kept,) = tx.notices.unreadable()
    assert "a wording nobody thought of" in kept.problem and kept.entry == "G/TBT/N/KEN/2"
    monkeypatch.undo()
    mended = service.poll([another(1), another(2), another(3)])
    assert (mended.new, mended.unreadable) == (1, 0)
    assert len(service.sent) == 3
    with storage.look() as tx:
        assert tx.notices.unreadable() == []


class BrokenSource(ListedSource):
    """Its reader has a fault."""

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """The first page is read, the second breaks the reader."""
        if document.request.page == 2:
            raise RecursionError("deep")
        return super().parse(document, cursor)


def test_a_fault_of_ours_is_a_failed_poll(storage: Storage) -> None:
    """What was read is kept, the reason is shown, and the publisher is not asked again every ten seconds."""
    source = BrokenSource()
    service = SmallService(storage, source=source)
    service.poll([])
    report = service.poll([another(1)], [another(2)])

    assert (report.status, report.new) == ("failed", 1)
    assert "a fault of this program: RecursionError" in report.error
    state = state_of(storage)
    assert state.failures == 1
    assert state.next_poll_at == service.clock.now + timedelta(minutes=5)


class FailingFetcher:
    """Fails as it is told."""

    def __init__(self, error: FetchError) -> None:
        self.error = error

    async def fetch(self, request: Request, **_: Any) -> Document:
        """No document."""
        raise self.error


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (None, [60] * 6),  # some count requests by the hour, and do not say so
        (timedelta(seconds=1), [5, 10, 20, 40, 60, 60]),
        (timedelta(minutes=30), [30, 30, 30, 40, 60, 60]),
        (timedelta(hours=3), [180] * 6),
    ],
)
def test_a_publisher_that_wants_rest_gets_it(sqlite: Storage, asked: timedelta | None, waits: list[int]) -> None:
    """Failed polls come again sooner than usual, then slower, and never before the publisher allows it."""
    service = SmallService(sqlite).seeded()
    service.fetcher = FailingFetcher(FetchError(Reason.RATE_LIMITED, "answered 429", asked))
    began = service.clock.now
    for wait in waits:
        report = service.poll([])
        assert (report.status, report.error) == ("failed", "answered 429")
        state = state_of(sqlite)
        assert state.next_poll_at == service.clock.now + timedelta(minutes=wait)
        assert state.failing_since == began
        service.clock.turn(minutes=wait)
    service.fetcher = StandingFetcher(service.clock)
    assert service.poll([]).status == "ok"
    mended = state_of(sqlite)
    assert (mended.failures, mended.failing_since, mended.error) == (0, None, "")
    assert mended.next_poll_at == service.clock.now + timedelta(minutes=60)


class ConditionalSource(ListedSource):
    """One page that may be asked for conditionally; counts how often it was read."""

    reads = 0

    def first_request(self, cursor: Cursor, now: datetime) -> Request:
        """The page."""
        return Request(url="http://feed.example/", conditional=True)

    def parse(self, document: Document, cursor: Cursor) -> Page:
        """The page the test set."""
        self.reads += 1
        return super().parse(document, cursor)


class Publisher:
    """Answers with a body and, if it likes, an ETag; says 304 to who has that."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.body, self.etag = clock, b"one", "1"
        self.asked: list[Validators | None] = []

    async def fetch(self, request: Request, *, validators: Validators | None = None, **_: Any) -> Document:
        """The document."""
        self.asked.append(validators)
        same = bool(self.etag) and validators is not None and validators.etag == self.etag
        return Document(
            url=request.url,
            status=304 if same else 200,
            headers={"etag": self.etag} if self.etag else {},
            body=b"" if same else self.body,
            fetched_at=self.clock(),
            not_modified=same,
            request=request,
        )


def test_what_has_not_changed_is_not_read(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """304, or the very same bytes: the poll says unchanged and reads nothing; a better reader reads again."""
    source = ConditionalSource()
    service = SmallService(storage, source=source)
    publisher = service.fetcher = Publisher(service.clock)
    assert service.poll([another(1)]).status == "ok"
    assert service.poll([another(1)]).status == "unchanged"
    assert publisher.asked[-1] is not None and publisher.asked[-1].etag == "1"
    publisher.etag = ""
    assert service.poll([another(1)]).status == "unchanged"
    assert source.reads == 1
    assert state_of(storage).succeeded_at == service.clock.now
    publisher.body = b"two"
    assert service.poll([another(1), another(2)]).new == 1
    publisher.etag = "2"
    service.poll([another(1), another(2)])
    monkeypatch.setattr("tbtwatch.pipeline.poll.READER", 99)
    assert service.poll([another(1), another(2)]).status == "ok"
    assert source.reads == 3


def test_a_page_that_was_not_recorded_is_asked_for_again(storage: Storage) -> None:
    """The validators of a failed poll are forgotten, or its news would be answered with "not modified"."""
    source = ConditionalSource()
    service = SmallService(storage, source=source)
    service.fetcher = Publisher(service.clock)
    service.poll([])
    service.subscribe()
    service.fetcher.etag, service.fetcher.body = "2", b"two"
    assert service.poll(SourceError("cannot be read")).status == "failed"
    assert service.poll([another(2)]).new == 1
    assert len(service.sent) == 1


def test_a_poll_that_is_cut_short_leaves_nothing_half_done(storage: Storage) -> None:
    """Told to end while a source hangs: the source can be polled by the next process at once, and nothing was lost."""
    service = SmallService(storage).seeded()
    service.subscribe()

    class Hanging(StandingFetcher):
        async def fetch(self, request: Request, **_: Any) -> Document:
            if request.page == 2:
                await asyncio.Event().wait()
            return await super().fetch(request)

    async def cut_short() -> None:
        service.source.pages = [[another(1)], [another(2)]]
        work = poll(
            service.source,
            fetcher=Hanging(service.clock),  # type: ignore[arg-type]
            storage=storage,
            rulebook=service.rulebook,
            clock=service.clock,
        )
        await asyncio.wait_for(work, 0.3)

    with pytest.raises(TimeoutError):
        asyncio.run(cut_short())
    report = service.poll([another(1)], [another(2)])
    assert (report.status, report.new) == ("ok", 2)
    assert len(service.sent) == 2


def test_two_sources_fail_apart(storage: Storage) -> None:
    """What one source does changes nothing in what is remembered of another."""
    service = SmallService(storage).seeded()
    other = ListedSource("other")
    service.poll([another(1)], source=other)
    service.poll(SourceError("no"), source=other)
    assert state_of(storage).failures == 0
    assert state_of(storage, "other").error == "no"
    assert state_of(storage, "other").succeeded_at is not None


def test_a_joint_notice_known_in_parts_becomes_one(storage: Storage) -> None:
    """Members' entries that come apart and overlap later are united; deadline and news stay."""
    service = SmallService(storage).seeded()
    service.subscribe(criteria=replace(service.subscribe().criteria, markets=frozenset()))
    first = a_notice(symbols=("G/TBT/N/KEN/5", "G/TBT/N/UGA/6"), notifying_members=("KEN", "UGA"))
    second = a_notice(symbols=("G/TBT/N/UGA/6", "G/TBT/N/TZA/7"), notifying_members=("UGA", "TZA"))
    third = a_notice(symbols=("G/TBT/N/RWA/8",), notifying_members=("RWA",))
    bridge = a_notice(symbols=("G/TBT/N/RWA/8", "G/TBT/N/TZA/7"), notifying_members=("RWA", "TZA"))
    for notices in ([first], [third], [second], [bridge], [first], [second], [third]):
        service.poll(notices)
        service.clock.turn(minutes=1)

    measure = subscribe.find_measure("G/TBT/N/KEN/5", desk=service.desk)
    assert {"KEN", "UGA", "TZA", "RWA"} == set(measure.facts.notifying_members)
    assert len(measure.notices) == 1
    assert measure.facts.comment_deadline == stated(date(2026, 3, 10))
    with storage.look() as tx:
        assert tx.notices.counts()["notices"] == tx.measures.count() == 1
        assert tx.changes.measures_waiting() == []
