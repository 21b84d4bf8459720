"""The fetcher is polite to a real server on loopback, and nobody makes it less so."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import FEED, TurnedClock, listed, refusal
from watcher.fetch import Fetcher, Reason
from watcher.source import Request


class TestManners:
    """One connection a host, and not faster than the source wants."""

    async def test_one_request_at_a_time_goes_to_a_host(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Eight fetches at once, over one connection, one after the other."""
        url = web.on("/feed", Reply(body=FEED, first_byte_after=0.01))
        documents = await asyncio.gather(*(fetcher.fetch(Request(url=f"{url}?{n}")) for n in range(8)))
        assert [document.body for document in documents] == [FEED] * 8
        assert web.most_at_once == 1
        assert len({asked.connection for asked in web.asked}) == 1

    async def test_a_host_that_hangs_delays_no_other(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Each host has a line of its own."""
        other = ScriptedServer()
        try:
            hanging = asyncio.ensure_future(fetcher.fetch(Request(url=web.on("/feed", Reply(first_byte_after=5)))))
            await asyncio.sleep(0.02)
            document = await asyncio.wait_for(fetcher.fetch(Request(url=other.on("/feed", Reply(body=FEED)))), 1)
        finally:
            other.close()
        assert document.body == FEED and not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging

    async def test_waiting_for_a_turn_is_not_counted_as_slowness(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Ten answers of 50 ms each in one line, each with 300 ms to come in."""
        url = web.on("/feed", Reply(body=FEED, first_byte_after=0.05))
        await asyncio.gather(*(fetcher.fetch(Request(url=url, deadline_seconds=0.3)) for _ in range(10)))
        assert len(web.asked) == 10

    async def test_starts_keep_their_distance(self, web: ScriptedServer, fetcher: Fetcher, clock: TurnedClock) -> None:
        """The first request goes at once, each further one so long after the last start; time that passed counts."""
        request = Request(url=web.on("/feed", Reply()), pause_seconds=0.5)
        for _ in range(3):
            await fetcher.fetch(request)
        assert clock.slept == [0.5, 0.5]
        clock.now += timedelta(seconds=0.2)
        await fetcher.fetch(request)
        assert clock.slept[2:] == [0.3]
        clock.now += timedelta(minutes=1)
        await fetcher.fetch(request)
        clock.now -= timedelta(days=3)
        await fetcher.fetch(request)
        assert clock.slept[3:] == [0.5]

    async def test_a_connection_that_was_closed_meanwhile_is_replaced(
        self, web: ScriptedServer, fetcher: Fetcher
    ) -> None:
        """A kept connection may end at any time; that is not the publisher's fault, and costs one more attempt."""
        url = web.on("/feed", Reply(body=FEED), Reply(raw=b""), Reply(body=b"again"))
        await fetcher.fetch(Request(url=url))
        assert (await fetcher.fetch(Request(url=url))).body == b"again"
        assert len(web.asked) == 3

    async def test_a_fresh_connection_that_breaks_is_not_asked_again(
        self, web: ScriptedServer, fetcher: Fetcher
    ) -> None:
        """Retrying is for the caller to decide."""
        assert (await refusal(fetcher, web.on("/feed", Reply(raw=b"")))).reason == Reason.UNREACHABLE
        assert len(web.asked) == 1

    @pytest.mark.parametrize("name", ["User-Agent", "host", "If-None-Match", "Accept-Encoding", "Range"])
    async def test_a_source_does_not_change_how_the_fetcher_behaves(self, fetcher: Fetcher, name: str) -> None:
        """Its own headers are its own."""
        error = await refusal(fetcher, "http://127.0.0.1:1/", headers={name: "s3cret"})
        assert error.reason == Reason.BAD_REQUEST and name in str(error)

    @pytest.mark.parametrize("value", ["s3cret\n", "s3cret\r\nX-More: 1", "s3cret\x00", "schlüssel-s3cret"])
    async def test_a_key_that_http_cannot_carry_is_a_sentence(self, fetcher: Fetcher, value: str) -> None:
        """A line break at the end of a pasted key is the usual case; the sentence does not repeat the key."""
        error = await refusal(fetcher, "http://127.0.0.1:1/", headers={"Ocp-Apim-Subscription-Key": value})
        assert error.reason == Reason.BAD_REQUEST and "Ocp-Apim-Subscription-Key" in str(error)

    async def test_cancelling_is_not_an_error_of_the_fetch(
        self, web: ScriptedServer, fetcher: Fetcher, tmp_path: Path
    ) -> None:
        """It passes, the file is removed, and the next in line gets its turn."""
        slow = Request(url=web.on("/slow", Reply(body=FEED, drip=0.05)))
        fetching = asyncio.ensure_future(fetcher.fetch(slow, into=tmp_path / "body"))
        await asyncio.sleep(0.1)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        assert listed(tmp_path) == []
        assert (await fetcher.fetch(Request(url=web.on("/feed", Reply(body=FEED))))).body == FEED
