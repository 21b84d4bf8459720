"""Workbooks from a file nobody vouches for: little memory, and a sentence for whatever is wrong."""

from __future__ import annotations

import gc
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import xlsx
from watcher.sources.workbook_rows import Limits, Number, Workbook, WorkbookError

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def packed(sheet: str, *, strings: str | None = None, settings_: str = "", **more: str) -> bytes:
    """A workbook of hand-written parts."""
    parts = {
        "_rels/.rels": RELATIONS.format(
            f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{REL}">{settings_}'
        '<sheets><sheet name="Notifications" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format(
            f'<Relationship Id="r1" Type="{REL}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
        **({"xl/sharedStrings.xml": strings} if strings is not None else {}),
        **more,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def a_sheet(rows: str) -> str:
    return f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>"


def rows_of(body: bytes, limits: Limits | None = None) -> list[dict[int, object]]:
    book = Workbook(body, limits)
    return [dict(cells) for _, cells in book.rows(book.sheets[0])]


def test_a_real_workbook_reads_as_it_was_written() -> None:
    """Texts from the shared strings, numbers as written, gaps left out."""
    rows = rows_of(xlsx([["a", None, 3, 4.5], [], ["b", "a"]]))

    assert rows == [{1: "a", 3: Number("3"), 4: Number("4.5")}, {1: "b", 2: "a"}]


def test_rows_and_cells_may_leave_their_places_out() -> None:
    """Small writers do: then their order counts."""
    sheet = a_sheet('<row><c t="inlineStr"><is><t>a</t></is></c><c><v>7</v></c></row><row><c r="C2"><v>8</v></c></row>')

    assert rows_of(packed(sheet)) == [{1: "a", 2: Number("7")}, {3: Number("8")}]


def test_runs_are_joined_guides_left_out_and_escapes_resolved() -> None:
    """A string may be formatted in pieces, carry its reading in kana, and hold line ends as _x000D_."""
    strings = (
        f"<sst {NS}><si><r><t>Toys</t></r><r><t xml:space='preserve'> and</t></r></si>"
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000D_\nb</t></si></sst>"
    )
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(3))

    assert rows_of(packed(a_sheet(f"<row>{cells}</row>"), strings=strings)) == [{1: "Toys and", 2: "東京", 3: "a\r\nb"}]


def test_errors_blanks_and_formulas() -> None:
    """An error is no value, a formula is what it came to."""
    sheet = a_sheet(
        '<row><c t="e"><v>#N/A</v></c><c t="str"><f>A1&amp;B1</f><v>x</v></c><c><v> </v></c>'
        '<c t="d"><v>2026-07-02</v></c></row>'
    )

    assert rows_of(packed(sheet)) == [{2: "x", 4: "2026-07-02"}]


def test_the_last_row_is_known_if_the_sheet_says_so() -> None:
    """For progress bars."""
    dimension = '<dimension ref="A1:P100001"/>'
    told = Workbook(packed(f"<worksheet {NS}>{dimension}<sheetData/></worksheet>"))

    assert told.last_row("Notifications") == 100_001
    assert Workbook(packed(a_sheet(""))).last_row("Notifications") is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is empty"),
        (b"<!doctype html><html>", "web page"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old .xls form"),
        (b"{}", "no .xlsx file"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged or was cut off"),
        (packed(a_sheet("<row/>"))[:-60], "damaged or was cut off"),
        (packed("<worksheet><sheetData><row>"), "damaged or was cut off"),
        (packed(a_sheet('<row><c t="s"><v>5</v></c></row>')), "shared string 5, but has 0"),
        (packed('<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'), "document type"),
        (packed(a_sheet(""), strings='<!DOCTYPE s [<!ENTITY a "aa">]><sst/>'), "document type"),
        (packed(a_sheet("") + "<!--" + "x" * 6_000_000), "without an end"),
        (packed(a_sheet("<row>" + "<c/>" * 17_000 + "</row>")), "more than 16384 columns"),
        (packed(a_sheet(f'<row><c t="str"><v>{"x" * 300_000}</v></c></row>')), "more than 200000 characters"),
    ],
)
def test_what_is_no_workbook_is_told_in_a_sentence(body: bytes, told: str) -> None:
    """The sentence goes on from "the workbook …"."""
    with pytest.raises(WorkbookError, match=told):
        rows_of(body)


def test_a_part_with_a_document_type_is_refused_wherever_it_stands() -> None:
    """Entities are how a small XML becomes a large one."""
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'

    with pytest.raises(WorkbookError):
        rows_of(packed(a_sheet(""), **{"xl/workbook.xml": bomb}))


def test_limits_hold() -> None:
    """By the declared size, by the ratio, by the rows."""
    zeros = packed(a_sheet("<row>" + " " * 11_000_000 + "</row>"))
    with pytest.raises(WorkbookError, match="unpacks to 11 MB, more than the 5 MB allowed"):
        rows_of(zeros, Limits(decoded=5_000_000))
    with pytest.raises(WorkbookError, match="zip bomb"):
        rows_of(zeros, Limits(ratio=100))
    with pytest.raises(WorkbookError, match="more than 2 rows"):
        rows_of(packed(a_sheet("<row><c><v>1</v></c></row>" * 3)), Limits(rows=2))


def test_a_zip_with_a_hundred_thousand_parts_is_not_even_listed() -> None:
    """Python reads the list of parts into memory whole, so its size is judged first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(f"part-{number}"), b"")

    with pytest.raises(WorkbookError, match="lists its parts in"):
        Workbook(out.getvalue())


def test_a_zip_that_lies_about_its_sizes_ends_at_what_it_declares() -> None:
    """Reading stops there, and the checksum tells."""
    body = bytearray(packed(a_sheet("<row><c><v>1</v></c></row>" * 2000)))
    at = body.find(b"PK\x01\x02", body.find(b"PK\x01\x02"))
    while at >= 0:
        if body[at + 46 : at + 46 + 24] == b"xl/worksheets/sheet1.xml":
            body[at + 24 : at + 28] = (100).to_bytes(4, "little")
        at = body.find(b"PK\x01\x02", at + 4)

    with pytest.raises(WorkbookError, match="damaged"):
        rows_of(bytes(body))


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    """Twenty megabytes of strings and rows take a tenth of it, most of that buffers."""
    path = tmp_path / "large.xlsx"
    strings = f"<sst {NS}>" + "".join(f"<si><t>{n:06d} {'text ' * 100}</t></si>" for n in range(30_000)) + "</sst>"
    cells = "".join(f'<row><c t="s"><v>{n}</v></c><c t="s"><v>{29_999 - n}</v></c></row>' for n in range(30_000))
    path.write_bytes(packed(a_sheet(cells), strings=strings))
    del strings, cells
    gc.collect()
    tracemalloc.start()
    try:
        book = Workbook(path)
        count = sum(1 for _ in book.rows("Notifications"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 30_000
    assert peak < 3_000_000
    assert [entry.name for entry in tmp_path.iterdir()] == ["large.xlsx"]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_workbook_raises_only_workbook_errors(data: st.DataObject) -> None:
    """Any bytes changed or lost anywhere."""
    body = bytearray(
        packed(a_sheet('<row><c t="s"><v>0</v></c></row>' * 20), strings=f"<sst {NS}><si><t>a</t></si></sst>")
    )
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), max_size=6)):
        body[at] = byte
    cut = data.draw(st.integers(0, len(body)))
    try:
        rows_of(bytes(body if data.draw(st.booleans()) else body[:cut]))
    except WorkbookError as error:
        told = str(error)
    else:
        told = ""
    assert "Traceback" not in told
