"""A peer: PostgreSQL, markets and product prefixes as arrays under one GIN index, keywords as a stored tsquery.

    gin_side.py DSN DIRECTORY [LIMIT]

The text goes in as words with blanks between them, one Chinese character a word, so that all see the same words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.matching.engines import Record, run
from benchmarks.matching.records import OBJECTIVES, asked_products, product_keys, spaced

BIT = {objective: 1 << place for place, objective in enumerate(OBJECTIVES)}
FIND = """
    WITH d AS MATERIALIZED (SELECT to_tsvector('simple', %s) AS v)
    SELECT id FROM subs, d WHERE markets && %s::text[] AND prods && %s::text[] AND sev <= %s AND (obj & %s) <> 0
    AND (kw IS NULL OR d.v @@ kw) ORDER BY id
"""


def words(record: Record) -> str | None:
    """The keywords and exclusions of a subscription as a tsquery."""
    asked = ["(" + "<->".join(f"'{word}'" for word in spaced(each).split()) + ")" for each in record["kw"]]
    excluded = ["!(" + "<->".join(f"'{word}'" for word in spaced(each).split()) + ")" for each in record["not_kw"]]
    return "&".join(([f"({'|'.join(asked)})"] if asked else []) + excluded) or None


def bits(objectives: Iterable[str]) -> int:
    """Objectives as bits."""
    return sum(BIT[objective] for objective in objectives)


def build(dsn: str, records: Iterable[Record]) -> Any:
    """The table, filled and indexed."""
    cursor = psycopg.connect(dsn, autocommit=True).cursor()
    cursor.execute("DROP TABLE IF EXISTS subs")
    cursor.execute("CREATE UNLOGGED TABLE subs(id int, markets text[], prods text[], obj int, sev int, kw tsquery)")
    with cursor.copy("COPY subs FROM STDIN") as copy:
        for one in records:
            products = asked_products(one) or ["-"]
            objectives = bits(one["objectives"]) or 255
            copy.write_row((one["id"], one["markets"] or ["*"], products, objectives, one["min_severity"], words(one)))
    for statement in ("CREATE INDEX ON subs USING gin(markets, prods)", "VACUUM ANALYZE subs", "SET jit = off"):
        cursor.execute(statement)
    return cursor


def find(cursor: Any, record: Record) -> list[int]:
    """The ids of those whom a measure fits, ascending."""
    asked = ([record["market"], "*"], [*product_keys(record), "-"], record["severity"], bits(record["objectives"]))
    cursor.execute(FIND, (spaced(record["text"]).strip(), *asked))
    return [number for (number,) in cursor.fetchall()]


if __name__ == "__main__":
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
    run("PostgreSQL GIN", lambda several: build(sys.argv[1], several), find, Path(sys.argv[2]), limit)
