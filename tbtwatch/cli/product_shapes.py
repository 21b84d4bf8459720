"""A product list and what follows from it: as JSON, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from subscriptions.criteria import Criteria
from subscriptions.derived_words import difference, product_line
from subscriptions.derived_words import say as words
from subscriptions.product import Product
from subscriptions.product_list import ProductList, Trouble
from subscriptions.words import word
from tbtwatch.cli import shapes
from tbtwatch.pipeline.compose import Names
from tbtwatch.pipeline.products import Plan, Planned
from tbtwatch.storage.products import StoredProduct
from tbtwatch.storage.types import to_json

_MOST = 20


def a_product(one: StoredProduct) -> dict[str, Any]:
    """A product as it stands or stood on a list."""
    return {
        **_facts(one.product),
        "since": shapes.instant(one.since),
        "gone_at": shapes.instant(one.gone_at),
        "gone_why": one.gone_why,
    }


def a_trouble(one: Trouble) -> dict[str, Any]:
    """What is wrong with a row, or was mended."""
    return {"row": one.row, "column": one.column, "text": one.text}


def a_plan(made: Plan, found: ProductList | None) -> dict[str, Any]:
    """What a list comes to."""
    return {
        "enterprise": made.enterprise,
        "products": len(made.products),
        "added": [_facts(one) for one in made.added],
        "removed": [_facts(one) for one in made.removed],
        "changed": [{"before": _facts(before), "after": _facts(after)} for before, after in made.changed],
        "subscriptions": [
            {
                "id": one.before.id if one.before else None,
                "name": one.name,
                "by": one.by.value,
                "products": one.products,
                "criteria": to_json(Criteria, one.criteria),
                "changes": one.changes,
            }
            for one in made.subscriptions
        ],
        "ending": [one.id for one in made.ending],
        "problems": [a_trouble(one) for one in (found.problems if found else ())],
        "remarks": [a_trouble(one) for one in (found.remarks if found else ())],
    }


def in_words(made: Plan, names: Names) -> Iterator[str]:
    """What a list comes to, in the language that its readers are written to in."""
    language, markets = made.language, names.markets
    counts = (
        ("added", len(made.added)),
        ("removed", len(made.removed)),
        ("changed", len(made.changed)),
        ("same", made.unchanged),
    )
    between = "，" if language == "zh" else ", "
    parts = between.join(words(name, language, n=n) for name, n in counts if n)
    yield words("count", language, n=len(made.products), parts=parts or "0")
    yield from _listed([f"  + {product_line(one, language, markets)}" for one in made.added], language)
    yield from _listed([f"  - {product_line(one, language, markets)}" for one in made.removed], language)
    yield from _listed([f"  ~ {difference(old, new, language, markets)}" for old, new in made.changed], language)
    yield words("follows", language)
    for one in made.subscriptions:
        yield f"  {_planned(one, language)}"
        yield f"      {names.described(one.criteria, language)}"
    for gone in made.ending:
        yield f"  {words('ends', language, id=gone.id, name=gone.name)}"
    if not made.subscriptions:
        yield f"  {words('none', language)}"
        return
    addresses = ", ".join(map(str, made.addresses))
    yield words(
        "told",
        language,
        frequency=word(made.frequency, language),
        language=words(f"language.{language}", language),
        addresses=addresses,
    )


def _planned(one: Planned, language: str) -> str:
    if one.before is None:
        return words("new", language, name=one.name)
    return words("change" if one.changes else "stays", language, id=one.before.id, name=one.name)


def _listed(lines: Sequence[str], language: str) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"  {words('more', language, n=len(lines) - _MOST)}"


def _facts(one: Product) -> dict[str, Any]:
    shaped: dict[str, Any] = to_json(Product, one)
    return shaped
