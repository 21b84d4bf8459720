"""A server in a process of its own, and many at once who ask it: for the benchmarks of the pages and of the API."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx


@contextmanager
def served(script: str, url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process that a benchmark starts itself as, with `--serve`; it ends with the block."""
    serving = subprocess.Popen([sys.executable, script, "--serve", url, str(port)])
    try:
        yield serving
    finally:
        serving.terminate()
        serving.wait()


def first_answer(client: httpx.Client, serving: subprocess.Popen[bytes], path: str) -> float:
    """Wait until the server answers this path; the seconds that took."""
    began = time.perf_counter()
    while True:
        if serving.poll() is not None:
            raise SystemExit("the server ended before it answered")
        try:
            client.get(path)
            return time.perf_counter() - began
        except httpx.ConnectError:
            time.sleep(0.05)


async def crowd(
    base: str,
    asked: Sequence[str],
    people: int,
    *,
    each: int,
    good: Collection[int],
    headers: Callable[[int, str], Mapping[str, str]] = lambda _number, _path: {},
) -> tuple[float, int, list[float]]:
    """So many people at once, who ask for `each` paths one after the other; seconds, failures, each one's wait.

    `headers`: what is sent with a path, by the number of who asks for it.
    """
    waits: list[float] = []
    failures = 0

    async def person(number: int) -> None:
        nonlocal failures
        async with httpx.AsyncClient(base_url=base, timeout=120, trust_env=False) as client:
            for step in range(each):
                path = asked[(number * each + step) % len(asked)]
                began = time.perf_counter()
                try:
                    answer = await client.get(path, headers=headers(number, path))
                    failures += answer.status_code not in good
                except httpx.HTTPError:
                    failures += 1
                waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(person(number) for number in range(people)))
    return time.perf_counter() - began, failures, waits
