"""A product that an enterprise sells, and which of them a measure affects."""

from __future__ import annotations

from dataclasses import dataclass

from rules.classification import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One article of a product list."""

    sku: str  #: the enterprise's own number of it
    name: str = ""
    codes: tuple[str, ...] = ()  #: commodity codes as they are stated, digits only: "2202990099"
    markets: frozenset[str] = frozenset()  #: Members' codes and groups, as in `Criteria`
    standards: tuple[str, ...] = ()  #: numbers of standards it is made to: "GB 4706.1:2005"
    certificates: tuple[str, ...] = ()  #: keys of schemes ("ce"), or words that no scheme is known by


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedProduct:
    """A product of the reader's that a measure affects, and by what."""

    sku: str
    name: str = ""
    code: str = ""  #: its code that fits; "" if only a standard does
    found: str = ""  #: what the measure states or implies instead of that code or a narrower one: "85"
    grade: Grade = Grade.DIRECT  #: how surely
    standards: tuple[str, ...] = ()  #: standards it is made to that the measure cites
