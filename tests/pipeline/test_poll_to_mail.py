"""From a poll to a message: who is told, of what, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline import subscribe
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.storage import Storage
from tbtwatch.storage.changes import StoredChange
from tests.builders import a_notice, an_extension, stated
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from watcher.source import Entry, SourceError

ADDENDUM = an_extension(date(2026, 4, 10), distribution_date=date(2026, 3, 1))


def test_the_first_poll_tells_nobody(storage: Storage) -> None:
    """A source's first poll is history: recorded, classified and findable, nothing is sent."""
    service = SmallService(storage)
    service.subscribe()
    report = service.poll([a_notice()])

    assert (report.status, report.new, report.seeding) == ("ok", 1, True)
    assert service.sent == []
    measure = subscribe.find_measure("g/tbt/n/ken/ 1514", desk=service.desk)
    with storage.look() as tx:
        assert tx.measures.classification(measure.id or 0).areas
    assert [change.silent for change in _changes(storage, measure.id)] == [True]


def test_a_new_measure_reaches_those_who_asked_once(storage: Storage) -> None:
    """After the first poll a new notice is told to whom it fits, and a second poll sends nothing."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.subscribe(
        enterprise="Toys",
        criteria=Criteria(hs=frozenset({"95"})),
        addresses=(Address(channel="email", target="t@example.com"),),
    )
    assert service.poll([a_notice()]).new == 1
    again = service.poll([a_notice()])

    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert [message.recipient for message in service.sent] == ["drinks@example.com"]
    assert "1514" in service.sent[0].subject


def test_an_addendum_tells_old_and_new(storage: Storage) -> None:
    """A moved deadline is news to those who asked for the measure, though the addendum names no product."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe()
    service.poll([a_notice(), ADDENDUM])

    (message,) = service.sent
    assert "10 March 2026" in message.text and "10 April 2026" in message.text


def test_a_retyped_title_is_no_news(storage: Storage) -> None:
    """A cosmetic edit is recorded as a change of the notice and sends nothing."""
    service = SmallService(storage).seeded(a_notice())
    service.subscribe()
    report = service.poll([replace(a_notice(), title="Jelly drinks – Specification.")])

    assert report.changed == 1
    assert service.sent == []


def test_a_joint_notification_is_one_notice_and_one_message(storage: Storage) -> None:
    """Seven Members' entries of one joint notification make one notice, one measure and one message."""
    symbols = tuple(
        f"G/TBT/N/{code}/{n}" for n, code in enumerate(("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM"), 5)
    )
    joint = a_notice(symbols=symbols, notifying_members=("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM"))
    entries = [Entry(key=str(n), notice=joint) for n in range(7)]
    service = SmallService(storage).seeded()
    service.subscribe(criteria=Criteria(markets=frozenset({"GCC"}), hs=frozenset({"22"})))
    report = service.poll(entries)

    assert (report.notices, report.new) == (1, 1)
    (message,) = service.sent
    assert all(symbol in message.text for symbol in symbols)


def test_several_subscriptions_of_one_person_make_one_message(storage: Storage) -> None:
    """All matching subscriptions are named, the message is sent once."""
    service = SmallService(storage).seeded()
    service.subscribe(name="By code")
    service.subscribe(name="By word", criteria=Criteria(markets=frozenset({"EAC"}), keywords=frozenset({"jelly"})))
    service.poll([a_notice()])

    (message,) = service.sent
    assert "By code" in message.text and "By word" in message.text


def test_two_sources_with_one_notice_do_not_swing(storage: Storage) -> None:
    """What the trusted source says holds, whichever was polled last; the other fills in only what is missing."""
    service = SmallService(storage).seeded()
    workbook = ListedSource("workbook", priority=90)
    service.poll([], source=workbook)
    service.subscribe()
    api = a_notice()
    other = replace(api, title="JELLY DRINKS", responsible_agency="KEBS", comment_deadline=stated(date(2026, 3, 11)))
    service.poll([api])
    assert service.poll([other], source=workbook).changed == 1
    for _ in range(2):
        assert service.poll([api]).changed == 0
        assert service.poll([other], source=workbook).changed == 0

    assert len(service.sent) == 1
    facts = subscribe.find_measure("G/TBT/N/KEN/1514", desk=service.desk).facts
    assert (facts.title, facts.responsible_agency) == (api.title, "KEBS")
    assert facts.comment_deadline.value == date(2026, 3, 10)


