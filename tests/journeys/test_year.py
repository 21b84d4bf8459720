"""Months of enterprises that change their minds: facts owed are facts told. The whole year is a command."""

from __future__ import annotations

import pytest

from tbtwatch.storage import Storage
from tests.journeys.year import Year

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_facts_owed_are_facts_told(sqlite: Storage, seed: int) -> None:
    """Through edits, outages, refusing mailboxes, silence and clock changes, to each subscriber, once."""
    year = Year(sqlite, enterprises=40, measures=60, addenda=30, days=90, seed=seed)
    balance = year.live(edits=200)

    assert (balance.lost, balance.twice, balance.beyond) == ([], [], [])
    assert balance.owed == balance.told + balance.refused > 50
    assert balance.edits["address"] > 5 and balance.edits["snooze"] > 5
