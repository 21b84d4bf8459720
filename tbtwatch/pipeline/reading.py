"""A document read chunk by chunk: in a process of its own where there is one, else in a thread of this one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from tbtwatch.pipeline.aside import aside
from watcher.apart import Readers, Reading, chunks_of
from watcher.source import Cursor, Document, Entry, Source

CHUNK = 200  # entries


@asynccontextmanager
async def read(source: Source, document: Document, cursor: Cursor, readers: Readers | None) -> AsyncIterator[Reading]:
    """The page of a document. Raises SourceError, also for a document that breaks the bounds of its reader."""
    if readers is not None:
        async with readers.read(source, document, cursor) as reading:
            yield reading
        return
    page = await aside(source.parse, document, cursor)
    yield Reading(
        next=page.next, total=page.total, rhythm=page.rhythm, state=page.state, _entries=_chunks(page.entries)
    )


async def _chunks(entries: Iterator[Entry]) -> AsyncIterator[tuple[Entry, ...]]:
    chunks = chunks_of(entries, CHUNK)
    while chunk := await aside(_next, chunks):
        yield chunk


def _next(chunks: Iterator[tuple[Entry, ...]]) -> tuple[Entry, ...]:
    return next(chunks, ())
