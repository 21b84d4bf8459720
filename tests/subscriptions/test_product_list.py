"""Product lists: rows of cells into products, and what is said of rows that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.choices import Choices
from subscriptions.commodity_code import codes_in
from subscriptions.product import Product
from subscriptions.product_columns import Column, columns_of
from subscriptions.product_list import (
    MOST_PRODUCTS,
    ProductList,
    ProductListError,
    guarded,
    read_products,
    table_of,
    unguarded,
)
from tests.pipeline.service import MARKETS
from tests.subscriptions.places import choices as the_choices
from watcher.hs import LAST_HEADING, CodeError

HEADER = ("SKU", "name", "HS code", "markets", "standards", "certificates")
CHOICES = Choices()


def read(*rows: Sequence[str], header: Sequence[str] = HEADER, **over: object) -> ProductList:
    """The list with this header, numbered as a spreadsheet does."""
    numbered = list(enumerate((header, *rows), start=1))
    return read_products(numbered, markets=MARKETS, choices=CHOICES, **over)  # type: ignore[arg-type]


def problems(*rows: Sequence[str]) -> list[str]:
    """What is said of rows that are no products."""
    return [str(one) for one in read(*rows).problems]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("2202.99.00", ["22029900"]),
        ("2202990099", ["2202990099"]),
        ("2202990099101", ["2202990099"]),
        ("22029900.0", ["22029900"]),
        ("２２０２．９９", ["220299"]),
        ("2202 99 00", ["22029900"]),
        ("2202-99-00", ["22029900"]),
        ("'0901.11", ["090111"]),
        ("税号：2202990099", ["2202990099"]),
        ("HS 2202.99", ["220299"]),
        ("2202.99;0901.11、8507600020/8471\n4011", ["220299", "090111", "8507600020", "8471", "4011"]),
        ("22029900 22029100", ["22029900", "22029100"]),
        ("8501-8504", ["8501", "8502", "8503", "8504"]),
    ],
)
def test_codes_as_they_stand_in_cells(cell: str, codes: list[str]) -> None:
    """Chinese codes of 8, 10 and 13 digits and HS codes, dotted or not, several in a cell."""
    assert [one.code for one in codes_in(cell)] == codes


@pytest.mark.parametrize(
    ("cell", "code"),
    [("901.11", "090111"), ("9011100", "09011100"), ("2202.9", "220290"), ("8.5076E+09", "850760")],
)
def test_what_a_spreadsheet_did_to_a_code_is_mended_and_said(cell: str, code: str) -> None:
    """Lost zeros are put back, of a number cut short the first six digits are taken; never without a word."""
    (one,) = codes_in(cell)
    assert one.code == code
    assert code[:4] in one.remark.replace(".", "")


@pytest.mark.parametrize("cell", ["22", "abc", "77011000", "2,202,990,099", "123456789012345", "2.2E+09", "8401-8487"])
def test_what_is_no_code_is_refused_with_what_to_write(cell: str) -> None:
    """A code that is guessed would bring another product's news."""
    with pytest.raises(CodeError, match=r"write|ends with|does not have|part several"):
        list(codes_in(cell))


@given(
    st.sampled_from(sorted(LAST_HEADING)).flatmap(
        lambda chapter: st.tuples(
            st.just(chapter),
            st.integers(1, LAST_HEADING[chapter]),
            st.text("0123456789", min_size=4, max_size=6).filter(lambda rest: len(rest) in (4, 6)),
        )
    )
)
def test_a_code_is_read_the_same_however_it_is_written(parts: tuple[str, int, str]) -> None:
    """Dots, blanks, full width, dashes and a lost leading zero make no difference."""
    code = f"{parts[0]}{parts[1]:02d}{parts[2]}"
    pairs = re.findall("..", code[4:])
    written = [
        code,
        ".".join([code[:4], *pairs]),
        " ".join([code[:4], *pairs]),
        "-".join([code[:4], *pairs[:2]]) if len(pairs) == 2 else code,
        code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"{code}.0",
    ]
    if code[0] == "0" and code[1] != "0":
        written.append(code[1:])
    for one in written:
        assert [found.code for found in codes_in(one)] == [code], one


