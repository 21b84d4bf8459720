"""The order of notices, and the history that a measure tells from them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.threads import BASE, THREAD, a_base, an_addendum
from watcher.dates import Anchor
from watcher.dates.reading import read_date
from watcher.measure import ChangeKind, FactChange, Facts, Measure, MeasureStatus
from watcher.notice import Notice
from watcher.revise import facts_of, history, reading_order, revise, threads_of
from watcher.symbol import read_symbols

ROWS = Path(__file__).parents[2].parent / "shared" / "data" / "wto" / "notifications.jsonl"


def _measure(notices: tuple[Notice, ...] | list[Notice]) -> Measure:
    measure: Measure | None = None
    for notice in notices:
        measure = revise(measure, notice).measure
    assert measure is not None
    return measure


@given(st.permutations(THREAD))
@settings(max_examples=60, deadline=None)
def test_facts_do_not_depend_on_what_came_first(arrived: list[Notice]) -> None:
    """Whatever order its notices arrive in, a measure ends with the same facts, threads and reading order."""
    measure = _measure(arrived)

    assert measure.facts == facts_of(THREAD)
    assert measure.notices == THREAD
    assert measure.threads == ("G/TBT/N/KEN/1514", "G/TBT/N/TZA/735", "G/TBT/N/UGA/1580")


@given(st.lists(st.sampled_from(THREAD), min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_part_of_a_thread_reads_the_same_in_any_order(part: list[Notice], chance: Any) -> None:
    """Nor do the facts of half a thread depend on the order: the first text may be the one that is missing."""
    other = part.copy()
    chance.shuffle(other)

    assert _measure(part) == _measure(other)


@given(st.permutations(THREAD), st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_known_is_no_news(arrived: list[Notice], pick: st.DataObject) -> None:
    """A notice that comes a second time changes nothing and tells nothing."""
    measure = _measure(arrived)

    again = revise(measure, pick.draw(st.sampled_from(THREAD)))

    assert again.changes == ()
    assert again.measure == measure


@given(st.lists(st.sampled_from(THREAD), min_size=1, unique=True))
@settings(max_examples=60, deadline=None)
def test_history_is_what_would_have_been_told(part: list[Notice]) -> None:
    """The history of a measure is the news of its notices, had they arrived in reading order."""
    measure: Measure | None = None
    told: list[FactChange] = []
    for notice in reading_order(part):
        revision = revise(measure, notice)
        measure = revision.measure
        told.extend(revision.changes)

    assert history(part) == tuple(told)


def test_the_history_of_a_long_thread() -> None:
    """A thread tells its life: new, moved, replaced and re-opened, adopted, in force, withdrawn."""
    assert [(change.kind, change.new) for change in history(THREAD)] == [
        (ChangeKind.NEW_MEASURE, "Jelly drinks - Specification"),
        (ChangeKind.DEADLINE_MOVED, "2024-04-15"),
        (ChangeKind.CORRECTED, ""),
        (ChangeKind.TEXT_REPLACED, f"{BASE}/Rev.1"),
        (ChangeKind.DEADLINE_REOPENED, "2024-08-02"),
        (ChangeKind.PRODUCTS_CHANGED, "HS 210690, 220299; ICS 67.160.20; Jelly drinks; jelly powders"),
        (ChangeKind.FURTHER_INFORMATION, ""),
        (ChangeKind.ADOPTED, "2024-12-20"),
        (ChangeKind.DATE_FILLED_IN, "2025-06-20"),
        (ChangeKind.IN_FORCE, "2025-06-20"),
        (ChangeKind.WITHDRAWN, "withdrawn"),
    ]


def test_changes_say_on_whose_word() -> None:
    """Each change names the notice that brought it, the day it was distributed, and the words it rests on."""
    adopted = next(change for change in history(THREAD) if change.kind is ChangeKind.ADOPTED)

    assert adopted.symbols == (f"{BASE}/Rev.1/Add.2", "G/TBT/N/UGA/1580/Rev.1/Add.2")
    assert adopted.stated_on == date(2025, 1, 13)
    assert "was adopted by the Council on 20 December 2024" in adopted.quote


def test_the_first_text_is_read_first() -> None:
    """A first text whose date is later than that of its addendum is still read first: the date is a slip."""
    late = a_base(distribution_date=date(2025, 1, 10))
    addendum = an_addendum("Add.1")

    assert reading_order((addendum, late)) == (late, addendum)


def test_dates_decide_before_symbols() -> None:
    """An addendum to the first text that comes after the revision is read after it."""
    revised = an_addendum("Rev.1", distribution_date=date(2024, 6, 3))
    addendum = an_addendum("Add.2", distribution_date=date(2024, 7, 1))

    assert reading_order((addendum, revised, a_base())) == (a_base(), revised, addendum)


def test_symbols_decide_where_dates_are_missing() -> None:
    """Without dates: the first text, its addenda by number (10 after 9), the revision, the revision's addenda."""
    suffixes = ("Corr.1", "Add.2", "Add.9", "Add.10", "Rev.1", "Rev.1/Add.1", "Rev.2")
    others = [an_addendum(suffix, distribution_date=None) for suffix in suffixes]
    expected = (a_base(distribution_date=None), *sorted(others, key=lambda notice: _rank(notice, suffixes)))

    assert {n.symbols for n in reading_order(reversed(expected))[:4]} == {n.symbols for n in expected[:4]}
    assert reading_order(reversed(expected))[4:] == expected[4:]
    adds = [n for n in reading_order(reversed(expected)) if "/Add." in n.symbols[0] and "Rev" not in n.symbols[0]]
    assert [n.symbols[0].rsplit(".")[-1] for n in adds] == ["2", "9", "10"]


