"""What a measure is called. Many documents state no title, or a code in its place."""

from __future__ import annotations

import re

from watcher.measure import Facts
from watcher.text import one_line

LONGEST = 400
#: "(HS code(s): 2202)", "(ICS分类号:65.100)" behind a product: no part of its name.
_CODES_IN_BRACKETS = re.compile(r"\s*[(（]\s*(?:HS|ICS)\b(?:[^()（）]|[(（][^()（）]*[)）])*[)）]")
_ENDS = " ;,.；，。\n"
#: "- Other fruit", "– – of cotton", "•": a line of a tariff, without the heading it stands under.
_BULLETS = re.compile(r"[-–—−•·*▪●][-–—−•·*▪●\s]*(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
#: What stands before a code and names nothing by itself.
_LABELS = frozenset(
    {"code", "codes", "codigo", "código", "códigos", "heading", "headings", "chapter", "chapters", "subheading"}
    | {"tariff", "notif", "corr", "suppl", "编码", "代码", "编号", "税号", "税则号", "税目", "品目"}
    | {"分类号", "海关编码"}
)
_LATIN_ENDS = "\u024f"
_SHORTEST_WORD = 4


def title_of(facts: Facts, limit: int = LONGEST) -> str:
    """The title as the document has it; if it has none that names anything, the products or the description.

    A title that is only a code, or a tariff's line without its heading ("- Other fruit"), names nothing. On one line
    of at most `limit` characters; "" if no text is there at all.
    """
    products = _CODES_IN_BRACKETS.sub("", facts.products_covered).strip(_ENDS)
    texts = (facts.title.strip(), products, facts.content_summary.strip())
    named = next((text for text in texts if _names_something(text)), "")
    # Nothing better is there: the tariff's line without its dashes, then whatever stands there.
    rest = (_BULLETS.sub("", text, count=1) for text in texts if _BULLETS.match(text))
    fallback = (*rest, *texts, facts.products_covered)
    return one_line(named, limit) or next((line for text in fallback if (line := one_line(text, limit))), "")


def _names_something(text: str) -> bool:
    if not text or _BULLETS.match(text):
        return False
    return not any(char.isdigit() for char in text) or any(_is_word(found[0]) for found in _LETTERS.finditer(text))


def _is_word(letters: str) -> bool:
    if letters.casefold() in _LABELS:
        return False
    foreign = any(char > _LATIN_ENDS for char in letters)
    return len(letters) >= (2 if foreign else _SHORTEST_WORD)
