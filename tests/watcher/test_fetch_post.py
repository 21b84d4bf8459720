"""Questions that are sent: a POST over a real connection, where it goes and where it never goes."""

from __future__ import annotations

import pytest

from tests.servers import Reply, ScriptedServer, scripted_server
from tests.watcher.recorded import KEY, RecordedNetwork, redirect
from watcher.fetch import Fetcher, FetchError, Reason, Validators
from watcher.source import Document, Request

BODY = '{"page": 0, "of": "Prüfung"}'.encode()
ANSWER = b'{"content": []}'


async def refused(fetcher: Fetcher, request: Request) -> FetchError:
    with pytest.raises(FetchError) as raised:
        await fetcher.fetch(request)
    return raised.value


async def test_the_body_is_sent_as_it_is_and_named(web: ScriptedServer, fetcher: Fetcher) -> None:
    """With its length and its type; nothing else of the request is another than of a GET."""
    url = web.on("/search", Reply(body=ANSWER))
    document = await fetcher.fetch(Request(url=url, body=BODY, headers={"X-Any": "1"}))
    await fetcher.fetch(Request(url=url, body=b"a=1", body_type="application/x-www-form-urlencoded"))
    await fetcher.fetch(Request(url=url, body=b""))
    await fetcher.fetch(Request(url=url))
    sent, form, empty, plain = web.asked
    assert (document.body, document.status) == (ANSWER, 200)
    assert (sent.method, sent.body, sent.headers["content-type"]) == ("POST", BODY, "application/json")
    assert (sent.headers["content-length"], sent.headers["x-any"]) == (str(len(BODY)), "1")
    assert (form.body, form.headers["content-type"]) == (b"a=1", "application/x-www-form-urlencoded")
    assert (empty.method, empty.body, empty.headers["content-length"]) == ("POST", b"", "0")
    assert (plain.method, "content-type" in plain.headers, "content-length" in plain.headers) == ("GET", False, False)
    assert len({asked.connection for asked in web.asked}) == 1


async def test_no_validators_go_with_it(web: ScriptedServer, fetcher: Fetcher) -> None:
    """They are of what a GET brings; and a server that answers 304 all the same is not believed."""
    url = web.on("/search", Reply(body=ANSWER, headers={"ETag": '"1"'}), Reply(status=304))
    stored = Validators(etag='"1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT", url=url)
    await fetcher.fetch(Request(url=url, body=BODY), validators=stored)
    assert not {"if-none-match", "if-modified-since"} & set(web.asked[0].headers)
    with pytest.raises(FetchError, match="304"):
        await fetcher.fetch(Request(url=url, body=BODY), validators=stored)


@pytest.mark.parametrize("status", [307, 308])
async def test_it_is_sent_again_where_307_and_308_lead(web: ScriptedServer, fetcher: Fetcher, status: int) -> None:
    """The same method and body; 308 says where it has moved for good."""
    url = web.on("/old", Reply(status=status, headers={"Location": "/new"}))
    web.on("/new", Reply(body=ANSWER))
    document = await fetcher.fetch(Request(url=url, body=BODY))
    assert [(asked.method, asked.path, asked.body) for asked in web.asked] == [
        ("POST", "/old", BODY),
        ("POST", "/new", BODY),
    ]
    assert document.moved_to == (web.url("/new") if status == 308 else None)


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_no_other_redirect_makes_a_page_request_of_it(web: ScriptedServer, fetcher: Fetcher, status: int) -> None:
    """What a GET brings there answers another question: it is refused with the address, and not asked."""
    url = web.on("/old", Reply(status=status, headers={"Location": "/login?token=s3cret"}))
    web.on("/login", Reply(body=b"[]"))
    error = await refused(fetcher, Request(url=url, body=BODY))
    assert error.reason is Reason.BAD_REDIRECT
    assert "POST" in str(error) and f"{status}" in str(error) and "/login" in str(error)
    assert "s3cret" not in str(error)
    assert web.paths() == ["/old"]


async def test_a_key_does_not_go_along_to_another_host(web: ScriptedServer, fetcher: Fetcher) -> None:
    """The question does, and says what it is."""
    with scripted_server() as other:
        url = web.on("/a", Reply(status=307, headers={"Location": other.on("/b", Reply(body=ANSWER))}))
        await fetcher.fetch(Request(url=url, body=BODY, headers=KEY))
        [elsewhere] = other.asked
    assert (elsewhere.method, elsewhere.body, elsewhere.headers["content-type"]) == ("POST", BODY, "application/json")
    assert "s3cret" not in str(elsewhere.headers)


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "http://127.0.0.2:1/", "file:///etc/passwd"])
async def test_it_is_never_sent_to_an_address_that_is_not_public(
    web: ScriptedServer, fetcher: Fetcher, location: str
) -> None:
    """A redirect of a POST is judged like any other."""
    url = web.on("/a", Reply(status=307, headers={"Location": location}))
    error = await refused(fetcher, Request(url=url, body=BODY))
    assert error.reason in (Reason.REFUSED_ADDRESS, Reason.BAD_REDIRECT)
    assert web.paths() == ["/a"]


async def test_it_is_not_sent_out_of_https() -> None:
    """Neither the question nor what it may hold is shown to everybody on the way."""
    network = RecordedNetwork(
        {"reg.example": ["93.184.216.34"]}, {"93.184.216.34": [redirect("http://reg.example/", 307)]}
    )
    async with network.fetcher() as fetcher:
        error = await refused(fetcher, Request(url="https://reg.example/", body=BODY))
    assert error.reason is Reason.BAD_REDIRECT and "https" in str(error)
    assert len(network.connected) == 1


async def test_a_kept_connection_that_was_closed_is_replaced(web: ScriptedServer, fetcher: Fetcher) -> None:
    """The question is asked again, as it changes nothing at its publisher's."""
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"  # the connection is closed behind it without a word
    url = web.on("/search", Reply(raw=raw), Reply(body=ANSWER))
    await fetcher.fetch(Request(url=url, body=BODY))
    assert (await fetcher.fetch(Request(url=url, body=BODY))).body == ANSWER
    assert web.asked[-1].body == BODY


@pytest.mark.parametrize("status", [400, 405, 415, 422])
async def test_a_body_that_is_not_taken_is_told_of(web: ScriptedServer, fetcher: Fetcher, status: int) -> None:
    """Whoever keeps the source reads where to look; what was sent stands nowhere."""
    error = await refused(fetcher, Request(url=web.on("/a", Reply(status=status)), body=BODY))
    assert "'body'" in str(error) and "Prüfung" not in str(error)
    assert "'body'" not in str(await refused(fetcher, Request(url=web.on("/a", Reply(status=status)))))


async def test_an_address_and_what_is_sent_there_are_one_question() -> None:
    """Another body at the same address is another question, and so is a page request."""
    asked = [
        Request(url="https://reg.example/a"),
        Request(url="https://reg.example/a", body=b""),
        Request(url="https://reg.example/a", body=b"{}"),
        Request(url="https://reg.example/b", body=b"{}"),
    ]
    assert len({request.question for request in asked}) == 4
    assert asked[0].question == "https://reg.example/a"


async def test_an_answer_to_it_is_bounded_like_any_other(web: ScriptedServer, fetcher: Fetcher) -> None:
    """Octets and seconds."""
    url = web.on("/search", Reply(body=b"x" * 5_000))
    error = await refused(fetcher, Request(url=url, body=BODY, max_body=1_000))
    assert error.reason is Reason.TOO_LARGE
    document: Document = await fetcher.fetch(Request(url=url, body=BODY))
    assert len(document.body) == 5_000
