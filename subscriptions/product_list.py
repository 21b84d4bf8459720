"""A product list as an exporter keeps it: rows of cells into products, and what is wrong with those that are none.

Nothing is guessed that could send an alert to the wrong reader: a market or a code that cannot be read is a problem of
its row. What a spreadsheet has done to a code is mended and said.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from subscriptions.choices import ChoiceError, Choices
from subscriptions.commodity_code import codes_in
from subscriptions.criteria import Part
from subscriptions.product import Product
from subscriptions.product_columns import WRITTEN, Column, Columns, columns_of
from subscriptions.standards import StandardError, parse_standard
from watcher.hs import CodeError
from watcher.markets import MarketError, Markets
from watcher.said import Said, said, sentence_of
from watcher.text import one_line

MOST_PRODUCTS: Final = 10_000
_HEADER_WITHIN: Final = 40  # rows in which the header is looked for
_LONGEST_SKU, _LONGEST_NAME, _LONGEST_CELL = 80, 200, 4000
_MOST_OF_A_CELL: Final = 60  # codes, markets or standards of one product
_NOTHING: Final = frozenset({"", "-", "--", "/", "无", "暂无", "没有", "none", "n/a", "na", "nil", "ninguno", "aucun"})
_BETWEEN_MARKETS: Final = re.compile(r"[;；、/|\n\r]+")
_AND: Final = re.compile(r"\s+(?:and|et|y|&)\s+|(?<=[\u4e00-\u9fff])[和及与](?=[\u4e00-\u9fff])", re.IGNORECASE)
_BETWEEN_STANDARDS: Final = re.compile(r"[,，;；、|\n\r]+")
_WORLD: Final = frozenset(
    {"全球", "全世界", "世界", "所有", "全部", "all", "worldwide", "global", "world", "international"}
)
#: Parts of the world that are no market, and what may be meant.
_REGIONS: Final = {
    "欧洲": "欧盟; 英国; 瑞士",
    "europe": "EU; UK; Switzerland",
    "东南亚": "东盟",
    "southeast asia": "ASEAN",
    "中东": "海合会; 埃及; 约旦",
    "middle east": "GCC; Egypt; Jordan",
    "南美": "南方共同市场; 智利; 秘鲁",
    "south america": "MERCOSUR; Chile; Peru",
    "非洲": "东非共同体; 尼日利亚; 南非",
    "africa": "EAC; Nigeria; South Africa",
    "亚洲": "日本; 韩国; 东盟",
    "asia": "Japan; Korea; ASEAN",
}
#: Control characters and halves of characters, which no database keeps.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
#: A cell that begins so would be a formula in a spreadsheet.
_FORMULA: Final = frozenset("=+-@\t\r＝＋－＠")

Rows = Iterable[tuple[int, Sequence[str]]]


class ProductListError(ValueError):
    """A list that cannot be read at all; the sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something about one cell or row, said to whoever keeps the list."""

    row: int  #: as the spreadsheet counts, from 1
    column: str  #: its header; "" for the row as a whole
    text: str

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> Said:
        """All of it."""
        if not self.column:
            return said("row {row}: {text}", row=self.row, text=self.text)
        return said("row {row}, {column}: {text}", row=self.row, column=self.column, text=self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductList:
    """What a file holds."""

    products: tuple[Product, ...]
    problems: tuple[Trouble, ...]  #: rows that are no products
    remarks: tuple[Trouble, ...]  #: what was mended, or is kept and not compared
    columns: Mapping[Column, tuple[str, ...]]  #: which headers were taken for what
    bad_rows: int = 0


def read_products(
    rows: Rows, *, markets: Markets, choices: Choices, default_markets: frozenset[str] = frozenset()
) -> ProductList:
    """The products of a table, its header among the first rows. Raises `ProductListError` for what is no such table.

    `default_markets` are those of a product whose row names none.
    """
    stream = iter(rows)
    columns = _header(stream, default_markets)
    reader = _Reader(columns, markets, choices, default_markets)
    for number, cells in stream:
        if any(cell.strip() for cell in cells):
            reader.take(number, cells)
    if not reader.products and not reader.problems:
        raise ProductListError(said("the list has a header and no product below it; add a row for each product"))
    return ProductList(
        products=tuple(reader.products.values()),
        problems=tuple(reader.problems),
        remarks=tuple(reader.remarks),
        columns={column: tuple(columns.headers[at].strip() for at in at_s) for column, at_s in columns.places.items()},
        bad_rows=len({one.row for one in reader.problems}),
    )


def is_header(cells: Sequence[str]) -> int:
    """How many columns that are needed a row names."""
    return len(columns_of(cells).places)


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula or a number."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        return cell[2:-1]
    if cell[:1] == "'" and (cell[1:2] in _FORMULA | {"'"} or cell[1:2].isdigit()) and len(cell) > 1:
        return cell[1:]
    return cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguarded` gives it back."""
    risky = cell[:1] in _FORMULA or (cell[:1] == "'") or (cell.startswith('="') and cell.endswith('"'))
    return f"'{cell}" if risky and cell else cell


