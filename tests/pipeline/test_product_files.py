"""The files that exporters keep their lists in: whatever a spreadsheet program wrote, and what is no list at all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from subscriptions.choices import Choices
from subscriptions.product import Product
from subscriptions.product_list import ProductListError, read_products
from tbtwatch.pipeline.product_file import LARGEST_FILE, read_product_file
from tests.pipeline.service import MARKETS

HEADER = ("货号", "品名", "商品编码", "出口市场", "执行标准")
JELLY = ("1107", "椰果果冻饮料", "2202990099", "欧盟、美国", "GB 4706.1-2005")
TABLE = (HEADER, JELLY, ("1108", "芒果汁", "20098990", "东盟", ""))
EXPECTED = (
    Product(
        sku="1107",
        name="椰果果冻饮料",
        codes=("2202990099",),
        markets=frozenset({"EU", "USA"}),
        standards=("GB 4706.1:2005",),
    ),
    Product(sku="1108", name="芒果汁", codes=("20098990",), markets=frozenset({"ASEAN"})),
)


def products(path: Path, sheet: str = "") -> tuple[Product, ...]:
    """What a file holds, which must be without a problem."""
    found = read_products(read_product_file(path, sheet=sheet).rows, markets=MARKETS, choices=Choices())
    assert found.problems == ()
    return found.products


def csv_text(delimiter: str, table: Sequence[Sequence[str]] = TABLE) -> str:
    """A table as spreadsheets write it."""
    return "".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) + "\r\n" for row in table)


def a_workbook(path: Path, table: Sequence[Sequence[object]] = TABLE, **sheets: Sequence[Sequence[object]]) -> Workbook:
    """A workbook with this table, saved, and further sheets; given back to be made worse."""
    book = Workbook()
    first = the_sheet(book)
    for row in table:
        first.append(list(row))
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


def the_sheet(book: Workbook) -> Worksheet:
    """Its first sheet."""
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """As Excel in China and elsewhere writes it, with and without a mark."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_text(delimiter).encode(encoding))
    assert products(path) == EXPECTED


def test_a_short_list_in_gbk_with_an_english_header(tmp_path: Path) -> None:
    """Few characters are enough to tell the encoding."""
    path = tmp_path / "list.csv"
    path.write_bytes("SKU,name,HS,markets\r\n1,椅,9401,欧盟\r\n".encode("gbk"))
    assert products(path)[0].markets == {"EU"}


def test_a_list_in_french_and_windows_1252(tmp_path: Path) -> None:
    """Parted by semicolons, with accents that are not UTF-8."""
    path = tmp_path / "liste.csv"
    path.write_bytes("Référence;Désignation;Code SH;Marchés\r\nA1;Gelée;2007.99;Côte d'Ivoire\r\n".encode("cp1252"))
    assert [(one.name, one.markets) for one in products(path)] == [("Gelée", {"CIV"})]


def test_newlines_and_quotes_inside_of_cells(tmp_path: Path) -> None:
    """A cell may have several lines, Excel's line for its separator, and quotation marks of its own."""
    path = tmp_path / "list.csv"
    text = (
        'sep=;\r\nSKU;name;HS code;markets\r\n1;"a ""fine""\nchair";"9401.61\n9401.69";"EU\nUSA"\r\n2;b;="0901";EU\r\n'
    )
    path.write_text(text, newline="")
    first, second = products(path)
    assert (first.name, first.codes, first.markets) == ('a "fine" chair', ("940161", "940169"), {"EU", "USA"})
    assert second.codes == ("0901",)


