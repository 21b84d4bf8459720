"""Nobody makes the fetcher connect to where it must not. Every network here is on paper: no connection is made."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from typing import Any

import httpcore
import pytest

from tests.watcher.recorded import OK, RecordedNetwork, redirect
from watcher.fetch import FetchError, Reason
from watcher.fetch.addresses import AllowList
from watcher.fetch.connecting import SystemResolver
from watcher.source import Request

PUBLIC = "8.8.8.8"

#: A host as it is written, and what a resolver makes of it.
HIDDEN = {
    "127.0.0.1": "127.0.0.1",
    "127.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "0": "0.0.0.0",
    "localhost": "127.0.0.1",
    "localhost.": "127.0.0.1",
    "loopback.example": "127.0.0.1",
    "metadata.example": "169.254.169.254",
    "169.254.169.254": "169.254.169.254",
    "[::1]": "::1",
    "[::]": "::",
    "[::ffff:127.0.0.1]": "::ffff:127.0.0.1",
    "[::ffff:a9fe:a9fe]": "::ffff:169.254.169.254",
    "[64:ff9b::a9fe:a9fe]": "64:ff9b::a9fe:a9fe",
    "[64:ff9b:1::7f00:1]": "64:ff9b:1::7f00:1",
    "[2002:7f00:1::]": "2002:7f00:1::",
    "[fd00::1]": "fd00::1",
    "linklocal.example": "fe80::1%eth0",
    "intranet.example": "10.1.2.3",
    "router.example": "192.168.1.1",
    "carrier.example": "100.64.0.1",
    "127。0。0。1": "127.0.0.1",
    "①②⑦.0.0.1": "127.0.0.1",
}


def _paper(**over: object) -> RecordedNetwork:
    names = {host.strip("[]"): [address] for host, address in HIDDEN.items()}
    return RecordedNetwork({**names, "feed.example": [PUBLIC]}, **over)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", HIDDEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_hidden_address_is_refused_before_connecting(scheme: str, host: str) -> None:
    """Asked for directly, in whatever spelling."""
    network = _paper()
    network._names |= {"127.0.0.1": [["127.0.0.1"]]}
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(url=f"{scheme}://{host}/feed"))
    assert caught.value.reason in (Reason.REFUSED_ADDRESS, Reason.BAD_REQUEST)
    assert network.connected == []


@pytest.mark.parametrize("host", HIDDEN)
async def test_a_redirect_to_a_hidden_address_is_refused_before_connecting(host: str) -> None:
    """A publisher that is trusted with a connection is not trusted with the next one."""
    network = _paper(answers={PUBLIC: [redirect(f"http://{host}/latest/meta-data")]})
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(url="http://feed.example/"))
    assert caught.value.reason in (Reason.REFUSED_ADDRESS, Reason.BAD_REDIRECT)
    assert network.connected == [(PUBLIC, 80)]


async def test_a_rebound_name_is_judged_by_the_address_that_is_connected_to() -> None:
    """A name that is public at the first look-up and private at the next is looked up once a connection."""
    network = RecordedNetwork({"rebind.example": [[PUBLIC], ["127.0.0.1"]]}, {PUBLIC: [OK]})
    async with network.fetcher() as fetcher:
        assert (await fetcher.fetch(Request(url="http://rebind.example/"))).body == b"ok"
        assert network.resolved == ["rebind.example"]
        assert network.connected == [(PUBLIC, 80)]
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError, match=r"rebind\.example: 127\.0\.0\.1 is a loopback address"):
            await fetcher.fetch(Request(url="http://rebind.example/"))
    assert network.connected == [(PUBLIC, 80)]


async def test_of_several_addresses_only_the_public_ones_are_tried() -> None:
    """A private address among them is not connected to, not even after the public one failed."""
    network = RecordedNetwork({"mixed.example": ["10.0.0.1", PUBLIC, "::1"]})

    async def fail(address: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
        network.connected.append((address, port))
        raise ConnectionRefusedError(111, "Connection refused")

    async with network.fetcher(connect=fail) as fetcher:
        with pytest.raises(FetchError, match="Connection refused") as caught:
            await fetcher.fetch(Request(url="http://mixed.example/"))
    assert caught.value.reason == Reason.UNREACHABLE
    assert network.connected == [(PUBLIC, 80)]


async def test_a_dead_address_costs_only_its_share_of_the_time() -> None:
    """Broken IPv6 swallows packets in silence; the next address still gets its turn."""
    network = RecordedNetwork({"dual.example": ["2606:4700::1111", PUBLIC]})

    async def connect(address: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
        if ":" in address:
            await asyncio.Event().wait()
        return await RecordedNetwork.connect(network, address, port, seconds)

    async with network.fetcher(connect=connect, connect_seconds=0.2) as fetcher:
        assert (await fetcher.fetch(Request(url="http://dual.example/"))).body == b"ok"
    assert network.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("stuck", ["resolve", "connect"])
async def test_who_cannot_be_connected_to_in_time_timed_out(stuck: str) -> None:
    """The look-up of the name counts as well."""

    async def wait(*_: object) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    network = RecordedNetwork({"slow.example": [PUBLIC]})
    async with network.fetcher(connect_seconds=0.05, **{stuck: wait}) as fetcher:  # type: ignore[arg-type]
        with pytest.raises(FetchError, match=r"slow\.example: .* within 0\.05 seconds") as caught:
            await fetcher.fetch(Request(url="http://slow.example/"))
    assert caught.value.reason == Reason.TIMED_OUT


async def test_tls_speaks_to_the_name_and_not_to_the_address() -> None:
    """The certificate is asked for and checked under the host of the address, though a number is connected to."""
    network = RecordedNetwork({"feed.example": [PUBLIC]})
    async with network.fetcher() as fetcher:
        await fetcher.fetch(Request(url="https://feed.example/rss"))
    assert network.connected == [(PUBLIC, 443)]
    assert network.tls_names == ["feed.example"]
    assert network.tls_contexts[0].check_hostname
    assert network.tls_contexts[0].verify_mode == ssl.CERT_REQUIRED
    assert b"Host: feed.example\r\n" in b"".join(network.sent)


@pytest.mark.parametrize("url", ["http://feed.example:22/", "https://feed.example:8443/", "http://feed.example:6379/"])
async def test_a_strange_port_is_refused_before_connecting(url: str) -> None:
    """Unless this address is listed with it."""
    network = _paper()
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError, match="neither 80 nor 443") as caught:
            await fetcher.fetch(Request(url=url))
    assert caught.value.reason == Reason.REFUSED_ADDRESS
    assert network.connected == []
    async with network.fetcher(allow=PUBLIC) as fetcher:
        await fetcher.fetch(Request(url=url))
    assert len(network.connected) == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", Reason.REFUSED_ADDRESS),
        ("ftp://feed.example/", Reason.REFUSED_ADDRESS),
        ("gopher://feed.example:70/_x", Reason.REFUSED_ADDRESS),
        ("data:text/xml,<rss/>", Reason.REFUSED_ADDRESS),
        ("feed.example/rss", Reason.REFUSED_ADDRESS),
        ("", Reason.REFUSED_ADDRESS),
        ("http://user:hunter2@feed.example/", Reason.REFUSED_ADDRESS),
        ("http://feed.example@127.0.0.1/", Reason.REFUSED_ADDRESS),
        ("http://feed.example\\@127.0.0.1/", Reason.REFUSED_ADDRESS),
        ("http:///rss", Reason.BAD_REQUEST),
        ("http://feed.example:99999/", Reason.BAD_REQUEST),
        ("http://[::1/", Reason.BAD_REQUEST),
        ("http://feed.example/\r\nX: y", Reason.BAD_REQUEST),
        ("http://" + "a" * 70_000, Reason.BAD_REQUEST),
    ],
)
async def test_an_address_of_the_wrong_kind_is_not_even_resolved(url: str, reason: Reason) -> None:
    """Only http and https, without a user; the sentence repeats no password."""
    network = _paper()
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(url=url))
    assert caught.value.reason == reason
    assert network.resolved == [] and network.connected == []
    assert "hunter2" not in str(caught.value) and len(str(caught.value)) < 500


async def test_no_environment_variable_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor another certificate store is taken from the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent.pem")
    network = _paper()
    async with network.fetcher() as fetcher:
        await fetcher.fetch(Request(url="https://feed.example/"))
    assert network.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "problem", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long"), OSError("no")]
)
async def test_a_name_that_does_not_resolve_is_unreachable(problem: Exception) -> None:
    """With the resolver's own words."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        raise problem

    async with _paper().fetcher(resolve=resolve) as fetcher:
        with pytest.raises(
            FetchError, match=r"nowhere\.example cannot be reached: the name does not resolve"
        ) as caught:
            await fetcher.fetch(Request(url="http://nowhere.example/"))
    assert caught.value.reason == Reason.UNREACHABLE