def table_of(products: Iterable[Product], language: str, markets: Markets, choices: Choices) -> Iterator[list[str]]:
    """The list as a table that `read_products` reads again, its header first."""
    header = WRITTEN["zh" if language == "zh" else "en"]
    yield [header[column] for column in Column]
    for one in products:
        yield [
            guarded(cell)
            for cell in (
                one.sku,
                one.name,
                "; ".join(one.codes),
                "; ".join(sorted(markets.name(market, language) for market in one.markets)),
                "; ".join(one.standards),
                "; ".join(choices.name(Part.SCHEME, one_, language) for one_ in one.certificates),
            )
        ]


def _header(stream: Iterator[tuple[int, Sequence[str]]], default_markets: frozenset[str]) -> Columns:
    """The columns, from the first row that names some of them; the stream goes on below it."""
    seen: list[Sequence[str]] = []
    for _, cells in stream:
        columns = columns_of(cells)
        if len(columns.places) >= 2:
            _check(columns, default_markets)
            return columns
        if any(cell.strip() for cell in cells):
            seen.append(cells)
        if len(seen) >= _HEADER_WITHIN:
            break
    first = ", ".join(repr(one_line(cell, 30)) for cell in (seen[0] if seen else ())[:8] if cell.strip())
    wrong = said("no header was found: the first row holds {first}", first=first)
    raise ProductListError(
        said(
            "{wrong}; name the columns, as SKU, product name, HS code, markets, standards "
            "(货号、名称、商品编码、出口市场、执行标准)",
            wrong=wrong if seen else said("the file holds no row at all"),
        )
    )


def _check(columns: Columns, default_markets: frozenset[str]) -> None:
    there = ", ".join(repr(one_line(header, 30)) for header in columns.headers if header.strip())
    needed = {
        Column.SKU: said("the product's own number (SKU, item no, 货号, 产品编号, 型号)"),
        Column.CODES: said("the commodity code (HS code, HTS, 商品编码, 海关编码, 税号)"),
        Column.MARKETS: said("the markets (markets, country, 出口市场, 目的国)"),
    }
    for column, called in needed.items():
        if column not in columns.places and not (column is Column.MARKETS and default_markets):
            hint = said("; or give --market for all of them") if column is Column.MARKETS else ""
            raise ProductListError(
                said(
                    "no column is named for {called}; the header has {there}{hint}",
                    called=called,
                    there=there,
                    hint=hint,
                )
            )


