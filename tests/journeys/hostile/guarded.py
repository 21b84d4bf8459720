"""Addresses to which the service must not be led, on a network of paper: each attempt is written down, none is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.watcher.recorded import OK, RecordedNetwork, redirect
from watcher.fetch import FetchError
from watcher.source import Request
from watcher.text import one_line

PUBLIC: Final = "8.8.8.8"
PUBLIC_6: Final = "2606:4700::1111"

#: What it is, the host as it is written, and what a resolver makes of it.
HOSTS: Final = (
    ("loopback", "127.0.0.1", "127.0.0.1"),
    ("loopback, by name", "localhost", "127.0.0.1"),
    ("loopback, decimal", "2130706433", "127.0.0.1"),
    ("loopback, hexadecimal", "0x7f000001", "127.0.0.1"),
    ("loopback, octal", "0177.0.0.1", "127.0.0.1"),
    ("loopback, short", "127.1", "127.0.0.1"),
    ("loopback, wide digits", "①②⑦.0.0.1", "127.0.0.1"),
    ("this machine, 0", "0", "0.0.0.0"),
    ("this machine, unspecified", "[::]", "::"),
    ("loopback, IPv6", "[::1]", "::1"),
    ("metadata service", "169.254.169.254", "169.254.169.254"),
    ("metadata service, by name", "metadata.example", "169.254.169.254"),
    ("metadata service, IPv6", "[fd00:ec2::254]", "fd00:ec2::254"),
    ("link-local with a zone", "local.example", "fe80::1%eth0"),
    ("private", "intranet.example", "10.1.2.3"),
    ("private", "172.16.0.1", "172.16.0.1"),
    ("private", "192.168.1.1", "192.168.1.1"),
    ("inside a provider", "100.64.0.1", "100.64.0.1"),
    ("mapped IPv6, loopback", "[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    ("mapped IPv6, metadata", "[::ffff:a9fe:a9fe]", "::ffff:169.254.169.254"),
    ("IPv4-compatible IPv6", "[::7f00:1]", "::7f00:1"),
    ("NAT64 of the metadata service", "[64:ff9b::a9fe:a9fe]", "64:ff9b::a9fe:a9fe"),
    ("NAT64, local prefix", "[64:ff9b:1::7f00:1]", "64:ff9b:1::7f00:1"),
    ("6to4 of loopback", "[2002:7f00:1::]", "2002:7f00:1::"),
    ("Teredo", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ("multicast", "224.0.0.1", "224.0.0.1"),
    ("broadcast", "255.255.255.255", "255.255.255.255"),
)

#: Addresses that are wrong whatever they resolve to.
ADDRESSES: Final = (
    ("a file", "file:///etc/passwd"),
    ("a file, with a host", "file://localhost/etc/passwd"),
    ("another protocol", "ftp://feed.example/"),
    ("another protocol", "gopher://feed.example:70/_x"),
    ("a port of a mail server", "http://feed.example:25/"),
    ("a port of a database", "http://feed.example:6379/"),
    ("a port of another web server", "https://feed.example:8443/"),
    ("a user before another host", "http://feed.example@127.0.0.1/"),
)

WAYS: Final = ("asked for", "by a redirect", "by rebinding", "by rebinding, after a redirect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What came of one attempt to lead the service astray."""

    what: str
    url: str
    way: str
    refusal: str  #: the error sentence; empty: it was fetched
    connected: tuple[tuple[str, int], ...]  #: to where connections were made

    @property
    def astray(self) -> tuple[tuple[str, int], ...]:
        """Connections to anything but the public address that may be connected to."""
        return tuple((address, port) for address, port in self.connected if (address, port) not in _FINE)


_FINE: Final = {(PUBLIC, 80), (PUBLIC, 443)}


async def attempt(what: str, host: str, address: str, way: str) -> Guarded:
    """Try to lead a fetcher to this host, or, where a name is rebound, to the address under a name of its own."""
    goal = f"http://{host}/latest/meta-data"
    names: dict[str, list[list[str]]] = {host.strip("[]"): [[address]], "feed.example": [[PUBLIC]]}
    # What is refused by its spelling alone may be looked up under the spelling that a library gives it.
    names |= {"127.0.0.1": [["127.0.0.1"]]}
    start, answers = goal, [OK]
    if way == "by a redirect":
        start, answers = "http://feed.example/", [redirect(goal)]
    elif way == "by rebinding":
        start, names["rebound.example"] = "http://rebound.example/", [[address], [PUBLIC]]
    elif way == "by rebinding, after a redirect":
        start, names["rebound.example"] = "http://rebound.example/", [[PUBLIC], [address]]
        answers = [redirect("https://rebound.example/")]
    network = RecordedNetwork(names, {PUBLIC: answers})
    return await _fetched(network, what, address if "rebinding" in way else goal, start, way)


async def attempt_address(what: str, url: str, way: str) -> Guarded:
    """Try an address that is wrong by its form."""
    start, answers = (url, [OK]) if way == "asked for" else ("http://feed.example/", [redirect(url)])
    network = RecordedNetwork({"feed.example": [[PUBLIC]]}, {PUBLIC: answers})
    return await _fetched(network, what, url, start, way)


async def _fetched(network: RecordedNetwork, what: str, goal: str, start: str, way: str) -> Guarded:
    refusal = ""
    async with network.fetcher() as fetcher:
        try:
            await fetcher.fetch(Request(url=start))
        except FetchError as error:
            refusal = str(error)
    return Guarded(what=what, url=goal, way=way, refusal=refusal, connected=tuple(network.connected))


async def guard_table() -> list[str]:
    """What was tried in which way, whether it was refused, and how many connections were made astray."""
    found = [await attempt(*host, way) for host in HOSTS for way in WAYS]
    found += [await attempt_address(*address, way) for address in ADDRESSES for way in WAYS[:2]]
    rows = [
        "| what | address | way | refused before connecting | the error |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows += [
        f"| {one.what} | {one.url} | {one.way} | {'yes' if one.refusal and not one.astray else 'NO'} | "
        f"{one_line(one.refusal, 90)} |"
        for one in found
    ]
    refused = sum(1 for one in found if one.refusal and not one.astray)
    return [*rows, "", f"{len(found)} attempts, {refused} refused before connecting"]
