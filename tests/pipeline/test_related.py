"""What is related to keywords, read from real databases."""

from __future__ import annotations

from datetime import date

import pytest

from tbtwatch.pipeline.related import related, silent_keywords
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService


def with_drinks(storage: Storage) -> SmallService:
    """Three measures about jelly drinks, one of them Uganda's; two of the trade; one from long ago; one of steel."""
    service = SmallService(storage)
    steel = {"title": "Steel pipes", "products_covered": "Pipes", "content_summary": "", "hs_codes": ("7306",)}
    return service.seeded(
        a_notice(symbol="G/TBT/N/KEN/1"),
        a_notice(symbol="G/TBT/N/KEN/2", hs_codes=("2202",)),
        a_notice(symbol="G/TBT/N/UGA/1", notifying_members=("UGA",)),
        a_notice(symbol="G/TBT/N/KEN/3", title="Bebidas de gelatina", products_covered="Bebidas", content_summary=""),
        a_notice(symbol="G/TBT/N/KEN/4", title="果冻饮料", products_covered="果冻", content_summary=""),
        a_notice(symbol="G/TBT/N/KEN/5", distribution_date=date(2023, 1, 1), comment_deadline=date(2023, 2, 1)),
        a_notice(symbol="G/TBT/N/KEN/6", **steel, ics_codes=("77.140.75",)),
    )


def test_codes_and_areas_are_those_that_the_hits_have(storage: Storage) -> None:
    """With how many of the hits have them and how many others they would add, of the last twelve months."""
    service = with_drinks(storage)
    found = related(["jelly"], desk=service.desk)
    assert (found.measures, found.hits, found.since) == (6, 3, date(2025, 3, 2))
    codes = {(one.kind, one.value): (one.there, one.adds) for one in found.codes}
    assert codes[("hs", "2202")] == (3, 2) and codes[("ics", "67.160")] == (3, 2)
    assert ("hs", "7306") not in codes


def test_a_market_and_another_time_are_counted_by_themselves(storage: Storage) -> None:
    """Only measures of that market, only as far back as asked."""
    service = with_drinks(storage)
    assert (related(["jelly"], desk=service.desk, markets=["UGA"]).measures) == 1
    assert (related(["jelly"], desk=service.desk, markets=["EAC"], months=60).hits) == 4


def test_which_keywords_stand_in_nothing_recorded(storage: Storage) -> None:
    """In any form, of the last twelve months."""
    service = with_drinks(storage)
    assert silent_keywords(["jellies", "zirconium", "bebida", "--"], desk=service.desk) == ["zirconium"]
    with pytest.raises(LookupError, match="no letter"):
        related(["--"], desk=service.desk)
