"""Work that is done step by step, so that the rest of the program may go on, or end, between two of them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

Step = TypeVar("Step")
Outcome = TypeVar("Outcome")


def unspoken(work: Generator[object, None, Outcome]) -> Generator[None, None, Outcome]:
    """The same steps, for a place that has no use for what is said at each."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome
        yield


def at_one_go(work: Generator[Step, None, Outcome], each: Callable[[Step], object] | None = None) -> Outcome:
    """Do all of it without a break; what came of it. `each` is told what is said at each step."""
    while True:
        try:
            said = next(work)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome
        if each is not None:
            each(said)
