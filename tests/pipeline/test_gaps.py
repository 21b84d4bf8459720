"""Gaps: who is told that a source was not read, once, and that it is again, with what was found late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from notifiers.outcome import Reason as Why
from notifiers.outcome import TryAgain
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from tbtwatch.pipeline.coverage import coverage
from tbtwatch.pipeline.digest import run_now
from tbtwatch.storage import Storage
from tbtwatch.storage.outbox import Outbox
from tests.fakes import ListedSource
from tests.pipeline.watched import Watched, watched


def subscribes(service: Watched, who: str, *markets: str, **over: Any) -> Subscription:
    """Somebody who asks about all products of these markets, at an address of their own."""
    values: dict[str, Any] = {
        "enterprise": who,
        "name": f"{who}'s markets",
        "criteria": Criteria(markets=frozenset(markets)),
        "addresses": (Address(channel="email", target=f"{who}@example.com"),),
    }
    return service.subscribe(**{**values, **over})


def told(service: Watched) -> list[tuple[str, str]]:
    """Who was sent what about gaps, in order."""
    return [(message.recipient.partition("@")[0], message.subject) for message in service.sent if is_gap(message)]


def is_gap(message: Any) -> bool:
    return bool(message.stream == "gaps")


def test_a_gap_is_told_when_it_opens_and_when_it_closes(storage: Storage) -> None:
    """Once each to everybody whose market it is, in their language, however many rounds there are."""
    service = watched(storage)
    subscribes(service, "gulf", "GCC")
    subscribes(service, "arabia", "SAU", language="zh")
    subscribes(service, "anywhere", criteria=Criteria(hs=frozenset({"22"})))
    subscribes(service, "kenya", "KEN")
    service.hours(23, "unreached")
    assert told(service) == []
    service.hours(5, "unreached")
    assert told(service) == [
        ("anywhere", "Not read since 2 Mar: SASO"),
        ("arabia", "3月2日 起未能读取：SASO"),
        ("gulf", "Not read since 2 Mar: SASO"),
    ]
    service.well(new=4)
    service.hours(6, "well")
    assert told(service)[3:] == [
        ("anywhere", "Read again: SASO"),
        ("arabia", "已恢复读取：SASO"),
        ("gulf", "Read again: SASO"),
    ]
    opened, closed = (next(m for m in service.sent if is_gap(m) and word in m.subject) for word in ("Not", "Read"))
    assert "SASO (Saudi Arabia" in opened.text and "has not been read since 2 March 20:00 UTC+8" in opened.text
    assert "anywhere's markets" in opened.text and "it cannot be reached" in opened.text
    assert "4 documents of that time were found late" in closed.text
    assert "List-Unsubscribe" in opened.headers and opened.html and opened.thread == closed.thread
    assert sum(message.stream == "alerts" for message in service.sent) == 12  # what was found late is told as ever


def test_one_address_hears_once_of_a_gap(sqlite: Storage) -> None:
    """Two subscriptions of one address are one notice that names both."""
    service = watched(sqlite)
    shared = (Address(channel="email", target="both@example.com"),)
    subscribes(service, "one", "SAU", addresses=shared)
    subscribes(service, "two", "GCC", addresses=shared)
    service.hours(26, "broken")
    assert told(service) == [("both", "Not read since 2 Mar: SASO")]
    text = next(message.text for message in service.sent if is_gap(message))
    assert "one's markets" in text and "two's markets" in text
    assert "what it sends cannot be read" in text


def test_who_reads_digests_finds_it_in_the_digest(sqlite: Storage) -> None:
    """Daily and weekly readers get no notice of their own; the digest's last line says it."""
    service = watched(sqlite)
    subscribes(service, "weekly", "SAU", frequency=Frequency.WEEKLY)
    subscribes(service, "daily", "SAU", frequency=Frequency.DAILY)
    service.well(new=1)
    service.hours(26, "broken")
    assert told(service) == []
    for frequency in (Frequency.WEEKLY, Frequency.DAILY):
        run_now(frequency, desk=service.desk)
    digests = [message.text for message in service.sent if message.stream == "digests"]
    assert len(digests) == 2
    assert all("SASO gives nothing that can be read since 2026-03-02 20:00" in text for text in digests)


def test_who_ended_a_subscription_hears_nothing(sqlite: Storage) -> None:
    """Neither of a gap that opens after it, nor of one that closes."""
    service = watched(sqlite)
    gone, left = subscribes(service, "gone", "SAU"), subscribes(service, "left", "SAU")
    with sqlite.begin() as tx:
        tx.subscriptions.end(gone.id, reason="asked", now=service.clock())
    service.hours(26, "unreached")
    assert [who for who, _ in told(service)] == ["left"]
    with sqlite.begin() as tx:
        tx.subscriptions.end(left.id, reason="asked", now=service.clock())
    service.well(new=1)
    assert len(told(service)) == 1


def test_who_came_later_hears_nothing_of_its_end(sqlite: Storage) -> None:
    """Only who was told that it opened is told that it closed."""
    service = watched(sqlite)
    service.hours(26, "unreached")
    subscribes(service, "late", "SAU")
    service.hours(3, "unreached")
    service.well(new=1)
    assert told(service) == []


