"""Digests of many readers are written from what was looked up for all of them: each reads what they would alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

import tbtwatch.pipeline.digest_reading as reading
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService

READERS = 12


def a_service(storage: Storage, *, readers: int) -> SmallService:
    """Readers of two daily subscriptions each; every third was told of the measure at once, by a subscription more."""
    service = SmallService(storage).seeded()
    for number in range(readers):
        its: dict[str, Any] = {
            "enterprise": f"Enterprise {number}",
            "language": ("en", "zh")[number % 2],
            "addresses": (Address(channel="email", target=f"reader{number}@example.com"),),
        }
        service.subscribe(**its, frequency=Frequency.DAILY)
        service.subscribe(**its, frequency=Frequency.DAILY, criteria=Criteria(markets=frozenset({"EAC"})), name="Trade")
        if number % 3 == 0:
            service.subscribe(**its, criteria=Criteria(markets=frozenset({"KEN"})), name="Kenya")
    return service


def a_day(service: SmallService, *symbols: str) -> None:
    """News of a measure, and the digests after it."""
    for symbol in symbols:
        added = "/Add." in symbol
        service.poll(
            [a_notice(symbol=symbol, type="addendum", content_summary="Adopted.") if added else a_notice(symbol=symbol)]
        )
    service.clock.turn(days=1)
    run_due_digests(desk=service.desk)
    service.deliver()


def told(storage: Storage, monkeypatch: pytest.MonkeyPatch, *, few: int) -> list[tuple[str, str, str]]:
    """What all were sent in three days, if so few readers are looked up one by one."""
    monkeypatch.setattr(reading, "FEW", few)
    service = a_service(storage, readers=READERS)
    a_day(service, "G/TBT/N/KEN/1", "G/TBT/N/KEN/2")
    a_day(service, "G/TBT/N/KEN/1/Add.1", "G/TBT/N/KEN/3")
    a_day(service, "G/TBT/N/KEN/2/Add.1", "G/TBT/N/KEN/1/Add.2")
    return [
        (message.recipient, message.subject, message.text.partition("unsubscribe")[0])
        for message in service.notifier.sent
    ]


def test_readers_looked_up_together_read_what_they_would_alone(
    sqlite: Storage, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What each was told, what it was told of a measure before, and what it is spared as it heard it at once."""
    together = told(storage, monkeypatch, few=0)
    alone = told(sqlite, monkeypatch, few=READERS)

    assert together == alone
    assert len({reader for reader, _, _ in together}) == READERS
    digests = [text for reader, _, text in together if reader == "reader1@example.com"]
    assert len(digests) == 3
    assert "G/TBT/N/KEN/1/Add.2" in digests[2]
    assert all("G/TBT/N/KEN/3" not in one for one in (digests[0], digests[2]))


def test_a_reader_more_is_no_question_more(sqlite: Storage) -> None:
    """The database is asked as often for the digests of 30 readers as for those of 12."""
    asked = {}
    service = a_service(sqlite, readers=12)
    for readers in (12, 30):
        more(service, readers)
        service.poll([a_notice(symbol=f"G/TBT/N/KEN/{readers}")])
        service.clock.turn(days=1)
        statements: list[str] = []

        def note(*given: Any, into: list[str] = statements) -> None:
            into.append(given[2])

        event.listen(sqlite.engine, "before_cursor_execute", note)
        run_due_digests(desk=service.desk)
        event.remove(sqlite.engine, "before_cursor_execute", note)
        asked[readers] = len([one for one in statements if one.startswith("SELECT")])
        with sqlite.look() as tx:
            assert sum(one.kind == "digest" for one in tx.outbox.list(limit=1000)) >= readers * 2 // 3
        service.deliver()

    assert asked[30] <= asked[12] + 3


def more(service: SmallService, readers: int) -> None:
    """So many readers, after the first twelve."""
    for number in range(12, readers):
        service.subscribe(
            enterprise=f"Enterprise {number}",
            frequency=Frequency.DAILY,
            addresses=(Address(channel="email", target=f"reader{number}@example.com"),),
        )
