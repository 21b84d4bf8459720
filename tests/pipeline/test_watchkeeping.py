"""The watch over the sources: what is written down, and what staff are told, once and once again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tbtwatch.pipeline import watchkeeping
from tbtwatch.pipeline.watchkeeping import Staff, fact_of, keep_watch, look_at, tell_staff
from tbtwatch.storage import Storage
from tbtwatch.storage.health import SourceHealth
from tbtwatch.storage.sources import Poll
from tests.fakes import ListedSource
from tests.pipeline.watched import KEEPER, STAFF, Watched, watched
from watcher.fetch import Reason
from watcher.health import Cause, State
from watcher.silence import Result


def state_of(service: Watched, name: str = "saso") -> State:
    with service.storage.look() as tx:
        stored = tx.health.of(name)
    assert stored is not None
    return stored.health.state


def test_a_source_that_turns_bad_is_told_once_and_once_when_it_is_well(storage: Storage) -> None:
    """However many rounds there are, and whatever it turns into meanwhile."""
    service = watched(storage)
    service.hours(12, "broken")
    assert state_of(service) is State.BROKEN
    service.hours(6, "unreached")
    assert service.subjects("staff") == ["Source broken: SASO"]
    service.well(new=3)
    service.hours(5, "well")
    assert service.subjects("staff") == ["Source broken: SASO", "Source well again: SASO"]
    bad, well = service.sent
    assert bad.recipient == KEEPER.target and bad.stream == "staff"
    assert "gave a page instead of a feed" in bad.text and "tbtwatch poll saso" in bad.text
    assert "3 new notices" in well.text and "broken since" in well.text


def test_a_source_that_stumbles_is_no_message(sqlite: Storage) -> None:
    """Bad for less than the limit, ten times over: nobody is told."""
    service = watched(sqlite)
    for _ in range(10):
        service.hours(0.5)
        service.broken()
        service.hours(0.5)
        service.well(new=1)
    assert service.subjects("staff") == []
    assert state_of(service) is State.HEALTHY


def test_a_trouble_that_comes_back_is_told_again(sqlite: Storage) -> None:
    """Another trouble is another message, and its end too."""
    service = watched(sqlite)
    for _ in range(2):
        service.hours(3, "broken")
        service.well(new=1)
        service.hours(2, "well")
    assert [subject.split(":")[0] for subject in service.subjects("staff")] == [
        *("Source broken", "Source well again") * 2
    ]


def test_a_source_that_is_not_reached_is_late_after_three_intervals(sqlite: Storage) -> None:
    """And staff hear of it when it has been late for an hour, with the publisher's answer."""
    service = watched(sqlite)
    service.hours(3, "unreached")
    assert (state_of(service), service.subjects("staff")) == (State.HEALTHY, [])
    service.hours(0.25)
    assert state_of(service) is State.LATE
    service.hours(1)
    assert service.subjects("staff") == ["Source late: SASO"]
    assert "answered with unavailable" in service.sent[-1].text


def test_our_own_outage_is_not_the_sources(sqlite: Storage) -> None:
    """A service that stood still for a week finds everything late, asks, and tells nobody."""
    service = watched(sqlite)
    service.subscribe()
    service.clock.turn(days=7)
    service.watch()
    assert state_of(service) is State.LATE
    service.clock.turn(minutes=1)
    service.well(new=2)
    service.hours(2, "well")
    assert state_of(service) is State.HEALTHY
    assert service.owed("staff") == service.owed("gap") == []


def test_a_source_that_was_given_up_has_ended(sqlite: Storage) -> None:
    """410 is told once, and stays."""
    service = watched(sqlite)
    service.unreached(Reason.GONE)
    service.hours(30)
    assert state_of(service) is State.ENDED
    assert service.subjects("staff") == ["Source ended: SASO"]


def test_silence_is_told_from_the_last_new_document_on(sqlite: Storage) -> None:
    """Ten a week are to be expected; after a week and a half of nothing it is silent, until they come again."""
    service = watched(sqlite)
    service.well(new=2)
    for _ in range(9 * 4):
        service.clock.turn(hours=6)
        service.well()
        service.watch()
    assert state_of(service) is State.SILENT
    assert service.subjects("staff") == ["Source silent: SASO"]
    text = service.sent[-1].text
    assert "2026-03-02" in text and "working days" in text
    service.clock.turn(hours=1)
    service.well(new=1)
    service.clock.turn(hours=1)
    service.watch()
    assert state_of(service) is State.SILENT and service.subjects("staff")[1:] == []
    service.clock.turn(hours=12)
    service.well(new=4)
    assert service.subjects("staff")[1:] == ["Source well again: SASO"]


def test_a_slow_drip_is_one_message(sqlite: Storage) -> None:
    """A document every few days where two a day are to be expected is one trouble, for two months."""
    service = watched(sqlite)
    for day in range(60):
        service.clock.turn(days=1)
        service.well(new=1 if day % 5 == 4 else 0)
        service.watch()
    assert service.subjects("staff") == ["Source silent: SASO"]


def test_an_empty_list_is_broken(sqlite: Storage) -> None:
    """No rows where there were ten, though the page answers: staff hear what it was."""
    service = watched(sqlite)
    service.hours(5, "well")
    for _ in range(3):
        service.clock.turn(hours=1)
        assert service.poll([]).status == "ok"
        service.watch()
    assert state_of(service) is State.BROKEN
    assert "without entries" in service.sent[-1].text and "10 and more" in service.sent[-1].text


