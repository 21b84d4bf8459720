"""What one poll brings beyond all measure waits for staff; nothing of it slips out, and nothing is lost."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from subscriptions.criteria import Address, Frequency
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.held import FORSAKEN, LEAST, LEAST_WTO, allowed, decide
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.watchkeeping import Staff, keep_watch
from tbtwatch.storage import Storage
from tbtwatch.storage.held import Experience, Hold, HoldState
from tests.builders import NOW, a_notice
from tests.databases import Databases
from tests.fakes import ListedSource
from tests.pipeline.crashes import Killed, Machine, a_template
from tests.pipeline.service import SmallService
from watcher.notice import Notice
from watcher.source import SourceConfig, SourceError

REGULATOR = "XX-REG"
MAIL = Address(channel="email", target="drinks@example.com")


def notices(count: int, *, first: int = 1, **over: Any) -> list[Notice]:
    """Documents of a regulator, each about a drink of its own."""
    return [
        a_notice(**{"issuer": REGULATOR, "symbol": f"26-{number}", "title": f"Drink {number}", "area": "", **over})
        for number in range(first, first + count)
    ]


def a_service(storage: Storage, **over: Any) -> SmallService:
    """A regulator's source that was seeded with one document, and somebody who asks for drinks."""
    service = SmallService(storage, source=ListedSource("regulator", issuer=REGULATOR, **over))
    service.seeded(*notices(1, first=9000))
    service.subscribe()
    return service


def decided(service: SmallService, state: HoldState, which: str = "regulator") -> Hold:
    """Staff decide, and the alerts that are then owed are raised."""
    hold, measures = decide(which, state, by="Li", reason="seen", storage=service.storage, now=service.clock())
    for measure in measures:
        raise_alerts(measure, desk=service.desk)
    return hold


def open_holds(service: SmallService) -> list[Hold]:
    """What waits for staff."""
    with service.storage.look() as tx:
        return tx.holds.open_ones()


def test_a_flood_is_held_and_recorded(storage: Storage) -> None:
    """Nobody is told, whatever tick comes; every measure is there to be found."""
    service = a_service(storage)
    report = service.poll(notices(LEAST + 1))
    recover(desk=service.desk)

    assert report.measures == ()
    assert service.sent == []
    (hold,) = open_holds(service)
    assert report.held == hold
    assert (hold.source, hold.notices, hold.changed, hold.allowed) == ("regulator", LEAST + 1, 0, LEAST)
    with storage.look() as tx:
        assert tx.measures.count() == LEAST + 2
        assert tx.changes.measures_waiting() == []


def test_so_much_as_is_allowed_is_told_at_once(storage: Storage) -> None:
    """The limit itself is no flood, and nothing is left of the counting."""
    service = a_service(storage)
    report = service.poll(notices(LEAST))

    assert (report.held, len(service.sent)) == (None, LEAST)
    with storage.look() as tx:
        assert tx.holds.left_counting("regulator") is None
        assert {change.hold for change in tx.changes.of_measure(report.measures[0])} == {None}


def test_released_news_is_told_once(storage: Storage) -> None:
    """As if it had never been held; a second decision is refused with a sentence."""
    service = a_service(storage)
    service.poll(notices(LEAST + 1))
    hold = decided(service, HoldState.RELEASED)
    recover(desk=service.desk)

    assert len(service.sent) == LEAST + 1
    assert (hold.state, hold.decided_by, hold.reason) == (HoldState.RELEASED, "Li", "seen")
    with pytest.raises(LookupError, match="was released by Li"):
        decided(service, HoldState.DISCARDED, str(hold.id))
    with pytest.raises(LookupError, match="nothing of 'regulator' waits"):
        decided(service, HoldState.DISCARDED)


def test_a_crash_after_the_release_loses_nothing(storage: Storage) -> None:
    """What was released and not told yet, the next recovery tells."""
    service = a_service(storage)
    service.poll(notices(LEAST + 1))
    decide("regulator", HoldState.RELEASED, by="Li", reason="seen", storage=storage, now=service.clock())
    recover(desk=service.desk)

    assert len(service.sent) == LEAST + 1


def test_discarded_news_is_told_to_nobody(storage: Storage) -> None:
    """It stays findable; what the same measures bring later is told."""
    service = a_service(storage)
    service.poll(notices(LEAST + 1))
    decided(service, HoldState.DISCARDED)
    recover(desk=service.desk)
    assert service.sent == []

    moved = replace(notices(1)[0], comment_deadline=a_notice(comment_deadline=date(2026, 4, 10)).comment_deadline)
    service.poll([moved, *notices(LEAST, first=2)])

    (message,) = service.sent
    assert "10 April 2026" in message.text
    with storage.look() as tx:
        assert tx.measures.count() == LEAST + 2


