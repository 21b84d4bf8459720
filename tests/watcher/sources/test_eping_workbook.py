"""The bulk workbook: columns by name, days in every form, entries that stream."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.watcher.sources.answers import NOW, answer, xlsx
from tests.watcher.sources.test_workbook_rows import packed
from watcher.notice import Notice
from watcher.source import Cursor, Entry, Source, SourceError
from watcher.sources import make_source

HEADER = ["Document symbol", "Notifying Member", "Title", "Distribution date", "Final date for comments", "HS code(s)"]


def a_workbook_source(**over: Any) -> Source:
    return make_source({"name": "workbook", "kind": "eping_workbook", **over})


def entries(*sheets: Any, **over: Any) -> list[Entry]:
    source = a_workbook_source(**over)
    return list(source.parse(answer(source, xlsx(*sheets)), Cursor()).entries)


def a_row(**cells: Any) -> Notice:
    """The notice of one row with these cells under the header."""
    row = {"Document symbol": "G/TBT/N/KEN/1", **{name.replace("_", " "): value for name, value in cells.items()}}
    (entry,) = entries([HEADER, [row.get(name) for name in HEADER]])
    assert entry.notice is not None, entry.problem
    return entry.notice


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_columns_are_known_by_name_in_any_order(shuffle: random.Random) -> None:
    """Case, blanks and punctuation of the names do not matter either."""
    row = ["G/TBT/N/KEN/1", "Kenya", "Toys", 46205, 46265, "9503"]
    names = [name.upper().replace(" ", "  ") if shuffle.random() < 0.5 else f" {name} " for name in HEADER]
    order = shuffle.sample(range(len(names)), len(names))
    (entry,) = entries([[names[at] for at in order], [row[at] for at in order]])

    assert entry.notice is not None
    assert (entry.notice.title, entry.notice.hs_codes) == ("Toys", ("9503",))
    assert entry.notice.distribution_date == date(2026, 7, 2)


@pytest.mark.parametrize(
    "cell",
    [46205, 46205.5, "46205", "2026-07-02", "2026-07-02T00:00:00", "02/07/2026", "2 July 2026", date(2026, 7, 2)],
)
def test_a_day_is_read_in_every_form_a_cell_can_have(cell: Any) -> None:
    """Excel's serial number, a real date cell, or text."""
    notice = a_row(Distribution_date=cell, Final_date_for_comments=cell)

    assert notice.distribution_date == date(2026, 7, 2)
    assert notice.comment_deadline.value == date(2026, 7, 2)


@pytest.mark.parametrize("cell", [0, -5, 59, 10**9, "", "n/a", None])
def test_what_is_no_day_is_none(cell: Any) -> None:
    """No number is taken for a day that it cannot be."""
    assert a_row(Distribution_date=cell).distribution_date is None


