"""Product areas: the trade's own words for groups of goods, with their names and codes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rules.rule import KEBAB, RuleError, RuleErrors
from watcher.said import either, said

LANGUAGES = ("en", "zh", "fr", "es")

_HS = re.compile(r"\d{2}(?:\d{2}(?:\d{2,6})?)?")
_ICS = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?")


def name_in(names: Mapping[str, str], language: str) -> str:
    """A name in a language, else in English, else in any."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductArea:
    """A group of goods that people subscribe to."""

    key: str  #: "household-appliances"
    names: Mapping[str, str]  #: by language: en, zh, fr, es
    sector: str = ""  #: key of the sector it is shown under
    hs: tuple[str, ...] = ()  #: HS prefixes, digits only, for people and for scoring; rules decide
    ics: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Its name in a language, else in English."""
        return name_in(self.names, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAreas(Mapping[str, ProductArea]):
    """The two-level list of product areas: sectors, and the areas in them, by key.

    Rules give areas and people subscribe to areas; a sector is a heading, and short for all its areas.
    """

    areas: Mapping[str, ProductArea]
    sectors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: key → names by language

    def __getitem__(self, key: str) -> ProductArea:
        return self.areas[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.areas)

    def __len__(self) -> int:
        return len(self.areas)

    def of_sector(self, sector: str) -> tuple[ProductArea, ...]:
        """The areas of a sector, in the order of their keys."""
        return tuple(area for area in self.areas.values() if area.sector == sector)

    def narrowest(self, code: str, which: str) -> frozenset[str]:
        """The areas that hold an HS or ICS code (`which`) by their longest prefix: cosmetics for ICS 71.100.70."""
        longest, found = 0, set[str]()
        for key, area in self.areas.items():
            for prefix in area.hs if which == "hs" else area.ics:
                if code.startswith(prefix) and len(prefix) >= longest:
                    found = {*found, key} if len(prefix) == longest else {key}
                    longest = len(prefix)
        return frozenset(found)

    def nearest(self, text: str) -> str:
        """The end of a sentence that helps on: "; did you mean toys?"."""
        asked = text.casefold()
        names = {area: " ".join(found.names.values()).casefold() for area, found in self.areas.items()}
        within = [area for area in self.areas if asked and (asked in area or asked in names[area])]
        # "textiles" is textiles-and-clothing, however much vehicles has of its letters.
        near = within[:2] or difflib.get_close_matches(text, [*self.areas, *self.sectors], n=2, cutoff=0.5)
        if near:
            return said("; did you mean {several}?", several=either(near))
        return (
            said("; known are {several}", several=", ".join(sorted(self.areas)))
            if self.areas
            else said("; no area is known")
        )

    def find(self, text: str) -> frozenset[str]:
        """The areas that a person means: by key or by name in any language; a sector means all its areas.

        Raises `RuleError` with near names if there is none.
        """
        wanted = " ".join(text.replace("_", "-").casefold().split())
        key = wanted.replace(" ", "-")
        if key in self.areas:
            return frozenset({key})
        if key in self.sectors:
            return frozenset(area.key for area in self.of_sector(key))
        for area in self.areas.values():
            if wanted in {name.casefold() for name in area.names.values()}:
                return frozenset({area.key})
        for sector, names in self.sectors.items():
            if wanted in {name.casefold() for name in names.values()}:
                return frozenset(area.key for area in self.of_sector(sector))
        raise RuleError(said("{text!r} is not a product area{near}", text=text, near=self.nearest(key)))

    def content(self) -> dict[str, Any]:
        """As plain values that `load_areas` reads back."""
        return {
            "sectors": {key: dict(names) for key, names in self.sectors.items()},
            "areas": {
                area.key: {
                    **({"sector": area.sector} if area.sector else {}),
                    "names": dict(area.names),
                    "hs": list(area.hs),
                    "ics": list(area.ics),
                }
                for area in self.areas.values()
            },
        }


def load_areas(content: object) -> ProductAreas:
    """Read the list of product areas from parsed YAML: `sectors` and `areas`, or the areas alone.

    Raises `RuleErrors` with a sentence per mistake.
    """
    if isinstance(content, ProductAreas):
        return content
    if not isinstance(content, Mapping):
        raise RuleErrors([said("the product areas are not a mapping of keys to names and codes")])
    nested = "areas" in content and isinstance(content["areas"], Mapping) and "names" not in content["areas"]
    sectors = (content.get("sectors") or {}) if nested else {}
    areas = content["areas"] if nested else content
    mistakes: list[str] = []
    if nested:
        for key in sorted(set(map(str, content)) - {"sectors", "areas"}):
            mistakes.append(
                said("the product areas have an unknown part {key!r}; known are sectors and areas", key=key)
            )
    if not isinstance(sectors, Mapping):
        mistakes.append(said("the sectors are not a mapping of keys to names"))
        sectors = {}
    headings = {
        str(key): MappingProxyType(_names(said("sector {key!r}", key=key), value, mistakes))
        for key, value in sectors.items()
    }
    found = {}
    for key in sorted(areas, key=str):
        area = _area(key, areas[key], nested, headings, mistakes)
        found[area.key] = area
    if not found:
        mistakes.append(said("there is no product area; add at least one"))
    for both in sorted(set(found) & set(headings)):
        mistakes.append(said("{both!r} is a sector and a product area; give one of them another key", both=both))
    if mistakes:
        raise RuleErrors(mistakes)
    return ProductAreas(areas=MappingProxyType(found), sectors=MappingProxyType(headings))


def _names(whose: str, value: object, mistakes: list[str]) -> dict[str, str]:
    """The names by language, noting what is wrong with them."""
    if not isinstance(value, Mapping) or not value:
        mistakes.append(said("{whose} has no names; write names: {{en: ..., zh: ..., fr: ..., es: ...}}", whose=whose))
        return {}
    names = {}
    for language, name in value.items():
        if isinstance(language, str) and isinstance(name, str) and name.strip():
            names[language] = name.strip()
        else:
            mistakes.append(
                said(
                    "{whose}: the name in {language!r} is not text; write it in quotes", whose=whose, language=language
                )
            )
    if names and "en" not in names:
        mistakes.append(said("{whose} has no English name; add one under en", whose=whose))
    return names


def _area(
    key: object, value: object, nested: bool, sectors: Mapping[str, Mapping[str, str]], mistakes: list[str]
) -> ProductArea:
    """One area, noting what is wrong with it."""
    whose = said("product area {key!r}", key=key)
    if not isinstance(key, str) or not KEBAB.fullmatch(key):
        mistakes.append(
            said(
                "{whose} is not a key; use lower case letters, digits and hyphens, as household-appliances", whose=whose
            )
        )
    if not isinstance(value, Mapping):
        mistakes.append(said("{whose} is not a mapping with names, hs and ics", whose=whose))
        return ProductArea(key=str(key), names={})
    for unknown in sorted(set(map(str, value)) - {"names", "sector", "hs", "ics"}):
        mistakes.append(
            said(
                "{whose} has an unknown part {unknown!r}; known are names, sector, hs, ics",
                whose=whose,
                unknown=unknown,
            )
        )
    sector = value.get("sector") or ""
    if nested and sector and sector not in sectors:
        mistakes.append(
            said(
                "{whose} is in the unknown sector {sector!r}; known are {several}",
                whose=whose,
                sector=sector,
                several=", ".join(sorted(sectors)),
            )
        )
    return ProductArea(
        key=str(key),
        names=MappingProxyType(_names(whose, value.get("names"), mistakes)),
        sector=str(sector),
        hs=_codes(whose, value.get("hs"), _HS, said("an HS code (2, 4 or 6 to 10 digits)"), mistakes),
        ics=_codes(whose, value.get("ics"), _ICS, said('an ICS code (as "97", "97.200" or "97.200.50")'), mistakes),
    )


def _codes(whose: str, value: object, form: re.Pattern[str], what: str, mistakes: list[str]) -> tuple[str, ...]:
    """The well-formed codes of a list, noting the others."""
    found = []
    for code in value if isinstance(value, (list, tuple)) else [value] if value is not None else []:
        if isinstance(code, str) and form.fullmatch(code):
            found.append(code)
        else:
            quotes = "" if isinstance(code, str) else said("; write it in quotes, YAML changes bare numbers")
            mistakes.append(
                said('{whose}: "{code}" is not {what}{quotes}', whose=whose, code=code, what=what, quotes=quotes)
            )
    return tuple(found)
