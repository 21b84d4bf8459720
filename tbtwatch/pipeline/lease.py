"""Whose turn it is to ask a source: one process at a time, for as long as it lives.

A poll and a back-fill take the same lease, so that one publisher is never asked by two of ours at once. It is kept up
while its holder lives, and free a minute after one that died. A back-fill may hold it for hours: it writes down who it
is, so that others can say whom they wait for, and one that is known to be dead is not waited for at all.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.sources import SourceState

LEASE = timedelta(minutes=1)  # kept up while its holder lives; a dead one is taken over after it
#: When a poll that found a back-fill at work is tried again.
LOOK_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who reads a source for long."""

    what: str  #: "a back-fill of 2020-01-01 to 2025-12-31"
    by: str  #: the person's name
    host: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.what} (begun {self.since:%Y-%m-%d %H:%M} UTC by {self.by}, process {self.pid} on {self.host})"

    @property
    def dead(self) -> bool:
        """Whether it is known to live no more: only of a process of this very host can that be said."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:  # it is somebody else's, and there
            return False
        return False


def this_process(what: str, *, by: str, now: datetime) -> Holder:
    """Ourselves as a holder."""
    return Holder(what=what, by=by, host=socket.gethostname(), pid=os.getpid(), since=now)


def claim(name: str, tx: Transaction, *, now: datetime, holder: Holder | None = None) -> str:
    """Take the lease of a source; "" if it is ours now, else who has it. A poll names no `holder`: it is soon over."""
    known = held_by(name, tx)
    if known is not None and known.dead:
        tx.sources.release(name)
    if not tx.sources.claim(name, now=now, lease=LEASE):
        return f"{known} is reading this source now" if known else "another process is polling this source now"
    if holder is not None or known is not None:
        tx.meta.set(_key(name), _written(holder))
    return ""


def held_by(name: str, tx: Transaction) -> Holder | None:
    """Who wrote down that it holds the lease of the source; it may have died since, and its lease run out."""
    written = tx.meta.get(_key(name))
    if not written:
        return None
    try:
        read = json.loads(written)
        return Holder(**{**read, "since": datetime.fromisoformat(read["since"])})
    except (ValueError, TypeError, KeyError):
        return None


def taken_from_polls(name: str, tx: Transaction) -> bool:
    """Take the lease from a poll, whoever makes it; whether that was done. A back-fill that may live keeps its own."""
    known = held_by(name, tx)
    if known is not None and not known.dead:
        return False
    tx.sources.release(name)
    return True


def put_off(state: SourceState, why: str, *, now: datetime) -> SourceState:
    """The state of a source that is not polled because a back-fill reads it: it rests, and nothing is wrong."""
    return replace(state, status="resting", error=why, next_poll_at=now + LOOK_AGAIN)


@asynccontextmanager
async def kept_up(name: str, storage: Storage, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Keep the lease of a source while this lasts."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with storage.begin() as tx:
                tx.sources.extend(name, until=clock() + LEASE)

    keeper = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError, Exception):  # a fault of the keeper is no fault of what it kept
            await keeper


def give_back(name: str, storage: Storage) -> None:
    """Let others read the source."""
    with storage.begin() as tx:
        tx.sources.release(name)
        tx.meta.set(_key(name), "")


def _key(name: str) -> str:
    return f"lease:{name}"


def _written(holder: Holder | None) -> str:
    return json.dumps({**asdict(holder), "since": holder.since.isoformat()}, ensure_ascii=False) if holder else ""
