"""What a publisher notices of us: which requests, when, and that we keep to what it says. Real HTTP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tbtwatch.pipeline.asking import Asking
from tbtwatch.storage import Storage
from tests.pipeline.neighbours import FEED, Neighbourhood, feed, neighbourhood, rss
from tests.servers import Reply
from watcher.source import Document, Request

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOT_MODIFIED = Reply(status=304)


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Neighbourhood]:
    """A publisher and us."""
    with neighbourhood(sqlite) as town:
        yield town


@pytest.mark.parametrize(
    "etag",
    ['"plain"', 'W/"weak"', "unquoted", '"odd"quotes"', '""', "'single'", '"with, comma"', '"tab\tand  spaces"', "*"],
)
def test_validators_go_back_as_they_came(town: Neighbourhood, etag: str) -> None:
    """Each poll of a feed is one request; from the second on it is conditional, with the very strings that came."""
    modified = "Mon, 2 Mar 2026 08:00:00 GMT"  # a day without its zero is theirs, not ours to mend
    town.server.on(FEED, feed(1, ETag=etag, Last_Modified=modified), NOT_MODIFIED)
    assert town.poll().status == "ok"
    town.clock.turn(hours=1)
    report = town.poll()
    assert (report.status, report.cause, report.requests) == ("unchanged", "304", 1)
    first, second = town.asked()
    assert not {"if-none-match", "if-modified-since"} & set(first.headers)
    assert (second.headers["if-none-match"], second.headers["if-modified-since"]) == (etag, modified)
    assert second.headers["user-agent"] == "tbtwatch/1 (+mailto:staff@example.org)"


def test_only_what_is_new_is_asked_of_a_feed_that_can(town: Neighbourhood) -> None:
    """`A-IM: feed` goes with an ETag only; 226 brings what is new, and nothing that is absent was withdrawn."""
    town.server.on(
        FEED,
        Reply(
            body=rss(1).replace(b"</channel>", b"<item><title>Menu</title></item></channel>"), headers={"ETag": '"a"'}
        ),
        feed(2, status=226, ETag='"b"', IM="feed"),
        NOT_MODIFIED,
    )
    numbered = town.source(symbol_pattern=r"Rule (\d+)", require_symbol=True)
    assert town.poll(numbered).unreadable == 1
    town.clock.turn(hours=1)
    report = town.poll(numbered)
    assert (report.status, report.new) == ("ok", 1)
    town.clock.turn(hours=1)
    assert town.poll(numbered).cause == "304"
    assert [one.headers.get("a-im") for one in town.asked()] == [None, "feed", "feed"]
    assert [one.headers.get("if-none-match") for one in town.asked()] == [None, '"a"', '"b"']
    with town.storage.look() as tx:
        assert len(tx.notices.unreadable()) == 1  # what could not be read and was left out now is not gone
        assert tx.notices.counts()["notices"] == 2


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({}, 1),
        ({"Cache_Control": "max-age=7200"}, 2),
        ({"Cache_Control": "max-age=7200", "Age": "1800"}, 1.5),
        ({"Cache_Control": "max-age=60"}, 1),
        ({"Cache_Control": "no-store"}, 1),
        ({"Cache_Control": "s-maxage=90000"}, 1),
        ({"Cache_Control": "max-age=31536000"}, 24),
    ],
)
def test_an_answer_is_not_asked_for_while_it_lives(town: Neighbourhood, headers: dict[str, Any], hours: float) -> None:
    """`Cache-Control` and `Expires` are the floor of the interval, of a 304 that says nothing as of its 200."""
    town.server.on(FEED, feed(1, ETag='"a"', **headers), NOT_MODIFIED)
    for _ in range(2):
        town.poll()
        assert town.wait() == hours * HOUR
        town.clock.turn(hours=hours)


def test_an_answer_lives_until_it_expires(town: Neighbourhood) -> None:
    """`Expires` counts from the server's own clock, which may be wrong by years."""
    head = "HTTP/1.1 200 OK\r\nDate: Mon, 02 Mar 2020 12:00:00 GMT\r\nExpires: Mon, 02 Mar 2020 15:00:00 GMT\r\n\r\n"
    town.server.on(FEED, Reply(raw=head.encode() + rss(1)))
    town.poll()
    assert town.wait() == 3 * HOUR