def test_a_workbook(tmp_path: Path) -> None:
    """Codes that became numbers are codes again, also where a float stands; text keeps its zeros."""
    path = tmp_path / "list.xlsx"
    table = (
        (None, "2026 年产品清单"),
        (),
        HEADER,
        (1107, "a", 2202990099, "EU"),
        ("0042", "b", 22029900.0, "EU"),
        ("c", "c", 901.11, "EU"),
        ("d", "d", "'0901", "EU"),
        (),
        ("e", "e", "22029900\n22029100", "EU"),
    )
    a_workbook(path, table)
    assert [(one.sku, one.codes) for one in products(path)] == [
        ("1107", ("2202990099",)),
        ("0042", ("22029900",)),
        ("c", ("090111",)),
        ("d", ("0901",)),
        ("e", ("22029900", "22029100")),
    ]


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    """A market that is written once beside three products is the market of all three."""
    path = tmp_path / "list.xlsx"
    book = a_workbook(path, (HEADER, ("1", "a", "2202", "EU"), ("2", "b", "2203", None), ("3", "c", "2204", None)))
    the_sheet(book).merge_cells("D2:D4")
    book.save(path)
    assert [one.markets for one in products(path)] == [{"EU"}] * 3


def test_the_sheet_with_the_list_is_found(tmp_path: Path) -> None:
    """Not a hidden one, and not the first if another has the header; or the one that is named."""
    path = tmp_path / "list.xlsx"
    book = a_workbook(path, (("notes",), ("nothing here",)), products=TABLE, old=TABLE[:2])
    book["old"].sheet_state = "hidden"
    book.save(path)
    assert products(path) == EXPECTED
    assert read_product_file(path).sheet == "products"
    assert products(path, sheet="old") == EXPECTED[:1]
    with pytest.raises(ProductListError, match="no sheet 'x'; it has 'Sheet', 'products', 'old'"):
        read_product_file(path, sheet="x")


def test_a_formula_is_what_it_came_to(tmp_path: Path) -> None:
    """The value that was stored with it; of one that was never reckoned, nothing."""
    path = tmp_path / "list.xlsx"
    a_workbook(path, (HEADER, ("1", "a", "CODE", "EU")))
    sheet = "xl/worksheets/sheet1.xml"
    (cell,) = re.findall(rb'<c r="C2".*?</c>', zipfile.ZipFile(path).read(sheet))
    rewrite(path, sheet, cell, b'<c r="C2"><f>1+1</f><v>22029900</v></c>')
    assert products(path)[0].codes == ("22029900",)


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    """The workbook with other bytes in one of its parts."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert old in parts[part], parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def a_zip(**parts: bytes) -> bytes:
    """A zip file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), r"old Excel file \(.xls\)"),
        (b"<html><table><tr><td>SKU</td></tr></table></html>", "web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (a_zip(word=b"x"), "holds no workbook"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (bytes(range(256)) * 8, "no text"),
        (b"hello, world\r\n1,2\r\n", "no header was found"),
        (b'SKU,HS,markets\r\n1,"2202,EU\r\n2,2203,EU\r\n', "row 2 opens a quotation mark"),
    ],
)
def test_what_is_no_list_ends_in_one_sentence(tmp_path: Path, body: bytes, said: str) -> None:
    """With what to do instead."""
    path = tmp_path / "list.csv"
    path.write_bytes(body)
    with pytest.raises(ProductListError, match=said) as error:
        products(path)
    assert "\n" not in str(error.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Nor one that is not there, nor a folder, nor a list without end."""
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(ProductListError, match="at most 50"):
        read_product_file(path)
    with pytest.raises(ProductListError, match="No such file"):
        read_product_file(tmp_path / "none.csv")
    with pytest.raises(ProductListError, match="folder"):
        read_product_file(tmp_path)
    path.write_text("SKU,HS,markets\n" + "1,2202,EU\n" * 30_000)
    with pytest.raises(ProductListError, match="more than"):
        read_product_file(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A sheet that unpacks to a thousand times its size is refused before it is read."""
    path = tmp_path / "list.xlsx"
    a_workbook(path)
    rewrite(path, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>" + b" " * 30_000_000)
    with pytest.raises(ProductListError, match="bomb"):
        read_product_file(path)


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([b"", b"SKU,HS,markets\n", b"PK\x03\x04", b"\xff\xfe"]))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, body: bytes, start: bytes) -> None:
    """Any file is a table or a sentence."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(start + body)
    try:
        read_products(read_product_file(path).rows, markets=MARKETS, choices=Choices())
    except ProductListError:
        return
