"""Searching: the same on SQLite and PostgreSQL, written in the transaction that writes the measure."""

from __future__ import annotations

from random import Random

import pytest

from rules.search_words import read_question
from tbtwatch.pipeline.look.filling import fill
from tbtwatch.storage import Storage
from tbtwatch.storage.search import GONE
from tests.builders import a_notice
from tests.pipeline.service import SmallService

BATTERY = a_notice(
    symbol="G/TBT/N/EU/1024",
    notifying_members=("EU",),
    title="Labelling of lithium batteries",
    content_summary="锂离子电池的标签要求。 Étiquetage",
    products_covered="Lithium-ion cells",
    hs_codes=("850760",),
)


def found(storage: Storage, asked: str) -> set[str]:
    """The symbols of what a question finds."""
    with storage.look() as tx:
        ids = tx.search.matches(read_question(asked))
        return {measure.threads[0] for measure in tx.measures.several(sorted(ids))}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("lithium", {"EU/1024"}),
        ("battery", {"EU/1024"}),
        ("锂离子", {"EU/1024"}),
        ("鋰離子電池", {"EU/1024"}),
        ("签", {"EU/1024"}),
        ("子锂", set()),
        ("etiquetage", {"EU/1024"}),
        ("850760", {"EU/1024"}),
        ("8507.60", {"EU/1024"}),
        ("8507", {"EU/1024"}),
        ("G/TBT/N/KEN/1514", {"KEN/1514"}),
        ("jelly requirements", {"KEN/1514"}),
        ('"test methods for jelly"', {"KEN/1514"}),
        ('"methods test"', set()),
        ("requirements -jelly", set()),
        ("labelling 签 -jelly", {"EU/1024"}),
        ("labell", set()),
    ],
)
def test_both_databases_find_the_same(storage: Storage, asked: str, answer: set[str]) -> None:
    """Words, phrases, Chinese in both scripts, accents, codes and what must not occur."""
    SmallService(storage).seeded(a_notice(), BATTERY)
    assert found(storage, asked) == {f"G/TBT/N/{one}" for one in answer}


@pytest.mark.parametrize(
    "asked", ["' OR 1=1 --", '"', "a:b*", "NEAR(x y)", "{title}: x", "<->", "\x00\ud800", "^x", "(" * 200, "' & !'"]
)
def test_nothing_a_visitor_types_fails(storage: Storage, asked: str) -> None:
    """Signs of the databases' own languages are no signs here."""
    SmallService(storage).seeded(a_notice())
    assert found(storage, asked) == set()


def test_what_is_found_follows_the_measure(storage: Storage) -> None:
    """A later document's words are found at once; a measure that was merged is found under the other."""
    service = SmallService(storage).seeded(a_notice())
    service.poll(
        [a_notice(), a_notice(symbol="G/TBT/N/KEN/1514/Add.1", type="addendum", content_summary="Zebra stripes")]
    )
    assert found(storage, "zebra") == {"G/TBT/N/KEN/1514"}

    other = a_notice(symbol="G/TBT/N/UGA/7", notifying_members=("UGA",), content_summary="Walrus")
    service.poll([a_notice(), other])
    with storage.look() as tx:
        horizon, _ = tx.search.since(0)
    joint = a_notice(
        symbols=("G/TBT/N/KEN/1514/Add.2", "G/TBT/N/UGA/7/Add.1"),
        type="addendum",
        notifying_members=("KEN", "UGA"),
        content_summary="Both are one",
    )
    service.poll([a_notice(), other, joint])
    with storage.look() as tx:
        changed = list(tx.search.since(horizon)[1])
        assert len(tx.search.matches(read_question("walrus"))) == len(tx.search.matches(read_question("zebra"))) == 1
    assert sorted(one.status for one in changed) == ["draft", GONE]


def test_the_longest_text_is_taken(storage: Storage) -> None:
    """Of a book in Chinese, hardly a word twice, as much is searched as the databases take; its measure is recorded."""
    chance = Random(1)
    book = "".join(chr(chance.randrange(0x4E00, 0x9F00)) for _ in range(300_000))
    SmallService(storage).seeded(a_notice(content_summary=f"前言{book}"))
    assert found(storage, "前言") == {"G/TBT/N/KEN/1514"}


def test_who_follows_reads_only_what_is_new(storage: Storage) -> None:
    """By the horizon that was given the last time."""
    service = SmallService(storage).seeded(a_notice(), BATTERY)
    with storage.look() as tx:
        horizon, rows = tx.search.since(0)
        assert len(list(rows)) == 2 and list(tx.search.since(horizon)[1]) == []
    service.poll([a_notice(symbol="G/TBT/N/KEN/1600")])
    with storage.look() as tx:
        rows = list(tx.search.since(horizon)[1])
    assert [row.facets["member"] for row in rows] == [["KEN"]]


def test_what_was_recorded_before_there_was_a_search_is_filled_in(storage: Storage) -> None:
    """In chunks, with its filters, and once."""
    SmallService(storage).seeded(a_notice(), BATTERY)
    with storage.look() as tx:
        before = list(tx.search.since(0)[1])
    with storage.begin() as tx:
        tx._session.connection().exec_driver_sql("DELETE FROM measure_words")
    assert found(storage, "lithium") == set()
    told: list[tuple[int, int]] = []
    assert fill(storage, lambda done, total: told.append((done, total))) == 2
    assert told == [(2, 2)] and fill(storage) == 0
    assert found(storage, "lithium") == {"G/TBT/N/EU/1024"}
    with storage.look() as tx:
        after = list(tx.search.since(0)[1])
    assert after == before