def test_a_feed_says_when_not_to_ask(town: Neighbourhood) -> None:
    """All its skipHours and skipDays, its ttl; and still when the body is the same and is not read again."""
    head = (
        "<ttl>90</ttl><skipHours><hour>13</hour><hour>14</hour><hour>15</hour></skipHours>"
        "<skipDays><day>Thursday</day><day>Friday</day></skipDays>"
    )
    town.server.on(FEED, feed(1, head=head))
    town.poll()
    assert town.wait() == 4.5 * HOUR  # 13:30, but not before 16:00: minutes are kept
    town.clock.turn(hours=4.5)
    report = town.poll()
    assert (report.status, report.cause) == ("unchanged", "same bytes")
    assert town.wait() == 1.5 * HOUR
    town.clock.turn(hours=6.5)  # 23:00 on Wednesday
    town.poll()
    assert town.wait() == timedelta(days=2) + 1.5 * HOUR  # Saturday, 00:30
    town.server.on(FEED, feed(1, 2))
    town.clock.turn(days=3)
    town.poll()
    assert town.wait() == HOUR


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_wants_rest_gets_it_from_all_its_sources(town: Neighbourhood, status: int) -> None:
    """One is told; the others ask nothing until then, and say why. A person may ask at once."""
    kettles, irons = town.source(), town.source("irons", "/irons.xml")
    town.server.on(FEED, Reply(status=status, headers={"Retry-After": "7200"}), feed(1))
    town.server.on("/irons.xml", feed(2))
    assert town.poll(kettles).status == "failed"
    assert town.wait() == 2 * HOUR
    town.clock.turn(hours=1)
    resting = town.poll(irons)
    assert (resting.status, resting.requests) == ("resting", 0)
    assert f"answered {status}" in resting.error and "2 hours" in resting.error
    assert town.asked("/irons.xml") == []
    assert town.wait("irons") == HOUR
    assert town.poll(irons, by_hand=True).status == "ok"
    town.clock.turn(hours=1)
    assert [town.poll(one).status for one in (kettles, irons)] == ["ok", "unchanged"]
    with town.storage.look() as tx:
        assert tx.hosts.state(f"127.0.0.1:{town.server.port}").resume_at is None


def test_another_host_is_asked_meanwhile(sqlite: Storage) -> None:
    """A server at another port is another host."""
    with neighbourhood(sqlite) as town, neighbourhood(sqlite) as next_door:
        town.server.on(FEED, Reply(status=429))
        next_door.server.on(FEED, feed(1))
        assert town.poll().status == "failed"
        assert town.poll(next_door.source("other")).status == "ok"


def test_a_time_to_come_back_may_be_a_date(town: Neighbourhood) -> None:
    """`Retry-After` as an HTTP date is the same wait."""
    town.server.on(FEED, Reply(status=503, headers={"Retry-After": format_datetime(town.clock() + 3 * HOUR, True)}))
    town.poll()
    assert town.wait() == 3 * HOUR


def test_a_host_in_trouble_is_asked_ever_more_slowly(town: Neighbourhood) -> None:
    """503 without a time: 5, 10, 20, 40, 60 minutes, for all its sources; 429: an hour; then all is forgotten."""
    town.server.on(FEED, *[Reply(status=503)] * 5, Reply(status=429), feed(1), Reply(status=503))
    waits = []
    for _ in range(8):
        town.poll()
        waits.append(town.wait() / timedelta(minutes=1))
        town.clock.turn(minutes=waits[-1])
    assert waits == [5, 10, 20, 40, 60, 60, 60, 5]


def test_chance_spreads_the_waits(sqlite: Storage) -> None:
    """With chance no two sources wait alike; none waits less than without."""
    with neighbourhood(sqlite, chance=Random(1)) as town:
        sources = [town.source(f"source-{number}", f"/{number}.xml") for number in range(6)]
        waits = []
        for source in sources:
            town.server.on(f"/{source.config.name[-1]}.xml", Reply(status=500))
            town.poll(source)
            waits.append(town.wait(source.config.name) / timedelta(minutes=1))
        assert len(set(waits)) == 6
        assert all(5 <= wait <= 6.25 for wait in waits)


def test_a_forbidden_source_is_not_dodged(town: Neighbourhood) -> None:
    """403: the same agent, ever more slowly, and a sentence that says whom to write to."""
    town.server.on(FEED, Reply(status=403))
    waits = []
    for _ in range(6):
        report = town.poll()
        waits.append(town.wait() / HOUR)
        town.clock.turn(hours=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 24]
    assert "write to it" in report.error
    assert len({one.headers["user-agent"] for one in town.asked()}) == 1


