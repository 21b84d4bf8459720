"""How people sign in to the pages: how often they may ask, and for how long it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """Networks as a setting names them: 127.0.0.1, 10.0.0.0/8. Raises ValueError."""
    return tuple(ip_network(one.strip(), strict=False) for one in text.split(",") if one.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """What holds for signing in."""

    good_for: timedelta = timedelta(minutes=15)  #: a link in a mail
    operators_good_for: timedelta = timedelta(minutes=15)  #: a link from the command line
    mails_per_hour: int = 3  #: to one address
    network_per_hour: int = 30  #: asked for from one network
    idle: timedelta = timedelta(hours=72)
    longest: timedelta = timedelta(days=30)
    proxies: tuple[Network, ...] = networks("127.0.0.1, ::1")
    base: str = ""  #: what links begin with; empty: nobody can be sent one


USUAL = SignInRules()


def network_of(address: str) -> str:
    """The network somebody asks from: neighbours in it count as one. "" if it is no address."""
    try:
        one = ip_address(address.strip().partition("%")[0].strip("[]"))
    except ValueError:
        return ""
    if one.version == 6 and one.ipv4_mapped:
        one = one.ipv4_mapped
    return str(ip_network(f"{one}/{24 if one.version == 4 else 48}", strict=False))
