"""Which addresses the fetcher may connect to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from watcher.fetch.addresses import NOTHING_ALLOWED, AddressError, AllowList, check_address, why_not_public

REFUSED = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.1", "192.0.0.9", "192.0.2.1", "198.51.100.7"),
    *("203.0.113.9", "198.18.0.1", "198.19.255.255", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *(
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:169.254.169.254",
    ),
    *("::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "2002:7f00:1::"),
    *("2002:808:808::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1", "2001:db8::1", "3fff::1"),
    *("fd00::1", "fc00::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "100::1"),
    *("5f00::1", "4000::1", "::ffff:0:127.0.0.1"),
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "172.32.0.1",
    "192.167.1.1",
    "2606:4700::1111",
    "2001:200::1",
    "2a00::1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """Loopback, private, link-local, multicast, and every form that hides one of them."""
    with pytest.raises(AddressError, match="TBTWATCH_ALLOW_ADDRESSES"):
        check_address(address, 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached_at_the_webs_ports_only(address: str) -> None:
    """80 and 443 are open; 22, 25 or 8080 at the same address need an entry."""
    assert check_address(address, 80) == check_address(address, 443) == ip_address(address)
    for port in (22, 25, 8080, 6379):
        with pytest.raises(AddressError, match=f"port {port} is neither 80 nor 443"):
            check_address(address, port)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), st.sampled_from([ip_address(a) for a in REFUSED])))
@settings(deadline=None, max_examples=400)
def test_no_address_that_the_standard_library_calls_non_global_is_reached(address: IPv4Address | IPv6Address) -> None:
    """Whatever `ipaddress` does not call global is refused; we refuse more than that, never less."""
    assume(not address.is_global or address.is_multicast or address.is_reserved or address.is_link_local)

    assert why_not_public(address)
    with pytest.raises(AddressError):
        check_address(address, 443)


@given(st.ip_addresses(v=4))
@settings(deadline=None, max_examples=200)
def test_no_ipv4_address_is_reached_in_ipv6_clothes(address: IPv4Address) -> None:
    """Mapped, compatible, translated, 6to4 and NAT64 forms are refused even of a public address."""
    inner = int(address)
    forms = [0xFFFF << 32 | inner, inner, 0xFFFF << 48 | inner, 0x2002 << 112 | inner << 80, 0x64FF9B << 96 | inner]
    for form in forms:
        with pytest.raises(AddressError):
            check_address(str(IPv6Address(form)), 443)


@pytest.mark.parametrize("spelling", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost", "", "127.0.0.1 "])
def test_what_is_not_a_resolved_address_is_refused(spelling: str) -> None:
    """Short, decimal, octal and hexadecimal spellings are the resolver's to read; here only its answers are judged."""
    with pytest.raises(AddressError):
        check_address(spelling, 80)


def test_a_listed_address_is_reached() -> None:
    """Without a port at any port, with one at that port only, a network for every address in it."""
    allow = AllowList.parse("127.0.0.1, ::1, 10.0.0.0/8, 192.168.1.5:8899, [fd00::5]:8080, fd12::/16, 8.8.8.8:8443")
    reached = [
        *(("127.0.0.1", 1), ("127.0.0.1", 65535), ("::1", 25), ("10.255.0.1", 8080), ("192.168.1.5", 8899)),
        *(("fd00::5", 8080), ("fd12::99", 1), ("8.8.8.8", 8443), ("8.8.8.8", 443)),
    ]
    for address, port in reached:
        check_address(address, port, allow)
    for address, port in [
        *(("127.0.0.2", 80), ("192.168.1.5", 80), ("192.168.1.6", 8899), ("fd00::5", 80), ("8.8.8.8", 22)),
        *(("::ffff:127.0.0.1", 80), ("::ffff:10.0.0.1", 80), ("11.0.0.1", 8080)),
    ]:
        with pytest.raises(AddressError):
            check_address(address, port, allow)


def test_localhost_is_both_its_addresses() -> None:
    """The one name an allow list knows; with a port at that port only."""
    assert str(AllowList.parse("localhost")) == "127.0.0.1, ::1"
    assert str(AllowList.parse("LOCALHOST:8899")) == "127.0.0.1:8899, [::1]:8899"


@pytest.mark.parametrize("text", ["", "  ", ",", " , ,\n"])
def test_an_empty_allow_list_allows_nothing(text: str) -> None:
    """No entry, no exception."""
    assert AllowList.parse(text) == NOTHING_ALLOWED


def test_an_allow_list_prints_as_it_is_read() -> None:
    """Its text reads back as the same list, without repeats."""
    text = "127.0.0.1, ::1, 10.0.0.0/8, 127.0.0.1:8899, [::1]:8080, fd00::/8"
    assert str(AllowList.parse(text + " 127.0.0.1;[::1]")) == text
    assert AllowList.parse(str(AllowList.parse(text))) == AllowList.parse(text)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("feeds.internal", "write the address it has"),
        ("127.1", "is not an address"),
        ("http://127.0.0.1", "is not a port|is not an address"),
        ("127.0.0.1:0", "'0' is not a port"),
        ("127.0.0.1:65536", "'65536' is not a port"),
        ("127.0.0.1:http", "'http' is not a port"),
        ("127.0.0.1:", "'' is not a port"),
        ("127.0.0.1:٨٠", "is not a port"),
        ("10.0.0.1/8", "write 10.0.0.0/8 or the address alone"),
        ("10.0.0.0/33", "is not an address"),
        ("[127.0.0.1]:80", "brackets are for IPv6"),
        ("[::1", "is not an address"),
        ("*", "is not an address"),
    ],
)
def test_a_bad_entry_is_a_sentence(entry: str, says: str) -> None:
    """It names the entry and what to write instead."""
    with pytest.raises(ValueError, match=says) as caught:
        AllowList.parse(f"127.0.0.1, {entry}")
    assert repr(entry) in str(caught.value)


@pytest.mark.parametrize(("address", "entry"), [("127.0.0.1", "127.0.0.1:8899"), ("::1", "[::1]:8899")])
def test_a_refusal_says_what_to_add(address: str, entry: str) -> None:
    """The entry that the sentence proposes is the one that helps."""
    with pytest.raises(AddressError, match="loopback") as caught:
        check_address(address, 8899)
    assert f"add {entry} to" in str(caught.value)
    check_address(address, 8899, AllowList.parse(entry))
