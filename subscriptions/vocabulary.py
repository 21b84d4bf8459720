"""The numbers of the things that are asked for: "hs 2202" is 17 as long as anybody asks for it.

A value is found by its own form ("human_health" and "human-health" are one), and where its kind has wider values
("22" of "2202", "IEC 60335" of "IEC 60335-1") it is also listed under each of those. A value that nobody asks for
any more is forgotten, and its number given to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the values of one kind are found; by default only as they are written."""

    form: Callable[[str], str] | None = None  #: the one form of several spellings
    wider: Callable[[str], Iterable[str]] | None = None  #: all that is wider than a value


@dataclass(slots=True)
class _Kind:
    """The values of one kind."""

    reading: Reading
    numbers: dict[Hashable, int] = field(default_factory=dict)
    forms: dict[str, set[int]] = field(default_factory=dict)  #: by form, where there are several spellings
    narrower: dict[str, set[int]] = field(default_factory=dict)  #: by all that is wider


class Vocabulary:
    """Each (kind, value) that is asked for, and its number."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._kinds = {kind: _Kind(reading) for kind, reading in readings.items()}
        self._meanings: list[tuple[str, Hashable] | None] = []  #: by number
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._meanings) - len(self._free)

    def of(self, kind: str) -> Mapping[Hashable, int]:
        """The values of a kind and their numbers, as they are at any time."""
        return self._kinds[kind].numbers

    def meaning(self, number: int) -> tuple[str, Hashable]:
        """What a number stands for."""
        meaning = self._meanings[number]
        assert meaning is not None
        return meaning

    def learn(self, kind: str, value: Hashable) -> int:
        """The number of a value; a new one if it was not asked for before."""
        held = self._kinds[kind]
        number = held.numbers.get(value)
        if number is not None:
            return number
        if self._free:
            number = self._free.pop()
            self._meanings[number] = (kind, value)
        else:
            number = len(self._meanings)
            self._meanings.append((kind, value))
        held.numbers[value] = number
        if held.reading.form is not None:
            held.forms.setdefault(held.reading.form(str(value)), set()).add(number)
        if held.reading.wider is not None:
            for wider in held.reading.wider(str(value)):
                held.narrower.setdefault(wider, set()).add(number)
        return number

    def forget(self, number: int) -> None:
        """Nobody asks for this any more."""
        kind, value = self.meaning(number)
        held = self._kinds[kind]
        del held.numbers[value]
        if held.reading.form is not None:
            _unlist(held.forms, held.reading.form(str(value)), number)
        if held.reading.wider is not None:
            for wider in held.reading.wider(str(value)):
                _unlist(held.narrower, wider, number)
        self._meanings[number] = None
        self._free.append(number)

    def stating(self, kind: str, values: Iterable[str]) -> list[int]:
        """The numbers of those values that are asked for, in whatever spelling; values are given by their form."""
        held = self._kinds[kind]
        if held.reading.form is not None:
            return [number for value in values for number in held.forms.get(value, ())]
        known = held.numbers
        return [number for value in values if (number := known.get(value)) is not None]

    def inside(self, kind: str, values: Iterable[str]) -> list[int]:
        """The numbers of what is asked for and is narrower than one of the values; a number may come twice."""
        narrower = self._kinds[kind].narrower
        return [number for value in values for number in narrower.get(value, ())]


def _unlist(listed: dict[str, set[int]], under: str, number: int) -> None:
    numbers = listed[under]
    numbers.discard(number)
    if not numbers:
        del listed[under]
