"""People subscribe and leave while another process writes to them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService

MAIL = Address(channel="email", target="drinks@example.com")


def meanwhile(storage: Storage, pool: ThreadPoolExecutor, work: Callable[[], Any]) -> Future[Any]:
    """Another process does this beside an open transaction: it is done, or waits for that transaction, on return."""
    if storage.engine.dialect.name == "sqlite":
        return pool.submit(work)  # it waits for its turn to write
    future = pool.submit(work)
    with storage.engine.connect() as connection:
        here = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        while not future.done() and not connection.execute(text(here)).scalar_one():
            connection.rollback()  # what a transaction has seen of others' activity it sees unchanged
    return future


@pytest.mark.parametrize("frequency", [Frequency.IMMEDIATE, Frequency.DAILY])
def test_who_leaves_while_a_message_is_written_does_not_get_it(storage: Storage, frequency: Frequency) -> None:
    """The message is cancelled, alert or digest."""
    service = SmallService(storage).seeded()
    subscription = service.subscribe(frequency=frequency)
    report = service.poll([a_notice()], alert=False)
    leaving: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as pool:

        def secret() -> str:
            """Asked for when the message is written."""
            leaving.append(
                meanwhile(storage, pool, lambda: end(str(subscription.id), reason="over", desk=service.desk))
            )
            return "secret"

        desk = replace(service.desk, secret=secret)
        for measure in report.measures:
            raise_alerts(measure, desk=desk)
        service.clock.turn(days=2)
        run_due_digests(desk=desk)
        (left,) = leaving
        left.result(30)

    assert service.sent == []
    with storage.look() as tx:
        assert [delivery.state.value for delivery in tx.outbox.list()] == ["cancelled"]


def test_who_asked_before_the_news_is_told(storage: Storage) -> None:
    """Though the subscription was still being written when the alerts were raised."""
    service = SmallService(storage).seeded()
    asked_at = service.clock()
    report = service.poll([a_notice()], alert=False)
    with ThreadPoolExecutor(1) as pool:
        with storage.begin() as tx:
            tx.subscriptions.add(
                enterprise="Ningbo Drinks",
                name="Drinks",
                criteria=Criteria(hs=frozenset({"22"})),
                criteria_key="drinks",
                frequency=Frequency.IMMEDIATE,
                language="en",
                addresses=(MAIL,),
                token="token",
                now=asked_at - timedelta(seconds=1),
            )
            raising = meanwhile(storage, pool, lambda: service.raise_all(report))
        raising.result(30)

    assert [message.recipient for message in service.sent] == [MAIL.target]


def test_a_subscription_starts_when_its_turn_has_come(storage: Storage) -> None:
    """It waited while news was recorded and told: it starts after that, and is not said to have been owed it."""
    service = SmallService(storage).seeded()
    with ThreadPoolExecutor(1) as pool:
        with storage.begin() as tx:
            tx.subscriptions.wait_for_turn()
            waiting = meanwhile(storage, pool, service.subscribe)
            service.clock.turn(minutes=5)
            told_at = service.clock()
        subscription = waiting.result(30)
    assert subscription.started_at >= told_at
