"""Redirects are followed by hand."""

from __future__ import annotations

import pytest

from tests.servers import Reply, ScriptedServer
from tests.watcher.recorded import AGENT, FEED, KEY, RecordedNetwork, redirect, refusal
from watcher.fetch import Fetcher, FetchError, Reason, Validators
from watcher.source import Request


class TestRedirects:
    """Followed by hand, at most five, each judged anew."""

    async def test_the_document_says_where_it_is_now(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """`url` is the last address; `moved_to` is how far the redirects were for good."""
        web.on("/a", Reply(status=301, headers={"Location": "b"}))
        web.on("/b", Reply(status=308, headers={"Location": web.url("/c")}))
        web.on("/c", Reply(status=302, headers={"Location": f"//127.0.0.1:{web.port}/d?x=1#y"}))
        web.on("/d", Reply(status=301, headers={"Location": "/e"}))
        web.on("/e", Reply(body=FEED))
        document = await fetcher.fetch(Request(url=web.url("/a")))
        assert (document.url, document.moved_to, document.body) == (web.url("/e"), web.url("/c"), FEED)
        assert web.paths() == ["/a", "/b", "/c", "/d?x=1", "/e"]
        assert (await fetcher.fetch(Request(url=web.url("/c")))).moved_to is None

    async def test_five_are_followed_and_six_are_not(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """So a circle ends."""
        for number in range(6):
            web.on(f"/{number}", Reply(status=302, headers={"Location": f"/{number + 1}"}))
        web.on("/6", Reply(body=FEED))
        assert (await fetcher.fetch(Request(url=web.url("/1")))).body == FEED
        error = await refusal(fetcher, web.url("/0"))
        assert error.reason == Reason.BAD_REDIRECT and "more than 5 redirects" in str(error)

    @pytest.mark.parametrize(
        ("location", "reason"),
        [
            ("http://127.0.0.2:1/private", Reason.REFUSED_ADDRESS),
            ("http://169.254.169.254/latest/meta-data", Reason.REFUSED_ADDRESS),
            ("http://[::ffff:127.0.0.1]/", Reason.REFUSED_ADDRESS),
            ("http://user:s3cret@127.0.0.1/", Reason.REFUSED_ADDRESS),
            ("file:///etc/passwd", Reason.BAD_REDIRECT),
            ("javascript:alert(1)", Reason.BAD_REDIRECT),
            ("http://[", Reason.BAD_REDIRECT),
            ("http://a b/", Reason.BAD_REDIRECT),
            ("http://127.0.0.1:99999/", Reason.BAD_REDIRECT),
            (" ", Reason.BAD_REDIRECT),
        ],
    )
    async def test_a_bad_target_is_not_followed(
        self, web: ScriptedServer, fetcher: Fetcher, location: str, reason: Reason
    ) -> None:
        """One request was made, the redirecting one."""
        error = await refusal(fetcher, web.on("/feed", Reply(status=302, headers={"Location": location})))
        assert error.reason == reason
        assert web.paths() == ["/feed"]

    async def test_whoever_is_led_to_is_asked_about_first(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Each address before it is asked, the first not; a refusal is the answer, and nothing is asked there."""
        for number in range(6):
            web.on(f"/{number}", Reply(status=302, headers={"Location": f"/{number + 1}"}))
        web.on("/6", Reply(body=FEED))
        told: list[str] = []

        async def before_hop(url: str) -> float:
            told.append(url)
            if url == web.url("/5"):
                raise FetchError(Reason.ROBOTS, "stay away from 5")
            return 0.0

        with pytest.raises(FetchError, match="stay away from 5"):
            await fetcher.fetch(Request(url=web.url("/3")), before_hop=before_hop)
        assert told == [web.url("/4"), web.url("/5")]
        assert web.paths() == ["/3", "/4"]
        told.clear()
        assert (await fetcher.fetch(Request(url=web.url("/6")), before_hop=before_hop)).body == FEED
        assert told == []

    async def test_a_refusal_names_who_refused(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """The address at the end of the redirects, without its key: it is that host which wants rest."""
        web.on("/there", Reply(status=429))
        web.on("/here", Reply(status=302, headers={"Location": "/there?api_key=s3cret"}))
        assert (await refusal(fetcher, web.url("/here"))).asked == web.url("/there?api_key=***")

    async def test_a_redirect_without_a_target_is_an_error(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """And not an empty document."""
        error = await refusal(fetcher, web.on("/feed", Reply(status=301)))
        assert error.reason == Reason.BAD_REDIRECT and "to nowhere" in str(error)

    async def test_a_secret_stays_with_its_origin(self, web: ScriptedServer, fetcher: Fetcher) -> None:
        """Along on the same origin, not to another port, and not back again from there."""
        other = ScriptedServer()
        try:
            web.on("/a", Reply(status=302, headers={"Location": "/b"}))
            web.on("/b", Reply(status=302, headers={"Location": other.url("/c")}))
            other.on("/c", Reply(status=302, headers={"Location": web.url("/d")}))
            web.on("/d", Reply(status=302, headers={"Location": "/e"}))
            web.on("/e", Reply(body=FEED))
            request = Request(url=web.url("/a"), headers={**KEY, "Accept-Language": "fr"})
            await fetcher.fetch(request, validators=Validators(etag='"1"'))
        finally:
            other.close()
        first, second, back, last = web.asked
        [elsewhere] = other.asked
        for name, value in KEY.items():
            assert first.headers[name.lower()] == second.headers[name.lower()] == value
        for asked in (elsewhere, back, last):
            assert "s3cret" not in str(asked.headers) and "if-none-match" not in asked.headers
            assert asked.headers["accept-language"] == "fr" and asked.headers["user-agent"] == AGENT

    async def test_https_is_not_left(self) -> None:
        """A redirect to http would show the request, and let anyone write the answer."""
        network = RecordedNetwork({"feed.example": ["8.8.8.8"]}, {"8.8.8.8": [redirect("http://feed.example/")]})
        async with network.fetcher() as fetcher:
            error = await refusal(fetcher, "https://feed.example/")
        assert error.reason == Reason.BAD_REDIRECT and "out of https" in str(error)
        assert network.connected == [("8.8.8.8", 443)]

    async def test_http_may_become_https_without_the_secrets(self) -> None:
        """They were not meant for that origin as far as we know."""
        network = RecordedNetwork({"feed.example": ["8.8.8.8"]}, {"8.8.8.8": [redirect("https://feed.example/", 301)]})
        async with network.fetcher() as fetcher:
            document = await fetcher.fetch(Request(url="http://feed.example/", headers=KEY))
        assert document.moved_to == document.url == "https://feed.example/"
        assert b"".join(network.sent).count(b"s3cret") == len(KEY)
