"""Slow is not stopped: what is late but whole is waited for, what drips is given up, and either way it is said."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import FEED, refusal
from watcher.fetch import Fetcher, Reason
from watcher.source import Request

# As the bounds of a large document are to each other, a hundred times as fast: a long deadline, a shorter silence, and
# a pace that is judged sooner still.
HASTY: dict[str, Any] = {"deadline_seconds": 600.0, "silence_seconds": 10.0, "patience_seconds": 0.2}
LARGE = FEED * 20


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Reply(body=FEED, first_byte_after=0.5), FEED),
        (Reply(body=FEED, body_after=0.5), FEED),
        (Reply(body=FEED, body_after=0.5, chunked=True), FEED),
        (Reply(body=FEED, body_after=0.5, until_closed=True), FEED),
        (Reply(body=FEED, body_after=0.5, gzipped=True), FEED),
        (Reply(body=b"[]", drip=0.5), b"[]"),
        (Reply(body=LARGE, burst=len(LARGE) - 2, drip=0.5), LARGE),
    ],
    ids=["first octet", "body", "chunks", "no length", "gzip", "second half", "last octet"],
)
async def test_what_is_late_but_whole_is_waited_for(
    web: ScriptedServer, fetcher: Fetcher, reply: Reply, body: bytes
) -> None:
    """A publisher may think for longer than a drip is borne, before its answer, its body or the end of it."""
    began = time.monotonic()
    document = await fetcher.fetch(Request(url=web.on("/feed", reply), **HASTY))
    assert document.body == body
    assert time.monotonic() - began > HASTY["patience_seconds"]
    assert len(web.paths()) == 1


async def test_a_thin_line_is_waited_for(web: ScriptedServer, fetcher: Fetcher) -> None:
    """One octet at a time is no drip while they come at the least pace or better, however long they take in all."""
    url = web.on("/feed", Reply(body=FEED, drip=0.01))
    limits = {**HASTY, "least_per_second": 10}
    assert (await fetcher.fetch(Request(url=url, **limits))).body == FEED


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"chunked": True},
        {"until_closed": True},
        {"declared": 100_000},
        {"gzipped": True},
        {"burst": 1000},
        {"burst": 1000, "chunked": True},
        {"drip": 0.3},
        {"body_after": 0.3},
    ],
    ids=lambda over: " ".join(f"{name} {value}" for name, value in over.items()) or "plain",
)
async def test_a_drip_is_given_up_by_its_pace(web: ScriptedServer, fetcher: Fetcher, over: dict[str, Any]) -> None:
    """Long before its deadline and though it never is silent for long, also after a good beginning; with a sentence."""
    url = web.on("/feed", Reply(**{"body": LARGE, "drip": 0.03, **over}))
    began = time.monotonic()
    error = await refusal(fetcher, url, **HASTY)
    assert error.reason == Reason.TIMED_OUT
    assert str(error).startswith("127.0.0.1 sent ") and "no pace to wait for; nothing to do" in str(error)
    assert time.monotonic() - began < 3

    web.on("/feed", Reply(body=FEED))
    assert (await fetcher.fetch(Request(url=url, **HASTY))).body == FEED


async def test_a_head_that_drips_is_given_up(web: ScriptedServer, fetcher: Fetcher) -> None:
    """Line after line of a head, each in time, is an answer that does not begin."""
    head = b"HTTP/1.1 200 OK\r\n" + b"X-Line: 1\r\n" * 500
    url = web.on("/feed", Reply(raw=head, burst=100, drip=0.02))
    error = await refusal(fetcher, url, **{**HASTY, "silence_seconds": 0.3})
    assert error.reason == Reason.TIMED_OUT and "nothing to do unless it lasts" in str(error)


@pytest.mark.parametrize("over", [{"body_after": 30}, {"drip": 0.3}], ids=["never comes", "drips"])
async def test_the_rest_of_a_refusal_is_not_waited_for(
    web: ScriptedServer, fetcher: Fetcher, over: dict[str, Any]
) -> None:
    """When to come back stands in the head; it is not lost because the error page behind it is slow."""
    busy = Reply(status=429, headers={"Retry-After": "7200"}, body=LARGE, **over)
    began = time.monotonic()
    error = await refusal(fetcher, web.on("/feed", busy), **HASTY)
    assert (error.reason, error.retry_after) == (Reason.RATE_LIMITED, timedelta(hours=2))
    assert time.monotonic() - began < 5


async def test_a_redirect_whose_page_is_slow_is_followed(web: ScriptedServer, fetcher: Fetcher) -> None:
    """Where to go stands in the head."""
    web.on("/new", Reply(body=FEED))
    moved = Reply(status=301, headers={"Location": "/new"}, body=LARGE, body_after=30)
    document = await fetcher.fetch(Request(url=web.on("/feed", moved), **HASTY))
    assert (document.body, document.moved_to) == (FEED, web.url("/new"))
