"""Two transactions that write the same: one wins, the other sees that it was there already."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifiers.message import Message
from rules.classification import Classification, Grade
from rules.rule import RuleError
from subscriptions.criteria import Address, Criteria, Frequency, Match
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.storage import Storage, Transaction, open_storage
from tbtwatch.storage.alerts import Receipt
from tbtwatch.storage.engine import write_ahead
from tests.builders import NOW, a_measure, a_notice
from tests.pipeline.small_rules import FOOD, TOYS, SmallRulebook
from watcher.measure import ChangeKind, FactChange

MAIL = Address(channel="email", target="a@example.com")


def a_subscription(tx: Transaction, *, token: str) -> Any:
    """The same question of the same enterprise; only the secret differs."""
    return tx.subscriptions.add(
        enterprise="Ningbo Drinks",
        name="Drinks",
        criteria=Criteria(hs=frozenset({"22"})),
        criteria_key="same",
        frequency=Frequency.IMMEDIATE,
        language="en",
        addresses=(MAIL,),
        token=token,
        now=NOW,
    )


def some_news(storage: Storage) -> tuple[int, int, int]:
    """A subscription, a measure and a change of it."""
    with storage.begin() as tx:
        subscription = a_subscription(tx, token="first").id
        measure = tx.measures.save(a_measure(id=None), now=NOW)
        notice = tx.notices.save(a_notice(), id=None, measure_id=measure, now=NOW)
        tx.changes.add(
            measure, notice, [FactChange(kind=ChangeKind.NEW_MEASURE, symbols=("S/1",))], now=NOW, silent=False
        )
        (change,) = tx.changes.waiting(measure)
    return subscription, measure, change.id


def an_alert(tx: Transaction, subscription: int, measure: int, change: int) -> int | None:
    """The same news for the same subscription."""
    match = Match(subscription=subscription, version=1, grade=Grade.DIRECT, conditions=())
    return tx.alerts.add(
        subscription_id=subscription,
        frequency=Frequency.IMMEDIATE,
        fact_change_id=change,
        measure_id=measure,
        receipt=Receipt(match=match, classification=Classification()),
        now=NOW,
    )


def both(storage: Storage, write: Callable[[Transaction, int], Any]) -> tuple[Any, Any]:
    """What the first transaction got, and what a second one got that began before the first was over."""
    looked = threading.Event()

    def second() -> Any:
        if not postgres:
            looked.set()  # SQLite lets the second begin only when the first is over
        with storage.begin() as tx:
            tx.meta.get("look")  # the second has begun, and the first's row is not to be seen yet
            looked.set()
            return write(tx, 2)

    postgres = storage.engine.dialect.name == "postgresql"
    with ThreadPoolExecutor(1) as pool:
        with storage.begin() as tx:
            first = write(tx, 1)
            later: Future[Any] = pool.submit(second)
            assert looked.wait(20)
        return first, later.result(30)


def test_nobody_is_owed_the_same_news_twice(storage: Storage) -> None:
    """Of two alerts for one change and subscription one is made."""
    news = some_news(storage)
    first, second = both(storage, lambda tx, _: an_alert(tx, *news))
    assert first is not None and second is None
    with storage.look() as tx:
        assert tx.alerts.count() == 1


def test_a_message_is_owed_once(storage: Storage) -> None:
    """Of two deliveries with one key one is made, and the message is the first one's."""

    def write(tx: Transaction, number: int) -> int | None:
        message = Message(recipient=MAIL.target, subject=f"by {number}", text="")
        return tx.outbox.add(
            key="same", kind="alert", channel="email", target=MAIL.target, message=message, alerts=[], now=NOW
        )

    first, second = both(storage, write)
    assert first is not None and second is None
    with storage.look() as tx:
        assert [one.subject for one in tx.outbox.list()] == ["by 1"]


def test_a_window_is_run_once(storage: Storage) -> None:
    """Of two runs of one digest window one goes on."""

    def write(tx: Transaction, _: int) -> int | None:
        return tx.digests.begin(
            frequency=Frequency.WEEKLY, starts_at=NOW, ends_at=NOW + timedelta(days=7), number=10, now=NOW
        )

    first, second = both(storage, write)
    assert first is not None and second is None


def test_a_question_is_asked_once(storage: Storage) -> None:
    """Of two equal subscriptions of one new enterprise one is made; once it has ended, another may be."""
    first, second = both(storage, lambda tx, number: a_subscription(tx, token=str(number)))
    assert first is not None and second is None
    with storage.begin() as tx:
        tx.subscriptions.end(first.id, reason="over", now=NOW)
        again = a_subscription(tx, token="3")
    assert again is not None and again.id != first.id
    with storage.look() as tx:
        assert tx.subscriptions.revision() == 3


def test_an_enterprise_has_one_number(storage: Storage) -> None:
    """Two transactions that name a new enterprise get the same number."""
    first, second = both(storage, lambda tx, _: tx.subscriptions.enterprise("Ningbo", now=NOW))
    assert first == second