@pytest.mark.parametrize(
    "header",
    [
        ("货号", "品名", "商品编码（10位）", "出口市场", "执行标准", "认证"),
        ("产品编号*", "产品名称", "HS编码", "目的国/地区", "标准", "证书"),
        ("型号", "名称", "海关编码", "国家", "产品标准", "已有认证"),
        ("Item No.", "Product Name", "HTS", "Countries", "Standards held", "Certificates"),
        ("SKU", "Description", "HS_CODE", "Export markets", "Standards", "Certifications"),
        ("Référence", "Désignation", "Code SH", "Marchés", "Normes", "Certificats"),
        ("Código", "Nombre", "Partida arancelaria", "Países", "Normas", "Certificados"),
    ],
)
def test_headers_as_exporters_write_them(header: tuple[str, ...]) -> None:
    """In Chinese, English, French and Spanish, with notes in brackets and marks."""
    assert columns_of(header).places == {column: (at,) for at, column in enumerate(Column)}


def test_what_customs_call_a_code_may_be_a_number_of_the_enterprise() -> None:
    """商品编号 is the code unless there is another column of codes and no number."""
    assert columns_of(("商品编号", "海关编码", "国家")).places[Column.SKU] == (0,)
    assert columns_of(("货号", "商品编号", "国家")).places[Column.CODES] == (1,)


def test_a_product_of_a_row() -> None:
    """Codes, markets by name, code and group in any language, standards and certificates, each once."""
    found = read(("1107", " 椰果\n果冻 ", "2202.99", "欧盟、美国;东盟\nKenya", "GB 4706.1-2005；IEC 60335-1", "无"))

    assert found.products == (
        Product(
            sku="1107",
            name="椰果 果冻",
            codes=("220299",),
            markets=frozenset({"EU", "USA", "ASEAN", "KEN"}),
            standards=("GB 4706.1:2005", "IEC 60335-1"),
        ),
    )
    assert (found.problems, found.remarks) == ((), ())


@pytest.mark.parametrize(
    ("cell", "markets"),
    [
        ("Korea, Republic of, Japan", {"KOR", "JPN"}),
        ("Hong Kong, China", {"HKG"}),
        ("美国和加拿大", {"USA", "CAN"}),
        ("Trinidad and Tobago", {"TTO"}),
        ("USA/EU|VN", {"USA", "EU", "VNM"}),
    ],
)
def test_markets_of_a_cell(cell: str, markets: set[str]) -> None:
    """Names with commas and "and" of their own are one market."""
    assert read(("1", "", "2202", cell)).products[0].markets == markets


def test_each_bad_row_is_named_with_what_to_do() -> None:
    """By row and column, all of them, with the nearest names."""
    found = problems(
        ("1", "", "22", "EU"),
        ("2", "", "2202", "Kenyya"),
        ("", "a remark below the table"),
        ("4", "", "", "EU"),
        ("5", "", "2202", ""),
        ("6", "", "2202", "全球"),
        ("7", "", "2202", "EU", "the usual ones"),
        ("8", "", "2202", "EU"),
        ("8", "", "2203", "EU"),
    )
    rows = "234567"
    assert [one[: len("row 2")] for one in found] == [*(f"row {row}" for row in rows), "row 8", "row 1"]
    assert [re.search(r", ([^:]+):", one)[1] for one in found] == [  # type: ignore[index]
        *("HS code", "markets", "SKU", "HS code", "markets", "markets", "standards", "SKU")
    ]
    for one, said in zip(
        found,
        ("four digits", "Kenya (KEN)", "'a remark below the table'", "no commodity code", "no market", "欧盟; 东盟",
         "IEC 60335-1", "stands in row 9 already"),
        strict=True,
    ):  # fmt: skip
        assert said in one


def test_a_part_of_the_world_is_answered_with_what_may_be_meant() -> None:
    """All that is proposed is a market."""
    for region in ("欧洲", "东南亚", "中东", "南美", "非洲", "亚洲", "Europe", "Asia"):
        (one,) = problems(("1", "", "2202", region))
        meant = one.rpartition(", as ")[2]
        assert read(("1", "", "2202", meant)).problems == (), meant


