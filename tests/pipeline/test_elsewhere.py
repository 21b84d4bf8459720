"""A redirect to another host is followed only where that host lets us: its robots.txt, its rest. Real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tbtwatch.storage import Storage
from tests.pipeline.neighbours import FEED, Neighbourhood, feed, neighbourhood
from tests.servers import Reply, ScriptedServer, scripted_server

ROBOTS = "/robots.txt"
KEEP_OUT = Reply(body=b"User-agent: *\nDisallow: /feed\n")


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Neighbourhood]:
    """A publisher and us."""
    with neighbourhood(sqlite) as town:
        yield town


@pytest.fixture
def other(town: Neighbourhood) -> Iterator[ScriptedServer]:
    """Another host, which has the feed; the publisher sends us there."""
    with scripted_server() as other:
        other.on(FEED, feed(1))
        town.server.on(FEED, Reply(status=302, headers={"Location": other.url(FEED)}))
        yield other


def test_the_other_hosts_robots_txt_is_kept_to(town: Neighbourhood, other: ScriptedServer) -> None:
    """It is asked once a day, before its page is; what it forbids is not asked for, and its sentence says so."""
    other.on(ROBOTS, KEEP_OUT)
    report = town.poll()
    assert (report.status, report.cause) == ("failed", "robots")
    assert report.error.startswith(f"{other.url(ROBOTS)} asks programs to stay away from {other.url(FEED)}")
    assert other.paths() == [ROBOTS]
    town.poll()
    assert other.paths() == [ROBOTS]

    other.on(ROBOTS, Reply(body=b"User-agent: *\nCrawl-delay: 7\nDisallow: /private\n"))
    town.clock.turn(days=1)
    assert town.poll().status == "ok"
    assert other.paths() == [ROBOTS, ROBOTS, FEED]
    assert town.paused == pytest.approx([7], abs=1)
    town.clock.turn(hours=1)
    town.poll()
    assert other.paths()[3:] == [FEED]


def test_a_host_that_cannot_say_is_not_asked(town: Neighbourhood, other: ScriptedServer) -> None:
    """Not known is not allowed, at the end of a redirect as anywhere."""
    other.on(ROBOTS, Reply(status=500))
    assert town.poll().status == "failed"
    assert other.paths() == [ROBOTS]


def test_a_redirect_at_home_is_judged_too(town: Neighbourhood) -> None:
    """What robots.txt forbids is not asked for because another page of the host leads there."""
    town.server.on(ROBOTS, Reply(body=b"User-agent: *\nDisallow: /cgi-bin\n"))
    town.server.on(FEED, Reply(status=301, headers={"Location": "/cgi-bin/feed"}))
    assert town.poll().cause == "robots"
    assert town.server.paths() == [ROBOTS, FEED]


def test_consent_of_the_publisher_holds_where_it_sends_us(town: Neighbourhood, other: ScriptedServer) -> None:
    """With `robots: false` nobody's robots.txt is asked for."""
    other.on(ROBOTS, KEEP_OUT)
    assert town.poll(town.source(robots=False)).status == "ok"
    assert other.paths() == [FEED]


@pytest.mark.parametrize("status", [429, 503])
def test_it_is_the_other_host_that_rests(town: Neighbourhood, other: ScriptedServer, status: int) -> None:
    """Who said that it is too much is left alone, by every source that leads there; the publisher itself is not."""
    other.on(FEED, Reply(status=status, headers={"Retry-After": "7200"}), feed(1))
    town.server.on("/own.xml", feed(2))
    town.server.on("/second.xml", Reply(status=302, headers={"Location": other.url(FEED)}))
    assert town.poll().status == "failed"
    assert town.wait() >= timedelta(hours=2)
    assert town.poll(town.source("own", "/own.xml")).status == "ok"

    asked = len(other.asked)
    report = town.poll(town.source("second", "/second.xml"))
    assert (report.status, report.cause) == ("resting", "resting")
    assert "asked to be left alone until 2026-03-04 14:" in report.error
    assert len(other.asked) == asked
    assert (town.state("second").failures, town.state("second").status) == (0, "resting")
    assert timedelta(hours=2) <= town.wait("second") < timedelta(hours=3)
    assert town.last("second").status == "resting"

    town.clock.turn(hours=3)
    assert town.poll(town.source("second", "/second.xml")).status == "ok"
    with town.storage.look() as tx:
        assert tx.hosts.state(f"127.0.0.1:{other.port}").failures == 0


def test_a_person_may_ask_a_host_that_rests(town: Neighbourhood, other: ScriptedServer) -> None:
    """By hand, as with a publisher that is asked at once."""
    other.on(FEED, Reply(status=429, headers={"Retry-After": "7200"}), feed(1))
    town.poll()
    assert town.poll(by_hand=True).status == "ok"


def test_a_robots_txt_kept_elsewhere_needs_no_permission(town: Neighbourhood, other: ScriptedServer) -> None:
    """RFC 9309, 2.3.1.2: it is read wherever it is, but for a host that rests; nobody asks in circles."""
    town.server.on(FEED, feed(1))
    town.server.on(ROBOTS, Reply(status=301, headers={"Location": other.url(ROBOTS)}))
    other.on(ROBOTS, KEEP_OUT)
    assert town.poll().cause == "robots"
    assert other.paths() == [ROBOTS]
