"""The parent's side: a few children, each given one document at a time."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from watcher.apart.frames import (
    ERRORS,
    LENGTH,
    LONGEST,
    READY,
    Answer,
    Chunk,
    Fault,
    ForeignError,
    Head,
    SourcePickles,
    Task,
    answer_of,
    packed,
)
from watcher.source import Cursor, Document, Entry, Request, Rhythm, Source, SourceError

CHUNK: Final = 200
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZDIR")
#: Seconds that a document waits for a child before another is started. Most are read in a few hundredths of a second,
#: and a child is forty megabytes; where one hangs, or reads a workbook, the others wait for it no longer than this.
_PATIENCE: Final = 1.0
_STARTED_WITHIN: Final = 60.0  # seconds
_REPLACED_AFTER: Final = 500  # documents: whatever a library leaks is given back with the process


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one document may cost."""

    seconds: float = 20.0  #: for a small document, and for each next chunk of its entries
    seconds_large: float = 180.0  #: for one that comes in a file, such as a workbook: its strings are read first
    megabytes: int = 512  #: of memory, above what an idle child has
    children: int = 2  #: at most so many at a time; a second is started when the first is busy for long


@dataclass(slots=True)
class Reading:
    """A document being read: the page, and its entries as they come."""

    next: Request | None
    total: int | None
    rhythm: Rhythm | None
    state: Mapping[str, Any] | None
    _entries: AsyncIterator[tuple[Entry, ...]]

    def chunks(self) -> AsyncIterator[tuple[Entry, ...]]:
        """The entries, in the order of the document; to be read once. Raises SourceError."""
        return self._entries


class _Child:
    """One process. Every answer is waited for at most so long."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.documents = 0
        self.knows: set[int] = set()  #: what of that which sources share it has been given

    async def ready(self) -> None:
        """Wait until it has started. Raises EOFError: it has not."""
        assert self.process.stdout is not None
        try:
            await self.process.stdout.readexactly(len(READY))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise EOFError from error

    async def say(self, task: Task) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(packed(task))
        with suppress(ConnectionError):  # it is gone: its answer will not come, and says so
            await self.process.stdin.drain()

    async def answer(self) -> Answer:
        """Raises TimeoutError from around, EOFError if the child is gone, RuntimeError for a value that is none."""
        assert self.process.stdout is not None
        try:
            (length,) = LENGTH.unpack(await self.process.stdout.readexactly(LENGTH.size))
            if length > LONGEST:
                raise EOFError
            return answer_of(await self.process.stdout.readexactly(length))
        except ForeignError as error:
            # The document is read and nothing is wrong with it: a kind of source gives what it was not allowed to.
            raise RuntimeError(f"{error}; allow it in watcher/apart/frames.py, or let the kind give another") from error
        except (asyncio.IncompleteReadError, ConnectionError, pickle.UnpicklingError) as error:
            raise EOFError from error

    async def end(self) -> None:
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()


class Readers:
    """Reads documents in child processes; of one event loop, to be closed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._free = asyncio.Semaphore(self._limits.children)
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()
        self._line = asyncio.Lock()
        self._alive = 0
        self._pickles = SourcePickles()

    @asynccontextmanager
    async def read(self, source: Source, document: Document, cursor: Cursor) -> AsyncIterator[Reading]:
        """Read one document. Raises SourceError: the document cannot be read, or not within the bounds.

        A fault of this program raises RuntimeError.
        """
        async with self._free:
            child = await self._a_child()
            whole = False
            try:
                task = self._task(child, source, document, cursor)
                head = await self._next(child, task, first=True)
                assert isinstance(head, Head)

                async def entries() -> AsyncIterator[tuple[Entry, ...]]:
                    nonlocal whole
                    while True:
                        chunk = await self._next(child, task)
                        assert isinstance(chunk, Chunk)
                        if not chunk.entries:
                            whole = True
                            return
                        yield chunk.entries

                yield Reading(
                    next=head.next, total=head.total, rhythm=head.rhythm, state=head.state, _entries=entries()
                )
            except _SaidError as told:
                whole = True
                raise told.error from None
            finally:
                child.documents += 1
                fit = whole and child.process.returncode is None and child.documents < _REPLACED_AFTER
                if fit and self._idle.empty():
                    self._idle.put_nowait(child)
                else:  # it may still be busy with what nobody wants any more; or there is nothing to do for two
                    self._alive -= 1
                    await child.end()

    async def close(self) -> None:
        """End the children."""
        while not self._idle.empty():
            self._alive -= 1
            await self._idle.get_nowait().end()

    async def _a_child(self) -> _Child:
        """One that is idle, or soon is; else a new one. Who waits for one that is just starting starts no other."""
        async with self._line:
            with suppress(asyncio.QueueEmpty):
                return self._idle.get_nowait()
            if self._alive:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE):
                        return await self._idle.get()
            child = await self._start()
            self._alive += 1
            return child

    def _task(self, child: _Child, source: Source, document: Document, cursor: Cursor) -> Task:
        body = self._pickles.of(source)
        shared = {number: one for number, one in self._pickles.shared.items() if number not in child.knows}
        child.knows.update(shared)
        return Task(
            source=body,
            shared=shared,
            document=document,
            cursor=cursor,
            chunk=CHUNK,
            seconds=self._limits.seconds if document.file is None else self._limits.seconds_large,
        )

    async def _start(self) -> _Child:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher.apart.child", str(self._limits.megabytes)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={name: value for name in _ENVIRONMENT if (value := os.environ.get(name)) is not None},  # no secrets
            start_new_session=True,  # an interrupt at the terminal is the parent's to deal with
        )
        child = _Child(process)
        try:
            async with asyncio.timeout(_STARTED_WITHIN):
                await child.ready()
        except (TimeoutError, EOFError):
            await child.end()
            raise RuntimeError(
                "the process that reads documents does not start: is the machine out of memory?"
            ) from None
        except BaseException:
            await child.end()
            raise
        return child

    async def _next(self, child: _Child, task: Task, *, first: bool = False) -> Head | Chunk:
        try:
            async with asyncio.timeout(task.seconds):
                if first:
                    await child.say(task)
                answer = await child.answer()
        except TimeoutError:
            raise SourceError(
                f"took longer than {task.seconds:g} seconds to read and was given up: "
                "a publisher's mistake, or an attack"
            ) from None
        except EOFError:
            raise self._too_much() from None
        if isinstance(answer, Fault):
            if answer.out_of_memory:
                raise self._too_much()
            kind = RuntimeError if answer.ours else ERRORS.get(answer.error, SourceError)
            raise _SaidError(kind(answer.sentence))
        return answer

    def _too_much(self) -> SourceError:
        return SourceError(
            f"needed more than {self._limits.megabytes} MB of memory to read, or broke its reader, and was given up; "
            "a publisher's mistake or an attack"
        )


class _SaidError(Exception):
    """The child said itself why it cannot read the document, and is fit for the next."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error