def test_what_is_gone_is_not_asked_again(town: Neighbourhood) -> None:
    """410 ends a source, until its settings change or a person says so."""
    town.server.on(FEED, Reply(status=410))
    source = town.source()
    report = town.poll(source)
    assert (report.status, report.cause, town.state().status) == ("failed", "gone", "ended")
    assert "tbtwatch poll kettles" in report.error
    town.clock.turn(days=400)
    again = town.poll(source)
    assert (again.status, again.requests, again.error) == ("resting", 0, report.error)
    town.server.on(FEED, feed(1))
    assert town.poll(town.source(title="Kettles")).status == "ok"
    assert town.state().ended_at is None
    town.server.on(FEED, Reply(status=410), feed(1, 2))
    town.poll(town.source(title="Kettles"))
    assert town.poll(town.source(title="Kettles"), by_hand=True).new == 1
    assert town.state().status == "ok"


def test_what_is_missing_is_looked_for_a_week(town: Neighbourhood) -> None:
    """404: more and more slowly for seven days, then once a week; and when it is back it is as ever."""
    town.server.on(FEED, feed(1), Reply(status=404))
    town.poll()
    town.clock.turn(hours=1)
    began, asked, statuses = town.clock(), [], []
    while town.clock() < began + 40 * DAY:
        town.poll()
        asked.append((town.clock() - began) / DAY)
        statuses.append(town.state().status)
        town.clock.turn(seconds=town.wait().total_seconds())
    first_week = [day for day in asked if day < 7]
    assert 10 <= len(first_week) <= 20
    assert statuses[: len(first_week)] == ["failed"] * len(first_week)
    assert set(statuses[len(first_week) :]) == {"suspended"}
    later = asked[len(first_week) :]
    assert [round(next_ - day, 3) for day, next_ in pairwise(later)] == [7.0] * (len(later) - 1)
    assert "once a week" in town.state().error
    town.server.on(FEED, feed(1, 2))
    assert town.poll().new == 1
    assert (town.wait(), town.state().missing_since, town.state().status) == (HOUR, None, "ok")


def test_an_address_that_moved_for_good_is_taken_over(town: Neighbourhood) -> None:
    """After three polls over a day the new one is asked at once; a 404 there leads back; other settings forget it."""
    town.server.on(FEED, Reply(status=308, headers={"Location": "/new.xml"}))
    town.server.on("/new.xml", feed(1, ETag='"n"'))
    for _ in range(3):
        assert town.poll().status in ("ok", "unchanged")
        town.server.on("/new.xml", NOT_MODIFIED)
        town.clock.turn(hours=12)
    assert len(town.asked()) == len(town.asked("/new.xml")) == 3
    assert [one.headers.get("if-none-match") for one in town.asked()] == [None] * 3
    assert [one.headers.get("if-none-match") for one in town.asked("/new.xml")] == [None, '"n"', '"n"']
    town.server.on("/new.xml", feed(1, 2, ETag='"o"'), Reply(status=404))
    assert town.state().address.used == town.server.url("/new.xml")
    assert town.poll().new == 1
    assert (len(town.asked()), len(town.asked("/new.xml"))) == (3, 4)
    failed = town.poll()
    assert "is asked again next time" in failed.error
    assert town.state().missing_since is None
    town.server.on(FEED, feed(1, 2, 3))
    assert town.poll().new == 1


@pytest.mark.parametrize("status", [302, 303, 307])
def test_an_address_that_moved_for_a_while_is_kept(town: Neighbourhood, status: int) -> None:
    """Those redirects are followed and forgotten."""
    town.server.on(FEED, Reply(status=status, headers={"Location": "/new.xml"}))
    town.server.on("/new.xml", feed(1))
    for _ in range(4):
        town.poll()
        town.clock.turn(days=1)
    assert len(town.asked()) == 4


def test_a_lying_validator_is_found_out(town: Neighbourhood) -> None:
    """Once a week a feed is asked unconditionally: news behind "not modified" is told, and it stays so."""
    town.server.on(FEED, feed(1, ETag='"same"'), NOT_MODIFIED)
    town.poll()
    for _ in range(7):
        town.clock.turn(hours=23)
        assert town.poll().cause == "304"
    town.server.on(FEED, feed(1, 2, ETag='"same"'))
    town.clock.turn(hours=23)
    report = town.poll()
    assert (report.new, report.cause) == (1, "lying validators")
    assert town.last().cause == "lying validators"
    town.clock.turn(hours=1)
    assert town.poll().cause == "same bytes"
    conditional = ["if-none-match" in one.headers for one in town.asked()]
    assert conditional == [False, *[True] * 7, False, False]


