"""The index of a process is what stands in the database, whoever changed that, and however."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.index import Question, SubscriptionIndex
from tbtwatch.pipeline.audience import Audience
from tbtwatch.storage import Storage, Transaction, open_storage
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.questions import read_criteria
from tbtwatch.storage.subscriptions import REVISION
from tbtwatch.storage.types import from_json, to_json
from tests.builders import NOW
from tests.databases import Databases
from tests.subscriptions.places import places
from tests.subscriptions.worlds import criteria, drawn_measure, drawn_subscription
from watcher.measure import ChangeKind

MARKETS = places()
MAIL = Address(channel="email", target="a@example.com")
ELSEWHERE = Address(channel="email", target="b@example.com")
LIVES = {"sqlite": 60, "postgresql": 15}
MORE = {"grade": Grade.BROAD, "keywords": frozenset({"pomelo"})}


class UndoneError(Exception):
    """What was written is not to stand."""


def start(tx: Transaction, number: int, chance: random.Random | None = None) -> int | None:
    """Start a subscription; the enterprise and the secret are new, the question is drawn."""
    drawn = drawn_subscription(chance or random.Random(number), number)
    made = tx.subscriptions.add(
        enterprise=f"Enterprise {number}",
        name="Drinks",
        criteria=drawn.criteria,
        criteria_key=str(number),
        frequency=Frequency.IMMEDIATE,
        language="en",
        addresses=(MAIL,),
        token=f"token {number} {random.random()}",
        now=NOW,
    )
    return made.id if made else None


def change(tx: Transaction, id: int, criteria: Criteria) -> None:
    """Begin another version of a subscription."""
    row = tx.subscriptions._row(id)
    row.version += 1
    row.criteria = to_json(Criteria, criteria)
    tx.subscriptions._session.add(row)
    tx.subscriptions._session.flush()
    tx.subscriptions.changed(id)


def stored(tx: Transaction) -> list[Question]:
    """What the live subscriptions ask, read one by one."""
    return [Question(id=one.id, version=one.version, criteria=one.criteria) for one in tx.subscriptions.live()]


class Followed(RuleBasedStateMachine):
    """Two processes with an index each change the same subscriptions, and now and then take a change back."""

    databases: ClassVar[Databases]
    template: ClassVar[str]

    @initialize(prepared=st.booleans())
    def begin(self, prepared: bool) -> None:
        """Both begin, one of them perhaps late."""
        self.url = self.databases.copy(self.template)
        self.storages = [open_storage(self.url), open_storage(self.url)]
        self.audiences = [Audience(MARKETS), Audience(MARKETS)]
        self.number = 0
        if prepared:
            self.audiences[0].prepare(self.storages[0])

    def teardown(self) -> None:
        """In the end both know the same, and find the same for a measure."""
        if not hasattr(self, "storages"):
            return
        try:
            for who in (0, 1):
                self.the_index_is_what_is_stored(who)
        finally:
            for storage in self.storages:
                storage.close()
            self.databases.throw_away(self.url)

    @rule(who=st.integers(0, 1), several=st.integers(1, 3), undone=st.booleans(), looking=st.booleans())
    def some_start(self, who: int, several: int, undone: bool, looking: bool) -> None:
        """Somebody subscribes; perhaps the index is asked before it is sure."""
        with self._perhaps(who, undone=undone, looking=looking) as tx:
            for _ in range(several):
                self.number += 1
                start(tx, self.number)

    @rule(who=st.integers(0, 1), which=st.integers(0, 99), undone=st.booleans(), looking=st.booleans())
    def one_changes(self, who: int, which: int, undone: bool, looking: bool) -> None:
        """Another question from now on."""
        with self._perhaps(who, undone=undone, looking=looking) as tx:
            if live := tx.subscriptions.live():
                drawn = drawn_subscription(random.Random(which), 1).criteria
                change(tx, live[which % len(live)].id, drawn)

    @rule(who=st.integers(0, 1), which=st.integers(0, 99), undone=st.booleans(), looking=st.booleans())
    def one_ends(self, who: int, which: int, undone: bool, looking: bool) -> None:
        """And is not matched any more."""
        with self._perhaps(who, undone=undone, looking=looking) as tx:
            if live := tx.subscriptions.live():
                tx.subscriptions.end(live[which % len(live)].id, reason="asked to", now=NOW)

    @rule(who=st.integers(0, 1), which=st.integers(0, 99), undone=st.booleans())
    def one_is_answered_elsewhere(self, who: int, which: int, undone: bool) -> None:
        """What is asked stays the same."""
        with self._perhaps(who, undone=undone, looking=False) as tx:
            if live := tx.subscriptions.live():
                tx.subscriptions.add_addresses(live[which % len(live)].id, (ELSEWHERE,))
                tx.subscriptions.leave(live[which % len(live)].id, MAIL)

    @rule(who=st.integers(0, 1))
    def the_index_is_what_is_stored(self, who: int) -> None:
        """It is asked in a transaction that writes and in one that only looks."""
        for begin in (self.storages[who].begin, self.storages[who].look):
            with begin() as tx:
                index, asked = self.audiences[who].index(tx), stored(tx)
                assert list(index) == asked
        measure, classification = drawn_measure(random.Random(self.number))
        assert index.match(measure, classification) == SubscriptionIndex(asked, MARKETS).match(measure, classification)

    @rule(who=st.integers(0, 1))
    def a_process_starts_again(self, who: int) -> None:
        """Its index is read anew."""
        self.audiences[who] = Audience(MARKETS)
        self.audiences[who].prepare(self.storages[who])

    @invariant()
    def nothing_is_read_twice(self) -> None:
        """An index that has followed reads nothing when nothing has changed."""
        if hasattr(self, "storages"):
            with self.storages[0].look() as tx:
                self.audiences[0].index(tx)
                assert not self.audiences[0]._unsure
                assert list(tx.subscriptions.changed_since(self.audiences[0]._revision)) == []

    def _perhaps(self, who: int, *, undone: bool, looking: bool) -> _Perhaps:
        return _Perhaps(self, who, undone=undone, looking=looking)


class _Perhaps:
    """A transaction that may be undone at its end, after the index was asked in it."""

    def __init__(self, lives: Followed, who: int, *, undone: bool, looking: bool) -> None:
        self._lives, self._who, self._undone, self._looking = lives, who, undone, looking

    def __enter__(self) -> Transaction:
        self._begun = self._lives.storages[self._who].begin()
        self._tx = self._begun.__enter__()
        return self._tx

    def __exit__(self, *trouble: object) -> None:
        if trouble[0] is None and self._looking:
            for _ in range(2):
                index = self._lives.audiences[self._who].index(self._tx)
                assert list(index) == stored(self._tx)
        if trouble[0] is None and self._undone:
            with suppress(UndoneError):
                self._begun.__exit__(UndoneError, UndoneError(), None)
        else:
            self._begun.__exit__(*trouble)  # type: ignore[arg-type]


def test_the_index_follows_every_process(databases: Databases) -> None:
    """Starts, changes, ends and moves by two processes in any order, some of them undone: the index is the table."""

    class Here(Followed):
        """On these databases."""

    Here.databases, Here.template = databases, databases.new()
    open_storage(Here.template).close()
    lives = settings(
        max_examples=LIVES[databases.kind],
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Here, settings=lives)  # type: ignore[no-untyped-call]


def test_what_changes_while_all_are_read_is_not_missed(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two parts of the first reading some start, change and end; the first answer has all of it."""
    monkeypatch.setattr("tbtwatch.pipeline.audience.CHUNK", 3)
    with storage.begin() as tx:
        for number in range(10):
            start(tx, number)
    seen: list[tuple[int, int]] = []

    def meanwhile(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) > 3:
            return
        with storage.begin() as tx:
            start(tx, 100 + done)
            live = tx.subscriptions.live()
            tx.subscriptions.end(live[0].id, reason="asked to", now=NOW)
            change(tx, live[1].id, Criteria(**MORE))
            change(tx, live[-2].id, Criteria(**MORE))

    audience = Audience(MARKETS)
    audience.prepare(storage, meanwhile)

    assert seen[0] == (3, 10) and all(done <= total for done, total in seen)
    with storage.look() as tx:
        assert list(audience.index(tx)) == stored(tx)


