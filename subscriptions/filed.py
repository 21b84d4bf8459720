"""What each subscription asks, as runs of numbers in a few plain arrays.

A subscription takes some forty bytes here and two kilobytes as an object. The arrays are in the order of the ids, for
that is how they come from the database; one that comes out of order waits in a dictionary until `settle`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import merge

#: As many numbers may lie unused before the arrays are packed anew.
_WASTE = 1 << 16


class Filed:
    """For each id the version and the numbers of all that it asks."""

    def __init__(self) -> None:
        self._ids = array("I")  #: ascending; also of those that are gone
        self._versions = array("I")
        self._starts = array("I")
        self._lengths = array("I")  #: 0: gone
        self._numbers = array("I")
        self._strays: dict[int, tuple[int, array[int]]] = {}  #: that came after a larger id
        self._live = 0  #: how many of the arrays are not gone
        self._waste = 0

    def __len__(self) -> int:
        return self._live + len(self._strays)

    def __contains__(self, id: int) -> bool:
        return id in self._strays or self._row(id) is not None

    def __iter__(self) -> Iterator[int]:
        """The ids, ascending."""
        held = (id for id, length in zip(self._ids, self._lengths, strict=True) if length)
        return merge(held, sorted(self._strays)) if self._strays else held

    def run(self, id: int) -> tuple[int, Sequence[int]] | None:
        """The version and the numbers of an id; None: it is not filed."""
        if (stray := self._strays.get(id)) is not None:
            return stray
        row = self._row(id)
        if row is None:
            return None
        start = self._starts[row]
        return self._versions[row], self._numbers[start : start + self._lengths[row]]

    def put(self, id: int, version: int, numbers: Sequence[int]) -> None:
        """File an id that is not filed. The numbers are never none."""
        if not self._ids or id > self._ids[-1]:
            self._ids.append(id)
            self._versions.append(version)
            self._starts.append(len(self._numbers))
            self._lengths.append(len(numbers))
            self._numbers.extend(numbers)
            self._live += 1
            return
        row = bisect_left(self._ids, id)
        if self._ids[row] != id:
            self._strays[id] = version, array("I", numbers)
            return
        self._versions[row], self._starts[row], self._lengths[row] = version, len(self._numbers), len(numbers)
        self._numbers.extend(numbers)
        self._live += 1

    def take(self, id: int) -> Sequence[int] | None:
        """The numbers of an id that is filed no longer; None: it was not."""
        if (stray := self._strays.pop(id, None)) is not None:
            return stray[1]
        row = self._row(id)
        if row is None:
            return None
        start, length = self._starts[row], self._lengths[row]
        numbers = self._numbers[start : start + length]
        self._lengths[row] = 0
        self._live -= 1
        self._waste += length
        if self._waste > _WASTE and 2 * self._waste > len(self._numbers):
            self.settle()
        return numbers

    def settle(self) -> None:
        """Pack the arrays, those that came out of order in their place; nothing is done if nothing is to be gained."""
        if not self._strays and 8 * self._waste <= len(self._numbers):
            return
        packed = Filed()
        for id in self:
            found = self.run(id)
            assert found is not None
            packed.put(id, *found)
        for name in ("_ids", "_versions", "_starts", "_lengths", "_numbers"):
            setattr(self, name, getattr(packed, name))
        self._live, self._waste, self._strays = packed._live, 0, {}

    def _row(self, id: int) -> int | None:
        if not self._ids or id > self._ids[-1]:
            return None
        row = bisect_left(self._ids, id)
        return row if self._ids[row] == id and self._lengths[row] else None
