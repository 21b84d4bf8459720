"""The reader's own products in what is written to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifiers.message import MeasureNews, YourProducts
from notifiers.render import render_alert, render_digest
from rules.classification import Grade
from subscriptions.product import AffectedProduct
from tests.notifiers.contents import alert, digest, moved, news

JELLY = AffectedProduct(sku="1107", name="椰果果冻饮料", code="220299")
BATTERY = AffectedProduct(sku="B-2", name="Pack", code="850760", found="85", grade=Grade.BROAD)
HELD = AffectedProduct(sku="3", name="Kettle", standards=("GB 4706.1:2005",))
MANY = tuple(AffectedProduct(sku=f"A{number}", name="Jelly", code="220299") for number in range(6))


def with_products(*named: AffectedProduct, further: int = 0, enterprise: str = "") -> MeasureNews:
    """News that affects these."""
    return replace(news(), products=(YourProducts(enterprise=enterprise, named=named, further=further),))


def text(one: MeasureNews, language: str, channel: str = "email") -> str:
    """An alert of it."""
    return render_alert(alert(news=one), channel=channel, language=language, recipient="a@example.com").text


def test_products_are_named_with_what_affects_them() -> None:
    """By number and name, with the code; how it fits if not directly; the standard that is held."""
    zh, en = (text(with_products(JELLY, BATTERY, HELD), language) for language in ("zh", "en"))
    assert "您的产品：SKU 1107 椰果果冻饮料（HS 2202.99）\n" in zh
    assert "SKU B-2 Pack（HS 8507.60；措施只写明 85）" in zh
    assert "SKU 3 Kettle（引用了您持有的 GB 4706.1:2005）" in zh
    assert "Your products: SKU 1107 椰果果冻饮料 (HS 2202.99)\n" in en
    assert "SKU B-2 Pack (HS 8507.60; the measure states only 85)" in en
    assert "SKU 3 Kettle (cites GB 4706.1:2005, which you hold)" in en


def test_of_many_five_are_named() -> None:
    """And the number of the others, those of the receipt and those beyond it."""
    shown = text(with_products(*MANY, further=6), "zh")
    assert [f"SKU A{number}" in shown for number in range(6)] == [True] * 5 + [False]
    assert "+7" in shown


def test_a_change_names_them_too() -> None:
    """A deadline that moved concerns the same products."""
    one = replace(with_products(JELLY), changes=(moved(),))
    assert "您的产品：SKU 1107" in text(one, "zh")


@pytest.mark.parametrize(("language", "said"), [("zh", "您的产品：SKU 1107"), ("en", "Your products: SKU 1107")])
def test_chats_and_digests_name_the_numbers(language: str, said: str) -> None:
    """In short, in each form."""
    one = with_products(JELLY, further=2)
    assert f"{said} +2" in text(one, language, "telegram")
    for channel in ("email", "telegram"):
        written = render_digest(digest(news=(one,)), channel=channel, language=language, recipient="a@example.com")
        assert f"{said} +2" in written.text


def test_who_reads_for_several_enterprises_is_told_whose_they_are() -> None:
    """Else a number says nothing."""
    assert "宁波饮料厂的产品：SKU 1107" in text(with_products(JELLY, enterprise="宁波饮料厂"), "zh")


def test_a_name_is_text() -> None:
    """What an enterprise calls a product adds no markup and no line."""
    sly = AffectedProduct(sku="<b>1</b>\nX: y", name="<script>alert(1)</script>", code="220299")
    message = render_alert(alert(news=with_products(sly)), channel="email", language="en", recipient="a@example.com")
    assert "<script>" not in message.html
    assert "SKU <b>1</b> X: y <script>" in message.text


def test_without_a_list_nothing_is_said() -> None:
    """No empty line, no label."""
    assert "Your products" not in text(news(), "en")
