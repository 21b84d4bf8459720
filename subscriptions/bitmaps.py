"""Sets of subscription ids as compressed bitmaps, by the number of what was asked for.

A roaring bitmap holds the ids of a set in about two bytes each or less and unites, intersects and subtracts whole
sets in a few instructions an id; that is what makes a million standing questions answerable in a millisecond.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from pyroaring import BitMap

#: Roaring bitmaps hold numbers of 32 bits.
LARGEST_ID = 2**32 - 1
#: From so many ids, or sets, on sets are united first, in one go; below, each is looked at by itself.
_MANY = 20_000
_SEVERAL = 200


class Postings:
    """For each number the ids that asked for it. A number that nobody asks for any more is gone."""

    def __init__(self) -> None:
        self._ids: dict[int, BitMap] = {}
        self._coming: dict[int, array[int]] = {}  #: while many are let in: by the number, not yet in the sets

    def __len__(self) -> int:
        return len(self._ids)

    def load(self, numbers: Iterable[int], id: int) -> None:
        """As `add`, for very many ids in turn: they are in the sets only after `loaded`."""
        coming = self._coming
        for number in numbers:
            ids = coming.get(number)
            if ids is None:
                coming[number] = array("I", (id,))
            else:
                ids.append(id)

    def loaded(self) -> None:
        """Put in the sets what was loaded."""
        while self._coming:
            number, ids = self._coming.popitem()
            held, coming = self._ids.get(number), BitMap(ids)
            settle(coming)
            self._ids[number] = coming if held is None else held | coming

    def add(self, numbers: Iterable[int], id: int) -> None:
        """Put an id under these numbers."""
        for number in numbers:
            ids = self._ids.get(number)
            if ids is None:
                self._ids[number] = BitMap((id,))
            else:
                ids.add(id)

    def discard(self, numbers: Iterable[int], id: int) -> list[int]:
        """Take an id from under these numbers; those that nobody asks for any more."""
        gone = []
        for number in numbers:
            ids = self._ids.get(number)
            if ids is not None:
                ids.discard(id)
                if not ids:
                    del self._ids[number]
                    gone.append(number)
        return gone

    def of(self, number: int | None) -> BitMap:
        """The ids under a number, not to be changed."""
        found = None if number is None else self._ids.get(number)
        return _EMPTY if found is None else found

    def union(self, numbers: Iterable[int]) -> BitMap:
        """The ids under any of the numbers; the caller's own to change."""
        found = [ids for number in numbers if (ids := self._ids.get(number)) is not None]
        return BitMap.union(*found) if found else BitMap()

    def among(self, ids: BitMap, numbers: Iterable[int]) -> BitMap:
        """Those of these ids that are under any of the numbers; the caller's own to change."""
        found = [held for number in numbers if (held := self._ids.get(number)) is not None]
        if sum(map(len, found)) > _MANY:
            return BitMap.union(*found) & ids
        among = BitMap()
        for held in found:
            among |= held & ids
        return among

    def take_out(self, ids: BitMap, numbers: Sequence[int]) -> None:
        """Take from these ids, in their place, all that are under any of the numbers."""
        if len(numbers) > _SEVERAL:
            ids -= self.union(numbers)
            return
        for number in numbers:
            if (held := self._ids.get(number)) is not None:
                ids -= held
                if not ids:
                    break

    def settle(self) -> None:
        """Give back the memory that growing took; for after many changes."""
        for ids in self._ids.values():
            settle(ids)


def settle(ids: BitMap) -> None:
    """Pack one bitmap as small as it goes; it may still be changed."""
    ids.run_optimize()
    ids.shrink_to_fit()


_EMPTY = BitMap()