def test_a_source_is_polled_by_one_process(storage: Storage) -> None:
    """Of two that claim a source nobody polled before one gets it; after the lease, or a release, the next."""
    lease = timedelta(minutes=1)
    assert both(storage, lambda tx, _: tx.sources.claim("s", now=NOW, lease=lease)) == (True, False)
    with storage.begin() as tx:
        assert not tx.sources.claim("s", now=NOW + lease - timedelta(seconds=1), lease=lease)
        assert tx.sources.claim("s", now=NOW + lease, lease=lease)
        tx.sources.release("s")
        assert tx.sources.claim("s", now=NOW + lease, lease=lease)


def test_counting_loses_nothing(storage: Storage) -> None:
    """Two that count the same thing for the first time come to two."""
    assert both(storage, lambda tx, _: tx.meta.count("n")) == (1, 2)


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Do it in so many threads that start together."""
    together = threading.Barrier(number)

    def one(n: int) -> Any:
        together.wait(20)
        return work(n)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


OPENING = """
import sys
from tbtwatch.storage import open_storage
print("ready", flush=True)
sys.stdin.readline()
with open_storage(sys.argv[1]).begin() as tx:
    print(tx.meta.count("opened"))
"""


def test_several_processes_may_open_a_new_database(database_url: str) -> None:
    """The schema is made once, and each of them can use it."""
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, database_url],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for one in opening:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in opening:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60) for one in opening]

    assert sorted(out.strip() for out, _ in said) == ["1", "2", "3"], said


def test_a_new_database_is_opened_while_another_writes_to_it(tmp_path: Path) -> None:
    """SQLite refuses at once to write ahead while another's first write goes on; we ask again until it is done."""
    path = tmp_path / "new.db"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("CREATE TABLE t (x)")
    first.execute("BEGIN IMMEDIATE")
    second = sqlite3.connect(path, isolation_level=None)
    refused: list[float] = []

    def the_other_ends(seconds: float) -> None:
        refused.append(seconds)
        first.execute("COMMIT")

    write_ahead(second, pause=the_other_ends)

    assert refused, "nothing had to be waited for: this test no longer shows what it should"
    assert second.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    first.close()
    second.close()


def test_a_database_that_stays_locked_is_given_up(tmp_path: Path) -> None:
    """After its patience the database's own words come through, to be said in the error's sentence."""
    path = tmp_path / "new.db"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("CREATE TABLE t (x)")
    first.execute("BEGIN IMMEDIATE")
    second = sqlite3.connect(path, isolation_level=None)

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        write_ahead(second, patience_s=0, pause=lambda _: None)

    first.close()
    second.close()


def test_rules_are_installed_once(storage: Storage) -> None:
    """Three services that start together on an empty database install version 1 between them."""
    installed = at_once(3, lambda _: SmallRulebook().install(storage, now=NOW).version.version)
    assert installed == [1, 1, 1]


def test_one_version_is_in_force(storage: Storage) -> None:
    """However publishing and undoing meet, versions are numbered on and one of them is in force.

    Of drafts made from one version, one is published; the others say that another is in force since.
    """

    def publish_one(n: int) -> None:
        with suppress(RuleError):
            publish(drafts[n].version, by=f"staff {n}", storage=storage, rulebook=SmallRulebook(), now=NOW)

    SmallRulebook().install(storage, now=NOW)
    drafts = [SmallRulebook(FOOD, {**TOYS, "name": f"toys-{n}"}).install(storage, now=NOW).version for n in range(3)]
    at_once(3, publish_one)
    at_once(3, lambda n: undo(by=f"staff {n}", storage=storage, now=NOW))
    with storage.look() as tx:
        versions = tx.rulesets.all()
    assert [one.version for one in versions] == list(range(1, 8))
    assert [one.state for one in versions].count("active") == 1
    assert [one.state for one in versions[1:4]].count("draft") == 2


@pytest.mark.parametrize("engines", [1, 4])
def test_readers_that_go_on_to_write_all_succeed(sqlite: Storage, engines: int) -> None:
    """200 transactions on SQLite that read and then write what they read lose nothing and fail never."""
    url = sqlite.engine.url.render_as_string(hide_password=False)
    storages = [open_storage(url) for _ in range(engines)]

    def one_more(n: int) -> None:
        with storages[n % engines].begin() as tx:
            number = tx.meta.number("n")
            tx.meta.set("n", str(number + 1))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one_more, range(200)))
    for storage in storages:
        storage.close()
    with sqlite.look() as tx:
        assert tx.meta.number("n") == 200


def test_a_look_holds_up_no_writer(sqlite: Storage) -> None:
    """Who only reads sees the database as it was, while another writes."""
    with sqlite.look() as reading:
        assert reading.meta.get("n") is None
        with sqlite.begin() as tx:
            tx.meta.set("n", "1")
        assert reading.meta.get("n") is None
    with sqlite.look() as reading:
        assert reading.meta.get("n") == "1"
