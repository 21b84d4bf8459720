"""A publisher that sends more than anybody wants is cut off at the bound, and our memory is none the fuller for it.

The server is a real one on loopback; the memory is that of a process which does nothing but the fetch.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.peak import run_measured
from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import FEED, listed

MEGABYTE = 1_000_000
BLOCK = b"<item><title>One more</title></item>\n" * 27_000  # a little less than a megabyte
FULL = 20 * MEGABYTE  # what a document that is not put into a file may hold
SLACK = 15 * MEGABYTE  # buffers, and pages that the allocator has not given back
UNDER_WAY = 16 * MEGABYTE  # what the sockets' buffers may have taken when the connection is closed


@cache
def zeros(wrapper: int = 31, megabytes: int = 200) -> bytes:
    """So many megabytes of zeros, compressed to next to nothing; `wrapper` as zlib numbers them: 31 is gzip's."""
    stream, block = zlib.compressobj(9, wbits=wrapper), bytes(MEGABYTE)
    return b"".join(stream.compress(block) for _ in range(megabytes)) + stream.flush()


BOMBS: dict[str, Callable[[], Reply]] = {
    "gzip": lambda: Reply(body=zeros(), headers={"Content-Encoding": "gzip"}),
    "gzip in chunks": lambda: Reply(body=zeros(), headers={"Content-Encoding": "gzip"}, chunked=True),
    "deflate without a length": lambda: Reply(
        body=zeros(-15), headers={"Content-Encoding": "deflate"}, until_closed=True
    ),
    "packed twice": lambda: Reply(
        body=gzip.compress(zeros()), headers={"Content-Encoding": "gzip, gzip"}, chunked=True
    ),
    "members without end": lambda: Reply(
        body=zeros(megabytes=1), headers={"Content-Encoding": "gzip"}, chunked=True, times=100_000
    ),
}


def fetched(web: ScriptedServer, reply: Reply, place: Path | None = None, **over: Any) -> dict[str, Any]:
    """What came of a fetch in a process of its own, and by how much its memory grew."""
    wanted = {"warm": web.on("/warm", Reply(body=FEED)), "url": web.on("/huge", reply), **over}
    ended = run_measured("fetch", json.dumps(wanted), *([str(place)] if place else []))
    print(f"{ended.get('reason') or ended.get('size')}: {ended['grown'] / MEGABYTE:.1f} MB")
    return ended


@pytest.mark.parametrize("framing", [{"chunked": True}, {"until_closed": True}, {}])
def test_150_megabytes_are_cut_at_the_bound(web: ScriptedServer, framing: dict[str, Any]) -> None:
    """In chunks, without a length, with one: 10 MB are taken, or none, and the publisher is not listened to further."""
    ended = fetched(web, Reply(body=BLOCK, times=152, **framing))
    assert ended["reason"] == "too_large" and "10,000,000 bytes" in ended["sentence"]
    assert ended["grown"] < SLACK + 10 * MEGABYTE
    assert web.octets < 10 * MEGABYTE + UNDER_WAY


@pytest.mark.parametrize("over", [{"chunked": True}, {"until_closed": True, "gzipped": True}])
def test_150_megabytes_on_the_way_to_a_file_are_cut_at_the_bound(
    web: ScriptedServer, tmp_path: Path, over: dict[str, Any]
) -> None:
    """A workbook may be so large, and no larger: it was written as it came, and nothing of it is left."""
    most = 149 * MEGABYTE
    ended = fetched(web, Reply(body=BLOCK, times=160, **over), tmp_path / "book.xlsx", max_body=most, max_decoded=most)
    assert ended["reason"] == "too_large" and "149,000,000 bytes" in ended["sentence"]
    assert ended["grown"] < SLACK
    assert listed(tmp_path) == []


def test_a_document_within_its_bounds_arrives_whole_however_large(web: ScriptedServer, tmp_path: Path) -> None:
    """The bound is what cuts, not the size: 120 MB that are allowed are in the file, and were never in memory."""
    place = tmp_path / "book.xlsx"
    allowed = {"max_body": 150 * MEGABYTE, "max_decoded": 150 * MEGABYTE}
    ended = fetched(web, Reply(body=BLOCK, times=121, chunked=True), place, **allowed)
    assert ended.get("size") == place.stat().st_size == 121 * len(BLOCK) > 120 * MEGABYTE
    assert ended["grown"] < SLACK


@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_body_that_expands_to_hundreds_of_megabytes_is_cut(
    web: ScriptedServer, tmp_path: Path, in_file: bool, bomb: str
) -> None:
    """However it is framed: in memory a document's own bound and no more, on the way to a file almost nothing."""
    reply = BOMBS[bomb]()
    assert len(reply.body) < MEGABYTE
    ended = fetched(web, reply, tmp_path / "book.xlsx" if in_file else None)
    assert ended["reason"] == "too_large" and "decompressed" in ended["sentence"]
    assert "20,000,000 bytes" in ended["sentence"]
    assert (0 if in_file else FULL * 0.8) < ended["grown"] < SLACK + (0 if in_file else FULL)
    assert listed(tmp_path) == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500, body=BLOCK, times=150, chunked=True),
        Reply(status=404, body=BLOCK, times=150),
        Reply(status=302, body=BLOCK, times=150, headers={"Location": "/warm"}, until_closed=True),
    ],
    ids=["an error", "an error with a length", "a redirect"],
)
def test_a_huge_body_that_nobody_wants_is_not_read(web: ScriptedServer, reply: Reply) -> None:
    """An error page or a redirect of 150 MB costs no more than its head; the redirect is followed."""
    ended = fetched(web, reply)
    assert ended.get("reason") == {500: "unavailable", 404: "missing"}.get(reply.status)
    assert ended.get("size") == (len(FEED) if reply.status == 302 else None)
    assert ended["grown"] < SLACK / 2
    assert web.octets < UNDER_WAY
