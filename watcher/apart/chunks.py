"""A page's entries, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from watcher.source import Entry


def chunks_of(entries: Iterator[Entry], size: int) -> Iterator[tuple[Entry, ...]]:
    """At most `size` entries at a time. What was read before a fault comes before the fault."""
    while True:
        chunk: list[Entry] = []
        try:
            for entry in islice(entries, size):
                chunk.append(entry)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            if chunk:
                yield tuple(chunk)
            raise
        if not chunk:
            return
        yield tuple(chunk)
