"""What the fetcher brings home from a real server on loopback, and what it says when it brings nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import AGENT, FEED, KEY, TurnedClock, refusal
from watcher.fetch import Fetcher, FetchError, Reason, Validators, validators_of
from watcher.source import Request


async def test_a_document_comes_whole(web: ScriptedServer, fetcher: Fetcher, clock: TurnedClock) -> None:
    """Body, address, status, time, and headers in lower case."""
    url = web.on("/feed", Reply(body=FEED, headers={"ETag": '"1"', "X-Thing": "a"}))
    request = Request(url=url + "?page=2#part", headers={"Accept-Language": "en"}, accept="application/rss+xml")
    document = await fetcher.fetch(request)

    assert document.body == FEED
    assert (document.url, document.status, document.file) == (url + "?page=2", 200, None)
    assert document.headers["etag"] == '"1"' and document.headers["x-thing"] == "a"
    assert (document.fetched_at, document.not_modified, document.moved_to) == (clock.now, False, None)
    assert document.request is request
    [asked] = web.asked
    assert asked.path == "/feed?page=2"
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept"] == "application/rss+xml"
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert asked.headers["accept-language"] == "en"
    assert not {"cookie", "referer", "if-none-match", "a-im"} & set(asked.headers)


@pytest.mark.parametrize(
    "over", [{"gzipped": True}, {"chunked": True}, {"until_closed": True}, {"gzipped": True, "chunked": True}]
)
async def test_a_body_is_read_however_it_is_sent(web: ScriptedServer, fetcher: Fetcher, over: dict[str, bool]) -> None:
    """Compressed, in chunks, or up to the end of the connection."""
    document = await fetcher.fetch(Request(url=web.on("/feed", Reply(body=FEED * 999, **over))))  # type: ignore[arg-type]
    assert document.body == FEED * 999


@pytest.mark.parametrize("reply", [Reply(), Reply(headers={"Content-Encoding": "gzip"}), Reply(chunked=True)])
async def test_an_empty_body_is_a_document(web: ScriptedServer, fetcher: Fetcher, reply: Reply) -> None:
    """What an empty body means is for the source to say; some servers call even that gzip."""
    assert (await fetcher.fetch(Request(url=web.on("/feed", reply)))).body == b""


async def test_a_226_is_a_success(web: ScriptedServer, fetcher: Fetcher) -> None:
    """IM Used brings the new entries only (RFC 3229)."""
    document = await fetcher.fetch(Request(url=web.on("/feed", Reply(status=226, body=FEED))))
    assert (document.status, document.body) == (226, FEED)


class TestConditions:
    """Validators go back as they came, to the address that gave them."""

    @pytest.mark.parametrize(
        ("etag", "modified"),
        [
            ('"33a64df5"', "Wed, 21 Oct 2015 07:28:00 GMT"),
            ('W/"33a64df5--gzip"', None),
            ("unquoted-and-wrong", "2015-10-21 07:28"),
            (None, "Wed, 21 Oct 2015 07:28:00 +0200"),
            ('"caf\xe9"', None),
        ],
    )
    async def test_stored_validators_are_sent_back_exactly(
        self, web: ScriptedServer, fetcher: Fetcher, etag: str | None, modified: str | None
    ) -> None:
        """Quotes, weakness, wrong dates and all; a 304 is a success without a body and keeps what was stored."""
        given = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        request = Request(url=web.on("/feed", Reply(body=FEED, headers=given), Reply(status=304)))
        stored = validators_of(await fetcher.fetch(request))
        assert (stored.etag, stored.last_modified, stored.url) == (etag, modified, request.url)

        again = await fetcher.fetch(request, validators=stored)
        assert (again.not_modified, again.status, again.body) == (True, 304, b"")
        assert validators_of(again, stored) == stored
        asked = web.asked[1].headers
        assert (asked.get("if-none-match"), asked.get("if-modified-since")) == (etag, modified)
        assert web.asked[0].connection == web.asked[1].connection

    async def test_an_unconditional_request_sends_none(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """And a 304 in answer to it is an error, for nothing is there that was not modified."""
        url = web.on("/feed", Reply(status=304))
        with pytest.raises(FetchError, match="answered 304") as caught:
            await fetcher.fetch(Request(url=url, conditional=False), validators=Validators(etag='"1"'))
        assert caught.value.reason == Reason.OTHER_STATUS
        assert "if-none-match" not in web.asked[0].headers

    async def test_validators_do_not_follow_a_redirect(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """A's validators mean nothing to B; those that B gave are sent to B and not to A."""
        target = web.on("/b", Reply(body=FEED, headers={"ETag": '"b"'}))
        request = Request(url=web.on("/a", Reply(status=302, headers={"Location": "/b"})))
        await fetcher.fetch(request, validators=Validators(etag='"a"'))
        assert [asked.headers.get("if-none-match") for asked in web.asked] == ['"a"', None]

        document = await fetcher.fetch(request)
        web.asked.clear()
        await fetcher.fetch(request, validators=validators_of(document))
        assert document.url == target
        assert [asked.headers.get("if-none-match") for asked in web.asked] == [None, '"b"']

    async def test_no_validators_is_none_at_all(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Empty ones are not sent."""
        await fetcher.fetch(Request(url=web.on("/feed", Reply())), validators=Validators(etag="", last_modified=None))
        assert not {"if-none-match", "if-modified-since"} & set(web.asked[0].headers)


class TestStatus:
    """A status that brings no document is a reason and a sentence."""

    @pytest.mark.parametrize(
        ("status", "reason", "says"),
        [
            (401, Reason.FORBIDDEN, "check the key"),
            (403, Reason.FORBIDDEN, "check the source's key"),
            (404, Reason.MISSING, "check the address"),
            (410, Reason.GONE, "given up for good"),
            (429, Reason.RATE_LIMITED, "less often"),
            (451, Reason.FORBIDDEN, "may not"),
            (500, Reason.UNAVAILABLE, "trouble of its own"),
            (502, Reason.UNAVAILABLE, "trouble of its own"),
            (503, Reason.UNAVAILABLE, "trouble of its own"),
            (599, Reason.UNAVAILABLE, "trouble of its own"),
            (400, Reason.OTHER_STATUS, "check the address"),
            (418, Reason.OTHER_STATUS, "check the address"),
            (202, Reason.OTHER_STATUS, "no document"),
            (204, Reason.OTHER_STATUS, "no document"),
            (206, Reason.OTHER_STATUS, "no document"),
            (300, Reason.OTHER_STATUS, "no document"),
        ],
    )
    async def test_it_has_its_reason(
        self, web: ScriptedServer, fetcher: Fetcher, status: int, reason: Reason, says: str
    ) -> None:
        """The sentence names host and status, and says what to do."""
        error = await refusal(fetcher, web.on("/feed", Reply(status=status, body=b"no")))
        assert (error.reason, error.status, error.retry_after) == (reason, status, None)
        assert str(error).startswith(f"127.0.0.1 answered {status}") and says in str(error)

    async def test_a_missing_page_may_be_a_wrong_key(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """The WTO's API answers 404 to a caller without a good key."""
        url = web.on("/search", Reply(status=404))
        assert "the key" in str(await refusal(fetcher, url, headers=KEY))
        assert "the key" in str(await refusal(fetcher, url + "?subscription-key=s3cret"))
        assert "key" not in str(await refusal(fetcher, url))

    async def test_a_sentence_never_holds_a_key(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """What else the query says is shown, for it helps."""
        url = web.on("/search", Reply(status=500))
        query = "?subscription-key=s3cret&page=2&access_token=s3cret;sig=s3cret&X-Amz-Signature=s3cret&api%5Fkey=s3cret"
        error = await refusal(fetcher, url + query, headers=KEY)
        assert "/search?subscription-key=***&page=2&access_token=***;sig=***" in str(error)

    @pytest.mark.parametrize(
        ("value", "wait"),
        [
            ("1", timedelta(seconds=1)),
            ("0", timedelta(0)),
            (" 120 ", timedelta(minutes=2)),
            ("Mon, 02 Mar 2026 12:10:00 GMT", timedelta(minutes=10)),
            ("Monday, 02-Mar-26 12:10:00 GMT", timedelta(minutes=10)),
            ("Mon Mar  2 12:10:00 2026", timedelta(minutes=10)),
            ("2592000", timedelta(days=7)),
            ("Wed, 01 Apr 2026 00:00:00 GMT", timedelta(days=7)),
            ("9" * 5000, None),
            ("99999999999", None),
            ("-5", None),
            ("soon", None),
            ("", None),
            ("1.5.2", None),
            ("Sun, 01 Mar 2026 12:00:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", None),
            ("Mon, 99 Foo 2026 99:99:99 GMT", None),
        ],
    )
    @pytest.mark.parametrize("status", [429, 503])
    async def test_a_wait_that_is_asked_for_is_read(
        self, web: ScriptedServer, fetcher: Fetcher, value: str, wait: timedelta | None, status: int
    ) -> None:
        """In seconds or as a date; never longer than 7 days; an absurd one counts as none."""
        error = await refusal(fetcher, web.on("/feed", Reply(status=status, headers={"Retry-After": value})))
        assert error.retry_after == wait