def test_only_what_changed_is_read(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two hundred subscriptions one ends elsewhere: one row is read for it, and none where nothing changed."""
    with storage.begin() as tx:
        for number in range(200):
            start(tx, number)
    audience = Audience(MARKETS)
    audience.prepare(storage)
    with storage.begin() as tx:
        ended = tx.subscriptions.live()[17].id
        tx.subscriptions.end(ended, reason="asked to", now=NOW)
        before = tx.subscriptions.revision() - 1
        assert list(tx.subscriptions.changed_since(before)) == [(ended, None)]

    read: list[int] = []
    add, remove = SubscriptionIndex.add, SubscriptionIndex.remove
    monkeypatch.setattr(SubscriptionIndex, "add", lambda self, one: (read.append(one.id), add(self, one))[1])
    monkeypatch.setattr(SubscriptionIndex, "remove", lambda self, id: (read.append(id), remove(self, id))[1])
    for _ in range(2):
        with storage.begin() as tx:
            assert ended not in audience.index(tx)
    assert read == [ended]


def test_a_change_that_nobody_wrote_down_is_found_all_the_same(storage: Storage) -> None:
    """A row that went without a word, as by a person in the database: the next change makes all be read anew."""
    with storage.begin() as tx:
        for number in range(5):
            start(tx, number)
    audience = Audience(MARKETS)
    audience.prepare(storage)
    with storage.begin() as tx:
        gone = tx.subscriptions.live()[2].id
        session = tx.subscriptions._session
        session.connection().execute(text("DELETE FROM subscription_address WHERE subscription_id = :id"), {"id": gone})
        session.connection().execute(text("DELETE FROM subscription WHERE id = :id"), {"id": gone})
        Meta(session).count(REVISION)

    with storage.look() as tx:
        assert gone not in audience.index(tx) and list(audience.index(tx)) == stored(tx)


def test_a_database_put_back_to_an_earlier_day_is_read_anew(storage: Storage) -> None:
    """What was subscribed to after the backup is asked by nobody."""
    with storage.begin() as tx:
        start(tx, 1)
    audience = Audience(MARKETS)
    with storage.begin() as tx:
        audience.index(tx)
    with storage.begin() as tx:
        session = tx.subscriptions._session
        session.connection().execute(text("DELETE FROM subscription_address"))
        session.connection().execute(text("DELETE FROM subscription"))
        Meta(session).set(REVISION, "0")

    with storage.look() as tx:
        assert len(audience.index(tx)) == 0


@settings(max_examples=200, deadline=None)
@given(criteria(), st.frozensets(st.sampled_from(ChangeKind)))
def test_a_question_is_read_from_its_text_as_it_was_written(asked: Criteria, changes: frozenset[ChangeKind]) -> None:
    """By the short way as by the checked one; what only a newer program knows is left out by both."""
    asked = replace(asked, changes=changes)
    plain = to_json(Criteria, asked) | {"of_a_newer_program": ["a", {"b": 1}]}
    plain.pop("duties")
    expected = from_json(Criteria, plain)
    assert expected == replace(asked, duties=frozenset())
    assert read_criteria(json.dumps(plain)) == expected


def test_thousands_are_found_by_number(storage: Storage) -> None:
    """More at once than a database takes in one question; ended ones and numbers nobody has are left out."""
    with storage.begin() as tx:
        numbers = [number for each in range(1_200) if (number := start(tx, each))]
        tx.subscriptions.end(numbers[5], reason="asked to", now=NOW)
        tx.subscriptions.add_addresses(numbers[7], (ELSEWHERE,))
        found = tx.subscriptions.live_among([*numbers, 10_000_000])

        assert sorted(found) == sorted({*numbers} - {numbers[5]})
        assert list(found.values()) == tx.subscriptions.live()
        assert found[numbers[7]].addresses == (MAIL, ELSEWHERE)