def test_the_same_row_twice_is_one_product() -> None:
    """And a header that is repeated on each page is none."""
    found = read(("1", "a", "2202", "EU"), HEADER, ("1", "a", "2202", "EU"), ())
    assert len(found.products) == 1
    assert [one.row for one in found.remarks] == [4]


def test_the_header_may_stand_below_a_title() -> None:
    """Rows above it are no products; columns that are not known are left alone."""
    rows = [
        (1, ("我公司产品清单", "", "")),
        (2, ("2026-11-01",)),
        (4, ("序号", "货号", "HS编码", "国家")),
        (5, ("1", "A-1", "2202", "EU")),
    ]
    assert read_products(rows, markets=MARKETS, choices=CHOICES).products[0].sku == "A-1"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (("a", "b"), "no header was found: the first row holds 'a', 'b'"),
        (("名称", "HS编码", "国家"), "货号"),
        (("货号", "名称", "国家"), "商品编码"),
        (("货号", "HS编码"), "give --market for all of them"),
    ],
)
def test_a_table_that_is_no_product_list(header: tuple[str, ...], said: str) -> None:
    """One sentence with what is missing and how it is called."""
    with pytest.raises(ProductListError, match=re.escape(said)):
        read(("1", "2", "3"), header=header)


def test_markets_may_be_given_for_all() -> None:
    """A row's own come before them."""
    found = read(("1", "", "2202", ""), ("2", "", "2202", "KEN"), default_markets=frozenset({"EU"}))
    assert [one.markets for one in found.products] == [{"EU"}, {"KEN"}]


def test_a_list_has_an_end() -> None:
    """More products than a list may have are refused, not read for ever."""
    with pytest.raises(ProductListError, match=r"more than 10,000 products"):
        read(*((f"{number}", "", "2202", "EU") for number in range(MOST_PRODUCTS + 1)))


def test_certificates_are_kept() -> None:
    """Those that are known by their keys; others as they are, with a remark; a mark among standards is no fault."""
    row = ("1", "", "2202", "EU", "CE", "CE, BRC")
    found = read_products(list(enumerate((HEADER, row), start=1)), markets=MARKETS, choices=the_choices())
    assert found.products[0].certificates == ("ce", "BRC")
    assert (found.products[0].standards, found.problems) == ((), ())
    assert [one.text[:5] for one in found.remarks] == ["'CE' ", "'BRC'"]


@given(st.text(max_size=30))
def test_no_cell_of_an_export_is_a_formula(cell: str) -> None:
    """What a spreadsheet would carry out is guarded, and comes back as it was."""
    assert guarded(cell)[:1] not in tuple("=+-@\t\r＝＋－＠")
    assert unguarded(guarded(cell)) == cell


PRODUCTS = st.builds(
    Product,
    sku=st.text("ABC019-_ =+@'\"", min_size=1, max_size=10).map(lambda text: " ".join(text.split())).filter(bool),
    name=st.text("椰果 jelly,;\"'=", max_size=12).map(lambda text: " ".join(text.split())),
    codes=st.lists(st.sampled_from(["2202990099", "220299", "8507", "09011100"]), min_size=1, unique=True).map(tuple),
    markets=st.frozensets(st.sampled_from(["EU", "USA", "KOR", "HKG", "ASEAN", "KEN", "CIV"]), min_size=1),
    standards=st.lists(st.sampled_from(["GB 4706.1:2005", "IEC 60335-1", "EN ISO 12100"]), unique=True).map(tuple),
)


@given(
    st.lists(PRODUCTS, min_size=1, max_size=8, unique_by=lambda one: one.sku.casefold()), st.sampled_from(["zh", "en"])
)
def test_a_list_comes_back_from_its_table(products: list[Product], language: str) -> None:
    """What is exported is read again as it was."""
    table = list(table_of(products, language, MARKETS, CHOICES))
    again = read_products(list(enumerate(table, start=1)), markets=MARKETS, choices=CHOICES)
    assert (again.products, again.problems) == (tuple(products), ())


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
def test_no_table_breaks_the_reader(rows: list[list[str]]) -> None:
    """Each row is a product, a problem, or empty."""
    try:
        found = read(*rows)
    except ProductListError:
        return
    filled = {number for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)}
    assert {one.row for one in found.problems} <= filled
