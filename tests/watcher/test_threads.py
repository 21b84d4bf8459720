"""Documents that an issuer keeps together under a docket or a procedure number are one measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_notice
from watcher.measure import ChangeKind
from watcher.names import MARK, MOST_NAMES, name_of, names_of
from watcher.notice import Notice
from watcher.revise import facts_of, gathered, history, join, revise, threads_of


def a_document(number: str, **over: Any) -> Notice:
    """A document of a regulator of our own making, on the docket "DX-2026-0007"."""
    values: dict[str, Any] = {
        "issuer": "XX-REG",
        "symbol": number,
        "area": "",
        "notifying_members": ("USA",),
        "title": "Kettles",
        "content_summary": "",
        "products_covered": "",
        "hs_codes": (),
        "ics_codes": (),
        "threads": ("DX-2026-0007",),
        "comment_deadline": date(2026, 3, 10),
    }
    return a_notice(**{**values, **over})


DRAFT = a_document("2026-101", title="Kettles: proposed rule", distribution_date=date(2026, 1, 9))
LONGER = a_document(
    "2026-202",
    title="Kettles: extension",
    distribution_date=date(2026, 3, 1),
    comment_deadline=date(2026, 4, 10),
)
RULE = a_document(
    "2026-303",
    title="Kettles: final rule",
    distribution_date=date(2026, 9, 1),
    comment_deadline=replace(DRAFT.comment_deadline, value=None, wording=""),
    proposed_entry_into_force=date(2027, 1, 1),
)


@pytest.mark.parametrize(
    "wording",
    [
        "DX-2026-0007",
        "Docket No. DX-2026-0007",
        "[Docket No. DX\u20132026\u20130007]",
        "docket  id:  dx-2026-0007",
        "CPSC Docket Number DX-2026-0007.",
    ],
)
def test_a_docket_is_one_however_it_is_typeset(wording: str) -> None:
    """Labels, dashes, brackets and case are typesetting."""
    assert name_of(wording) == "dx-2026-0007"


@pytest.mark.parametrize("wording", ["", "N/A", "None", "-", "7", "to be assigned", "x" * 5 + "1" * 200])
def test_what_names_nothing_joins_nothing(wording: str) -> None:
    """A field that is filled in to be filled in would join everything."""
    assert names_of(a_document("1", threads=(wording,))) == ()


def test_a_list_of_dockets_joins_none_of_them() -> None:
    """A document that closes forty dockets is no part of each of them."""
    many = tuple(f"DX-2026-{number:04}" for number in range(MOST_NAMES + 1))

    assert len(names_of(a_document("1", threads=many[:-1]))) == MOST_NAMES
    assert names_of(a_document("1", threads=many)) == ()


def test_a_name_is_never_a_symbol() -> None:
    """A docket that is called like a document does not join that document."""
    named, called = a_document("2026-9", threads=("26-101",)), a_document("26-101", threads=())

    assert threads_of(named) == (f"{MARK}26-101", "2026-9")
    assert set(threads_of(named)).isdisjoint(threads_of(called))
    with pytest.raises(ValueError, match="is not of the measure"):
        revise(gathered([named]), called)


def test_what_was_stated_last_holds() -> None:
    """Draft, extension, rule: each date from the latest document that states it, told as old and new."""
    measure = gathered([DRAFT])
    longer, rule = revise(measure, LONGER), revise(revise(measure, LONGER).measure, RULE)

    assert [(change.kind, change.old, change.new) for change in longer.changes] == [
        (ChangeKind.DEADLINE_MOVED, "2026-03-10", "2026-04-10")
    ]
    assert [(change.kind, change.old, change.new) for change in rule.changes] == [
        (ChangeKind.DATE_FILLED_IN, "", "2027-01-01")
    ]
    facts = rule.measure.facts
    assert facts.comment_deadline.value == date(2026, 4, 10)
    assert (facts.title, facts.further_text) == ("Kettles: final rule", "Kettles: proposed rule\n\nKettles: extension")
    assert rule.measure.threads == ("2026-101", "2026-202", "2026-303")
    assert rule.measure.names == (f"{MARK}dx-2026-0007",)


@pytest.mark.parametrize("order", list(permutations([DRAFT, LONGER, RULE])))
def test_the_order_of_arrival_does_not_matter(order: tuple[Notice, ...]) -> None:
    """The rule may be read before its draft."""
    measure = None
    for notice in order:
        measure = revise(measure, notice).measure

    assert measure == gathered([DRAFT, LONGER, RULE])
    assert measure.facts == facts_of(order)
    assert [change.kind for change in history(order)] == [
        ChangeKind.NEW_MEASURE,
        ChangeKind.DEADLINE_MOVED,
        ChangeKind.DATE_FILLED_IN,
    ]


def test_a_document_that_changes_no_date_is_told_still() -> None:
    """Nobody would hear of it otherwise: it is not a measure of its own any more."""
    hearing = a_document("2026-150", title="Kettles: public hearing", distribution_date=date(2026, 2, 1))

    assert [change.kind for change in revise(gathered([DRAFT]), hearing).changes] == [ChangeKind.FURTHER_INFORMATION]


def test_each_product_of_a_recall_is_found() -> None:
    """A recall event comes as a document for each product: the measure covers them all."""
    event = [
        a_document(f"26-{number}", products_covered=f"Kettle {number}", hs_codes=(code,), threads=("Event 99001",))
        for number, code in ((1, "851610"), (2, "732393"), (3, "851610"))
    ]
    facts = facts_of(event)

    assert facts.products_covered.splitlines() == ["Kettle 1", "Kettle 2", "Kettle 3"]
    assert facts.hs_codes == ("732393", "851610")


def test_measures_of_two_issuers_are_two() -> None:
    """One docket number of two regulators is a coincidence."""
    with pytest.raises(ValueError, match="different issuers"):
        join([gathered([DRAFT]), gathered([replace(LONGER, issuer="YY-REG")])])
    with pytest.raises(ValueError, match="is not of the measure"):
        revise(gathered([DRAFT]), replace(LONGER, issuer="YY-REG"))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda number, day, deadline, title: a_document(
                f"2026-{number}",
                distribution_date=date(2026, 1, day) if day else None,
                comment_deadline=date(2026, 6, deadline) if deadline else replace(RULE.comment_deadline),
                title=title,
            ),
            st.integers(1, 4),
            st.integers(0, 20),
            st.integers(0, 20),
            st.sampled_from(["", "Kettles", "Irons"]),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda notice: notice.symbols,
    ),
    st.randoms(use_true_random=False),
)
def test_facts_do_not_depend_on_what_came_first(notices: list[Notice], chance: Any) -> None:
    """Whatever the documents of a docket state, and in whatever order they come."""
    shuffled = list(notices)
    chance.shuffle(shuffled)
    measure = None
    for notice in shuffled:
        measure = revise(measure, notice).measure

    assert measure == gathered(notices)
