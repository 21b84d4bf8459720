"""The fetcher against a real server on loopback that misbehaves: neither octets nor seconds without end."""

from __future__ import annotations

import asyncio
import errno
import gzip
import time
import tracemalloc
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import AGENT, FEED, RecordedNetwork, TurnedClock, listed, refusal
from watcher.fetch import Fetcher, FetchError, Reason, Validators
from watcher.fetch.addresses import AllowList
from watcher.fetch.body import FileBody
from watcher.source import Document, Request


class TestBounds:
    """Neither octets nor seconds without end."""

    async def test_a_declared_length_over_the_bound_is_refused_at_once(
        self, web: ScriptedServer, fetcher: Fetcher
    ) -> None:
        """Not one octet of the body is waited for."""
        url = web.on("/feed", Reply(body=b"x" * 1001, first_byte_after=0))
        error = await refusal(fetcher, url, max_body=1000)
        assert error.reason == Reason.TOO_LARGE and "1,000 bytes" in str(error)
        dripping = web.on("/drip", Reply(body=b"x" * 1001, drip=1.0))
        assert (await refusal(fetcher, dripping, max_body=1000)).reason == Reason.TOO_LARGE
        assert (await fetcher.fetch(Request(url=url, max_body=1001))).body == b"x" * 1001

    @pytest.mark.parametrize("over", [{"chunked": True}, {"until_closed": True}])
    async def test_an_undeclared_body_is_cut_at_the_bound(
        self, web: ScriptedServer, fetcher: Fetcher, over: dict[str, bool]
    ) -> None:
        """Octets on the wire, however they are framed."""
        url = web.on("/feed", Reply(body=b"x" * 1001, **over))  # type: ignore[arg-type]
        assert (await refusal(fetcher, url, max_body=1000)).reason == Reason.TOO_LARGE
        assert len((await fetcher.fetch(Request(url=url, max_body=1001))).body) == 1001

    async def test_an_expanding_body_is_cut_at_the_bound(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Octets after decompression have a bound of their own."""
        url = web.on("/feed", Reply(body=b"\0" * 100_000, gzipped=True))
        error = await refusal(fetcher, url, max_decoded=99_999)
        assert error.reason == Reason.TOO_LARGE and "decompressed" in str(error)
        assert len((await fetcher.fetch(Request(url=url, max_body=1000, max_decoded=100_000))).body) == 100_000

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(body=FEED, first_byte_after=5),
            Reply(body=FEED, drip=0.05),
            Reply(body=FEED, drip=0.05, chunked=True),
            Reply(body=FEED, gzipped=True, drip=0.05),
            Reply(status=500, body=FEED, drip=0.05),
            Reply(status=302, headers={"Location": "/feed"}, first_byte_after=0.08),
        ],
    )
    async def test_the_whole_answer_has_a_deadline(self, web: ScriptedServer, fetcher: Fetcher, reply: Reply) -> None:
        """A late first octet, a drip that never pauses for long, redirects that each take their time."""
        started = time.monotonic()
        error = await refusal(fetcher, web.on("/feed", reply), deadline_seconds=0.2)
        assert error.reason == Reason.TIMED_OUT and "0.2 seconds" in str(error)
        assert time.monotonic() - started < 1.5

    async def test_a_drip_is_given_up_long_before_a_long_deadline(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """A large document may take minutes; one that comes an octet at a time is not waited for."""
        started = time.monotonic()
        url = web.on("/workbook", Reply(body=FEED * 9, drip=0.03))
        error = await refusal(fetcher, url, deadline_seconds=600, patience_seconds=0.2)
        assert error.reason == Reason.TIMED_OUT and "pace" in str(error)
        assert time.monotonic() - started < 1.5

    @pytest.mark.parametrize("reply", [Reply(body=FEED, first_byte_after=5), Reply(body=FEED, drip=5)])
    async def test_silence_is_given_up_long_before_a_long_deadline(
        self, web: ScriptedServer, fetcher: Fetcher, reply: Reply
    ) -> None:
        """Before the first octet and between any two."""
        started = time.monotonic()
        error = await refusal(fetcher, web.on("/workbook", reply), deadline_seconds=600, silence_seconds=0.2)
        assert error.reason == Reason.TIMED_OUT and "sent nothing for 0.2 seconds" in str(error)
        assert time.monotonic() - started < 1.5

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(body=FEED, cut_after=30),
            Reply(body=FEED, declared=10_000),
            Reply(body=FEED, chunked=True, cut_after=30),
            Reply(body=FEED, chunked=True, cut_after=len(FEED) + 4),
            Reply(body=FEED * 50, gzipped=True, until_closed=True, cut_after=60),
            Reply(body=FEED * 50, gzipped=True, cut_after=60),
            Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno chunk\r\n"),
        ],
    )
    async def test_a_cut_body_is_no_document(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path, reply: Reply
    ) -> None:
        """Content-Length not met, chunks without an end, a compressed stream without one; nothing is left on disk."""
        url = web.on("/feed", reply)
        assert (await refusal(fetcher, url)).reason == Reason.TRUNCATED
        assert (await refusal(fetcher, url, into=tmp_path / "body")).reason == Reason.TRUNCATED
        assert listed(tmp_path) == []

    @pytest.mark.parametrize(
        ("encoding", "body"),
        [("br", b"\x0b\x02\x80hello\x03"), ("gzip", b"<rss/> not compressed"), ("utf-8", FEED), ("gzip,br", FEED)],
    )
    async def test_an_encoding_that_was_not_asked_for_is_refused(
        self, web: ScriptedServer, fetcher: Fetcher, encoding: str, body: bytes
    ) -> None:
        """Or one that the body does not have."""
        error = await refusal(fetcher, web.on("/feed", Reply(body=body, headers={"Content-Encoding": encoding})))
        assert error.reason == Reason.BAD_ENCODING

    @pytest.mark.parametrize(
        "raw",
        [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-", b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
    )
    async def test_what_does_not_speak_http_is_unreachable(
        self, web: ScriptedServer, fetcher: Fetcher, raw: bytes
    ) -> None:
        """Closed without a word, another protocol, half a head."""
        assert (await refusal(fetcher, web.on("/feed", Reply(raw=raw)))).reason == Reason.UNREACHABLE

    async def test_a_head_without_end_is_cut_off(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Headers have a bound too."""
        raw = b"HTTP/1.1 200 OK\r\n" + b"X-Long: %b\r\n" % (b"y" * 1000) * 500
        assert (await refusal(fetcher, web.on("/feed", Reply(raw=raw)))).reason == Reason.UNREACHABLE

    async def test_nobody_there_is_unreachable(self, fetcher: Fetcher) -> None:
        """With the system's own word for it."""
        closed = ScriptedServer()
        url = closed.url("/feed")
        closed.close()
        error = await refusal(fetcher, url)
        assert error.reason == Reason.UNREACHABLE and "refused" in str(error)


class TestFiles:
    """A large body goes into a file, whole or not at all."""

    async def test_the_file_has_the_decompressed_body(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path
    ) -> None:
        """In the file that was named, replacing what was there; nothing in memory."""
        place = tmp_path / "book.xlsx"
        place.write_bytes(b"yesterday's")
        url = web.on("/book", Reply(body=FEED * 5000, gzipped=True))
        document = await fetcher.fetch(Request(url=url), into=place)
        assert (document.file, document.body) == (place, b"")
        assert place.read_bytes() == FEED * 5000
        assert listed(tmp_path) == [place]

    async def test_a_request_may_want_a_file_of_its_own(
        self, web: ScriptedServer, clock: TurnedClock, tmp_path: Path
    ) -> None:
        """A new one in the spool folder for each fetch."""
        url = web.on("/book", Reply(body=FEED))
        allow = AllowList.parse("localhost")
        async with Fetcher(allow=allow, agent=AGENT, clock=clock, spool=tmp_path) as fetcher:
            files = [(await fetcher.fetch(Request(url=url, into_file=True))).file for _ in range(2)]
        assert [file.read_bytes() for file in files if file] == [FEED, FEED]
        assert listed(tmp_path) == sorted(file for file in files if file)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=500),
            Reply(body=b"x" * 5000),
            Reply(body=b"x" * 5000, chunked=True),
            Reply(body=b"x" * 900, drip=0.1),
        ],
    )
    async def test_a_failure_leaves_what_was_there(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path, reply: Reply
    ) -> None:
        """Too large, too slow, an error: yesterday's file is untouched and no scrap is left."""
        place = tmp_path / "book.xlsx"
        place.write_bytes(b"yesterday's")
        await refusal(fetcher, web.on("/book", reply), max_body=1000, deadline_seconds=0.2, into=place)
        assert listed(tmp_path) == [place] and place.read_bytes() == b"yesterday's"

    async def test_what_was_not_modified_is_not_written(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path
    ) -> None:
        """A 304 has no body, and makes no empty file."""
        request = Request(url=web.on("/book", Reply(status=304)), into_file=True)
        document = await fetcher.fetch(request, validators=Validators(etag='"1"'), into=tmp_path / "book")
        assert document.not_modified and document.file is None
        assert listed(tmp_path) == []

    async def test_a_folder_that_is_not_there_is_a_sentence(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path
    ) -> None:
        """The disk is not the publisher's fault, and is an error of the fetch all the same."""
        error = await refusal(fetcher, web.on("/book", Reply(body=FEED)), into=tmp_path / "no" / "book")
        assert error.reason == Reason.NOT_STORED and "No such file or directory" in str(error)

    async def test_a_full_disk_is_a_sentence(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """The body is not called truncated for it."""

        class Full(FileBody):
            def write(self, piece: bytes) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("watcher.fetch.fetcher.FileBody", Full)
            error = await refusal(fetcher, web.on("/book", Reply(body=FEED)), into_file=True)
        assert error.reason == Reason.NOT_STORED and "No space left" in str(error)


@given(answer=st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda b: b"HTTP/1.1 200 OK\r\n" + b)))
@settings(deadline=None, max_examples=150)
def test_whatever_comes_is_a_document_or_a_fetch_error(answer: bytes) -> None:
    """Octets of any kind, also behind a good first line."""

    async def ask() -> Document:
        network = RecordedNetwork({"feed.example": ["8.8.8.8"]}, {"8.8.8.8": [answer] * 8})
        async with network.fetcher() as fetcher:
            return await fetcher.fetch(Request(url="http://feed.example/", max_body=1000))

    with suppress(FetchError):
        assert isinstance(asyncio.run(ask()), Document)