def test_what_staff_switch_off_is_over_and_no_news(sqlite: Storage) -> None:
    """A source at rest is not told of as well again."""
    service = watched(sqlite)
    service.hours(3, "broken")
    service.source.config = service.source.config.model_copy(update={"enabled": False, "why_off": "moved"})
    service.hours(3)
    assert state_of(service) is State.RESTING
    assert service.subjects("staff") == ["Source broken: SASO"]


def test_sources_that_turn_bad_together_are_one_message(sqlite: Storage) -> None:
    """Our own line is cut: the keeper reads one list, and one when it is mended."""
    service = watched(sqlite)
    others = [ListedSource(f"other-{number}", title=f"Other {number}", every_minutes=60) for number in range(4)]
    service.desk = replace(service.desk, sources=[service.source, *others])

    def all_of_them(cut: bool) -> None:
        for other in others:
            service.poll([] if cut else [service.a_new_notice()], source=other)

    all_of_them(cut=False)
    service.watch()
    for _ in range(6):
        service.clock.turn(hours=1)
        service.unreached()
        all_of_them(cut=True)
        service.watch()
    assert service.subjects("staff") == ["5 sources are in trouble: Other 0, Other 1, Other 2 and 2 more"]
    assert service.sent[-1].text.count("Last read") == 5
    service.fetcher.cut = None
    all_of_them(cut=False)
    service.well(new=1)
    service.watch()
    assert service.subjects("staff")[1:] == ["5 sources are well again: Other 0, Other 1, Other 2 and 2 more"]


def test_without_staff_states_are_written_and_nobody_is_told(sqlite: Storage) -> None:
    """Who sets the address later hears of what is bad then."""
    service = watched(sqlite, staff=Staff())
    service.hours(5, "broken")
    assert (state_of(service), service.owed("staff")) == (State.BROKEN, [])
    service.staff = Staff(address=KEEPER, language="zh")
    service.watch()
    assert service.subjects("staff") == ["来源内容异常：SASO"]


def test_a_crash_before_the_end_of_a_round_loses_and_doubles_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message and the mark that it was written stand in one transaction."""
    service = watched(storage)
    service.broken()
    service.clock.turn(hours=2)

    def dies(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("the disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(SourceHealth, "save", dies)
        with pytest.raises(OperationalError):
            tell_staff(desk=service.desk, staff=STAFF)
    assert service.owed("staff") == []
    for _ in range(3):
        service.watch()
    assert len(service.owed("staff")) == 1


def test_two_processes_tell_once(storage: Storage) -> None:
    """Both see that a message is owed; the lock and the mark leave it to one of them."""
    service = watched(storage)
    service.broken()
    service.clock.turn(hours=2)

    async def both() -> None:
        rounds = (asyncio.to_thread(tell_staff, desk=service.desk, staff=STAFF) for _ in range(4))
        assert sorted(await asyncio.gather(*rounds)) == [0, 0, 0, 1]

    asyncio.run(both())
    assert len(service.owed("staff")) == 1


def test_a_round_in_which_nothing_changed_writes_nothing(storage: Storage) -> None:
    """A thousand sources looked at every minute must not mean a thousand writes a minute."""
    service = watched(storage)
    service.watch()
    assert look_at([service.source], desk=service.desk) == []
    with storage.look() as tx:
        before = tx.health.all()
    service.clock.turn(minutes=30)
    service.watch()
    with storage.look() as tx:
        assert tx.health.all() == before


def test_only_the_named_sources_are_looked_at(sqlite: Storage) -> None:
    """After a poll the watch looks at that source alone."""
    service = watched(sqlite)
    service.clock.turn(hours=10)
    report = asyncio.run(keep_watch(desk=service.desk, staff=STAFF, only=["another"]))
    assert report.turned == ()
    report = asyncio.run(keep_watch(desk=service.desk, staff=STAFF, only=["saso"]))
    assert report.turned == (("saso", State.LATE),)


@pytest.mark.parametrize(
    ("status", "cause", "result"),
    [
        ("ok", "", Result.READ),
        ("unchanged", "304", Result.UNCHANGED),
        ("failed", "", Result.UNREACHED),
        ("failed", "timed out", Result.UNREACHED),
        ("failed", "missing", Result.UNREACHED),
        ("failed", "rate_limited", Result.UNREACHED),
        ("failed", "gone", Result.GONE),
        ("failed", "truncated", Result.UNREADABLE),
        ("failed", "not as expected", Result.UNREADABLE),
        ("failed", "a fault of this program", Result.UNREADABLE),
    ],
)
def test_what_a_poll_says(status: str, cause: str, result: Result) -> None:
    """What never came is the network's; what came and is not the source's is broken."""
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    poll = Poll(
        source="a", started_at=at, ended_at=at + timedelta(seconds=1), status=status, cause=cause, new=1, fresh=4
    )
    assert (fact_of(poll).result, fact_of(poll).documents) == (result, 4)


@pytest.mark.parametrize(("status", "http", "entries"), [("ok", 200, 0), ("ok", 226, None), ("unchanged", 304, None)])
def test_how_long_the_list_is(status: str, http: int, entries: int | None) -> None:
    """An answer that holds the news alone, or nothing, does not say that the list is empty."""
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert fact_of(Poll(source="a", started_at=at, ended_at=at, status=status, http_status=http)).entries == entries


def test_every_state_is_reckoned_from_the_polls_alone(sqlite: Storage) -> None:
    """A source that no round has ever seen is found as it is."""
    service = Watched(storage=sqlite)
    with sqlite.look() as tx:
        assert watchkeeping.now_is(service.source, tx, service.clock()).cause is Cause.NEVER
    service.poll([service.a_new_notice()])
    with sqlite.look() as tx:
        assert watchkeeping.now_is(service.source, tx, service.clock()).state is State.HEALTHY
