"""Polls of sources that are asked by POST. Real HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tbtwatch.storage import Storage
from tests.pipeline.neighbours import Neighbourhood, neighbourhood
from tests.servers import Reply
from watcher.source import Source

SEARCH = "/api/search"
HOUR = timedelta(hours=1)


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Neighbourhood]:
    """A publisher and us."""
    with neighbourhood(sqlite) as town:
        yield town


def source(town: Neighbourhood, name: str = "kettles", **over: Any) -> Source:
    """A search that wants its question sent, newest first."""
    entry: dict[str, Any] = {
        "kind": "json_api",
        "method": "post",
        "body": {"criteria": {"year": ["{today:%Y|number}"]}, "page": {"at": 0, "of": 2}},
        "items": "content",
        "total": "all",
        "fields": {"id": "id", "title": "title", "published": "day"},
        "paging": {"by": "page", "parameter": "page.at", "first": 0, "size": 2, "newest_first": True},
    }
    return town.source(name, SEARCH, **{**entry, **over})


def page(*numbers: int, total: int = 0, status: int = 200, **headers: str) -> Reply:
    """One page of its answer."""
    content = [{"id": f"R-{number}", "title": f"Recall {number} of kettles", "day": "2026-03-02"} for number in numbers]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps({"content": content, "all": total}).encode(), headers=named)


def test_its_pages_are_read_to_the_end(town: Neighbourhood) -> None:
    """Each is another body to the same address."""
    town.server.on(SEARCH, page(1, 2, total=5), page(3, 4, total=5), page(5, total=5))
    report = town.poll(source(town))
    assert (report.status, report.new, report.requests) == ("ok", 5, 3)
    assert [(asked.method, json.loads(asked.body)) for asked in town.asked(SEARCH)] == [
        ("POST", {"criteria": {"year": [2026]}, "page": {"at": number, "of": 2}}) for number in range(3)
    ]


def test_the_same_answer_to_the_same_question_is_not_read_again(town: Neighbourhood) -> None:
    """No validators are sent, whatever the server gave; the bytes tell."""
    town.server.on(SEARCH, page(1, 2, total=2, ETag='"a"', Last_Modified="Mon, 02 Mar 2026 08:00:00 GMT"))
    assert town.poll(source(town)).new == 2
    town.clock.turn(hours=1)
    report = town.poll(source(town))
    assert (report.status, report.cause, report.requests) == ("unchanged", "same bytes", 1)
    assert not any({"if-none-match", "if-modified-since"} & set(asked.headers) for asked in town.asked(SEARCH))
    [kept] = town.state().validators.values()
    assert not {"etag", "last_modified"} & set(kept)


def test_an_answer_that_changed_under_the_same_etag_is_no_lie(town: Neighbourhood) -> None:
    """Its ETag is not asked with, so that nothing rests on it."""
    town.server.on(SEARCH, page(1, total=1, ETag='"a"'), page(2, 1, total=2, ETag='"a"'))
    town.poll(source(town))
    town.clock.turn(hours=1)
    report = town.poll(source(town))
    assert (report.status, report.new, report.cause) == ("ok", 1, "")


def test_the_same_answer_to_another_question_is_read(town: Neighbourhood) -> None:
    """A new year is asked for: the question is another one, and its first answer is looked into."""
    town.server.on(SEARCH, page(1, 2, total=2))
    town.poll(source(town))
    town.clock.turn(days=365)
    report = town.poll(source(town))
    assert (report.status, report.cause) == ("ok", "all known")
    assert len(town.state().validators) == 1  # the old question was not asked for two months


def test_what_was_asked_is_told_by_the_version_of_the_settings(town: Neighbourhood) -> None:
    """Another body is another version in the poll's row, and its answer is read anew."""
    town.server.on(SEARCH, page(1, 2, total=2))
    town.poll(source(town))
    before = town.last().settings_version
    town.clock.turn(hours=1)
    report = town.poll(source(town, body={"criteria": {"year": [2025]}}))
    assert report.status == "ok"
    assert town.last().settings_version != before


def test_another_page_request_is_not_made_of_it(town: Neighbourhood) -> None:
    """A redirect that would is a failed poll with its sentence; one that repeats it is followed."""
    town.server.on(SEARCH, Reply(status=302, headers={"Location": "/login"}))
    town.server.on("/login", page(9))
    report = town.poll(source(town))
    assert (report.status, report.cause) == ("failed", "bad redirect")
    assert "by POST" in report.error and town.asked("/login") == []
    town.server.on(SEARCH, Reply(status=307, headers={"Location": "/login"}))
    assert town.poll(source(town), by_hand=True).new == 1
    assert [asked.method for asked in town.asked("/login")] == ["POST"]


def test_a_search_that_moved_for_good_is_asked_there(town: Neighbourhood) -> None:
    """308 after 308: then at once, still by POST, and still recognised."""
    town.server.on(SEARCH, Reply(status=308, headers={"Location": "/v2"}))
    town.server.on("/v2", page(1, total=1))
    for _ in range(4):
        town.poll(source(town))
        town.clock.turn(days=1)
    assert town.state().address.used == town.server.url("/v2")
    asked = len(town.asked(SEARCH))
    assert town.poll(source(town)).cause == "same bytes"
    assert (len(town.asked(SEARCH)), town.asked("/v2")[-1].method) == (asked, "POST")


@pytest.mark.parametrize("status", [429, 503])
def test_a_publisher_that_wants_rest_gets_it(town: Neighbourhood, status: int) -> None:
    """As for any other request, in the middle of its pages too; what was read before is kept."""
    town.server.on(
        SEARCH, page(1, 2, total=4), Reply(status=status, headers={"Retry-After": "7200"}), page(1, 2, total=2)
    )
    report = town.poll(source(town))
    assert (report.status, report.new) == ("failed", 2)
    assert town.wait() == 2 * HOUR
    assert town.poll(source(town, "irons")).status == "resting"
    town.clock.turn(hours=2)
    assert town.poll(source(town)).status == "ok"  # what a failed poll saw is not taken for seen


def test_robots_txt_is_asked_as_for_any_address(town: Neighbourhood) -> None:
    """What may not be read may not be searched."""
    town.server.on("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /api/\n"))
    town.server.on(SEARCH, page(1))
    report = town.poll(source(town))
    assert (report.status, report.cause) == ("failed", "robots")
    assert town.asked(SEARCH) == []
    assert [asked.method for asked in town.asked("/robots.txt")] == ["GET"]


def test_a_key_is_in_no_log_and_nothing_that_is_stored(town: Neighbourhood) -> None:
    """Sent in its header with each page, and told nowhere, also when it is refused."""
    town.server.on(SEARCH, page(1, 2, total=3), page(3, total=3), Reply(status=401))
    made = source(town, key="s3cret-key", key_header="Authorization-Key")
    with capture_logs() as logs:
        town.poll(made)
        town.clock.turn(hours=1)
        town.server.on(SEARCH, Reply(status=401))
        refused = town.poll(made)
    assert [asked.headers["authorization-key"] for asked in town.asked(SEARCH)] == ["s3cret-key"] * 3
    told = f"{logs} {refused} {town.state()} {town.last()}"
    assert refused.status == "failed"
    assert "s3cret" not in told