def test_days_of_the_1904_calendar_are_right() -> None:
    """Workbooks from old Macs count from another day."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(["G/TBT/N/KEN/1", "Kenya", "Toys", date(2026, 7, 2)])
    out = io.BytesIO()
    book.save(out)
    source = a_workbook_source()
    (entry,) = source.parse(answer(source, out.getvalue()), Cursor()).entries

    assert entry.notice is not None
    assert entry.notice.distribution_date == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("8507 - Electric accumulators; 8506", ("8506", "8507")),
        ("85.07; 8506.10", ("8507", "850610")),
        ("8507 - Accumulators, other than those of 8506\n9503 - Toys", ("8507", "9503")),
        (8507, ("8507",)),
        (403, ("0403",)),
        ("", ()),
    ],
)
def test_codes_come_with_and_without_their_titles(cell: Any, codes: tuple[str, ...]) -> None:
    """A heading named inside a title is no code of the notification."""
    assert a_row(**{"HS_code(s)": cell}).hs_codes == tuple(sorted(codes))


def test_the_first_sheet_with_a_header_counts() -> None:
    """A cover sheet may stand before it."""
    (entry,) = entries([["About this file"], ["All notifications"]], [["Search"], [], HEADER, ["G/TBT/N/KEN/1"]])

    assert entry.key == "G/TBT/N/KEN/1"


def test_a_workbook_without_the_known_columns_is_told_with_what_it_has() -> None:
    """And how to mend it without waiting for a release."""
    sheet = [["Reference", "Member", "Title", "Distribution date", "Description"], ["G/TBT/N/KEN/1", "Kenya", "Toys"]]
    with pytest.raises(SourceError, match=r"'Document symbol'.*begins with 'Reference, Member.*'columns'"):
        entries(sheet)

    (entry,) = entries(sheet, columns={"reference": "symbols"})
    assert entry.key == "G/TBT/N/KEN/1"


def test_rows_of_a_joint_notification_are_entries_of_their_own() -> None:
    """One for each Member, with all symbols in each."""
    joint = "G/TBT/N/BDI/1, G/TBT/N/KEN/2"
    first, second = entries([HEADER, [joint, "Burundi"], [joint, "Kenya"]])

    assert first.notice == second.notice
    assert first.key != second.key


def test_a_repeated_row_has_a_key_of_its_own() -> None:
    """Else it would change at each poll, back and forth."""
    keys = [entry.key for entry in entries([HEADER, *[["G/TBT/N/KEN/1", "Kenya", title] for title in ("A", "B")]])]

    assert keys == ["G/TBT/N/KEN/1", "G/TBT/N/KEN/1 #2"]


def test_domains_are_switched() -> None:
    """TBT alone by default; rows of the other domain are passed over."""
    sheet = [HEADER, ["G/TBT/N/KEN/1"], ["G/SPS/N/KEN/2"]]

    assert [entry.key for entry in entries(sheet)] == ["G/TBT/N/KEN/1"]
    assert [entry.key for entry in entries(sheet, domains=["SPS"])] == ["G/SPS/N/KEN/2"]


def test_the_total_is_told_for_progress() -> None:
    """As the sheet's own dimension says; the header does not count."""
    source = a_workbook_source()
    page = source.parse(answer(source, xlsx([HEADER, *[[f"G/TBT/N/KEN/{n}"] for n in range(1, 8)]])), Cursor())

    assert page.total == 7
    assert page.next is None


def test_entries_stream_from_a_file(tmp_path: Path) -> None:
    """The first is there before the last was read, and nothing is left in the folder."""
    path = tmp_path / "body"
    path.write_bytes(xlsx([HEADER, *[[f"G/TBT/N/KEN/{n}", "Kenya", "Toys"] for n in range(1, 3000)]]))
    source = a_workbook_source()
    page = source.parse(answer(source, b"", file=path), Cursor())

    assert next(page.entries).key == "G/TBT/N/KEN/1"
    page.entries.close()  # type: ignore[attr-defined]
    assert [entry.name for entry in tmp_path.iterdir()] == ["body"]


def test_a_workbook_that_breaks_off_gives_what_came_before() -> None:
    """Its first rows are as good as ever; then comes the sentence."""
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER)
    rows = "".join(f'<row><c t="inlineStr"><is><t>G/TBT/N/KEN/{n}</t></is></c></row>' for n in range(1, 4000))
    source = a_workbook_source()
    page = source.parse(answer(source, packed(f"<worksheet><sheetData><row>{cells}</row>{rows}<row><c")), Cursor())

    assert next(page.entries).notice is not None
    with pytest.raises(SourceError, match="the workbook is damaged or was cut off"):
        list(page.entries)


def test_the_body_is_asked_for_in_a_file() -> None:
    """It is too large for memory; a publisher that knows validators may say that nothing changed."""
    request = a_workbook_source().first_request(Cursor(), NOW)

    assert request.into_file
    assert request.conditional
    assert request.max_body == 150_000_000


cells = (
    st.none()
    | st.integers()
    | st.booleans()
    | st.sampled_from(["G/TBT/N/KEN/1", "0000-00-00", "8507", "_xZZZZ_ _x0000_", "a\nb"])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=4))
def test_any_cells_make_entries(rows: list[list[Any]]) -> None:
    """Whatever stands under the header."""
    for entry in entries([HEADER, *rows]):
        assert entry.key
        assert (entry.notice is None) == bool(entry.problem)
        assert "\x00" not in entry.key + entry.raw
