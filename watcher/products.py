"""When two statements of products mean the same: spelling, order and another language are no change of scope."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from watcher.later import later
from watcher.measure import Facts
from watcher.text import one_line

#: "(HS code(s): 0901)", "(ICS 67.140)", "HS编码:8702": the codes stand in fields of their own.
_CODES: Final = later(
    r"[(（\[]?\s*\b(?:HSN?|ICS)\b\s*(?:codes?\s*(?:\(s\))?|代码|编码|分类号|nos?\.?)?\s*[::]?\s*[\d.,;、\s]+[)）\]]?",
    re.IGNORECASE,
)
#: A whole part that ePing made of a code's name: "Tea. Coffee. Cocoa (ICS code(s): 67.140)".
_GENERATED: Final = later(r"(?:^|;)[^;]*\((?:HS|ICS) code\(s\)\s*:[^)]*\)\.?\s*(?=;|$)", re.IGNORECASE)
_WORDS: Final = later(r"[㐀-鿿]|[^\W_]+")
_HAN: Final = later(r"[㐀-鿿]")
_LITTLE: Final = frozenset(
    {"a", "an", "and", "as", "at", "by", "etc", "for", "from", "in", "into", "like", "of", "on", "or", "other", "such"}
    | {"than", "that", "the", "their", "thereof", "these", "this", "to", "with", "including"}
    | {"de", "des", "du", "et", "la", "le", "les", "ou", "un", "une", "pour"}
    | {"y", "el", "los", "las", "o", "una", "con", "para", "del"}
    | {"和", "及", "与", "等", "的", "或", "以", "其"}
)
_LONG_ENOUGH = 4  #: letters; a slip in a shorter word may make another word
_ALIKE = 0.8
_CODES_SHOWN = 12


#: "Products covered: toys", "产品类别：机械设备": the name of the field, which a portal or a Member wrote into it.
_LABEL: Final = later(
    r"\s*(?:(?:list\s+of\s+)?products?(?:\s+(?:covered|concerned|affected|categor(?:y|ies)|names?|types?|groups?|description))?"
    r"|produits?(?:\s+(?:visés|concernés|couverts))?|catégories?\s+de\s+produits?|productos?(?:\s+(?:abarcados|comprendidos"
    r"|cubiertos))?|categorías?\s+de\s+productos?|(?:所)?(?:涉及|涵盖|覆盖|适用)的?产品(?:范围|类别|名称)?|产品(?:类别|名称|范围|种类|类型)?"
    r"|商品(?:名称|类别)?)\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)


def without_label(text: str) -> str:
    """The products without the field's own name before them."""
    return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text


def same_products(old: str, new: str, *, restated: bool = False) -> bool:
    """Whether two texts name the same products, but for spelling, punctuation, order and little words.

    Texts in different scripts cannot be compared and are taken for the same. `restated`: the second text comes from a
    document that only repeats products, so what a portal added or left out of them is no change either.
    """
    if bool(_HAN.search(old)) != bool(_HAN.search(new)):
        return True
    if restated:
        return _within(_folded(_GENERATED.sub("", old)), _folded(_GENERATED.sub("", new)))
    return _alike(_folded(old), _folded(new))


def products_as_read(facts: Facts) -> str:
    """The products on one short line: "HS 8506, 8507; ICS 29.220; batteries"."""
    parts = [
        f"{name} {', '.join(codes[:_CODES_SHOWN])}{', …' * (len(codes) > _CODES_SHOWN)}"
        for name, codes in (("HS", facts.hs_codes), ("ICS", facts.ics_codes))
        if codes
    ]
    if facts.products_covered:
        parts.append(one_line(facts.products_covered))
    return "; ".join(parts)


def _folded(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [word for word in _WORDS.findall(_CODES.sub(" ", plain)) if word not in _LITTLE]


def _alike(old: list[str], new: list[str]) -> bool:
    if "".join(old) == "".join(new):  # "smart phones", "smartphones"
        return True
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    gone = Counter({word: count for word, count in gone.items() if word not in new})  # named twice or once: the same
    come = Counter({word: count for word, count in come.items() if word not in old})
    return (
        len(gone) == len(come)
        and all(_is_slip(word, come) for word in gone)
        and all(_is_slip(word, gone) for word in come)
    )


def _within(old: list[str], new: list[str]) -> bool:
    return not old or not new or _alike(old, new) or set(new) <= set(old) or set(old) <= set(new)


def _is_slip(word: str, others: Counter[str]) -> bool:
    if len(word) < _LONG_ENOUGH or any(letter.isdigit() for letter in word):
        return False
    return any(SequenceMatcher(None, word, other).ratio() >= _ALIKE for other in others)
