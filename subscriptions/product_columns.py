"""Which columns of a product list hold what: headers as exporters write them, in four languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What a column of a product list may hold."""

    SKU = "sku"
    NAME = "name"
    CODES = "codes"
    MARKETS = "markets"
    STANDARDS = "standards"
    CERTIFICATES = "certificates"


#: What a column is called when it is written out, by language.
WRITTEN: Final[Mapping[str, Mapping[Column, str]]] = {
    "zh": {
        Column.SKU: "货号",
        Column.NAME: "名称",
        Column.CODES: "商品编码",
        Column.MARKETS: "出口市场",
        Column.STANDARDS: "执行标准",
        Column.CERTIFICATES: "认证",
    },
    "en": {
        Column.SKU: "SKU",
        Column.NAME: "product name",
        Column.CODES: "HS code",
        Column.MARKETS: "markets",
        Column.STANDARDS: "standards",
        Column.CERTIFICATES: "certificates",
    },
}

#: Of two columns that may hold the same, the one whose name stands first here is the one.
_NAMES: Final = {
    Column.SKU: (
        "sku|skuno|sku编码|sku号|货号|产品编号|产品货号|产品代码|产品编码|物料号|物料编码|料号|款号|品号|存货编码|编号|itemno|itemnumber|"
        "itemcode|itemid|articleno|articlenumber|article|partno|partnumber|productcode|productno|productnumber|productid|"
        "stylenumber|styleno|reference|ref|référence|referencia|codigo|código|型号|规格型号|产品型号|modelno|modelnumber|model"
    ),
    Column.NAME: (
        "名称|品名|产品名称|商品名称|货物名称|中文名称|中文品名|产品|productname|itemname|name|product|description|productdescription|"
        "goods|英文名称|英文品名|désignation|designation|nom|nomduproduit|libellé|nombre|producto|nombredelproducto|descripción|descripcion"
    ),
    Column.CODES: (
        "商品编码|海关编码|海关商品编码|hs编码|hs编号|hs|hscode|hscodes|hsn|税号|税则号|税则号列|关税号|海关税号|"
        "出口税号|商品税号|hts|htscode|htsno|tariffcode|tariffno|commoditycode|customscode|harmonizedcode|codesh|codehs|codedouanier|"
        "nomenclature|partida|partidaarancelaria|códigosa|codigosa|códigohs|codigohs|商品编号"
    ),
    Column.MARKETS: (
        "出口市场|目标市场|出口国|出口国家|出口国家地区|国家|国家地区|目的国|目的国家|目的地|目的市场|销售市场|销往国家|销往|市场|出口地区|"
        "markets|market|exportmarkets|exportmarket|targetmarkets|targetmarket|countries|country|destination|destinations|"
        "destinationcountry|exportto|soldin|marchés|marchesdexportation|marché|pays|paysdedestination|mercados|mercado|países|paises|"
        "país|pais|destino"
    ),
    Column.STANDARDS: (
        "执行标准|标准|产品标准|标准号|适用标准|符合标准|技术标准|检测标准|standards|standard|standardsheld|standardno|applicablestandards|"
        "normes|norme|normas|norma"
    ),
    Column.CERTIFICATES: (
        "认证|已有认证|产品认证|认证证书|证书|持有证书|资质|certificates|certificate|certifications|certification|approvals|marks|"
        "certificats|certificat|certificados|certificado|certificación"
    ),
}  # fmt: skip
_IN_BRACKETS: Final = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")


def _plain(header: str) -> str:
    """A header as headers are compared: case, width, accents, blanks and marks make no difference."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", header).casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", "", bare)


_PLACES: Final = {
    _plain(name): (column, place) for column, names in _NAMES.items() for place, name in enumerate(names.split("|"))
}
#: "商品编号" is what customs call a commodity code, and some a SKU.
_EITHER: Final = _plain("商品编号")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where what stands in a list."""

    places: Mapping[Column, tuple[int, ...]]  #: by column; of SKU and name one place
    headers: tuple[str, ...]  #: as they are written

    def header(self, column: Column) -> str:
        """What a column is called in this list; "" if it has none."""
        return self.headers[self.places[column][0]].strip() if self.places.get(column) else ""


def columns_of(cells: Sequence[str]) -> Columns:
    """What the cells of a row are the headers of; a row that is no header gives none."""
    found: dict[Column, list[tuple[int, int]]] = {}
    for at, cell in enumerate(cells):
        if (known := _known(cell)) is not None:
            found.setdefault(known[0], []).append((known[1], at))
    places = {column: tuple(at for _, at in sorted(several)) for column, several in found.items()}
    codes = places.get(Column.CODES, ())
    if Column.SKU not in places and len(codes) > 1:
        spare = [at for at in codes if _plain(cells[at]) == _EITHER]
        if spare:
            places[Column.SKU], places[Column.CODES] = (spare[0],), tuple(at for at in codes if at not in spare)
    for column in (Column.SKU, Column.NAME):
        if column in places:
            places[column] = places[column][:1]
    return Columns(places=places, headers=tuple(cells))


def _known(cell: str) -> tuple[Column, int] | None:
    if not cell.strip() or len(cell) > 80:
        return None
    for form in (cell, _IN_BRACKETS.sub("", cell), cell.partition("\n")[0], *re.split(r"[/\n(（]", cell)[:3]):
        if (known := _PLACES.get(_plain(form))) is not None:
            return known
    return None
