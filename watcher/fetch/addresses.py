"""Which network addresses the fetcher may connect to: public ones at the web's own ports, and what the operator listed.

A publisher's link, or the name it resolves to, may point into the network the service runs in (the machine itself, a
cloud's metadata service, a printer). So an address is judged after it was resolved, and that very address is
connected to. Judging a name would be of no use: it may resolve to something else a moment later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: The web's own ports; any other needs an entry in the allow list.
WEB_PORTS = frozenset({80, 443})

# `ipaddress.is_global` differs between Python releases and lets through what leads elsewhere (multicast, NAT64,
# 6to4, mapped IPv4), so that the ranges are written down here and `is_global` is asked as well. The more telling
# name stands first. Source: the IANA special-purpose address registries, RFC 6890 and its updates.
_NEVER_PUBLIC: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), meaning)
    for network, meaning in (
        ("0.0.0.0/8", "an address of this very machine"),
        ("127.0.0.0/8", "a loopback address"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("169.254.0.0/16", "a link-local address"),
        ("192.0.0.0/24", "an address reserved for protocols"),
        ("192.0.2.0/24", "an address reserved for documentation"),
        ("198.51.100.0/24", "an address reserved for documentation"),
        ("203.0.113.0/24", "an address reserved for documentation"),
        ("192.88.99.0/24", "a 6to4 relay address"),
        ("198.18.0.0/15", "an address reserved for measurements"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "the unspecified address"),
        ("::1/128", "a loopback address"),
        ("::ffff:0:0/96", "an IPv4 address in IPv6 form"),
        ("::/96", "an IPv4 address in IPv6 form"),
        ("64:ff9b::/96", "a NAT64 address"),
        ("64:ff9b:1::/48", "a NAT64 address"),
        ("100::/64", "a discard address"),
        ("2001::/32", "a Teredo address"),
        ("2001::/23", "an address reserved for protocols"),
        ("2001:db8::/32", "an address reserved for documentation"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "an address reserved for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)

#: The only part of IPv6 from which public addresses are given out so far.
_PUBLIC_IPV6 = IPv6Network("2000::/3")

_BRACKETED = re.compile(r"\[(?P<address>[^\[\]]*)\](?::(?P<port>.*))?", re.DOTALL)
_LOCALHOST = ("127.0.0.1", "::1")


class AddressError(Exception):
    """The fetcher does not connect there; the sentence says why and what would allow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One entry of an allow list."""

    network: Network
    port: int | None = None  #: None: any port

    def permits(self, address: Address, port: int) -> bool:
        """Whether the entry names this address (in this very form) and port."""
        same_kind = address.version == self.network.version
        return same_kind and address in self.network and self.port in (None, port)

    def __str__(self) -> str:
        whole = self.network.prefixlen == self.network.max_prefixlen
        address = str(self.network.network_address if whole else self.network)
        if self.port is None:
            return address
        return f"[{address}]:{self.port}" if self.network.version == 6 else f"{address}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """The addresses that the operator lets the fetcher reach although they are not public, or at other ports."""

    entries: tuple[Allowed, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "127.0.0.1, ::1, 10.0.0.0/8, 127.0.0.1:8899, [::1]:8080, localhost"; raises ValueError, a sentence."""
        entries: list[Allowed] = []
        for word in re.split(r"[\s,;]+", text):
            entries += [entry for entry in _entries(word) if entry not in entries]
        return cls(entries=tuple(entries))

    def permits(self, address: Address, port: int) -> bool:
        """Whether an entry names this address and port."""
        return any(entry.permits(address, port) for entry in self.entries)

    def __str__(self) -> str:
        return ", ".join(map(str, self.entries))


#: Public addresses at the web's ports, nothing else.
NOTHING_ALLOWED = AllowList()


def why_not_public(address: Address) -> str | None:
    """What kind of non-public address this is ("a loopback address"); None: it is public."""
    for network, meaning in _NEVER_PUBLIC:
        if address.version == network.version and address in network:
            return meaning
    if not address.is_global or (address.version == 6 and address not in _PUBLIC_IPV6):
        return "not a public address"
    return None


def check_address(address: str | Address, port: int, allow: AllowList = NOTHING_ALLOWED) -> Address:
    """The address, if the fetcher may connect to it at this port. Raises `AddressError`.

    `address` is what a resolver gave: a numeric address in its usual spelling, never a host name.
    """
    try:
        found = ip_address(address) if isinstance(address, str) else address
    except ValueError:
        raise AddressError(
            f"{address!r} is no network address, and names are resolved before they are judged"
        ) from None
    if allow.permits(found, port):
        return found
    if meaning := why_not_public(found):
        wish = Allowed(network=ip_network(found.packed), port=port)
        raise AddressError(
            f"{found} is {meaning}, and only public ones are fetched from; if the publisher really is there, "
            f"add {wish} to the allowed addresses (TBTWATCH_ALLOW_ADDRESSES)"
        )
    if port not in WEB_PORTS:
        wish = Allowed(network=ip_network(found.packed), port=port)
        raise AddressError(
            f"port {port} is neither 80 nor 443; if the publisher really answers there, "
            f"add {wish} to the allowed addresses (TBTWATCH_ALLOW_ADDRESSES)"
        )
    return found


def _entries(word: str) -> list[Allowed]:
    """What one word of an allow list stands for: nothing, one entry, or both addresses of "localhost"."""
    if not word:
        return []
    address, port = _split(word)
    if address.lower() == "localhost":
        return [Allowed(network=ip_network(known), port=port) for known in _LOCALHOST]
    try:
        return [Allowed(network=ip_network(address), port=port)]
    except ValueError:
        pass
    try:
        tidy = ip_network(address, strict=False)
    except ValueError:
        raise ValueError(
            f"allowed address {word!r} is not an address: write 127.0.0.1, ::1, 10.0.0.0/8, 127.0.0.1:8899, [::1]:8080 "
            "or localhost; for any other name, write the address it has"
        ) from None
    raise ValueError(f"allowed address {word!r} is inside a network, not its start: write {tidy} or the address alone")


def _split(word: str) -> tuple[str, int | None]:
    """The address and the port of an entry; a port behind an IPv6 address needs brackets."""
    if found := _BRACKETED.fullmatch(word):
        address, port = found["address"], found["port"]
        if ":" not in address:
            raise ValueError(f"allowed address {word!r}: brackets are for IPv6 addresses, as in [::1]:8080")
    elif word.count(":") == 1:
        address, port = word.split(":")
    else:
        return word, None
    if port is None:
        return address, None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise ValueError(f"allowed address {word!r}: {port!r} is not a port, a number from 1 to 65535")
    return address, int(port)
