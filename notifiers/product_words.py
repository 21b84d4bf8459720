"""What is said of the reader's own products. Part of the catalogue in `notifiers.wording`."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
PRODUCTS: dict[str, tuple[str, ...]] = {
    "yours": ("Your products", "您的产品"),
    "yours.of": ("Products of {enterprise}", "{enterprise}的产品"),
    "yours.one": ("SKU {sku} {name}", "SKU {sku} {name}"),
    "yours.code": ("HS {code}", "HS {code}"),
    "yours.broad": ("HS {code}; the measure states only {found}", "HS {code}；措施只写明 {found}"),
    "yours.inferred": ("HS {code}; not stated, inferred from the words", "HS {code}；未写明编码，据文字推断"),
    "yours.standard": ("cites {names}, which you hold", "引用了您持有的 {names}"),
    "yours.more": ("+{n}", "+{n}"),
}