def test_news_for_the_digest_is_one_message_for_everybody(storage: Storage) -> None:
    """Also for who asks to hear at once; who asks daily has it in the daily digest."""
    service = a_service(storage)
    service.subscribe(
        enterprise="Daily", frequency=Frequency.DAILY, addresses=(replace(MAIL, target="daily@example.com"),)
    )
    service.poll(notices(LEAST + 1))
    decided(service, HoldState.DIGEST)
    recover(desk=service.desk)
    assert service.sent == []

    service.clock.turn(days=8)
    run_due_digests(desk=service.desk)
    recover(desk=service.desk)

    assert sorted(message.recipient for message in service.sent) == ["daily@example.com", MAIL.target]
    assert all(f"Drink {LEAST + 1}" in message.text for message in service.sent)


def test_small_news_goes_on_meanwhile(storage: Storage) -> None:
    """A hold stops what is in it, not its source."""
    service = a_service(storage)
    service.poll(notices(LEAST + 1))
    report = service.poll([*notices(LEAST + 1), *notices(1, first=500)])

    assert (report.new, report.held) == (1, None)
    (message,) = service.sent
    assert "Drink 500" in message.subject


def test_a_held_measure_is_told_whole_or_not_at_all(storage: Storage) -> None:
    """What comes next of it waits with it: nobody hears "moved from" a day that nobody was told."""
    service = a_service(storage)
    flood = notices(LEAST + 1)
    service.poll(flood)
    moved = replace(flood[0], comment_deadline=a_notice(comment_deadline=date(2026, 4, 10)).comment_deadline)
    report = service.poll([moved, *flood[1:]])
    assert (report.changed, report.held, service.sent) == (1, None, [])

    decided(service, HoldState.RELEASED)

    assert len(service.sent) == LEAST + 1
    assert len([message for message in service.sent if "10 April 2026" in message.text]) == 1
    with storage.look() as tx:
        (measure,) = tx.measures.by_any_symbol("26-1")
        assert tx.changes.waiting(measure) == []


def test_another_source_does_not_tell_what_is_held(storage: Storage) -> None:
    """A second source of the same regulator finds a held measure's moved deadline: it waits too."""
    service = a_service(storage)
    flood = notices(LEAST + 1)
    service.poll(flood)
    other = ListedSource("second", issuer=REGULATOR, priority=1)
    service.poll([], source=other)
    service.clock.turn(minutes=5)
    moved = replace(flood[0], comment_deadline=a_notice(comment_deadline=date(2026, 4, 10)).comment_deadline)
    service.poll([moved], source=other)

    assert service.sent == []
    assert [hold.source for hold in open_holds(service)] == ["regulator"]


def test_a_change_of_many_is_held_too(storage: Storage) -> None:
    """A redesign that moves all deadlines is as much a flood as one that brings new documents."""
    service = SmallService(storage, source=ListedSource("regulator", issuer=REGULATOR))
    service.seeded(*notices(LEAST + 1))
    service.subscribe()
    deadline = a_notice(comment_deadline=date(2026, 4, 10)).comment_deadline
    report = service.poll([replace(notice, comment_deadline=deadline) for notice in notices(LEAST + 1)])

    assert report.held is not None
    assert (report.held.notices, report.held.changed, service.sent) == (0, LEAST + 1, [])


def test_words_alone_are_no_flood(storage: Storage) -> None:
    """A hundred titles typed anew bring no news, so there is nothing to hold."""
    service = SmallService(storage, source=ListedSource("regulator", issuer=REGULATOR))
    service.seeded(*notices(100))
    report = service.poll([replace(notice, title=notice.title.upper()) for notice in notices(100)])

    assert (report.changed, report.held, open_holds(service)) == (100, None, [])


def test_a_staff_limit_is_the_limit(storage: Storage) -> None:
    """Below experience or above it."""
    service = a_service(storage, hold_above=2)
    assert service.poll(notices(2)).held is None
    report = service.poll(notices(3, first=50))

    assert report.held is not None
    assert report.held.allowed == 2


def test_what_failed_half_way_is_held_too(storage: Storage) -> None:
    """A poll that breaks off after the flood tells no more of it than one that does not."""
    service = a_service(storage)
    report = service.poll(notices(LEAST + 1), SourceError("gave no second page"))

    assert (report.status, service.sent) == ("failed", [])
    assert [hold.notices for hold in open_holds(service)] == [LEAST + 1]