class _Reader:
    """Takes the rows below a header."""

    def __init__(self, columns: Columns, markets: Markets, choices: Choices, default_markets: frozenset[str]) -> None:
        self.products: dict[str, Product] = {}
        self.problems: list[Trouble] = []
        self.remarks: list[Trouble] = []
        self._columns, self._markets, self._choices, self._default = columns, markets, choices, default_markets
        self._rows: dict[str, tuple[int, Product]] = {}
        self._known: dict[str, tuple[tuple[str, ...], str]] = {}  # markets of a cell; most rows have the same

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One row, which is a product or a problem."""
        if len(self.products) >= MOST_PRODUCTS:
            raise ProductListError(
                said(
                    "the list has more than {most:,} products; part it into lists of several "
                    "enterprises, or leave out what is not exported",
                    most=MOST_PRODUCTS,
                )
            )
        if columns_of(cells).places.keys() == self._columns.places.keys():
            return  # the header once more, as on each printed page
        before = len(self.problems)
        product = Product(
            sku=self._sku(number, cells),
            name=one_line(self._cell(cells, Column.NAME), _LONGEST_NAME),
            codes=self._each(number, cells, Column.CODES, self._codes),
            markets=frozenset(self._each(number, cells, Column.MARKETS, self._market_codes)) or self._default,
            standards=self._each(number, cells, Column.STANDARDS, self._standards),
            certificates=self._each(number, cells, Column.CERTIFICATES, self._certificates),
        )
        if len(self.problems) == before:
            self._missing(number, product)
        if len(self.problems) == before and self._is_first(number, product):
            self.products[product.sku] = product

    def _missing(self, number: int, product: Product) -> None:
        if not product.codes:
            missing = said("has no commodity code; give its HS code (at least four digits) or leave the row out")
            self._problem(number, Column.CODES, missing)
        if not product.markets:
            self._problem(number, Column.MARKETS, said("names no market; write where it is sold, as 欧盟; 美国"))

    def _is_first(self, number: int, product: Product) -> bool:
        key = unicodedata.normalize("NFKC", product.sku).casefold()
        if key not in self._rows:
            self._rows[key] = (number, product)
            return True
        first, same = self._rows[key]
        if same == product:
            self._remark(
                number, Column.SKU, said("{sku!r} stands in row {first} already, just so", sku=product.sku, first=first)
            )
        else:
            twice = said(
                "{sku!r} stands in row {first} already, with other facts; keep one of the two rows",
                sku=product.sku,
                first=first,
            )
            self._problem(number, Column.SKU, twice)
        return False

    def _sku(self, number: int, cells: Sequence[str]) -> str:
        sku = one_line(self._cell(cells, Column.SKU), 2 * _LONGEST_SKU)
        if not sku:
            held = " ".join(cell.strip() for cell in cells if cell.strip())
            missing = said(
                "has no number (SKU); it holds {held!r}: number it, or take the row out", held=one_line(held, 60)
            )
            self._problem(number, Column.SKU, missing)
        elif len(sku) > _LONGEST_SKU:
            self._problem(
                number,
                Column.SKU,
                said("has {n} characters; a SKU has at most {most}", n=len(sku), most=_LONGEST_SKU),
            )
        return sku

    def _cell(self, cells: Sequence[str], column: Column, place: int = 0) -> str:
        places = self._columns.places.get(column, ())
        if place >= len(places) or places[place] >= len(cells):
            return ""
        return unguarded(_UNWANTED.sub("", cells[places[place]]).strip()).strip()

    def _each(
        self, number: int, cells: Sequence[str], column: Column, read: Callable[[int, str], Iterable[str]]
    ) -> tuple[str, ...]:
        """What stands in all columns of a kind, each value once."""
        found: dict[str, None] = {}
        for place in range(len(self._columns.places.get(column, ()))):
            cell = self._cell(cells, column, place)
            if cell.casefold() in _NOTHING:
                continue
            if len(cell) > _LONGEST_CELL:
                self._problem(
                    number,
                    column,
                    said("has {n} characters; that is no list of {column}", n=len(cell), column=column.value),
                )
                continue
            found.update(dict.fromkeys(read(number, cell)))
        if len(found) > _MOST_OF_A_CELL and column is not Column.MARKETS:
            self._problem(
                number,
                column,
                said("names {n}; one product has at most {most}", n=len(found), most=_MOST_OF_A_CELL),
            )
        return tuple(found)

    def _codes(self, number: int, cell: str) -> list[str]:
        try:
            several = list(codes_in(cell))
        except CodeError as error:
            self._problem(number, Column.CODES, sentence_of(error))
            return []
        for remark in dict.fromkeys(one.remark for one in several if one.remark):
            self._remark(number, Column.CODES, remark)
        return [one.code for one in several]

    def _market_codes(self, number: int, cell: str) -> tuple[str, ...]:
        if cell not in self._known:
            try:
                self._known[cell] = tuple(self._read_markets(cell)), ""
            except MarketError as error:
                self._known[cell] = (), sentence_of(error)
        found, wrong = self._known[cell]
        if wrong:
            self._problem(number, Column.MARKETS, wrong)
        return found

    def _read_markets(self, cell: str) -> Iterator[str]:
        if code := self._markets.find(cell):
            yield self._markets.resolve(code)
            return
        for field in _BETWEEN_MARKETS.split(cell):
            parts = [part.strip() for part in re.split("[,，]", field) if part.strip()]
            at = 0
            while at < len(parts):
                # "Korea, Republic of" and "Hong Kong, China" are one name each.
                if at + 1 < len(parts) and (one := self._markets.find(", ".join(parts[at : at + 2]))):
                    yield one
                    at += 2
                else:
                    yield from self._read_market(parts[at])
                    at += 1

    def _read_market(self, part: str) -> Iterator[str]:
        if part.casefold() in _WORLD:
            raise MarketError(
                said("{part!r} is no market; write the countries or groups, as 欧盟; 东盟; 美国", part=part)
            )
        if (meant := _REGIONS.get(part.casefold())) is not None and self._markets.find(part) is None:
            raise MarketError(
                said("{part!r} is no market; write the countries or groups of it, as {meant}", part=part, meant=meant)
            )
        if self._markets.find(part) is None and len(halves := [one for one in _AND.split(part) if one.strip()]) > 1:
            for half in halves:
                yield from self._read_market(half)
            return
        yield self._markets.resolve(part)

    def _standards(self, number: int, cell: str) -> Iterator[str]:
        for part in _BETWEEN_STANDARDS.split(cell):
            stated = part.strip().strip("《》")
            if stated.casefold() in _NOTHING:
                continue
            try:
                yield parse_standard(stated)
            except StandardError as error:
                # "CE" in the column of standards says nothing wrong; it is only no number.
                if self._choices.scheme(stated) is None:
                    self._problem(number, Column.STANDARDS, sentence_of(error))
                else:
                    self._remark(
                        number,
                        Column.STANDARDS,
                        said("{stated!r} is a mark and no standard; it is not compared", stated=stated),
                    )

    def _certificates(self, number: int, cell: str) -> Iterator[str]:
        for part in _BETWEEN_STANDARDS.split(cell):
            stated = one_line(part.strip(), 80)
            if stated.casefold() in _NOTHING:
                continue
            try:
                yield self._choices.find(Part.SCHEME, stated)
            except ChoiceError:
                self._remark(
                    number,
                    Column.CERTIFICATES,
                    said("{stated!r} is no certificate known here; it is kept as it is", stated=stated),
                )
                yield stated

    def _problem(self, number: int, column: Column, text: str) -> None:
        self.problems.append(Trouble(row=number, column=self._columns.header(column), text=text))

    def _remark(self, number: int, column: Column, text: str) -> None:
        self.remarks.append(Trouble(row=number, column=self._columns.header(column), text=text))


def near_skus(asked: str, there: Iterable[str]) -> list[str]:
    """Numbers of products that resemble what was asked for."""
    return difflib.get_close_matches(asked, list(there), 3, 0.6)
