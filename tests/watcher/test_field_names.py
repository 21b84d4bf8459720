"""Field names and tails of sentences that portals leave in products and objectives."""

from __future__ import annotations

import pytest

from tests.watcher.threads import a_base, after, an_addendum, news
from watcher.measure import ChangeKind
from watcher.objectives import read_objectives
from watcher.products import without_label


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("产品类别：机械设备", "机械设备"),
        ("产品: 玩具", "玩具"),
        ("涉及的产品：电池；充电器", "电池；充电器"),
        ("Products covered: toys", "toys"),
        ("Product category: Machinery", "Machinery"),
        ("Produits visés : jouets", "jouets"),
        ("Productos abarcados: juguetes", "juguetes"),
        ("Products of animal origin: meat", "Products of animal origin: meat"),
        ("产品安全要求", "产品安全要求"),
        ("Products covered:", "Products covered:"),
        ("", ""),
    ],
)
def test_the_field_s_own_name_is_no_product(text: str, products: str) -> None:
    """It is taken off; a product that begins with such a word is left alone."""
    assert without_label(text) == products
    assert after(a_base(products_covered=text)).facts.products_covered == products


def test_a_label_alone_is_no_change_of_products() -> None:
    """The same products with the field's name before them are the same."""
    labelled = an_addendum(products_covered="产品类别：机械设备", content_summary="详见附件。")
    assert news(a_base(products_covered="机械设备"), labelled) == [(ChangeKind.FURTHER_INFORMATION, "", "")]


@pytest.mark.parametrize(
    "tail",
    [
        "以下简称“器具”",
        "以下称为器具",
        "下文简称“器具”",
        "hereinafter referred to as “appliances”",
        "(hereinafter “appliances”)",
        "en lo sucesivo, «los aparatos»",
        "ci-après dénommés «appareils»",
        "等",
    ],
)
def test_a_tail_without_its_sentence_is_no_objective(tail: str) -> None:
    """What is cut off at a semicolon and only goes on with what stood before it says no objective."""
    assert read_objectives(f"保护环境；{tail}") == ("environment",)
    assert read_objectives("Fairness of weighing") == ("Fairness of weighing",)