@pytest.mark.parametrize(
    ("over", "experience", "limit"),
    [
        ({}, None, LEAST),
        ({"issuer": "WTO"}, None, LEAST_WTO),
        ({"expected_per_week": 100}, None, 200),
        ({"hold_above": 7, "expected_per_week": 100}, Experience(since=NOW, last=NOW, most=90, total=90), 7),
        ({}, Experience(since=NOW - timedelta(days=70), last=NOW, most=30, total=100), 60),
        # Ten a week for ten weeks, and then four weeks of outage: thrice forty.
        (
            {},
            Experience(since=NOW - timedelta(days=98), last=NOW - timedelta(days=28), most=5, total=100),
            120,
        ),
    ],
)
def test_how_much_a_source_may_bring(over: dict[str, Any], experience: Experience | None, limit: int) -> None:
    """Twice the most of a poll, thrice what the time brings, never below the least; staff's limit goes first."""
    config = SourceConfig(**{"name": "regulator", "kind": "listed", "issuer": REGULATOR, **over})

    assert allowed(config, experience, NOW) == limit


def test_a_source_is_known_by_what_it_brought(storage: Storage) -> None:
    """Released floods are experience, discarded ones are none."""
    service = a_service(storage)
    service.poll(notices(LEAST + 1))
    decided(service, HoldState.DISCARDED)
    assert service.poll(notices(LEAST + 1, first=100)).held is not None
    decided(service, HoldState.RELEASED)

    assert service.poll(notices(2 * LEAST + 2, first=200)).held is None


def test_a_hold_needs_a_name_that_fits(storage: Storage) -> None:
    """A sentence says what to write."""
    service = a_service(storage)
    with pytest.raises(LookupError, match="there is no held news 77"):
        decided(service, HoldState.RELEASED, "77")
    service.poll(notices(LEAST + 1))
    service.poll(notices(LEAST + 1, first=100))
    with pytest.raises(LookupError, match="more than one hold"):
        decided(service, HoldState.RELEASED)


START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def _flooded(machine: Machine) -> SmallService:
    """A service that polls the regulator."""
    machine.service.source = ListedSource("regulator", issuer=REGULATOR)
    machine.service.desk = replace(machine.service.desk, sources=[machine.service.source])
    return machine.service


@pytest.mark.parametrize("point", range(12))
def test_killed_at_any_point_a_flood_is_held(databases: Databases, point: int) -> None:
    """Wherever the poll dies, whoever recovers meanwhile: nobody is told, and staff have one hold to decide."""
    with closing(Machine(databases, _template(databases), now=START)) as machine:
        service = _flooded(machine)
        service.seeded()
        service.subscribe()
        flood = notices(LEAST + 1)
        machine.fate.in_points(point)
        try:
            service.poll(flood[:15], flood[15:])
        except Killed:
            machine.clock.turn(minutes=2)
            machine.start()
            service = _flooded(machine)
        machine.fate.points_left = None
        recover(desk=service.desk)
        assert service.sent == []
        service.poll(flood[:15], flood[15:])
        recover(desk=service.desk)

        assert service.sent == []
        (hold,) = open_holds(service)
        assert hold.notices + hold.changed == LEAST + 1
        decided(service, HoldState.RELEASED)
        assert len(service.sent) == LEAST + 1


_TEMPLATES: dict[int, str] = {}


def _template(databases: Databases) -> str:
    return _TEMPLATES.setdefault(id(databases), a_template(databases))


def test_what_a_dead_poll_of_a_removed_source_left_is_settled(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its source is asked no more: after some hours its news is told, or held."""
    monkeypatch.setattr("tbtwatch.pipeline.poll.CHUNK", 2)  # the last chunk stands or falls with the poll
    with closing(Machine(databases, _template(databases), now=START)) as machine:
        service = _flooded(machine)
        service.seeded()
        service.subscribe()
        machine.fate.in_points(7)
        with pytest.raises(Killed):
            service.poll(notices(3))
        machine.clock.turn(minutes=2)
        service = machine.start()
        machine.fate.points_left = None
        with service.storage.look() as tx:
            assert tx.holds.left_counting("regulator") is not None
        recover(desk=service.desk)
        assert service.sent == []

        machine.clock.turn(seconds=FORSAKEN.total_seconds())
        recover(desk=service.desk)
        assert len(service.sent) == 2


@pytest.mark.parametrize(("language", "said"), [("en", "wait for your decision"), ("zh", "待您决定是否发送")])
def test_staff_are_told_once_of_a_hold(sqlite: Storage, language: str, said: str) -> None:
    """By the round of the watch that follows: what came, from where, and what to type; then never again."""
    keeper = Address(channel="email", target="ops@example.org")
    service = a_service(sqlite, title="The regulator")
    service.poll(notices(LEAST + 1))
    staff = Staff(address=keeper, language=language)
    for _ in range(3):
        asyncio.run(keep_watch(desk=service.desk, staff=staff))
        service.clock.turn(hours=3)

    (message,) = service.sent
    assert (message.recipient, message.stream) == (keeper.target, "staff")
    assert said in message.subject
    assert f"sources release {open_holds(service)[0].id}" in message.text
    assert "26-1" in message.text
    assert "Drink 1" in message.html
