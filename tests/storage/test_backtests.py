"""Reports of back-tests are kept, and the newest of a draft against a version is found."""

from __future__ import annotations

import pytest

from tbtwatch.storage import Storage
from tests.builders import NOW


def test_the_newest_report_of_a_draft_against_a_version_is_found(storage: Storage) -> None:
    """Each stays as it was; another draft, or another version in force, has its own."""
    with storage.begin() as tx:
        first = tx.backtests.add(2, 1, by="李", now=NOW, report={"measures": 10, "changed": 1})
        second = tx.backtests.add(2, 1, by="李", now=NOW, report={"measures": 12, "changed": 2})
        other = tx.backtests.add(3, 1, by="李", now=NOW, report={"measures": 12, "changed": 0})
    with storage.look() as tx:
        found = tx.backtests.latest(2, 1)

        assert found is not None and found.id == second
        assert (found.made_by, found.made_at, found.report) == ("李", NOW, {"measures": 12, "changed": 2})
        assert tx.backtests.get(first).report == {"measures": 10, "changed": 1}
        assert tx.backtests.latest(2, 2) is None
        assert [report.id for report in tx.backtests.all()] == [other, second, first]


@pytest.mark.parametrize("number", [0, 7, -1, 10**30])
def test_a_report_that_is_not_there_is_said_so(storage: Storage, number: int) -> None:
    """Whatever number is asked for."""
    with storage.look() as tx, pytest.raises(LookupError, match="there is no back-test report"):
        tx.backtests.get(number)