async def test_a_name_without_an_address_is_unreachable() -> None:
    """An empty answer is no address, and no permission."""
    network = RecordedNetwork({"empty.example": [[], []]})
    async with network.fetcher() as fetcher:
        with pytest.raises(FetchError, match="the name has no address") as caught:
            await fetcher.fetch(Request(url="http://empty.example/"))
    assert caught.value.reason == Reason.UNREACHABLE


async def test_an_untrusted_certificate_is_unreachable_in_its_own_words() -> None:
    """The keeper reads what is wrong with it."""
    network = _paper()

    async def connect(address: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
        stream = await RecordedNetwork.connect(network, address, port, seconds)

        async def start_tls(*_: object, **__: object) -> httpcore.AsyncNetworkStream:
            raise httpcore.ConnectError("[SSL: NO] certificate verify failed: certificate has expired (_ssl.c:1006)")

        stream.start_tls = start_tls  # type: ignore[method-assign]
        return stream

    async with network.fetcher(connect=connect) as fetcher:
        with pytest.raises(FetchError, match="certificate has expired; ") as caught:
            await fetcher.fetch(Request(url="https://feed.example/"))
    assert caught.value.reason == Reason.UNREACHABLE


async def test_the_systems_resolver_reads_numbers_as_the_system_does() -> None:
    """So that a decimal or short spelling comes out as the address it stands for, and is judged as that."""
    resolve = SystemResolver()
    for host in ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"):
        assert list(await resolve(host, 80)) == ["127.0.0.1"]
    with pytest.raises((OSError, UnicodeError)):
        await resolve("a" * 64 + ".example", 80)


async def test_dead_name_servers_hold_up_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that hangs is left to itself; others go on, and its late answer hurts no one."""
    release = threading.Event()
    asked = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, **kwargs: Any) -> object:
        if host == "dead.example":
            release.wait(5)
        return asked("127.0.0.1", port, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolve = SystemResolver()
    waiting = [asyncio.ensure_future(resolve("dead.example", 80)) for _ in range(8)]
    await asyncio.sleep(0)
    assert list(await asyncio.wait_for(resolve("live.example", 80), 1)) == ["127.0.0.1"]
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    release.set()
    assert list(await resolve("live.example", 80)) == ["127.0.0.1"]


async def test_a_fetcher_without_a_name_is_refused() -> None:
    """Publishers are told who asks, in what HTTP can carry."""
    network = _paper()
    for agent in ("", "  ", "tbt\r\nwatch", "tbt\tüwatch"):
        with pytest.raises(ValueError, match="give a name and a contact"):
            type(network.fetcher())(allow=AllowList(), agent=agent, clock=lambda: None)  # type: ignore[arg-type,return-value]
