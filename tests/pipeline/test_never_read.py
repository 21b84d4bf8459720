"""A source that has failed from its first poll on: nobody is told "nothing new" of what was never read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifiers.dates import Dates
from notifiers.sheet import freshness
from notifiers.wording import Words
from subscriptions.criteria import Criteria, Frequency
from tbtwatch.pipeline.coverage import coverage
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.watchkeeping import as_known
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.fakes import ListedSource
from tests.pipeline.watched import Watched
from watcher.health import Cause, State

NOTHING_NEW = ("nothing new", "no new", "没有新内容", "没有新文件")


@pytest.fixture
def service(sqlite: Storage) -> Watched:
    """A day with a source that was asked every hour, in vain."""
    service = Watched(sqlite)
    service.watch()
    service.hours(24, "unreached")
    return service


def test_its_state_says_so(service: Watched) -> None:
    """Before the first poll that it has not been read yet; then that it never was, and why."""
    with service.storage.look() as tx:
        is_now = as_known(service.source, tx, service.clock())
    assert (is_now.state, is_now.cause, is_now.read_until, is_now.last_new) == (
        State.LATE,
        Cause.NEVER_READ,
        None,
        None,
    )
    assert is_now.sentence == "it has never been read so far: answered with unavailable"


def test_a_source_that_gives_something_else_from_the_first_is_broken(sqlite: Storage) -> None:
    """With what it gives; nothing in it speaks of news."""
    service = Watched(sqlite)
    service.broken("gave a page instead of a feed")
    with sqlite.look() as tx:
        is_now = as_known(service.source, tx, service.clock())
    assert (is_now.state, is_now.read_until, is_now.last_new) == (State.BROKEN, None, None)
    assert not any(words in is_now.sentence for words in NOTHING_NEW)


def test_staff_are_told_the_truth(service: Watched) -> None:
    """Once: what is wrong, and that it was never read."""
    (message,) = (one for one in service.sent if one.recipient == "ops@example.org")
    assert "it has never been read so far: answered with unavailable" in message.text
    assert "Last read: never" in message.text
    assert not any(words in message.text.lower() for words in NOTHING_NEW)


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing found for"), ("zh", "未发现内容的订阅")])
def test_a_digest_does_not_vouch_for_it(sqlite: Storage, language: str, words: str) -> None:
    """Another source has news for one subscription; of the one that waits for this source nothing is known."""
    service = Watched(sqlite)
    other = ListedSource("kebs", title="KEBS", market="KEN", every_minutes=60)
    service.desk = replace(service.desk, sources=[service.source, other])
    service.poll([], source=other)
    service.clock.turn(minutes=5)
    asks = {"frequency": Frequency.WEEKLY, "language": language}
    service.subscribe(name="Kenya", criteria=Criteria(markets=frozenset({"KEN"})), **asks)
    service.subscribe(name="Arabia", criteria=Criteria(markets=frozenset({"SAU"})), **asks)
    service.subscribe(name="Vietnam", criteria=Criteria(markets=frozenset({"VNM"})), **asks)
    service.poll([a_notice(distribution_date=date(2026, 3, 2))], source=other)
    service.clock.turn(weeks=1)
    service.unreached()
    service.fetcher.cut = None
    service.poll([a_notice(distribution_date=date(2026, 3, 2))], source=other)
    run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])
    (digest,) = (one for one in service.sent if one.recipient == "drinks@example.com")
    (line,) = (line for line in digest.text.splitlines() if words in line)
    calm, _, doubtful = line.partition(words)
    assert "Vietnam" in calm and "Arabia" not in calm
    assert "Arabia" in doubtful and "Vietnam" not in doubtful
    assert "SASO" in digest.text.partition(line)[2]
    for form in filter(None, (digest.text, digest.html)):
        assert words in form


def test_where_nothing_was_ever_read_the_last_line_says_so(service: Watched) -> None:
    """Not "as of now: 1 source", as if it had been looked at."""
    with service.storage.look() as tx:
        seen = coverage([service.source], tx, now=service.clock(), zone=service.desk.names.zone, language="en")
    line, gaps = freshness(seen, Dates(Words("en"), service.clock().date()))
    assert "no source has been checked yet" in line
    assert gaps == ("SASO has not been read yet",)
