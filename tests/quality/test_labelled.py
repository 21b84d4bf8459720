"""Labelled rows: read without their answers, scored, shown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tbtwatch.cli.main import run
from tbtwatch.configuration import SHIPPED
from tbtwatch.labelled.rows import LabelledRowError, is_held_out, read_rows, without_codes
from tbtwatch.reference import load_markets
from watcher.measure import MeasureStatus

OWN = Path(__file__).parent.parent / "labelled" / "own.jsonl"
MARKETS = load_markets(SHIPPED / "reference")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Toys (HS code(s): 9503); Games (ICS code(s): 97.200.50)", "Toys; Games"),
        ("储罐车(ICS 43.080.10),卡车", "储罐车 ,卡车"),
        ("Heaters HS 8516.29 and lamps", "Heaters and lamps"),
        ("外科口罩(HS代码6307.90-4010)", "外科口罩"),
        ("Order 84/2015 on 250 W motors of 2019", "Order 84/2015 on 250 W motors of 2019"),
    ],
)
def test_codes_are_taken_out_of_texts(text: str, left: str) -> None:
    """What has the shape of a code is gone, so that no answer can be read off; other numbers stay."""
    assert " ".join(without_codes(text).split()).replace(" ;", ";") == left


def test_rows_are_read_without_their_answers() -> None:
    """No measure of our own rows states a code, and all of the stated codes are read."""
    rows = read_rows(OWN, MARKETS)
    assert len(rows) == 240
    for row in rows:
        assert not row.measure.facts.hs_codes and not row.measure.facts.ics_codes
        assert not row.without_products.facts.products_covered
        assert not row.unreadable
    assert 0.4 < sum(row.held_out for row in rows) / len(rows) < 0.6


def test_an_addendum_is_in_the_half_of_its_notification(tmp_path: Path) -> None:
    """Siblings never stand on both sides of the split."""
    path = tmp_path / "rows.jsonl"
    symbols = ["G/TBT/N/KEN/9001", "G/TBT/N/KEN/9001/Add.1", "G/TBT/N/KEN/9001/Rev.1, G/TBT/N/UGA/9001/Rev.1"]
    path.write_text("\n".join(json.dumps({"symbol": one, "title": "Toys"}) for one in symbols), encoding="utf-8")
    assert {row.held_out for row in read_rows(path, MARKETS)} == {is_held_out("G/TBT/N/KEN/9001")}


def test_the_days_of_a_row_are_read(tmp_path: Path) -> None:
    """Only codes are hidden: whether a measure is in force is said by its days."""
    path = tmp_path / "rows.jsonl"
    row = {
        "symbol": "G/TBT/N/KEN/9001/Add.1",
        "title": "Toys",
        "addendum_reason": "Notified measure enters into force",
        "distribution_date": "2025-03-03",
        "entry_into_force": "2025-03-01",
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    (read,) = read_rows(path, MARKETS)
    assert read.measure.facts.status is MeasureStatus.IN_FORCE
    assert read.measure.facts.first_distributed == date(2025, 3, 3)


def test_barriers_are_read_as_well(tmp_path: Path) -> None:
    """Trade barriers have nested products and HTML."""
    path = tmp_path / "barriers.jsonl"
    row = {"barrierId": 7, "title": "Toys", "description": "<p>Tests of <b>dolls</b></p>", "country": "Brazil"}
    path.write_text(json.dumps({**row, "products_hs": [{"code": "9503", "name": "Toys"}]}), encoding="utf-8")
    (read,) = read_rows(path, MARKETS)
    assert (read.hs, read.markets_read) == (("9503",), ("BRA",))
    assert read.measure.facts.content_summary == "Tests of dolls"


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("labelling", ("labelling",)),
        (["technical_regulation", "labelling"], ("technical-regulation", "labelling")),
        ("recall|import_ban", ("recall", "import-ban")),
        ("other", ()),
        (None, ()),
    ],
)
def test_a_row_may_be_of_several_kinds(tmp_path: Path, label: object, kinds: tuple[str, ...]) -> None:
    """Any of them is right; a kind that has no name here cannot be guessed and is not asked for."""
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"symbol": "G/TBT/N/KEN/9001", "title": "Toys", "kind": label}), encoding="utf-8")
    (read,) = read_rows(path, MARKETS)
    assert read.kinds == kinds


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("", "holds no row"), ("{", "line 1 is not JSON"), ("[]", "is not an object"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str | None, sentence: str) -> None:
    """Each mistake is a sentence that names the file and the line."""
    path = tmp_path / "rows.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(LabelledRowError, match=sentence):
        read_rows(path, MARKETS)


def test_our_own_rows_are_classified_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What the README promises of unseen rows: chapter, field and area are mostly right, in Chinese as in English.

    The page shows the figures and the rows that went wrong, as text.
    """
    page = tmp_path / "score.html"
    assert run(["rules", "score", str(OWN), "--half", "all", "--json", "--html", str(page)]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    score = printed["files"][str(OWN)]
    figures = score["figures"]["products + title + description"]
    assert figures["all"]["hs_chapter"]["top1"] >= 0.87
    assert figures["all"]["hs_chapter"]["top3"] >= 0.94
    assert figures["all"]["ics_field"]["top1"] >= 0.75
    assert figures["all"]["areas_by_code"]["precision"] >= 0.85
    assert figures["all"]["areas_by_code"]["recall"] >= 0.85
    assert figures["all"]["kind"]["top1"] >= 0.60
    assert figures["all"]["kind"]["top3"] >= 0.73
    assert abs(figures["zh"]["hs_chapter"]["top1"] - figures["en"]["hs_chapter"]["top1"]) <= 0.10
    alone = score["figures"]["title + description"]["all"]["hs_chapter"]
    assert alone["top1"] >= 0.65 and alone["top3"] >= 0.80
    baseline = score["tf_idf_baseline"]["products + title + description"]
    assert baseline["en"]["top1"] < figures["en"]["hs_chapter"]["top1"]
    shown = page.read_text(encoding="utf-8")
    assert "Which chapter was taken for which" in shown and "<script" not in shown


def test_hostile_rows_are_shown_as_text(tmp_path: Path) -> None:
    """A title that is markup stands on the page as it was written."""
    path, page = tmp_path / "rows.jsonl", tmp_path / "page.html"
    row = {
        "symbol": "G/TBT/N/KEN/9001",
        "title": "x",
        "products_text": "“<script>alert(1)</script>”",
        "hs_codes": ["9503"],
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    assert run(["rules", "score", str(path), "--half", "all", "--html", str(page)]) == 0
    assert "<script>" not in page.read_text(encoding="utf-8")


def test_a_wrong_half_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names the halves there are."""
    assert run(["rules", "score", str(OWN), "--half", "some"]) != 0
    assert "choose held-out, tuning or all" in capsys.readouterr().err
