"""The product area that words name: by its own name in any language, or by the words that classify measures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.classify import classify
from rules.product_areas import ProductArea
from rules.ruleset import RuleSet
from watcher.measure import Facts, Measure

_PARTS: Final = re.compile(r"[,，、（）()]|\b(?:and|et|y)\b|[和及与含]", re.IGNORECASE)
_WIDE_WORDS: Final = (
    "parts articles materials products equipment devices goods fittings pièces matériaux objets raccords piezas "
    "materiales objetos accesorios aparatos 配件 材料 制品 设备 用品 产品"
)
_TOO_WIDE: Final = frozenset(_WIDE_WORDS.split())
_NAMING: Final = frozenset({"title", "products_covered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaNamed:
    """A product area, the words that named it, and the words that did not."""

    key: str
    words: str
    rest: tuple[str, ...]


def find_area(words: str, areas: Mapping[str, ProductArea], ruleset: RuleSet | None) -> AreaNamed | None:
    """The product area that these words name, None if they name none.

    Of several areas the one with the most words wins, then the narrower one.
    """
    if not words:
        return None
    if key := _by_name(words, areas):
        return AreaNamed(key=key, words=words, rest=())
    if ruleset is None:
        return None
    # A measure of this title: what the rules say of it is what they say of such measures.
    asked = Measure(issuer="", threads=(), facts=Facts(title=words, products_covered=words), notices=())
    candidates = []
    for found in classify(asked, ruleset).areas:
        quotes = {quote for one in found.evidence if one.field in _NAMING for quote in one.quotes}
        if found.area in areas and quotes:
            covered = _covered(words, quotes)
            width = sum(10.0 ** -len(code) for code in areas[found.area].hs)
            candidates.append((-len(covered), width, found.area, covered))
    if not candidates:
        return None
    _, _, key, covered = min(candidates, key=lambda candidate: candidate[:3])
    named = "".join(char if at in covered else "\n" for at, char in enumerate(words))
    rest = "".join(" " if at in covered else char for at, char in enumerate(words))
    return AreaNamed(key=key, words=" ".join(named.split()), rest=tuple(part for part in rest.split() if len(part) > 1))


def _covered(words: str, quotes: Iterable[str]) -> set[int]:
    """Where these quotes stand; they may overlap ("锂电" and "电池" of "锂电池")."""
    return {
        at
        for quote in quotes
        for found in re.finditer(re.escape(quote), words)
        for at in range(found.start(), found.end())
    }


def _by_name(words: str, areas: Mapping[str, ProductArea]) -> str:
    """The area of that key or name, or of a part of a name ("照明" of "灯具和照明") that no other area's name has."""
    wanted = _folded(words)
    parts: dict[str, set[str]] = {}
    for key, area in areas.items():
        if wanted in {key, *map(_folded, area.names.values())}:
            return key
        for name in area.names.values():
            for part in _PARTS.split(name):
                parts.setdefault(_folded(part), set()).add(key)
    named = parts.get(wanted, set())
    return next(iter(named)) if len(named) == 1 and words.strip().casefold() not in _TOO_WIDE else ""


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().casefold())
