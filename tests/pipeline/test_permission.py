"""robots.txt is asked for once a day and host, and kept to. Real HTTP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tbtwatch.pipeline.poll import poll
from tbtwatch.storage import Storage
from tests.pipeline.neighbours import FEED, Neighbourhood, feed, neighbourhood
from tests.servers import Reply
from watcher.fetch import AllowList, Fetcher

ROBOTS = "/robots.txt"


def rules(*lines: str, status: int = 200) -> Reply:
    """A robots.txt."""
    return Reply(status=status, body="\n".join(lines).encode())


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Neighbourhood]:
    """A publisher with a feed and us."""
    with neighbourhood(sqlite) as town:
        town.server.on(FEED, feed(1))
        yield town


def test_it_is_asked_for_once_a_day(town: Neighbourhood) -> None:
    """Before anything else, whatever it answers, and for all sources of the host together."""
    town.server.on("/irons.xml", feed(2))
    for _ in range(30):
        town.poll()
        town.poll(town.source("irons", "/irons.xml"))
        town.clock.turn(hours=1)
    assert town.server.paths()[0] == ROBOTS
    assert len(town.asked(ROBOTS)) == 2
    assert town.asked(ROBOTS)[0].headers["user-agent"].startswith("tbtwatch/")


def test_many_polls_at_once_ask_once(town: Neighbourhood) -> None:
    """Sources of one host that begin together wait for one answer."""
    town.server.on(ROBOTS, Reply(body=b"User-agent: *\nDisallow:\n", first_byte_after=0.1))
    sources = [town.source(f"source-{number}", f"/{number}.xml") for number in range(8)]
    for number in range(8):
        town.server.on(f"/{number}.xml", feed(number))

    async def all_of_them() -> None:
        async with Fetcher(allow=AllowList.parse("127.0.0.1"), agent="tbtwatch/1", clock=town.clock) as fetcher:
            await asyncio.gather(
                *(
                    poll(one, fetcher=fetcher, storage=town.storage, rulebook=town.rulebook, clock=town.clock)
                    for one in sources
                )
            )

    asyncio.run(all_of_them())
    assert len(town.asked(ROBOTS)) == 1
    assert len(town.server.paths()) == 9


def test_what_it_forbids_is_not_asked_for(town: Neighbourhood) -> None:
    """A failed poll whose sentence says what to do; asked again as seldom as anything that is refused."""
    town.server.on(ROBOTS, rules("User-agent: *", "Disallow: /feed"))
    report = town.poll()
    assert (report.status, report.cause, report.requests) == ("failed", "robots", 0)
    assert f"{town.server.url(ROBOTS)} asks programs to stay away" in report.error
    assert "robots: false" in report.error
    assert town.asked() == []
    assert town.wait() == timedelta(hours=1)
    town.server.on(ROBOTS, rules("User-agent: tbtwatch", "Allow: /", "User-agent: *", "Disallow: /"))
    town.clock.turn(days=1)
    assert town.poll().status == "ok"


def test_the_publishers_consent_is_a_setting(town: Neighbourhood) -> None:
    """With `robots: false` it is not even asked for."""
    town.server.on(ROBOTS, rules("User-agent: *", "Disallow: /"))
    assert town.poll(town.source(robots=False)).status == "ok"
    assert town.asked(ROBOTS) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_one_everything_is_allowed(town: Neighbourhood, status: int) -> None:
    """4xx: the host has none (RFC 9309, 2.3.1.3)."""
    town.server.on(ROBOTS, Reply(status=status))
    assert town.poll().status == "ok"


def test_one_that_is_nowhere_to_be_found_allows_everything(town: Neighbourhood) -> None:
    """Redirected round in circles (RFC 9309, 2.3.1.2); one that is found after some redirects counts."""
    town.server.on(ROBOTS, Reply(status=302, headers={"Location": ROBOTS}))
    assert town.poll().status == "ok"
    town.clock.turn(days=1)
    town.server.on(ROBOTS, Reply(status=301, headers={"Location": "/elsewhere.txt"}))
    town.server.on("/elsewhere.txt", rules("User-agent: *", "Disallow: /"))
    assert town.poll().cause == "robots"


@pytest.mark.parametrize("answer", [Reply(status=500), Reply(status=503), Reply(raw=b"nonsense"), Reply(status=429)])
def test_while_a_host_cannot_say_nothing_is_asked(town: Neighbourhood, answer: Reply) -> None:
    """Not known is not allowed; once it answers the feed is read."""
    town.server.on(ROBOTS, answer)
    assert town.poll().status == "failed"
    assert town.asked() == []
    town.server.on(ROBOTS, Reply(status=404))
    town.clock.turn(hours=1)
    assert town.poll().status == "ok"


def test_what_it_said_last_holds_while_it_is_silent(town: Neighbourhood) -> None:
    """A host in trouble does not shut out, nor let in, whom it treated otherwise before."""
    town.server.on("/closed.xml", feed(2))
    town.server.on(ROBOTS, rules("User-agent: *", "Disallow: /closed"), Reply(status=500))
    for _ in range(2):
        assert town.poll().status in ("ok", "unchanged")
        assert town.poll(town.source("closed", "/closed.xml")).cause == "robots"
        town.clock.turn(days=1)
    assert len(town.asked(ROBOTS)) == 2


def test_a_host_that_never_says_is_read_after_a_month(town: Neighbourhood) -> None:
    """Thirty days without an answer count as none (RFC 9309, 2.3.1.4)."""
    town.server.on(ROBOTS, Reply(status=500))
    for _ in range(30):
        assert town.poll().status == "failed"
        town.clock.turn(days=1)
    assert town.poll().status == "ok"


def test_its_pause_is_kept(town: Neighbourhood) -> None:
    """`Crawl-delay` lies between two requests, a longer `pause_seconds` instead of it."""
    town.server.on(ROBOTS, rules("User-agent: *", "Crawl-delay: 7"))
    town.poll()
    assert town.paused == pytest.approx([7], abs=1)
    town.clock.turn(days=1)
    town.poll(town.source(pause_seconds=30))
    assert town.paused == pytest.approx([7, 30], abs=1)


def test_a_huge_one_is_read_as_far_as_it_must_be(town: Neighbourhood) -> None:
    """Half a megabyte is taken, the rest left on the wire."""
    filler = b"# nothing\n" * 100_000
    town.server.on(ROBOTS, Reply(body=b"User-agent: *\nDisallow: /feed\n" + filler, times=30))
    assert town.poll().cause == "robots"
    assert town.server.octets < 15_000_000
    with town.storage.look() as tx:
        assert len(tx.hosts.robots(f"http://127.0.0.1:{town.server.port}").body) <= 512_000


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_patience_at_robots_gets_it(town: Neighbourhood, status: int) -> None:
    """The list is not asked in the same second, though the rules of yesterday are known; the host rests as it says."""
    town.poll()
    asked = len(town.asked())
    town.clock.turn(hours=25)
    town.server.on(ROBOTS, Reply(status=status, headers={"Retry-After": "7200"}))
    report = town.poll()
    assert report.status == "failed"
    assert len(town.asked()) == asked
    assert town.wait() >= timedelta(hours=2)
