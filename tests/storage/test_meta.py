"""Single values are found by how their names begin, as what is left of back-fills is."""

from __future__ import annotations

from datetime import date

from tbtwatch.pipeline.backfill import forget, left_of, remember
from tbtwatch.storage import Storage
from watcher.slices import Slice


def test_values_are_found_by_the_beginning_of_their_names(storage: Storage) -> None:
    """Signs that mean something to a database stand for themselves; what was emptied is left out."""
    with storage.begin() as tx:
        for name, value in (("a_b:1", "x"), ("a_b:2", ""), ("axb:3", "y"), ("a_b", "z"), ("A_B:4", "w")):
            tx.meta.set(name, value)
    with storage.look() as tx:
        assert tx.meta.starting_with("a_b:") == {"a_b:1": "x"}
        assert tx.meta.starting_with("nothing") == {}


def test_what_is_left_of_a_range_is_remembered_until_it_is_let_go_of(storage: Storage) -> None:
    """Of one source and not of another whose name begins alike; beginning again forgets nothing that was read."""
    year = Slice(since=date(2025, 1, 1), until=date(2025, 12, 31))
    with storage.begin() as tx:
        remember("fr", year, tx)
        remember("fr-two", year, tx)
        tx.meta.set("backfill:fr:2025-01-01:2025-12-31", '[["2025-07-01", "2025-12-31"]]')
        remember("fr", year, tx)
    with storage.begin() as tx:
        assert left_of("fr", tx) == [(year, 184)]
        forget("fr", year, tx)
    with storage.look() as tx:
        assert (left_of("fr", tx), left_of("fr-two", tx)) == ([], [(year, 365)])
