"""Which of the reader's products a measure affects, in words."""

from __future__ import annotations

from notifiers.message import MeasureNews, YourProducts
from notifiers.readings import dotted, dotted_codes
from notifiers.wording import Words
from rules.classification import Grade
from subscriptions.product import AffectedProduct
from watcher.text import one_line

#: So many are named; of the others the number.
MOST = 5
_MOST_ENTERPRISES = 6
_LONGEST_SKU, _LONGEST_NAME = 40, 80


def your_products(news: MeasureNews, words: Words) -> list[tuple[str, tuple[str, ...]]]:
    """Labels with a line for each product named, and "+7" for the others; nothing where no product is affected."""
    return [(_label(one, words), _lines(one, words)) for one in news.products[:_MOST_ENTERPRISES] if one.named]


def your_products_in_short(news: MeasureNews, words: Words) -> str:
    """The numbers of the products on one line; "" where none is affected."""
    said = []
    for one in news.products[:_MOST_ENTERPRISES]:
        if one.named:
            numbers = [f"SKU {one_line(each.sku, _LONGEST_SKU)}" for each in one.named[:MOST]]
            rest = _rest(one)
            more = words("blank") + words("yours.more", n=rest) if rest else ""
            said.append(_label(one, words) + words("colon") + words("pause").join(numbers) + more)
    return words("semicolon").join(said)


def _label(one: YourProducts, words: Words) -> str:
    return words("yours.of", enterprise=one_line(one.enterprise, 80)) if one.enterprise else words("yours")


def _rest(one: YourProducts) -> int:
    return max(len(one.named) - MOST, 0) + one.further


def _lines(one: YourProducts, words: Words) -> tuple[str, ...]:
    lines = [product_line(each, words) for each in one.named[:MOST]]
    rest = _rest(one)
    return (*lines, words("yours.more", n=rest)) if rest else tuple(lines)


def product_line(one: AffectedProduct, words: Words) -> str:
    """A product with what affects it: "SKU 1107 椰果果冻饮料（HS 2202.99）"."""
    name = words("yours.one", sku=one_line(one.sku, _LONGEST_SKU), name=one_line(one.name, _LONGEST_NAME)).strip()
    notes = []
    if one.code:
        code = dotted(one.code)
        if one.grade is Grade.BROAD and one.found:
            notes.append(words("yours.broad", code=code, found=dotted_codes(one_line(one.found, 60))))
        else:
            notes.append(words("yours.code" if one.grade is Grade.DIRECT else "yours.inferred", code=code))
    if one.standards:
        names = words("pause").join(one_line(standard, 60) for standard in one.standards[:3])
        notes.append(words("yours.standard", names=names))
    return words.note(name, words("semicolon").join(notes))
