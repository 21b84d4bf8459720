"""What is asked again and again costs no more after years than on the first day: counted in steps of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.pool import ConnectionPoolEntry

from notifiers.message import Message
from tbtwatch.pipeline.recover import recover
from tbtwatch.storage import Storage
from tbtwatch.storage.rows import DeliveryRow, SubscriptionAddressRow
from tbtwatch.storage.types import to_json
from tests.builders import NOW, a_notice
from tests.pipeline.service import SmallService

LEASE = timedelta(seconds=20)
TEN = 10  # steps of SQLite's own machine that are counted as one


@contextmanager
def steps(storage: Storage) -> Iterator[list[int]]:
    """How many steps the database takes meanwhile, in tens."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    def watch(connection: Any, _entry: ConnectionPoolEntry, _proxy: Any) -> None:
        connection.set_progress_handler(count, TEN)

    event.listen(storage.engine, "checkout", watch)
    try:
        yield taken
    finally:
        event.remove(storage.engine, "checkout", watch)
        with storage.engine.connect() as connection:
            connection.connection.driver_connection.set_progress_handler(None, TEN)  # type: ignore[union-attr]


def sent_long_ago(storage: Storage, number: int) -> None:
    """So many messages that somebody took."""
    row = {
        "kind": "alert",
        "channel": "email",
        "message": to_json(Message, Message(recipient="", subject="s", text="t", message_id="<s@x>")),
        "state": "sent",
        "attempts": 1,
        "reason": "",
        "detail": "",
        "due_at": NOW - timedelta(days=30),
        "created_at": NOW - timedelta(days=30),
        "ended_at": NOW - timedelta(days=30),
    }
    with storage.engine.begin() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar_one()
        rows = [{**row, "key": f"k{one}", "target": f"e{one}@example.com"} for one in range(count, count + number)]
        connection.execute(insert(DeliveryRow), rows)


def owe(storage: Storage, key: str) -> None:
    """One message that is due."""
    with storage.begin() as tx:
        target = f"{key}@example.com"
        message = Message(recipient=target, subject=key, text="t", message_id=f"<{key}@x>")
        tx.outbox.add(key=key, kind="alert", channel="email", target=target, message=message, alerts=[], now=NOW)


def cost_of_claim(storage: Storage, key: str) -> int:
    """The steps of claiming one message."""
    owe(storage, key)
    with steps(storage) as taken, storage.begin() as tx:
        (claimed,) = tx.outbox.claim(now=NOW, lease=LEASE, limit=32, channels=["email"])
    assert claimed.message.subject == key
    return taken[0]


def test_a_claim_does_not_read_what_was_ever_sent(sqlite: Storage) -> None:
    """Taking one due message out of 50 that were sent costs what it costs out of 3,000."""
    sent_long_ago(sqlite, 50)
    few = cost_of_claim(sqlite, "one")
    sent_long_ago(sqlite, 3_000)

    assert cost_of_claim(sqlite, "other") < 2 * few


def test_who_a_message_is_for_is_found_without_reading_all_addresses(sqlite: Storage) -> None:
    """The readers of an alert cost what they cost when the subscription is answered at 2,000 more addresses."""
    service = SmallService(sqlite).seeded()
    subscription = service.subscribe()
    service.poll([a_notice()])
    costs = []
    for number in (0, 2_000):
        others = [
            {"subscription_id": subscription.id, "channel": "email", "target": f"e{one}@example.com"}
            for one in range(number)
        ]
        if others:
            with sqlite.engine.begin() as connection:
                connection.execute(insert(SubscriptionAddressRow), others)
        with steps(sqlite) as taken, sqlite.look() as tx:
            assert len(tx.hours.of(range(1, 33))[1]) == 1
        costs.append(taken[0])

    assert costs[1] < 2 * costs[0]


def a_long_life(storage: Storage, number: int) -> None:
    """So much news that was told, so many messages that nobody took, pauses that are over, and quiet subscriptions."""
    sent_long_ago(storage, number)
    with storage.engine.begin() as connection:
        for table, one in (
            ("delivery", "UPDATE delivery SET state = 'refused'"),
            (
                "fact_change",
                "INSERT INTO fact_change (measure_id, notice_id, kind, value, noticed_at, silent, alerted_at) "
                "SELECT measure_id, notice_id, kind, value, noticed_at, silent, alerted_at FROM fact_change WHERE id=1",
            ),
            (
                "pause",
                "INSERT INTO pause (subscription_id, started_at, until, why, by, released_at, released_by, news, "
                "to_hear) SELECT id, started_at, started_at, '', '', started_at, '', 0, '[]' FROM subscription "
                "WHERE id = 1",
            ),
            (
                "enterprise",
                "INSERT INTO enterprise (name, started_at) SELECT 'E' || (count(*) + 1), min(started_at) FROM "
                "enterprise",
            ),
            (
                "subscription",
                "INSERT INTO subscription (version, enterprise_id, name, criteria, criteria_key, frequency, language, "
                "started_at, ended_at, end_reason, token, revision, rhythm, zone, weekday, nothing_new) "
                "SELECT 1, 1, name, criteria, 'k', 'daily', language, started_at, started_at, '', 't' || "
                "(SELECT count(*) FROM subscription), 0, rhythm, '', 0, 0 FROM subscription WHERE id = 1",
            ),
        ):
            for _ in range(number if table != "delivery" else 1):
                connection.exec_driver_sql(one)


def test_a_round_with_nothing_to_do_costs_the_same_after_years(sqlite: Storage) -> None:
    """Recovering, when all is done, reads neither all news ever told nor all that was ever sent, asked or silent."""
    service = SmallService(sqlite).seeded()
    service.subscribe()
    service.poll([a_notice()])
    service.deliver()
    costs = []
    for more in (20, 1_000):
        a_long_life(sqlite, more)
        service.clock.turn(minutes=1)
        recover(desk=service.desk)
        with steps(sqlite) as taken:
            recover(desk=service.desk)
        costs.append(taken[0])

    assert costs[1] < 1.5 * costs[0]