@cache
def _bomb() -> bytes:
    """200 MB of zeros, as gzip."""
    stream, zeros = zlib.compressobj(1, wbits=31), bytes(1_000_000)
    return b"".join(stream.compress(zeros) for _ in range(200)) + stream.flush()


class TestBombs:
    """A small answer that expands to 200 MB ends quickly, and within the memory that a document may have anyway."""

    @pytest.mark.parametrize("in_file", [False, True])
    @pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "members"])
    async def test_it_is_cut_within_few_megabytes(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path, encoding: str, in_file: bool
    ) -> None:
        """Also when it is packed twice, or in many members; on the way to a file almost no memory is used."""
        members = gzip.compress(bytes(1_000_000)) * 200
        body = {"gzip": _bomb(), "gzip, gzip": gzip.compress(_bomb()), "members": members}[encoding]
        assert len(body) < 2_000_000
        headers = {"Content-Encoding": encoding.replace("members", "gzip")}
        url = web.on("/bomb", Reply(body=body, headers=headers))
        started = time.monotonic()
        tracemalloc.start()
        try:
            error = await refusal(fetcher, url, into=tmp_path / "bomb" if in_file else None)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert error.reason == Reason.TOO_LARGE and "20,000,000 bytes" in str(error)
        assert peak < (4_000_000 if in_file else 28_000_000)
        assert time.monotonic() - started < 5
        assert listed(tmp_path) == []
