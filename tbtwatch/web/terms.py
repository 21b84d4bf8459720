"""What an operator sets for those who come by program: how often they may ask, and whom to write to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import HTTPConnection

from tbtwatch.settings import Settings

Network = IPv4Network | IPv6Network
MOST_ROWS: Final = 10_000  # of a search in a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms."""

    per_minute: int = 600  #: requests of one token
    public_per_minute: int = 60  #: of one address without a token; 0: a token is needed
    proxies: tuple[Network, ...] = ()  #: web servers before this one, whose X-Forwarded-For is believed
    security_contact: str = ""
    security_expires: date | None = None

    @classmethod
    def of(cls, settings: Settings) -> Terms:
        """Those of the settings."""
        return cls(
            per_minute=settings.api_per_minute,
            public_per_minute=settings.api_public_per_minute,
            proxies=tuple(networks(settings.trusted_proxies)),
            security_contact=settings.security_contact,
            security_expires=settings.security_expires,
        )

    def asker(self, request: HTTPConnection) -> str:
        """Where a request comes from, as far as it can be believed; of IPv6 the network of a household."""
        client = request.client.host if request.client else ""
        hops = [client]
        for line in request.headers.getlist("x-forwarded-for"):
            hops[:0] = [part.strip() for part in line[:2000].split(",")]
        # From the nearest on: the first that is no web server of ours is who asks; what stands before it anybody may
        # have written.
        for hop in reversed(hops):
            if not self._trusts(hop):
                return _household(hop) or _household(client)
        return _household(hops[0]) or _household(client)

    def _trusts(self, hop: str) -> bool:
        try:
            address = ip_address(hop)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)


def networks(text: str) -> Iterable[Network]:
    """The networks named in a setting. Raises ValueError with a sentence."""
    for part in text.replace(",", " ").split():
        try:
            yield ip_network(part, strict=False)
        except ValueError as error:
            raise ValueError(f"{part!r} is no address; write 127.0.0.1 or 10.0.0.0/8") from error


def _household(hop: str) -> str:
    try:
        address = ip_address(hop)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)