def _rank(notice: Notice, suffixes: tuple[str, ...]) -> int:
    return suffixes.index(notice.symbols[0].removeprefix(f"{BASE}/"))


def test_threads_of_a_joint_notice() -> None:
    """A joint addendum belongs to the thread of each Member's number."""
    joint = an_addendum(symbols=("G/TBT/N/UGA/1580/Add.1", "G/TBT/N/KEN/1245/Add.1"))

    assert threads_of(joint) == ("G/TBT/N/KEN/1245", "G/TBT/N/UGA/1580")


def test_a_free_symbol_is_a_thread_of_its_own() -> None:
    """Other issuers number as they like: what looks like a suffix there is none."""
    notice = replace(a_base(), issuer="US-FR", symbols=("2024-12345/Add.1",))

    assert threads_of(notice) == ("2024-12345/Add.1",)


@pytest.fixture(scope="module")
def real_threads() -> list[list[Notice]]:
    """The real notices at hand that have a symbol, by thread."""
    if not ROWS.exists():
        pytest.skip(f"no real rows at {ROWS}: they are not part of the project")
    threads: dict[str, list[Notice]] = defaultdict(list)
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if symbols := tuple(str(symbol) for symbol in read_symbols(" ".join(row.get("symbols") or ()))):
            notice = _notice(row, symbols)
            threads[threads_of(notice)[0]].append(notice)
    return list(threads.values())


def _notice(row: dict[str, Any], symbols: tuple[str, ...]) -> Notice:
    day = read_date(row.get("distribution_date")).value
    anchors = {Anchor.NOTIFICATION: day} if day else {}

    def stated(name: str) -> Any:
        return read_date(row.get(name), anchors=anchors, stated_in=day)

    return Notice(
        issuer="WTO",
        symbols=symbols,
        title=row.get("title") or "",
        content_summary=row.get("description") or "",
        addendum_reason=row.get("addendum_reason") or "",
        products_covered=row.get("products_text") or "",
        hs_codes=tuple(sorted(row.get("hs_codes") or ())),
        distribution_date=day,
        comment_deadline=stated("comment_deadline"),
        proposed_adoption=stated("adoption_date"),
        proposed_entry_into_force=stated("entry_into_force"),
        language=row["lang"],
    )


def test_real_threads_are_read_the_same_either_way(real_threads: list[list[Notice]]) -> None:
    """Real threads give the same facts forwards and backwards; a mirror's doubles are one notice."""
    assert len(real_threads) > 150
    for notices in real_threads:
        forwards = _measure(notices)
        assert len(forwards.notices) <= len(notices)
        if len({notice.symbols for notice in notices}) == len(notices):
            assert forwards == _measure(notices[::-1])


#: What a person reads in real addenda: thread → status, and the day it rests on.
_BY_EYE: dict[str, tuple[MeasureStatus, str, str]] = {
    "G/TBT/N/BDI/234": (MeasureStatus.ADOPTED, "adopted_on", "2023-05-24"),
    "G/TBT/N/BDI/405": (MeasureStatus.ADOPTED, "adopted_on", "2024-06-14"),
    "G/TBT/N/KEN/1550": (MeasureStatus.ADOPTED, "adopted_on", "2024-12-20"),
    "G/TBT/N/BRA/325": (MeasureStatus.ADOPTED, "adopted_on", "2017-02-06"),
    "G/TBT/N/BRA/859": (MeasureStatus.IN_FORCE, "in_force_on", "2019-08-28"),
    "G/TBT/N/CAN/710": (MeasureStatus.IN_FORCE, "in_force_on", "2024-06-25"),
    "G/TBT/N/LTU/43": (MeasureStatus.IN_FORCE, "in_force_on", "2022-01-25"),
    "G/TBT/N/EGY/317": (MeasureStatus.IN_FORCE, "in_force_on", "2022-12-06"),
    "G/TBT/N/TPKM/425": (MeasureStatus.ADOPTED, "in_force_on", "2025-08-01"),
    "G/TBT/N/USA/552": (MeasureStatus.ADOPTED, "published_on", "2022-10-25"),
    "G/TBT/N/USA/907": (MeasureStatus.ADOPTED, "in_force_on", "2015-08-31"),
    "G/TBT/N/USA/874": (MeasureStatus.WITHDRAWN, "adopted_on", ""),
    "G/TBT/N/USA/996": (MeasureStatus.UNKNOWN, "published_on", ""),
    "G/TBT/N/BDI/232": (MeasureStatus.ADOPTED, "adopted_on", "2023-05-24"),
    "G/TBT/N/USA/1364": (MeasureStatus.DRAFT, "comment_deadline", "2020-03-04"),
    "G/TBT/N/USA/2146": (MeasureStatus.DRAFT, "comment_deadline", "2024-12-08"),
    "G/TBT/N/TUR/106": (MeasureStatus.DRAFT, "proposed_entry_into_force", "2023-10-15"),
}


def test_real_addenda_are_read_as_a_person_reads_them(real_threads: list[list[Notice]]) -> None:
    """Seventeen real threads that were read by eye, four of them traps."""
    facts = {threads_of(notices[0])[0]: facts_of(notices) for notices in real_threads}

    assert {thread: _seen(facts[thread], field) for thread, (_, field, _) in _BY_EYE.items()} == {
        thread: (status, day) for thread, (status, _, day) in _BY_EYE.items()
    }


def _seen(facts: Facts, field: str) -> tuple[MeasureStatus, str]:
    day = getattr(facts, field).value
    return facts.status, day.isoformat() if day else ""
