"""Old documents that a list shows again, or under a new day, are no news; what really changes is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from subscriptions.criteria import Criteria
from tbtwatch.pipeline import joining
from tbtwatch.pipeline.recover import recover
from tbtwatch.storage import Storage
from tests.builders import a_notice, stated
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from watcher.dates import DateFact, DateQuality
from watcher.measure import Measure
from watcher.notice import Notice
from watcher.source import Entry
from watcher.sources.listed import Listed, ListedConfig, ListReader

REGULATOR = "XX-REG"


def a_recall(number: str = "26-101", **over: Any) -> Notice:
    """A document of a regulator about a drink."""
    return a_notice(**{"issuer": REGULATOR, "symbol": number, "area": "", **over})


def a_service(storage: Storage, *seeded: Notice) -> SmallService:
    """A regulator's source that is live, and somebody who asks for drinks."""
    service = SmallService(storage, source=ListedSource("regulator", issuer=REGULATOR)).seeded(*seeded)
    service.subscribe()
    return service


def an_entry(notice: Notice, *, news: bool = True, key: str = "") -> Entry:
    """As the list shows it."""
    return Entry(key=key or notice.key, notice=notice, news=news)


def test_an_old_document_listed_late_is_recorded_in_silence(storage: Storage) -> None:
    """Found, classified, told to nobody, also not by the next recovery."""
    service = a_service(storage)
    report = service.poll([an_entry(a_recall(), news=False)])
    recover(desk=service.desk)

    assert (report.new, report.held, service.sent) == (1, None, [])
    with storage.look() as tx:
        (measure,) = tx.measures.by_any_symbol("26-101")
        assert [one.silent for one in tx.changes.of_measure(measure)] == [True]


def test_a_migrated_archive_is_no_flood(storage: Storage) -> None:
    """A hundred old documents under new days wake neither readers nor staff."""
    service = a_service(storage)
    report = service.poll([an_entry(a_recall(f"98-{number}"), news=False) for number in range(100)])

    assert (report.new, report.held, service.sent) == (100, None, [])


def test_a_known_document_that_really_changes_is_told(storage: Storage) -> None:
    """However old its list says that it is."""
    service = a_service(storage, a_recall())
    service.poll([an_entry(replace(a_recall(), comment_deadline=stated(date(2026, 4, 10))), news=False)])

    (message,) = service.sent
    assert "10 April 2026" in message.text


def test_a_new_day_on_the_list_is_no_news(storage: Storage) -> None:
    """Nor are days that were counted from it; the document keeps the day it first had."""
    counted = DateFact(
        value=date(2026, 3, 10), quality=DateQuality.COMPUTED, wording="60 days", rule="notification + 60 days"
    )
    first = a_recall(comment_deadline=counted, distribution_date=date(2026, 1, 9))
    again = replace(
        first, distribution_date=date(2026, 3, 1), comment_deadline=replace(counted, value=date(2026, 4, 30))
    )
    service = a_service(storage, first)
    for _ in range(2):
        report = service.poll([again])
        assert (report.changed, report.unchanged, service.sent) == (0, 1, [])

    with storage.look() as tx:
        (number,) = tx.measures.by_any_symbol("26-101")
        measure = tx.measures.get(number)
    assert measure.facts.last_distributed == date(2026, 1, 9)
    assert measure.facts.comment_deadline == counted


def test_a_new_day_with_new_words_is_a_change(storage: Storage) -> None:
    """The publisher touched more than the date."""
    service = a_service(storage, a_recall())
    again = a_recall(distribution_date=date(2026, 3, 1), comment_deadline=date(2026, 4, 10))
    service.poll([again])

    assert len(service.sent) == 1


def test_what_leaves_a_window_stays(storage: Storage) -> None:
    """A feed shows ten items; the eleventh is not deleted, and not news when it comes back."""
    service = a_service(storage)
    service.poll([a_recall(), a_recall("26-102")])
    assert len(service.sent) == 2
    for _ in range(3):
        service.clock.turn(days=40)
        service.poll([a_recall("26-102")])
    service.poll([])
    service.poll([a_recall()])

    assert len(service.sent) == 2
    with storage.look() as tx:
        assert tx.measures.count() == 2
        assert tx.notices.counts()["notices"] == 2


def test_a_list_reader_knows_what_is_old() -> None:
    """By the document's own day if the list states it, else by the list's."""
    config = ListedConfig(
        name="regulator", kind="listed", url="https://reg.example/list", issuer=REGULATOR, news_days=30
    )
    entries = ListReader(config).entries(
        [
            Listed(id="1", title="Old, stamped anew", published="2026-03-01", original="2019-05-01"),
            Listed(id="2", title="New", published="2026-03-01"),
            Listed(id="3", title="Undated"),
        ],
        fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
    )

    assert [entry.news for entry in entries] == [False, True, True]


