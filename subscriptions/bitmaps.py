"""Sets of subscription ids as compressed bitmaps, by what was asked for.

A roaring bitmap holds the ids of a set in about two bytes each or less and unites, intersects and subtracts whole
sets in a few instructions an id; that is what makes a million standing questions answerable in a millisecond.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from pyroaring import BitMap

Key = TypeVar("Key", bound=Hashable)

#: Roaring bitmaps hold numbers of 32 bits.
LARGEST_ID = 2**32 - 1


class Postings(Generic[Key]):
    """For each key the ids that asked for it. A key that nobody asks for any more is gone."""

    def __init__(self) -> None:
        self._ids: dict[Key, BitMap] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._ids

    def __iter__(self) -> Iterator[Key]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, key: Key, number: int) -> bool:
        """Put an id under a key. True: the key is new."""
        ids = self._ids.get(key)
        if ids is not None:
            ids.add(number)
            return False
        self._ids[key] = BitMap((number,))
        return True

    def discard(self, key: Key, number: int) -> None:
        """Take an id from under a key, if it is there."""
        ids = self._ids.get(key)
        if ids is not None:
            ids.discard(number)
            if not ids:
                del self._ids[key]

    def union(self, keys: Iterable[Key]) -> BitMap:
        """The ids under any of the keys; the caller's own to change."""
        found = [ids for key in keys if (ids := self._ids.get(key)) is not None]
        return BitMap.union(*found) if found else BitMap()

    def settle(self) -> None:
        """Give back the memory that growing took; for after a large build."""
        for ids in self._ids.values():
            settle(ids)


class Facet(Generic[Key]):
    """One condition of which one hit is enough, and which holds always for those who did not ask for it."""

    def __init__(self) -> None:
        self.asked: Postings[Key] = Postings()
        self.unasked = BitMap()

    def add(self, keys: Iterable[Key], number: int) -> None:
        """Put an id under its keys; without keys it is among those for whom the condition always holds."""
        empty = True
        for key in keys:
            empty = False
            self.asked.add(key, number)
        if empty:
            self.unasked.add(number)

    def discard(self, keys: Iterable[Key], number: int) -> None:
        """Take an id away from its keys and from the unasked."""
        for key in keys:
            self.asked.discard(key, number)
        self.unasked.discard(number)

    def holding(self, keys: Iterable[Key]) -> BitMap:
        """The ids for whom the condition holds when a measure has these keys."""
        found = self.asked.union(keys)
        found |= self.unasked
        return found

    def settle(self) -> None:
        """Give back the memory that growing took."""
        self.asked.settle()
        settle(self.unasked)


class Demand(Generic[Key]):
    """One condition of which one hit is enough and which few ask for: it is known who lacks it, not who holds."""

    def __init__(self) -> None:
        self.asked: Postings[Key] = Postings()
        self.asking = BitMap()

    def add(self, keys: Iterable[Key], number: int) -> None:
        """Put an id under its keys."""
        for key in keys:
            self.asked.add(key, number)
            self.asking.add(number)

    def discard(self, keys: Iterable[Key], number: int) -> None:
        """Take an id away from its keys."""
        for key in keys:
            self.asked.discard(key, number)
        self.asking.discard(number)

    def lacking(self, keys: Iterable[Key]) -> BitMap:
        """The ids that ask for something and not for any of these keys; the caller's own to change."""
        return self.asking - self.asked.union(keys)

    def settle(self) -> None:
        """Give back the memory that growing took."""
        self.asked.settle()
        settle(self.asking)


def settle(ids: BitMap) -> None:
    """Pack one bitmap as small as it goes; it may still be changed."""
    ids.run_optimize()
    ids.shrink_to_fit()
