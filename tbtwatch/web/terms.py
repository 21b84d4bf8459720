"""What an operator sets for those who come by program: how often they may ask, and whom to write to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from starlette.requests import HTTPConnection

from tbtwatch.pipeline.sign_in_rules import Network, networks
from tbtwatch.settings import Settings
from tbtwatch.web.asker import address_of

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
            proxies=networks(settings.trusted_proxies),
            security_contact=settings.security_contact,
            security_expires=settings.security_expires,
        )

    def asker(self, request: HTTPConnection) -> str:
        """Where a request comes from, as far as it can be believed; of IPv6 the network of a household."""
        return _household(address_of(request, self.proxies))


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
