"""Tables of wordings, ours and those seen in published notifications, against readings worked out by hand."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from watcher.dates import Anchor, DateFact, DateQuality, Precision
from watcher.dates.reading import read_date

DOCUMENTS = Path(__file__).parents[1] / "documents" / "dates"
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "wto" / "date_wordings.csv"
KNOWN = {
    Anchor.NOTIFICATION: date(2026, 1, 9),
    Anchor.ADOPTION: date(2026, 3, 31),
    Anchor.PUBLICATION: date(2026, 4, 15),
    Anchor.ENTRY_INTO_FORCE: date(2026, 5, 1),
}


def table(name: str) -> list[list[str]]:
    """The rows of a table, columns stripped; comments start with #."""
    lines = (DOCUMENTS / name).read_text(encoding="utf-8").splitlines()
    return [[column.strip(" ") for column in line.split(" | ")] for line in lines if line and not line.startswith("# ")]


def said(wording: str, says: str, how: str = "") -> DateFact:
    """What a row of a table says."""
    rule = how.removeprefix("=").strip() or None if how.startswith("=") else None
    precision = Precision(how) if how and not how.startswith("=") else Precision.DAY
    if says in {"unknown", "doubted"}:
        return DateFact(wording=wording, rule=rule)
    if says == "not_applicable":
        return DateFact(wording=wording, quality=DateQuality.NOT_APPLICABLE)
    counted = rule is not None and " era = " not in rule
    quality = DateQuality.COMPUTED if counted else DateQuality.STATED
    return DateFact(wording=wording, value=date.fromisoformat(says), quality=quality, precision=precision, rule=rule)


def without_doubt(fact: DateFact) -> DateFact:
    """The same fact, its doubt left out."""
    return DateFact(
        value=fact.value, quality=fact.quality, precision=fact.precision, wording=fact.wording, rule=fact.rule
    )


@pytest.mark.parametrize("row", table("own_wordings.txt"), ids=lambda row: f"{row[0]}: {row[1]}")
def test_every_wording_of_ours_has_its_reading(row: list[str]) -> None:
    """Each row of our own table is read as written beside it; a doubt is there exactly where the row says so."""
    fact = read_date(row[1], anchors=KNOWN)

    assert without_doubt(fact) == said(*row[1:])
    assert (fact.doubt is not None) == (row[2] == "doubted")


@pytest.mark.parametrize("row", table("own_wordings.txt"), ids=lambda row: f"{row[0]}: {row[1]}")
def test_a_wording_that_counts_from_an_unknown_day_keeps_its_rule(row: list[str]) -> None:
    """Without the event's day a count is unknown, never guessed, and its rule is the same as with it."""
    bare, known = read_date(row[1]), read_date(row[1], anchors=KNOWN)

    assert bare.rule == known.rule
    if bare != known:
        assert bare.value is None
        assert bare.quality is DateQuality.UNKNOWN
        assert bare.rule is not None


@pytest.mark.parametrize("row", table("wto_wordings.txt"), ids=lambda row: row[0])
def test_every_wording_seen_in_notifications_has_its_reading(row: list[str]) -> None:
    """Each wording that was seen in a published notification is read as a person reads it."""
    assert read_date(row[0]) == said(*row)


def test_the_table_of_seen_wordings_is_complete() -> None:
    """Each row of the recorded data has its expectation in our table, so none is left out quietly."""
    if not SHARED.exists():
        pytest.skip("The recorded date wordings are not beside this project; the table of expectations stands alone.")
    with SHARED.open(encoding="utf-8", newline="") as lines:
        seen = {row["text_as_in_source"] for row in csv.DictReader(lines)}

    assert seen == {row[0] for row in table("wto_wordings.txt")}