def test_an_honest_validator_is_trusted_again(town: Neighbourhood) -> None:
    """The weekly request brings the same bytes: nothing is read, and the next one is conditional."""
    town.server.on(FEED, feed(1, ETag='"a"'))
    town.poll()
    town.clock.turn(days=7)
    assert town.poll().cause == "same bytes"
    town.server.on(FEED, NOT_MODIFIED)
    town.clock.turn(hours=1)
    assert town.poll().cause == "304"


@pytest.mark.parametrize(
    ("validators", "changed"),
    [({"ETag": 'W/"w"'}, "<ttl>1</ttl>"), ({"Last_Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}, "<ttl>1</ttl>")],
)
def test_a_weak_validator_may_pass_over_a_time_stamp(
    town: Neighbourhood, validators: dict[str, Any], changed: str
) -> None:
    """It promises the same meaning, not the same bytes: without news behind it, it did not lie."""
    town.server.on(FEED, feed(1, **validators))
    town.poll()
    town.clock.turn(days=7)
    town.server.on(FEED, feed(1, head=changed, **validators), NOT_MODIFIED)
    assert town.poll().cause == "all known"
    town.clock.turn(hours=1)
    assert town.poll().cause == "304"


def test_other_settings_read_the_same_document_again(town: Neighbourhood) -> None:
    """What staff changed may find more in it, so that it is asked for anew; the row says with which settings."""
    town.server.on(FEED, feed(1, ETag='"a"'), feed(1, ETag='"a"'), NOT_MODIFIED)
    town.poll()
    versions = [town.last().settings_version]
    assert town.poll(town.source(language="fr")).status == "ok"
    versions.append(town.last().settings_version)
    assert town.poll(town.source(language="fr")).cause == "304"
    versions.append(town.last().settings_version)
    assert versions[0] != versions[1] == versions[2]
    assert all(len(version) == 12 for version in versions)


def test_a_row_tells_what_came(town: Neighbourhood) -> None:
    """Status, size, entries, and why there is nothing new; a zero has a cause."""
    body = rss(1, 2)
    town.server.on(
        FEED, Reply(body=body), Reply(body=rss(1, 2, head="<ttl>1</ttl>")), Reply(body=rss()), Reply(status=500)
    )
    causes = []
    for _ in range(4):
        town.poll()
        causes.append((town.last().cause, town.last().http_status, town.last().entries))
        town.clock.turn(hours=1)
    assert causes == [("", 200, 2), ("all known", 200, 2), ("no entries", 200, 0), ("unavailable", 500, 0)]
    with town.storage.look() as tx:
        assert [one.bytes for one in tx.sources.polls()][-1] == len(body)


def test_the_pause_of_a_source_is_kept(town: Neighbourhood) -> None:
    """`pause_seconds` lies between any two requests to its host, the one for robots.txt too."""
    town.server.on(FEED, feed(1))
    town.poll(town.source(pause_seconds=20))
    assert town.paused == pytest.approx([20], abs=1)


def test_a_key_stays_where_staff_put_it(town: Neighbourhood) -> None:
    """A source that sends a key is not taken to another host by a redirect, however often it is said."""
    request = Request(url="https://old.example/a", headers={"Key": "secret"})
    document = Document(
        url="https://new.example/a",
        status=200,
        headers={},
        fetched_at=town.clock(),
        moved_to="https://new.example/a",
        request=request,
    )

    class Standing:
        async def fetch(self, request: Request, **_: object) -> Document:
            return replace(document, request=request)

    class Permitting:
        async def pause_seconds(self, request: Request) -> float:
            return 0.0

        async def before_hop(self, url: str) -> float:
            return 0.0

    state = town.state()
    for _ in range(5):
        asking = Asking(state, fetcher=Standing(), permission=Permitting(), reader=1)  # type: ignore[arg-type]
        asyncio.run(asking.document(request, Path(), now=town.clock()))
        state = replace(state, address=asking.address)
        town.clock.turn(days=1)
    assert state.address.used == ""
