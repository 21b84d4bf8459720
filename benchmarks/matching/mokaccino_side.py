"""A peer: mokaccino, a percolator in Rust. It searches no text, so an automaton finds the keywords, within its time.

pip install mokaccino ahocorasick_rs
mokaccino_side.py DIRECTORY [LIMIT]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ahocorasick_rs
from mokaccino import Document, Percolator, Query

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.matching.engines import Record, run
from benchmarks.matching.records import asked_products, product_keys, spaced


def any_of(key: str, values: Sequence[str]) -> Any:
    """One of these values."""
    queries = [Query.from_kv(key, value) for value in values]
    return queries[0] if len(queries) == 1 else Query.from_or(queries)


class Side:
    """The percolator, the automaton and the number of each keyword."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.percolator, self.words = Percolator(), dict[str, int]()
        for one in records:
            parts = []
            for key, values in (("m", one["markets"]), ("p", asked_products(one)), ("o", one["objectives"])):
                if values:
                    parts.append(any_of(key, values))
            if one["kw"]:
                parts.append(any_of("k", [self._word(word) for word in one["kw"]]))
            if one["min_severity"]:
                parts.append(Query.from_kge("s", one["min_severity"]))
            parts += [Query.from_not(Query.from_kv("k", self._word(word))) for word in one["not_kw"]]
            self.percolator.add_query_id(parts[0] if len(parts) == 1 else Query.from_and(parts), one["id"])
        self.automaton = ahocorasick_rs.AhoCorasick(list(self.words))

    def _word(self, word: str) -> str:
        return str(self.words.setdefault(spaced(word), len(self.words)))


def find(side: Side, record: Record) -> list[int]:
    """The ids of those whom a measure fits, ascending."""
    document = Document().with_value("m", record["market"]).with_value("s", str(record["severity"]))
    for key, values in (("p", product_keys(record)), ("o", record["objectives"])):
        for value in values:
            document = document.with_value(key, value)
    hits = side.automaton.find_matches_as_indexes(spaced(record["text"]), overlapping=True)
    for word in {hit[0] for hit in hits}:
        document = document.with_value("k", str(word))
    return sorted(side.percolator.percolate_list(document))


if __name__ == "__main__":
    run("mokaccino", Side, find, Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
