"""What a host's robots.txt lets us read, and how slowly (RFC 9309; `Crawl-delay` as many hosts write it)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from watcher.source import Request

#: Octets that are read of a robots.txt; RFC 9309, 2.5 wants 500 KiB at least. What follows is left out.
MOST_OCTETS = 500 * 1024
#: Seconds; a longer `Crawl-delay` is honoured as this one: a poll is a few requests, not a crawl.
LONGEST_PAUSE = 60.0

_MOST_LINES = 20_000
_USER_AGENT = re.compile(r"\s*user[- ]?agent\s*:\s*([^#]*)", re.IGNORECASE)
_ANYBODY_ELSE = "User-agent: somebody-else"


@lru_cache(maxsize=1024)  # asked several times for each request
def origin_of(url: str) -> str:
    """Scheme, host and port of an address: what one robots.txt speaks of. Raises ValueError if there is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no web address")
    port = parts.port
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" if port in (None, usual) else f"{parts.scheme}://{host}:{port}"


def robots_request(url: str) -> Request:
    """The request for the robots.txt that speaks of this address."""
    return Request(
        url=f"{origin_of(url)}/robots.txt",
        accept="text/plain, */*;q=0.1",
        conditional=False,
        max_body=MOST_OCTETS,
        max_decoded=MOST_OCTETS,
        whole=False,
        deadline_seconds=30.0,
        silence_seconds=15.0,
    )


class Robots:
    """One robots.txt as it is meant for a program of this name. An empty one, or a web page, allows everything."""

    def __init__(self, text: str, agent: str) -> None:
        self._agent = agent
        lines = _for_us(text, agent)
        self._rules = Protego.parse("\n".join(lines))
        # "Disallow", in whatever spelling Protego forgives.
        self._forbids = any(line.lstrip("\ufeff \t")[:1] in ("d", "D") for line in lines)

    def allows(self, url: str) -> bool:
        """Whether we may ask for the address."""
        return not self._forbids or bool(self._rules.can_fetch(url, self._agent))

    @property
    def pause_seconds(self) -> float:
        """At least so long between two requests; 0: nothing is said."""
        delay, rate = self._rules.crawl_delay(self._agent), self._rules.request_rate(self._agent)
        between = rate.seconds / rate.requests if rate else 0.0
        return min(max(delay or 0.0, between), LONGEST_PAUSE)


def _for_us(text: str, agent: str) -> list[str]:
    """The lines, all other programs made one: a rule for thousands of names would be kept for each of them."""
    lines: list[str] = []
    for line in text.splitlines()[:_MOST_LINES]:
        found = _USER_AGENT.match(line)
        ours = found is None or found[1].strip().strip("*").lower() in agent.lower()
        lines.append(line if ours else _ANYBODY_ELSE)
    return lines


@lru_cache(maxsize=32)
def read_robots(text: str, agent: str) -> Robots:
    """The rules for us in a robots.txt. Raises nothing: what cannot be read says nothing."""
    try:
        return Robots(text, agent)
    except Exception:  # a parser of others' making, on a stranger's text
        return Robots("", agent)


def robots_text(body: bytes) -> str:
    """The text of a robots.txt as it came; a last line that may have been cut is left out."""
    if len(body) >= MOST_OCTETS:
        body = body[:MOST_OCTETS].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "replace").replace("\x00", "")
