"""Small pieces of writing that are due at the same moment share one transaction, each standing or falling alone.

A commit waits for the disk. Two hundred polls that find nothing new would wait for it four hundred times, one after
the other; what they have to write is a line each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from tbtwatch.storage import DATABASE_TROUBLE, Storage, Transaction

Result = TypeVar("Result")

MOST = 100  # pieces in one transaction: it stays brief


class Together:
    """Collects what is to be written until the event loop has nothing else to do, and writes it in one go."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: list[tuple[Callable[[Transaction], Any], asyncio.Future[Any]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Transaction], Result]) -> Result:
        """What `work` returns, once it is committed; raises what it raises, which undoes only what it wrote itself.

        `work` may be called a second time, if the transaction that it shared could not be committed.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # whoever else is ready now may join
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            some = [(work, answer) for work, answer in some if not answer.done()]  # nobody waits for it any more
            try:
                self._write_all(some)
            except Exception as failure:
                if len(some) == 1 or isinstance(failure, DATABASE_TROUBLE):
                    for _, answer in some:
                        _fail(answer, failure)
                    continue
                for piece in some:  # one of them spoilt the commit: each by itself
                    try:
                        self._write_all([piece])
                    except Exception as own:
                        _fail(piece[1], own)
            except BaseException as end:
                # The program ends: nobody may be left waiting for an answer that never comes.
                left, self._waiting = self._waiting, []
                for _, answer in (*some, *left):
                    _fail(answer, end)
                if isinstance(end, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
                    raise

    def _write_all(self, some: list[tuple[Callable[[Transaction], Any], asyncio.Future[Any]]]) -> None:
        told: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
        with self._storage.begin() as tx:
            for work, answer in some:
                try:
                    with tx.part():
                        told.append((answer, work(tx), None))
                except DATABASE_TROUBLE:
                    raise
                except Exception as failure:
                    told.append((answer, None, failure))
        for answer, result, trouble in told:
            if trouble is not None:
                _fail(answer, trouble)
            elif not answer.done():
                answer.set_result(result)


def _fail(answer: asyncio.Future[Any], failure: BaseException) -> None:
    if not answer.done():
        answer.set_exception(failure)
