"""May an address be asked, and how slowly: what the robots.txt of its host says, and whether the host wants rest.

That holds for each address a source asks and for each one that a redirect leads to, at whatever host.

A robots.txt is asked for once a day and host at most, by the fetcher that asks for everything else. One that is not
there (4xx) allows everything. While a host cannot say (5xx, no connection), what it said last holds; if it never said
anything, nothing else is asked of it, for at most 30 days (RFC 9309, 2.3.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from tbtwatch.pipeline.together import Together
from tbtwatch.storage import Storage
from tbtwatch.storage.hosts import RobotsState
from watcher.fetch import Fetcher, FetchError, Reason, without_secrets
from watcher.robots import Robots, origin_of, read_robots, robots_request, robots_text
from watcher.source import Request, SourceConfig

#: By this name a robots.txt speaks to us.
AGENT = "tbtwatch"
GOOD_FOR = timedelta(days=1)
#: A robots.txt that did not come is not asked for again before this has passed.
NOT_BEFORE = timedelta(minutes=5)
#: After so long without an answer a host counts as one that has no robots.txt (RFC 9309, 2.3.1.4).
GIVEN_UP = timedelta(days=30)

# Polls of one process wait for each other, so that many sources of one host ask for its robots.txt once.
_waiting: WeakKeyDictionary[Fetcher, dict[str, asyncio.Lock]] = WeakKeyDictionary()


def origin_of_address(url: str) -> str:
    """Scheme, host and port of an address; empty if it has none."""
    try:
        return origin_of(url)
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host of an address with its port: what answers "too many requests" for all that is there."""
    return origin_of_address(url).partition("://")[2]


class Permission:
    """For one poll."""

    def __init__(
        self,
        config: SourceConfig,
        *,
        fetcher: Fetcher,
        storage: Storage | None,
        clock: Callable[[], datetime],
        by_hand: bool = False,
        known: RobotsState | None = None,
        together: Together | None = None,
    ) -> None:
        """`by_hand`: a person asks; a robots.txt that did not come a minute ago is tried again, and nobody rests.

        `known`: what is remembered of the host that is asked first, if that was looked up already and it does not rest.
        Without a storage nothing is remembered beyond this. Permissions that share `together` write in common
        transactions.
        """
        self._config = config
        self._fetcher = fetcher
        self._storage = storage
        self._together = together
        self._clock = clock
        self._by_hand = by_hand
        self._known: dict[str, Robots] = {}
        self._awake: set[str] = set()  # hosts that do not rest
        if known is not None:
            self._awake.add(host_of(known.origin))
            if _is_fresh(known, clock()):
                self._known[known.origin] = read_robots(known.body, AGENT)

    async def pause_seconds(self, request: Request) -> float:
        """How long to wait at this host between two requests. Raises FetchError if the address may not be asked."""
        return await self._at(request.url, max(request.pause_seconds, self._config.pause_seconds))

    async def before_hop(self, url: str) -> float:
        """The same of an address that a redirect leads to (`watcher.fetch.fetcher.BeforeHop`)."""
        return await self._at(url, self._config.pause_seconds)

    async def _at(self, url: str, pause: float) -> float:
        self._check_rest(url)
        if not self._config.robots:
            return pause
        try:
            origin = origin_of(url)
        except ValueError:
            return pause  # the fetcher has a sentence for it
        if origin not in self._known:
            self._known[origin] = read_robots(await self._text(origin, pause), AGENT)
        robots = self._known[origin]
        if not robots.allows(url):
            raise FetchError(
                Reason.ROBOTS,
                f"{origin}/robots.txt asks programs to stay away from {without_secrets(url)}: write to the "
                "publisher, and set `robots: false` for the source if it consents",
            )
        return max(pause, robots.pause_seconds)

    def _check_rest(self, url: str) -> None:
        """Raises FetchError if the host asked to be left alone until later. One that does not rest is not looked up
        again in this poll: what it says to the poll itself counts from then on.
        """
        host = host_of(url)
        if self._storage is None or self._by_hand or not host or host in self._awake:
            return
        with self._storage.look() as tx:
            state = tx.hosts.state(host)
        now = self._clock()
        if state.resume_at is not None and state.rests(now):
            said = f" ({state.why})" if state.why else ""
            raise FetchError(
                Reason.RESTING,
                f"{host} asked to be left alone until {state.resume_at:%Y-%m-%d %H:%M} UTC, and is not asked "
                f"before{said}; nothing to do",
                state.resume_at - now,
            )
        self._awake.add(host)

    async def _before_robots_hop(self, url: str) -> float:
        """A robots.txt that is kept elsewhere (RFC 9309, 2.3.1.2) needs nobody's permission, but a host that is up."""
        self._check_rest(url)
        return self._config.pause_seconds

    async def _text(self, origin: str, pause: float) -> str:
        locks = _waiting.setdefault(self._fetcher, {})
        async with locks.setdefault(origin, asyncio.Lock()):
            known = RobotsState(origin=origin)
            if self._storage is not None:
                with self._storage.look() as tx:
                    known = tx.hosts.robots(origin)
            now = self._clock()
            if _is_fresh(known, now):
                return known.body
            if not self._by_hand and known.tried_at is not None and timedelta(0) <= now - known.tried_at < NOT_BEFORE:
                return self._meanwhile(known, now, None)
            return await self._asked(origin, known, pause)

    async def _asked(self, origin: str, known: RobotsState, pause: float) -> str:
        """What the host says now; it is remembered."""
        failed: FetchError | None = None
        body = ""
        try:
            document = await self._fetcher.fetch(
                replace(robots_request(origin), pause_seconds=pause), before_hop=self._before_robots_hop
            )
            body = robots_text(document.body)
        except FetchError as error:
            if error.reason in (Reason.REFUSED_ADDRESS, Reason.BAD_REQUEST):
                return ""  # nothing can be asked there; what was really asked for has the better sentence
            # One that cannot be found is none: 4xx, or redirected round in circles.
            none = error.reason is Reason.BAD_REDIRECT or (error.status is not None and 400 <= error.status < 500)
            failed = None if none and error.reason is not Reason.RATE_LIMITED else error
        now = self._clock()
        if failed is None:
            known = RobotsState(origin=origin, body=body, read_at=now, tried_at=now)
        else:
            known = replace(known, tried_at=now, failing_since=known.failing_since or now)
        await self._remember(known)
        return body if failed is None else self._meanwhile(known, now, failed)

    async def _remember(self, known: RobotsState) -> None:
        if self._together is not None:
            await self._together.write(lambda tx: tx.hosts.save_robots(known))
        elif self._storage is not None:
            with self._storage.begin() as tx:
                tx.hosts.save_robots(known)

    @staticmethod
    def _meanwhile(known: RobotsState, now: datetime, failed: FetchError | None) -> str:
        """What holds while the host does not say. One that asks to be left alone is, whatever its rules were."""
        if failed is not None and failed.retry_after is not None:
            raise failed
        if known.read_at is not None:
            return known.body
        if known.failing_since is not None and now - known.failing_since >= GIVEN_UP:
            return ""
        if failed is None:
            raise FetchError(
                Reason.UNREACHABLE,
                f"{known.origin}/robots.txt did not come a few minutes ago, and nothing else is asked before it; "
                "nothing to do unless it lasts",
            )
        raise failed


def _is_fresh(known: RobotsState, now: datetime) -> bool:
    return known.read_at is not None and timedelta(0) <= now - known.read_at < GOOD_FOR
