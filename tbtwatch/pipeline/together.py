"""Small pieces of writing that are due at the same moment share one transaction, each standing or falling alone.

A commit waits for the disk. Two hundred polls that find nothing new would wait for it four hundred times, one after
the other; what they have to write is a line each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from tbtwatch.storage import DATABASE_TROUBLE, Storage, Transaction

Result = TypeVar("Result")

MOST = 100  # weight of the pieces in one transaction: it stays brief


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something to be written, and who waits for it."""

    work: Callable[[Transaction], Any]
    answer: asyncio.Future[Any]
    weight: int


class Together:
    """Collects what is to be written until the event loop has nothing else to do, and writes it in one go."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: list[_Piece] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Transaction], Result], *, weight: int = 1) -> Result:
        """What `work` returns, once it is committed; raises what it raises, which undoes only what it wrote itself.

        `work` may be called a second time, if another piece spoilt the transaction that it shared, or that could not be
        committed. `weight`: how much longer it takes than to write a poll down.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Piece(work, answer, weight))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # whoever else is ready now may join
            some = self._next()
            if not some:
                break
            try:
                try:
                    self._write_all(some)
                except Exception as failure:
                    if len(some) == 1 or isinstance(failure, DATABASE_TROUBLE):
                        for piece in some:
                            _fail(piece.answer, failure)
                        continue
                    for piece in some:  # one of them fails, or spoilt the commit: each by itself
                        self._write_one(piece)
            except BaseException as end:
                # The program ends: nobody may be left waiting for an answer that never comes.
                left, self._waiting = self._waiting, []
                for piece in (*some, *left):
                    _fail(piece.answer, end)
                if isinstance(end, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
                    raise

    def _next(self) -> list[_Piece]:
        """The pieces for the next transaction, in their order; of those that nobody waits for any more, none."""
        self._waiting = [piece for piece in self._waiting if not piece.answer.done()]
        weights = accumulate(piece.weight for piece in self._waiting)
        number = max(1, sum(weight <= MOST for weight in weights))
        some, self._waiting = self._waiting[:number], self._waiting[number:]
        return some

    def _write_one(self, piece: _Piece) -> None:
        try:
            self._write_all([piece])
        except Exception as failure:
            _fail(piece.answer, failure)

    def _write_all(self, some: list[_Piece]) -> None:
        with self._storage.begin() as tx:
            results = [piece.work(tx) for piece in some]
        for piece, result in zip(some, results, strict=True):
            if not piece.answer.done():
                piece.answer.set_result(result)


def _fail(answer: asyncio.Future[Any], failure: BaseException) -> None:
    if not answer.done():
        answer.set_exception(failure)
