"""Entries are recorded in chunks, for speed; what is recorded is what would be if each came alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rules.classify import classify
from tbtwatch.pipeline.ingest import Origin, Tally, record
from tbtwatch.storage import Storage, open_storage
from tests.builders import NOW, a_notice
from tests.pipeline.small_rules import small_ruleset
from watcher.measure import Measure
from watcher.notice import Notice
from watcher.source import Entry

MEMBERS = ("BDI", "KEN", "RWA")


def entries_of(chance: Random) -> list[Entry]:
    """Notices that share symbols and threads by chance, under keys of which some come twice."""
    found: list[Entry] = []
    for place in range(chance.randint(1, 12)):
        suffix = chance.choice(("", "", "/Add.1", "/Rev.1"))
        members = chance.sample(MEMBERS, chance.randint(1, 3))
        notice = a_notice(
            symbols=tuple(f"G/TBT/N/{member}/{chance.randint(1, 3)}{suffix}" for member in members),
            notifying_members=tuple(sorted(members)),
            title=f"Title {chance.randint(1, 2)}",
            hs_codes=chance.choice((("2202",), ("9503",), ())),
            distribution_date=date(2026, 1, 1) + timedelta(days=chance.randint(0, 40)),
        )
        found.append(Entry(key=f"entry {chance.choice((place, 0))}", notice=notice))
    return found


def recorded(storage: Storage, chunks: Sequence[Sequence[Entry]], *, silent: bool) -> tuple[list[Any], Tally]:
    """What is in the database after these chunks, apart from numbers, and what was counted."""
    tally = Tally()
    origin = Origin(source="listed", priority=1, silent=silent)
    for chunk in chunks:
        with storage.begin() as tx:
            tx.one_at_a_time()
            record(chunk, origin=origin, rules=small_ruleset, tx=tx, tally=tally, now=NOW)
    with storage.look() as tx:
        numbers = sorted({id for number in (1, 2, 3) for id in tx.measures.by_any_symbol(f"G/TBT/N/KEN/{number}")})
        found: list[Any] = []
        for number in numbers:
            measure: Measure = replace(tx.measures.get(number), id=None)
            changes = [(one.change, one.silent) for one in tx.changes.of_measure(number)]
            found.append((measure, tx.measures.classification(number), changes))
    return found, tally


@cache
def blank() -> bytes:
    """An empty database: making its schema for each example would take longer than all else."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        open_storage(f"sqlite:///{path}").close()
        return path.read_bytes()


def a_database(path: Path) -> Storage:
    """An empty one at this path."""
    path.write_bytes(blank())
    return open_storage(f"sqlite:///{path}")


@settings(max_examples=25, deadline=None, phases=(Phase.reuse, Phase.generate))  # shrinking takes minutes
@given(st.randoms(use_true_random=False), st.booleans())
def test_a_chunk_is_its_entries_one_by_one(chance: Random, silent: bool) -> None:
    """Whatever symbols, threads and keys its entries share."""
    entries = entries_of(chance)
    with TemporaryDirectory() as folder:
        together = a_database(Path(folder) / "together.db")
        apart = a_database(Path(folder) / "apart.db")
        at_once, counted = recorded(together, [entries], silent=silent)
        each, counted_each = recorded(apart, [[entry] for entry in entries], silent=silent)
        together.close()
        apart.close()

    assert at_once == each
    assert (counted.new, counted.changed, counted.seen) == (counted_each.new, counted_each.changed, counted_each.seen)


def test_an_entry_that_fails_leaves_no_trace(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose recording fails half-way is kept as unreadable; the same notice under another key is recorded."""

    def breaks(measure: Measure, ruleset: Any) -> Any:
        if measure.facts.title == "broken":
            raise ArithmeticError("made to fail")
        return classify(measure, ruleset)

    monkeypatch.setattr("tbtwatch.pipeline.ingest.classify", breaks)
    monkeypatch.setattr("tbtwatch.pipeline.strangers.classify", breaks)
    whole, broken = a_notice(), a_notice(title="broken")
    joint = a_notice(symbols=("G/TBT/N/KEN/1514", "G/TBT/N/UGA/1"), notifying_members=("KEN", "UGA"))
    chunk = [Entry(key=f"entry {place}", notice=notice) for place, notice in enumerate((broken, whole, joint))]
    tally = Tally()
    with storage.begin() as tx:
        origin = Origin(source="listed", priority=1, silent=False)
        record(chunk, origin=origin, rules=small_ruleset, tx=tx, tally=tally, now=NOW)

    with storage.look() as tx:
        (measure,) = (tx.measures.get(id) for id in tx.measures.by_any_symbol("G/TBT/N/UGA/1"))
        assert tx.notices.counts() == {"notices": 1, "unreadable": 1}
        assert "made to fail" in tx.notices.unreadable()[0].problem
    assert [notice.symbols for notice in measure.notices] == [joint.symbols]
    assert tally.unreadable == 1


def test_a_symbol_the_database_cannot_take_costs_its_notice(storage: Storage) -> None:
    """PostgreSQL refuses a NUL in a text; the other notices of the chunk are recorded."""
    strange: Notice = a_notice(symbol="G/TBT/N/KEN/\0")
    chunk = [Entry(key="strange", notice=strange), Entry(key="plain", notice=a_notice())]
    with storage.begin() as tx:
        origin = Origin(source="listed", priority=1, silent=True)
        record(chunk, origin=origin, rules=small_ruleset, tx=tx, tally=Tally(), now=NOW)

    with storage.look() as tx:
        assert tx.measures.by_any_symbol("G/TBT/N/KEN/1514")
