"""Threads of notices for the tests of revising: one measure of three Members, told in many documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.builders import a_notice
from watcher.dates import UNKNOWN, DateFact, DateQuality
from watcher.measure import ChangeKind, Measure
from watcher.notice import Notice, NoticeType
from watcher.revise import revise

BASE = "G/TBT/N/KEN/1514"
_TYPES = {
    "Add": NoticeType.ADDENDUM,
    "Corr": NoticeType.CORRIGENDUM,
    "Rev": NoticeType.REVISION,
    "Suppl": NoticeType.SUPPLEMENT,
}


def a_base(**over: Any) -> Notice:
    """The first text: distributed 10 January 2024, comments until 10 March 2024."""
    values: dict[str, Any] = {
        "symbol": BASE,
        "distribution_date": date(2024, 1, 10),
        "comment_deadline": date(2024, 3, 10),
    }
    if "symbols" in over:
        values.pop("symbol")
    return a_notice(**{**values, **over})


def an_addendum(suffix: str = "Add.1", **over: Any) -> Notice:
    """A later document of the thread that states nothing but what the test says; distributed 2 September 2024."""
    values: dict[str, Any] = {
        "symbol": f"{BASE}/{suffix}",
        "type": _TYPES[suffix.rpartition("/")[2].partition(".")[0]],
        "title": "",
        "content_summary": "",
        "products_covered": "",
        "hs_codes": (),
        "ics_codes": (),
        "comment_deadline": UNKNOWN,
        "distribution_date": date(2024, 9, 2),
    }
    if "symbols" in over:
        values.pop("symbol")
    return a_notice(**{**values, **over})


def written(wording: str, rule: str | None = None) -> DateFact:
    """A date field that holds words and no day."""
    return DateFact(quality=DateQuality.UNKNOWN, wording=wording, rule=rule)


#: One thread, in reading order. Each adds something; three have no date.
THREAD: tuple[Notice, ...] = (
    a_base(
        symbols=(BASE, "G/TBT/N/UGA/1580", "G/TBT/N/TZA/735"),
        notifying_members=("KEN", "UGA", "TZA"),
        proposed_entry_into_force=written("6 months after adoption", "adoption + 6 months"),
    ),
    an_addendum(
        "Add.1",
        distribution_date=date(2024, 2, 20),
        content_summary="The comment period is extended until 15 April 2024.",
    ),
    an_addendum("Corr.1", distribution_date=None, content_summary="The number of pages is 12."),
    an_addendum(
        "Rev.1",
        distribution_date=date(2024, 6, 3),
        title="Jelly drinks and jelly powders - Specification",
        products_covered="Jelly drinks; jelly powders",
        hs_codes=("210690", "220299"),
        comment_deadline=date(2024, 8, 2),
    ),
    an_addendum("Rev.1/Add.1", distribution_date=None, content_summary="Kenya gives guidance on sampling."),
    an_addendum(
        symbols=(f"{BASE}/Rev.1/Add.2", "G/TBT/N/UGA/1580/Rev.1/Add.2"),
        distribution_date=date(2025, 1, 13),
        content_summary="The draft notified in G/TBT/N/KEN/1514/Rev.1 was adopted by the Council on 20 December 2024.",
    ),
    an_addendum(
        "Rev.1/Add.3",
        distribution_date=date(2025, 7, 14),
        content_summary="The standard entered into force on 20 June 2025.",
    ),
    an_addendum("Rev.1/Add.4", distribution_date=None, addendum_reason="[X] Notified measure withdrawn or revoked"),
)


def after(*notices: Notice) -> Measure:
    measure: Measure | None = None
    for notice in notices:
        measure = revise(measure, notice).measure
    assert measure is not None
    return measure


def news(*notices: Notice) -> list[tuple[ChangeKind, str, str]]:
    """Kind, old and new of each change that the last notice brings."""
    measure = after(*notices[:-1]) if len(notices) > 1 else None
    return [(change.kind, change.old, change.new) for change in revise(measure, notices[-1]).changes]


def kinds(*notices: Notice) -> list[ChangeKind]:
    return [kind for kind, _, _ in news(*notices)]
