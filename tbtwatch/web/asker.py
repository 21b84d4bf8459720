"""Where a request comes from, as far as that can be believed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection

from tbtwatch.pipeline.sign_in_rules import Network

_LONGEST = 2000  # characters of one header


def address_of(request: HTTPConnection, proxies: tuple[Network, ...]) -> str:
    """The address of who asks; "" if it is none.

    Of what stands in X-Forwarded-For the nearest that is no proxy of ours counts: what stands before it anybody may
    have written. If that is no address, the one that the connection is from.
    """
    client = request.client.host if request.client else ""
    hops = [client]
    for line in request.headers.getlist("x-forwarded-for"):
        hops[:0] = [part.strip() for part in line[-_LONGEST:].split(",")]
    nearest = next((hop for hop in reversed(hops) if not _is_ours(hop, proxies)), hops[0])
    return next((hop for hop in (nearest, client) if _address(hop) is not None), "")


def _is_ours(hop: str, proxies: tuple[Network, ...]) -> bool:
    address = _address(hop)
    return address is not None and any(address in network for network in proxies)


def _address(hop: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(hop)
    except ValueError:
        return None
