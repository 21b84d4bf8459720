"""From an Excel file to a mail that names the article: real HTTP, real SMTP, the commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tbtwatch.demo.documents import Written
from tbtwatch.demo.publisher import KEY, Publisher
from tests.cli.world import a_world
from tests.mailbox import Mailbox


def notification(number: int, code: str) -> list[dict[str, Any]]:
    """A notification of Kenya, distributed today."""
    return Written(
        symbols=(f"G/TBT/N/KEN/{number}",),
        day=datetime.now(UTC).date(),
        title=f"Goods number {number}",
        content="Requirements and test methods.",
        products="Goods",
        hs=(code,),
    ).items()


def test_a_workbook_of_articles_becomes_a_mail_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is noticed after the upload comes with the numbers of the articles; what fits none of them does not come."""
    book = Workbook()
    assert book.active is not None
    header, jelly = ("货号", "品名", "商品编码", "出口市场"), (1107, "椰果果冻饮料", 2202990099, "东非共同体")
    for row in (("产品清单",), header, jelly):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    tbtwatch = a_world(tmp_path / "home", monkeypatch, capsys.readouterr)
    with Publisher() as publisher, Mailbox() as mailbox:
        tbtwatch.sources({"name": "wto", "kind": "eping_api", "base_url": f"{publisher.address}/eping"})
        tbtwatch.set(allow_addresses="127.0.0.1", eping_key=KEY, mail_from="alerts@example.org")
        tbtwatch.set(smtp_host=mailbox.host, smtp_port=mailbox.port, smtp_tls="none")
        publisher.items = notification(1, "2202")
        assert tbtwatch("poll").code == 0
        ask = ("--enterprise", "宁波饮料厂", "--email", "a@example.com", "--yes")
        saved = tbtwatch("products", "import", tmp_path / "list.xlsx", *ask, "--json").json
        assert (saved["saved"], saved["started"]) == (True, [1])

        publisher.items = [*publisher.items, *notification(2, "220299"), *notification(3, "9503")]
        assert tbtwatch("poll").code == 0
        assert tbtwatch("deliver").code == 0

        (mail,) = mailbox.mails
        assert "Goods number 2" in mail.text
        assert "您的产品：SKU 1107 椰果果冻饮料（HS 2202.99）" in mail.text
        assert "SKU 1107 椰果果冻饮料" in mail.html
        (owed,) = tbtwatch("proof", "KEN/2", "宁波饮料厂", "--json").json["proof"]["owed"]
        assert owed["products"] == ["SKU 1107 椰果果冻饮料（HS 2202.99）"]
