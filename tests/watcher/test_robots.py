"""robots.txt as RFC 9309 reads it, from strangers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.robots import LONGEST_PAUSE, MOST_OCTETS, origin_of, read_robots, robots_request, robots_text

SITE = "https://regulator.example"


def allows(text: str, path: str) -> bool:
    """Whether we may ask for the path."""
    return read_robots(text, "tbtwatch").allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "open_", "closed"),
    [
        ("", ["/", "/feed.xml"], []),
        ("User-agent: *\nDisallow:\n", ["/", "/feed.xml"], []),
        ("User-agent: *\nDisallow: /\n", ["/robots.txt"], ["/", "/feed.xml"]),
        ("User-agent: *\nDisallow: /private/\n", ["/feed.xml", "/private"], ["/private/feed.xml"]),
        ("User-agent: *\nDisallow: /\nAllow: /feeds/\n", ["/feeds/a.xml"], ["/other"]),
        ("User-agent: *\nDisallow: /*.xml$\n", ["/feed.xml?x=1", "/feed"], ["/feed.xml"]),
        ("User-agent: tbtwatch\nDisallow: /\n\nUser-agent: *\nDisallow:\n", [], ["/feed.xml"]),
        ("User-agent: tbtwatch\nDisallow:\n\nUser-agent: *\nDisallow: /\n", ["/feed.xml"], []),
        ("User-Agent: TBTwatch\nDisallow: /\n", [], ["/feed.xml"]),
        ("User-agent: otherbot\nDisallow: /\n", ["/feed.xml"], []),
        ("User-agent: otherbot\nUser-agent: *\nDisallow: /no\n", ["/yes"], ["/no"]),
        ("user-agent:*\r\ndisallow:/no # because\r\n", ["/yes"], ["/no/x"]),
        ("<html><body>Not here</body></html>", ["/feed.xml"], []),
        ("User-agent: *\nDisallow: /%E4%B8%AD\n", ["/"], ["/中/feed", "/%e4%b8%ad/feed"]),
    ],
)
def test_what_is_allowed(text: str, open_: list[str], closed: list[str]) -> None:
    """The group for us, else the one for all; the longest rule wins; no rule allows."""
    assert [path for path in open_ if not allows(text, path)] == []
    assert [path for path in closed if allows(text, path)] == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 7\n", 7),
        ("User-agent: *\nCrawl-delay: 0.5\n", 0.5),
        ("User-agent: *\nCrawl-delay: 86400\n", LONGEST_PAUSE),
        ("User-agent: *\nCrawl-delay: soon\n", 0),
        ("User-agent: *\nCrawl-delay: -3\n", 0),
        ("User-agent: *\nCrawl-delay: nan\n", 0),
        ("User-agent: *\nCrawl-delay: inf\n", 0),
        ("User-agent: *\nRequest-rate: 1/20\n", 20),
        ("User-agent: *\nRequest-rate: 10/1m\nCrawl-delay: 2\n", 6),
        ("User-agent: otherbot\nCrawl-delay: 30\n\nUser-agent: *\nDisallow:\n", 0),
    ],
)
def test_how_slowly(text: str, seconds: float) -> None:
    """`Crawl-delay` and `Request-rate` are pauses, of a minute at most."""
    assert read_robots(text, "tbtwatch").pause_seconds == seconds


@given(st.text(max_size=400) | st.lists(st.sampled_from(["User-agent: *", "Disallow: /*a*b$", "Allow:", ":", "#"])))
@settings(deadline=None)
def test_nothing_breaks_the_reading(text: str | list[str]) -> None:
    """Whatever stands there, there is an answer."""
    rules = read_robots(text if isinstance(text, str) else "\n".join(text), "tbtwatch")
    assert rules.allows(f"{SITE}/feed") in (True, False)
    assert 0 <= rules.pause_seconds <= LONGEST_PAUSE


def test_a_huge_one_is_read_in_no_time() -> None:
    """Thousands of names with thousands of rules are one group of others; only the beginning is read."""
    huge = "".join(f"User-agent: bot{number}\n" for number in range(12_000))
    huge += "".join(f"Disallow: /{number}*x\n" for number in range(100_000))
    text = robots_text(huge.encode())
    began = time.perf_counter()
    assert read_robots(text, "tbtwatch").allows(f"{SITE}/1x")
    assert time.perf_counter() - began < 5
    assert len(text) <= MOST_OCTETS


def test_a_cut_line_is_left_out() -> None:
    """Half a rule may mean more than the whole one: "Disallow: /" of "Disallow: /private"."""
    begun = b"User-agent: *\n" + b"#" * (MOST_OCTETS - 30) + b"\nDisallow: /"
    text = robots_text((begun + b"private/")[:MOST_OCTETS])
    assert len(begun) < MOST_OCTETS <= len(begun + b"private/")
    assert read_robots(text, "tbtwatch").allows(f"{SITE}/feed")
    assert robots_text("\ufeffUser-agent: *".encode()) == "User-agent: *"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Regulator.Example/a/b?c=d", "https://regulator.example"),
        ("https://regulator.example:443/", "https://regulator.example"),
        ("http://regulator.example:8080/x", "http://regulator.example:8080"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81"),
    ],
)
def test_each_origin_has_its_own(url: str, origin: str) -> None:
    """Scheme, host and port, and nothing of the rest."""
    assert origin_of(url) == origin
    request = robots_request(url)
    assert request.url == f"{origin}/robots.txt"
    assert not request.conditional and not request.headers


@pytest.mark.parametrize("url", ["", "ftp://regulator.example/", "https:///x", "http://[x/"])
def test_what_is_no_web_address_has_none(url: str) -> None:
    """The caller is told, and leaves it to the fetcher's sentence."""
    with pytest.raises(ValueError):
        origin_of(url)