def test_a_gap_that_closes_before_it_was_told_is_no_message(storage: Storage) -> None:
    """The mail server was down all the while: the notice is taken back, and its end is not told."""
    service = watched(storage)
    subscribes(service, "arabia", "SAU")
    service.notifier.answer = lambda _: TryAgain(reason=Why.UNREACHABLE, detail="no mail server")
    service.hours(26, "unreached")
    service.deliver()
    service.well()
    service.notifier.answer = type(service.notifier)().answer
    service.hours(3, "well")
    assert told(service) == []
    assert [one.state.value for one in service.owed("gap")] == ["cancelled"]


def test_nothing_found_late_is_said_too(sqlite: Storage) -> None:
    """A gap in which nothing was missed is good to know."""
    service = watched(sqlite)
    subscribes(service, "arabia", "SAU")
    service.hours(26, "unreached")
    service.well()
    assert "Nothing new was found" in [m for m in service.sent if is_gap(m)][-1].text


def test_a_source_that_is_given_up_is_said_to_be(sqlite: Storage) -> None:
    """Who was told that it will be read again is told that it will not."""
    service = watched(sqlite)
    subscribes(service, "arabia", "SAU")
    service.hours(26, "unreached")
    service.source.config = service.source.config.model_copy(update={"enabled": False})
    service.hours(1)
    assert told(service)[1:] == [("arabia", "No longer watched: SASO")]
    with sqlite.look() as tx:
        assert tx.health.open_gaps() == {} and tx.health.gaps("saso")[0].given_up


def test_a_source_of_every_market_concerns_everybody(sqlite: Storage) -> None:
    """The WTO's own source speaks for all."""
    source = ListedSource("wto", title="WTO ePing API", every_minutes=60, gap_hours=24)
    service = watched(sqlite, source=source)
    subscribes(service, "kenya", "KEN")
    service.hours(26, "unreached")
    assert told(service) == [("kenya", "Not read since 2 Mar: WTO ePing API")]


def test_a_source_that_was_never_read_leaves_no_gap(sqlite: Storage) -> None:
    """Nothing was promised of it; the last line says that it has not been read yet."""
    service = Watched(storage=sqlite)
    subscribes(service, "arabia", "SAU")
    service.hours(26, "unreached")
    assert told(service) == []
    assert last_line(service) == ("SASO has not been read yet",)


def last_line(service: Watched, language: str = "en") -> tuple[str, ...]:
    with service.storage.look() as tx:
        zone = service.desk.names.zone
        seen = coverage(service.desk.sources, tx, now=service.clock(), zone=zone, language=language)
    return seen.gaps


def test_the_last_line_names_what_is_late_broken_and_silent(sqlite: Storage) -> None:
    """Each with its kind and since when; what rests by configuration is left out."""
    service = watched(sqlite)
    assert last_line(service) == ()
    service.clock.turn(hours=4)
    assert last_line(service) == (
        "SASO not read since 2026-03-02 20:00; what was missed will be read when it answers again",
    )
    service.well()
    service.broken()
    assert "gives nothing that can be read since 2026-03-03 00:00" in last_line(service)[0]
    service.fetcher.cut = None
    service.clock.turn(minutes=5)
    service.poll(service.known)  # read again, and no round of the watch yet
    assert last_line(service) == ()
    for _ in range(15):
        service.clock.turn(days=1)
        service.well()
    assert "nothing new since" in last_line(service)[0] and "没有新内容" in last_line(service, "zh")[0]
    resting = ListedSource("off", enabled=False)
    service.desk = replace(service.desk, sources=[resting])
    assert last_line(service) == ()


def test_a_crash_in_the_middle_of_telling_loses_and_doubles_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gap and all its notices stand in one transaction: after the crash all are written, once."""
    service = watched(storage)
    for who in ("a", "b", "c"):
        subscribes(service, who, "SAU")
    service.hours(23, "unreached")
    add, calls = Outbox.add, iter(range(100))

    def dies_at_the_second(self: Outbox, **values: Any) -> int | None:
        if values["kind"] == "gap" and next(calls) == 1:
            raise OperationalError("INSERT", {}, Exception("the disk is full"))
        return add(self, **values)

    service.clock.turn(minutes=90)
    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "add", dies_at_the_second)
        with pytest.raises(OperationalError):
            service.watch()
    with storage.look() as tx:
        assert tx.health.open_gaps() == {}
    assert service.owed("gap") == []
    service.hours(3, "unreached")
    assert [who for who, _ in told(service)] == ["a", "b", "c"]


def test_each_gap_is_a_gap_of_its_own(sqlite: Storage) -> None:
    """Two outages are two gaps, each told at both ends."""
    service = watched(sqlite)
    subscribes(service, "arabia", "SAU")
    for _ in range(2):
        service.hours(26, "unreached")
        service.well(new=1)
        service.hours(2, "well")
    assert len(told(service)) == 4
    with sqlite.look() as tx:
        assert [(gap.found_late, gap.told) for gap in tx.health.gaps("saso")] == [(1, 1), (1, 1)]