# --- documents that one docket keeps together, through the database


DOCKET = ("Docket No. DX-2026-7",)


def test_a_docket_makes_one_measure_of_two_polls_and_two_sources(storage: Storage) -> None:
    """The draft by one source, the rule by another: whoever was told of the draft is told of the rule."""
    service = a_service(storage)
    draft = a_recall("2026-101", title="Draft", threads=DOCKET)
    rule = a_recall(
        "2026-303",
        title="Rule",
        threads=("dx–2026–7",),
        hs_codes=(),
        distribution_date=date(2026, 3, 1),
        proposed_entry_into_force=date(2027, 1, 1),
    )
    service.poll([draft])
    other = ListedSource("acts", issuer=REGULATOR)
    service.poll([], source=other)
    service.clock.turn(minutes=1)
    service.poll([rule], source=other)

    first, second = service.sent
    assert first.thread == second.thread
    assert "1 January 2027" in second.text
    with storage.look() as tx:
        (number,) = tx.measures.by_any_symbol("2026-303")
        assert [notice.title for notice in tx.measures.get(number).notices] == ["Draft", "Rule"]


def test_inspection_and_document_are_one_notice(storage: Storage) -> None:
    """The same number by two sources is the same document: told once, with the dockets of both."""
    service = a_service(storage)
    document = ListedSource("document", issuer=REGULATOR, priority=1)
    service.poll([], source=document)
    service.clock.turn(minutes=1)
    service.poll([an_entry(a_recall("2026-101", threads=("DX-2026-7",)), key="pi")])
    service.poll([an_entry(a_recall("2026-101", threads=("DX-2026-8",)), key="doc")], source=document)

    assert len(service.sent) == 1
    with storage.look() as tx:
        (number,) = tx.measures.by_any_symbol("2026-101")
        (notice,) = tx.measures.get(number).notices
    assert notice.threads == ("DX-2026-8", "DX-2026-7")


def test_a_later_document_may_show_that_two_measures_are_one(storage: Storage) -> None:
    """It names both dockets; both histories are kept."""
    service = a_service(storage)
    service.poll([a_recall("1", threads=("DX-2026-7",)), a_recall("2", threads=("DX-2026-8",))])
    with storage.look() as tx:
        assert tx.measures.count() == 2
    service.poll([a_recall("3", threads=("DX-2026-7", "DX-2026-8"), distribution_date=date(2026, 3, 1))])

    with storage.look() as tx:
        assert tx.measures.count() == 1
        (number,) = tx.measures.by_any_symbol("2")
        assert tx.measures.get(number).threads == ("1", "2", "3")


def test_two_regulators_dockets_are_two(storage: Storage) -> None:
    """The same name, another issuer: another measure."""
    service = a_service(storage)
    service.poll([a_recall("1", threads=DOCKET), replace(a_recall("2", threads=DOCKET), issuer="YY-REG")])

    with storage.look() as tx:
        assert tx.measures.count() == 2


def _drawer(monkeypatch: pytest.MonkeyPatch, storage: Storage, orders: list[Notice]) -> list[Measure]:
    monkeypatch.setattr(joining, "MOST_TOGETHER", 4)
    service = SmallService(storage, source=ListedSource("regulator", issuer=REGULATOR))
    service.poll([])
    service.clock.turn(minutes=1)
    service.subscribe(criteria=Criteria(hs=frozenset({"22"})))
    for notice in orders:
        service.poll([notice])
    with storage.look() as tx:
        numbers = sorted({number for one in orders for number in tx.measures.by_any_symbol(one.symbols[0])})
        found = [replace(tx.measures.get(number), id=None) for number in numbers]
        for number in numbers:
            news = tx.changes.of_measure(number)
            symbols = {symbol for notice in tx.measures.get(number).notices for symbol in notice.symbols}
            assert all(set(one.change.symbols) <= symbols for one in news)
    return sorted(found, key=lambda measure: measure.threads)


@pytest.mark.parametrize("turned", [False, True])
def test_a_docket_for_everything_joins_nothing(storage: Storage, monkeypatch: pytest.MonkeyPatch, turned: bool) -> None:
    """Whatever was joined by it before it was found out is taken apart; other dockets hold, and so does their news."""
    drawer = [a_recall(f"2026-{n}", threads=("ALL-0001", f"DX-{n // 2:03}"), title=f"T{n}") for n in range(10)]
    measures = _drawer(monkeypatch, storage, drawer[::-1] if turned else drawer)

    assert [measure.threads for measure in measures] == [(f"2026-{n}", f"2026-{n + 1}") for n in range(0, 10, 2)]
    assert {notice.threads for notice in measures[0].notices} == {("DX-000",)}