def test_what_an_import_recorded_in_silence_is_told_when_a_live_source_brings_it(storage: Storage) -> None:
    """A file read a minute before the poll must not swallow that day's alerts."""
    service = SmallService(storage).seeded()
    service.subscribe()
    seeding = ListedSource("workbook", priority=90)
    fresh = a_notice(distribution_date=date(2026, 3, 2))
    assert service.poll([fresh], source=seeding).seeding
    assert service.sent == []
    service.poll([fresh])

    assert len(service.sent) == 1


def test_a_subscription_is_not_told_what_is_older_than_itself(storage: Storage) -> None:
    """A match is made with the subscriptions that were live when the notice was stored."""
    service = SmallService(storage).seeded()
    report = service.poll([a_notice()], alert=False)
    service.clock.turn(minutes=1)
    service.subscribe()
    for measure in report.measures:
        raise_alerts(measure, desk=service.desk)

    assert service.sent == []


def test_a_failed_poll_keeps_what_was_read_and_asks_again(storage: Storage) -> None:
    """A fault on the second page loses nothing and doubles nothing when it is gone."""
    service = SmallService(storage).seeded()
    service.subscribe()
    other = a_notice(symbol="G/TBT/N/KEN/1515", title="Mineral water")
    failed = service.poll([a_notice()], SourceError("the answer is cut off"))
    assert (failed.status, failed.new, failed.error) == ("failed", 1, "the answer is cut off")
    mended = service.poll([a_notice()], [other])

    assert (mended.status, mended.new, mended.unchanged) == ("ok", 1, 1)
    assert len(service.sent) == 2
    with storage.look() as tx:
        assert tx.sources.state("listed").failures == 0


def test_an_unreadable_entry_is_kept_and_stops_nothing(storage: Storage) -> None:
    """It is shown until a later poll can read it."""
    service = SmallService(storage).seeded()
    broken = Entry(key="7", notice=None, problem="no symbol", raw="{}")
    report = service.poll([broken, a_notice()])
    assert (report.new, report.unreadable) == (1, 1)
    with storage.look() as tx:
        assert [one.problem for one in tx.notices.unreadable()] == ["no symbol"]
    service.poll([Entry(key="7", notice=a_notice(symbol="G/TBT/N/KEN/7"))])
    with storage.look() as tx:
        assert tx.notices.unreadable() == []


def test_a_joint_addendum_joins_measures_known_apart(storage: Storage) -> None:
    """Two bases that an addendum names together are one measure, with all its notices and one history."""
    first, second = a_notice(symbol="G/TBT/N/KEN/71"), a_notice(symbol="G/TBT/N/KEN/72")
    service = SmallService(storage).seeded(first, second)
    service.subscribe()
    service.poll([replace(ADDENDUM, symbols=("G/TBT/N/KEN/72/Add.1", "G/TBT/N/KEN/71/Add.1"))])

    one = subscribe.find_measure("G/TBT/N/KEN/71", desk=service.desk)
    assert one == subscribe.find_measure("G/TBT/N/KEN/72", desk=service.desk)
    assert len(one.notices) == 3
    assert len(service.sent) == 1


@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
def test_a_digest_subscriber_is_not_told_at_once(storage: Storage, frequency: Frequency) -> None:
    """The alert waits for the digest."""
    service = SmallService(storage).seeded()
    service.subscribe(frequency=frequency)
    service.poll([a_notice()])

    assert service.sent == []
    with storage.look() as tx:
        assert tx.alerts.waiting_for_digest() == {frequency: 1}


def test_who_was_told_hears_what_became_of_it(storage: Storage) -> None:
    """When the products change so that a measure no longer fits, those who were warned are told that too."""
    service = SmallService(storage).seeded()
    service.subscribe()
    service.poll([a_notice()])
    service.poll(
        [
            a_notice(
                symbol="G/TBT/N/KEN/1514/Rev.1",
                type="revision",
                products_covered="Toys for children",
                hs_codes=("9503",),
                ics_codes=("97.200.50",),
                distribution_date=date(2026, 3, 2),
            )
        ]
    )

    assert len(service.sent) == 2


def test_an_ended_subscription_gets_nothing_more(storage: Storage) -> None:
    """What waits for it alone is cancelled, with the reason."""
    service = SmallService(storage).seeded()
    subscription = service.subscribe()
    service.poll([a_notice()])
    subscribe.end(str(subscription.id), reason="sold the business", desk=service.desk)

    assert service.sent == []
    with storage.look() as tx:
        (delivery,) = tx.outbox.list()
    assert delivery.state == "cancelled" and "sold the business" in delivery.detail


def _changes(storage: Storage, measure_id: int | None) -> list[StoredChange]:
    with storage.look() as tx:
        return list(tx.changes.of_measure(measure_id or 0))
