"""Values survive: as JSON, and as rows on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from notifiers.message import Message
from rules.classification import Classification
from subscriptions.criteria import Address, Criteria, Frequency, Match
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.alerts import Receipt
from tbtwatch.storage.sources import SourceState
from tbtwatch.storage.types import from_json, to_json
from tests.builders import NOW, a_measure, a_notice
from tests.storage.values import TEXTS, values_of
from watcher.measure import FactChange, Facts
from watcher.names import MARK
from watcher.notice import Notice
from watcher.source import Cursor

KINDS = (Notice, Facts, FactChange, Classification, Criteria, Match, Receipt, Message, Cursor)
#: No symbol begins with the sign of a name that is none.
WORDS = st.lists(
    TEXTS.filter(lambda text: text and not text.startswith(MARK)), min_size=1, max_size=3, unique=True
).map(tuple)
ON_BOTH = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone(storage: Storage) -> Iterator[Transaction]:
    """A transaction that leaves nothing behind, so that one database serves all examples."""
    with storage.begin() as tx:
        yield tx
        tx._session.expire_all()
        tx._session.rollback()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_every_value_comes_back_from_json(kind: type[Any], data: st.DataObject) -> None:
    """Nothing is lost or changed on the way into JSON text and back, and equal values are equal texts."""
    value = data.draw(values_of(kind))
    text = json.dumps(to_json(kind, value), sort_keys=True)
    again = from_json(kind, json.loads(text))

    assert again == value
    assert json.dumps(to_json(kind, again), sort_keys=True) == text


@ON_BOTH
@given(notice=values_of(Notice, symbols=WORDS, issuer=TEXTS), facts=values_of(Facts))
def test_notices_and_facts_come_back_from_rows(storage: Storage, notice: Notice, facts: Facts) -> None:
    """A measure and its notices are read as they were written."""
    with undone(storage) as tx:
        made = a_measure(id=None, issuer=notice.issuer, threads=tuple(sorted(notice.symbols)))
        measure_id = tx.measures.save(replace(made, facts=facts), now=NOW)
        tx.notices.save(notice, id=None, measure_id=measure_id, now=NOW)
        tx._session.expire_all()
        measure = tx.measures.get(measure_id)

        assert measure.facts == facts
        assert measure.notices == (notice,)
        assert measure.threads == tuple(sorted(notice.symbols))


@ON_BOTH
@given(
    change=values_of(FactChange),
    match=values_of(Match),
    classification=values_of(Classification),
    criteria=values_of(Criteria),
    message=values_of(Message),
    cursor=values_of(Cursor),
)
def test_everything_else_comes_back_from_rows(
    storage: Storage,
    change: FactChange,
    match: Match,
    classification: Classification,
    criteria: Criteria,
    message: Message,
    cursor: Cursor,
) -> None:
    """News, receipts, criteria, messages and cursors are read as they were written."""
    receipt = Receipt(match=match, classification=classification)
    with undone(storage) as tx:
        measure_id = tx.measures.save(a_measure(id=None), now=NOW)
        notice_id = tx.notices.save(a_notice(), id=None, measure_id=measure_id, now=NOW)
        tx.changes.add(measure_id, notice_id, [change], now=NOW, silent=False)
        (stored,) = tx.changes.waiting(measure_id)
        tx.measures.classify(measure_id, classification, Facts(), now=NOW)
        subscription = tx.subscriptions.add(
            enterprise="E",
            name="N",
            criteria=criteria,
            criteria_key="k",
            frequency=Frequency.WEEKLY,
            language="zh",
            addresses=(Address(channel="email", target="a@example.com"),),
            token="t",
            now=NOW,
        )
        assert subscription is not None
        tx.alerts.add(
            subscription_id=subscription.id,
            frequency=Frequency.WEEKLY,
            fact_change_id=stored.id,
            measure_id=measure_id,
            receipt=receipt,
            now=NOW,
        )
        tx.outbox.add(key="k", kind="alert", channel="email", target="b@x.org", message=message, alerts=[], now=NOW)
        tx.sources.save(SourceState(name="s", cursor=cursor))
        tx._session.flush()
        tx._session.expire_all()

        assert stored.change == change
        assert tx.measures.classification(measure_id) == classification
        assert tx.subscriptions.get(subscription.id).criteria == criteria
        (alert,) = tx.alerts.of_subscription(subscription.id, measure_id)
        assert alert.receipt == receipt
        (claimed,) = tx.outbox.claim(now=NOW, lease=timedelta(1), limit=5, channels=["email"])
        assert claimed.message == replace(message, recipient="b@x.org")
        assert tx.sources.state("s").cursor == cursor


def test_instants_are_utc_both_ways(storage: Storage) -> None:
    """What goes in with any zone comes out as the same instant in UTC."""
    beijing = datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    with storage.begin() as tx:
        tx.sources.save(SourceState(name="s", polled_at=beijing))
    with storage.look() as tx:
        read = tx.sources.state("s").polled_at

    assert read == beijing
    assert read is not None and read.tzinfo is UTC and read.hour == 12


def test_a_naive_instant_is_refused(storage: Storage) -> None:
    """A time without a zone means another instant on another machine; it is not stored."""
    with pytest.raises(StatementError, match="has no time zone"), storage.begin() as tx:
        tx.sources.save(SourceState(name="s", polled_at=datetime(2026, 3, 2)))  # noqa: DTZ001
    with storage.look() as tx:
        assert tx.sources.states() == []


def test_a_newer_programs_fields_are_ignored() -> None:
    """A row written by a later release, with a field this one does not know, can still be read."""
    written = {**to_json(Criteria, Criteria(hs=frozenset({"22"}))), "invented_later": 7}
    assert from_json(Criteria, written) == Criteria(hs=frozenset({"22"}))
    assert from_json(FactChange, {"kind": "adopted", "symbols": ["X/1"], "stated_on": "2026-03-02"}).stated_on == date(
        2026, 3, 2
    )
