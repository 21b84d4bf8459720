"""A process that fetches and reads what hostile publishers serve, and says what each of them cost.

On standard input a JSON object: `polls` (name, settings of a source), `healthy` (settings of a source that must go on
meanwhile), `hurry` (the bounds of time of a request, divided by so much). On standard output a line of JSON for each.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from watcher.apart import Limits, Readers
from watcher.fetch import AllowList, Fetcher, FetchError
from watcher.source import Cursor, Source, SourceError
from watcher.sources import make_source

#: What a child may take in these tests, above what it has when idle, and for how long.
LIMITS: Final = Limits(seconds=10.0, megabytes=256, children=2)
_EVERY: Final = 0.01  # seconds between two looks at the children


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one publisher cost; memory as far as it grew."""

    name: str
    seconds: float
    notices: int
    titles: list[str]  #: the first few, in full
    says: str  #: the error sentence of the source; empty: it was read
    parent: int  #: octets of memory by which this process grew at its highest
    children: int  #: by which the children that read grew at their highest, the highest of them
    healthy: float  #: seconds in which the healthy source was polled meanwhile
    healthy_notices: int


class Watch:
    """Sees the highest memory of this process and its children while something happens (Linux)."""

    def __init__(self, idle: int) -> None:
        """`idle`: what a child holds that has read one small document."""
        self._idle = idle
        self._ended = threading.Event()
        self._highest: dict[int, int] = {}
        self._before: dict[int, int] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.parent = self.children = 0

    def __enter__(self) -> Watch:
        for pid in (os.getpid(), *children()):
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the highest from now on
            self._before[pid] = held(pid, "VmRSS")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        here = os.getpid()
        self.parent = held(here, "VmHWM") - self._before[here]
        grown = (highest - self._before.get(pid, self._idle) for pid, highest in self._highest.items())
        self.children = max(0, *grown, 0)

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            for pid in children():
                with suppress(OSError):  # it is gone
                    self._highest[pid] = max(self._highest.get(pid, 0), held(pid, "VmHWM"))


def children() -> list[int]:
    """The processes that this one started."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def held(pid: int, name: str) -> int:
    """Octets of memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


async def poll(fetcher: Fetcher, readers: Readers, source: Source, hurry: float) -> tuple[int, list[str], str]:
    """One document of a source, through the real fetcher and the real readers: notices, titles, error sentence."""
    request = source.first_request(Cursor(), datetime.now(UTC))
    request = replace(
        request,
        deadline_seconds=request.deadline_seconds / hurry,
        silence_seconds=request.silence_seconds / hurry,
        patience_seconds=request.patience_seconds / hurry,
    )
    notices = 0
    titles: list[str] = []
    try:
        document = await fetcher.fetch(request)
        async with readers.read(source, document, Cursor()) as reading:
            async for entries in reading.chunks():
                found = [entry.notice for entry in entries if entry.notice is not None]
                notices += len(found)
                titles += [notice.title for notice in found][: 3 - len(titles)]
    except (FetchError, SourceError) as error:
        return notices, titles, str(error)
    return notices, titles, ""


async def costs(work: dict[str, Any]) -> None:
    """Poll each publisher together with a healthy one, and print what it cost."""
    hurry, readers = float(work["hurry"]), Readers(LIMITS)
    healthy = make_source(work["healthy"])
    async with Fetcher(
        allow=AllowList.parse("127.0.0.1"),
        agent="tbtwatch/0.1 (+mailto:a@b.org)",
        clock=lambda: datetime.now(UTC),
        connections_per_host=4,
    ) as fetcher:

        async def timed(source: Source) -> tuple[float, tuple[int, list[str], str]]:
            start = time.monotonic()
            found = await poll(fetcher, readers, source, hurry)
            return time.monotonic() - start, found

        await asyncio.gather(timed(healthy), timed(healthy))  # both children are there and warm
        idle = min((held(pid, "VmRSS") for pid in children()), default=0)
        for name, settings in work["polls"]:
            with Watch(idle) as watch:
                (seconds, (notices, titles, says)), (others, (others_notices, _, _)) = await asyncio.gather(
                    timed(make_source(settings)), timed(healthy)
                )
                await asyncio.sleep(_EVERY * 2)
            cost = Cost(
                name=name,
                seconds=round(seconds, 2),
                notices=notices,
                titles=titles,
                says=says,
                parent=watch.parent,
                children=watch.children,
                healthy=round(others, 2),
                healthy_notices=others_notices,
            )
            print(json.dumps(asdict(cost)), flush=True)
    await readers.close()


if __name__ == "__main__":
    asyncio.run(costs(json.load(sys.stdin)))
