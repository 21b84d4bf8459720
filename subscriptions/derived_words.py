"""A product list and what follows from it, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subscriptions.product import Product
from watcher.markets import Markets

_MOST_MARKETS = 4
#: The names that derived subscriptions begin with; one that was given another name keeps it.
PREFIXES = {"zh": "产品清单：", "en": "Product list: "}

_WORDS = {
    "count": ("Products on the list: {n} ({parts}).", "清单：共 {n} 个产品（{parts}）。"),
    "added": ("{n} added", "新增 {n}"),
    "removed": ("{n} removed", "移除 {n}"),
    "changed": ("{n} changed", "变更 {n}"),
    "same": ("{n} as they were", "不变 {n}"),
    "more": ("… and {n} more", "……另有 {n} 项"),
    "market": ("markets", "市场"),
    "code": ("code", "编码"),
    "name": ("name", "名称"),
    "standard": ("standards", "标准"),
    "certificate": ("certificates", "认证"),
    "follows": (
        "Subscriptions that follow from it (a measure is told once, whatever fits):",
        "由清单得出的订阅（同一措施只通知一次）：",
    ),
    "new": ("new: “{name}”", "新订阅：“{name}”"),
    "change": ("subscription {id} becomes “{name}”", "订阅 {id} 改为“{name}”"),
    "stays": ("subscription {id} stays: “{name}”", "订阅 {id} 不变：“{name}”"),
    "ends": (
        "subscription {id} “{name}” ends: nothing it asked for is on the list any more",
        "订阅 {id}“{name}”结束：它所关注的内容已不在清单中",
    ),
    "none": ("none: the list is empty", "无：清单是空的"),
    "told": (
        "Told {frequency}, in {language}, at {addresses}.",
        "通知方式：{frequency}，{language}，发送至 {addresses}。",
    ),
    "language.zh": ("Chinese", "中文"),
    "language.en": ("English", "英文"),
}


def say(name: str, language: str, /, **values: object) -> str:
    """A wording of ours."""
    return _WORDS[name][language == "zh"].format(**values)


def name_of(markets: Iterable[str], products: int, language: str, known: Markets) -> str:
    """What a derived subscription is called: "产品清单：欧盟、美国（12 个产品）"."""
    chinese = language == "zh"
    names = sorted(known.name(market, language) for market in markets)
    shown = ("、" if chinese else ", ").join(names[:_MOST_MARKETS])
    if len(names) > _MOST_MARKETS:
        shown += f"等 {len(names)} 个市场" if chinese else f" and {len(names) - _MOST_MARKETS} more"
    if chinese:
        return f"{PREFIXES['zh']}{shown}（{products} 个产品）"
    return f"{PREFIXES['en']}{shown} ({products} product{'' if products == 1 else 's'})"


def is_derived_name(name: str) -> bool:
    """Whether a name is one of ours, or was given by a person."""
    return name.startswith(tuple(PREFIXES.values()))


def product_line(one: Product, language: str, known: Markets) -> str:
    """A product on one line: "SKU 1107 椰果果冻饮料：2202.99 → 欧盟、美国"."""
    between, colon = ("、", "：") if language == "zh" else (", ", ": ")
    markets = between.join(sorted(known.name(market, language) for market in one.markets))
    codes = between.join(dotted(code) for code in one.codes)
    return f"SKU {one.sku} {one.name}".rstrip() + f"{colon}HS {codes} → {markets}"


def difference(before: Product, after: Product, language: str, known: Markets) -> str:
    """What is different of a product: "SKU 1102：市场 欧盟 → 欧盟、美国"."""
    between, colon, semicolon = ("、", "：", "；") if language == "zh" else (", ", ": ", "; ")

    def listed(values: Sequence[str]) -> str:
        return between.join(values) or "—"

    def markets(one: Product) -> list[str]:
        return sorted(known.name(market, language) for market in one.markets)

    pairs = (
        ("name", [before.name], [after.name]),
        ("code", [dotted(code) for code in before.codes], [dotted(code) for code in after.codes]),
        ("market", markets(before), markets(after)),
        ("standard", list(before.standards), list(after.standards)),
        ("certificate", list(before.certificates), list(after.certificates)),
    )
    said = [f"{say(name, language)} {listed(old)} → {listed(new)}" for name, old, new in pairs if old != new]
    return f"SKU {after.sku}{colon}{semicolon.join(said)}"


def dotted(code: str) -> str:
    """A code as customs people write it: "2202.99.00"."""
    return code[:4] + "".join(f".{code[at : at + 2]}" for at in range(4, len(code), 2))
