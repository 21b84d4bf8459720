"""A network that exists only on paper: any name, any address, every attempt written down, none made."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest

from watcher.fetch import Fetcher, FetchError
from watcher.fetch.addresses import AllowList
from watcher.source import Request

AGENT = "tbtwatch/0.1 (+mailto:staff@example.org)"
FEED = b"<rss version='2.0'><channel><title>Notices</title></channel></rss>"
KEY = {
    "Ocp-Apim-Subscription-Key": "s3cret",
    "Authorization": "Bearer s3cret",
    "Cookie": "id=s3cret",
    "X-Any": "s3cret",
}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that sends the asker elsewhere."""
    return b"HTTP/1.1 %d Elsewhere\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, location.encode())


class RecordedNetwork:
    """Names and what their addresses answer. A name with several lists of addresses gives the next at each look-up."""

    def __init__(
        self,
        names: Mapping[str, Sequence[str] | Sequence[Sequence[str]]],
        answers: Mapping[str, Iterable[bytes]] | None = None,
    ) -> None:
        self._names = {
            name: [list(found) if not isinstance(found, str) else [found] for found in given]
            if any(not isinstance(found, str) for found in given)
            else [[str(found) for found in given]]
            for name, given in names.items()
        }
        self._answers = {address: list(answer) for address, answer in (answers or {}).items()}
        self.resolved: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.tls_names: list[str | None] = []
        self.tls_contexts: list[ssl.SSLContext] = []
        self.sent: list[bytes] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name; a numeric host that is not named here stands for itself."""
        self.resolved.append(host)
        found = self._names.get(host, [[host]])
        return found.pop(0) if len(found) > 1 else found[0]

    async def connect(self, address: str, port: int, seconds: float) -> httpcore.AsyncNetworkStream:
        """Written down; then the address's next answer, or 200."""
        self.connected.append((address, port))
        answers = self._answers.get(address)
        return _Stream(self, answers.pop(0) if answers else OK)

    def fetcher(self, *, allow: str = "", clock: TurnedClock | None = None, **over: object) -> Fetcher:
        """A fetcher that knows no other network."""
        clock = clock or TurnedClock()
        options = {"sleep": clock.sleep, "resolve": self.resolve, "connect": self.connect, **over}
        return Fetcher(allow=AllowList.parse(allow), agent=AGENT, clock=clock, **options)  # type: ignore[arg-type]


class TurnedClock:
    """A clock that moves only when someone sleeps by it."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.slept.append(round(seconds, 6))
        self.now += timedelta(seconds=seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """One connection on paper."""

    def __init__(self, network: RecordedNetwork, answer: bytes) -> None:
        self._network = network
        self._answer = answer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        piece, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.sent.append(buffer)

    async def aclose(self) -> None:
        self._answer = b""

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._network.tls_names.append(server_hostname)
        self._network.tls_contexts.append(ssl_context)
        return self

    def get_extra_info(self, info: str) -> object:
        return None


async def refusal(fetcher: Fetcher, url: str, *, into: Path | None = None, **over: Any) -> FetchError:
    """Why this address gives no document. No secret of any test may stand in the sentence."""
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(url=url, **over), into=into)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value) == caught.value.sentence
    return caught.value


def listed(folder: Path) -> list[Path]:
    """What is in a folder."""
    return sorted(folder.iterdir())
