"""Small pieces of writing share a transaction; each stands or falls alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from tbtwatch.pipeline.together import Together
from tbtwatch.storage import Storage, Transaction


class Counting(Storage):
    """The real storage; counts transactions."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage.engine)
        self.begun = 0

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction."""
        self.begun += 1
        with super().begin() as tx:
            yield tx


def put(name: str, value: str) -> Callable[[Transaction], str]:
    """Writes a line down."""

    def work(tx: Transaction) -> str:
        tx.meta.set(name, value)
        return value

    return work


def values(storage: Storage, *names: str) -> list[str | None]:
    """What is written there."""
    with storage.look() as tx:
        return [tx.meta.get(name) for name in names]


async def all_of(together: Together, *works: Callable[[Transaction], Any]) -> list[Any]:
    """Their results, or what they raised."""
    return await asyncio.gather(*(together.write(work) for work in works), return_exceptions=True)


def test_what_is_due_at_once_is_written_at_once(storage: Storage) -> None:
    """Fifty writers, one transaction; each gets its own answer."""
    counting = Counting(storage)
    works = [put(f"name{n}", str(n)) for n in range(50)]
    assert asyncio.run(all_of(Together(counting), *works)) == [str(n) for n in range(50)]
    assert counting.begun == 1
    assert values(storage, "name0", "name49") == ["0", "49"]


def test_one_that_fails_fails_alone(storage: Storage) -> None:
    """What it wrote is undone, what the others wrote stands."""

    def spoilt(tx: Transaction) -> None:
        tx.meta.set("spoilt", "half")
        raise ValueError("no")

    first, failed, last = asyncio.run(all_of(Together(storage), put("a", "1"), spoilt, put("b", "2")))
    assert (first, last) == ("1", "2")
    assert isinstance(failed, ValueError)
    assert values(storage, "a", "spoilt", "b") == ["1", None, "2"]


def test_a_broken_constraint_fails_alone(storage: Storage) -> None:
    """Also on PostgreSQL, where an error spoils a transaction that is not parted."""

    def twice(tx: Transaction) -> None:
        tx._session.connection().exec_driver_sql("INSERT INTO meta (name, value) VALUES ('same', '1')")
        tx._session.connection().exec_driver_sql("INSERT INTO meta (name, value) VALUES ('same', '2')")

    _, failed, _ = asyncio.run(all_of(Together(storage), put("a", "1"), twice, put("b", "2")))
    assert isinstance(failed, IntegrityError)
    assert values(storage, "a", "same", "b") == ["1", None, "2"]


def test_trouble_with_the_database_is_told_to_all(sqlite: Storage) -> None:
    """Nobody believes to have written what is not there; later it goes on."""

    def gone(tx: Transaction) -> None:
        tx._session.connection().exec_driver_sql("SELECT * FROM no_such_table")

    async def both() -> tuple[list[Any], str]:
        together = Together(sqlite)
        failed = await all_of(together, put("a", "1"), gone)
        return failed, await together.write(put("c", "3"))

    failed, later = asyncio.run(both())
    assert all(isinstance(one, OperationalError) for one in failed)
    assert later == "3"
    assert values(sqlite, "a", "c") == [None, "3"]


def test_when_the_program_ends_nobody_waits_for_ever(sqlite: Storage) -> None:
    """An end in the middle of a transaction ends all who share it, and those behind."""

    class Ended(BaseException):
        """No `except Exception` sees it."""

    def end(_: Transaction) -> None:
        raise Ended

    async def all_end() -> list[Any]:
        together = Together(sqlite)
        return await asyncio.wait_for(all_of(together, put("a", "1"), end, put("b", "2")), 5)

    assert [type(told) for told in asyncio.run(all_end())] == [Ended] * 3
    assert values(sqlite, "a", "b") == [None, None]


def test_who_is_cancelled_before_it_is_written_writes_nothing(sqlite: Storage) -> None:
    """Work that nobody waits for any more is not done."""

    async def cancelled() -> None:
        together = Together(sqlite)
        task = asyncio.create_task(together.write(put("a", "1")))
        other = asyncio.create_task(together.write(put("b", "2")))
        await asyncio.sleep(0)
        task.cancel()
        assert await other == "2"
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert values(sqlite, "a", "b") == [None, "2"]
