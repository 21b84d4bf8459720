"""News nobody was alerted of is found, however much it is."""

from __future__ import annotations

from tbtwatch.storage import Storage
from tests.builders import NOW, a_measure, a_notice
from watcher.measure import ChangeKind, FactChange


def test_no_measure_with_news_is_left_out(sqlite: Storage) -> None:
    """`recover` and `status` see all of them, not the first thousand; the silent and the alerted are not among them."""
    with sqlite.begin() as tx:
        for number in range(1203):
            symbol = f"G/TBT/N/KEN/{number}"
            measure = tx.measures.save(a_measure(id=None, threads=(symbol,)), now=NOW)
            notice = tx.notices.save(a_notice(symbol=symbol), id=None, measure_id=measure, now=NOW)
            change = FactChange(kind=ChangeKind.NEW_MEASURE, symbols=(symbol,))
            tx.changes.add(measure, notice, [change, change], now=NOW, silent=number == 0)
        (first, second) = tx.changes.waiting(2)
        tx.changes.mark_alerted([first.id, second.id], now=NOW)
    with sqlite.look() as tx:
        assert tx.changes.measures_waiting() == list(range(3, 1204))
