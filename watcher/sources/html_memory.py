"""Which rows of a list are known, and whose own page is still to be read: what a source remembers between polls.

A row is known by all that it says. So one that is worded anew is new here too, and its own page is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Final

from watcher.sources.listed import Listed

MOST_TRIES: Final = 3  #: so often a page is asked for that does not come
_DONE: Final = -1
_KEPT: Final = 3_000  # rows that are remembered after they left the list
_RAW: Final = 4_000  # characters of a row that waits for its page


class RowMemory:
    """The rows of earlier polls, as `Cursor.state` keeps them: digest → tries of its page, or -1 when that is over.

    A row that was first seen before the source was seeded is old: what its page tells later is no news.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        rows, old = state.get("rows"), state.get("old")
        stated = rows.items() if isinstance(rows, Mapping) else ()
        self._tries: dict[str, int] = {str(row): tries for row, tries in stated if isinstance(tries, int)}
        self._old: set[str] = set(map(str, old)) if isinstance(old, list | tuple) else set()

    def knows(self, row: Listed) -> bool:
        """Whether it was there before, with the very same words."""
        return digest(row) in self._tries

    def wants(self, row: Listed) -> bool:
        """Whether its own page is still to be read."""
        return 0 <= self._tries.get(digest(row), 0) < MOST_TRIES

    def is_old(self, row: Listed) -> bool:
        """Whether it was first seen while the source was seeding."""
        return digest(row) in self._old

    @property
    def owes(self) -> bool:
        """Whether some page is still to be read."""
        return any(0 <= tries < MOST_TRIES for tries in self._tries.values())

    def see(self, row: Listed, *, seeding: bool) -> None:
        """It is on the list. The latest seen stands last."""
        own = digest(row)
        if seeding and own not in self._tries:
            self._old.add(own)
        self._tries[own] = self._tries.pop(own, 0)

    def done(self, row: Listed) -> None:
        """Its page was read, or it has none."""
        self._tries[digest(row)] = _DONE

    def failed(self, row: Listed) -> None:
        """Its page did not come."""
        own = digest(row)
        self._tries[own] = self._tries.get(own, 0) + 1

    def state(self, listed: int) -> dict[str, Any]:
        """For the cursor; `listed` rows stand on the list now."""
        kept = dict(list(self._tries.items())[-(listed + _KEPT) :])
        return {"rows": kept, "old": sorted(self._old & {row for row, tries in kept.items() if tries != _DONE})}

    def drop_unlisted(self, rows: Iterable[Listed]) -> None:
        """What left the list is not waited for any more."""
        on_list = {digest(row) for row in rows}
        for own, tries in self._tries.items():
            if own not in on_list and tries >= 0:
                self._tries[own] = _DONE


def digest(row: Listed) -> str:
    """A short hash of what a row says, without its markup."""
    stated = "\x1f".join(f"{name}={value}" for name, value in asdict(replace(row, raw="")).items() if value)
    return hashlib.sha256(stated.encode("utf-8", "replace")).hexdigest()[:16]


def as_json(row: Listed) -> dict[str, Any]:
    """A row as JSON values, for the request that asks for its page."""
    stated = {name: value for name, value in asdict(replace(row, raw=row.raw[:_RAW])).items() if value}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in stated.items()}


def of_json(stated: Mapping[str, Any]) -> Listed:
    """The row again. Raises ValueError for anything else."""
    known = {field.name for field in fields(Listed)}
    if not set(stated) <= known:
        raise ValueError("no row")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stated.items()
    }
    return Listed(**values)
