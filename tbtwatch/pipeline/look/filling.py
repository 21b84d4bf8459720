"""The words of measures that were recorded before there was a search, or whose words were cut another way.

A few in each transaction, so that nobody waits; what is broken off is gone on with, for what is missing is asked of
the database.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import structlog

from tbtwatch.storage import DATABASE_TROUBLE, Storage

log = structlog.get_logger()

CHUNK = 100


def filling(storage: Storage, *, chunk: int = CHUNK) -> Generator[int, None, int]:
    """Write them, chunk by chunk; yields how many are done, gives how many there were."""
    done = after = 0
    while True:
        with storage.look() as tx:
            if not tx.search.not_written(limit=1, after=after):
                break
        with storage.begin() as tx:
            tx.one_at_a_time()  # nobody joins two measures meanwhile
            ids = tx.search.not_written(limit=chunk, after=after)
            classifications = tx.measures.classifications(ids)
            for measure in tx.measures.several(ids):
                assert measure.id is not None
                try:
                    with tx.part():
                        tx.search.write(measure, measure.id)
                        if known := classifications.get(measure.id):
                            tx.search.classified(measure.id, known, measure.facts)
                except DATABASE_TROUBLE:
                    raise
                except Exception:
                    # One measure that cannot be cut must not keep the others from being found.
                    log.exception("not_searchable", measure=measure.id)
            done, after = done + len(ids), max(ids, default=after)
        yield done
    if done:
        log.info("search_filled", measures=done)
    return done


def fill(storage: Storage, progress: Callable[[int, int], None] = lambda *_: None) -> int:
    """Write them all; how many there were. `progress` is told how many are done, of how many."""
    with storage.look() as tx:
        total = tx.search.count_not_written()
    done = 0
    for done in filling(storage):
        progress(done, max(total, done))
    return done
